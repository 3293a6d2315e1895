"""Solid waste dumped into surface water: virtual treatment cost of 2020, and its unit cost."""

from __future__ import annotations

from typing import Any

from ..formula import step, total
from .definition import method
from .pollutants import governing_waste as governing_waste


@method("water-solid-waste-unit-cost-survey")
def unit_cost_survey(costs: Any, treated: Any) -> Any:
    """Return what disposing of a tonne of waste costs at a plant that was surveyed."""
    return total(costs) / treated


@method("water-solid-waste-virtual-treatment")
def virtual_treatment(
    discharge: Any, unit_cost: Any, hazard: Any, exceedance: Any, function: Any
) -> Any:
    """Value waste dumped into surface water at what its disposal would have cost."""
    adjustment = step("adjustment", hazard * exceedance * function)
    return discharge * unit_cost * adjustment
