"""Service levels over the years, and the conventions by which a year's level and discount are read.

Year t = 1, 2, … runs from time t − 1 to t. Texts on equivalency analysis read the level at its
start, its middle, its end, or as the mean of both ends, and discount the year's flow at its start,
middle or end: each is an option with a name, none is a default that goes unsaid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ..errors import InputError, OutOfScope

Array = npt.NDArray[np.float64]
LevelAt = Literal["start", "mid", "end", "trapezoid", "exact"]
DiscountAt = Literal["start", "mid", "end", "continuous"]
DiscountForm = Literal["compound", "linear", "declining", "none"]

LEVELS: dict[LevelAt, str] = {
    "start": "年初水平",
    "mid": "年中水平",
    "end": "年末水平",
    "trapezoid": "年初与年末的平均",
    "exact": "年内连续平均",
}
DISCOUNTS: dict[DiscountAt, str] = {
    "start": "年初折现",
    "mid": "年中折现",
    "end": "年末折现",
    "continuous": "连续折现",
}

FORMS: dict[DiscountForm, str] = {
    "compound": "复利 1/(1+r)^t",
    "linear": "(1−r)^t",
    "declining": "分段递减",
    "none": "不折现",
}

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_INSIDE, _SHARES = (_NODES + 1) / 2, _WEIGHTS / 2


@dataclass(frozen=True)
class Path:
    """A level (of loss, or of gain) at any time after its start, between 0 and 1.

    ``years`` is how long it changes; ``ends`` tells whether it is over then. A path that stays at a
    level goes on, and how long it is counted must be said.
    """

    name: str
    level: Callable[[Array], Array]
    years: int
    ends: bool
    by_year: bool = False

    def __call__(self, time: Array | float) -> Array:
        return self.level(np.asarray(time, dtype=float))


def linear(first: float, last: float, years: int) -> Path:
    """Run evenly from *first* to *last* in *years*, and stay there."""
    _check_levels(first, last)
    _check_years(years)
    return Path(
        f"线性，{first:g} 至 {last:g}，{years} 年",
        lambda time: first + (last - first) * np.clip(time / years, 0, 1),
        years,
        ends=last == 0,
    )


def step(level: float, years: int) -> Path:
    """Stay at *level* for *years*."""
    _check_levels(level)
    _check_years(years)
    return Path(f"不变，{level:g}，{years} 年", lambda time: np.full_like(time, level), years, True)


def exponential(first: float, rate: float, years: int) -> Path:
    """Fall from *first* by the share 1 − e^(−rate) a year, for *years*."""
    _check_levels(first)
    _check_years(years)
    if not rate > 0:
        raise InputError("恢复速率应大于零", where="rate", got=rate)
    return Path(
        f"指数，{first:g}，速率 {rate:g}，{years} 年",
        lambda time: first * np.exp(-rate * time),
        years,
        ends=False,
    )


def logistic(first: float, steepness: float, middle: float, years: int, *, rescaled: bool) -> Path:
    """Fall from *first* along a logistic curve whose middle is at the time *middle*.

    The raw curve reaches neither end; *rescaled* stretches it to run from *first* to 0 exactly.
    """
    _check_levels(first)
    _check_years(years)
    if not steepness > 0:
        raise InputError("陡度应大于零", where="steepness", got=steepness)

    def raw(time: Array) -> Array:
        return np.asarray(1 / (1 + np.exp(steepness * (time - middle))))

    start, end = (float(raw(np.array(float(each)))) for each in (0, years))

    def level(time: Array) -> Array:
        inside = np.clip(time, 0, years) if rescaled else time
        shape = (raw(inside) - end) / (start - end) if rescaled else raw(time)
        return np.asarray(first * shape)

    kind = "拉伸至两端" if rescaled else "原始曲线"
    return Path(f"逻辑斯蒂（{kind}），{first:g}，{years} 年", level, years, ends=rescaled)


def by_year(levels: Sequence[float]) -> Path:
    """Take the level of each year from a table; it is the same all through the year."""
    if not levels:
        raise InputError("水平表为空", where="levels")
    _check_levels(*levels)
    held = np.asarray(levels, dtype=float)
    return Path(
        f"逐年给定，{len(held)} 年",
        lambda time: held[np.clip(time.astype(int), 0, len(held) - 1)],
        len(held),
        ends=True,
        by_year=True,
    )


@dataclass(frozen=True)
class Conventions:
    """How levels and discounts are read; printed with every result."""

    level_at: LevelAt
    discount_at: DiscountAt
    discount_form: DiscountForm = "compound"

    def __post_init__(self) -> None:
        for value, known, name in (
            (self.level_at, LEVELS, "level_at"),
            (self.discount_at, DISCOUNTS, "discount_at"),
            (self.discount_form, FORMS, "discount_form"),
        ):
            if value not in known:
                raise InputError("没有这种口径", where=name, got=value, hint="、".join(known))
        if self.discount_at == "continuous" and self.discount_form != "compound":
            raise InputError("连续折现只用于复利", where="discount_form", got=self.discount_form)

    def __str__(self) -> str:
        form = "" if self.discount_form == "compound" else f"，{FORMS[self.discount_form]}"
        return f"{LEVELS[self.level_at]}，{DISCOUNTS[self.discount_at]}{form}"


@dataclass(frozen=True)
class YearTable:
    """The level and the discounted length of each year: what a present value adds up."""

    years: tuple[int, ...]
    levels: tuple[float, ...]
    factors: tuple[float, ...]


def year_table(
    path: Path,
    conventions: Conventions,
    rate: float,
    *,
    delay: int = 0,
    horizon: int | None = None,
    schedule: Sequence[tuple[int, float]] = (),
) -> YearTable:
    """Return the year table of *path* under *conventions*.

    Parameters
    ----------
    rate
        Discount rate a year, as a share (0.03).
    delay
        Whole years from the base date to the start of the path; negative where it lies in the
        past, whose losses are then compounded.
    horizon
        How many years of the path are counted; must be given for a path that goes on.
    schedule
        For a declining rate: (last year, rate) in order, the years counted from the base date.

    Raises
    ------
    OutOfScope
        The rate is above 1 (3 where 3 % was meant) or at or below −1; a declining rate is asked for
        the past.
    InputError
        The path goes on and no horizon is given.
    """
    if horizon is None and not path.ends:
        raise InputError(
            f"路径（{path.name}）在第 {path.years} 年末并未归零",
            where="horizon",
            hint="请给出计算年限 horizon。",
        )
    count = path.years if horizon is None else horizon
    if count < 1 or (path.ends and count > path.years):
        raise InputError("计算年限应为正整数，且不超过路径的年数", where="horizon", got=count)
    if not -1 < rate <= 1:
        raise OutOfScope("折现率应为比例", where="rate", got=rate, hint="3% 写 0.03。")
    first = np.arange(count, dtype=float)
    levels = _levels(path, conventions.level_at, first)
    factors = _factors(path, conventions, rate, first, delay, schedule, levels)
    years = tuple(range(1 + delay, count + 1 + delay))
    return YearTable(years, tuple(map(float, levels)), tuple(map(float, factors)))


def _levels(path: Path, at: LevelAt, first: Array) -> Array:
    if at == "mid" or path.by_year:
        return path(first + 0.5)
    if at == "start":
        return path(first)
    if at == "end":
        return path(first + 1)
    if at == "trapezoid":
        return np.asarray((_levels(path, "start", first) + path(first + 1)) / 2)
    return np.asarray(path(first[:, None] + _INSIDE) @ _SHARES)


def _factors(
    path: Path,
    conventions: Conventions,
    rate: float,
    first: Array,
    delay: int,
    schedule: Sequence[tuple[int, float]],
    levels: Array,
) -> Array:
    time = first + delay
    if conventions.discount_form == "none":
        return np.ones_like(time)
    if conventions.discount_at == "continuous":
        inside = (1 + rate) ** -(time[:, None] + _INSIDE)
        if conventions.level_at != "exact":
            return np.asarray(inside @ _SHARES)
        flow = (path(first[:, None] + _INSIDE) * inside) @ _SHARES
        # Where nothing flows, the factor does not matter; it is kept finite.
        return np.asarray(np.where(levels == 0, 1.0, flow / np.where(levels == 0, 1.0, levels)))
    time = time + {"start": 0.0, "mid": 0.5, "end": 1.0}[conventions.discount_at]
    if conventions.discount_form == "linear":
        return np.asarray((1 - rate) ** time)
    if conventions.discount_form == "declining":
        return _declining(time, schedule)
    return np.asarray((1 + rate) ** -time)


def _declining(time: Array, schedule: Sequence[tuple[int, float]]) -> Array:
    if not schedule:
        raise InputError("递减折现率须给出各段", where="schedule")
    if np.any(time < 0):
        raise OutOfScope("分段递减的折现率不适用于基准日以前", where="delay")
    if np.any(time > schedule[-1][0]):
        raise OutOfScope("年份超出各段折现率", where="schedule", got=f"第 {int(time.max())} 年")
    logs, begun = np.zeros_like(time), 0
    for last, rate in schedule:
        logs += np.clip(time - begun, 0, last - begun) * np.log1p(rate)
        begun = last
    return np.asarray(np.exp(-logs))


def _check_levels(*levels: float) -> None:
    for level in levels:
        if not 0 <= level <= 1:
            raise InputError("服务水平应在 0 与 1 之间", where="level", got=level)


def _check_years(years: int) -> None:
    if years != int(years) or years < 1:
        raise InputError("年数应为正整数", where="years", got=years)
