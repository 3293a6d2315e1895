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
        self._names: list[Any] = []
        self._rows: list[Any] = []

    def look(self, block: Block, outcome: Outcome) -> None:
        """Take the rows of *block* that were valued and name their case."""
        import pyarrow as pa
        import pyarrow.compute as pc

        columns = self._columns(block)
        if not columns:
            return
        own = outcome.status.are(DONE) & columns[0].is_valid().to_numpy(zero_copy_only=False)
        kept = pa.array(np.flatnonzero(own))
        marks = pa.array(outcome.fingerprint, pa.string())
        parts = [each.fill_null("").take(kept) for each in columns]
        self._names.append(pc.binary_join_element_wise(*parts, marks.take(kept), "\0"))
        self._rows.append(block.rows[own])

    def notes(self) -> list[Fault]:
        """Return what is to be said of them."""
        import pyarrow as pa

        if not self._names:
            return []
        names = pa.chunked_array(self._names).combine_chunks().dictionary_encode()
        if len(names.dictionary) == len(names):
            return []
        codes = names.indices.to_numpy(zero_copy_only=False)
        rows = np.concatenate(self._rows)
        _, first = np.unique(codes, return_index=True)
        again = np.ones(len(codes), dtype=bool)
        again[first] = False
        at = int(np.argmax(again))
        earlier = rows[int(np.argmax(codes == codes[at]))]
        said = f"与第 {earlier} 行案号、项目和各项输入均相同"
        hint = "已照常计入；若是重复填写，请删去。"
        count = f"自此共 {int(again.sum()):,} 行"
        return [Fault(self.plan.sheet.name, int(rows[at]), 0, "", said, count, hint)]

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
