"""Which column of a sheet is what: by its header, or as the mapping says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ..errors import EcovalError, InputError, nearest
from ..units import display, same_kind, unit
from ..valuation import Method, methods
from .books import Sheet
from .cutting import column_of, letters
from .faults import Fault
from .fields import COMMON, DAY, METHOD, PLACE, Field, Header, fields_of
from .mapping import ColumnMap, SheetMap

_TOP_MARK = "方法"


@dataclass(frozen=True)
class Found:
    """A field's column: where it is, its header, its unit, and the column that names the unit.

    *value* is what every row has where there is no column.
    """

    field: Field
    column: int
    header: Header
    unit: str = ""
    unit_column: int = -1
    value: Any = None


@dataclass
class Layout:
    """What a sheet's columns are for one method, and what is wrong with its header."""

    method: Method
    found: dict[str, Found] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class SheetPlan:
    """A sheet to be valued: its headers, the row below which its data begins, its method.

    *method* is None where a column names it row by row; *faults* keep the whole sheet from being
    valued.
    """

    sheet: Sheet
    headers: tuple[Header, ...]
    header_row: int
    method: Method | None
    mapped: SheetMap | None
    faults: list[Fault] = field(default_factory=list)
    is_valued: bool = True
    layouts: dict[str, Layout] = field(default_factory=dict)

    def layout(self, method: Method, *, place: str, on: str) -> Layout:
        """Return what the columns are for *method*; *place* and *on* stand in for missing ones."""
        if method.id not in self.layouts:
            self.layouts[method.id] = _lay_out(self, method, place, on)
        return self.layouts[method.id]


@lru_cache(maxsize=65_536)
def same(text: str) -> str:
    """Return *text* so that headers that look alike are alike."""
    return re.sub(r"[\s*_:：·]+", "", unicodedata.normalize("NFKC", text)).lower()


def plan_sheet(sheet: Sheet, mapped: SheetMap | None, method: str = "") -> SheetPlan:
    """Find the header of *sheet* and its method: as *mapped*, as *method* says, or by itself."""
    top = [[_text(cell) for cell in row] for row in sheet.top()]
    named = (mapped.method if mapped else "") or method or _marked(top) or ""
    faults: list[Fault] = []
    known: Method | None = None
    if named:
        known, faults = _known_method(sheet.name, named)
    else:
        known = method_named(sheet.name)
    if known is not None and known.formula.has_lines:
        hint = f"请写成案件文件：ecoval new quick 生成样本，输入项见 ecoval show {known.id}。"
        what = f"{known.card.title}逐项列出各行，不能一行算一项"
        faults.append(Fault(sheet.name, 0, -1, "", what, known.id, hint))
    start = mapped.header if mapped and mapped.header else None
    row = start - 1 if start else _header_row(top, known)
    if row is None or row >= len(top):
        plan = SheetPlan(sheet, headers_of(top, None), 0, known, mapped, faults)
        if known is None and not faults:
            plan.is_valued = False
        elif not faults:
            plan.faults.append(
                Fault(
                    sheet.name,
                    0,
                    -1,
                    "",
                    "找不到列名所在的行",
                    hint="列名须与表单一致，或用 --map 说明。",
                )
            )
        return plan
    headers = headers_of(top, row)
    plan = SheetPlan(sheet, headers, row + 1, known, mapped, faults)
    if known is None and not faults:
        titles = {same(header.name) for header in headers}
        if same("方法") in titles:
            return plan
        if titles & {same("案号"), same("日期")}:
            hint = (
                nearest(sheet.name, methods())
                or "请在首行写“方法”和方法编号，或以方法编号为工作表名。"
            )
            plan.faults.append(Fault(sheet.name, 0, -1, "", "看不出用哪个方法", sheet.name, hint))
        else:
            plan.is_valued = False
    return plan


def _known_method(sheet: str, named: str) -> tuple[Method | None, list[Fault]]:
    every = methods()
    if named in every:
        return every[named], []
    titled = [known for known in every.values() if known.card.title == named]
    if len(titled) == 1:
        return titled[0], []
    hint = nearest(named, every) or "方法编号见 ecoval methods。"
    return None, [Fault(sheet, 0, -1, "", "没有这个方法", named, hint)]


def _marked(top: Sequence[Sequence[str]]) -> str:
    """Return the method that one of the first rows names: ``方法 | water-virtual-treatment``."""
    for row in top[:5]:
        cells = [cell for cell in row if cell]
        if len(cells) >= 2 and cells[0].rstrip("：:") == _TOP_MARK and len(cells) <= 4:
            return cells[1]
    return ""


def method_named(name: str) -> Method | None:
    """Return the method whose id or title the sheet is named for, cut to 31 letters as Excel does."""
    fitting = [
        known
        for known in methods().values()
        if name in (known.id, known.id[:31], known.card.title, known.card.title[:31])
    ]
    return fitting[0] if len(fitting) == 1 else None


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _names(method: Method | None) -> set[str]:
    fields = fields_of(method) if method else COMMON
    return {same(text) for each in fields for text in (each.title, each.name)}


def _header_row(top: Sequence[Sequence[str]], method: Method | None) -> int | None:
    """Return the row with the most known headers, counted from zero; two at least."""
    names = _names(method)
    best, row = 1, None
    for place in range(len(top)):
        headers = headers_of(top, place)
        hits = sum(same(header.name) in names or same(header.text) in names for header in headers)
        own = sum(1 for cell in top[place] if cell)
        if hits > best and own >= 2:
            best, row = hits, place
    return row


def headers_of(top: Sequence[Sequence[str]], row: int | None) -> tuple[Header, ...]:
    """Return the headers that end in *row*; a merged one above goes with each column below it."""
    width = max((len(each) for each in top), default=0)
    if row is None:
        return tuple(Header.of("") for _ in range(width))
    own = list(top[row]) + [""] * (width - len(top[row]))
    above = _spread(top[row - 1], width) if row and _is_header(top[row - 1]) else [""] * width
    return tuple(
        Header.of(below or over if not (below and over) else below)
        for below, over in zip(own, above, strict=True)
    )


def _is_header(row: Sequence[str]) -> bool:
    cells = [cell for cell in row if cell]
    return len(cells) >= 2 and cells[0].rstrip("：:") != _TOP_MARK


def _spread(row: Sequence[str], width: int) -> list[str]:
    return list(row) + [""] * (width - len(row))


def _lay_out(plan: SheetPlan, method: Method, place: str, on: str) -> Layout:
    layout = Layout(method)
    fields = {each.name: each for each in fields_of(method)}
    if plan.mapped is not None:
        for name, said in plan.mapped.columns.items():
            _take_mapped(plan, layout, fields, name, said)
    claimed = {found.column for found in layout.found.values()}
    for each in fields.values():
        if each.name in layout.found:
            continue
        columns = [
            at
            for at, header in enumerate(plan.headers)
            if at not in claimed and _is_named(header, each, fields)
        ]
        if len(columns) > 1:
            listed = "、".join(letters(at) for at in columns)
            layout.faults.append(
                Fault(plan.sheet.name, plan.header_row, columns[1], plan.headers[columns[1]].text,
                      f"“{each.title}”有 {len(columns)} 列（{listed}）", hint="请只留一列，或用 --map 说明。")
            )  # fmt: skip
        if columns:
            _take_column(plan, layout, each, columns[0], None, "")
    _check_missing(plan, layout, fields, place, on)
    return layout


def _is_named(header: Header, wanted: Field, fields: dict[str, Field]) -> bool:
    alike = [each for each in fields.values() if each.title == wanted.title]
    names = {same(wanted.name), same(f"{wanted.title}（{wanted.name}）")}
    if len(alike) == 1:
        names.add(same(wanted.title))
    texts = {same(header.name), same(header.text)} if header.text else set()
    return bool(texts & names)


def _take_mapped(
    plan: SheetPlan, layout: Layout, fields: dict[str, Field], name: str, said: ColumnMap
) -> None:
    where = f"映射文件 columns.{name}"
    if name not in fields:
        hint = nearest(name, fields) or f"可用：{'、'.join(fields)}。"
        layout.faults.append(
            Fault(plan.sheet.name, 0, -1, "", f"{where}：没有这个输入项", name, hint)
        )
        return
    if said.value is not None:
        layout.found[name] = Found(fields[name], -1, Header.of(""), said.unit or "", -1, said.value)
        return
    column = _column(plan, said.column)
    if column is None:
        hint = nearest(said.column, [header.text for header in plan.headers])
        layout.faults.append(
            Fault(plan.sheet.name, 0, -1, "", f"{where}：没有这一列", said.column, hint)
        )
        return
    _take_column(plan, layout, fields[name], column, said.unit, said.unit_column)


def _column(plan: SheetPlan, text: str) -> int | None:
    """Return the column that a mapping names, by its whole header or by its letters."""
    for at, header in enumerate(plan.headers):
        if header.text and same(header.text) == same(text):
            return at
    if re.fullmatch(r"[A-Z]{1,3}", text):
        return column_of(text)
    return None


def _take_column(
    plan: SheetPlan, layout: Layout, each: Field, column: int, said: str | None, units: str
) -> None:
    header = plan.headers[column] if column < len(plan.headers) else Header.of("")
    if each.kind != "number":
        layout.found[each.name] = Found(each, column, header)
        return
    units_at = -1
    if units:
        named = _column(plan, units)
        units_at = -1 if named is None else named
        if units_at < 0:
            what = f"映射文件 columns.{each.name}：没有单位列"
            layout.faults.append(Fault(plan.sheet.name, 0, -1, "", what, units))
    elif said is None:
        units_at = unit_column(plan.headers, each.title, column)
    written = said if said is not None else header.unit
    try:
        of = _checked(each, written or "", header if said is None else None)
    except EcovalError as error:
        layout.faults.append(
            Fault(plan.sheet.name, plan.header_row, column, header.text, error.what,
                  "" if error.got is None else str(error.got), error.hint)
        )  # fmt: skip
        of = ""
    layout.found[each.name] = Found(each, column, header, of, units_at)


def unit_column(headers: Sequence[Header], title: str, column: int) -> int:
    """Return the column that names the units of the numbers in *column*, -1 if there is none."""
    for at, header in enumerate(headers):
        beside = at == column + 1 and same(header.text) in ("单位", "计量单位")
        if beside or same(header.text) in (
            same(f"{title}单位"),
            same(f"{title}计量单位"),
        ):
            return at
    return -1


def _checked(each: Field, written: str, header: Header | None) -> str:
    """Return the unit of a column, once it is known to measure what the term does."""
    if not written:
        return ""
    try:
        of = unit(written)
    except EcovalError:
        if header is not None and header.bracket == "(":
            return ""  # a remark in round brackets
        raise
    assert each.term is not None
    if any("[" in text for text in each.term.unit):
        return written
    if not any(same_kind(of, unit("" if text == "%" else text)) for text in each.term.unit):
        wanted = " 或 ".join(display(text) or "无量纲" for text in each.term.unit)
        raise InputError(f"单位须为 {wanted}", got=written)
    return written


def _check_missing(
    plan: SheetPlan, layout: Layout, fields: dict[str, Field], place: str, on: str
) -> None:
    unclaimed = [
        header.name
        for at, header in enumerate(plan.headers)
        if header.name and at not in {found.column for found in layout.found.values()}
    ]
    for each in fields.values():
        if each.optional or each.name in layout.found or (each.name == DAY and on):
            continue
        hint = nearest(each.title, unclaimed, most=1)
        layout.faults.append(
            Fault(plan.sheet.name, plan.header_row, -1, "", f"缺少“{each.title}”（{each.name}）列",
                  hint=hint or "列名须与表单一致，或用 --map 说明。")
        )  # fmt: skip
    if PLACE not in layout.found and not place:
        layout.notes.append("没有“地点”列，按全国的规则计算；可用 --in 指定地点")
    if METHOD in layout.found and plan.method is not None:
        layout.notes.append(f"方法已由工作表定为 {plan.method.id}，“方法”列未用")
