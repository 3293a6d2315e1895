"""The conventions and the discount rate of services, taken from what is given for a method."""

from __future__ import annotations

from typing import Any

from ..errors import InputError, OutOfScope, Spot
from ..findings import Finding
from .bounds import check_bounds, check_range
from .conventions import Conventions, step_named
from .gathering import OVERRULE, Gathering
from .inputs import Given
from .intake import take
from .lookups import take_parameter
from .profiles import read_conventions

CONVENTION = "convention"


def take_conventions(gathering: Gathering, raw: dict[str, Any]) -> Conventions:
    """Take the conventions from *raw* and record them, with how far their text was read.

    Raises
    ------
    InputError
        They are not given, or will not do.
    """
    where = gathering.where(CONVENTION)
    if CONVENTION not in raw:
        raise InputError(
            "缺少",
            where=where,
            hint="写口径名称（如 cn_gb），或 { level_at = …, discount_at = … }。",
        )
    conventions, profile = read_conventions(raw.pop(CONVENTION), where=where)
    said = profile.said if profile is not None else ""
    gathering.chosen[CONVENTION] = Given(str(conventions), note=said)
    gathering.choices[CONVENTION] = str(conventions)
    if profile is not None and profile.standing == "unverified":
        text = f"口径所据待核实：{profile.said}"
        gathering.findings.append(Finding("unverified-convention", "warning", text, str(where)))
    return conventions


def take_rate(gathering: Gathering, raw: dict[str, Any], conventions: Conventions) -> float:
    """Take the discount rate of services, given or in force, where the conventions use one.

    The rates of a schedule, and none at all (a rate of zero), are held to the same range; a table of
    factors to what discounting can give: none above one after the base date, none above the one
    before.

    Raises
    ------
    InputError
        A rate is given where none is used.
    OutOfScope
        A rate or a factor is outside, and ``rate`` is not overruled.
    """
    term = gathering.card.term("rate")
    if conventions.discount_form in ("declining", "table", "none"):
        if "rate" in raw:
            raise InputError(
                "此口径不用折现率", where=gathering.where("rate"), got=str(conventions)
            )
        _check_discounts(gathering, conventions)
        return 0.0
    if "rate" in raw:
        take(gathering, term, Given.of(raw.pop("rate"), where=gathering.where("rate")))
    else:
        take_parameter(gathering, term)
    check_bounds(gathering, term)
    return gathering.values["rate"].values[0]


def _check_discounts(gathering: Gathering, conventions: Conventions) -> None:
    """Hold what stands for the rate of services, in the conventions, to what is held of a rate."""
    term, where = gathering.card.term("rate"), gathering.where(CONVENTION)
    if term.range is not None:
        if conventions.discount_form == "none":
            check_range(gathering, term, term.range, 0.0, where)
        for place, (_, rate) in enumerate(conventions.schedule, start=1):
            at = Spot(f"{where} {step_named(place)}", (*where.path, "schedule", place - 1))
            check_range(gathering, term, term.range, rate, at)
    for odd in conventions.odd_factors():
        gathering.may(
            term.name,
            Finding("outside-range", "warning", odd, str(where)),
            OutOfScope(odd, where=where, hint=OVERRULE.format(term.name)),
        )
