"""Rows of a worksheet as text, column by column: the part of writing that counts.

The strings are put together by Arrow's kernels, block by block, straight into the memory that is
compressed; a library that is handed cell after cell takes half as long again, or seven times.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from .books import listed
from .cutting import letters
from .styles import Styles

_EPOCH_DAYS = 25569
_DAY = 86_400_000
_ERROR = re.compile(r"#(REF!|DIV/0!|N/A|NAME\?|VALUE!|NUM!|NULL!)$")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
# What a cell of Excel holds.
MOST_LETTERS, _CUT = 32_767, "〔原文过长，已截断〕"
_RISKY = r"^[=+\-@\t\r]"


@dataclass
class Shown:
    """A column to be written: its place, its cells, its look, and the cells that look otherwise.

    *formula* is a pattern with ``{row}`` for the number of the row; the cells are then the values
    that it comes to, and a blank one has no formula. Where *formula_rows* says no, the value stands
    there as a number, in the look *fixed_style*.
    """

    column: int
    cells: Any
    style: int = 0
    marked: Mapping[int, int] = field(default_factory=dict)
    errors: Mapping[int, str] = field(default_factory=dict)
    formula: str = ""
    as_array: bool = False
    formula_rows: Any = None
    fixed_style: int = 0


def rows_text(numbers: Any, columns: Sequence[Shown], styles: Styles) -> memoryview:
    """Return the rows *numbers* with their cells, as they stand in a worksheet."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = pc.cast(pa.array(numbers), pa.string())
    pieces: list[Any] = ['<row r="', rows, '">']
    for shown in sorted(columns, key=lambda each: each.column):
        pieces += _column(shown, rows, styles)
    pieces.append("</row>")
    merged: list[Any] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    joined = pc.binary_join_element_wise(*(_scalar(piece) for piece in merged), "")
    offsets = np.frombuffer(joined.buffers()[1], dtype=np.int32)[: len(joined) + 1]
    return memoryview(joined.buffers()[2])[offsets[0] : offsets[-1]]


def _scalar(piece: Any) -> Any:
    import pyarrow as pa

    return pa.scalar(piece) if isinstance(piece, str) else piece


def _column(shown: Shown, rows: Any, styles: Styles) -> list[Any]:
    """Return the pieces of a column of cells, texts that all rows share and arrays of their own."""
    import pyarrow as pa
    import pyarrow.compute as pc

    name, cells = letters(shown.column), shown.cells
    if isinstance(cells, list) or shown.marked or shown.errors:
        return [_one_by_one(shown, rows, styles)]
    kind = str(cells.type)
    opening = f'<c r="{name}'
    style = f' s="{shown.style}"' if shown.style else ""
    if kind == "null":
        return []
    if kind == "bool":
        return _filled(cells, [opening, rows, f'"{style} t="b"><v>',
                               pc.if_else(cells, "1", "0"), "</v></c>"])  # fmt: skip
    if kind == "string":
        if pc.any(pc.match_substring_regex(cells, _RISKY)).as_py() or _too_long(cells):
            return [_one_by_one(shown, rows, styles)]
        texts = _escaped(cells)
        return _filled(cells, [opening, rows, f'"{style} t="inlineStr"><is><t xml:space="preserve">',
                               texts, "</t></is></c>"])  # fmt: skip
    if kind.startswith("timestamp"):
        serials = cells.cast(pa.timestamp("ms")).cast(pa.int64()).to_numpy(zero_copy_only=False)
        days = np.asarray(serials, dtype=float) / _DAY + _EPOCH_DAYS
        whole = not np.any(days[~np.isnan(days)] % 1)
        cells = pa.array(days, from_pandas=True)
        style = f' s="{shown.style or (styles.day if whole else styles.moment)}"'
    written = pc.cast(cells, pa.string())
    if shown.formula:
        array = f' t="array" ref="{name}{{row}}"' if shown.as_array else ""
        around = _by_row(f"<f{array}>{_xml(shown.formula)}</f><v>", rows)
        live = [opening, rows, f'"{style}>', *around, written, "</v></c>"]
        if shown.formula_rows is None or shown.formula_rows.all():
            return _filled(cells, live)
        fixed = [opening, rows, f'" s="{shown.fixed_style}"><v>', written, "</v></c>"]
        chosen = pc.if_else(pa.array(shown.formula_rows), _joined(live), _joined(fixed))
        return _filled(cells, [chosen])
    return _filled(cells, [opening, rows, f'"{style}><v>', written, "</v></c>"])


def _too_long(texts: Any) -> bool:
    import pyarrow.compute as pc

    return bool((pc.max(pc.binary_length(texts)).as_py() or 0) > MOST_LETTERS)


def _by_row(pattern: str, rows: Any) -> list[Any]:
    pieces: list[Any] = []
    for place, text in enumerate(pattern.split("{row}")):
        if place:
            pieces.append(rows)
        pieces.append(text)
    return pieces


def _filled(cells: Any, pieces: list[Any]) -> list[Any]:
    """Return the *pieces* of cells, none for a cell that is blank."""
    import pyarrow.compute as pc

    if not cells.null_count:
        return pieces
    return [pc.if_else(cells.is_valid(), _joined(pieces), "")]


def _joined(pieces: list[Any]) -> Any:
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(*(_scalar(piece) for piece in pieces), "")


def _escaped(texts: Any) -> Any:
    import pyarrow.compute as pc

    for sign, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        texts = pc.replace_substring(texts, sign, written)
    if pc.any(pc.match_substring_regex(texts, r"[\x00-\x08\x0b-\x1f]|_x[0-9A-Fa-f]{4}_")).as_py():
        import pyarrow as pa

        return pa.array([None if each is None else _plain(each) for each in texts.to_pylist()])
    return texts


def _plain(text: str) -> str:
    return _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text).replace("\r", "_x000D_")


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _one_by_one(shown: Shown, rows: Any, styles: Styles) -> Any:
    """Return the cells of a column that are not all alike."""
    import pyarrow as pa

    name = letters(shown.column)
    cells = listed(shown.cells)
    written = []
    for place, (row, cell) in enumerate(zip(rows.to_pylist(), cells, strict=True)):
        style = shown.marked.get(place, shown.style)
        if place in shown.errors:
            cell = shown.errors[place]
        written.append(cell_text(f"{name}{row}", cell, style, styles))
    return pa.array(written, pa.string())


def cell_text(place: str, cell: Any, style: int, styles: Styles) -> str:
    """Return one cell; a text stays a text, whatever it begins with."""
    if isinstance(cell, (datetime, date)) and not style:
        style = styles.moment if isinstance(cell, datetime) else styles.day
    elif isinstance(cell, (time, timedelta)) and not style:
        style = styles.clock
    look = f' s="{style}"' if style else ""
    if cell is None or cell == "":
        return f'<c r="{place}"{look}/>' if style else ""
    if isinstance(cell, bool):
        return f'<c r="{place}"{look} t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, (int, float)):
        return f'<c r="{place}"{look}><v>{cell!r}</v></c>'
    if isinstance(cell, (datetime, date, time, timedelta)):
        return f'<c r="{place}"{look}><v>{_serial(cell)!r}</v></c>'
    text = str(cell)
    if len(text) > MOST_LETTERS:
        text = text[: MOST_LETTERS - len(_CUT)] + _CUT
    if _ERROR.match(text):
        return f'<c r="{place}"{look} t="e"><v>{text}</v></c>'
    if re.match(_RISKY, text):
        look = (
            f' s="{styles.quoted if not style or style == styles.plain else styles.quoted_wrong}"'
        )
    inside = f'<is><t xml:space="preserve">{_plain(_xml(text))}</t></is>'
    return f'<c r="{place}"{look} t="inlineStr">{inside}</c>'


def _serial(moment: datetime | date | time | timedelta) -> float:
    if isinstance(moment, timedelta):
        return moment / timedelta(days=1)
    if isinstance(moment, time):
        return (moment.hour * 3600 + moment.minute * 60 + moment.second) / 86_400
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    return (moment - datetime(1899, 12, 30)) / timedelta(days=1)
