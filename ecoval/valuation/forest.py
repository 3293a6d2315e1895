"""Forests: standing volume, timber, replanting, prices of another year, and services lost."""

from __future__ import annotations

from typing import Any

from ..formula import step, total
from .definition import method


@method("forest-standing-volume")
def standing_volume(logs: Any, out_turn: Any) -> Any:
    """Return the standing volume that logs were cut from."""
    return logs / out_turn


@method("forest-stumpage")
def stumpage(volume: Any, price: Any, cost: Any, profit: Any) -> Any:
    """Value mature timber back from the price of its logs; this is no ecological damage."""
    revenue = step("revenue", total(volume * price))
    return revenue - cost - profit


@method("forest-young-stand")
def young_stand(area: Any, adjustment: Any, cost: Any, elapsed: Any, rate: Any) -> Any:
    """Value a young stand at what raising it again would cost; this is no ecological damage."""
    return area * adjustment * total(cost * (1 + rate) ** elapsed)


@method("forest-replanting-stems")
def replanting_stems(stems: Any, multiple: Any) -> Any:
    """Return the stems that the law has replanted for those that were felled."""
    return stems * multiple


@method("forest-replanting")
def replanting(
    required: Any, survival: Any, planting_cost: Any, tending_cost: Any, tending_years: Any
) -> Any:
    """Value planting enough that the stems required stand, and tending what was planted."""
    planted = step("planted", required / survival)
    return planted * (planting_cost + tending_cost * tending_years)


@method("forest-price-rebasing")
def price_rebasing(base_price: Any, base_index: Any, current_index: Any) -> Any:
    """Carry a price from one period to another by an index."""
    return base_price * current_index / base_index


@method("forest-service-loss")
def service_loss(annual_value: Any, loss: Any, duration: Any) -> Any:
    """Value the services a forest does not render while it is damaged; each is named once."""
    annual_loss = step("annual_loss", total(annual_value * loss))
    return annual_loss * duration
