"""An item on its sheet: terms, look-ups, steps and the amount, each a live formula."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..formula.evaluate import evaluate
from ..formula.excel import excel, number
from ..formula.text import text as as_text
from ..formula.tree import Call, Node, Operand, Step, Sum, Where, Year, rebuilt, walk
from ..rules.sources import STANDINGS
from ..rules.tables import table
from ..units import display, factor, unit
from ..valuation.item import Item, Used
from ..valuation.printing import basis, derivation
from .book import Book, Cell, Check, Sheet
from .inputs import Inputs, Parameters
from .line_cells import LineCell, computed_cells
from .tables import Tables

_HEADS = ("符号", "名称", "数值", "单位", "公式或来源", "存证值", "核对")
# Rows that a table of years keeps free, for years that are added by hand.
_SPARE = 20


@dataclass
class Parts:
    """The sheets that items share."""

    book: Book
    inputs: Inputs
    parameters: Parameters
    tables: Tables
    checks: list[Check] = field(default_factory=list)


def write_item(parts: Parts, item: Item, sheet: Sheet, label: str) -> Cell:
    """Write *item*, and first the results that it takes from others, on *sheet*.

    Return the cell of its unrounded result.
    """
    return _Writer(parts, item, sheet, label, {}).write()


class _Writer:
    def __init__(
        self, parts: Parts, item: Item, sheet: Sheet, label: str, shared: dict[str, Cell]
    ) -> None:
        self.parts, self.item, self.sheet, self.label = parts, item, sheet, label
        # What is given once may serve the item and the parts that compute its terms.
        self.shared = shared
        self.cells: dict[str, Cell] = {}
        self.steps: dict[str, str] = {}
        self.results: dict[str, Cell] = {}
        self.places: dict[str, str] = {}
        # The results that lines of a list take from a method, by term and line.
        self.computed: dict[tuple[str, int], str] = {}

    def write(self) -> Cell:
        item, sheet = self.item, self.sheet
        cells = computed_cells(item)
        for place, part in enumerate(item.parts):
            label = f"{self.label}{_letters(place)}"
            if id(part) in cells:
                self._cell(part, label, cells[id(part)])
            elif part.card.id not in self.results:
                writer = _Writer(self.parts, part, sheet, label, self.shared)
                self.results[part.card.id] = writer.write()
        sheet.line(f"{self.label}　{item.title or item.card.title}", "section")
        sheet.line(f"方法：{item.card.title}（{item.card.cited()}）")
        sheet.line(f"适用日期 {item.on.isoformat()}，地域 {item.place.name}")
        for reason in item.overrule.values():
            sheet.line(f"专家另有理由：{reason}")
        sheet.heads(*_HEADS)
        self._choices()
        listed = [used for used in item.inputs if used.term.lines]
        if listed:
            self.cells |= self.parts.inputs.lines(
                f"{self.label}_", item, listed, self.label, self.computed
            )
        for used in item.inputs:
            if used.term in item.card.settings:
                self._settled(used.term.symbol, used.term.title, used.text)
            elif not used.term.lines:
                self._term(used)
        lines = derivation(item)[-len(item.steps) - 1 :]
        for step, equation in zip(item.steps, lines, strict=False):
            node = next(each for each in item.method.formula.steps if each.name == step.name)
            printed = as_text(equation.symbol) + " = " + as_text(equation.formula)
            row = (step.symbol, step.title, step.unit, printed)
            self.steps[step.name] = self._computed(row, node.definition, step.value)
        result = item.card.result
        printed = as_text(lines[-1].symbol) + " = " + as_text(lines[-1].formula)
        row = (result.symbol, result.title, item.unit, printed)
        cell = Cell(self._computed(row, item.method.formula.root, item.exact), item.unit)
        for summed in item.method.formula.sums:
            self._summed(summed)
        sheet.row += 1
        return cell

    def _cell(self, part: Item, label: str, of: LineCell) -> None:
        """Write the method that computed one line's term, with what that line gave it alone."""
        shared = {name: cell for name, cell in self.shared.items() if name not in of.given}
        result = _Writer(self.parts, part, self.sheet, label, shared).write()
        self.shared |= {name: cell for name, cell in shared.items() if name not in of.given}
        self.computed[of.used.term.name, of.line] = self._scaled(result, of.used.units[of.line])

    def _choices(self) -> None:
        """Write each chosen text, and the place of the row that is looked up by it."""
        lookups = [used.term.lookup for used in self.item.inputs if used.term.lookup is not None]
        for name, text in self.item.choices.items():
            if not any(name in lookup.keys.values() for lookup in lookups):
                self._settled("", self.item.card.titles.get(name, name), text)
                continue
            held = self.shared.get(name)
            if held is None:
                options, chosen = "", text
                for lookup in lookups:
                    column = next((key for key, of in lookup.keys.items() if of == name), "")
                    if column:
                        options = self.parts.tables.embedded(lookup.table).options.get(column, "")
                        chosen = self._written(lookup.table, column) or text
                given = self.item.chosen[name]
                held = self.parts.inputs.choice(
                    f"{self.label}_",
                    self.item.card.titles[name],
                    chosen,
                    given,
                    options,
                    self.label,
                )
                self.shared[name] = held
            self.cells[name] = held

    def _settled(self, symbol: str, title: str, text: str) -> None:
        """Write what shaped the lines, or says what they are, and is no operand of the formula."""
        sheet = self.sheet
        sheet.text(0, symbol, "centre")
        sheet.text(1, title)
        for column, said in enumerate((text, "", "不是公式的运算数，改动须由 ecoval 重算", "", "")):
            sheet.text(column + 2, said)
        sheet.row += 1

    def _written(self, id: str, column: str) -> str:
        """Return the text of *column* as the table's row that was found writes it."""
        return next((row.texts[column] for row in self.item.rows if row.table == id), "")

    def _term(self, used: Used) -> None:
        sheet, term = self.sheet, used.term
        to = used.units[0]
        if used.origin == "given":
            written = self._given(used)
        elif used.origin == "parameter":
            found = next(each for each in self.item.parameters if each.name == term.parameter)
            written = self._scaled(self.parts.parameters.cell(found), to)
        elif used.origin == "method":
            (by,) = (id for id in term.method if id in self.results)
            written = self._scaled(self.results[by], to)
        else:
            written = self._looked_up(used)
        sheet.text(0, term.symbol, "centre")
        sheet.text(1, term.title)
        sheet.formula(2, written, used.values[0], unit=to)
        sheet.text(3, display(to), "centre")
        standing = f"（{STANDINGS[used.standing]}）" if used.standing else ""
        sheet.text(4, basis(used) + standing)
        sheet.text(5, "")
        sheet.text(6, "")
        # A value that was not given is referred to where it stands here.
        own = Cell(sheet.at(2), to)
        self.cells[term.name] = self.cells[term.name] if used.origin == "given" else own
        sheet.row += 1

    def _given(self, used: Used) -> str:
        name, to = used.term.name, used.units[0]
        held = self.shared.get(name)
        if held is None:
            held = self.parts.inputs.value(f"{self.label}_", self.item, used, self.label)
            self.shared[name] = held
        written = self._scaled(held, to)
        self.cells[name] = Cell(written if held.unit == to else f"({written})", to)
        return written

    def _scaled(self, cell: Cell, to: str) -> str:
        """Return the formula of *cell* in the unit *to*; a share is a number for both."""
        one, other = (unit("" if text == "%" else text) for text in (cell.unit, to))
        scale = 1.0 if cell.unit == to else factor(one, other)
        return cell.reference if scale == 1.0 else f"{cell.reference}*{number(scale)}"

    def _looked_up(self, used: Used) -> str:
        lookup = used.term.lookup
        assert lookup is not None
        embedded = self.parts.tables.embedded(lookup.table)
        if lookup.table not in self.places:
            self.places[lookup.table] = self._place(lookup.table, lookup.keys)
        return f"INDEX({embedded.columns[lookup.column]},{self.places[lookup.table]})"

    def _place(self, id: str, keys: Any) -> str:
        """Write the place of the row of table *id* that the keys lead to; return its cell."""
        sheet, classes, band = self.sheet, {}, ""
        for column, key in keys.items():
            if key.startswith("="):
                written = key[1:].replace('"', '""')
                reference = f'"{written}"'
            elif key in self.cells:
                reference = self.cells[key].reference
            else:
                # 10.000000000000002 is a float's 10, as when the item was computed.
                reference = f"ROUND({self.results[key].reference},10)"
            if column == "band":
                band = reference
            else:
                classes[column] = reference
        row = next(row for row in self.item.rows if row.table == id)
        sheet.text(0, "", "centre")
        sheet.text(1, f"{table(id).heading.title}：行号")
        found = self.parts.tables.embedded(id).place(classes, band)
        sheet.formula(2, found, row.place, array=True)
        for column, said in enumerate(("", f"查{table(id).name}", "", ""), start=3):
            sheet.text(column, said)
        place = sheet.at(2)
        sheet.row += 1
        return place

    def _reference(self, leaf: Operand | Step) -> str:
        return (
            self.cells[leaf.name].reference if isinstance(leaf, Operand) else self.steps[leaf.name]
        )

    def _computed(self, row: tuple[str, str, str, str], of: Node, value: float) -> str:
        """Write a computed number with its printed formula; return its cell."""
        sheet = self.sheet
        symbol, title, of_unit, printed = row
        sheet.text(0, symbol, "centre")
        sheet.text(1, title)
        sheet.formula(2, excel(of, self._reference), value, array=_needs_array(of), unit=of_unit)
        sheet.text(3, display(of_unit), "centre")
        sheet.text(4, printed)
        sheet.number(5, value, unit=of_unit)
        live, stored = sheet.at(2), sheet.at(5)
        sheet.compared(6, live, stored)
        self.parts.checks.append(Check(self.label, title, live, stored))
        name = self.parts.book.named(sheet, f"{self.label}_{title}", sheet.row, 2)
        sheet.row += 1
        return name

    def _values(self) -> dict[str, Any]:
        return {
            used.term.name: np.array(used.values) if used.term.lines else used.values[0]
            for used in self.item.inputs
        }

    def _summed(self, of: Sum) -> None:
        """Write what a sum adds up, line by line or year by year, and check its total."""
        sheet = self.sheet
        sheet.row += 1
        if isinstance(of.index, Year):
            self._years(of, of.index)
            return
        terms = np.atleast_1d(evaluate(of.body, self._values())[0])
        assert self.item.card.lines is not None
        sheet.line(f"{self.label}　逐项：{self.item.card.lines.title}", "section")
        sheet.heads("序号", "名称", "计算值")
        first = sheet.row
        for place, value in enumerate(terms):
            texts = self.item.lines[place] if place < len(self.item.lines) else {}
            sheet.text(0, str(place + 1), "centre")
            sheet.text(1, texts.get("name", ""))

            def at_line(leaf: Operand | Step, place: int = place) -> str:
                lined = isinstance(leaf, Operand) and leaf.line
                held = self._reference(leaf)
                return f"INDEX({held},{place + 1})" if lined else held

            sheet.formula(2, excel(of.body, at_line), float(value))
            sheet.row += 1
        self._closed(of, first, float(np.sum(terms)))

    def _years(self, of: Sum, index: Year) -> None:
        sheet, values = self.sheet, self._values()
        begin, end = (int(evaluate(part, values)[0]) for part in (index.first, index.last))
        year = Operand("year of the sum")
        body = _with_year(of.body, index, year)
        sheet.line(f"{self.label}　逐年", "section")
        sheet.heads("序号", "年", "计算值")
        first = sheet.row
        start, last = (excel(part, self._reference) for part in (index.first, index.last))
        for place in range(end - begin + 1 + _SPARE):
            now = begin + place
            inside = now <= end
            sheet.text(0, str(place + 1), "centre")
            written = f'IF({start}+{place}<={last},{start}+{place},"")'
            sheet.formula(1, written, float(now) if inside else "", "centre")
            at = sheet.at(1)

            def in_year(leaf: Operand | Step, at: str = at) -> str:
                return at if leaf is year else self._reference(leaf)

            value = float(evaluate(body, {**values, year.name: float(now)})[0]) if inside else ""
            sheet.formula(2, f'IF({at}="","",{excel(body, in_year)})', value)
            sheet.row += 1
        total = float(evaluate(of, values)[0])
        self._closed(of, first, total, f"共 {_SPARE} 行备用；年数超出本表时，以合计公式为准")

    def _closed(self, of: Sum, first: int, value: float, note: str = "") -> None:
        """Write the sum of the table above, beside the formula of the whole sum."""
        sheet = self.sheet
        top, last = (sheet.at(2, row) for row in (first, sheet.row - 1))
        sheet.text(0, "", "centre")
        sheet.text(1, "合计")
        sheet.formula(2, f"SUM({top}:{last.rpartition('!')[2]})", value)
        sheet.text(3, "")
        sheet.text(4, note or "与公式中的合计核对")
        sheet.formula(5, excel(of, self._reference), value, array=_needs_array(of))
        sheet.compared(6, sheet.at(2), sheet.at(5))
        sheet.row += 1


def _letters(place: int) -> str:
    """Return a, b … z, aa, ab … for 0, 1 …"""
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(place)).lower()


def _needs_array(of: Node) -> bool:
    """Tell whether Excel without dynamic arrays must take *of* as an array formula."""
    return any(
        isinstance(inner, (Where, Call)) or isinstance(part.index, Year)
        for part in walk(of)
        if isinstance(part, Sum)
        for inner in walk(part.body)
    )


def _with_year(of: Node, year: Year, operand: Operand) -> Node:
    """Return *of* with the running *year* as an *operand* of its own."""
    if of is year:
        return operand
    return rebuilt(of, lambda part: _with_year(part, year, operand))
