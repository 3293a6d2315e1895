"""Rows that say the same twice: the same case and item with the same inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from .books import Block
from .faults import Fault
from .fields import CASE, ITEM
from .layout import SheetPlan
from .running import DONE, Outcome


class Repeats:
    """Look for the rows of a sheet that repeat an earlier one; they count all the same."""

    def __init__(self, plan: SheetPlan) -> None:
        self.plan = plan
        self._names: list[list[Any]] = []
        self._marks: list[Any] = []
        self._rows: list[Any] = []

    def look(self, block: Block, outcome: Outcome) -> None:
        """Take the rows of *block* that were valued and name their case."""
        import pyarrow as pa

        columns = self._columns(block)
        if not columns:
            return
        marks = outcome.fingerprint
        own = outcome.status.are(DONE) & columns[0].is_valid().to_numpy(zero_copy_only=False)
        if not own.all():
            kept = pa.array(np.flatnonzero(own))
            columns, marks = [each.take(kept) for each in columns], marks[own]
        self._names.append(columns)
        self._marks.append(marks)
        self._rows.append(block.rows[own])

    def notes(self) -> list[Fault]:
        """Return what is to be said of them."""
        if not self._names:
            return []
        marks = np.concatenate(self._marks)
        alike = _not_alone(marks)
        if not len(alike):
            return []
        rows = np.concatenate(self._rows)[alike]
        names = zip(marks[alike].tolist(), *self._texts(alike), strict=True)
        first: dict[Any, int] = {}
        again: list[tuple[int, int]] = []
        for row, name in zip(rows.tolist(), names, strict=True):
            if name in first:
                again.append((row, first[name]))
            else:
                first[name] = row
        if not again:
            return []
        said = f"与第 {again[0][1]} 行案号、项目和各项输入均相同"
        hint = "已照常计入；若是重复填写，请删去。"
        count = f"自此共 {len(again):,} 行"
        return [Fault(self.plan.sheet.name, again[0][0], 0, "", said, count, hint)]

    def _texts(self, rows: Any) -> list[list[str]]:
        """Return the case and the item of each of *rows*, counted over all blocks."""
        import pyarrow as pa

        columns = zip(*self._names, strict=True)
        return [
            pa.chunked_array(list(each)).take(pa.array(rows)).fill_null("").to_pylist()
            for each in columns
        ]

    def _columns(self, block: Block) -> list[Any]:
        import pyarrow as pa

        layouts = list(self.plan.layouts.values())
        found = layouts[0].found if layouts else {}
        if CASE not in found or not 0 <= found[CASE].column < len(block.columns):
            return []
        places = [found[name].column for name in (CASE, ITEM) if name in found]
        columns = [block.columns[place] for place in places if place < len(block.columns)]
        return [
            pa.array([None if cell in ("", None) else str(cell) for cell in cells], pa.string())
            if isinstance(cells, list)
            else cells.cast(pa.string())
            for cells in columns
        ]


def _not_alone(marks: Any) -> Any:
    """Return, in order, which of *marks* are not the only one of their kind."""
    # Of twelve ASCII digits, the first eight as a number: a few that differ behind do no harm.
    heads = np.ascontiguousarray(marks).view("V4").reshape(len(marks), 3)[:, :2]
    numbers = np.ascontiguousarray(heads).view("<u8").ravel()
    ordered = np.sort(numbers)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    return np.flatnonzero(np.isin(numbers, twice)) if len(twice) else np.zeros(0, dtype=np.int64)
