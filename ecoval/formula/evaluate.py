"""The number, or the column of numbers, that a formula tree stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from .tree import (
    Binary,
    Call,
    Comparison,
    Constant,
    Negative,
    Node,
    Operand,
    Step,
    Sum,
    Where,
    Year,
)

Array = npt.NDArray[np.float64]
Values = Mapping[str, Any]

# The same ufuncs for a number and for a column: numpy's scalar power is another routine than its
# array power, and an opinion must not differ from the batch in the last digit.
_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
}
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_CALL: dict[str, Callable[..., Any]] = {
    "exp": np.exp,
    "per_year": np.positive,
    "log": np.log,
    "smallest": np.minimum,
    "largest": np.maximum,
}

# Rows are taken in blocks that stay in the processor's cache with all their intermediate results.
BLOCK = 32_768


def evaluate(root: Node, values: Values) -> tuple[Any, dict[str, Any]]:
    """Return what *root* comes to, and each named step, for *values* by operand name.

    *values* are numbers, or columns of one length, in the units of the card; an operand with
    lines has its lines along the first axis. A sum runs in order, line after line, so that a
    number and the same number inside a column come out alike to the last digit.
    """
    steps: dict[str, Any] = {}
    with np.errstate(all="ignore"):
        result = _Evaluation(values, steps).of(root)
    return result, steps


def evaluate_column(
    root: Node,
    values: Mapping[str, Array | float],
    rows: int,
    inspect: Callable[[Mapping[str, Array | float], int], None] | None = None,
) -> Array:
    """Return the column of *rows* results for columns (or single numbers) by operand name.

    The rows are taken in blocks, and *inspect* sees each block's operands and first row while
    they are still in the cache. Only formulas without lines have a column of this kind.
    """
    result = np.empty(rows)
    columns = {name: np.asarray(value) for name, value in values.items() if np.ndim(value)}
    block = dict(values)
    with np.errstate(all="ignore"):
        for start in range(0, rows, BLOCK):
            stop = min(start + BLOCK, rows)
            for name, column in columns.items():
                block[name] = column[start:stop]
            if inspect is not None:
                inspect(block, start)
            _Evaluation(block, None).into(root, result[start:stop])
    return result


class _Evaluation:
    """One evaluation: remembers each node's value, so that a step used twice is computed once."""

    def __init__(self, values: Values, steps: dict[str, Any] | None) -> None:
        self.values = values
        self.steps = steps
        self.known: dict[int, Any] = {}

    def into(self, root: Node, out: Array) -> None:
        """Write the value of *root* to *out*, without a copy where the last operation allows."""
        if isinstance(root, Binary):
            _BINARY[root.operator](self.of(root.left), self.of(root.right), out=out)  # type: ignore[call-arg]
        else:
            out[...] = self.of(root)

    def of(self, at: Node) -> Any:
        key = id(at)
        if key not in self.known:
            self.known[key] = self._compute(at)
        return self.known[key]

    def _compute(self, at: Node) -> Any:
        match at:
            case Binary(operator, left, right):
                return _BINARY[operator](self.of(left), self.of(right))
            case Operand(name, _):
                return self.values[name]
            case Constant(value):
                return float(value)
            case Negative(inner):
                return np.negative(self.of(inner))
            case Step(name, definition):
                value = self.of(definition)
                if self.steps is not None:
                    self.steps[name] = value
                return value
            case Call(function, arguments):
                first, *rest = (self.of(argument) for argument in arguments)
                if not rest:
                    return np.positive(first) if function in _EXTREMES else _CALL[function](first)
                for value in rest:
                    first = _CALL[function](first, value)
                return first
            case Comparison(operator, left, right):
                return _COMPARE[operator](self.of(left), self.of(right))
            case Where(condition, then, otherwise):
                return np.where(self.of(condition), self.of(then), self.of(otherwise))[()]
            case Sum(body, index):
                return self._sum(body, index)
        raise TypeError(f"cannot evaluate {type(at).__name__} outside a sum")

    def _sum(self, body: Node, index: Year | str) -> Any:
        if isinstance(index, str):
            terms = self.of(body)
            return np.add.accumulate(terms, axis=0)[-1]
        first = np.asarray(self.of(index.first), dtype=float)
        last = np.asarray(self.of(index.last), dtype=float)
        # A row whose span is empty has no year to sum; its count is below one.
        count = last - first + 1
        longest = max(int(np.max(count)), 1)
        offset = np.arange(longest, dtype=float).reshape((-1,) + (1,) * count.ndim)
        inside = offset < count
        inner = _Evaluation(self.values, self.steps)
        inner.known = {key: value for key, value in self.known.items()}
        inner.known[id(index)] = np.where(inside, first + offset, first)
        terms = np.where(inside, inner.of(body), 0.0)
        return np.add.accumulate(terms, axis=0)[-1]


_EXTREMES = ("smallest", "largest")
