"""Lay a formula out as a person writes it: order, fractions and brackets, decided here once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from ..numerals import MINUS, grouped
from .tree import (
    Binary,
    Call,
    Comparison,
    Constant,
    Highest,
    Negative,
    Node,
    Operand,
    Step,
    Sum,
    Where,
    Year,
)

# How tightly a layout holds together, loosest first.
RELATION, ADDITIVE, MULTIPLICATIVE, POWER, ATOM = range(5)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter, with a subscript."""

    text: str
    sub: str = ""
    tightness = ATOM


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as it is printed, with its unit."""

    text: str
    unit: str = ""

    @property
    def tightness(self) -> int:
        """A negative number, or one with its unit behind it, is bracketed like a product."""
        if self.text.startswith(MINUS):
            return ADDITIVE
        return MULTIPLICATIVE if self.unit else ATOM


@dataclass(frozen=True, slots=True)
class Chain:
    """Parts joined by signs: ``+ −`` or ``×``; the first sign is empty or a minus."""

    parts: tuple[tuple[str, Layout], ...]
    tightness: int


@dataclass(frozen=True, slots=True)
class Fraction:
    """One layout over another."""

    above: Layout
    below: Layout
    tightness = MULTIPLICATIVE


@dataclass(frozen=True, slots=True)
class Raised:
    """A base and its exponent."""

    base: Layout
    exponent: Layout
    tightness = POWER


@dataclass(frozen=True, slots=True)
class Bracket:
    """A layout in round brackets."""

    inner: Layout
    tightness = ATOM


@dataclass(frozen=True, slots=True)
class BigSum:
    """A sum sign with what it runs over, and its body."""

    index: Layout
    first: Layout | None
    last: Layout | None
    body: Layout
    tightness = MULTIPLICATIVE


@dataclass(frozen=True, slots=True)
class Applied:
    """A function's name and its arguments."""

    name: str
    arguments: tuple[Layout, ...]
    tightness = ATOM


@dataclass(frozen=True, slots=True)
class Cases:
    """One layout where a condition holds, another where it does not."""

    then: Layout
    condition: Layout
    otherwise: Layout
    tightness = ATOM


@dataclass(frozen=True, slots=True)
class Taken:
    """The layout that was taken because a condition holds; the other one is not shown."""

    condition: Layout
    then: Layout
    tightness = ATOM


Layout: TypeAlias = (
    Symbol | Numeral | Chain | Fraction | Raised | Bracket | BigSum | Applied | Cases | Taken
)

Leaf: TypeAlias = Operand | Step | Year
Show: TypeAlias = Callable[[Leaf], Layout | None]
Holds: TypeAlias = Callable[[Comparison], bool | None]

_NAMES = {"exp": "exp", "log": "ln", "smallest": "min", "largest": "max"}
_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def symbol(text: str) -> Symbol:
    """Return the symbol that *text* writes: ``C_u`` is C with the subscript u."""
    letter, _, sub = text.partition("_")
    return Symbol(letter, sub)


def lay_out(root: Node, show: Show, holds: Holds | None = None) -> Layout:
    """Return the layout of *root*; *show* gives each operand, step and year its looks.

    A step for which *show* returns None is written out in full. Where *holds* knows whether a
    condition holds, only what was taken is shown, with the condition that is true.
    """
    return _Composer(show, holds).of(root)


class _Composer:
    def __init__(self, show: Show, holds: Holds | None) -> None:
        self.show = show
        self.holds = holds

    def of(self, at: Node) -> Layout:
        match at:
            case Constant(value):
                return Numeral(grouped(float(value)))
            case Operand() | Year() | Step():
                shown = self.show(at)
                if shown is not None:
                    return shown
                if isinstance(at, Step):
                    return self.of(at.definition)
                raise TypeError(f"nothing to show for {at!r}")
            case Negative(inner):
                return Chain((("−", self.held(inner, MULTIPLICATIVE)),), ADDITIVE)
            case Binary("+" | "-", _, _):
                return Chain(tuple(self.additive(at)), ADDITIVE)
            case Binary("*", _, _):
                return Chain(tuple(self.product(at)), MULTIPLICATIVE)
            case Binary("/", left, right):
                return Fraction(self.of(left), self.of(right))
            case Binary(_, base, exponent):
                return Raised(self.held(base, ATOM), self.of(exponent))
            case Call("per_year", arguments):
                return self.of(arguments[0])
            case Call(function, arguments):
                return Applied(_NAMES[function], tuple(self.of(part) for part in arguments))
            case Highest(body, _):
                return Applied("max", (self.of(body),))
            case Sum(body, index):
                return self.sum(body, index)
            case Comparison(operator, left, right):
                parts = (("", self.of(left)), (_SIGNS[operator], self.of(right)))
                return Chain(parts, RELATION)
            case Where(condition, then, otherwise):
                held = self.holds(condition) if self.holds is not None else None
                if held is None:
                    return Cases(self.of(then), self.of(condition), self.of(otherwise))
                if held:
                    return Taken(self.of(condition), self.of(then))
                sign = _OPPOSITE[condition.operator]
                opposite = Comparison(sign, condition.left, condition.right)
                return Taken(self.of(opposite), self.of(otherwise))
        raise TypeError(f"no layout for {type(at).__name__}")

    def held(self, at: Node, tightness: int) -> Layout:
        """Return *at*, in brackets if it holds together less tightly than asked."""
        inner = self.of(at)
        return inner if inner.tightness >= tightness else Bracket(inner)

    def additive(self, at: Node) -> list[tuple[str, Layout]]:
        if isinstance(at, Binary) and at.operator in "+-":
            parts = self.additive(at.left)
            if at.operator == "+" and isinstance(at.right, Binary) and at.right.operator in "+-":
                head, *rest = self.additive(at.right)
                if not head[0]:
                    first = head[1]
                    if first.tightness < MULTIPLICATIVE:
                        first = Bracket(first)
                    return [*_closed(parts), ("+", first), *rest]
            sign = {"+": "+", "-": "−"}[at.operator]
            return [*_closed(parts), (sign, self.held(at.right, MULTIPLICATIVE))]
        inner = self.of(at)
        if isinstance(inner, Chain) and inner.tightness == ADDITIVE:
            return list(inner.parts)
        return [("", inner if inner.tightness > RELATION else Bracket(inner))]

    def product(self, at: Node) -> list[tuple[str, Layout]]:
        if isinstance(at, Binary) and at.operator == "*":
            left, right = self.product(at.left), self.product(at.right)
            return [*_closed(left), ("×", right[0][1]), *right[1:]]
        inner = self.of(at)
        if isinstance(inner, Chain) and inner.tightness == MULTIPLICATIVE:
            return list(inner.parts)
        return [("", inner if inner.tightness >= MULTIPLICATIVE else Bracket(inner))]

    def sum(self, body: Node, index: Year | str) -> Layout:
        inner = self.held(body, MULTIPLICATIVE)
        if isinstance(index, str):
            return BigSum(Symbol("i"), None, None, inner)
        return BigSum(Symbol(index.symbol), self.of(index.first), self.of(index.last), inner)


def _closed(parts: list[tuple[str, Layout]]) -> list[tuple[str, Layout]]:
    """Bracket a sum sign that something follows, so that its reach can be seen."""
    *before, (sign, last) = parts
    return [*before, (sign, closed(last))]


def closed(of: Layout) -> Layout:
    """Return *of* with a sum sign at its end in brackets: something is to follow it."""
    if isinstance(of, BigSum):
        return Bracket(of)
    if isinstance(of, Chain):
        return Chain(tuple(_closed(list(of.parts))), of.tightness)
    return of
