"""期间服务功能丧失的损失: what is lost from the damage to the recovery."""

from __future__ import annotations

from typing import Any

from ..formula import total, years
from .definition import method


@method("interim-loss")
def interim_loss(
    quantity: Any,
    loss: Any,
    unit_value: Any,
    rate: Any,
    first_year: Any,
    last_year: Any,
    base_year: Any,
) -> Any:
    """Value a constant yearly loss of services; years before the base year are compounded."""
    year = years(first_year, last_year)
    return total(quantity * loss * unit_value * (1 + rate) ** (base_year - year))


@method("interim-loss-path")
def interim_loss_path(
    quantity: Any, unit_value: Any, level: Any, factor: Any, injured_baseline: Any
) -> Any:
    """Value a loss of services along its recovery, or for ever, year by year."""
    return quantity * unit_value * total(level * factor) / injured_baseline
