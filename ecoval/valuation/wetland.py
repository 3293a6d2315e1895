"""Wetland: services by the published value of another wetland, habitat by what protecting it costs."""

from __future__ import annotations

from typing import Any

from .definition import method


@method("wetland-value-transfer")
def value_transfer(area: Any, unit_value: Any, price_ratio: Any, loss: Any, duration: Any) -> Any:
    """Value the services of a wetland at what a study found for another."""
    return area * unit_value * price_ratio * loss * duration


@method("wetland-habitat")
def habitat(area: Any, protection_cost: Any) -> Any:
    """Value the habitat a wetland gives at what protecting it costs in a year."""
    return area * protection_cost
