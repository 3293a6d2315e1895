"""生态环境功能永久性损害的损失: a yearly loss over a horizon, or for ever."""

from __future__ import annotations

from typing import Any

from ..formula import per_year, step, total, years
from .definition import method


@method("permanent-loss-horizon")
def permanent_loss_horizon(
    quantity: Any, loss: Any, unit_value: Any, rate: Any, lag: Any, horizon: Any
) -> Any:
    """Value a yearly loss over a horizon, the first year's discounted by the lag."""
    year = years(lag, lag + horizon - 1)
    return total(quantity * loss * unit_value * (1 + rate) ** -year)


@method("permanent-loss-perpetuity")
def permanent_loss_perpetuity(
    quantity: Any, loss: Any, unit_value: Any, rate: Any, lag: Any
) -> Any:
    """Value a yearly loss that never ends, the first year's discounted by the lag."""
    annual_loss = step("annual_loss", quantity * loss * unit_value)
    return annual_loss * (1 + rate) ** (1 - lag) / per_year(rate)


permanent_loss_horizon_2014 = permanent_loss_horizon.edition(
    "permanent-loss-horizon-2014",
    module=__name__,
    name="permanent_loss_horizon_2014",
    doc="Value a yearly loss over a horizon from damage before 2021.",
)


permanent_loss_perpetuity_2014 = permanent_loss_perpetuity.edition(
    "permanent-loss-perpetuity-2014",
    module=__name__,
    name="permanent_loss_perpetuity_2014",
    doc="Value a yearly loss that never ends from damage before 2021.",
)
