"""What the cells of a block give for a method: numbers, classes, days, places, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from ..errors import EcovalError
from ..rules.cards import HEADS
from ..rules.jurisdictions import NATION, Place, place
from ..units import display
from ..valuation.definition import as_day
from ..valuation.keyed import Keys, Mask
from .books import Block, listed
from .cleaning import HALF_WIDTH, Cleaned, clean_numbers, error_fault
from .days import read_day
from .faults import CellFault, Fault
from .fields import CASE, DAY, HEAD, ITEM, OVERRULE, PLACE
from .layout import Found, Layout, same
from .oddrows import odd_rows
from .reasons import read_reasons

EXAMPLE = "示例"
_MERGED = "合并的单元格须逐行填写，"
_HEADS = {same(title): head for head, title in HEADS.items()} | {head: head for head in HEADS}


@dataclass(frozen=True)
class Settings:
    """What holds for a whole run: the day and the place of rows that have no column for them."""

    place: str = ""
    on: str = ""


@dataclass
class Gathered:
    """The cells of a block for one method; ``bad`` has, row by row, the fields at fault.

    The rows that are no items are ``odd``: nothing further is said of them.
    """

    rows: int
    sheet: str
    numbers: dict[str, Cleaned] = field(default_factory=dict)
    texts: dict[str, Keys[str]] = field(default_factory=dict)
    days: Keys[date] = field(default_factory=lambda: Keys.of([]))
    places: Keys[Place] = field(default_factory=lambda: Keys.of([]))
    heads: Keys[str] = field(default_factory=lambda: Keys.of([]))
    examples: Mask = field(default_factory=lambda: np.zeros(0, dtype=bool))
    overrules: dict[int, dict[str, str]] = field(default_factory=dict)
    bad: dict[int, set[str]] = field(default_factory=dict)
    odd: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    notes: dict[tuple[int, str, str], tuple[int, int]] = field(default_factory=dict)
    header_faults: list[Fault] = field(default_factory=list)


def gather(
    layout: Layout, block: Block, sheet: str, header_row: int, is_1904: bool, settings: Settings,
    *, textual: bool = False, width: int = 0,
) -> Gathered:  # fmt: skip
    """Read the cells of *block* as *layout* says; every cell that will not do is named.

    *textual* says that the file knows only texts; it then has *width* headers.
    """
    made = Gathered(len(block), sheet)
    reader = _Reader(layout, block, made, header_row)
    made.examples = reader.examples()
    reader.set_aside(width if textual else 0)
    reader.names()
    made.days = reader.days(is_1904, settings.on)
    made.places = reader.places(settings.place)
    made.heads = reader.heads()
    for name, found in layout.found.items():
        if found.field.kind == "text":
            made.texts[name] = reader.texts(found)
        elif found.field.kind == "number":
            made.numbers[name] = reader.numbers(found, textual)
    made.overrules = reader.overrules()
    return made


class _Reader:
    def __init__(self, layout: Layout, block: Block, made: Gathered, header_row: int) -> None:
        self.layout = layout
        self.block = block
        self.made = made
        self.header_row = header_row
        self.errors = block.errors_by_column

    def cells(self, found: Found) -> Any:
        """Return the column of *found*; a column beyond the sheet's width is blank."""
        if found.column >= len(self.block.columns):
            return [None] * len(self.block)
        return self.block.columns[found.column]

    def fault(self, found: Found, row: int, what: CellFault) -> None:
        if row in self.made.odd or (self.made.examples.size and self.made.examples[row]):
            return
        self.made.bad.setdefault(row, set()).add(found.field.name)
        self.made.faults.append(
            Fault(
                self.made.sheet,
                int(self.block.rows[row]),
                found.column,
                found.header.text or found.field.title,
                what.what,
                what.got,
                what.hint,
            )
        )

    def note(self, found: Found, row: int, text: str, rows: int = 1) -> None:
        """Note what was tidied: the first row, and in how many."""
        key = (found.column, found.header.text, text)
        number = int(self.block.rows[row])
        first, count = self.made.notes.get(key, (number, 0))
        self.made.notes[key] = (min(first, number), count + rows)

    def examples(self) -> Mask:
        import pyarrow.compute as pc

        found = self.layout.found.get(CASE)
        if found is None or found.column < 0:
            return np.zeros(len(self.block), dtype=bool)
        cells = self.cells(found)
        if isinstance(cells, list):
            return np.array([cell == EXAMPLE for cell in cells], dtype=bool)
        if str(cells.type) != "string":
            return np.zeros(len(self.block), dtype=bool)
        alike = pc.equal(cells, EXAMPLE).fill_null(False)
        return np.asarray(alike.to_numpy(zero_copy_only=False), dtype=bool)

    def set_aside(self, width: int) -> None:
        """Mark the rows that are no items, each at the cell that tells."""
        for row, (column, what) in sorted(odd_rows(self.layout, self.block, width).items()):
            if self.made.examples[row]:
                continue
            header = next(
                (each.header.text for each in self.layout.found.values() if each.column == column),
                "",
            )
            self.made.bad[row] = set()
            self.made.odd.add(row)
            number = int(self.block.rows[row])
            self.made.faults.append(
                Fault(self.made.sheet, number, column, header, what.what, what.got, what.hint)
            )

    def names(self) -> None:
        """Refuse an error where the case or the item is named: nobody could tell whose row it is."""
        for name in (CASE, ITEM):
            found = self.layout.found.get(name)
            if found is not None:
                for row, said in self.errors.get(found.column, {}).items():
                    self.fault(found, row, error_fault(said))

    def keys(self, found: Found, read: Callable[[Any], tuple[Any, str]]) -> Keys[Any]:
        """Return the keys of a column; each distinct cell is read once."""
        errors = self.errors.get(found.column, {})
        column = self.cells(found)
        if not isinstance(column, list) and not errors:
            return self.coded(found, column, read)
        known: dict[Any, tuple[Any, str] | CellFault] = {}
        keys: list[Any] = []
        for row, cell in enumerate(listed(column)):
            key = (type(cell), cell)
            if row in errors:
                result: tuple[Any, str] | CellFault = error_fault(errors[row])
            elif key in known:
                result = known[key]
            else:
                try:
                    result = read(cell)
                except CellFault as fault:
                    result = fault
                known[key] = result
            if isinstance(result, CellFault):
                self.fault(found, row, result)
                keys.append(None)
                continue
            keys.append(result[0])
            if result[1]:
                self.note(found, row, result[1])
        return Keys.of(keys)

    def coded(self, found: Found, column: Any, read: Callable[[Any], tuple[Any, str]]) -> Keys[Any]:
        """Return the keys of a column of one type: each distinct cell is read, and only once."""
        encoded = column.dictionary_encode()
        cells = [*encoded.dictionary.to_pylist(), None]
        codes = encoded.indices.fill_null(len(cells) - 1).to_numpy(zero_copy_only=False)
        counts = np.bincount(codes, minlength=len(cells))
        own: list[Any] = []
        first = np.zeros(len(cells), dtype=np.int64)
        first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
        notes: dict[str, list[int]] = {}
        for code, (cell, count) in enumerate(zip(cells, counts.tolist(), strict=True)):
            own.append(None)
            if not count:
                continue
            try:
                own[code], note = read(cell)
            except CellFault as fault:
                for row in np.flatnonzero(codes == code).tolist():
                    self.fault(found, row, fault)
                continue
            if note:
                notes.setdefault(note, []).append(code)
        for note, of in notes.items():
            self.note(found, int(first[of].min()), note, int(counts[of].sum()))
        keys = Keys.of(own)
        return Keys(keys.codes[codes.astype(np.int64)], keys.distinct)

    def days(self, is_1904: bool, on: str) -> Keys[date]:
        found = self.layout.found.get(DAY)
        default = as_day(on) if on else None
        if found is None or found.column < 0:
            fixed = as_day(str(found.value)) if found is not None else default
            assert fixed is not None
            return Keys.same(fixed, len(self.block))

        def read(cell: Any) -> tuple[date, str]:
            day, note = read_day(cell, is_1904=is_1904)
            if day is None and default is None:
                raise CellFault("缺少日期", hint=f"{_MERGED}或以 --on 指定。")
            return day or default, note  # type: ignore[return-value]

        return self.keys(found, read)

    def places(self, default: str) -> Keys[Place]:
        found = self.layout.found.get(PLACE)
        if found is None or found.column < 0:
            said = str(found.value) if found is not None else default or NATION
            return Keys.same(place(said), len(self.block))

        def read(cell: Any) -> tuple[Place, str]:
            text = _plain(cell)
            if not text and not default:
                hint = f"请写行政区划名称或六位代码，全国写“全国”；{_MERGED}或以 --in 指定。"
                raise CellFault("缺少地点", hint=hint)
            try:
                return place(text or default), ""
            except EcovalError as error:
                raise CellFault(error.what, str(error.got or text)[:60], error.hint) from None

        return self.keys(found, read)

    def heads(self) -> Keys[str]:
        card = self.layout.method.card
        found = self.layout.found.get(HEAD)
        only = card.heads[0] if len(card.heads) == 1 else None
        if found is None or found.column < 0:
            head = _HEADS.get(same(str(found.value)) if found is not None else "", only)
            return Keys.same(head, len(self.block)) if head else Keys.none(len(self.block))

        def read(cell: Any) -> tuple[str | None, str]:
            text = _plain(cell)
            if not text:
                return only, ""
            head = _HEADS.get(same(text))
            allowed = "、".join(HEADS[each] for each in card.heads)
            if head is None or head not in card.heads:
                what = "没有这个赔偿科目" if head is None else f"{card.title}不能计入该科目"
                raise CellFault(what, text, f"可填：{allowed or '（留空）'}。")
            return head, ""

        return self.keys(found, read)

    def texts(self, found: Found) -> Keys[str]:
        if found.column < 0:
            return Keys.same(str(found.value), len(self.block))
        known = frozenset(found.field.choices)
        return self.keys(found, lambda cell: (_class_text(cell, known) or None, ""))

    def numbers(self, found: Found, textual: bool) -> Cleaned:
        rows, term = len(self.block), found.field.term
        errors = self.errors.get(found.column, {})
        cells: Any = [found.value] * rows if found.column < 0 else self.cells(found)
        units = None
        if 0 <= found.unit_column < len(self.block.columns):
            units = self.block.columns[found.unit_column]
        fixed = found.unit if found.header.unit == found.unit else ""
        made = clean_numbers(
            cells, errors, of=found.unit, units=units, textual=textual, fixed=fixed,
            percents=self.block.percents_by_column.get(found.column, ()),
        )  # fmt: skip
        for row, fault in made.faults.items():
            self.fault(found, row, fault)
        for row, text in made.notes.items():
            self.note(found, row, text)
        given = made.numbers[~made.blank & (made.units.codes == _code(made.units, "%"))]
        if found.unit == "%" and len(given) and np.all((given > 0) & (given <= 1)):
            self.note(
                found,
                0,
                "单位为 %，而所填各数都不超过 1：若是百分比格式的单元格，须改填 30 表示 30%",
                rows,
            )
        if found.field.needs_unit and "" in made.units.distinct:
            self._bare(found, made)
        if not found.field.optional and (made.blank.any() or made.faults):
            wanted = " 或 ".join(display(text) or "无量纲" for text in found.field.units)
            missing = CellFault(
                f"缺少（{wanted}）" if wanted else "缺少", hint=term.asks if term else ""
            )
            for row in np.flatnonzero(made.blank).tolist():
                self.fault(found, row, missing)
        return made

    def _bare(self, found: Found, made: Cleaned) -> None:
        """Refuse numbers of which nobody said what they are in."""
        code = made.units.distinct.index("")
        given = ~made.blank
        given[list(made.faults)] = False
        rows = np.flatnonzero((made.units.codes == code) & given)
        if not len(rows):
            return
        wanted = " 或 ".join(display(text) for text in found.field.units)
        hint = f"请写作“{found.field.title} [{display(found.field.units[0])}]”。"
        if found.unit_column < 0:
            self.made.header_faults.append(
                Fault(self.made.sheet, self.header_row, found.column, found.header.text,
                      f"列名中没有单位（须为 {wanted}）", hint=hint)
            )  # fmt: skip
            for row in rows.tolist():
                self.made.bad.setdefault(row, set()).add(found.field.name)
            return
        for row in rows.tolist():
            self.fault(
                found, row, CellFault(f"没有单位（须为 {wanted}）", f"{made.numbers[row]:g}")
            )

    def overrules(self) -> dict[int, dict[str, str]]:
        found = self.layout.found.get(OVERRULE)
        if found is None or found.column < 0:
            return {}
        reasons = {}
        errors = self.errors.get(found.column, {})
        for row, said in errors.items():
            self.fault(found, row, error_fault(said))
        for row, cell in enumerate(listed(self.cells(found))):
            if row not in errors and (text := _plain(cell)):
                try:
                    reasons[row] = read_reasons(self.layout, text)
                except CellFault as fault:
                    self.fault(found, row, fault)
        return reasons


def _code(keys: Keys[str], key: str) -> int:
    return keys.distinct.index(key) if key in keys.distinct else -1


_SPACES = {code: to for code, to in HALF_WIDTH.items() if code < 0xFF00 and code != 0x2212}


def _class_text(cell: Any, known: frozenset[str]) -> str:
    """Return the text of a class as it was written, or, if only so it is *known*, in half width."""
    if isinstance(cell, (bool, date)):
        said = "真假值" if isinstance(cell, bool) else "日期"
        raise CellFault(f"应为文字，不是{said}", _plain(cell), "请填所列的类别之一。")
    text = _plain(cell)
    own = "" if cell is None else str(cell).translate(_SPACES).strip()
    return own if isinstance(cell, str) and text not in known else text


@lru_cache(maxsize=65_536, typed=True)
def _plain(cell: Any) -> str:
    """Return *cell* as the text of a class or a place: 330700.0 is 330700."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).translate(HALF_WIDTH).strip()
