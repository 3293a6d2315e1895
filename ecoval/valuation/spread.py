"""How far the conventions move a result, and what each line of a sum would come to by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import money
from ..numerals import shortened
from ..units import display
from .conventions import read_conventions
from .revaluing import reread
from .yeartable import BEFORE

if TYPE_CHECKING:
    from .item import Item


@dataclass(frozen=True)
class Spread:
    """A result under every convention that can read it, so that the reader sees how much of it is
    convention and how much is data."""

    title: str
    unit: str
    values: Mapping[str, float]

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
        return (
            f"按 {len(self.values)} 种口径计算，{self.title}在 {shown[self.least]}"
            f"与 {shown[self.most]}之间"
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the spread as it stands in JSON."""
        return {"least": self.least, "most": self.most, "values": dict(self.values)}


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
    values = {str(other): value for other, value in reread(item, conventions.others(past=past))}
    return Spread(item.card.result.title, item.unit, values)


def apart(item: Item) -> Mapping[str, Item]:
    """Return what each line of *item* is by itself, by its name; empty where there is one line."""
    lines = item.card.lines
    if lines is None or not lines.apart or len(item.lines) < 2:
        return {}
    return {
        line.get("name") or f"第 {place + 1} 项": item.method.value(
            {**item.given, lines.name: [item.given[lines.name][place]]},
            on=item.on,
            place=item.place,
            overrule=dict(item.overrules()),
        )
        for place, line in enumerate(item.lines)
    }


def remarks(item: Item) -> Iterator[str]:
    """Yield what is said beside the amount of *item*."""
    alone = apart(item)
    if alone:
        listed = "；".join(
            f"{name} {amount_text(each.exact, each.unit)}" for name, each in alone.items()
        )
        yield f"逐项单独计，{item.card.result.title}：{listed}"
    if item.spread is not None:
        yield item.spread.text


def _unfolded(item: Item) -> Iterator[Item]:
    """Yield *item* and its parts that were unfolded from a path."""
    for part in item.parts:
        yield from _unfolded(part)
    lines = item.card.lines
    if lines is not None and lines.unfold and lines.name in item.chosen:
        yield item
