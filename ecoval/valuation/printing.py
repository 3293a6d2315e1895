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
from ..formula.tree import Binary, Call, Highest, Node, Operand, Step, Sum, Year, children, rebuilt
from ..numerals import shortened
from ..rules.cards import Card
from ..units import display
from .item import Item, Used
from .lines import called
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

    ``exact`` tells whether every digit is shown; if not, the last sign is ≈.
    """

    symbol: Layout
    formula: Layout
    numbers: Layout | None = None
    value: Numeral | None = None
    exact: bool = True

    @property
    def layout(self) -> Layout:
        """The whole line as one layout, for any printer."""
        parts: list[tuple[str, Layout]] = [("", self.symbol), ("=", self.formula)]
        if self.numbers is not None:
            parts.append(("=", self.numbers))
        if self.value is not None:
            parts.append(("=" if self.exact else "≈", self.value))
        return Chain(tuple(parts), RELATION)

    @property
    def lines(self) -> tuple[Layout, ...]:
        """The line in pieces that fit a page: whole, or broken before its equals signs."""
        parts: list[tuple[str, Layout]] = [("=", self.formula)]
        if self.numbers is not None:
            parts.append(("=", self.numbers))
        if self.value is not None:
            parts.append(("=" if self.exact else "≈", self.value))
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
    show = _Symbols(method.card)
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
    show = _Symbols(item.card)
    values = {step.name: (step.value, step.unit) for step in item.steps}
    values[""] = (item.exact, item.unit)
    for (name, of), key in zip(
        _defined(item.method, show),
        [*(step.name for step in item.method.formula.steps), ""],
        strict=True,
    ):
        of = _alone(of, item)
        numbers = _Numbers(item)
        written = lay_out(_spelled_out(of, item), numbers) if _can_spell_out(of, item) else None
        number, whole = shortened(values[key][0])
        value = Numeral(number.replace("-", "−"), display(values[key][1]))
        lines.append(Equation(name, lay_out(of, show), written, value, whole and not numbers.cut))
    return tuple(lines)


def substitution(item: Item) -> str:
    """Return the last line of the derivation of *item* as text, with the numbers only."""
    last = derivation(item)[-1]
    parts: list[tuple[str, Layout]] = [("", last.symbol)]
    parts.append(("=", last.numbers if last.numbers is not None else last.formula))
    if last.value is not None:
        parts.append(("=" if last.exact else "≈", last.value))
    return text(Chain(tuple(parts), RELATION))


def looked_up(item: Item) -> tuple[str, ...]:
    """Return a sentence for each line that decides, and for each row that terms were read off."""
    read: dict[tuple[str, str], list[str]] = {}
    for used in item.inputs:
        if used.origin == "table":
            values = read.setdefault((_looked_up_by(item, used), used.note), [])
            values.append(f"{used.term.symbol} = {used.text}")
    sentences = [f"由 {by} 查{row}，得 {'，'.join(values)}。" for (by, row), values in read.items()]
    return (*governing(item), *sentences)


def governing(item: Item) -> tuple[str, ...]:
    """Return a sentence for each of *item* and its parts in which the largest line decides."""
    sentences = [sentence for part in item.parts for sentence in governing(part)]
    if not isinstance(item.method.formula.root, Highest) or line_count(item) < 2:
        return tuple(sentences)
    values = line_values(item)
    top = max(values)
    said = "、".join(line_name(item, place) for place, value in enumerate(values) if value == top)
    card = item.card
    listed = "，".join(
        f"{line_name(item, place)} {shortened(value)[0].replace('-', '−')}"
        for place, value in enumerate(values)
    )
    what = card.lines.title if card.lines is not None else ""
    sentences.append(
        f"各{what}的{card.result.title} {card.result.symbol}：{listed}；最大的是{said}，以它为准。"
    )
    return tuple(sentences)


def line_values(item: Item) -> tuple[float, ...]:
    """Return what each line of *item* comes to, where its formula takes the largest of them."""
    root = item.method.formula.root
    assert isinstance(root, Highest)
    found: list[float] = []
    for place in range(line_count(item)):
        values = {used.term.name: used.values[place] if used.term.lines else used.values[0]
                  for used in item.inputs}  # fmt: skip
        found.append(float(evaluate(_at_line(root.body, ""), values)[0]))
    return tuple(found)


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
            symbol_of, number = parts[key].card.result.symbol, shortened(parts[key].exact)[0]
            words.append(f"{symbol_of} = {number.replace('-', '−')}")
        elif key in item.choices:
            words.append(f"{titles[key]} {item.choices[key]}")
        elif key.startswith("="):
            words.append(key[1:])
        else:
            words.append(f"{item.used(key).term.symbol} = {item.used(key).text}")
    return "、".join(words)


def printed_amount(item: Item) -> str:
    """Return the result of *item* as printed: ``15,562.50 元``."""
    if item.fens is not None:
        return f"{money.printed(item.fens)} 元"
    number, _ = shortened(item.exact)
    return f"{number} {display(item.unit)}".strip()


class _Symbols:
    """Show operands, steps and years by the card's symbols."""

    def __init__(self, card: Card) -> None:
        self.card = card

    def __call__(self, leaf: Operand | Step | Year) -> Layout:
        if isinstance(leaf, Year):
            return symbol(leaf.symbol)
        if isinstance(leaf, Step):
            return symbol(next(step.symbol for step in self.card.steps if step.name == leaf.name))
        letter = symbol(self.card.term(leaf.name).symbol)
        if not leaf.line:
            return letter
        return Symbol(letter.text, f"{letter.sub},i" if letter.sub else "i")


class _Numbers:
    """Show operands and steps by their numbers, and remember whether a digit was cut."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.cut = False

    def __call__(self, leaf: Operand | Step | Year) -> Layout:
        if isinstance(leaf, Year):
            return symbol(leaf.symbol)
        if isinstance(leaf, Step):
            step = next(step for step in self.item.steps if step.name == leaf.name)
            number, whole = shortened(step.value)
            self.cut |= not whole
            return Numeral(number.replace("-", "−"), display(step.unit))
        used, place = self.item.used(leaf.name), int(leaf.line) if leaf.line else 0
        number, of, whole = written(self.item, used, place)
        self.cut |= not whole
        return Numeral(number.replace("-", "−"), of)


def _defined(
    method: Method, show: _Symbols, *, backwards: bool = False
) -> Iterator[tuple[Layout, Node]]:
    """Yield each step and the result with the symbol it is printed by."""
    lines = [(show(step), step.definition) for step in method.formula.steps]
    result = (symbol(method.card.result.symbol), method.formula.root)
    yield from ([result, *reversed(lines)] if backwards else [*lines, result])


def _can_spell_out(of: Node, item: Item) -> bool:
    return not _sums_lines(of) or line_count(item) <= _SPELLED_OUT


def _sums_lines(of: Node) -> bool:
    if isinstance(of, Step):
        return False
    if isinstance(of, Highest) or (isinstance(of, Sum) and isinstance(of.index, str)):
        return True
    return any(_sums_lines(child) for child in children(of))


def _spelled_out(of: Node, item: Item) -> Node:
    """Return *of* with each sum over lines written as the sum of its terms, the largest likewise."""
    if isinstance(of, (Step, Operand, Year)):
        return of
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
