"""Unit abatement cost where no plant was surveyed: from a cost function, or from quoted prices."""

from __future__ import annotations

from typing import Any

from ..formula import step, total
from .definition import method


@method("unit-cost-function")
def cost_function(
    coefficient: Any,
    capacity: Any,
    unit_capacity: Any,
    capacity_exponent: Any,
    removal: Any,
    removal_exponent: Any,
    treated: Any,
) -> Any:
    """Return what treating a tonne costs by a function of capacity and removal.

    The function is empirical: capacity enters as a number of the unit it was fitted in.
    """
    size = (capacity / unit_capacity) ** capacity_exponent
    annual_cost = step("annual_cost", coefficient * size * removal**removal_exponent)
    return annual_cost / treated


@method("unit-cost-quotes")
def quotes(price: Any, weight: Any) -> Any:
    """Return the mean of quoted prices, each counted by its weight."""
    return total(price * weight) / total(weight)
