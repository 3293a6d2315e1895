"""The year table of a path: what a present value adds up, year by year, with its tail closed."""

from __future__ import annotations

import math
from calendar import isleap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import TypeAlias

import numpy as np

from ..errors import InputError, OutOfScope
from .conventions import Conventions, check_rate
from .paths import Array, Number, Path

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_INSIDE, _SHARES = (_NODES + 1) / 2, _WEIGHTS / 2
# A tail of a curve that never comes to rest has no closed form; a table of ages has no reader.
_LONGEST = 10_000
# How the name of a row says that it lies before the base date.
BEFORE = "基准前"


@dataclass(frozen=True, eq=False)
class YearTable:
    """The level and the discounted length (in years) of each row, along the first axis.

    ``names`` say which year a row is, ``times`` where it begins, in years from the base date, and
    ``lengths`` how long it is: a whole year but for the first and the last of a calendar. A row
    that stands for ever after (``perpetual``) has the level of its first year, and the factor of all
    of them.
    """

    names: tuple[str, ...]
    times: Array
    lengths: Array
    levels: Array
    factors: Array
    perpetual: bool = False

    @cached_property
    def total(self) -> Number:
        """The sum of level times factor over the rows."""
        if self.levels.ndim > 1 or self.factors.ndim > 1:
            return np.asarray((self.levels * self.factors).sum(axis=0))
        return math.fsum((self.levels * self.factors).tolist())

    @property
    def has_past(self) -> bool:
        """Whether it begins before the base date."""
        return bool(np.any(self.times < 0))


Kept: TypeAlias = "dict[tuple[Conventions, float, bytes, bytes], Array]"


def year_table(
    path: Path,
    conventions: Conventions,
    rate: Number,
    *,
    negative: bool = False,
    kept: Kept | None = None,
) -> YearTable:
    """Return the year table of *path* under *conventions*.

    *rate* is the discount rate a year, as a share (0.03), or a column of draws, which the levels
    may be as well; one below zero must be meant: *negative*. What was discounted by the same *rate*
    before is taken from *kept*, where that is given.

    Raises
    ------
    OutOfScope
        The rate, or that of a step, is above 1 (3 where 3 % was meant) or at or below −1, or below
        zero and not meant; a declining rate or a table does not reach that far; a perpetuity has no limit.
    InputError
        The path goes on and no horizon is given; a level of a difference is not between 0 and 1.
    """
    rates = np.asarray(rate, dtype=float)
    steps = (each for _, each in conventions.schedule)
    for each in (rates.min(), rates.max(), *steps):
        check_rate(float(each))
        if each < 0 and not negative:
            raise OutOfScope(
                "折现率为负",
                where="rate",
                got=float(each),
                hint="确需采用的，须写明允许（negative，或以 overrule 说明理由）。",
            )
    delay, edges, names = _rows(path, conventions)
    forever = path.horizon == "perpetuity"
    columns = any(np.ndim(each) for each in (rate, path.years, path(0.0)))
    first, length = edges[:-1], np.diff(edges)
    if columns:
        first, length = first[:, None], length[:, None]
    levels = _levels(path, conventions, first, length)
    factor = _discount(conventions, rate)
    if conventions.discount_form == "table":
        factors = _tabled(conventions, delay, edges) * length
    else:
        key = (conventions, delay, edges.tobytes(), rates.tobytes())
        own = conventions.discount_at == "continuous"
        if kept is None or own or forever or key not in kept:
            factors = _factors(path, conventions, factor, first, length, delay, levels)
        else:
            factors = kept[key]
        if kept is not None and not own and not forever:
            kept[key] = factors
    if path.baseline is not None:
        _check(levels, names)
    if forever:
        shrink = np.exp(-np.asarray(path.decay)) if path.after == "decay" else 1.0
        ratio = shrink * _yearly(conventions, rate)
        if np.any(ratio >= 1):
            raise OutOfScope("折现率须大于零，永续才有限值", where="rate", got=float(rates.min()))
        factors[-1] = factors[-1] / (1 - ratio)
    return YearTable(names, delay + edges[:-1], np.diff(edges), levels, factors, forever)


def _rows(path: Path, conventions: Conventions) -> tuple[float, Array, tuple[str, ...]]:
    """Return the delay from the base date, the edges of the rows in the path's time, their names."""
    start = path.start
    if path.first_year != 1:
        if conventions.base_date is None:
            raise InputError("水平表按公历年份，须给出基准日", where="base_date")
        start = date(path.first_year, 1, 1)
    count = _count(path)
    if isinstance(start, date):
        if conventions.base_date is None:
            raise InputError("起始为日期，须给出基准日", where="base_date", got=start)
        begun, based = _position(start), _position(conventions.base_date)
        delay = float(begun - based)
        relative = path.by_year and path.first_year == 1
        edges = np.arange(count + 1.0) if relative else _calendar(begun, count, based - begun)
    else:
        if isinstance(start, bool) or start != int(start):
            raise InputError("起始应为整年数或日期", where="start", got=start)
        delay, edges = float(start), np.arange(count + 1.0)
    if path.horizon == "perpetuity":
        edges = _to_rest(edges, delay, conventions)
    if isinstance(start, date):
        names = _calendar_names(float(_position(start)), edges, delay)
    else:
        names = _year_names(int(delay), len(edges) - 1)
    if path.horizon == "perpetuity":
        names = (*names[:-1], f"{names[-1].partition('（')[0]}起，永续")
    return delay, edges, names


def _count(path: Path) -> int:
    """Return how many years are listed one by one."""
    years = math.ceil(float(np.max(path.years)))
    if path.horizon == "perpetuity":
        if path.after == "curve":
            raise OutOfScope(
                f"路径（{path.name}）没有永续的闭式", where="horizon", hint="请给出计算年限。"
            )
        if path.after == "drop":
            raise InputError(f"路径（{path.name}）会归零，不能永续", where="horizon")
        return years
    if path.horizon is None:
        if not path.ends:
            raise InputError(
                f"路径（{path.name}）在第 {years} 年末并未归零",
                where="horizon",
                hint='请给出计算年限 horizon：年数，或 "perpetuity"（永续）。',
            )
        return years
    count = path.horizon
    whole = not isinstance(count, (bool, str)) and count == int(count)
    if not whole or not 1 <= count <= _LONGEST or (path.ends and count > years):
        raise InputError("计算年限应为正整数，且不超过路径的年数", where="horizon", got=count)
    return int(count)


def _to_rest(edges: Array, delay: float, conventions: Conventions) -> Array:
    """Add whole years until the tail is after the base date and in the last step of the rate."""
    reach = 0.0
    if conventions.discount_form == "declining":
        if conventions.schedule[-1][0] is not None:
            raise OutOfScope(
                "分段折现率有末年，不能永续", where="schedule", hint="最后一段不写末年。"
            )
        ends = [last for last, _ in conventions.schedule[:-1] if last is not None]
        reach = float(ends[-1]) if ends else 0.0
    elif conventions.discount_form == "table":
        raise OutOfScope("折现系数表有末年，不能永续", where="factors")
    more = max(0, math.ceil(reach - (delay + edges[-1]) - 1e-9))
    return np.concatenate([edges, edges[-1] + np.arange(1.0, more + 2)])


def _position(day: date) -> Fraction:
    """Return *day* as a number of years: its year, and how much of it is over."""
    length = 366 if isleap(day.year) else 365
    return day.year + Fraction(day.timetuple().tm_yday - 1, length)


def _calendar(begun: Fraction, count: int, *also: Fraction) -> Array:
    """Return the edges of the calendar years that *count* years from *begun* run through.

    The row in which the base date falls (*also*) is parted there: what is past and what is to come.
    """
    turns = {
        Fraction(year) - begun for year in range(math.floor(begun) + 1, math.ceil(begun) + count)
    }
    edges = {Fraction(0), Fraction(count), *(each for each in (*turns, *also) if 0 < each < count)}
    return np.array([float(edge) for edge in sorted(edges)])


@lru_cache(maxsize=256)
def _year_names(delay: int, count: int) -> tuple[str, ...]:
    return tuple(
        f"第 {number} 年" if number >= 1 else f"{BEFORE}第 {1 - number} 年"
        for number in range(1 + delay, count + 1 + delay)
    )


def _calendar_names(begun: float, edges: Array, delay: float) -> tuple[str, ...]:
    names = []
    for first, length in zip(edges[:-1], np.diff(edges), strict=True):
        year = math.floor(begun + first + 1e-9)
        said = [] if abs(length - 1) < 1e-9 else [f"{length:.4g} 年"]
        said += [BEFORE] if delay + first < -1e-9 else []
        names.append(f"{year} 年（{'，'.join(said)}）" if said else f"{year} 年")
    return tuple(names)


def _levels(path: Path, conventions: Conventions, first: Array, length: Array) -> Array:
    levels = _read(path, conventions.level_at, first, length)
    if path.after == "drop" and np.ndim(path.years):
        levels = np.where(first < path.years, levels, 0.0)
    return levels if levels.shape[:1] == first.shape[:1] else levels + np.zeros_like(first)


def _read(path: Path, at: str, first: Array, length: Array) -> Array:
    if at == "mid" or path.by_year:
        return path(first + length / 2)
    if at == "start":
        return path(first)
    if at == "end":
        return path(first + length)
    if at == "trapezoid":
        return np.asarray((path(first) + path(first + length)) / 2)
    return np.tensordot(_SHARES, path(_within(first, length)), axes=1)


def _within(first: Array, length: Array) -> Array:
    """Return times inside each row, along an axis before it, for `_SHARES`."""
    inside = _INSIDE.reshape((-1,) + (1,) * first.ndim)
    return np.asarray(first + inside * length)


def _factors(
    path: Path,
    conventions: Conventions,
    factor: Callable[[Array], Array],
    first: Array,
    length: Array,
    delay: float,
    levels: Array,
) -> Array:
    if conventions.discount_at == "continuous":
        time = _within(first, length)
        inside = factor(delay + time)
        if conventions.level_at != "exact" or path.by_year:
            return np.asarray(np.tensordot(_SHARES, inside, axes=1) * length)
        flow = np.tensordot(_SHARES, path(time) * inside, axes=1)
        if path.after == "drop" and np.ndim(path.years):
            flow = np.where(first < path.years, flow, 0.0)
        # Where nothing flows, the factor does not matter; it is kept finite.
        return np.asarray(
            np.where(levels == 0, 1.0, flow / np.where(levels == 0, 1.0, levels)) * length
        )
    point = {"start": 0.0, "mid": 0.5, "end": 1.0}[conventions.discount_at]
    found = factor(delay + first + point * length)
    return np.asarray(found if np.all(length == 1.0) else found * length)


def _discount(conventions: Conventions, rate: Number) -> Callable[[Array], Array]:
    """Return the factor of a flow by its time from the base date."""
    if conventions.discount_form == "none":
        return np.ones_like
    if conventions.discount_form == "declining":
        ahead = _declining(conventions)
    else:
        linear = conventions.discount_form == "linear"
        growth = -np.log1p(-np.asarray(rate)) if linear else np.log1p(np.asarray(rate))

        def ahead(time: Array) -> Array:
            exponent = np.asarray(time * -growth)
            return np.asarray(np.exp(exponent, out=exponent))

    if conventions.past == "compound":
        return ahead

    def factor(time: Array) -> Array:
        before = 1.0 - np.asarray(rate) * time if conventions.past == "simple" else 1.0
        return np.asarray(np.where(time < 0, before, ahead(np.maximum(time, 0.0))))

    return factor


def _declining(conventions: Conventions) -> Callable[[Array], Array]:
    steps = conventions.schedule

    def factor(time: Array) -> Array:
        if np.any(time < 0):
            raise OutOfScope("分段递减的折现率不适用于基准日以前", where="delay")
        final = steps[-1][0]
        if final is not None and np.any(time > final):
            got = f"第 {math.ceil(float(time.max()))} 年"
            raise OutOfScope("年份超出各段折现率", where="schedule", got=got)
        logs, begun = np.zeros_like(time), 0.0
        for last, rate in steps:
            span = np.inf if last is None else last - begun
            logs += np.clip(time - begun, 0, span) * np.log1p(rate)
            begun = begun if last is None else float(last)
        return np.asarray(np.exp(-logs))

    return factor


def _tabled(conventions: Conventions, delay: float, edges: Array) -> Array:
    """Return the factors of a user's table, by the number of the year or the calendar year."""
    table = dict(conventions.factors)
    based = conventions.base_date if conventions.by_calendar else None
    shift = float(_position(based)) if based is not None else 1.0
    wanted = [math.floor(shift + delay + first + 1e-9) for first in edges[:-1]]
    missing = [year for year in wanted if year not in table]
    if missing:
        listed = "、".join(str(year) for year in dict.fromkeys(missing[:8]))
        raise OutOfScope(f"折现系数表没有第 {listed} 年", where="factors")
    return np.array([table[year] for year in wanted], dtype=float)


def _yearly(conventions: Conventions, rate: Number) -> Number:
    """Return what a year more multiplies the factor by, after all steps."""
    if conventions.discount_form == "none":
        return 1.0
    if conventions.discount_form == "linear":
        return 1 - np.asarray(rate)
    if conventions.discount_form == "declining":
        return 1 / (1 + conventions.schedule[-1][1])
    return 1 / (1 + np.asarray(rate))


def _check(levels: Array, names: tuple[str, ...]) -> None:
    """Refuse a level outside 0 to 1, which only a difference of paths can have."""
    faulty = (levels < -1e-12) | (levels > 1 + 1e-12)
    if np.any(faulty):
        row = int(np.argwhere(faulty)[0][0])
        got = float(np.atleast_1d(levels[row])[np.atleast_1d(faulty[row])][0])
        raise InputError(
            "损失或收益的水平应在 0 与 1 之间",
            where=names[row],
            got=f"{got:.6g}",
            hint="服务水平不应越过基线；越过的年份请另行说明。",
        )
    np.clip(levels, 0.0, 1.0, out=levels)
