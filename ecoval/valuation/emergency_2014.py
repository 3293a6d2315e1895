"""Emergency response after the first edition of 2011: its formulas, under the method of 2014."""

from __future__ import annotations

from typing import Any

from ..formula import step, total
from .definition import method


@method("emergency-materials-2014")
def materials(quantity: Any, price: Any) -> Any:
    """Value the materials that were spent at their purchase or market price."""
    return total(price * quantity)


@method("emergency-machines-2014")
def machines(usage: Any, rental: Any) -> Any:
    """Value the machines that were used at what renting them costs."""
    return total(usage * rental)


@method("emergency-fuel-2014")
def fuel(consumption: Any, price: Any) -> Any:
    """Value the fuel that was burnt by its mass."""
    return total(consumption * price)


@method("emergency-people-2014")
def people(headcount: Any, allowance: Any, days: Any) -> Any:
    """Value the people called in at a daily wage or allowance."""
    return total(headcount * allowance * days)


@method("emergency-newness-2014")
def newness(residual_rate: Any, useful_life: Any, years_used: Any) -> Any:
    """Return the share of its replacement value that a thing in use still has."""
    depreciation = step("depreciation", (1 - residual_rate) / useful_life)
    return 1 - depreciation * years_used


@method("emergency-property-2014")
def property_damage(replacement_value: Any, newness: Any, damage_rate: Any) -> Any:
    """Value property partly destroyed by the control measures, after depreciation."""
    return replacement_value * newness * damage_rate
