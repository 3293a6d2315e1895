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


interim_loss_2014 = interim_loss.edition(
    "interim-loss-2014",
    module=__name__,
    name="interim_loss_2014",
    doc="Value a constant yearly loss of services from damage before 2021.",
)


@method("interim-loss-years")
def interim_loss_years(
    quantity: Any, loss: Any, unit_value: Any, rate: Any, span: Any, year: Any, base_year: Any
) -> Any:
    """Value a loss of services along a table of years, each with its degree of loss."""
    return quantity * unit_value * total(loss * span * (1 + rate) ** (base_year - year))


@method("interim-loss-linear")
def interim_loss_linear(
    quantity: Any,
    loss: Any,
    unit_value: Any,
    rate: Any,
    first_year: Any,
    recovery: Any,
    within_year: Any,
    base_year: Any,
) -> Any:
    """Value a loss of services that recovers in a straight line, year by year."""
    year = years(first_year, first_year + recovery - 1)
    left = 1 - (year - first_year + within_year) / recovery
    return total(quantity * loss * unit_value * left * (1 + rate) ** (base_year - year))


@method("interim-loss-path")
def interim_loss_path(
    quantity: Any, unit_value: Any, level: Any, factor: Any, injured_baseline: Any
) -> Any:
    """Value a loss of services along its recovery, or for ever, year by year."""
    return quantity * unit_value * total(level * factor) / injured_baseline
