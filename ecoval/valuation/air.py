"""Ambient air: virtual treatment cost of 2020 in two readings, the multiples of 2014, unit cost."""

from __future__ import annotations

from typing import Any

from ..formula import step, total
from .definition import method


@method("air-unit-cost-survey")
def unit_cost_survey(costs: Any, treated: Any) -> Any:
    """Return what treating a tonne of a pollutant costs at a plant that was surveyed."""
    return total(costs) / treated


@method("air-virtual-treatment")
def virtual_treatment(
    discharge: Any, unit_cost: Any, hazard: Any, sensitivity: Any, function: Any, exceedance: Any
) -> Any:
    """Value a discharge to the air at its treatment cost; the function coefficient is added."""
    adjustment = step("adjustment", (hazard * sensitivity + function) * exceedance)
    return discharge * unit_cost * adjustment


@method("air-virtual-treatment-several")
def virtual_treatment_several(
    discharge: Any, unit_cost: Any, hazard: Any, sensitivity: Any, function: Any, exceedance: Any
) -> Any:
    """Value the discharge of several pollutants to the air at their cost, under one coefficient."""
    virtual_cost = step("virtual_cost", total(discharge * unit_cost))
    adjustment = step("adjustment", (hazard * sensitivity + function) * exceedance)
    return virtual_cost * adjustment


@method("air-virtual-treatment-product")
def virtual_treatment_product(
    discharge: Any, unit_cost: Any, hazard: Any, sensitivity: Any, function: Any, exceedance: Any
) -> Any:
    """Value a discharge to the air at its treatment cost; all four coefficients are multiplied."""
    adjustment = step("adjustment", hazard * sensitivity * function * exceedance)
    return discharge * unit_cost * adjustment


@method("air-multiple-2014")
def multiple_2014(quantity: Any, unit_cost: Any, multiple: Any) -> Any:
    """Value a discharge to the air before 2021 at a multiple of its treatment cost."""
    virtual_cost = step("virtual_cost", total(quantity * unit_cost))
    return virtual_cost * multiple
