"""Conditions of the methods used, as the standards set them and the case attests them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from ..findings import Finding
from ..rules.sources import source

if TYPE_CHECKING:
    from .assessment import AssessedItem


def condition_findings(item: AssessedItem) -> Iterator[Finding]:
    """Yield what the standard's own conditions say of *item*, from what the case attests."""
    attested = item.entry.conditions
    where = item.where
    known = {condition.id for condition in item.card.conditions}
    for id in attested:
        if id not in known:
            text = f"方法 {item.card.id} 没有适用条件 {id}"
            yield Finding("condition-unknown", "warning", text, item.where)
    for condition in item.card.conditions:
        said = attested.get(condition.id)
        cited = _cited(condition.source, condition.clause)
        if said is None or said.met is None:
            reason = f"：{said.open}" if said is not None and said.open else ""
            text = _unsaid(condition.kind, condition.text, condition.id) + reason
            yield Finding("condition-open", "note", text, where, cited)
        elif condition.kind == "requires" and not said.met:
            text = f"不具备适用条件“{condition.text}”，按标准不应采用{item.card.title}"
            yield Finding("condition-failed", "warning", text, item.where, cited)
        elif condition.kind == "forbids" and said.met:
            text = f"存在不适用情形“{condition.text}”，按标准不应采用{item.card.title}"
            yield Finding("condition-forbids", "warning", text, item.where, cited)


@lru_cache(maxsize=1024)
def _unsaid(kind: str, text: str, id: str) -> str:
    said = {"requires": "适用条件", "forbids": "不适用情形"}[kind]
    return f"{said}“{text}”尚未说明（{id}）"


@lru_cache(maxsize=1024)
def _cited(of: str, clause: str) -> str:
    return f"{source(of).short} {clause}"
