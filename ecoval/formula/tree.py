"""The formula as a tree: what a method's function returns when its operands are symbols."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import TypeAlias

Number: TypeAlias = float | int


class Node:
    """A part of a formula; arithmetic and comparison on nodes build larger ones.

    A node has no truth value: ``if rate > 0`` in a method would compute one formula and print
    another, so it raises and names `ecoval.formula.where`, which does both. Nor can two nodes be
    asked whether they are equal.
    """

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        raise TypeError(
            "a formula cannot be tested for equality: write where(condition, then, otherwise)"
        )

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __add__(self, other: Node | Number) -> Node:
        return Binary("+", self, node(other))

    def __radd__(self, other: Number) -> Node:
        return Binary("+", node(other), self)

    def __sub__(self, other: Node | Number) -> Node:
        return Binary("-", self, node(other))

    def __rsub__(self, other: Number) -> Node:
        return Binary("-", node(other), self)

    def __mul__(self, other: Node | Number) -> Node:
        return Binary("*", self, node(other))

    def __rmul__(self, other: Number) -> Node:
        return Binary("*", node(other), self)

    def __truediv__(self, other: Node | Number) -> Node:
        return Binary("/", self, node(other))

    def __rtruediv__(self, other: Number) -> Node:
        return Binary("/", node(other), self)

    def __pow__(self, other: Node | Number) -> Node:
        return Binary("^", self, node(other))

    def __rpow__(self, other: Number) -> Node:
        return Binary("^", node(other), self)

    def __neg__(self) -> Node:
        return Negative(self)

    def __pos__(self) -> Node:
        return self

    def __lt__(self, other: Node | Number) -> Node:
        return Comparison("<", self, node(other))

    def __le__(self, other: Node | Number) -> Node:
        return Comparison("<=", self, node(other))

    def __gt__(self, other: Node | Number) -> Node:
        return Comparison(">", self, node(other))

    def __ge__(self, other: Node | Number) -> Node:
        return Comparison(">=", self, node(other))

    def __bool__(self) -> bool:
        raise TypeError("a formula has no truth value: write where(condition, then, otherwise)")

    def __iter__(self) -> Iterator[Node]:
        raise TypeError("a formula is not iterable: write total(...) to sum over its lines")

    def __float__(self) -> float:
        raise TypeError("a formula is not a number: a method's body computes on its operands only")


@dataclass(frozen=True, slots=True, eq=False)
class Constant(Node):
    """A number that stands in the formula itself, like the 1 of 1 + r."""

    value: Number


@dataclass(frozen=True, slots=True, eq=False)
class Operand(Node):
    """A term of the card; with a *line* it has one value for each line of a list."""

    name: str
    line: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Year(Node):
    """The running index of a sum over whole years, both ends included."""

    symbol: str
    first: Node
    last: Node


@dataclass(frozen=True, slots=True, eq=False)
class Binary(Node):
    """Two nodes joined by one of ``+ - * / ^``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, eq=False)
class Negative(Node):
    """Minus a node."""

    inner: Node


@dataclass(frozen=True, slots=True, eq=False)
class Call(Node):
    """``exp``, ``log``, ``smallest`` or ``largest`` of nodes."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sum(Node):
    """The sum of *body* over its running index: a `Year`, or the name of the lines."""

    body: Node
    index: Year | str


@dataclass(frozen=True, slots=True, eq=False)
class Highest(Node):
    """The largest of *body* over the lines of a list, named by *index*."""

    body: Node
    index: str


@dataclass(frozen=True, slots=True, eq=False)
class Comparison(Node):
    """A condition: two nodes joined by one of ``< <= > >=``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, eq=False)
class Where(Node):
    """One node where a condition holds, another where it does not."""

    condition: Comparison
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True, eq=False)
class Step(Node):
    """A named intermediate result: printed on a line of its own, then by its symbol."""

    name: str
    definition: Node


def node(value: Node | Number) -> Node:
    """Return *value* as a node.

    Raises
    ------
    TypeError
        It is neither a node nor a plain number.
    """
    if isinstance(value, Node):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"a formula is made of its operands and plain numbers, not {value!r}")
    return Constant(value)


def children(of: Node) -> tuple[Node, ...]:
    """Return the nodes that *of* is made of, left to right."""
    match of:
        case Binary(_, left, right) | Comparison(_, left, right):
            return (left, right)
        case Negative(inner) | Step(_, inner) | Highest(inner, _):
            return (inner,)
        case Call(_, arguments):
            return arguments
        case Sum(body, index):
            return (body, index.first, index.last) if isinstance(index, Year) else (body,)
        case Where(condition, then, otherwise):
            return (condition, then, otherwise)
    return ()


def walk(root: Node) -> Iterator[Node]:
    """Yield every node below *root* and then itself, each once, what is used before its user."""
    seen: set[int] = set()

    def visit(at: Node) -> Iterator[Node]:
        if id(at) in seen:
            return
        seen.add(id(at))
        for child in children(at):
            yield from visit(child)
        yield at

    return visit(root)


def rebuilt(of: Node, change: Callable[[Node], Node]) -> Node:
    """Return *of* with each node that it is made of as *change* gives it back.

    The running index of a sum is not a part of it, and stays.
    """
    changed: dict[str, object] = {}
    for field in fields(of):  # type: ignore[arg-type]
        part = getattr(of, field.name)
        if isinstance(part, Node) and field.name != "index":
            changed[field.name] = change(part)
        elif isinstance(part, tuple):
            changed[field.name] = tuple(change(each) for each in part)
    return replace(of, **changed) if changed else of  # type: ignore[type-var]


def indices(root: Node) -> list[Year | str]:
    """Return the running indices that *root* leaves open, in the order they are met."""
    found: list[Year | str] = []

    def visit(at: Node, bound: tuple[Year | str, ...]) -> None:
        match at:
            case Operand(_, line) if line:
                open_index: Year | str = line
            case Year():
                open_index = at
            case Sum(body, index) | Highest(body, index):
                visit(body, (*bound, index))
                return
            case _:
                for child in children(at):
                    visit(child, bound)
                return
        if not any(_same(open_index, other) for other in (*bound, *found)):
            found.append(open_index)

    visit(root, ())
    return found


def _same(one: Year | str, other: Year | str) -> bool:
    return one is other or (isinstance(one, str) and isinstance(other, str) and one == other)
