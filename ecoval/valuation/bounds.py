"""Check each value against what it can be, and against what the standard lets it be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from math import isclose

from ..errors import EcovalError, InputError, OutOfScope, Spot
from ..findings import Finding
from ..numerals import plain
from ..rules.cards import Range, Term
from ..rules.tables import table
from .demands import demands
from .gathering import OVERRULE, Gathering
from .lookups import keys_for

# Three shares printed as 33.3 % each are a whole.
_ROUNDED = 5e-3


def check_bounds(gathering: Gathering, term: Term) -> None:
    """Check the value of *term*, line by line.

    Raises
    ------
    InputError
        It is negative, not a share, not whole, not a year, or before what it must not be before.
    OutOfScope
        It is outside the standard's range and not overruled.
    """
    used = gathering.values[term.name]
    for place, number in enumerate(used.values):
        where = gathering.where(term.name, place if len(used.values) > 1 else None)
        got = " ".join(used.written(place)).strip()
        for good, words in demands(term, number):
            if not good and term.share and number > 1:
                hint = f'若指百分之 {plain(number)}，请写 "{plain(number)} %"。'
                raise InputError(words, where=where, got=plain(number), hint=hint)
            if not good:
                raise InputError(words, where=where, got=got)
        if term.range is not None:
            _check_range(gathering, term, term.range, number, where)
    if term.sums_to is not None:
        _check_sum(gathering, term, term.sums_to)
    if term.consecutive:
        _check_consecutive(gathering, term)
    if term.not_before:
        other = gathering.values[term.not_before]
        if used.values[0] < other.values[0]:
            raise InputError(
                f"{'早于' if term.calendar else '小于'}{other.term.title}（{other.text}）",
                where=gathering.where(term.name),
                got=used.text,
            )


def _check_sum(gathering: Gathering, term: Term, whole: float) -> None:
    """Make sure that the lines of *term* add up to what they are shares of, as rounded shares do."""
    found = sum(gathering.values[term.name].values)
    if not isclose(found, whole, rel_tol=_ROUNDED):
        shown = _as_percent if term.unit == ("%",) else plain
        raise InputError(
            f"各项之和须为 {shown(whole)}",
            where=gathering.where(term.name),
            got=shown(float(plain(found))),
        )


def _check_consecutive(gathering: Gathering, term: Term) -> None:
    """Make sure that the lines of *term* go up by one: none twice, none left out."""
    values = gathering.values[term.name].values
    for place, (before, number) in enumerate(pairwise(values), start=1):
        if number != before + 1:
            what = "与前一项重复或次序颠倒" if number <= before else "与前一项之间有空缺"
            raise InputError(
                what,
                where=gathering.where(term.name, place),
                got=plain(number),
                hint=f"须逐一相连，此处应为 {plain(before + 1)}。",
            )


def _check_range(
    gathering: Gathering, term: Term, allowed: Range, number: float, where: Spot
) -> None:
    low, high, above, cited = allowed.low, allowed.high, None, allowed.cited
    if allowed.table:
        keys = keys_for(gathering, allowed.keys, {}, {})
        if keys is None:
            missing = [
                key
                for key in allowed.keys.values()
                if key not in gathering.choices and key[0] != "="
            ]
            raise InputError("缺少", where=gathering.where(missing[0]), hint="取值区间须据此查表。")
        try:
            row = table(allowed.table).row(keys.classes, keys.band)
        except EcovalError as error:
            raise error.at(gathering.where(term.name)) from None
        gathering.rows.append(row)
        if row.standing == "unverified":
            text = f"{term.title}的取值范围待核实：{table(allowed.table).name}第 {row.place} 行"
            text += f"（{row.note}）" if row.note else ""
            gathering.findings.append(
                Finding("unverified-range", "warning", text, gathering.say(term.name))
            )
        low = row.number(allowed.low_column) if allowed.low_column else None
        high = row.number(allowed.high_column) if allowed.high_column else None
        above = row.number(allowed.above_column) if allowed.above_column else None
        cited = table(allowed.table).name
    if (
        (low is None or number >= low)
        and (high is None or number <= high)
        and (above is None or number > above)
    ):
        return
    shown = _as_percent if term.unit == ("%",) else plain
    got = shown(number)
    span = f"大于 {shown(above)}" if above is not None else _span(low, high, shown)
    what = f"超出{cited}的取值范围 {span}"
    gathering.may(
        term.name,
        Finding("outside-range", "warning", f"{what}，取 {got}", str(where), cited),
        OutOfScope(what, where=where, got=got, hint=OVERRULE.format(term.name)),
    )


def _as_percent(share: float) -> str:
    return f"{plain(share * 100)}%"


def _span(low: float | None, high: float | None, shown: Callable[[float], str]) -> str:
    if low is not None and high is not None:
        return f"{shown(low)}–{shown(high)}"
    return f"不小于 {shown(low)}" if low is not None else f"不大于 {shown(high or 0)}"


def check_price_bases(bases: Mapping[str, str], where: str) -> None:
    """Make sure that prices that are added or compared are of one base, if any is said.

    Raises
    ------
    InputError
        Two bases differ, or some have one and others none.
    """
    said = {name: base for name, base in bases.items() if base}
    if not said:
        return
    if len(set(said.values())) > 1:
        listed = "；".join(f"{name} {base}" for name, base in said.items())
        raise InputError(
            "价格基准不一致",
            where=where,
            got=listed,
            hint="先以同一指数换算到同一基准（restoration-price-base、forest-price-rebasing）。",
        )
    if bare := [name for name in bases if name not in said]:
        raise InputError(f"有的写明价格基准，{'、'.join(bare)}没有写明", where=where)
