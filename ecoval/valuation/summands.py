"""What each line, or each year, adds to the sums of an item: the same formula, taken apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any

import numpy as np

from .. import money
from ..formula.dimension import unit_of
from ..formula.evaluate import evaluate
from ..formula.layout import lay_out
from ..formula.text import text
from ..formula.tree import Binary, Node, Operand, Step, Sum, Year, rebuilt, walk
from ..numerals import shortened
from ..rules.cards import bound_unit
from ..units import Unit, display, factor, same_kind, tidy, unit
from .item import Item
from .symbols import Symbols

TITLE = "小计"
ROUNDED = "各行{0}为四舍五入后的值，合计按未舍入的值计。"
# The running year while the body of a sum is taken year by year.
_YEAR = "·year"


@dataclass(frozen=True)
class Column:
    """Numbers in one unit under a title, one for each line or year."""

    title: str
    unit: str
    values: tuple[float, ...]

    @property
    def printed(self) -> tuple[str, ...]:
        """The numbers with their unit: money to the fen, else at most six decimals."""
        return tuple(as_printed(value, self.unit) for value in self.values)

    @property
    def total(self) -> float:
        """Their sum, added in their order as the formula does."""
        return float(np.add.accumulate(self.values)[-1]) if self.values else 0.0

    @property
    def is_rounded(self) -> bool:
        """Whether the printed numbers do not add up to the sum, as that is printed."""
        if self.unit == "元":
            return sum(map(money.fen, self.values)) != money.fen(self.total)
        return not all(shortened(value)[1] for value in self.values)


@dataclass(frozen=True)
class LineSum:
    """The summands of a sum over lines; *inside* tells that more is done with it than naming it."""

    of: Sum
    column: Column
    inside: bool

    @property
    def notes(self) -> tuple[str, ...]:
        """What is said under the table."""
        title = self.column.title
        total = as_printed(self.column.total, self.column.unit, about=True)
        added = (f"{title}之和 {total}。",) if self.inside and self.column.values else ()
        return (*added, ROUNDED.format(title)) if self.column.is_rounded else added


@dataclass(frozen=True)
class YearSum(LineSum):
    """A sum over years: the years, what is the same in each, what changes, and the summands."""

    symbol: str
    calendar: bool
    years: tuple[int, ...]
    factors: tuple[Column, ...]

    def name(self, place: int) -> str:
        """Return how a year is called: ``2024 年``, else ``t = 3``."""
        year = self.years[place]
        return f"{year} 年" if self.calendar else f"{self.symbol} = {year}"


def as_printed(value: float, of: str, *, about: bool = False) -> str:
    """Return a summand as printed; *about* puts ≈ before one of which digits were cut."""
    if of == "元":
        fens = money.fen(value)
        number, whole = money.printed(fens), money.is_exact(value, fens)
    else:
        number, whole = shortened(value)
    return f"{'≈ ' if about and not whole else ''}{number} {display(of)}".strip()


def line_sums(item: Item) -> tuple[LineSum, ...]:
    """Return the sums over the lines of *item* whose summands are computed, line by line."""
    root = item.method.formula.root
    sums = [each for each in _sums(root) if isinstance(each.index, str)]
    found = []
    for each in sums:
        if isinstance(_bare(each.body), Operand):
            continue  # the lines' own column is what is added
        title, values = TITLE, line_values(item, each.body)
        if len(sums) > 1:
            title += f" {text(lay_out(each.body, Symbols(item.card)))}"
        column = Column(title, _unit_of(each, item), values)
        found.append(LineSum(each, column, not _is_named(each, item)))
    return tuple(found)


def year_sums(item: Item) -> tuple[YearSum, ...]:
    """Return the sums over years of *item*, year by year."""
    root = item.method.formula.root
    return tuple(
        _by_year(each, each.index, item) for each in _sums(root) if isinstance(each.index, Year)
    )


def _sums(root: Node) -> list[Sum]:
    return [each for each in walk(root) if isinstance(each, Sum)]


def values_of(item: Item) -> dict[str, Any]:
    """Return the values of the terms of *item* by name, lists for its lines, as they are evaluated."""
    return {
        used.term.name: np.array(used.values) if used.term.lines else used.values[0]
        for used in item.inputs
    }


def line_values(item: Item, body: Node) -> tuple[float, ...]:
    """Return what *body*, which runs over the lines of *item*, comes to at each of them."""
    lines = next(len(used.values) for used in item.inputs if used.term.lines)
    found = np.broadcast_to(evaluate(body, values_of(item))[0], (lines,))
    return tuple(float(value) for value in found)


@lru_cache(maxsize=256)
def _year_parts(summed: Sum) -> tuple[Node, tuple[tuple[Node, Node], ...]]:
    """Return the body with its year as an operand, and likewise each factor beside its original.

    What does not change with the year is one factor; a body that is one factor is left whole.
    """
    constant: list[Node] = []
    changing: list[Node] = []
    for each in _factors(summed.body):
        runs = any(part is summed.index for part in walk(each))
        (changing if runs else constant).append(each)
    whole = [reduce(lambda left, right: Binary("*", left, right), constant)] if constant else []
    factors = [*whole, *changing] if len(whole) + len(changing) > 1 else []
    return (
        _at_year(summed.body, summed.index),
        tuple((each, _at_year(each, summed.index)) for each in factors),
    )


def _factors(of: Node) -> Iterator[Node]:
    if isinstance(of, Binary) and of.operator == "*":
        yield from _factors(of.left)
        yield from _factors(of.right)
    else:
        yield of


def _at_year(of: Node, year: object) -> Node:
    if of is year:
        return Operand(_YEAR)
    if isinstance(of, (Operand, Year)):
        return of
    return rebuilt(of, lambda part: _at_year(part, year))


def _by_year(summed: Sum, year: Year, item: Item) -> YearSum:
    values = values_of(item)
    first, last = (float(evaluate(each, values)[0]) for each in (year.first, year.last))
    running = tuple(first + place for place in range(int(last - first + 1)))

    def over(of: Node) -> tuple[float, ...]:
        # One year after the other: an array of years would be mistaken for lines.
        return tuple(float(evaluate(of, {**values, _YEAR: each})[0]) for each in running)

    body, factors = _year_parts(summed)
    show = Symbols(item.card)
    return YearSum(
        summed,
        Column(TITLE, _unit_of(summed, item), over(body)),
        not _is_named(summed, item),
        year.symbol,
        any(
            isinstance(part, Operand) and item.card.term(part.name).calendar
            for part in walk(year.first)
        ),
        tuple(int(each) for each in running),
        tuple(
            Column(text(lay_out(each, show)), _unit_of(each, item), over(at_year))
            for each, at_year in factors
        ),
    )


def _is_named(summed: Sum, item: Item) -> bool:
    """Tell whether the sum is the result, or a step, so that what it comes to is printed anyway."""
    formula = item.method.formula
    return any(
        _bare(each) is summed
        for each in (formula.root, *(step.definition for step in formula.steps))
    )


def _bare(of: Node) -> Node:
    while isinstance(of, Step):
        of = of.definition
    return of


def _unit_of(of: Node, item: Item) -> str:
    """Return the unit of *of* as text: the result's or a step's where it is the same."""
    units = {
        used.term.name: unit("" if used.units[0] == "%" else used.units[0]) for used in item.inputs
    }
    found = unit_of(of, {**units, _YEAR: unit("")})[0]
    return _written(found, (item.unit, *(step.unit for step in item.steps)))


def _written(found: Unit, known: tuple[str, ...]) -> str:
    for each in known:
        wanted = unit("" if each == "%" else bound_unit(each, ""))
        if same_kind(found, wanted) and factor(found, wanted) == 1.0:
            return each
    return "" if found == unit("") else tidy(format(found, "~C"))
