"""A method's formula and an item's derivation: formula, numbers substituted, answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import money
from ..formula.evaluate import evaluate
from ..formula.excel import excel
from ..formula.latex import latex
from ..formula.layout import RELATION, Chain, Layout, Numeral, Symbol, lay_out, symbol
from ..formula.mathml import mathml
from ..formula.omml import omml
from ..formula.text import text
from ..formula.tree import (
    Binary,
    Call,
    Comparison,
    Constant,
    Highest,
    Node,
    Operand,
    Step,
    Sum,
    Year,
    indices,
    rebuilt,
)
from ..numerals import shortened
from ..units import display
from .item import Item, Used
from .lines import called
from .summands import line_sums, line_values, values_of
from .symbols import Symbols
from .tabled import basis as basis
from .tabled import input_rows as input_rows
from .tabled import line_count, written
from .tabled import line_rows as line_rows
from .tabled import line_titles as line_titles

if TYPE_CHECKING:
    from .definition import Method

# A sum of more lines than this is printed with its sign only; the lines stand in their table.
_SPELLED_OUT = 4
# So many characters of an equation fit a line of the opinion.
_FITS = 60


@dataclass(frozen=True)
class Equation:
    """One printed line: a symbol, its formula, the formula with numbers, and what it comes to.

    ``exact`` tells whether the value has every digit, ``cut`` whether a number put in has not: the
    sign before them is ≈ then. What would be printed twice in a row stands once.
    """

    symbol: Layout
    formula: Layout
    numbers: Layout | None = None
    value: Numeral | None = None
    exact: bool = True
    cut: bool = False

    @property
    def layout(self) -> Layout:
        """The whole line as one layout, for any printer."""
        return Chain((("", self.symbol), *self._parts(("=", self.formula))), RELATION)

    @property
    def substitution(self) -> Layout:
        """The line without the formula in symbols, where there are numbers."""
        formula = ("=", self.formula) if self.numbers is None else None
        return Chain((("", self.symbol), *self._parts(formula)), RELATION)

    def _parts(self, formula: tuple[str, Layout] | None) -> list[tuple[str, Layout]]:
        parts = [formula] if formula is not None else []
        if self.numbers is not None:
            parts.append(("≈" if self.cut else "=", self.numbers))
        if self.value is not None:
            parts.append(("=" if self.exact else "≈", self.value))
        return [
            part
            for part, after in zip(parts, [*parts[1:], None], strict=True)
            if after is None or text(part[1]) != text(after[1])
        ]

    @property
    def lines(self) -> tuple[Layout, ...]:
        """The line in pieces that fit a page: whole, or broken before its equals signs."""
        parts = self._parts(("=", self.formula))
        if len(self.text) <= _FITS:
            return (self.layout,)
        lines: list[list[tuple[str, Layout]]] = [[("", self.symbol), parts[0]]]
        for part in parts[1:]:
            longer = text(Chain((*lines[-1], part), RELATION))
            if len(longer) <= _FITS:
                lines[-1].append(part)
            else:
                lines.append([part])
        return tuple(Chain(tuple(line), RELATION) for line in lines)

    @property
    def text(self) -> str:
        """The line in plain text."""
        return text(self.layout)

    @property
    def latex(self) -> str:
        """The line in LaTeX."""
        return latex(self.layout)

    @property
    def mathml(self) -> str:
        """The line in MathML."""
        return mathml(self.layout)

    @property
    def omml(self) -> str:
        """The line in Office Math."""
        return omml(self.layout)


def formulas(method: Method) -> tuple[Equation, ...]:
    """Return the formula of *method* in symbols: its result, then each named step."""
    show = Symbols(method.card)
    return tuple(
        Equation(name, lay_out(of, show)) for name, of in _defined(method, show, backwards=True)
    )


def as_written(method: Method) -> str:
    """Return the formula of *method* as text: ``D = E × C × γ；γ = α × τ × ω``."""
    return "；".join(equation.text for equation in formulas(method))


def excel_formula(method: Method) -> str:
    """Return the formula of *method* as an Excel formula over cells named for its terms."""
    return "=" + excel(
        method.formula.root, lambda part: part.name if isinstance(part, Operand) else None
    )


def derivation(item: Item) -> tuple[Equation, ...]:
    """Return the derivation of *item*: what its parts, its steps and its result come to."""
    lines = [line for part in item.parts for line in derivation(part)]
    show = Symbols(item.card)
    values = {step.name: (step.value, step.unit) for step in item.steps}
    values[""] = (item.exact, item.unit)
    for (name, of), key in zip(
        _defined(item.method, show),
        [*(step.name for step in item.method.formula.steps), ""],
        strict=True,
    ):
        of = _alone(of, item)
        numbers = _Numbers(item)
        written = lay_out(_spelled_out(of, item), numbers, numbers.holds)
        number, whole = shortened(values[key][0])
        value = Numeral(number, display(values[key][1]))
        lines.append(Equation(name, lay_out(of, show), written, value, whole, numbers.cut))
    return tuple(lines)


def substitution(item: Item) -> str:
    """Return the last line of the derivation of *item* as text, with the numbers only."""
    return text(derivation(item)[-1].substitution)


def looked_up(item: Item) -> tuple[str, ...]:
    """Return a sentence for each line that decides, and for each row that terms were read off."""
    read: dict[tuple[str, str], list[str]] = {}
    for used in item.inputs:
        if used.origin == "table":
            values = read.setdefault((_looked_up_by(item, used), used.note), [])
            values.append(used.equation)
    sentences = [f"由 {by} 查{row}，得 {'，'.join(values)}。" for (by, row), values in read.items()]
    return (*governing(item), *sentences)


def governing(item: Item) -> tuple[str, ...]:
    """Return a sentence for each of *item* and its parts in which the largest line decides."""
    sentences = [sentence for part in item.parts for sentence in governing(part)]
    if not isinstance(item.method.formula.root, Highest) or line_count(item) < 2:
        return tuple(sentences)
    values = line_values(item, item.method.formula.root.body)
    top = max(values)
    said = "、".join(line_name(item, place) for place, value in enumerate(values) if value == top)
    card = item.card
    listed = "，".join(
        f"{line_name(item, place)} {shortened(value)[0]}" for place, value in enumerate(values)
    )
    what = card.lines.title if card.lines is not None else ""
    sentences.append(
        f"各{what}的{card.result.title} {card.result.symbol}：{listed}；最大的是{said}，以它为准。"
    )
    return tuple(sentences)


def line_name(item: Item, place: int) -> str:
    """Return the name of a line of *item*, else its place counted from one."""
    return called(item.lines, place)


def _looked_up_by(item: Item, used: Used) -> str:
    """Return what the row was found by: a class that was chosen, a number and its symbol."""
    assert used.term.lookup is not None
    parts = {part.card.id: part for part in item.parts}
    titles, words = item.card.titles, []
    for key in used.term.lookup.keys.values():
        if key in parts:
            number, whole = shortened(parts[key].exact)
            sign = "=" if whole else "≈"
            words.append(f"{parts[key].card.result.symbol} {sign} {number}")
        elif key in item.choices:
            words.append(f"{titles[key]} {item.choices[key]}")
        elif key.startswith("="):
            words.append(key[1:])
        else:
            words.append(item.used(key).equation)
    return "、".join(words)


def printed_amount(item: Item) -> str:
    """Return the result of *item* as printed: ``15,562.50 元``."""
    if item.fens is not None:
        return f"{money.printed(item.fens)} 元"
    number, _ = shortened(item.exact)
    return f"{number} {display(item.unit)}".strip()


class _Numbers:
    """Show operands and steps by their numbers, and remember whether a digit was cut."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.cut = False

    def __call__(self, leaf: Operand | Step | Year) -> Layout:
        if isinstance(leaf, _Above):
            return Symbol(leaf.name)
        if isinstance(leaf, Year):
            return symbol(leaf.symbol)
        if isinstance(leaf, Step):
            step = next(step for step in self.item.steps if step.name == leaf.name)
            number, whole = shortened(step.value)
            self.cut |= not whole
            return Numeral(number, display(step.unit))
        used, place = self.item.used(leaf.name), int(leaf.line) if leaf.line else 0
        number, of, whole = written(self.item, used, place)
        self.cut |= not whole
        return Numeral(number, of)

    def holds(self, condition: Comparison) -> bool | None:
        """Tell whether *condition* holds; None where it runs through lines or years not spelled out."""
        if indices(condition.left) or indices(condition.right):
            running = [*indices(condition.left), *indices(condition.right)]
            if not all(isinstance(each, str) and each.isdigit() for each in running):
                return None
        return bool(evaluate(self._at_its_line(condition), values_of(self.item))[0])

    def _at_its_line(self, of: Node) -> Node:
        """Return *of* with the operands of a line as that line's numbers."""
        if isinstance(of, Operand):
            return Constant(self.item.used(of.name).values[int(of.line)]) if of.line else of
        return of if isinstance(of, (Step, Year)) else rebuilt(of, self._at_its_line)


def _defined(
    method: Method, show: Symbols, *, backwards: bool = False
) -> Iterator[tuple[Layout, Node]]:
    """Yield each step and the result with the symbol it is printed by."""
    lines = [(show(step), step.definition) for step in method.formula.steps]
    result = (symbol(method.card.result.symbol), method.formula.root)
    yield from ([result, *reversed(lines)] if backwards else [*lines, result])


class _Above(Operand):
    """What stands in a table above, named instead of spelled out."""


def _spelled_out(of: Node, item: Item) -> Node:
    """Return *of* with each sum over lines written as the sum of its terms, the largest likewise."""
    if isinstance(of, (Step, Operand, Year)):
        return of
    over_lines = isinstance(of, Highest) or (isinstance(of, Sum) and isinstance(of.index, str))
    if over_lines and line_count(item) > _SPELLED_OUT:
        return _Above(_named_above(of, item))
    if isinstance(of, Sum) and isinstance(of.index, str):
        terms = [_at_line(of.body, str(place)) for place in range(line_count(item))]
        whole = terms[0]
        for term in terms[1:]:
            whole = Binary("+", whole, term)
        return whole
    if isinstance(of, Highest):
        terms = [_at_line(of.body, str(place)) for place in range(line_count(item))]
        return Call("largest", tuple(terms)) if len(terms) > 1 else terms[0]
    return rebuilt(of, lambda part: _spelled_out(part, item))


def _named_above(of: Node, item: Item) -> str:
    """Return how a sum over many lines is named by the column of the table that adds up to it."""
    if isinstance(of, Highest):
        return "各行的最大值（见上）"
    added = next((each.column.title for each in line_sums(item) if each.of is of), "")
    return f"Σ{added}（见上表）"


def _alone(of: Node, item: Item) -> Node:
    """Return *of* without the largest of its lines where there is but one line."""
    if line_count(item) != 1 or isinstance(of, (Step, Operand, Year)):
        return of
    if isinstance(of, Highest):
        return _at_line(of.body, "")
    return rebuilt(of, lambda part: _alone(part, item))


def _at_line(of: Node, place: str) -> Node:
    if isinstance(of, Operand):
        return Operand(of.name, place) if of.line else of
    if isinstance(of, Year):
        return of
    return rebuilt(of, lambda part: _at_line(part, place))
