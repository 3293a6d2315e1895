"""What a method's body may use beside arithmetic: it works on numbers, columns and symbols alike."""

from __future__ import annotations

from typing import Any, overload

import numpy as np
import numpy.typing as npt

from .tree import Call, Comparison, Highest, Node, Number, Step, Sum, Where, Year, indices, node

Array = npt.NDArray[np.float64]


@overload
def step(name: str, value: Node) -> Node: ...
@overload
def step(name: str, value: Any) -> Any: ...
def step(name: str, value: Any) -> Any:
    """Name an intermediate result: it is kept, and printed on a line of its own."""
    return Step(name, value) if isinstance(value, Node) else value


def total(value: Any) -> Any:
    """Sum over the lines of a list, or over the years, that *value* runs through.

    Raises
    ------
    TypeError
        The symbolic *value* runs through nothing, or through two things at once.
    """
    if not isinstance(value, Node):
        return np.add.accumulate(value, axis=0)[-1]
    runs = indices(value)
    if len(runs) != 1:
        raise TypeError(f"total() needs one running index, got {len(runs)}")
    return Sum(value, runs[0])


def highest(value: Any) -> Any:
    """Take the largest over the lines of a list that *value* runs through.

    Raises
    ------
    TypeError
        The symbolic *value* runs through nothing, through two things at once, or through years.
    """
    if not isinstance(value, Node):
        return np.maximum.reduce(value, axis=0)
    runs = indices(value)
    if len(runs) != 1 or not isinstance(runs[0], str):
        raise TypeError("highest() needs the lines of one list")
    return Highest(value, runs[0])


def years(first: Any, last: Any, symbol: str = "t") -> Any:
    """Run through the whole years from *first* to *last*, both included."""
    if isinstance(first, Node) or isinstance(last, Node):
        return Year(symbol, node(first), node(last))
    return np.arange(first, last + 1, dtype=float)


def where(condition: Any, then: Any, otherwise: Any) -> Any:
    """Return *then* where *condition* holds, *otherwise* where it does not."""
    if isinstance(condition, Comparison):
        return Where(condition, node(then), node(otherwise))
    return np.where(condition, then, otherwise)


def per_year(value: Any) -> Any:
    """Return *value* (a rate) as a number per accounting year; it prints as it is."""
    return Call("per_year", (value,)) if isinstance(value, Node) else value


def smallest(*values: Any) -> Any:
    """Return the smallest of *values*, element by element."""
    return _call("smallest", np.minimum, values)


def largest(*values: Any) -> Any:
    """Return the largest of *values*, element by element."""
    return _call("largest", np.maximum, values)


def exp(value: Any) -> Any:
    """Return e raised to *value*."""
    return _call("exp", np.exp, (value,))


def log(value: Any) -> Any:
    """Return the natural logarithm of *value*."""
    return _call("log", np.log, (value,))


def _call(name: str, ufunc: np.ufunc, values: tuple[Node | Number | Array, ...]) -> Any:
    if any(isinstance(value, Node) for value in values):
        return Call(name, tuple(node(value) for value in values))  # type: ignore[arg-type]
    if ufunc.nin == 1:
        return ufunc(values[0])
    result = values[0]
    for value in values[1:]:
        result = ufunc(result, value)
    return result
