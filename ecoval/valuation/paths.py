"""Service paths: the level of a loss or of a gain at any time after its start."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..numerals import plain
from .conventions import check_years
from .demands import FIRST_YEAR

Array: TypeAlias = npt.NDArray[np.float64]
Number: TypeAlias = "float | Array"
After = Literal["drop", "hold", "decay", "curve"]
Horizon: TypeAlias = 'int | Literal["perpetuity"] | None'

AFTERS: dict[str, str] = {"drop": "此后归零", "hold": "此后保持", "decay": "此后衰减"}


@dataclass(frozen=True, eq=False)
class Path:
    """A level between 0 and 1 that changes for some ``years`` after its ``start``.

    ``after`` is what becomes of it then: it drops to nothing, holds, decays by the rate ``decay`` a
    year, or goes on along its curve. A path that goes on is counted to a ``horizon``: a number of
    years, or ``"perpetuity"``. ``start`` is whole years from the base date, negative in the past, or
    a day. The parameters may be columns; ``data`` is the path as a case file describes it.
    """

    name: str
    level: Callable[[Array], Array]
    years: Number
    after: After
    rest: Number = 0.0
    decay: Number = 0.0
    by_year: bool = False
    first_year: int = 1
    start: int | date = 0
    horizon: Horizon = None
    baseline: float | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, time: Array | float) -> Array:
        return self.level(np.asarray(time, dtype=float))

    @property
    def ends(self) -> bool:
        """Whether nothing is left of it after its years."""
        return self.after == "drop" or (self.after == "hold" and not np.any(self.rest))

    def at(self, *, start: int | date = 0, horizon: Horizon = None) -> Path:
        """Return the same path with another *start*, counted to *horizon*."""
        data = dict(self.data)
        if start != 0:
            data["start"] = start.isoformat() if isinstance(start, date) else start
        if horizon is not None:
            data["horizon"] = horizon
        return replace(self, start=start, horizon=horizon, data=data)


def linear(first: Number, last: Number, years: Number) -> Path:
    """Run evenly from *first* to *last* in *years*, and stay there."""
    check_levels(first=first, last=last)
    check_count(years=years)

    def level(time: Array) -> Array:
        moved = (last - first) * np.minimum(time / years, 1.0)
        moved += first
        return moved

    return Path(
        f"线性，{_said(first)} 至 {_said(last)}，{_said(years)} 年",
        level,
        years,
        "hold",
        rest=last,
        data={"path": "linear", "first": first, "last": last, "years": years},
    )


def step(level: Number, years: Number) -> Path:
    """Stay at *level* for *years*."""
    check_levels(level=level)
    check_count(years=years)
    return Path(
        f"不变，{_said(level)}，{_said(years)} 年",
        lambda time: level + np.zeros_like(time),
        years,
        "drop",
        data={"path": "step", "level": level, "years": years},
    )


def constant(level: Number) -> Path:
    """Stay at *level* for as long as it is counted; a permanent loss has the horizon of one."""
    check_levels(level=level)
    return Path(
        f"持续，{_said(level)}",
        lambda time: level + np.zeros_like(time),
        1,
        "hold",
        rest=level,
        data={"path": "constant", "level": level},
    )


def ramp(
    plateau: Number,
    years: Number,
    life: Number | None = None,
    *,
    after: Literal["drop", "hold", "decay"] = "drop",
    decay: Number = 0.0,
) -> Path:
    """Rise evenly from 0 to *plateau* in *years* and stay there to the end of its *life*.

    Without a life it goes on. *after* its life it drops to 0, holds (for ever, or to the horizon),
    or decays by the rate *decay* a year.
    """
    check_levels(plateau=plateau)
    check_count(years=years)
    if life is None:
        after, life, lasting = "hold", years, "此后保持"
    else:
        check_count(life=life)
        if np.any(np.asarray(life) < years):
            raise InputError("寿命短于爬升年数", where="life", got=_said(life))
        if after not in AFTERS:
            raise InputError("没有这种去向", where="after", got=after, hint="、".join(AFTERS))
        lasting = f"寿命 {_said(life)} 年，{AFTERS[after]}"
        lasting += f"（每年乘 e^(−{_said(decay)})）" if after == "decay" else ""
    if (after == "decay") != bool(np.all(np.asarray(decay) > 0)):
        raise InputError("衰减须给出大于零的年速率 decay，其他去向不给", where="decay", got=decay)
    end: Number = life

    def level(time: Array) -> Array:
        risen = plateau * np.minimum(time / years, 1.0)
        return risen if after != "decay" else risen * np.exp(-decay * np.maximum(time - end, 0.0))

    data = {"path": "ramp", "plateau": plateau, "years": years}
    data |= {} if lasting == "此后保持" else {"life": life, "after": after}
    data |= {"decay": decay} if after == "decay" else {}
    name = f"爬升至 {_said(plateau)}，{_said(years)} 年，{lasting}"
    return Path(name, level, life, after, rest=plateau, decay=decay, data=data)


def exponential(first: Number, rate: Number, years: Number) -> Path:
    """Fall from *first* as e^(−rate·t), by the share 1 − e^(−rate) a year; *years* are listed."""
    check_levels(first=first)
    check_count(years=years)
    _check_positive(rate=rate, what="恢复速率")
    return Path(
        f"指数，{_said(first)}·e^(−{_said(rate)}t)，{_said(years)} 年",
        lambda time: first * np.exp(-rate * time),
        years,
        "decay",
        rest=first * np.exp(-np.asarray(rate) * years),
        decay=rate,
        data={"path": "exponential", "first": first, "rate": rate, "years": years},
    )


def logistic(
    first: Number, steepness: Number, middle: Number, years: Number, *, rescaled: bool
) -> Path:
    """Fall from *first* along a logistic curve whose middle is at the time *middle*.

    The raw curve reaches neither end; *rescaled* stretches it to run from *first* to 0 exactly.
    """
    check_levels(first=first)
    check_count(years=years)
    _check_positive(steepness=steepness, what="陡度")

    def raw(time: Array | Number) -> Array:
        return np.asarray(1 / (1 + np.exp(steepness * (np.asarray(time) - middle))))

    start, end = raw(0.0), raw(years)

    def level(time: Array) -> Array:
        if not rescaled:
            return np.asarray(first * raw(time))
        return np.asarray(first * (raw(np.minimum(time, years)) - end) / (start - end))

    kind = "拉伸至两端" if rescaled else "原始曲线"
    data = {"path": "logistic", "first": first, "steepness": steepness, "middle": middle}
    return Path(
        f"逻辑斯蒂（{kind}），{_said(first)}/(1+e^({_said(steepness)}(t−{_said(middle)})))，"
        f"{_said(years)} 年",
        level,
        years,
        "hold" if rescaled else "curve",
        data={**data, "years": years, "rescaled": rescaled},
    )


def by_year(levels: Sequence[float] | Mapping[int, float] | Sequence[Sequence[float]]) -> Path:
    """Take the level of each year from a table; it is the same all through the year.

    The table is a list of levels, or of [year, level]: the years counted from 1, or calendar years,
    which ask for a base date. Years that stand twice or leave a gap are refused by name.
    """
    rows: list[Any] = list(levels.items() if isinstance(levels, Mapping) else levels)
    if not rows:
        raise InputError("水平表为空", where="levels")
    numbered = [isinstance(row, Sequence) and len(row) == 2 for row in rows]
    if any(numbered) and not all(numbered):
        raise InputError("水平表应全为水平，或全为 [年, 水平]", where="levels")
    years = [row[0] for row in rows] if all(numbered) else list(range(1, len(rows) + 1))
    check_years(years, where="levels")
    first_year = int(years[0])
    if first_year != 1 and first_year < FIRST_YEAR:
        raise InputError("年份应从 1 起，或为公历年份", where="levels", got=first_year)
    held = [row[1] for row in rows] if all(numbered) else rows
    for year, each in zip(years, held, strict=True):
        check_levels(**{f"levels 第 {year} 年": each})
    table = np.asarray(held, dtype=float)
    span = f"（{first_year} 至 {int(years[-1])} 年）" if first_year != 1 else ""
    return Path(
        f"逐年给定{span}，{'、'.join(map(_said, table))}，{len(table)} 年",
        lambda time: table[np.clip(time.astype(int), 0, len(table) - 1)],
        len(table),
        "drop",
        by_year=True,
        first_year=first_year,
        data={"path": "by_year", "levels": [list(r) for r in rows] if all(numbered) else rows},
    )


def points(levels: Sequence[Sequence[float]]) -> Path:
    """Run evenly from point to point, each [time, level], the first at time 0, and stay at the last."""
    rows = [tuple(row) for row in levels]
    if len(rows) < 2 or any(len(row) != 2 for row in rows) or rows[0][0] != 0:
        raise InputError("应为两个以上的 [时间, 水平]，首个时间为 0", where="levels", got=rows)
    times, held = np.array(rows, dtype=float).T
    if np.any(np.diff(times) <= 0):
        raise InputError("时间应递增", where="levels", got=times.tolist())
    for time, each in rows:
        check_levels(**{f"levels 时间 {time:g}": each})
    check_count(levels=times[-1])
    return Path(
        f"折线，{'、'.join(f'{_said(at)} 年时 {_said(each)}' for at, each in rows)}",
        lambda time: np.interp(time, times, held),
        float(times[-1]),
        "hold",
        rest=float(held[-1]),
        data={"path": "points", "levels": [list(row) for row in rows]},
    )


def difference(service: Path, baseline: Path, *, side: Literal["loss", "gain"]) -> Path:
    """Return what *service* falls short of (a loss) or exceeds (a gain) a *baseline* that may move.

    Its levels are services, not shares: they are divided by the baseline at the start, which
    ``baseline`` of the path keeps.
    """
    sign = 1.0 if side == "gain" else -1.0
    after: After = "hold" if service.after == baseline.after == "hold" else "curve"
    if side == "gain" and service.after == "drop":
        after = "drop"
    verb = "高于" if side == "gain" else "低于"
    return Path(
        f"服务水平（{service.name}）{verb}基线（{baseline.name}）",
        lambda time: sign * (service(time) - baseline(time)),
        np.maximum(service.years, 1.0 if after == "drop" else baseline.years),
        after,
        rest=sign * (np.asarray(service.rest) - baseline.rest),
        by_year=service.by_year,
        first_year=service.first_year,
        baseline=float(baseline(0.0)),
        data={"service": dict(service.data), "baseline": dict(baseline.data)},
    )


def check_levels(**levels: Number) -> None:
    """Refuse a service level outside 0 to 1.

    Raises
    ------
    InputError
        With the name of the level.
    """
    for name, level in levels.items():
        inside = (np.asarray(level) >= 0) & (np.asarray(level) <= 1)
        if not np.all(inside):
            got = np.asarray(level)[~inside].flat[0] if np.ndim(level) else level
            raise InputError(
                "服务水平应在 0 与 1 之间", where=name, got=got, hint="百分之 20 写 0.2。"
            )


def check_count(**years: Number) -> None:
    """Refuse a number of years that is not a whole one above zero."""
    for name, count in years.items():
        good = (np.asarray(count) >= 1) & (np.floor(count) == count)
        if not np.all(good):
            got = np.asarray(count)[~good].flat[0] if np.ndim(count) else count
            raise InputError("年数应为正整数", where=name, got=got)


def _check_positive(*, what: str, **numbers: Number) -> None:
    for name, number in numbers.items():
        if not np.all(np.asarray(number) > 0):
            raise InputError(f"{what}应大于零", where=name, got=number)


def _said(number: Number) -> str:
    return "抽样" if np.ndim(number) else plain(float(number))
