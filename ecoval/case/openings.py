"""What a case leaves open: each point with its reason, in reading order."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from ..valuation import Item
from .dates import EVENTS
from .entries import FACTS, NEEDED_FACTS, ROLES, Statement
from .model import Case
from .overlap import DOUBLE, VAGUE

if TYPE_CHECKING:
    from .assessment import AssessedItem, Assessment

UNWRITTEN = "未填写"


def statements(case: Case) -> Iterator[tuple[str, Statement]]:
    """Yield the facts of *case* that are written or left open, by name."""
    for name in FACTS:
        statement: Statement | None = getattr(case.facts, name)
        if statement is not None:
            yield name, statement


def missing_facts(case: Case) -> list[str]:
    """Return the facts an opinion cannot do without and *case* says nothing of.

    A review of a published case states no facts of its own.
    """
    if case.route == "review":
        return []
    said = {name for name, statement in statements(case) if statement.text or statement.open}
    return [name for name in NEEDED_FACTS if name not in said]


def open_points(assessment: Assessment) -> Iterator[str]:
    """Yield everything that the case leaves open."""
    case = assessment.case
    if case.on_open:
        yield f"损害发生日：{case.on_open}"
    if case.route != "review":
        roles = {party.role for party in case.parties}
        for role in ("claimant", "obligor"):
            if role not in roles:
                yield f"当事人：{ROLES[role]}{UNWRITTEN}"
        if not case.materials:
            yield f"依据的材料：{UNWRITTEN}"
    for party in case.parties:
        if party.open or not party.name:
            yield f"当事人：{party.open or ROLES[party.role] + UNWRITTEN}"
    for material in case.materials:
        if material.open:
            yield f"材料 {material.id}：{material.open}"
    for event, day in case.dates.given():
        if day.open or day.on is None:
            yield f"{EVENTS[event]}：{day.open or UNWRITTEN}"
    for limb in assessment.eligibility.limbs if assessment.eligibility else ():
        if limb.attested.met is None:
            yield f"适用条件“{limb.title}”：{limb.attested.open or '未说明'}"
    for name in missing_facts(case):
        yield f"{FACTS[name]}：{UNWRITTEN}"
    for name, statement in statements(case):
        if statement.open:
            yield f"{FACTS[name]}：{statement.open}"
    for item in assessment.items:
        yield from _of_item(item, case)
    if case.route != "review" and _says_nothing(case.conclusion.uncertainty):
        said = case.conclusion.uncertainty
        yield f"不确定性说明：{said.open if said is not None and said.open else UNWRITTEN}"
    for place, expert in enumerate(case.experts, start=1):
        if expert.open:
            yield f"专家 {place}：{expert.open}"
    if case.route != "review":
        yield from _counted_twice(assessment)
    if assessment.performance is not None:
        yield from assessment.performance.open_points


def obstacles(assessment: Assessment) -> Iterator[str]:
    """Yield what stands between the assessment and a final document.

    A review may leave open what its published case does not say, but not what it adds up itself.
    """
    yield from open_points(assessment)
    if assessment.case.route == "review":
        for item in assessment.items:
            yield from _unconfirmed(item, assessment.case)
        yield from _counted_twice(assessment)


def _counted_twice(assessment: Assessment) -> Iterator[str]:
    for finding in assessment.findings:
        if finding.code == DOUBLE:
            yield f"{finding.text}；确不重复的，写明理由（apart）"
        elif finding.code == VAGUE:
            yield finding.text


def _says_nothing(statement: Statement | None) -> bool:
    return statement is None or not statement.text


def _of_item(assessed: AssessedItem, case: Case) -> Iterator[str]:
    where = assessed.where
    for title, given in assessed.item.givens():
        if given.open:
            yield f"{where}{title}：{given.open}"
    for line in assessed.item.lines:
        if line.get("open"):
            yield f"{where}{line.get('name', '')}：{line['open']}"
    if case.route == "review":
        return
    yield from _unconfirmed(assessed, case)
    for condition in assessed.card.conditions:
        said = assessed.entry.conditions.get(condition.id)
        if said is None or said.met is None:
            reason = f"：{said.open}" if said is not None and said.open else "：未说明"
            yield f"{where}适用条件“{condition.text}”{reason}"


def _unconfirmed(assessed: AssessedItem, case: Case) -> Iterator[str]:
    for name, title in unconfirmed(assessed, {expert.name for expert in case.experts}):
        yield (f"{assessed.where}{title}：待核实，须由署名专家核对原文并注明页码（confirm.{name}）")


def unconfirmed(assessed: AssessedItem, experts: Collection[str]) -> list[tuple[str, str]]:
    """Return what *assessed* takes from memory and none of the *experts* has confirmed by its page.

    The formula of the method is confirmed as ``method``, that of a method that computes a term by
    its id.
    """
    names = [
        (used.term.name, f"{used.term.title} {used.text}")
        for used in assessed.item.rest_on()
        if used.standing == "unverified"
    ]
    formulas = [("method", assessed.card)]
    formulas += [(part.card.id, part.card) for part in _parts(assessed.item)]
    names += [
        (name, f"{card.title}的公式") for name, card in formulas if card.standing == "unverified"
    ]
    confirm = assessed.entry.confirm
    said = {name for name, given in confirm.items() if given.by in experts}
    return [(name, title) for name, title in dict.fromkeys(names) if name not in said]


def _parts(item: Item) -> Iterator[Item]:
    for part in item.parts:
        yield from _parts(part)
        yield part
