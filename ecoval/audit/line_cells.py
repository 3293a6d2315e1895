"""Which result of a method stands in which line of a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..valuation.item import Item, Used


@dataclass(frozen=True)
class LineCell:
    """A line's term that a method computed, and what that line gave the method by itself."""

    used: Used
    line: int
    given: Mapping[str, Any]


def computed_cells(item: Item) -> dict[int, LineCell]:
    """Return, by the `id` of the part that computed it, each term of a line of *item*."""
    left, found = list(item.parts), {}
    for used in item.inputs:
        if not (used.term.lines and used.term.method):
            continue
        for line in range(len(used.values)):
            given = _given(item, used.term.name, line)
            if not isinstance(given, Mapping) or "value" in given:
                continue
            part = next(each for each in left if each.card.id in used.term.method)
            left = [each for each in left if each is not part]
            found[id(part)] = LineCell(used, line, given)
    return found


def _given(item: Item, name: str, line: int) -> Any:
    """Return what was given for the term *name* in one *line*, listed by line or by column."""
    lines = item.card.lines
    listed = item.given.get(lines.name) if lines is not None else None
    if isinstance(listed, (list, tuple)):
        return listed[line].get(name)
    column = item.given.get(name)
    return column[line] if isinstance(column, (list, tuple)) else column
