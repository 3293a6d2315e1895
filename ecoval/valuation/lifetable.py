"""Resource equivalency: the years that animals would have lived, and those of the young they would have had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..errors import InputError, Spot, UnitError, nearest
from ..numerals import plain
from ..units import same_kind, unit
from .conventions import Conventions, LevelAt
from .demands import MOST_YEARS
from .described import read_number
from .paths import Array, Number, constant
from .yeartable import YearTable, year_table

if TYPE_CHECKING:
    import pandas as pd

Births = Literal["start", "end"]

# What animals and plants are counted in: 只 and its like, stems, eggs, pieces.
_COUNTED = ("只", "株", "枚", "个")

BIRTHS: dict[Births, str] = {
    "start": "每年年初由当时存活者繁殖，含第一年",
    "end": "每年年末由存活者繁殖",
}


@dataclass(frozen=True)
class LifeTable:
    """Animals killed at the start of the first year, and how they would have lived and bred.

    ``killed`` are (age, number); ``survival`` the share of each age that lives to the next, and
    ``fecundity`` the young an animal of each age has a year, from age 0, the last value for all ages
    above; nobody lives beyond the age ``oldest``. ``generations`` of young are counted (0: the direct
    loss only) for ``years``; ``births`` tells when the young of a year come.
    """

    killed: tuple[tuple[int, float], ...]
    survival: tuple[float, ...]
    oldest: int
    years: int
    generations: int
    unit: str
    fecundity: tuple[float, ...] = ()
    births: Births | None = None
    start: int = 0

    def __post_init__(self) -> None:
        for name, number, least in (
            ("oldest", self.oldest, 0),
            ("years", self.years, 1),
            ("generations", self.generations, 0),
            ("start", self.start, -MOST_YEARS),
        ):
            if number != int(number) or not least <= number <= MOST_YEARS:
                raise InputError(f"应为不小于 {least} 的整数", where=name, got=number)
        self._check_unit()
        if not self.killed:
            raise InputError("没有死亡的个体", where="killed")
        for age, dead in self.killed:
            if age != int(age) or not 0 <= age <= self.oldest:
                raise InputError(f"年龄应为 0 至 {self.oldest} 的整数", where="killed", got=age)
            if not dead > 0:
                raise InputError("死亡数应大于零", where=f"killed {age} 龄", got=dead)
        for age, share in enumerate(self.survival):
            if not 0 <= share <= 1:
                raise InputError("存活率应在 0 与 1 之间", where=f"survival {age} 龄", got=share)
        for age, young in enumerate(self.fecundity):
            if not young >= 0:
                raise InputError("繁殖率不能为负", where=f"fecundity {age} 龄", got=young)
        for name, rates in (("survival", self.survival), ("fecundity", self.fecundity)):
            if len(rates) > self.oldest + 1:
                raise InputError(f"多于最大年龄 {self.oldest}", where=name, got=f"{len(rates)} 项")
        if not self.survival:
            raise InputError("缺少逐龄存活率", where="survival")
        if self.generations and not self.fecundity:
            raise InputError("计后代的，须给出逐龄繁殖率", where="fecundity")
        said = self.births is None or isinstance(self.births, str)
        if (not said or self.births not in BIRTHS) and (
            self.generations or self.births is not None
        ):
            hint = "；".join(f"{key} {title}" for key, title in BIRTHS.items())
            raise InputError("计后代的，须说明繁殖时点", where="births", got=self.births, hint=hint)

    def _check_unit(self) -> None:
        hint = f"例如 {'、'.join(_COUNTED)}。"
        if not isinstance(self.unit, str):
            raise InputError("应为文字", where="unit", got=repr(self.unit), hint=hint)
        try:
            of = unit(self.unit)
        except UnitError as error:
            raise error.at("unit") from None
        if not any(same_kind(of, unit(each)) for each in _COUNTED):
            raise InputError("生命表的单位应为个体数的单位", where="unit", got=self.unit, hint=hint)

    @property
    def name(self) -> str:
        """The table in one line, as printed."""
        dead = "、".join(f"{age} 龄 {plain(number)} {self.unit}" for age, number in self.killed)
        said = f"死亡 {dead}，逐龄存活率 {_rates_said(self.survival)}"
        said += f"，计 {self.years} 年，最大年龄 {self.oldest}"
        said += f"，起始 {self.start} 年" if self.start else ""
        if not self.generations or self.births is None:
            return f"{said}，不计后代"
        said += f"，逐龄繁殖率 {_rates_said(self.fecundity)}"
        return f"{said}，后代 {self.generations} 代（{BIRTHS[self.births]}）"

    def alive(self) -> Array:
        """Return who would be alive by generation (0: those killed), time and age."""
        ages = self.oldest + 1
        survival, fecundity = _by_age(self.survival, ages), _by_age(self.fecundity or (0.0,), ages)
        found = np.zeros((self.generations + 1, self.years + 1, ages))
        for age, number in self.killed:
            found[0, 0, int(age)] += number
        for generation, own in enumerate(found):
            for time in range(self.years + 1):
                if generation and (time or self.births == "start"):
                    own[time, 0] += found[generation - 1, time] @ fecundity
                if time < self.years:
                    own[time + 1, 1:] += own[time, :-1] * survival[:-1]
        return found

    def levels(self, at: LevelAt) -> Array:
        """Return how many live through each year, by generation, year and age, as *at* reads it."""
        begun = self.alive()[:, :-1, :]
        share = _by_age(self.survival, self.oldest + 1)
        # At the oldest age nobody is left at the year's end.
        share[-1] = 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = np.where(share >= 1, 1.0, (share - 1) / np.log(share))
        read = {
            "start": np.ones_like(share),
            "end": share,
            "trapezoid": (1 + share) / 2,
            "mid": np.sqrt(share),
            "exact": np.where(share <= 0, 0.0, mean),
        }
        return np.asarray(begun * read[at])

    def table(self, at: LevelAt) -> pd.DataFrame:
        """Return the year and age table: a row for each generation and year, a column for each age.

        The age is that at the year's start, whenever in the year *at* counts.
        """
        import pandas as pd

        levels = self.levels(at)
        rows = pd.MultiIndex.from_product(
            [
                ["直接损失", *(f"第 {g} 代" for g in range(1, len(levels)))],
                range(1, self.years + 1),
            ],
            names=["代", "年"],
        )
        ages = [f"年初 {age} 龄" for age in range(self.oldest + 1)]
        return pd.DataFrame(levels.reshape(-1, self.oldest + 1), index=rows, columns=ages)

    def years_of(self, conventions: Conventions, rate: Number, *, negative: bool) -> YearTable:
        """Return the names and the factors of the years, their levels being one.

        A continuous factor is the mean of the year's, whatever becomes of the animals within it.
        """
        flat = constant(1.0).at(start=self.start, horizon=int(self.years))
        return year_table(flat, conventions, rate, negative=negative)


def _rates_said(rates: Sequence[float]) -> str:
    """Return *rates* by age as printed; the last is for all ages above."""
    return "、".join(map(plain, rates)) + ("（此后同末值）" if rates else "")


def _by_age(rates: Sequence[float], ages: int) -> Array:
    """Return *rates* for every age, the last one for those above."""
    return np.array([*rates, *[rates[-1]] * (ages - len(rates))], dtype=float)


def read_life_table(given: Any, *, where: Spot) -> LifeTable:
    """Return the life table that *given* describes by the fields of `LifeTable`.

    Raises
    ------
    InputError
        A key is unknown or missing, or a value will not do.
    """
    if isinstance(given, LifeTable):
        return given
    if not isinstance(given, Mapping):
        raise InputError("生命表应为表", where=where, got=repr(given))
    known = [field.name for field in fields(LifeTable)]
    for key in given:
        if key not in known:
            raise InputError(f"未知的键 {key}", where=where, hint=nearest(str(key), known))
    for key in known[:6]:
        if key not in given:
            raise InputError(f"生命表缺少 {key}", where=where)
    data = dict(given)
    try:
        killed = [(age, number) for age, number in data["killed"]]
        rates = {key: list(data.get(key, ())) for key in ("survival", "fecundity")}
    except (TypeError, ValueError):
        hint = "killed 写作 [[年龄, 死亡数], …]，survival、fecundity 写作逐龄的列表。"
        raise InputError("生命表的写法有误", where=where, got=repr(given), hint=hint) from None
    data["killed"] = tuple(
        (_whole(read_number(age, where, "killed")), read_number(number, where, "killed"))
        for age, number in killed
    )
    for key, listed in rates.items():
        data[key] = tuple(read_number(rate, where, key) for rate in listed)
    for key in ("oldest", "years", "generations", "start"):
        if key in data:
            data[key] = _whole(read_number(data[key], where, key))
    try:
        return LifeTable(**data)
    except InputError as error:
        raise error.at(where) from None


def _whole(number: Any) -> Any:
    return int(number) if number == int(number) else number
