"""Whether the quick assessment may be used, there and then; a rule not seen is said to be so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from .. import money
from ..errors import ContentError
from ..findings import Finding, Level
from ..rules.jurisdictions import NATION, Place
from ..rules.parameters import InForce, all_in_force, parameter
from .entries import Attested
from .model import Case
from .quick_route import (
    UNSUITABLE,
    beside,
    capacity_findings,
    form_findings,
    no_rule,
    stop_findings,
)

Verdict = Literal["eligible", "ineligible", "undetermined", "no-rule"]

VERDICTS: dict[Verdict, str] = {
    "eligible": "符合简易评估的适用条件",
    "ineligible": "不符合简易评估的适用条件",
    "undetermined": "简易评估的适用条件尚未全部确认",
    "no-rule": "未见该地当时关于简易评估的规定",
}

_EXCLUDED = {"appraisal": "鉴定评估费用", "monitoring": "监测及检验费用"}


@dataclass(frozen=True)
class Limb:
    """One condition of the rule, and what is attested of it."""

    code: str
    title: str
    attested: Attested
    rule: InForce | None = None

    @property
    def text(self) -> str:
        """What is attested, as printed."""
        if self.attested.met is None:
            return f"待确认：{self.attested.open}" if self.attested.open else "待确认"
        return "符合" if self.attested.met else "不符合"


@dataclass(frozen=True)
class ThresholdTest:
    """The amount against one jurisdiction's threshold.

    ``met`` is None where the answer hangs on costs of which it was not seen whether they count.
    """

    rule: InForce
    fens: int
    met: bool | None

    @property
    def text(self) -> str:
        """The comparison, as printed."""
        sign = {True: "满足", False: "不满足", None: "是否满足取决于扣除哪些费用："}[self.met]
        excluded = "、".join(
            _EXCLUDED[kind] for kind in self.rule.found.excludes if kind in _EXCLUDED
        )
        basis = f"（不含{excluded}）" if excluded else ""
        return f"{money.printed(self.fens)} 元{basis}，{sign}“{self.rule.text}”"


@dataclass(frozen=True)
class Eligibility:
    """The test of the quick route with every rule that was applied.

    ``beside`` has the rules on experts and institutions, which are shown and decide nothing.
    """

    asked: Place
    on: date
    verdict: Verdict
    conditions: tuple[InForce, ...]
    limbs: tuple[Limb, ...]
    thresholds: tuple[ThresholdTest, ...]
    experts: InForce | None
    forms: InForce | None
    stop: InForce | None
    findings: tuple[Finding, ...]
    beside: tuple[InForce, ...] = ()

    @property
    def rules(self) -> tuple[InForce, ...]:
        """Every rule applied, each once."""
        listed = [*self.conditions, *(test.rule for test in self.thresholds)]
        listed += [rule for rule in (self.experts, self.forms, self.stop) if rule is not None]
        return tuple(listed)

    @property
    def sentence(self) -> str:
        """The verdict in a sentence."""
        return VERDICTS[self.verdict]


def eligibility_of(case: Case, fens: int, by_kind: Mapping[str, int]) -> Eligibility:
    """Return whether *case*, assessed at *fens*, may go the quick route.

    *by_kind* has the fen that are appraisal and monitoring cost, which some thresholds leave out.
    A rule of procedure is that of the day the assessment was commissioned, else of the opinion,
    else of the damage; conditions and thresholds are tested at every level from the place up.
    """
    at, on = case.jurisdiction, case.commissioned_on or case.opinion_on or case.on

    def rules(topic: str) -> Sequence[InForce]:
        return all_in_force(f"quick-assessment-{topic}", on=on, jurisdiction=at)

    conditions = tuple(rules("conditions"))
    limbs = _limbs(case, conditions)
    tests = tuple(_test(rule, fens, by_kind) for rule in rules("threshold"))
    findings = [
        *_limb_findings(case, limbs, conditions),
        *_threshold_findings(tests, fens, by_kind, on),
    ]
    others = beside(on=on, jurisdiction=at)
    stop = next(iter(rules("stop")), None)
    found = case.eligibility.get(UNSUITABLE)
    verdict = _verdict(conditions, limbs, tests, found is not None and found.met is True)
    findings += form_findings(case, rules("forms"))
    findings += capacity_findings(case, others)
    findings += stop_findings(case, verdict == "ineligible", stop, others)
    if verdict == "no-rule":
        findings.append(no_rule(at, on))
    return Eligibility(
        at,
        on,
        verdict,
        conditions,
        limbs,
        tests,
        next(iter(rules("experts")), None),
        _form_rule(case, rules("forms")),
        stop,
        tuple(findings),
        others,
    )


def _form_rule(case: Case, forms: Sequence[InForce]) -> InForce | None:
    """Return the most local rule that allows the form, else the most local there is."""
    return next((rule for rule in forms if case.form in rule.chosen), next(iter(forms), None))


def _limbs(case: Case, rules: Sequence[InForce]) -> tuple[Limb, ...]:
    """Return the conditions of every level, each once, with the most local rule that asks it."""
    titles = parameter("quick-assessment-conditions").choices
    asked: dict[str, InForce | None] = {}
    for rule in rules:
        for code in rule.chosen:
            asked.setdefault(code, rule)
    if not rules:
        # No rule, but what the case attests is shown all the same.
        asked = {code: None for code in case.eligibility if code != UNSUITABLE}
    return tuple(
        Limb(code, titles.get(code, code), case.eligibility.get(code, Attested()), rule)
        for code, rule in asked.items()
    )


def _test(rule: InForce, fens: int, by_kind: Mapping[str, int]) -> ThresholdTest:
    limit = money.fen(rule.number)
    if rule.found.operator not in ("<", "<="):
        raise ContentError("金额上限须写 < 或 <=", where=rule.name, got=rule.found.operator)

    def holds(amount: int) -> bool:
        return amount < limit if rule.found.operator == "<" else amount <= limit

    amount = fens - sum(by_kind.get(kind, 0) for kind in rule.found.excludes)
    seen = "not_seen" not in rule.found.excludes
    if seen or holds(amount) == holds(fens - sum(by_kind.values())):
        return ThresholdTest(rule, amount, holds(amount))
    # What the rule leaves out was not seen, and the answer hangs on it.
    return ThresholdTest(rule, amount, None)


def _verdict(
    rules: Sequence[InForce],
    limbs: Sequence[Limb],
    tests: Sequence[ThresholdTest],
    unsuitable: bool,
) -> Verdict:
    if unsuitable:
        return "ineligible"
    if not rules:
        return "no-rule"
    if any(limb.attested.met is False for limb in limbs):
        return "ineligible"
    if tests and all(test.met is False for test in tests):
        return "ineligible"
    if not all(test.met for test in tests) or any(limb.attested.met is None for limb in limbs):
        return "undetermined"
    return "eligible"


def _limb_findings(case: Case, limbs: Sequence[Limb], rules: Sequence[InForce]) -> list[Finding]:
    findings = []
    for limb in limbs:
        if limb.rule is None:
            continue
        where, cited = f"eligibility.{limb.code}", limb.rule.citation
        if limb.attested.met is False:
            text = f"不符合“{limb.title}”，不能适用简易评估"
            findings.append(Finding("limb-failed", "stop", text, where, cited))
        elif limb.attested.met is None:
            reason = f"：{limb.attested.open}" if limb.attested.open else ""
            text = f"“{limb.title}”待确认{reason}"
            findings.append(Finding("limb-open", "warning", text, where, cited))
    known = [limb.code for limb in limbs]
    for code in case.eligibility:
        if code not in known and code != UNSUITABLE:
            keys = "、".join((*known, UNSUITABLE))
            text = f"{code} 不是该地规定的适用条件，未予考虑。可写：{keys}"
            findings.append(Finding("limb-unknown", "note", text, f"eligibility.{code}"))
    for rule in rules:
        if rule.found.standing == "unverified":
            text = f"简易评估的适用条件依据待核实：{rule.citation}"
            findings.append(
                Finding("unverified-rule", "warning", text, "eligibility", rule.citation)
            )
    return findings


def _threshold_findings(
    tests: Sequence[ThresholdTest], fens: int, by_kind: Mapping[str, int], on: date
) -> list[Finding]:
    findings = []
    barred = bool(tests) and all(test.met is False for test in tests)
    for test in tests:
        rule, name = test.rule, test.rule.place.name
        if not test.met:
            level: Level = "stop" if barred else "warning"
            findings.append(
                Finding("threshold-passed", level, f"{name}：{test.text}", "total", rule.citation)
            )
            findings += _within_cap(test, on)
        if "not_seen" in rule.found.excludes and any(by_kind.values()):
            less = fens - sum(by_kind.values())
            text = (
                f"{name}的金额上限应扣除哪些费用未见原文：不扣除为 {money.printed(fens)} 元，"
                f"扣除鉴定评估与监测费用为 {money.printed(less)} 元"
            )
            findings.append(Finding("threshold-basis", "note", text, "total", rule.citation))
    if len({test.rule.number for test in tests}) > 1:
        listed = "；".join(f"{test.rule.place.name} {test.rule.text}" for test in tests)
        text = f"不同层级的金额上限不一致，均列出而不择一：{listed}"
        findings.append(Finding("threshold-conflict", "warning", text, "total"))
    return findings


def _within_cap(test: ThresholdTest, on: date) -> list[Finding]:
    """Say so where a province might have set a higher threshold that was not seen."""
    caps = all_in_force("quick-assessment-threshold-cap", on=on, jurisdiction=test.rule.asked)
    if test.rule.place.code != NATION or not caps or test.fens > money.fen(caps[0].number):
        return []
    text = f"省级可将上限调整至 {caps[0].text}，该省是否调整未见"
    return [Finding("threshold-cap", "note", text, "total", caps[0].citation)]
