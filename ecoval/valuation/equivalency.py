"""Equivalency analysis: what is lost and what a project gives back, in the same discounted units."""

from __future__ import annotations

from typing import Any

from ..formula import total
from .definition import method


@method("equivalency-discounted-loss")
def discounted_loss(quantity: Any, level: Any, factor: Any, injured_baseline: Any) -> Any:
    """Add up the levels of loss over the discounted years."""
    return quantity * total(level * factor) / injured_baseline


@method("equivalency-resource-loss")
def resource_loss(alive: Any, factor: Any) -> Any:
    """Add up the animals that would have lived over the discounted years."""
    return total(alive * factor)


@method("equivalency-unit-gain")
def unit_gain(level: Any, factor: Any, gain_baseline: Any) -> Any:
    """Add up the levels of gain of one unit of restoration over the discounted years."""
    return total(level * factor) / gain_baseline


@method("equivalency-project-size")
def project_size(
    discounted_loss: Any, value_ratio: Any, unit_gain: Any, success: Any, equivalency_ratio: Any
) -> Any:
    """Scale the project so that what it gives back equals what was lost.

    Several habitats are summed in the currency of the project; what each would need by itself is
    recorded beside the sum.
    """
    return total(discounted_loss * value_ratio) / (unit_gain * success * equivalency_ratio)


@method("equivalency-upkeep")
def upkeep(amount: Any, first: Any, every: Any, times: Any, money_rate: Any) -> Any:
    """Discount costs that recur every some years, at the rate of money."""
    growth = 1 + money_rate
    recurring = (1 - growth ** (-every * times)) / (1 - growth**-every)
    return total(amount * growth**-first * recurring)


@method("equivalency-project-cost")
def project_cost(size: Any, unit_cost: Any, contingency: Any, upkeep: Any) -> Any:
    """Value the project at its cost, with a contingency on the works and its upkeep."""
    return size * unit_cost * (1 + contingency) + upkeep


@method("equivalency-lot-value")
def lot_value(lot: Any, gain_unit_value: Any, level: Any, factor: Any, gain_baseline: Any) -> Any:
    """Value what a lot of restoration (one hectare, say) gives back over the discounted years."""
    return lot * gain_unit_value * total(level * factor) / gain_baseline


@method("equivalency-value-to-value")
def value_to_value(value_lost: Any, lot: Any, lot_value: Any, success: Any) -> Any:
    """Scale the project so that the value it gives back equals the value lost."""
    return lot * total(value_lost) / (lot_value * success)


@method("equivalency-value-to-cost")
def value_to_cost(value_lost: Any) -> Any:
    """Set the budget of the project at the value lost."""
    return total(value_lost)
