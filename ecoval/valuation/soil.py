"""Soil and groundwater: polluted volumes, the cost of treating them, the multiples of 2014."""

from __future__ import annotations

from typing import Any

from ..formula import step, total
from .definition import method


@method("soil-volume")
def soil_volume(area: Any, depth: Any) -> Any:
    """Return the volume of polluted soil over a list of polygons and layers."""
    return total(area * depth)


@method("groundwater-volume")
def groundwater_volume(area: Any, thickness: Any, porosity: Any) -> Any:
    """Return the volume of the water that polluted aquifers hold, polygon by polygon."""
    return total(area * thickness * porosity)


@method("soil-treatment-cost")
def soil_treatment_cost(quantity: Any, unit_price: Any, contingency: Any, tax: Any) -> Any:
    """Value the treatment of soil by its works, with contingency and then tax on top."""
    works = step("works", total(quantity * unit_price))
    return works * (1 + contingency) * (1 + tax)


@method("groundwater-treatment-cost")
def groundwater_treatment_cost(quantity: Any, unit_price: Any, contingency: Any, tax: Any) -> Any:
    """Value the treatment of groundwater by its works, with contingency and then tax on top."""
    works = step("works", total(quantity * unit_price))
    return works * (1 + contingency) * (1 + tax)


@method("groundwater-multiple-2014")
def groundwater_multiple_2014(quantity: Any, unit_cost: Any, multiple: Any) -> Any:
    """Value a discharge to groundwater before 2021 at a multiple of its treatment cost."""
    virtual_cost = step("virtual_cost", total(quantity * unit_cost))
    return virtual_cost * multiple
