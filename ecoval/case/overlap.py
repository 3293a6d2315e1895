"""Losses that two items would count twice: which pairs, and which of the two figures goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from ..findings import Finding
from ..rules.cards import GENERAL_MEDIUM, HEADS, Overlap
from ..rules.sources import source

if TYPE_CHECKING:
    from .assessment import AssessedItem

# The findings of two items that count one loss, and of items that cannot be told apart.
DOUBLE, VAGUE = "double-counting", "medium-missing"


def overlap_findings(items: Sequence[AssessedItem]) -> Iterator[Finding]:
    """Yield the pairs that a card declares to count the same loss twice, and which to drop.

    A pair that the expert keeps apart with a reason (``apart``) is a note that prints the reason.
    """
    yield from _twice(items)
    yield from _beside_a_head(items)
    yield from _declared(items)


def _double(text: str, item: AssessedItem, other: AssessedItem, clause: str) -> Finding:
    reasons = dict.fromkeys(each.entry.apart.strip() for each in (item, other))
    said = "；".join(reason for reason in reasons if reason)
    if said:
        text = f"{text}。专家说明两项并不重复：{said}"
        return Finding("counted-apart", "note", text, item.where, clause)
    return Finding(DOUBLE, "warning", text, item.where, clause)


def _beside_a_head(items: Sequence[AssessedItem]) -> Iterator[Finding]:
    """Yield the items whose medium stands under a head that already counts their loss."""
    asked: set[int] = set()
    told: set[frozenset[int]] = set()
    for item in items:
        for declared in item.card.overlaps:
            head, _, medium = declared.partition(":")
            own = medium == "="
            for other in items:
                if other.entry.head != head or other is item or other.card.id == item.card.id:
                    continue
                if _apart(item, other):
                    continue
                pair = ((other, item), (item, other)) if own else ((other, item),)
                vague = [(each, against) for each, against in pair if not _named(each)]
                for each, against in vague:
                    if each.place in asked:
                        continue
                    asked.add(each.place)
                    text = (
                        f"{each.where}未注明环境介质（medium），"
                        f"不能判断是否与{against.where}（{against.card.title}）重复计算"
                    )
                    yield Finding(VAGUE, "warning", text, each.where)
                both = frozenset((item.place, other.place))
                if not vague and other.medium == (item.medium if own else medium):
                    if both in told:
                        continue
                    told.add(both)
                    text = (
                        f"{item.where}（{item.card.title}）与{other.where}（{other.card.title}，"
                        f"{HEADS[other.entry.head]}）针对同一介质，重复计算同一损害："
                        f"{_remedy(item, other)}"
                    )
                    yield _double(text, item, other, item.card.clause)


_DROP: dict[str, str] = {
    "this": "应删去{this}",
    "other": "应删去{other}",
    "either": "只能保留其中一项，由专家说明保留哪一项及理由",
    "part-of-this": "应从{this}中扣除两项共有的部分，不能分开的删去{this}",
    "part-of-other": "应从{other}中扣除两项共有的部分，不能分开的删去{other}",
}


def _declared(items: Sequence[AssessedItem]) -> Iterator[Finding]:
    """Yield the pairs of methods that a card declares, each pair once for each reason."""
    seen: set[tuple[int, int, str]] = set()
    alike: dict[tuple[str, str, str], list[AssessedItem]] = {}
    for item in items:
        alike.setdefault((item.card.id, item.entry.head, item.medium), []).append(item)
    named: dict[tuple[str, int], list[AssessedItem]] = {}
    for item in items:
        for at, declared in enumerate(item.card.declared_overlaps):
            if (item.card.id, at) not in named:
                meant = [each for key, of in alike.items() if _meant(declared, *key) for each in of]
                named[item.card.id, at] = sorted(meant, key=lambda each: each.place)
            for other in named[item.card.id, at]:
                if other is item or _apart(item, other):
                    continue
                places = (item.place, other.place)
                pair = (min(places), max(places), declared.why)
                if pair in seen:
                    continue
                seen.add(pair)
                yield from _same_loss(declared, item, other)


def _meant(declared: Overlap, method: str, head: str, medium: str) -> bool:
    """Tell whether an item by *method* under *head*, about *medium*, is one that *declared* names."""
    return (
        (not declared.methods or _any(declared.methods, method))
        and (not declared.heads or head in declared.heads)
        and (not declared.media or _any(declared.media, medium))
    )


def _any(patterns: Sequence[str], name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _same_loss(declared: Overlap, item: AssessedItem, other: AssessedItem) -> Iterator[Finding]:
    cited = f"{source(declared.source).short} {declared.clause}"
    both = f"{item.where}（{item.card.title}）与{other.where}（{other.card.title}）"
    if not declared.media:
        if _named(item) and _named(other) and item.medium != other.medium:
            return
        if not _named(item) or not _named(other):
            bare = item if not _named(item) else other
            text = (
                f"{bare.where}未注明环境介质（medium），不能判断{both}是否重复计算：{declared.why}"
            )
            yield Finding(VAGUE, "warning", text, bare.where, cited)
            return
    drop = _DROP[declared.drop].format(this=item.where, other=other.where)
    text = f"{both}重复计算同一损害：{declared.why}；{drop}"
    yield _double(text, item, other, cited)


def _apart(item: AssessedItem, other: AssessedItem) -> bool:
    """Tell whether the case says that the two are about different objects."""
    return bool(item.object and other.object and item.object != other.object)


def _named(item: AssessedItem) -> bool:
    return item.medium not in ("", GENERAL_MEDIUM)


def _remedy(item: AssessedItem, other: AssessedItem) -> str:
    if other.entry.head == "restoration":
        return f"修复费用可以计算的，应删去{item.where}"
    return f"应删去其一，或从{item.where}中扣除{other.where}已计的服务"


def _twice(items: Sequence[AssessedItem]) -> Iterator[Finding]:
    """Yield the items that value one medium by one method under two heads, or by the same inputs."""
    seen: dict[tuple[str, str], list[AssessedItem]] = {}
    for item in items:
        if not item.medium:
            continue
        before = seen.setdefault((item.card.id, item.medium), [])
        for other in before:
            if _apart(item, other):
                continue
            same = dict(other.item.given) == dict(item.item.given)
            # A ledger or an adopted amount, which is about no medium of its own, may serve each head.
            if same or (item.card.medium and other.entry.head != item.entry.head):
                what = "输入相同" if same else "归入不同科目"
                text = (
                    f"{other.where}与{item.where}以同一方法（{item.card.title}）计算同一介质，{what}，"
                    f"可能重复计算同一损害：应只保留一项"
                )
                yield _double(text, item, other, item.card.clause)
        before.append(item)
