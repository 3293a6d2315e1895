"""Emergency response: people, fuel, machines, materials, property lost, and the direct loss."""

from __future__ import annotations

from typing import Any

from ..formula import step, total
from .definition import method


@method("emergency-materials")
def materials(quantity: Any, price: Any) -> Any:
    """Value the materials that were spent at their purchase or market price."""
    return total(price * quantity)


@method("emergency-machines")
def machines(usage: Any, rental: Any) -> Any:
    """Value the machines that were used at what renting them costs."""
    return total(usage * rental)


@method("emergency-fuel")
def fuel(consumption: Any, price: Any) -> Any:
    """Value the fuel that was burnt by its mass."""
    return total(consumption * price)


@method("emergency-people")
def people(headcount: Any, allowance: Any, days: Any) -> Any:
    """Value the people called in at a daily wage or allowance."""
    return total(headcount * allowance * days)


@method("emergency-newness")
def newness(residual_rate: Any, useful_life: Any, years_used: Any) -> Any:
    """Return the share of its replacement value that a thing in use still has."""
    depreciation = step("depreciation", (1 - residual_rate) / useful_life)
    return 1 - depreciation * years_used


@method("emergency-property")
def property_damage(replacement_value: Any, newness: Any, damage_rate: Any) -> Any:
    """Value property partly destroyed by the control measures, after depreciation."""
    return replacement_value * newness * damage_rate


@method("emergency-direct-loss")
def direct_loss(
    injury: Any,
    property_loss: Any,
    eco_damage: Any,
    disposal: Any,
    safeguard: Any,
    monitoring: Any,
    relocation: Any,
    command: Any,
    other: Any,
) -> Any:
    """Add up the direct economic loss of an incident's response phase."""
    response = step("response", disposal + safeguard + monitoring + relocation + command)
    return injury + property_loss + eco_damage + response + other
