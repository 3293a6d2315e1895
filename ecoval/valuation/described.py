"""A service path as a case file describes it: ``{ path = "linear", first = 1, last = 0, years = 10 }``."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

from ..errors import InputError, Spot, nearest
from ..units import factor, measure, unit
from .paths import (
    Path,
    by_year,
    constant,
    difference,
    exponential,
    linear,
    logistic,
    points,
    ramp,
    step,
)

SHAPES: dict[str, Callable[..., Path]] = {
    "linear": linear,
    "step": step,
    "constant": constant,
    "ramp": ramp,
    "exponential": exponential,
    "logistic": logistic,
    "by_year": by_year,
    "points": points,
}
_ARGUMENTS = {name: inspect.signature(shape).parameters for name, shape in SHAPES.items()}


def read_path(given: Any, *, where: Spot, side: Literal["loss", "gain"] = "loss") -> Path:
    """Return the path that *given* describes.

    It names a shape of `ecoval.valuation.paths` and that function's arguments, or gives the level of
    ``service`` and its ``baseline``, each a path or one level; and for either ``start`` and
    ``horizon``.

    Raises
    ------
    InputError
        A shape or a key is unknown or missing, or a value will not do.
    """
    if isinstance(given, Path):
        return given
    if not isinstance(given, Mapping):
        raise InputError(
            "路径应为表",
            where=where,
            got=repr(given),
            hint='例如 { path = "step", level = 1, years = 5 }。',
        )
    data = dict(given)
    start = _start(data.pop("start", 0), where)
    horizon = data.pop("horizon", None)
    if horizon is not None and horizon != "perpetuity":
        horizon = read_number(horizon, where, "horizon")
    if "service" in data:
        path = _difference(data, where, side)
    else:
        path = _shape(data, where)
    try:
        return path.at(start=start, horizon=horizon)
    except InputError as error:
        raise error.at(where) from None


def _shape(data: dict[str, Any], where: Spot) -> Path:
    kind = data.pop("path", None)
    if kind not in SHAPES:
        hint = nearest(str(kind), SHAPES) or f"可用：{'、'.join(SHAPES)}。"
        raise InputError("没有这种路径", where=where, got=kind, hint=hint)
    shape = SHAPES[kind]
    known = _ARGUMENTS[kind]
    for name in data:
        if name not in known:
            hint = nearest(name, [*known, "start", "horizon"]) or f"可用：{'、'.join(known)}。"
            raise InputError(f"未知的键 {name}", where=where, hint=hint)
    for name, parameter in known.items():
        if parameter.default is inspect.Parameter.empty and name not in data:
            raise InputError(f"路径 {kind} 缺少 {name}", where=where)
    terms = {name: _argument(value, where, name) for name, value in data.items()}
    try:
        return shape(**terms)
    except InputError as error:
        raise error.at(where) from None
    except (TypeError, ValueError):
        hint = f"键：{'、'.join(known)}。"
        raise InputError(
            f"路径 {kind} 的写法有误", where=where, got=repr(data), hint=hint
        ) from None


def _argument(value: Any, where: Spot, name: str) -> Any:
    """Return an argument of a shape: a number, a table of numbers, a word, or yes or no."""
    at = Spot(f"{where.text} {name}", (*where.path, name))
    if name == "after":
        if not isinstance(value, str):
            raise InputError("应为文字", where=at, got=repr(value))
        return value
    if name == "rescaled":
        if not isinstance(value, bool):
            raise InputError("应为 true 或 false", where=at, got=repr(value))
        return value
    if name != "levels":
        return read_number(value, where, name)
    rows = list(value.items()) if isinstance(value, Mapping) else value
    if not isinstance(rows, (list, tuple)):
        raise InputError("应为列表", where=at, got=repr(value))
    return [
        [read_number(each, at, f"第 {place} 行") for each in row]
        if isinstance(row, (list, tuple))
        else read_number(row, at, f"第 {place} 行")
        for place, row in enumerate(rows, start=1)
    ]


def _difference(data: dict[str, Any], where: Spot, side: Literal["loss", "gain"]) -> Path:
    service, baseline = data.pop("service"), data.pop("baseline", None)
    if data:
        hint = "service 与 baseline 以外只写 start、horizon。"
        raise InputError(f"未知的键 {next(iter(data))}", where=where, hint=hint)
    if baseline is None:
        raise InputError("给出服务水平的，须给出基线 baseline", where=where)
    parts = [
        read_path(part, where=where)
        if isinstance(part, (Mapping, Path))
        else constant(read_number(part, where, name))
        for name, part in (("service", service), ("baseline", baseline))
    ]
    if any(part.start != 0 or part.horizon is not None for part in parts):
        raise InputError("start、horizon 应与 service 并列，不写在其中", where=where)
    return difference(*parts, side=side)


def _start(given: Any, where: Spot) -> int | date:
    if isinstance(given, date):
        return given
    if isinstance(given, str):
        try:
            return date.fromisoformat(given)
        except ValueError:
            raise InputError("start 应为整年数或日期", where=where, got=given) from None
    number = read_number(given, where, "start")
    if number != int(number):
        raise InputError("start 应为整年数或日期", where=where, got=given)
    return int(number)


def read_number(given: Any, where: Spot, name: str) -> Any:
    """Return a number; a percentage as a share, a number of years as it is, a column as it is.

    Raises
    ------
    InputError
        It is none, or has another unit.
    """
    if getattr(given, "ndim", 0) or (type(given) in (int, float) and math.isfinite(given)):
        return given
    at = Spot(f"{where.text} {name}", (*where.path, name))
    number, of = measure(given, where=at)
    if of == unit("年"):
        return number
    return number * factor(of, unit(""))
