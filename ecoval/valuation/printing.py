"""A method's formula and an item's derivation: formula, numbers substituted, answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from .. import money
from ..formula.excel import excel
from ..formula.latex import latex
from ..formula.layout import RELATION, Chain, Layout, Numeral, Symbol, lay_out, symbol
from ..formula.mathml import mathml
from ..formula.omml import omml
from ..formula.text import text
from ..formula.tree import Binary, Node, Operand, Step, Sum, Year, children
from ..numerals import is_whole, shortened
from ..rules.cards import Card
from ..rules.sources import STANDINGS, source
from ..units import display
from .inputs import Given
from .item import ORIGINS, Item, Used

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
    """Return a sentence for each term of *item* that was read off a table."""
    sentences = []
    for used in item.inputs:
        if used.origin != "table":
            continue
        sentences.append(
            f"由 {_looked_up_by(item, used)} 查{used.note}，得 {used.term.symbol} = {used.text}。"
        )
    return tuple(sentences)


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


@dataclass(frozen=True)
class InputRow:
    """A term as a row of a printed table."""

    symbol: str
    title: str
    value: str
    basis: str
    standing: str
    open: str = ""


def input_rows(item: Item) -> tuple[InputRow, ...]:
    """Return the choices and terms of *item* (and of its parts) as they are tabled, without lines."""
    rows = [row for part in item.parts for row in input_rows(part)]
    for name, chosen in item.chosen.items():
        standing = "待定" if chosen.open else ""
        rows.append(
            InputRow(
                "", item.card.titles[name], str(chosen.value), _said(chosen), standing, chosen.open
            )
        )
    for used in item.inputs:
        if used.term.lines:
            continue
        standing = STANDINGS[used.standing] if used.standing else ""
        given_open = used.given.open if used.given is not None else ""
        if given_open:
            standing = "待定"
        rows.append(
            InputRow(
                used.term.symbol, used.term.title, used.text, basis(used), standing, given_open
            )
        )
    return tuple(rows)


def basis(used: Used) -> str:
    """Return where a value comes from, as printed."""
    if used.origin == "table":
        return used.note
    if used.origin == "method":
        return f"按“{used.note}”计算"
    if used.origin == "parameter":
        return f"{source(used.source)} {used.clause}".strip()
    return _said(used.given) if used.given is not None else ORIGINS[used.origin]


def _said(given: Given) -> str:
    """Return what stands behind a given value, as printed."""
    parts = []
    page = f"第 {given.page} 页" if given.page else ""
    if given.evidence:
        parts.append(f"材料 {given.evidence} {page}".strip())
    elif page:
        parts.append(page)
    parts += [part for part in (given.note, given.open and f"待定：{given.open}") if part]
    return "；".join(parts) or ORIGINS["given"]


@dataclass(frozen=True)
class LineRow:
    """One line of a ledger as a row of a printed table."""

    place: int
    name: str
    cells: tuple[str, ...]
    note: str


def line_titles(item: Item) -> tuple[str, ...]:
    """Return the titles of the line terms of *item*."""
    return tuple(used.term.title for used in item.inputs if used.term.lines)


def line_rows(item: Item) -> tuple[LineRow, ...]:
    """Return the lines of *item* as they are tabled."""
    listed = [used for used in item.inputs if used.term.lines]
    if not listed:
        return ()
    rows = []
    for place in range(len(listed[0].values)):
        texts = item.lines[place] if place < len(item.lines) else {}
        cells = tuple(_cell(item, used, place) for used in listed)
        said = [texts[key] for key in ("voucher", "note") if texts.get(key)]
        if texts.get("open"):
            said.append(f"待定：{texts['open']}")
        behind = (used.cells[place] for used in listed if place < len(used.cells))
        said += [_said(cell) for cell in behind if cell.texts]
        note = "；".join(said)
        rows.append(LineRow(place + 1, texts.get("name", ""), cells, note))
    return tuple(rows)


@dataclass(frozen=True)
class Sheet:
    """The lines of an item, or of a part of it, as one table."""

    title: str
    titles: tuple[str, ...]
    rows: tuple[LineRow, ...]


def sheets(item: Item) -> tuple[Sheet, ...]:
    """Return the tables of lines of *item*, those of its parts first, each with its title."""
    found = [
        sheet if sheet.title else Sheet(part.title or part.card.title, sheet.titles, sheet.rows)
        for part in item.parts
        for sheet in sheets(part)
    ]
    rows = line_rows(item)
    return (*found, *((Sheet("", line_titles(item), rows),) if rows else ()))


def _cell(item: Item, used: Used, place: int) -> str:
    """Return a value of a line as it is tabled; one that a path unfolded to is cut to six digits."""
    lines = item.card.lines
    number, of = used.written(place)
    if lines is not None and lines.unfold and lines.name in item.chosen:
        number = shortened(used.values[place])[0]
    return f"{number} {of}".strip()


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
        number, of = used.written(place)
        self.cut |= not is_whole(used.values[place])
        return Numeral(number.replace("-", "−"), of)


def _defined(
    method: Method, show: _Symbols, *, backwards: bool = False
) -> Iterator[tuple[Layout, Node]]:
    """Yield each step and the result with the symbol it is printed by."""
    lines = [(show(step), step.definition) for step in method.formula.steps]
    result = (symbol(method.card.result.symbol), method.formula.root)
    yield from ([result, *reversed(lines)] if backwards else [*lines, result])


def _line_count(item: Item) -> int:
    return max((len(used.values) for used in item.inputs if used.term.lines), default=0)


def _can_spell_out(of: Node, item: Item) -> bool:
    return not _sums_lines(of) or _line_count(item) <= _SPELLED_OUT


def _sums_lines(of: Node) -> bool:
    if isinstance(of, Step):
        return False
    if isinstance(of, Sum) and isinstance(of.index, str):
        return True
    return any(_sums_lines(child) for child in children(of))


def _spelled_out(of: Node, item: Item) -> Node:
    """Return *of* with each sum over lines written as the sum of its terms."""
    if isinstance(of, (Step, Operand, Year)):
        return of
    if isinstance(of, Sum) and isinstance(of.index, str):
        terms = [_at_line(of.body, str(place)) for place in range(_line_count(item))]
        whole = terms[0]
        for term in terms[1:]:
            whole = Binary("+", whole, term)
        return whole
    return _rebuilt(of, lambda part: _spelled_out(part, item))


def _at_line(of: Node, place: str) -> Node:
    if isinstance(of, Operand):
        return Operand(of.name, place) if of.line else of
    return _rebuilt(of, lambda part: _at_line(part, place))


def _rebuilt(of: Node, change: Callable[[Node], Node]) -> Node:
    changed: dict[str, object] = {}
    for field in fields(of):  # type: ignore[arg-type]
        part = getattr(of, field.name)
        if isinstance(part, Node) and not isinstance(part, Year):
            changed[field.name] = change(part)
        elif isinstance(part, tuple):
            changed[field.name] = tuple(change(each) for each in part)
    return replace(of, **changed) if changed else of  # type: ignore[type-var]
