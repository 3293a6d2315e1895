"""Surface water: virtual treatment cost of 2020, its unit cost, the multiples of 2011 and 2014."""

from __future__ import annotations

from typing import Any

from ..formula import highest, step, total
from .definition import method
from .pollutants import governing_discharge as governing_discharge


@method("water-exceedance-multiple")
def exceedance_multiple(concentration: Any, limit: Any) -> Any:
    """Return how many times over its limit a discharge is, for the pollutant that is most so."""
    return highest((concentration - limit) / limit)


@method("water-unit-cost-survey")
def unit_cost_survey(costs: Any, treated: Any) -> Any:
    """Return what treating a unit of wastewater costs at a plant that was surveyed."""
    return total(costs) / treated


@method("water-virtual-treatment")
def virtual_treatment(
    discharge: Any, unit_cost: Any, hazard: Any, exceedance: Any, function: Any
) -> Any:
    """Value a discharge to surface water at what treating it would have cost."""
    adjustment = step("adjustment", hazard * exceedance * function)
    return discharge * unit_cost * adjustment


@method("water-multiple-2014")
def multiple_2014(quantity: Any, unit_cost: Any, multiple: Any) -> Any:
    """Value a discharge before 2021 at a multiple of what treating it would have cost."""
    virtual_cost = step("virtual_cost", total(quantity * unit_cost))
    return virtual_cost * multiple


multiple_2011 = multiple_2014.edition(
    "water-multiple-2011",
    module=__name__,
    name="multiple_2011",
    doc="Value a discharge before 2014-10-24 at a multiple of what treating it would have cost.",
)
