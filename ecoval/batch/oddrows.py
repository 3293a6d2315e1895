"""Rows that are no items: totals, remarks, the header once more. Each is named, none is valued."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from ..valuation.keyed import Mask
from .books import Block
from .faults import CellFault
from .layout import Layout, same

# A total keeps its name whatever spaces stand in it: "合　计".
_GAP = r"[\s\x{3000}\x{A0}]*"
_WORDS = ("合计", "总计", "小计", "共计", "累计", "总和")
_TOTAL = (
    rf"(?i)^{_GAP}((本页|全部|以上|各项|金额)?{_GAP}"
    rf"({'|'.join(_GAP.join(word) for word in _WORDS)}){_GAP}([(（].*[)）])?"
    rf"|平均值?|均值|(grand )?total|subtotal|sum){_GAP}[:：]?{_GAP}$"
)
# One of these is in whatever the pattern finds.
_TOTAL_MARKS = tuple(mark.encode("utf-8") for mark in ("计", "和", "均", "total", "sum"))
_TOTAL_HERE = re.compile(_TOTAL.replace(r"\x{3000}", "\u3000").replace(r"\x{A0}", "\u00a0"))

Odd = dict[int, tuple[int, CellFault]]


def odd_rows(layout: Layout, block: Block, width: int = 0) -> Odd:
    """Return the rows of *block* that are no items: the column that tells, and what to say of it.

    In a file of bare texts, which has *width* headers, a row with more cells has slipped.
    """
    found = _repeated(layout, block)
    for column in range(width, len(block.columns)) if width else ():
        for row in np.flatnonzero(_filled(block.columns[column])).tolist():
            found.setdefault(
                row, (column, CellFault("这一行的格数多于列名", _cell(block, row, column),
                                        "千分位的逗号须连同数字放在引号内，或删去多余的格。"))
            )  # fmt: skip
    for row, column in _remarks(layout, block).items():
        found.setdefault(
            row, (column, CellFault("这一行只有说明文字，不是一项", _cell(block, row, column),
                                    "请移出数据区，或补齐各列。"))
        )  # fmt: skip
    for row, column in _totals(layout, block).items():
        found.setdefault(
            row, (column, CellFault("这是合计行，不是一项，未计入", _cell(block, row, column),
                                    "请删去此行；若确是一项，请改写此格。"))
        )  # fmt: skip
    return found


def _cell(block: Block, row: int, column: int) -> str:
    cells = block.columns[column]
    cell = cells[row] if isinstance(cells, list) else cells[row].as_py()
    return str(cell)[:60]


def _totals(layout: Layout, block: Block) -> dict[int, int]:
    """Return the rows of which a cell says that they are a total; a class may be called so."""
    classes = {found.column for found in layout.found.values() if found.field.kind == "text"}
    rows: dict[int, int] = {}
    for at, cells in enumerate(block.columns):
        if at in classes:
            continue
        if isinstance(cells, list):
            hits = [
                row
                for row, cell in enumerate(cells)
                if isinstance(cell, str) and _TOTAL_HERE.match(cell)
            ]
        elif str(cells.type) == "string":
            hits = _matching(cells)
        else:
            continue
        for row in hits:
            rows.setdefault(row, at)
    return rows


def _matching(cells: Any) -> list[int]:
    """Return the rows that say they are a total."""
    import pyarrow.compute as pc

    held = cells.buffers()[2]
    if held is None or not _may_be_total(held.to_pybytes()):
        return []
    matched = pc.match_substring_regex(cells, _TOTAL).fill_null(False)
    return np.flatnonzero(matched.to_numpy(zero_copy_only=False)).tolist()


def _may_be_total(texts: bytes) -> bool:
    """Tell whether any of the *texts*, all in one, has a mark of a total."""
    # Most columns are numbers and dates in ASCII: in these, two letters tell.
    if texts.isascii() and not any(letter in texts for letter in (b"t", b"T", b"u", b"U")):
        return False
    small = texts.lower()
    return any(mark in small for mark in _TOTAL_MARKS)


def _filled(cells: Any) -> Mask:
    if isinstance(cells, list):
        return np.array([cell not in ("", None) for cell in cells], dtype=bool)
    return np.asarray(cells.is_valid().to_numpy(zero_copy_only=False), dtype=bool)


def _is_full(cells: Any) -> bool:
    return not isinstance(cells, list) and cells.null_count == 0


def _remarks(layout: Layout, block: Block) -> dict[int, int]:
    """Return the rows with nothing but a text in one cell, where no number or day belongs."""
    columns = {each.column: each.field.kind for each in layout.found.values() if each.column >= 0}
    if len(columns) < 2:
        return {}
    # None for a column without a blank: most are, and need no mask.
    masks = [None if _is_full(cells) else _filled(cells) for cells in block.columns]
    count = np.zeros(len(block), dtype=np.int64)
    for mask in masks:
        count += 1 if mask is None else mask
    for row, _ in block.errors:
        count[row] += 1
    rows: dict[int, int] = {}
    for row in np.flatnonzero(count == 1).tolist():
        column = next((at for at, mask in enumerate(masks) if mask is None or mask[row]), -1)
        if column < 0 or columns.get(column) in ("number", "day"):
            continue
        cells = block.columns[column]
        cell = cells[row] if isinstance(cells, list) else cells[row].as_py()
        if isinstance(cell, str):
            rows[row] = column
    return rows


def _repeated(layout: Layout, block: Block) -> Odd:
    """Return the rows in which two columns and more hold their own header."""
    import pyarrow.compute as pc

    hits = np.zeros(len(block), dtype=np.int64)
    first = np.full(len(block), -1, dtype=np.int64)
    for found in layout.found.values():
        if not 0 <= found.column < len(block.columns) or not found.header.text:
            continue
        cells, header = block.columns[found.column], same(found.header.text)
        if isinstance(cells, list):
            mask = np.array([isinstance(c, str) and same(c) == header for c in cells], dtype=bool)
        elif str(cells.type) == "string":
            alike = pc.equal(cells, found.header.text).fill_null(False)
            mask = alike.to_numpy(zero_copy_only=False)
        else:
            continue
        hits += mask
        first[mask & (first < 0)] = found.column
    return {
        row: (int(first[row]), CellFault("列名在数据中重复出现", hint="请删去此行。"))
        for row in np.flatnonzero(hits >= 2).tolist()
    }
