"""Prices of one case that are not of one base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..findings import Finding

if TYPE_CHECKING:
    from .assessment import AssessedItem


def price_findings(items: Sequence[AssessedItem]) -> Iterator[Finding]:
    """Yield a finding where items that are added up say different price bases."""
    said: dict[str, list[str]] = {}
    for item in items:
        for base in dict.fromkeys(line.get("price_base", "").strip() for line in item.item.lines):
            if base:
                said.setdefault(base, []).append(item.where)
    if len(said) < 2:
        return
    listed = "；".join(f"{'、'.join(where)}按 {base}" for base, where in said.items())
    text = (
        f"各项的价格基准不一致（{listed}），合计前须以同一指数换算到同一基准"
        "（restoration-price-base），换算后的费用不再与原费用并计"
    )
    yield Finding("mixed-price-bases", "warning", text, "item")
