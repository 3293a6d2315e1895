"""Costs by their vouchers: clearance, prevention, restoration, investigation."""

from __future__ import annotations

from typing import Any

from ..formula import total
from .definition import method


@method("cost-ledger")
def cost_ledger(quantity: Any, unit_price: Any) -> Any:
    """Add up the lines of a ledger, each a quantity at its unit price."""
    return total(quantity * unit_price)


@method("cost-present-value")
def present_value(amount: Any, year: Any, rate: Any, base_year: Any) -> Any:
    """Bring the costs of several years to the base year at the discount rate of money."""
    return total(amount * (1 + rate) ** (base_year - year))
