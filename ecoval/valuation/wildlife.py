"""Wildlife by its baseline value or its protection fee, on land and in water."""

from __future__ import annotations

from typing import Any

from ..formula import largest, step
from .definition import method


@method("wildlife-land")
def land(number: Any, baseline: Any, multiple: Any, breeding_factor: Any, actual_price: Any) -> Any:
    """Value whole land animals, or take the price paid where that is higher."""
    assessed = step("assessed", number * baseline * multiple * breeding_factor)
    return largest(assessed, actual_price)


@method("wildlife-land-egg")
def land_egg(
    number: Any,
    baseline: Any,
    multiple: Any,
    egg_factor: Any,
    breeding_factor: Any,
    actual_price: Any,
) -> Any:
    """Value eggs as a fraction of the whole animal, or take the price paid where higher."""
    assessed = step("assessed", number * baseline * multiple * egg_factor * breeding_factor)
    return largest(assessed, actual_price)


@method("wildlife-land-part")
def land_part(
    number: Any,
    baseline: Any,
    multiple: Any,
    part_share: Any,
    breeding_factor: Any,
    actual_price: Any,
) -> Any:
    """Value products as a share of the whole animal, or take the price paid where higher."""
    assessed = step("assessed", number * baseline * multiple * part_share * breeding_factor)
    return largest(assessed, actual_price)


@method("wildlife-land-1996")
def land_1996(number: Any, fee: Any, multiple: Any, part_factor: Any) -> Any:
    """Value land animals and parts before 2017-12-15 at a multiple of the protection fee."""
    return number * fee * multiple * part_factor


@method("wildlife-land-guangdong-2009")
def land_guangdong_2009(number: Any, fee: Any, multiple: Any, part_factor: Any) -> Any:
    """Value land animals below the national classes in Guangdong before 2017-12-15."""
    return number * fee * multiple * part_factor


@method("wildlife-aquatic")
def aquatic(number: Any, baseline: Any, level: Any, stage: Any) -> Any:
    """Value whole wild aquatic animals, adult or young."""
    return number * baseline * level * stage


@method("wildlife-aquatic-part")
def aquatic_part(
    number: Any,
    baseline: Any,
    level: Any,
    stage: Any,
    part: Any,
    source_factor: Any,
    actual_price: Any,
) -> Any:
    """Value aquatic products and captive-bred animals, or take the price paid where higher."""
    assessed = step("assessed", number * baseline * level * stage * part * source_factor)
    return largest(assessed, actual_price)


@method("wildlife-aquatic-egg")
def aquatic_egg(number: Any, egg_baseline: Any, level: Any, source_factor: Any) -> Any:
    """Value eggs that have a baseline value of their own."""
    return number * egg_baseline * level * source_factor


@method("wildlife-aquatic-egg-fecundity")
def aquatic_egg_fecundity(
    number: Any, baseline: Any, level: Any, fecundity: Any, source_factor: Any
) -> Any:
    """Value eggs without a baseline of their own by the fecundity coefficient."""
    return number * baseline * level * fecundity * source_factor


@method("wildlife-aquatic-2002")
def aquatic_2002(number: Any, fee: Any, multiple: Any, part_factor: Any) -> Any:
    """Value aquatic animals and parts before 2019-10-01 at a multiple of the protection fee."""
    return number * fee * multiple * part_factor
