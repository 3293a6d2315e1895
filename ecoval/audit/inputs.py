"""The sheets of what was given and of what the rules gave: the cells that formulas start from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ..numerals import plain
from ..rules.cards import Term
from ..rules.parameters import InForce
from ..rules.sources import STANDINGS, source
from ..units import display
from ..valuation.inputs import Given
from ..valuation.item import Item, Used
from .book import Book, Cell

_SAID = {"evidence": "材料 ", "page": "第 ", "note": "", "open": "待定："}
_HEADS = ("项", "符号", "名称", "数值", "单位", "给出时", "材料", "页码", "说明与待定")


class Inputs:
    """The sheet of inputs: the only cells of the workbook that are free to change."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.sheet = book.sheet("输入", (11, 7, 30, 17, 10, 16, 8, 7, 28))
        self.sheet.line("输入", "title", height=24)
        self.sheet.line("浅黄色单元格可以改动，其余各表随之重算；数值均已换算为方法卡片的单位。")
        self.sheet.heads(*_HEADS, repeat=True)

    def value(self, name: str, item: Item, used: Used, label: str) -> Cell:
        """Write the one value of a term that was given; return its cell."""
        of = used.units[0]
        self._row(label, used.term.symbol, used.term.title, of, used.given)
        self.sheet.number(3, used.values[0], "given", of)
        self._validate(used.term)
        cell = Cell(self.book.named(self.sheet, name + used.term.title, self.sheet.row, 3), of)
        self.sheet.row += 1
        return cell

    def figure(
        self,
        label: str,
        title: str,
        value: float,
        unit: str,
        *,
        written: str = "",
        said: tuple[str, str, str] = ("", "", ""),
        whole: bool = False,
    ) -> Cell:
        """Write a figure of the case that is no term of a method, and return its cell.

        *written* is a formula for what no decimal is (``1/3``); *said* its evidence, its note, and
        why it is open.
        """
        sheet, (evidence, note, open) = self.sheet, said
        self._row(label, "", title, unit, None)
        sheet.text(6, evidence, "centre")
        sheet.text(8, "；".join(part for part in (note, f"待定：{open}" if open else "") if part))
        if written:
            sheet.formula(3, written, value, "given")
        else:
            sheet.number(3, value, "given", unit)
        rule = {"validate": "integer" if whole else "decimal", "criteria": ">=", "value": 0}
        rule |= {"error_title": "数值不合", "error_message": f"{title}不能取该值。"[:200]}
        sheet.sheet.data_validation(sheet.row, 3, sheet.row, 3, rule)
        cell = Cell(self.book.named(sheet, f"{label}_{title}", sheet.row, 3), unit)
        sheet.row += 1
        return cell

    def day(self, label: str, title: str, on: date) -> Cell:
        """Write a day that payments run from, and return its cell."""
        self._row(label, "", title, "", None)
        form = self.book.format("given", "yyyy-mm-dd")
        self.sheet.sheet.write_datetime(self.sheet.row, 3, _midnight(on), form)
        cell = Cell(self.book.named(self.sheet, f"{label}_{title}", self.sheet.row, 3))
        self.sheet.row += 1
        return cell

    def choice(
        self, name: str, title: str, text: str, given: Given, options: str, label: str
    ) -> Cell:
        """Write the text that a row is looked up by, with a drop-down of what it can be."""
        self._row(label, "", title, "", given)
        self.sheet.text(3, text, "chosen")
        if options:
            self.sheet.sheet.data_validation(
                self.sheet.row, 3, self.sheet.row, 3, {"validate": "list", "source": options}
            )
        cell = Cell(self.book.named(self.sheet, name + title, self.sheet.row, 3))
        self.sheet.row += 1
        return cell

    def lines(
        self,
        name: str,
        item: Item,
        listed: list[Used],
        label: str,
        computed: Mapping[tuple[str, int], str],
    ) -> dict[str, Cell]:
        """Write the lines of a list; return the column of cells of each of their terms.

        What a method *computed* for a term in a line is the formula of its result, and not free.
        """
        sheet = self.sheet
        assert item.card.lines is not None
        sheet.line(f"{label}　{item.title or item.card.title}：{item.card.lines.title}", "section")
        sheet.text(0, "序号", "head")
        sheet.text(1, "", "head")
        sheet.text(2, "名称", "head")
        for place, used in enumerate(listed):
            units = set(used.units)
            unit = f"（{display(used.units[0])}）" if len(units) == 1 and used.units[0] else ""
            sheet.text(3 + place, f"{used.term.symbol} {used.term.title}{unit}", "head")
        sheet.text(3 + len(listed), "凭据与说明", "head")
        sheet.row += 1
        first = sheet.row
        for line in range(len(listed[0].values)):
            self._line(item, listed, line, computed)
        last = sheet.row - 1
        return {
            used.term.name: Cell(
                self.book.named(sheet, name + used.term.title, first, 3 + place, last),
                used.units[0] if len(set(used.units)) == 1 else "",
            )
            for place, used in enumerate(listed)
        }

    def _line(
        self, item: Item, listed: list[Used], line: int, computed: Mapping[tuple[str, int], str]
    ) -> None:
        sheet = self.sheet
        texts = item.lines[line] if line < len(item.lines) else {}
        sheet.text(0, str(line + 1), "centre")
        sheet.text(1, "")
        sheet.text(2, texts.get("name", ""))
        said = [texts[key] for key in ("voucher", "note", "open") if texts.get(key)]
        for place, used in enumerate(listed):
            unit = used.units[line]
            written = computed.get((used.term.name, line))
            if written is None:
                sheet.number(3 + place, used.values[line], "given", unit)
            else:
                sheet.formula(3 + place, written, used.values[line], unit=unit)
            if len(set(used.units)) > 1:
                said.append(f"{used.term.title}单位 {display(unit)}")
            if line < len(used.cells):
                texts = used.cells[line].texts
                said += [f"{_SAID.get(key, key)}{text}" for key, text in texts.items()]
        sheet.text(3 + len(listed), "；".join(said))
        sheet.row += 1

    def _row(self, label: str, symbol: str, title: str, unit: str, given: Given | None) -> None:
        sheet = self.sheet
        sheet.text(0, label, "centre")
        sheet.text(1, symbol, "centre")
        sheet.text(2, title)
        sheet.text(4, display(unit), "centre")
        texts = given.texts if given is not None else {}
        sheet.text(5, "" if given is None else _as_given(given.value), "centre")
        sheet.text(6, texts.get("evidence", ""), "centre")
        sheet.text(7, texts.get("page", ""), "centre")
        said = [texts.get("note", ""), f"待定：{texts['open']}" if texts.get("open") else ""]
        sheet.text(8, "；".join(part for part in said if part))

    def _validate(self, term: Term) -> None:
        rule: dict[str, Any] = {"validate": "integer" if term.whole else "decimal"}
        if term.share:
            rule |= {"criteria": "between", "minimum": 0, "maximum": 1}
        elif term.sign == "any":
            return
        else:
            rule |= {"criteria": ">" if term.sign == "positive" else ">=", "value": 0}
        rule |= {"error_title": "数值不合", "error_message": f"{term.title}不能取该值。"[:200]}
        self.sheet.sheet.data_validation(self.sheet.row, 3, self.sheet.row, 3, rule)


def _midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day)


def _as_given(value: object) -> str:
    return plain(value) if isinstance(value, float) else str(value)


class Parameters:
    """The sheet of the rules' values, each with what defends it."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.sheet = book.sheet("参数", (20, 16, 8, 11, 11, 10, 26, 16, 9, 22))
        self.sheet.line("规则参数", "title", height=24)
        self.sheet.line("损害发生之日、当地有效的规则取值；无数值的规则以文字列出。")
        self.sheet.heads(
            *("参数", "取值", "单位", "自", "至", "适用地域", "来源", "条款", "可信度", "说明"),
            repeat=True,
        )
        self._held: dict[tuple[str, str, str], Cell] = {}

    def cell(self, of: InForce) -> Cell:
        """Return the cell of the value *of*, written when it is first asked for."""
        key = (of.name, of.found.jurisdiction, of.found.since.isoformat())
        if key not in self._held:
            self._held[key] = self._write(of)
        return self._held[key]

    def _write(self, of: InForce) -> Cell:
        sheet, found = self.sheet, of.found
        sheet.text(0, of.parameter.title)
        unit = of.parameter.unit or ""
        if isinstance(found.value, float):
            # Formulas take a share: 2 % stands as 0.02 and shows as 2%.
            share = float(plain(found.value / 100)) if unit == "%" else found.value
            sheet.number(1, share, "number", unit)
        else:
            sheet.text(1, of.text)
        until = found.until.isoformat() if found.until else "今"
        place = of.place.name
        for column, text in enumerate(
            (display(unit), found.since.isoformat(), until, place, source(found.source).title),
            start=2,
        ):
            sheet.text(column, text)
        for column, text in enumerate(
            (found.clause, STANDINGS[found.standing], found.note), start=7
        ):
            sheet.text(column, text)
        name = self.book.named(sheet, f"参数_{of.parameter.title}", sheet.row, 1)
        sheet.row += 1
        return Cell(name, unit)
