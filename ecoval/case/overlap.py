"""Conditions of the methods used, and losses that two items would count twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..findings import Finding
from ..rules.cards import HEADS
from ..rules.sources import source

if TYPE_CHECKING:
    from .assessment import AssessedItem


def condition_findings(item: AssessedItem) -> Iterator[Finding]:
    """Yield what the standard's own conditions say of *item*, from what the case attests."""
    attested = item.entry.conditions
    known = {condition.id for condition in item.card.conditions}
    for id in attested:
        if id not in known:
            text = f"方法 {item.card.id} 没有适用条件 {id}"
            yield Finding("condition-unknown", "warning", text, item.where)
    for condition in item.card.conditions:
        said = attested.get(condition.id)
        cited = f"{source(condition.source).short} {condition.clause}"
        if said is None or said.met is None:
            reason = f"：{said.open}" if said is not None and said.open else ""
            kind = {"requires": "适用条件", "forbids": "不适用情形"}[condition.kind]
            text = f"{kind}“{condition.text}”尚未说明（{condition.id}）{reason}"
            yield Finding("condition-open", "note", text, item.where, cited)
        elif condition.kind == "requires" and not said.met:
            text = f"不具备适用条件“{condition.text}”，按标准不应采用{item.card.title}"
            yield Finding("condition-failed", "warning", text, item.where, cited)
        elif condition.kind == "forbids" and said.met:
            text = f"存在不适用情形“{condition.text}”，按标准不应采用{item.card.title}"
            yield Finding("condition-forbids", "warning", text, item.where, cited)


def overlap_findings(items: Sequence[AssessedItem]) -> Iterator[Finding]:
    """Yield the pairs that a card declares to count the same loss twice, and which to drop."""
    yield from _twice(items)
    for item in items:
        for declared in item.card.overlaps:
            if ":" not in declared:
                yield from _same_loss(item, declared, items)
                continue
            head, _, medium = declared.partition(":")
            for other in items:
                if other is item or other.card.id == item.card.id:
                    continue
                if other.entry.head == head and not other.medium:
                    text = (
                        f"{other.where}未注明环境介质（medium），"
                        f"不能判断是否与{item.where}（{item.card.title}）重复计算"
                    )
                    yield Finding("medium-missing", "warning", text, other.where)
                if other.entry.head == head and other.medium == medium:
                    text = (
                        f"{item.where}（{item.card.title}）与{other.where}（{other.card.title}，"
                        f"{HEADS[other.entry.head]}）针对同一介质，重复计算同一损害："
                        f"修复费用可以计算的，应删去{item.where}"
                    )
                    yield Finding("double-counting", "warning", text, item.where, item.card.clause)


def _same_loss(item: AssessedItem, method: str, items: Sequence[AssessedItem]) -> Iterator[Finding]:
    """Yield the items by *method* that value under the same head what *item* values already."""
    for other in items:
        alike = other.entry.head == item.entry.head and other.medium == item.medium
        if other.card.id == method and alike:
            text = (
                f"{item.where}（{item.card.title}）与{other.where}（{other.card.title}）同计入"
                f"{HEADS[item.entry.head]}，是同一损失的两种算法：只保留一项，另一项供对照"
            )
            yield Finding("double-counting", "warning", text, item.where, item.card.clause)


def _twice(items: Sequence[AssessedItem]) -> Iterator[Finding]:
    """Yield the items that value one medium by one method under two heads, or by the same inputs."""
    for place, item in enumerate(items):
        for other in items[:place]:
            if other.card.id != item.card.id or not item.medium or other.medium != item.medium:
                continue
            same = dict(other.item.given) == dict(item.item.given)
            if same or other.entry.head != item.entry.head:
                what = "输入相同" if same else "归入不同科目"
                text = (
                    f"{other.where}与{item.where}以同一方法（{item.card.title}）计算同一介质，{what}，"
                    f"可能重复计算同一损害：应只保留一项"
                )
                yield Finding("double-counting", "warning", text, item.where, item.card.clause)
