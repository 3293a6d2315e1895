"""Prove a formula's units once, so that numbers and columns can be computed bare."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import cast

from ..errors import UnitError
from ..units import Unit, factor, same_kind, unit
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

_NONE = unit("")
_YEAR = unit("年")


def _same_scale(one: Unit, other: Unit) -> bool:
    """Tell whether a number in *one* is the same number in *other*: t and kg are not."""
    return same_kind(one, other) and math.isclose(factor(other, one), 1.0, rel_tol=1e-12)


def unit_of(root: Node, units: Mapping[str, Unit]) -> tuple[Unit, dict[str, Unit]]:
    """Return the unit of *root* and of each named step, for the *units* of its operands.

    The running year of a sum counts years without unit: a value per year is multiplied by one
    year for each term, which the sum over a `Year` supplies.

    Raises
    ------
    UnitError
        Unlike things are added or compared, or in different scales (t and kg), which a number
        alone would not show; an exponent, ``exp`` or ``log`` is not dimensionless.
    """
    known: dict[int, Unit] = {}
    steps: dict[str, Unit] = {}

    def of(at: Node) -> Unit:
        if id(at) not in known:
            known[id(at)] = compute(at)
        return known[id(at)]

    def alike(one: Node, other: Node, what: str) -> Unit:
        # Nothing is nothing in any unit: where(t > 0, t, 0).
        if isinstance(other, Constant) and other.value == 0:
            return of(one)
        if isinstance(one, Constant) and one.value == 0:
            return of(other)
        left, right = of(one), of(other)
        if not _same_scale(left, right):
            raise UnitError(f"{what}两侧单位不同：{left} 与 {right}")
        return left

    def plain(at: Node, what: str) -> Unit:
        if not _same_scale(of(at), _NONE):
            raise UnitError(f"{what}须无量纲", got=str(of(at)))
        return _NONE

    def compute(at: Node) -> Unit:
        match at:
            case Constant() | Year():
                return _NONE
            case Operand(name, _):
                return units[name]
            case Binary("*", left, right):
                return cast(Unit, of(left) * of(right))
            case Binary("/", left, right):
                return cast(Unit, of(left) / of(right))
            case Binary("^", left, right):
                plain(right, "指数")
                if of(left).dimensionless:
                    return plain(left, "底数")
                if isinstance(right, Constant):
                    return cast(Unit, of(left) ** right.value)
                raise UnitError("有量纲的量只能取常数次幂", got=str(of(left)))
            case Binary(operator, left, right):
                return alike(left, right, f" {operator} ")
            case Negative(inner):
                return of(inner)
            case Step(name, definition):
                steps[name] = of(definition)
                return steps[name]
            case Call("smallest" | "largest", arguments):
                for other in arguments[1:]:
                    alike(arguments[0], other, "取大或取小")
                return of(arguments[0])
            case Call("per_year", arguments):
                return cast(Unit, plain(arguments[0], "年率") / _YEAR)
            case Call(function, arguments):
                return plain(arguments[0], function)
            case Comparison(_, left, right):
                alike(left, right, "比较")
                return _NONE
            case Where(condition, then, otherwise):
                of(condition)
                return alike(then, otherwise, "分段")
            case Highest(body, _):
                return of(body)
            case Sum(body, index):
                if isinstance(index, Year):
                    plain(index.first, "年份"), plain(index.last, "年份")
                    return cast(Unit, of(body) * _YEAR)
                return of(body)
        raise TypeError(f"no unit for {type(at).__name__}")

    return of(root), steps
