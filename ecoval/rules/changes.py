"""What changed in the rules of a place between two days: begun, ended, from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ..errors import InputError
from .cards import Card
from .jurisdictions import Place, as_place
from .parameters import InForce, parameter, topics

Kind = Literal["began", "ended", "changed"]

KINDS: dict[Kind, str] = {"began": "新增", "ended": "失效", "changed": "变更"}


@dataclass(frozen=True)
class Change:
    """One rule of one jurisdiction, as it was on the earlier day and as it is on the later."""

    name: str
    place: Place
    before: InForce | None
    after: InForce | None

    @property
    def kind(self) -> Kind:
        """Whether the rule began, ended, or says something else."""
        if self.before is None:
            return "began"
        return "ended" if self.after is None else "changed"

    @property
    def title(self) -> str:
        """The title of the rule."""
        return parameter(self.name).title


def changes(
    first: date, second: date, *, jurisdiction: str | Place, names: Iterable[str] | None = None
) -> tuple[Change, ...]:
    """Return what differs at *jurisdiction* between the days *first* and *second*, nearest first.

    Each level from the place up to the nation is compared with itself. A rule that says the same in
    a new text (another source or clause) is a change too. *names* are the parameters compared, else
    all.

    Raises
    ------
    InputError
        The place is not known, or *second* is before *first*.
    """
    at = as_place(jurisdiction)
    if second < first:
        raise InputError("应先写较早的一天", where="as-of-diff", got=f"{first} {second}")
    listed = names if names is not None else [n for group in topics().values() for n in group]
    return tuple(change for name in listed for change in _of(name, at, first, second))


def card_changes(cards: Iterable[Card], first: date, second: date) -> tuple[tuple[Kind, Card], ...]:
    """Return the methods that came into use or went out of it between the two days."""
    found: list[tuple[Kind, Card]] = []
    for card in cards:
        before, after = _in_use(card, first), _in_use(card, second)
        if before != after:
            found.append(("began" if after else "ended", card))
    return tuple(found)


def _in_use(card: Card, on: date) -> bool:
    return (card.since is None or card.since <= on) and (card.until is None or on <= card.until)


def _of(name: str, at: Place, first: date, second: date) -> Iterator[Change]:
    for step in at.way_up:
        before, after = _held(name, at, step, first), _held(name, at, step, second)
        if before is None and after is None:
            continue
        if before is None or after is None or before.found is not after.found:
            yield Change(name, step, before, after)


def _held(name: str, at: Place, step: Place, on: date) -> InForce | None:
    held = parameter(name)
    for value in held.values:
        if value.jurisdiction == step.code and value.holds(on):
            return InForce(name, held, value, at, on)
    return None
