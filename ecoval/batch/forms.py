"""Forms to fill in: a workbook with a sheet for each method, made from the cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from ..errors import InputError, OutputError, reason
from ..numerals import plain
from ..rules.cards import HEADS, Term
from ..rules.sources import STANDINGS, source
from ..rules.tables import table
from ..units import display
from ..valuation import Method
from ..valuation.registry import method as find
from ..version import VERSION
from .cutting import letters
from .fields import (
    CASE,
    DAY,
    HEAD,
    ITEM,
    METHOD,
    NOTE,
    OVERRULE,
    PLACE,
    Field,
    fields_of,
    heading,
)
from .gathering import EXAMPLE
from .guards import check_target
from .styles import FONT

_ROWS = 5000
_HEADER = 1
_LEAST, _MOST = date(1950, 1, 1), date(2100, 12, 31)


def write_form(path: Path, ids: Sequence[str], *, force: bool = False) -> None:
    """Write a form for the methods *ids* to *path*.

    Raises
    ------
    InputError
        A method is unknown, named twice, or takes lists of lines.
    OutputError
        The file is there already, or cannot be written.
    """
    known = [find(id) for id in ids]
    if len({method.id for method in known}) < len(known):
        raise InputError("同一方法写了两次", got="、".join(ids))
    for method in known:
        if method.formula.has_lines:
            raise InputError(
                f"{method.card.title}逐项列出{_listed(method)}，没有一行一项的表单",
                where=method.id,
                hint=f"请写成案件文件：ecoval new quick 生成样本，输入项见 ecoval show {method.id}。",
            )
    check_target(path, force=force)
    if path.suffix.lower() != ".xlsx":
        raise OutputError("表单写成 .xlsx", where=str(path))
    import xlsxwriter

    try:
        look = {"font_name": FONT, "font_size": 10}
        with xlsxwriter.Workbook(str(path), {"default_format_properties": look}) as book:
            _Form(book).write(known)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        said = reason(error) if isinstance(error, OSError) else str(error)
        raise OutputError(f"写不出表单（{said}）", where=str(path)) from None


def _listed(method: Method) -> str:
    """Return what the method lists: its terms that have a value a line."""
    lines = method.card.lines
    return f"“{lines.title}”" if lines is not None else ""


class _Form:
    def __init__(self, book: Any) -> None:
        self.book = book
        head = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
        self.needed = book.add_format({**head, "bg_color": "#D9E1F2"})
        self.optional = book.add_format({**head, "bg_color": "#EDEDED"})
        self.title = book.add_format({"bold": True, "font_size": 12})
        self.example = book.add_format({"italic": True, "font_color": "#7F7F7F"})
        self.example_day = book.add_format(
            {"italic": True, "font_color": "#7F7F7F", "num_format": "yyyy-mm-dd"}
        )
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.money = book.add_format({"num_format": "#,##0.00"})
        self.whole = book.add_format({"num_format": "#,##0"})
        self.text = book.add_format({"num_format": "@"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.lists = 0

    def write(self, methods: Sequence[Method]) -> None:
        intro = self.book.add_worksheet("说明")
        sheets = [self.book.add_worksheet(_name(method)) for method in methods]
        self.tables = self.book.add_worksheet("查表用表")
        self.options = self.book.add_worksheet("选项")
        self.options.hide()
        for sheet in (intro, *sheets, self.tables):
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
        for method, sheet in zip(methods, sheets, strict=True):
            self._method(method, sheet)
        self._intro(intro, methods)
        self._tables(methods)

    def _method(self, method: Method, sheet: Any) -> None:
        card = method.card
        sheet.write_row(0, 0, ["方法", card.id, card.title, card.cited()], self.title)
        sheet.freeze_panes(_HEADER + 1, 1)
        sheet.set_row(_HEADER, 48)
        for at, field in enumerate(_columns(method)):
            look = self.optional if field.optional else self.needed
            sheet.write_string(_HEADER, at, heading(field), look)
            sheet.write_comment(
                _HEADER, at, _comment(method, field), {"x_scale": 2.2, "y_scale": 1.6}
            )
            sheet.set_column(at, at, 16 if field.kind != "number" else 14, self._column(field))
            self._example(sheet, at, field, method)
            if field.choices:
                self._options(sheet, at, field)
            elif field.kind == "number" and field.term is not None:
                _bounds(sheet, at, field, field.term)
            elif field.kind == "day":
                sheet.data_validation(
                    _HEADER + 1, at, _ROWS, at,
                    {"validate": "date", "criteria": "between", "minimum": _LEAST, "maximum": _MOST,
                     "error_type": "warning", "error_title": "日期", "error_message": "请填日期，如 2024-06-01。"},
                )  # fmt: skip

    def _column(self, field: Field) -> Any:
        if field.kind == "day":
            return self.day
        if field.kind == "number" and field.term is not None:
            if field.units[:1] == ("元",):
                return self.money
            return self.whole if field.term.whole and not field.term.calendar else None
        return self.text if field.kind == "place" else None

    def _example(self, sheet: Any, at: int, field: Field, method: Method) -> None:
        row, card = _HEADER + 1, method.card
        texts = {CASE: EXAMPLE, ITEM: "本行为示例，不计入", PLACE: "浙江省金华市", NOTE: ""}
        if field.name in texts:
            sheet.write_string(row, at, texts[field.name], self.example)
        elif field.name == DAY:
            sheet.write_datetime(row, at, card.until or date(2024, 6, 1), self.example_day)
        elif field.name == HEAD and card.heads:
            sheet.write_string(row, at, HEADS[card.heads[0]], self.example)
        elif field.kind == "unit" and not field.optional:
            sheet.write_string(row, at, field.note, self.example)
        elif field.kind == "text" and field.choices:
            sheet.write_string(row, at, field.choices[0], self.example)
        elif field.kind == "number" and field.term is not None and not field.optional:
            sheet.write_number(row, at, _plausible(field.term), self.example)

    def _options(self, sheet: Any, at: int, field: Field) -> None:
        column = self.lists
        self.lists += 1
        self.options.write_column(0, column, [field.title, *field.choices])
        name = letters(column)
        sheet.data_validation(
            _HEADER + 1, at, _ROWS, at,
            {"validate": "list", "source": f"='选项'!${name}$2:${name}${len(field.choices) + 1}",
             "error_type": "warning", "error_title": field.title[:32],
             "error_message": "不在所列各类之中；确需填写的请核对。"},
        )  # fmt: skip

    def _intro(self, sheet: Any, methods: Sequence[Method]) -> None:
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 110)
        lines = [
            (
                "填写说明",
                f"ecoval {VERSION} 生成。每个方法一张表，一行一项；同一案件的各项写同一案号。",
            ),
            (
                "列名",
                "方括号中是单位，可以改成同类的单位（如 t 改为 kg，元 改为 万元，m² 改为 亩），填写的数即按该单位读取。",
            ),
            (
                "单位列",
                "单位未定的输入项，其后有“…单位”一列，写明该行数字的单位，如 公顷、mg/L、元/(公顷·年)。",
            ),
            (
                "必填与可空",
                "蓝色列必填；灰色列可空：能查表或按规则取值的，留空即自动取值，填写则按所填核对。",
            ),
            (
                "地点、日期",
                "地点写名称或六位行政区划代码，不可留空，全国写“全国”；日期为损害发生之日，决定适用的标准、参数和价格。",
            ),
            ("百分数", "单位为 % 的列，百分之三十写 30；不要使用 Excel 的百分比格式。"),
            ("推翻理由", "取值超出标准范围的，写“列名：理由”，多项以分号隔开；理由会写入结果。"),
            ("示例", "案号写“示例”的行不计入，可删除。"),
            (
                "计算",
                "ecoval batch 本文件.xlsx -o 结果.xlsx（加 --live 写出可在 Excel 中重算的公式）。",
            ),
        ]
        for row, (head, text) in enumerate(lines):
            sheet.write_string(row, 0, head, self.title)
            sheet.write_string(row, 1, text, self.wrapped)
        row = len(lines) + 1
        for method in methods:
            card = method.card
            said = f"{card.cited()}〔{STANDINGS[card.standing]}〕 {card.summary}"
            sheet.write_url(row, 0, f"internal:'{_name(method)}'!A3", string=card.title)
            sheet.write_string(row, 1, said, self.wrapped)
            row += 1

    def _tables(self, methods: Sequence[Method]) -> None:
        sheet, row = self.tables, 0
        sheet.set_column(0, 8, 20)
        for id in dict.fromkeys(id for method in methods for id in _table_ids(method)):
            of = table(id)
            said = f"{of.name}（{source(of.heading.source)}）"
            sheet.write_string(row, 0, said, self.title)
            titles = [column.title for column in of.heading.columns.values()]
            sheet.write_row(row + 1, 0, [*titles, "可信度"], self.needed)
            row += 2
            for each in of.rows:
                for at, (name, column) in enumerate(of.heading.columns.items()):
                    number = each.number(name) if column.unit is not None else None
                    if number is not None:
                        sheet.write_number(row, at, number)
                    else:
                        sheet.write_string(row, at, each.texts[name])
                sheet.write_string(row, len(titles), STANDINGS[each.standing])
                row += 1
            row += 1


def _name(method: Method) -> str:
    """Return a sheet name that `ecoval.batch.layout` finds the method by."""
    return method.id[:31]


def _columns(method: Method) -> list[Field]:
    """Return the columns of a form: the fields of *method*, each open unit in a column of its own."""
    columns = []
    for field in fields_of(method):
        if field.name == METHOD or (field.name == HEAD and not method.card.heads):
            continue
        if field.name == HEAD:
            field = replace(field, choices=tuple(HEADS[head] for head in method.card.heads))
        columns.append(field)
        if field.is_open and field.term is not None:
            title, example = f"{field.title}单位", field.term.unit[0].replace("[unit]", "公顷")
            columns.append(Field(f"{field.name}_unit", title, "unit", field.optional, note=example))
    return columns


def _table_ids(method: Method) -> list[str]:
    rules = [rule for term in method.card.terms for rule in (term.lookup, term.range)]
    own = [rule.table for rule in rules if rule is not None and rule.table]
    from ..valuation.lookups import computable

    return own + [id for part in computable(method.card).values() for id in _table_ids(part)]


def _comment(method: Method, field: Field) -> str:
    card, term = method.card, field.term
    lines = [f"{field.title}（{field.name}）"]
    if term is not None:
        units = " 或 ".join(display(text) or "无量纲" for text in term.unit)
        lines.append(f"符号 {term.symbol}；单位 {units}")
        if term.range is not None:
            span = f" {plain(term.range.low)}" if term.range.low is not None else ""
            span += f"–{plain(term.range.high)}" if term.range.high is not None else ""
            lines.append(f"取值范围{span}：{term.range.cited}")
        if term.lookup is not None:
            lines.append(f"可空：查{table(term.lookup.table).name}")
        elif term.parameter:
            lines.append("可空：取当地当时有效的参数")
        elif term.method:
            titles = "或".join(find(id).card.title for id in term.method)
            lines.append(f"可空：按{titles}计算")
        if term.asks:
            lines.append(term.asks)
        lines.append(card.cited())
    elif field.kind == "unit":
        lines[0] = field.title
        lines.append("写明前一列的计量单位，如 公顷、m²、mg/L、元/(公顷·年)；各行可以不同")
    elif field.name == OVERRULE:
        lines.append("写作 列名：理由；…")
    elif field.name == DAY:
        lines.append("损害发生之日")
    elif field.choices:
        lines.append(f"从下拉列表选择（{len(field.choices)} 类）")
    return "\n".join(lines)


def _bounds(sheet: Any, at: int, field: Field, term: Term) -> None:
    """Have Excel warn of what the card does not allow; a text with a unit is let through as a warning."""
    low: float | None = None if term.sign == "any" else 0.0
    high: float | None = None
    if term.calendar:
        low, high = 1900, 2300
    percent = bool(field.units) and field.units[0] == "%"
    scale = 100.0 if percent else 1.0
    if term.share:
        high = 1.0
    if term.range is not None:
        low = term.range.low if term.range.low is not None else low
        high = term.range.high if term.range.high is not None else high
    if low is None and high is None:
        return
    if low is not None and high is not None:
        rule: dict[str, Any] = {
            "criteria": "between",
            "minimum": low * scale,
            "maximum": high * scale,
        }
        said = f"{plain(low * scale)} 至 {plain(high * scale)}"
    elif low is not None:
        strict = term.sign == "positive" and low == 0
        rule = {"criteria": ">" if strict else ">=", "value": low * scale}
        said = f"{'大于' if strict else '不小于'} {plain(low * scale)}"
    else:
        assert high is not None
        rule, said = {"criteria": "<=", "value": high * scale}, f"不大于 {plain(high * scale)}"
    validate = "integer" if term.whole or term.calendar else "decimal"
    sheet.data_validation(
        _HEADER + 1, at, _ROWS, at,
        {"validate": validate, **rule, "error_type": "warning", "error_title": field.title[:32],
         "error_message": f"应{said}。确需采用的，请在“推翻理由”列说明。"[:255]},
    )  # fmt: skip


def _plausible(term: Term) -> float:
    """Return a number that the card allows, for the example."""
    if term.calendar:
        return 2024
    if term.range is not None and term.range.low is not None:
        return term.range.low * (100 if "%" in term.unit else 1)
    if "%" in term.unit:
        return 30
    if term.share:
        return 0.3
    return 10 if term.whole else 100
