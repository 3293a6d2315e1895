"""Rows that say the same twice: the same case and item with the same inputs."""

from __future__ import annotations

from .books import Block
from .faults import Fault
from .fields import CASE, ITEM
from .layout import SheetPlan
from .running import DONE, Outcome


class Repeats:
    """Look for the rows of a sheet that repeat an earlier one; they count all the same."""

    def __init__(self, plan: SheetPlan) -> None:
        self.plan = plan
        self._seen: dict[int, int] = {}
        self._first: tuple[int, int] | None = None
        self._count = 0

    def look(self, block: Block, outcome: Outcome) -> None:
        """Take the rows of *block* that were valued and name their case."""
        columns = self._columns(block)
        if not columns:
            return
        names = zip(*columns, outcome.fingerprint, strict=True)
        for at, (name, status) in enumerate(zip(names, outcome.status, strict=True)):
            if status != DONE or name[0] is None:
                continue
            row = int(block.rows[at])
            earlier = self._seen.setdefault(hash(name), row)
            if earlier != row:
                self._count += 1
                self._first = self._first or (row, earlier)

    def notes(self) -> list[Fault]:
        """Return what is to be said of them."""
        if self._first is None:
            return []
        row, earlier = self._first
        said = f"与第 {earlier} 行案号、项目和各项输入均相同"
        hint = "已照常计入；若是重复填写，请删去。"
        return [Fault(self.plan.sheet.name, row, 0, "", said, f"自此共 {self._count:,} 行", hint)]

    def _columns(self, block: Block) -> list[list[object]]:
        layouts = list(self.plan.layouts.values())
        found = layouts[0].found if layouts else {}
        if CASE not in found or not 0 <= found[CASE].column < len(block.columns):
            return []
        places = [found[name].column for name in (CASE, ITEM) if name in found]
        return [
            cells if isinstance(cells, list) else cells.to_pylist()
            for cells in (block.columns[place] for place in places if place < len(block.columns))
        ]
