"""Equivalency analysis: what is lost and what a project gives back, in the same discounted units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import product
from typing import Any

from ..formula import total
from ..numerals import percent
from ..rules.jurisdictions import NATION, Place
from .definition import method
from .inputs import Given
from .item import Item
from .paths import DISCOUNTS, LEVELS, Conventions, Path, YearTable, year_table

__all__ = [
    "PROFILES",
    "Equivalency",
    "discounted_loss",
    "habitat",
    "project_cost",
    "project_size",
    "unit_gain",
]


@method("equivalency-discounted-loss")
def discounted_loss(quantity: Any, level: Any, factor: Any) -> Any:
    """Add up the levels of loss over the discounted years."""
    return total(quantity * level * factor)


@method("equivalency-unit-gain")
def unit_gain(level: Any, factor: Any) -> Any:
    """Add up the levels of gain of one unit of restoration over the discounted years."""
    return total(level * factor)


@method("equivalency-project-size")
def project_size(
    discounted_loss: Any, unit_gain: Any, value_ratio: Any, success: Any, equivalency_ratio: Any
) -> Any:
    """Scale the project so that what it gives back equals what was lost."""
    return discounted_loss * value_ratio / (unit_gain * success * equivalency_ratio)


@method("equivalency-project-cost")
def project_cost(size: Any, unit_cost: Any, upkeep: Any) -> Any:
    """Value the project at its cost."""
    return size * unit_cost + upkeep


# Conventions of texts and tools, none of which was read in full; each says so.
PROFILES: dict[str, tuple[Conventions, str]] = {
    "noaa2000": (Conventions("trapezoid", "end"), "NOAA 概要（忆及，未见原文）"),
    "thur2007": (Conventions("mid", "end"), "Thur 2007（据摘要）"),
    "visual_hea": (Conventions("trapezoid", "end"), "Visual_HEA（忆及）"),
    "invest": (Conventions("start", "start"), "InVEST 碳模块（已见说明）"),
    "hec_fda": (Conventions("start", "end"), "HEC-FDA（已见代码）"),
    "uk_metric": (Conventions("end", "end", "linear"), "英国法定生物多样性度量（据转录）"),
}


@dataclass(frozen=True)
class Equivalency:
    """A habitat equivalency: three items, the year tables, and what the conventions move.

    ``spread`` has the project's size under every convention, so that the reader sees how much of
    the answer is convention and how much is data.
    """

    loss: Item
    gain: Item
    size: Item
    conventions: Conventions
    loss_table: YearTable
    gain_table: YearTable
    spread: Mapping[str, float]

    def __str__(self) -> str:
        return "\n\n".join([str(self.loss), str(self.gain), str(self.size), self.spread_text])

    def _repr_html_(self) -> str:
        items = "".join(item._repr_html_() for item in (self.loss, self.gain, self.size))
        return f"{items}<p>{escape(self.spread_text)}</p>"

    @property
    def spread_text(self) -> str:
        """The smallest and the largest size over the conventions, as printed."""
        least, most = (
            min(self.spread, key=self.spread.__getitem__),
            max(self.spread, key=self.spread.__getitem__),
        )
        return (
            f"按不同口径，修复规模在 {self.spread[least]:,.4f}（{least}）"
            f"与 {self.spread[most]:,.4f}（{most}）{self.size.unit} 之间"
        )


def habitat(
    *,
    quantity: Any,
    loss: Path,
    gain: Path,
    rate: float,
    conventions: Conventions,
    on: date | str,
    jurisdiction: str | Place = NATION,
    loss_delay: int = 0,
    gain_delay: int = 0,
    loss_horizon: int | None = None,
    gain_horizon: int | None = None,
    schedule: Sequence[tuple[int, float]] = (),
    value_ratio: Any = None,
    success: Any = None,
    equivalency_ratio: Any = None,
) -> Equivalency:
    """Return the habitat equivalency of a *loss* and the *gain* of a project, per unit of it.

    Parameters
    ----------
    quantity
        What was injured, with its unit: ``"100 公顷"``.
    loss, gain
        Service paths of `ecoval.valuation.paths`; levels of loss, and of gain over the project's
        own baseline, between 0 and 1.
    rate
        Discount rate of services, as a share.
    loss_delay, gain_delay
        Whole years from the base date to the injury and to the project's start; negative in the
        past.
    loss_horizon, gain_horizon
        How many years are counted of a path that goes on (a ramp with its plateau).
    schedule
        For a declining rate.
    value_ratio, success, equivalency_ratio
        No default: 1, "100 %" and 1 must be said to be meant.

    Raises
    ------
    InputError, OutOfScope
        As the paths and the three methods say.
    """
    at: dict[str, Any] = {"on": on, "jurisdiction": jurisdiction}

    def tables(under: Conventions) -> tuple[YearTable, YearTable]:
        options: dict[str, Any] = {"schedule": schedule}
        return (
            year_table(loss, under, rate, delay=loss_delay, horizon=loss_horizon, **options),
            year_table(gain, under, rate, delay=gain_delay, horizon=gain_horizon, **options),
        )

    said = f"{conventions}，折现率 {percent(rate)}"
    held = tables(conventions)
    lost = discounted_loss(
        quantity=quantity,
        years=_lines(held[0]),
        title=f"折现服务损失（{loss.name}；{said}；起始 {loss_delay} 年）",
        **at,
    )
    gained = unit_gain(
        years=_lines(held[1]),
        title=f"单位折现收益（{gain.name}；{said}；起始 {gain_delay} 年）",
        **at,
    )
    size = project_size(
        discounted_loss=Given(f"{lost.exact!r} {lost.unit}", note=f"按“{lost.title}”计算"),
        unit_gain=Given(f"{gained.exact!r} 年", note=f"按“{gained.title}”计算"),
        value_ratio=value_ratio,
        success=success,
        equivalency_ratio=equivalency_ratio,
        title=f"补偿性修复的规模（{said}）",
        **at,
    )
    base = _sum(held[0]) / _sum(held[1])
    spread = {}
    for level_at, discount_at in product(LEVELS, DISCOUNTS):
        if discount_at == "continuous" and conventions.discount_form != "compound":
            continue
        other = Conventions(level_at, discount_at, conventions.discount_form)
        one, two = tables(other)
        # A gain that a convention reads as nothing has no size, and is left out of the spread.
        if _sum(two):
            spread[str(other)] = size.exact * (_sum(one) / _sum(two)) / base
    return Equivalency(lost, gained, size, conventions, *held, spread)


def _lines(table: YearTable) -> list[dict[str, Any]]:
    rows = zip(table.years, table.levels, table.factors, strict=True)
    return [
        {"name": f"第 {year} 年", "level": level, "factor": f"{factor!r} 年"}
        for year, level, factor in rows
    ]


def _sum(table: YearTable) -> float:
    return sum(level * factor for level, factor in zip(table.levels, table.factors, strict=True))
