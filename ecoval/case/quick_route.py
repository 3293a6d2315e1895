"""The quick route beside its conditions: its form, its experts' capacity, and when it must stop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ..findings import Finding
from ..rules.jurisdictions import Place
from ..rules.jurisdictions import place as as_place
from ..rules.parameters import InForce, all_in_force, parameter
from .model import Case

# What `[eligibility]` may attest in any place: found on the way that the route does not fit.
UNSUITABLE = "became_unsuitable"

_BESIDE = ("quick-assessment-capacity", "quick-assessment-pools", "full-assessment")


def beside(*, on: date, jurisdiction: Place) -> tuple[InForce, ...]:
    """Return the rules on experts and institutions that are shown with the test."""
    return tuple(
        rule for name in _BESIDE for rule in all_in_force(name, on=on, jurisdiction=jurisdiction)
    )


def form_findings(case: Case, forms: Sequence[InForce]) -> Iterator[Finding]:
    """Yield where no rule allows the form of the opinion, or not all do, or it lacks its basis."""
    allowing = [rule for rule in forms if case.form in rule.chosen]
    titles = parameter("quick-assessment-forms").choices
    if forms and not allowing:
        listed = "；".join(f"{rule.place.name} {rule.text}" for rule in forms)
        hint = "" if case.form in titles else f"（没有 {case.form} 这一形式）"
        text = f"{case.form} 不在该地可用的形式之内{hint}：{listed}"
        yield Finding("form-not-allowed", "stop", text, "form", forms[0].citation)
    elif allowing and case.form not in forms[0].chosen:
        text = (
            f"{titles[case.form]}：{forms[0].place.name}的规定没有列出（{forms[0].text}），"
            f"{allowing[0].place.name}的规定列出"
        )
        yield Finding("form-conflict", "warning", text, "form", forms[0].citation)
    if case.form != "expert_opinion" and not case.materials:
        text = f"{titles.get(case.form, case.form)}须以法律文书、监测报告等资料为据，材料清单为空"
        clause = forms[0].citation if forms else ""
        yield Finding("determination-without-materials", "warning", text, "material", clause)


def capacity_findings(case: Case, rules: Sequence[InForce]) -> Iterator[Finding]:
    """Yield the named experts whose capacity for the matter is not stated where a rule asks for it."""
    asked = [rule for rule in rules if rule.name == "quick-assessment-capacity"]
    if not asked or case.form != "expert_opinion":
        return
    for place, expert in enumerate(case.experts, start=1):
        if expert.name and not expert.capacity.strip():
            text = f"{expert.name} 未说明鉴定评估本案事项的专业能力（capacity）"
            clause = asked[0].citation
            yield Finding("expert-capacity", "warning", text, f"expert[{place}]", clause)


def stop_findings(
    case: Case, barred: bool, stop: InForce | None, rules: Sequence[InForce]
) -> Iterator[Finding]:
    """Yield what follows where the quick route does not fit: stop, and commission an institution."""
    said = case.eligibility.get(UNSUITABLE)
    if said is not None and said.met:
        text = f"评估中发现不适用的情形{f'：{said.note}' if said.note else ''}"
        clause = stop.citation if stop else ""
        yield Finding("became-unsuitable", "stop", text, f"eligibility.{UNSUITABLE}", clause)
    if not barred:
        return
    full = next((rule for rule in rules if rule.name == "full-assessment"), None)
    parts = [stop.text] if stop else ["不适用简易评估的，应改为委托鉴定评估机构。"]
    parts += [f"{full.place.name}：{full.text}"] if full else []
    clauses = "；".join(rule.citation for rule in (stop, full) if rule is not None)
    yield Finding("quick-stop", "warning", "".join(parts), "route", clauses)


def no_rule(at: Place, on: date) -> Finding:
    """Return the finding that no rule on the quick route is known there and then, and which are."""
    values = parameter("quick-assessment-conditions").values
    known = "；".join(f"{as_place(value.jurisdiction).name} {value.span}" for value in values)
    text = (
        f"未见 {at.name} {on.isoformat()} 关于简易评估的规定，能否适用须由委托单位说明依据。"
        f"已知：{known}"
    )
    return Finding("no-quick-rule", "warning", text, "route")
