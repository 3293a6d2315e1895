"""The conventions by which a year's level is read and its flow discounted, each with a name.

Year t = 1, 2, … runs from time t − 1 to t. Texts on equivalency analysis read the level at its
start, its middle, its end, or as the mean of both ends, and discount the year's flow at its start,
middle or end: each is an option, none is a default that goes unsaid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import product
from typing import Any, Literal, get_args

from ..errors import InputError, OutOfScope, Spot, nearest
from ..rules.sources import Standing

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
        if last is None and place < len(schedule):
            raise InputError("只有最后一段可以不写末年", where=f"schedule 第 {place} 段")
        if last is not None and (last != int(last) or last <= begun):
            raise InputError("各段的末年应为递增的整数", where=f"schedule 第 {place} 段", got=last)
        check_rate(rate, where=f"schedule 第 {place} 段")
        begun = last or begun


def _check_factors(factors: Sequence[tuple[int, float]]) -> None:
    check_years([year for year, _ in factors], where="factors")
    for year, factor in factors:
        if not factor > 0:
            raise InputError("折现系数应大于零", where=f"factors 第 {year} 年", got=factor)


def check_rate(rate: float, *, where: str = "rate") -> None:
    """Refuse a *rate* that was meant as a percentage, or has no factor.

    Raises
    ------
    OutOfScope
        It is above 1 (3 where 3 % was meant) or at or below −1.
    """
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
        if isinstance(year, bool) or not isinstance(year, (int, float)) or year != int(year):
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
            if value not in known:
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
        said = [LEVELS[self.level_at]]
        said += [DISCOUNTS[self.discount_at]] if self.discount_form not in ("table", "none") else []
        said += [FORMS[self.discount_form]] if self.discount_form != "compound" else []
        said += [PASTS[self.past]] if self.past != "compound" else []
        said += [f"基准日 {self.base_date.isoformat()}"] if self.base_date else []
        return "，".join(said)

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
        """Yield every way to read the same path: levels, discount points, and interest for the *past*."""
        pasts: Sequence[Past] = get_args(Past) if past else (self.past,)
        points: Sequence[DiscountAt] = get_args(DiscountAt)
        if self.discount_form in ("table", "none"):
            points = (self.discount_at,)
        elif self.discount_form == "linear":
            points = tuple(point for point in points if point != "continuous")
        for level_at, discount_at, before in product(get_args(LevelAt), points, pasts):
            yield replace(self, level_at=level_at, discount_at=discount_at, past=before)


@dataclass(frozen=True)
class Profile:
    """The conventions of a text or a tool, and how far it was read."""

    conventions: Conventions
    title: str
    standing: Standing


# None of these texts was read in full; each says so wherever it is used.
PROFILES: dict[str, Profile] = {
    "cn_gb": Profile(
        Conventions("mid", "start"),
        "GB/T 39791.1-2020 附录B（忆及 Σ R·d·(1+r)^(T−t)，基准年不折现；年内取点未见规定，取年中）",
        "unverified",
    ),
    "noaa2000": Profile(
        Conventions("trapezoid", "end"), "NOAA 概要（忆及，未见原文）", "unverified"
    ),
    "thur2007": Profile(Conventions("mid", "end"), "Thur 2007（据摘要）", "secondary"),
    "visual_hea": Profile(Conventions("trapezoid", "end"), "Visual_HEA（忆及）", "unverified"),
    "invest": Profile(Conventions("start", "start"), "InVEST 碳模块（已见说明）", "secondary"),
    "hec_fda": Profile(Conventions("start", "end"), "HEC-FDA（已见代码）", "secondary"),
    "uk_metric": Profile(
        Conventions("end", "end", "linear"), "英国法定生物多样性度量（据转录）", "secondary"
    ),
}


def read_conventions(
    given: object, *, where: str | Spot = ""
) -> tuple[Conventions, Profile | None]:
    """Return the conventions that *given* describes, and the profile they are of.

    *given* is a profile's name, `Conventions`, or a table of options, which may name a ``profile``
    and change some of it.

    Raises
    ------
    InputError
        There is no such profile or option, or one that must be said is missing.
    """
    if isinstance(given, Conventions):
        return given, None
    if isinstance(given, str):
        given = {"profile": given}
    if not isinstance(given, Mapping):
        raise InputError("口径应为名称或表", where=where, got=repr(given))
    options = dict(given)
    profile: Profile | None = None
    if "profile" in options:
        name = options.pop("profile")
        if name not in PROFILES:
            hint = nearest(str(name), PROFILES) or f"可用：{'、'.join(PROFILES)}。"
            raise InputError("没有这个口径名称", where=where, got=name, hint=hint)
        profile = PROFILES[name]
    known = [field.name for field in fields(Conventions)]
    for name in options:
        if name not in known:
            raise InputError(
                f"未知的键 {name}", where=where, hint=nearest(name, ["profile", *known])
            )
    if "base_date" in options:
        options["base_date"] = _as_date(options["base_date"], where)
    for name in ("schedule", "factors"):
        if name in options:
            options[name] = _pairs(options[name], name, where)
    try:
        if profile is not None:
            return replace(profile.conventions, **options), profile
        choices: dict[str, dict[Any, str]] = {"level_at": LEVELS, "discount_at": DISCOUNTS}
        for name, known_ones in choices.items():
            if name not in options:
                hint = "；".join(f"{key} {title}" for key, title in known_ones.items())
                raise InputError("口径须说明", where=name, hint=f"可取：{hint}。")
        return Conventions(**options), None
    except InputError as error:
        raise error.at(where) from None


def _pairs(given: object, name: str, where: str | Spot) -> tuple[tuple[Any, ...], ...]:
    """Return a table by year, written as a list of pairs; a step without end leaves its year out."""
    rows = list(given.items()) if isinstance(given, Mapping) else given
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise InputError("应为 [年, 值] 的列表", where=f"{where} {name}", got=repr(given))
    pairs = []
    for row in rows:
        if not isinstance(row, Sequence) or isinstance(row, str) or len(row) not in (1, 2):
            raise InputError("应为 [年, 值]", where=f"{where} {name}", got=repr(row))
        pairs.append((None, float(row[0])) if len(row) == 1 else (row[0], float(row[1])))
    return tuple(pairs)


def _as_date(given: object, where: str | Spot) -> date:
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise InputError("应为日期", where=f"{where} base_date", got=given) from None
