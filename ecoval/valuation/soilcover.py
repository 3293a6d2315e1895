"""What is dug away: black topsoil and the bed of a river, put back; the yield lost meanwhile."""

from __future__ import annotations

from typing import Any

from ..formula import step
from .definition import method


@method("black-soil-restoration")
def black_soil(
    area: Any, depth: Any, purchase: Any, haul: Any, placing: Any, fertility: Any
) -> Any:
    """Value missing black topsoil at what putting it back and making it fertile costs."""
    volume = step("volume", area * depth)
    return volume * (purchase + haul + placing) + area * fertility


@method("black-soil-yield-loss")
def yield_loss(area: Any, crop_yield: Any, price: Any, loss: Any, duration: Any) -> Any:
    """Value the harvest that poorer soil does not yield."""
    return area * crop_yield * price * loss * duration


@method("riverbed-refill")
def riverbed_refill(volume: Any, sand_price: Any, haul: Any, placing: Any) -> Any:
    """Value a river bed dug out at what refilling it costs."""
    return volume * (sand_price + haul + placing)
