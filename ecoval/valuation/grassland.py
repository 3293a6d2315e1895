"""Grassland: restoring its vegetation, and the forage lost until then."""

from __future__ import annotations

from typing import Any

from .definition import method


@method("grassland-restoration")
def restoration(area: Any, unit_cost: Any) -> Any:
    """Value grassland at what restoring its vegetation costs."""
    return area * unit_cost


@method("grassland-forage-loss")
def forage_loss(area: Any, forage: Any, price: Any, loss: Any, duration: Any) -> Any:
    """Value the forage that grassland does not yield until it has recovered."""
    return area * forage * price * loss * duration
