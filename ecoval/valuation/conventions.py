"""The conventions by which a year's level is read and its flow discounted, each with a name.

Year t = 1, 2, … runs from time t − 1 to t. Texts on equivalency analysis read the level at its
start, its middle, its end, or as the mean of both ends, and discount the year's flow at its start,
middle or end: each is an option, none is a default that goes unsaid.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import product
from typing import Any, Literal, get_args

from ..errors import InputError, OutOfScope
from ..numerals import percent, plain
from .demands import FIRST_YEAR

LevelAt = Literal["start", "mid", "end", "trapezoid", "exact"]
DiscountAt = Literal["start", "mid", "end", "continuous"]
DiscountForm = Literal["compound", "linear", "declining", "table", "none"]
Past = Literal["compound", "simple", "none"]

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
    "table": "给定的折现系数表",
    "none": "不折现",
}
PASTS: dict[Past, str] = {
    "compound": "基准日以前按复利计入",
    "simple": "基准日以前按单利计入",
    "none": "基准日以前不计息",
}


def _check_schedule(schedule: Sequence[tuple[int | None, float]]) -> None:
    begun = 0
    for place, (last, rate) in enumerate(schedule, start=1):
        where = step_named(place)
        if last is None and place < len(schedule):
            raise InputError("只有最后一段可以不写末年", where=where)
        if last is not None and (not _is_whole(last) or last <= begun):
            raise InputError("各段的末年应为递增的整数", where=where, got=last)
        check_rate(rate, where=where)
        begun = last or begun


def _check_factors(factors: Sequence[tuple[int, float]]) -> None:
    check_years([year for year, _ in factors], where="factors")
    for year, factor in factors:
        if not _is_number(factor) or not factor > 0:
            raise InputError("折现系数应大于零", where=f"factors 第 {year} 年", got=factor)


def step_named(place: int) -> str:
    """Return how a message names a step of a declining rate, counted from one."""
    return f"schedule 第 {place} 段"


def _is_number(given: object) -> bool:
    return isinstance(given, (int, float)) and not isinstance(given, bool) and math.isfinite(given)


def _is_whole(given: object) -> bool:
    return _is_number(given) and given == int(given)  # type: ignore[call-overload]


def check_rate(rate: float, *, where: str = "rate") -> None:
    """Refuse a *rate* that was meant as a percentage, or has no factor.

    Raises
    ------
    InputError
        It is no number.
    OutOfScope
        It is above 1 (3 where 3 % was meant) or at or below −1.
    """
    if not _is_number(rate):
        raise InputError("折现率应为数", where=where, got=repr(rate))
    if not -1 < rate <= 1:
        raise OutOfScope("折现率应为比例", where=where, got=rate, hint="3% 写 0.03。")


def check_years(years: Sequence[Any], *, where: str) -> None:
    """Refuse a table by year whose *years* stand twice, leave a gap, or are not whole.

    Raises
    ------
    InputError
        With the years named.
    """
    for year in years:
        if not _is_whole(year):
            raise InputError("年份应为整数", where=where, got=year)
    twice = sorted({int(year) for year in years if list(years).count(year) > 1})
    if twice:
        raise InputError(f"年份重复：{_listed(twice)}", where=where, hint="每年只写一行。")
    if not years:
        return
    least, most = int(min(years)), int(max(years))
    if most - least > 10_000:
        raise InputError("年份相距太远", where=where, got=f"{least} 至 {most}")
    gaps = sorted(set(range(least, most + 1)) - {int(year) for year in years})
    if gaps:
        raise InputError(
            f"年份有缺：{_listed(gaps)}", where=where, hint="没有损失的年份写 0，不要略去。"
        )
    if list(years) != sorted(years):
        raise InputError("年份应由先到后", where=where)


def _listed(years: Sequence[int]) -> str:
    shown = "、".join(str(year) for year in years[:8])
    return shown + (f" 等 {len(years)} 个" if len(years) > 8 else "")


@dataclass(frozen=True)
class Conventions:
    """How levels and discounts are read; printed with every result.

    ``schedule`` has the steps of a declining rate, (last year, rate) in order, the years counted
    from the base date, None for the last year of a step that does not end; ``factors`` is a table of
    discount factors, (year, factor). With a ``base_date`` a path may start on a day, and its rows
    are calendar years, the first and the last in part.
    """

    level_at: LevelAt
    discount_at: DiscountAt
    discount_form: DiscountForm = "compound"
    past: Past = "compound"
    base_date: date | None = None
    schedule: tuple[tuple[int | None, float], ...] = ()
    factors: tuple[tuple[int, float], ...] = ()

    def __post_init__(self) -> None:
        for value, known, name in (
            (self.level_at, LEVELS, "level_at"),
            (self.discount_at, DISCOUNTS, "discount_at"),
            (self.discount_form, FORMS, "discount_form"),
            (self.past, PASTS, "past"),
        ):
            if not isinstance(value, str) or value not in known:
                raise InputError("没有这种口径", where=name, got=value, hint="、".join(known))
        if self.discount_at == "continuous" and self.discount_form in ("linear", "table"):
            raise InputError("连续折现只用于复利", where="discount_form", got=self.discount_form)
        if (self.discount_form == "declining") != bool(self.schedule):
            raise InputError("递减折现率须给出各段，其他形式不给", where="schedule")
        if (self.discount_form == "table") != bool(self.factors):
            raise InputError("折现系数表须逐年给出，其他形式不给", where="factors")
        _check_schedule(self.schedule)
        _check_factors(self.factors)

    def __str__(self) -> str:
        numbers = self._schedule_said or self._factors_said
        return self._said(f"（{numbers}）" if numbers else "")

    @property
    def short(self) -> str:
        """The conventions as printed, without the steps of a rate or the table of factors."""
        return self._said("")

    def _said(self, numbers: str) -> str:
        said = [LEVELS[self.level_at]]
        said += [DISCOUNTS[self.discount_at]] if self.discount_form not in ("table", "none") else []
        form = self.discount_form
        said += [f"{FORMS[form]}{numbers}"] if form != "compound" else []
        said += [PASTS[self.past]] if self.past != "compound" else []
        said += [f"基准日 {self.base_date.isoformat()}"] if self.base_date else []
        return "，".join(said)

    @property
    def _schedule_said(self) -> str:
        said: list[str] = []
        for last, rate in self.schedule:
            span = f"至第 {last:g} 年" if last is not None else "此后" if said else "各年"
            said.append(f"{span} {percent(rate)}")
        return "，".join(said)

    @property
    def _factors_said(self) -> str:
        return "，".join(
            f"{self.year_named(year)} {plain(factor)}" for year, factor in self.factors
        )

    def year_named(self, year: int) -> str:
        """Return how a year of the table of factors is printed."""
        return f"{year:g} 年" if self.by_calendar else f"第 {year:g} 年"

    @property
    def by_calendar(self) -> bool:
        """Whether the table of factors goes by calendar years, not by their number."""
        return (
            bool(self.factors) and self.base_date is not None and self.factors[0][0] >= FIRST_YEAR
        )

    def odd_factors(self) -> Iterator[str]:
        """Yield what of the table of factors no discounting gives: above one, or rising."""
        first = 1
        if self.by_calendar and self.base_date is not None:
            base = self.base_date
            first = base.year + (base.timetuple().tm_yday > 1)
        before: float | None = None
        for year, factor in self.factors:
            if year >= first and factor > 1:
                yield f"{self.year_named(year)}的折现系数 {plain(factor)} 大于 1"
            if before is not None and factor > before:
                yield f"{self.year_named(year)}的折现系数 {plain(factor)} 大于上一年的 {plain(before)}"
            before = factor

    @property
    def data(self) -> dict[str, Any]:
        """The conventions as a case file writes them."""
        written: dict[str, Any] = {"level_at": self.level_at, "discount_at": self.discount_at}
        for field in fields(self)[2:]:
            value = getattr(self, field.name)
            if value != field.default:
                written[field.name] = value.isoformat() if isinstance(value, date) else value
        written |= {
            name: [list(pair) for pair in written[name]]
            for name in ("schedule", "factors")
            if name in written
        }
        return written

    def others(self, *, past: bool) -> Iterator[Conventions]:
        """Yield every way to read the same path: levels, discount points, and interest for the *past*.

        The form of the discount, its rates and the base date stay as they are.
        """
        pasts: Sequence[Past] = get_args(Past) if past else (self.past,)
        points: Sequence[DiscountAt] = get_args(DiscountAt)
        if self.discount_form in ("table", "none"):
            points = (self.discount_at,)
        elif self.discount_form == "linear":
            points = tuple(point for point in points if point != "continuous")
        for level_at, discount_at, before in product(get_args(LevelAt), points, pasts):
            yield replace(self, level_at=level_at, discount_at=discount_at, past=before)
