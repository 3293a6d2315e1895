"""What the law of the day lets a claim contain, and which law may be cited that day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from ..findings import Finding
from ..rules.cards import HEADS
from ..rules.jurisdictions import Place, as_place
from ..rules.parameters import InForce, all_in_force, in_force, parameter, topics
from ..rules.sources import source
from .model import Case
from .openings import statements

if TYPE_CHECKING:
    from .assessment import AssessedItem

_PREFIX = "heads-"


def bases(*, on: date, jurisdiction: str | Place) -> tuple[InForce, ...]:
    """Return every rule in force there and then that lists the heads of compensation.

    Several hold at once: a statute, the courts' provisions, the administration's. A head has a basis
    where one of them lists it.
    """
    at = as_place(jurisdiction)
    return tuple(
        rule
        for name in topics()["heads"]
        if name.startswith(_PREFIX)
        for rule in all_in_force(name, on=on, jurisdiction=at)
    )


def legal_basis(case: Case) -> tuple[InForce, ...]:
    """Return what the opinion cites: who may claim, and under which rules which heads."""
    claim = all_in_force("claim-basis", on=case.on, jurisdiction=case.jurisdiction)
    return (*claim, *bases(on=case.on, jurisdiction=case.jurisdiction))


def head_findings(case: Case, items: Sequence[AssessedItem]) -> Iterator[Finding]:
    """Yield the items without a basis in law that day, and those that belong on another track."""
    by_day: dict[date, tuple[InForce, ...]] = {}
    at = case.jurisdiction
    for item in items:
        on = item.entry.on or case.on
        if item.track != "ecological":
            yield _other_track(item, on, at)
            continue
        if on not in by_day:
            by_day[on] = bases(on=on, jurisdiction=at)
        rules = by_day[on]
        if not rules:
            known = "；".join(
                f"{as_place(value.jurisdiction).name} {value.span}"
                for name in topics()["heads"]
                if name.startswith(_PREFIX)
                for value in parameter(name).values
            )
            text = f"未见 {at.name} {on} 关于赔偿范围的规定。已知：{known}"
            yield Finding("no-basis", "warning", text, item.where)
        elif not any(item.entry.head in rule.chosen for rule in rules):
            clauses = "；".join(rule.citation for rule in rules)
            text = f"{HEADS[item.entry.head]}不在 {at.name} {on} 的赔偿范围之内"
            yield Finding("no-basis", "warning", text, item.where, clauses)
        elif all(
            rule.found.standing != "verified" for rule in rules if item.entry.head in rule.chosen
        ):
            clauses = "；".join(rule.citation for rule in rules if item.entry.head in rule.chosen)
            text = f"{HEADS[item.entry.head]}在 {on} 的依据未核对原文"
            yield Finding("basis-not-read", "note", text, item.where, clauses)


def _other_track(item: AssessedItem, on: date, at: Place) -> Finding:
    name = f"track-{item.track}"
    rules = all_in_force(name, on=on, jurisdiction=at)
    held = parameter(name)
    said = rules[0].found.value if rules else "未见当日的规定，不能列入生态环境损害赔偿"
    text = f"{held.title}：{said}"
    clause = rules[0].citation if rules else ""
    return Finding(f"other-track-{item.track}", "stop", text, item.where, clause)


def citation_findings(case: Case) -> Iterator[Finding]:
    """Yield the laws that *case* cites by name and that were not in force on its day.

    A law that the Code repealed may be cited up to the day before the Code; the Code from its day.
    """
    held = parameter("repealed-laws")
    for where, text in _texts(case):
        for value in held.values:
            rule = in_force("repealed-laws", on=value.since, jurisdiction=value.jurisdiction)
            begins, code, clause = value.since, source(value.source), rule.citation
            if case.on < begins and short_name(code.title) in text:
                said = f"《{code.title}》自 {begins} 起施行，{case.on} 尚不能引用"
                yield Finding("code-not-yet", "warning", said, where, clause)
            if case.on < begins:
                continue
            for name in cited_repealed(text, rule.chosen):
                said = f"《{name}》自 {begins} 起废止，{case.on} 的行为应引用《{code.title}》的相应条款"
                yield Finding("repealed-law", "warning", said, where, clause)


def cited_repealed(text: str, codes: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the full names of the repealed laws that *text* cites, of all or of those of *codes*."""
    choices = parameter("repealed-laws").choices
    names = [choices[code] for code in codes or choices]
    short = {short_name(name): name for name in names}
    # 海洋环境保护法 has 环境保护法 in it: the longest name first.
    pattern = re.compile("|".join(sorted(map(re.escape, short), key=len, reverse=True)))
    found = {short[hit] for hit in pattern.findall(text)}
    return tuple(name for name in names if name in found)


def short_name(title: str) -> str:
    """Return the *title* of a law without the name of the state."""
    return title.removeprefix("中华人民共和国")


def _texts(case: Case) -> Iterator[tuple[str, str]]:
    for name, statement in statements(case):
        yield f"facts.{name}", statement.text
    for place, item in enumerate(case.items, start=1):
        yield f"第 {place} 项", item.note
    for text in (*case.conclusion.performance, *case.conclusion.limits):
        yield "conclusion", text
    yield "note", case.note
