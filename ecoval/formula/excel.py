"""A formula as a live Excel formula; LibreOffice and WPS read the same text."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

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

# Every operator is taken from the left, ^ too. Excel binds a sign tighter than ^, a person does
# not: a negative part counts as a difference, so that it stands in brackets for both.
_COMPARE, _ADD, _MULTIPLY, _RAISE, _CELL = range(5)
_TIGHTNESS = {"+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "^": _RAISE}
_NAMES = {"exp": "EXP", "log": "LN", "smallest": "MIN", "largest": "MAX"}

Reference = Callable[[Operand | Step], str | None]


def excel(root: Node, reference: Reference) -> str:
    """Return *root* as Excel text without the leading ``=``.

    *reference* gives the cell, the range or the name for an operand or a step; a step for which
    it returns None is written out in full. A formula with a condition inside a sum must be entered
    as an array formula where Excel has no dynamic arrays.
    """
    return _Writer(reference).of(root)[0]


class _Writer:
    def __init__(self, reference: Reference, *, in_array: bool = False) -> None:
        self.reference = reference
        self.in_array = in_array

    def of(self, at: Node) -> tuple[str, int]:
        """Return the text of *at* and how tightly it holds together."""
        match at:
            case Constant(value):
                return number(value), _ADD if value < 0 else _CELL
            case Operand() | Step():
                name = self.reference(at)
                if name is not None:
                    return name, _CELL
                if isinstance(at, Step):
                    return self.of(at.definition)
                raise TypeError(f"no cell for {at.name}")
            case Negative(inner):
                return f"-{self.held(inner, _CELL)}", _ADD
            case Binary(operator, left, right):
                tightness = _TIGHTNESS[operator]
                return (
                    self.held(left, tightness) + operator + self.held(right, tightness + 1),
                    tightness,
                )
            case Call("per_year", arguments):
                return self.of(arguments[0])
            case Call(function, arguments):
                return self.call(function, arguments), _CELL
            case Comparison(operator, left, right):
                return self.held(left, _ADD) + operator + self.held(right, _ADD), _COMPARE
            case Where(condition, then, otherwise):
                parts = (self.of(part)[0] for part in (condition, then, otherwise))
                return f"IF({','.join(parts)})", _CELL
            case Highest(body, _):
                # SUMPRODUCT makes every spreadsheet take MAX over the whole range, line by line.
                lines = _Writer(self.reference, in_array=True)
                return f"SUMPRODUCT(MAX({lines.of(body)[0]}))", _CELL
            case Sum(body, index):
                return self.sum(body, index), _CELL
            case Year(_, first, last):
                start, end = self.of(first)[0], self.held(last, _ADD)
                shift = self.held(first, _MULTIPLY)
                return f'(ROW(INDIRECT("1:"&({end}-{shift}+1)))-1+{start})', _CELL
        raise TypeError(f"no Excel text for {type(at).__name__}")

    def held(self, at: Node, tightness: int) -> str:
        text, holds = self.of(at)
        return text if holds >= tightness else f"({text})"

    def call(self, function: str, arguments: tuple[Node, ...]) -> str:
        written = [self.of(argument)[0] for argument in arguments]
        if not self.in_array or function in ("exp", "log"):
            return f"{_NAMES[function]}({','.join(written)})"
        # MIN and MAX would swallow the whole array: take them two by two.
        sign = "<=" if function == "smallest" else ">="
        first, *rest = written
        for other in rest:
            first = f"IF(({first}){sign}({other}),{first},{other})"
        return first

    def sum(self, body: Node, index: Year | str) -> str:
        inner = _Writer(self.reference, in_array=True)
        added = f"SUMPRODUCT({inner.of(body)[0]})"
        if isinstance(index, str):
            return added
        # No year, no sum: Excel has no empty range to take its rows from.
        return f"IF({self.held(index.last, _ADD)}<{self.held(index.first, _ADD)},0,{added})"


def number(value: float) -> str:
    """Return *value* with every digit that it holds, as Excel reads it.

    >>> number(0.1), number(1e-7), number(-3)
    ('0.1', '0.0000001', '-3')
    """
    return format(Decimal(repr(float(value))), "f") if isinstance(value, float) else str(value)
