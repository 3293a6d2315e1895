"""Value equivalents of ecosystem services by Xie Gaodi, and services lost by their yearly values."""

from __future__ import annotations

from typing import Any

from ..formula import step, total
from .definition import method


@method("services-grain-equivalent")
def grain_equivalent(sown_area: Any, grain_price: Any, grain_yield: Any, divisor: Any) -> Any:
    """Return what one equivalent is worth: a seventh of the value of the grain of a hectare."""
    return total(sown_area * grain_price * grain_yield) / total(sown_area) / divisor


@method("services-profit-equivalent")
def profit_equivalent(sown_share: Any, net_profit: Any) -> Any:
    """Return what one equivalent is worth: the net profit of rice, wheat and maize by share."""
    return total(sown_share * net_profit)


@method("services-equivalents-2003")
def equivalents_2003(
    area: Any,
    gas: Any,
    climate: Any,
    hydrology: Any,
    purification: Any,
    food: Any,
    raw_material: Any,
    soil: Any,
    biodiversity: Any,
    landscape: Any,
    standard_equivalent: Any,
    correction: Any,
    loss: Any,
    duration: Any,
) -> Any:
    """Value the services of an ecosystem by the equivalents of 2003, service by service."""
    base = area * standard_equivalent * correction
    regulation = (
        step("gas_value", base * gas)
        + step("climate_value", base * climate)
        + step("hydrology_value", base * hydrology)
        + step("purification_value", base * purification)
    )
    supply = step("food_value", base * food) + step("raw_material_value", base * raw_material)
    support = step("soil_value", base * soil) + step("biodiversity_value", base * biodiversity)
    culture = step("landscape_value", base * landscape)
    return step("annual", regulation + supply + support + culture) * loss * duration


@method("services-equivalents-2008")
def equivalents_2008(
    area: Any,
    food: Any,
    raw_material: Any,
    gas: Any,
    climate: Any,
    hydrology: Any,
    purification: Any,
    soil: Any,
    biodiversity: Any,
    landscape: Any,
    standard_equivalent: Any,
    correction: Any,
    loss: Any,
    duration: Any,
) -> Any:
    """Value the services of an ecosystem by the equivalents of 2008, service by service."""
    base = area * standard_equivalent * correction
    supply = step("food_value", base * food) + step("raw_material_value", base * raw_material)
    regulation = (
        step("gas_value", base * gas)
        + step("climate_value", base * climate)
        + step("hydrology_value", base * hydrology)
        + step("purification_value", base * purification)
    )
    support = step("soil_value", base * soil) + step("biodiversity_value", base * biodiversity)
    culture = step("landscape_value", base * landscape)
    return step("annual", supply + regulation + support + culture) * loss * duration


@method("services-equivalents-2015")
def equivalents_2015(
    area: Any,
    food: Any,
    raw_material: Any,
    water_supply: Any,
    gas: Any,
    climate: Any,
    purification: Any,
    hydrology: Any,
    soil: Any,
    nutrients: Any,
    biodiversity: Any,
    landscape: Any,
    standard_equivalent: Any,
    production: Any,
    precipitation: Any,
    conservation: Any,
    loss: Any,
    duration: Any,
) -> Any:
    """Value the services of an ecosystem by the equivalents of 2015, service by service.

    What grows moves with primary production, water with precipitation, soil with conservation.
    """
    base = area * standard_equivalent
    supply = (
        step("food_value", base * food * production)
        + step("raw_material_value", base * raw_material * production)
        + step("water_supply_value", base * water_supply * precipitation)
    )
    regulation = (
        step("gas_value", base * gas * production)
        + step("climate_value", base * climate * production)
        + step("purification_value", base * purification * production)
        + step("hydrology_value", base * hydrology * precipitation)
    )
    support = (
        step("soil_value", base * soil * conservation)
        + step("nutrients_value", base * nutrients * production)
        + step("biodiversity_value", base * biodiversity * production)
    )
    culture = step("landscape_value", base * landscape * production)
    return step("annual", supply + regulation + support + culture) * loss * duration


@method("services-loss")
def services_loss(annual_value: Any, loss: Any, duration: Any) -> Any:
    """Value services lost by the yearly value of each, the share lost, and the years."""
    return step("annual_loss", total(annual_value * loss)) * duration
