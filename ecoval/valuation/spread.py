"""How far the conventions move a result, and what each line of a sum would come to by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import money
from ..formula.evaluate import evaluate
from ..numerals import shortened
from ..units import display
from .printing import line_name
from .profiles import read_conventions
from .revaluing import reread
from .yeartable import BEFORE

if TYPE_CHECKING:
    from .item import Item


_VARIED = {
    "年内水平的取点": "level_at",
    "年内折现的时点": "discount_at",
    "基准日以前的计息": "past",
}


@dataclass(frozen=True)
class Spread:
    """A result under every convention that can read it, so that the reader sees how much of it is
    convention and how much is data.

    ``varied`` says what of the conventions was changed; their form of discounting, the rate and the
    base date were not. ``failed`` is how many could not read it: nothing is gained by them, say.
    """

    title: str
    unit: str
    values: Mapping[str, float]
    varied: tuple[str, ...]
    failed: int = 0

    @property
    def least(self) -> str:
        """The convention that gives the smallest result."""
        return min(self.values, key=self.values.__getitem__)

    @property
    def most(self) -> str:
        """The convention that gives the largest result."""
        return max(self.values, key=self.values.__getitem__)

    @property
    def text(self) -> str:
        """The smallest and the largest result, with their conventions, as printed."""
        shown = {
            name: f"{amount_text(self.values[name], self.unit)}（{name}）"
            for name in (self.least, self.most)
        }
        failed = f"；另有 {self.failed} 种算不出结果" if self.failed else ""
        return (
            f"按 {len(self.values)} 种口径计算，{self.title}在 {shown[self.least]}"
            f"与 {shown[self.most]}之间（只改变{'、'.join(self.varied)}，"
            f"折现形式、折现率与基准日不变{failed}）"
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the spread as it stands in JSON."""
        return {
            "least": self.least,
            "most": self.most,
            "values": dict(self.values),
            "varied": list(self.varied),
            "failed": self.failed,
        }


def amount_text(number: float, unit: str) -> str:
    """Return a result as it is printed: to the fen where it is money."""
    if unit == "元":
        return f"{money.printed(money.fen(number))} 元"
    return f"{shortened(number)[0]} {display(unit)}".strip()


def spread_of(item: Item) -> Spread | None:
    """Return *item* under every convention; None where nothing in it was read off a path."""
    unfolded = list(_unfolded(item))
    if not unfolded or "convention" not in item.given:
        return None
    conventions, _ = read_conventions(item.given["convention"])
    past = any(BEFORE in line.get("name", "") for part in unfolded for line in part.lines)
    others = tuple(conventions.others(past=past))
    values = {other.short: value for other, value in reread(item, others)}
    varied = tuple(
        said
        for said, name in _VARIED.items()
        if len({getattr(other, name) for other in others}) > 1
    )
    failed = len(others) - len(values)
    return Spread(item.card.result.title, item.unit, values, varied, failed)


def apart(item: Item) -> Mapping[str, float]:
    """Return what each line of *item* comes to by itself, by its name, in the unit of *item*.

    It is empty where there is one line, or where the lines are of no sum that could be parted.
    """
    lines = item.card.lines
    if lines is None or not lines.apart or len(item.lines) < 2:
        return {}
    formula = item.method.formula
    found = {}
    for place in range(len(item.lines)):
        values = {
            used.term.name: np.array(used.values[place : place + 1])
            if used.term.lines
            else used.values[0]
            for used in item.inputs
            if used.term.name in formula.operands
        }
        result, _ = evaluate(formula.root, values)
        found[line_name(item, place)] = float(result)
    return found


def remarks(item: Item) -> Iterator[str]:
    """Yield what is said beside the amount of *item*, the lines of its parts included."""
    yield from _lines_apart(item)
    if item.spread is not None:
        yield item.spread.text


def _lines_apart(item: Item) -> Iterator[str]:
    """Yield what each line of a sum comes to by itself, for *item* and its parts."""
    for part in item.parts:
        yield from _lines_apart(part)
    alone = apart(item)
    if alone:
        listed = "；".join(
            f"{name} {amount_text(number, item.unit)}" for name, number in alone.items()
        )
        yield f"逐项单独计，{item.card.result.title}：{listed}"


def _unfolded(item: Item) -> Iterator[Item]:
    """Yield *item* and its parts that were unfolded from a path."""
    for part in item.parts:
        yield from _unfolded(part)
    lines = item.card.lines
    if lines is not None and lines.unfold and lines.name in item.chosen:
        yield item
