"""Restoration by the obligor himself, and substitute restoration of equal quantity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Annotated

from pydantic import BeforeValidator, Field

from ..errors import InputError
from ..findings import Finding
from ..numerals import plain
from ..rules.parameters import parameter
from ..units import factor, measure, same_kind
from .amounts import Money, fens_of, of_float, positive, written
from .applied import Applied
from .balance import FORMS, HEADS_OF, Balance, FormEntry, Line, spot


class Repair(FormEntry):
    """Restoration that the obligor does or commissions; he pays for it directly."""

    amount: Money
    by: str = ""
    until: date | None = None


def _as_grounds(given: object) -> object:
    return (given,) if isinstance(given, str) else given


class Substitute(FormEntry):
    """Restoration of another place or kind that gives back as much as was lost."""

    amount: Money
    grounds: Annotated[tuple[str, ...], BeforeValidator(_as_grounds)] = Field(min_length=1)
    lost: str
    gained: str
    until: date | None = None


def repaired(entries: Sequence[Repair], balance: Balance, rules: Applied) -> Iterator[Line]:
    """Yield the lines of restoration by the obligor.

    Raises
    ------
    InputError
        An amount is not positive, or above what is left of its heads.
    """
    if not entries:
        return
    clause = rules.marked("performance-order")
    for place, entry in enumerate(entries):
        where = spot("restoration", place, "amount")
        fens = positive(fens_of(entry.amount), what="修复", where=where)
        heads = entry.heads or HEADS_OF["restoration"]
        balance.take(
            fens, what=FORMS["restoration"], where=where, clause=clause, entry=entry, heads=heads
        )
        direct = rules.first("payment-direct")
        text = "由义务人直接支付" + (f"（{direct.brief}）" if direct else "")
        done = [entry.by, text, f"{entry.until.isoformat()} 前完成" if entry.until else ""]
        title = entry.title or FORMS["restoration"]
        yield Line(
            "restoration",
            title,
            "，".join(part for part in done if part),
            fens,
            clause,
            entry.obligor,
            entry.note,
            entry.open,
        )


def substituted(entries: Sequence[Substitute], balance: Balance, rules: Applied) -> Iterator[Line]:
    """Yield the lines of substitute restoration.

    Raises
    ------
    InputError
        The ground is not one of the rule's, what is gained is of another kind than what was lost
        or less than it, or the amount is above what is left.
    """
    if not entries:
        return
    grounds = parameter("substitute-grounds")
    allowed = {code for rule in rules.every("substitute-grounds") for code in rule.chosen}
    clause = rules.marked("substitute-grounds")
    for place, entry in enumerate(entries):
        for ground in entry.grounds:
            if ground not in (allowed or grounds.choices):
                raise InputError(
                    f"不是可以替代修复的情形（{clause}）",
                    where=spot("substitute", place, "grounds"),
                    got=ground,
                    hint=f"可写：{'、'.join(sorted(allowed or grounds.choices))}。",
                )
        ratio = _ratio(entry, place)
        _check_equivalence(entry, place, ratio, rules)
        where = spot("substitute", place, "amount")
        fens = positive(fens_of(entry.amount), what="替代修复", where=where)
        heads = entry.heads or HEADS_OF["substitute"]
        balance.take(
            fens, what=FORMS["substitute"], where=where, clause=clause, entry=entry, heads=heads
        )
        said = "、".join(grounds.choices[ground] for ground in entry.grounds)
        text = f"{said}；所失 {entry.lost}，所得 {entry.gained}，所得与所失之比 {written(ratio)}"
        if entry.until:
            text += f"，{entry.until.isoformat()} 前完成"
        yield Line(
            "substitute",
            entry.title or FORMS["substitute"],
            text,
            fens,
            clause,
            entry.obligor,
            entry.note,
            entry.open,
        )


def _ratio(entry: Substitute, place: int) -> Fraction:
    """Return what is gained over what was lost."""
    lost, lost_unit = measure(entry.lost, where=spot("substitute", place, "lost"))
    gained, gained_unit = measure(entry.gained, where=spot("substitute", place, "gained"))
    if lost <= 0:
        raise InputError("所失须大于零", where=spot("substitute", place, "lost"), got=entry.lost)
    if not same_kind(lost_unit, gained_unit):
        raise InputError(
            "所得与所失须以同一种量计",
            where=spot("substitute", place, "gained"),
            got=entry.gained,
        )
    # Of two units one is a whole number of the other, and the other a fraction that no float holds.
    scale = factor(gained_unit, lost_unit)
    whole = Fraction(plain(scale)) if scale >= 1 else 1 / Fraction(plain(1 / scale))
    return of_float(gained) * whole / of_float(lost)


def _check_equivalence(entry: Substitute, place: int, ratio: Fraction, rules: Applied) -> None:
    rule = rules.first("substitute-equivalence")
    if rule is not None and ratio < of_float(rule.number):
        raise InputError(
            f"替代修复须等量，所得少于所失的 {written(of_float(rule.number))} 倍"
            f"（{rules.marked('substitute-equivalence')}）",
            where=spot("substitute", place, "gained"),
            got=f"{entry.gained}，所失 {entry.lost}",
        )


def substitute_findings(entries: Sequence[Substitute], rules: Applied) -> Iterator[Finding]:
    """Yield the substitutes that give back less than was lost where no rule on that was seen."""
    if not entries or rules.first("substitute-equivalence") is not None:
        return
    for place, entry in enumerate(entries):
        ratio = _ratio(entry, place)
        if ratio < 1:
            text = (
                f"替代修复所得少于所失（之比 {written(ratio)}），"
                f"{rules.cited('substitute-equivalence')}，须说明何以等值"
            )
            where = str(spot("substitute", place, "gained"))
            yield Finding("substitute-less", "warning", text, where)


def repair_findings(
    lines: Sequence[Line], has_restoration: bool, rules: Applied
) -> Iterator[Finding]:
    """Yield a note where restoration cost is settled in money only: restoration comes first."""
    if has_restoration and not any(line.form in ("restoration", "substitute") for line in lines):
        text = (
            "有生态环境修复费用而没有安排修复或替代修复：能够修复的应先修复，须说明为何以货币赔付"
        )
        yield Finding(
            "restoration-first", "note", text, "settlement", rules.cited("performance-order")
        )
