"""生态环境修复费用: itemised with contingency, moved to another price base, and a share of it."""

from __future__ import annotations

from typing import Any

from ..formula import step, total
from .definition import method
from .options import compare as compare


@method("restoration-itemised-cost")
def itemised_cost(quantity: Any, unit_price: Any, contingency: Any) -> Any:
    """Value a restoration by its items, with contingency on their sum."""
    items = step("items", total(quantity * unit_price))
    return items * (1 + contingency)


@method("restoration-price-base")
def price_base(cost: Any, index_now: Any, index_then: Any) -> Any:
    """Move a cost from the prices of one time to those of another by an index on one base."""
    return cost * index_now / index_then


@method("restoration-service-loss-share")
def service_loss_share(restoration_cost: Any, share: Any) -> Any:
    """Value a loss of services at a share of the restoration cost, as a court has done."""
    return restoration_cost * share


@method("restoration-cost-heads")
def cost_heads(plan: Any, supervision: Any, acceptance: Any, evaluation: Any) -> Any:
    """Add up what the law counts as restoration cost: plan and works, supervision, acceptance, evaluation."""
    return plan + supervision + acceptance + evaluation
