"""Whether the quick assessment may be used, there and then; a rule not seen is said to be so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .. import money
from ..findings import Finding, Level
from ..rules.jurisdictions import Place
from ..rules.parameters import InForce, all_in_force, parameter
from .model import Attested, Case

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

    @property
    def text(self) -> str:
        """What is attested, as printed."""
        if self.attested.met is None:
            return f"待确认：{self.attested.open}" if self.attested.open else "待确认"
        return "符合" if self.attested.met else "不符合"


@dataclass(frozen=True)
class ThresholdTest:
    """The amount against one jurisdiction's threshold."""

    rule: InForce
    fens: int
    met: bool | None

    @property
    def text(self) -> str:
        """The comparison, as printed; None where it hangs on what may be left out."""
        sign = {True: "满足", False: "不满足", None: "是否满足取决于扣除哪些费用："}[self.met]
        excluded = "、".join(_EXCLUDED[kind] for kind in self.rule.found.excludes)
        basis = f"（不含{excluded}）" if excluded else ""
        return f"{money.printed(self.fens)} 元{basis}，{sign}“{self.rule.text}”"


@dataclass(frozen=True)
class Eligibility:
    """The test of the quick route with every rule that was applied."""

    asked: Place
    verdict: Verdict
    conditions: InForce | None
    limbs: tuple[Limb, ...]
    thresholds: tuple[ThresholdTest, ...]
    experts: InForce | None
    forms: InForce | None
    stop: InForce | None
    findings: tuple[Finding, ...]

    @property
    def rules(self) -> tuple[InForce, ...]:
        """Every rule applied, each once."""
        listed = [self.conditions, *(test.rule for test in self.thresholds)]
        listed += [self.experts, self.forms, self.stop]
        return tuple(rule for rule in listed if rule is not None)

    @property
    def sentence(self) -> str:
        """The verdict in a sentence."""
        return VERDICTS[self.verdict]


def eligibility_of(case: Case, fens: int, by_kind: Mapping[str, int]) -> Eligibility:
    """Return whether *case*, assessed at *fens*, may go the quick route.

    *by_kind* has the fen that are appraisal and monitoring cost, which some thresholds leave out.
    """
    at = case.jurisdiction

    def rules(topic: str) -> Sequence[InForce]:
        return all_in_force(f"quick-assessment-{topic}", on=case.on, jurisdiction=at)

    conditions = next(iter(rules("conditions")), None)
    limbs = _limbs(case, conditions)
    tests = tuple(_test(rule, fens, by_kind) for rule in rules("threshold"))
    findings = [
        *_limb_findings(case, limbs, conditions),
        *_threshold_findings(tests, fens, by_kind),
    ]
    forms = next(iter(rules("forms")), None)
    if forms is not None and case.form not in forms.chosen:
        text = f"{case.form} 不在该地可用的形式之内：{forms.text}"
        findings.append(Finding("form-not-allowed", "stop", text, "form", forms.citation))
    verdict = _verdict(conditions, limbs, tests)
    if verdict == "no-rule":
        text = (
            f"未见 {at.name} {case.on.isoformat()} 关于简易评估的规定，能否适用须由委托单位说明依据"
        )
        findings.append(Finding("no-quick-rule", "warning", text, "route"))
    return Eligibility(
        at,
        verdict,
        conditions,
        limbs,
        tests,
        next(iter(rules("experts")), None),
        forms,
        next(iter(rules("stop")), None),
        tuple(findings),
    )


def _limbs(case: Case, rule: InForce | None) -> tuple[Limb, ...]:
    if rule is None:
        # No rule, but what the case attests is shown all the same.
        titles = parameter("quick-assessment-conditions").choices
        return tuple(
            Limb(code, titles.get(code, code), said) for code, said in case.eligibility.items()
        )
    titles = rule.parameter.choices
    return tuple(
        Limb(code, titles[code], case.eligibility.get(code, Attested())) for code in rule.chosen
    )


def _test(rule: InForce, fens: int, by_kind: Mapping[str, int]) -> ThresholdTest:
    limit = money.fen(rule.number)

    def holds(amount: int) -> bool:
        return amount < limit if rule.found.operator == "<" else amount <= limit

    amount = fens - sum(by_kind.get(kind, 0) for kind in rule.found.excludes)
    if rule.found.excludes or holds(amount) == holds(fens - sum(by_kind.values())):
        return ThresholdTest(rule, amount, holds(amount))
    # What the rule leaves out was not seen, and the answer hangs on it.
    return ThresholdTest(rule, amount, None)


def _verdict(
    rule: InForce | None, limbs: Sequence[Limb], tests: Sequence[ThresholdTest]
) -> Verdict:
    if rule is None:
        return "no-rule"
    if any(limb.attested.met is False for limb in limbs):
        return "ineligible"
    if tests and all(test.met is False for test in tests):
        return "ineligible"
    if not all(test.met for test in tests) or any(limb.attested.met is None for limb in limbs):
        return "undetermined"
    return "eligible"


def _limb_findings(case: Case, limbs: Sequence[Limb], rule: InForce | None) -> list[Finding]:
    findings = []
    cited = rule.citation if rule is not None else ""
    for limb in limbs if rule is not None else ():
        where = f"eligibility.{limb.code}"
        if limb.attested.met is False:
            text = f"不符合“{limb.title}”，不能适用简易评估"
            findings.append(Finding("limb-failed", "stop", text, where, cited))
        elif limb.attested.met is None:
            reason = f"：{limb.attested.open}" if limb.attested.open else ""
            text = f"“{limb.title}”待确认{reason}"
            findings.append(Finding("limb-open", "warning", text, where, cited))
    known = {limb.code for limb in limbs}
    for code in case.eligibility:
        if rule is not None and code not in known:
            text = f"{code} 不是该地规定的适用条件，未予考虑"
            findings.append(Finding("limb-unknown", "note", text, f"eligibility.{code}"))
    if rule is not None and rule.found.standing == "unverified":
        text = f"简易评估的适用条件依据待核实：{rule.citation}"
        findings.append(Finding("unverified-rule", "warning", text, "eligibility", rule.citation))
    return findings


def _threshold_findings(
    tests: Sequence[ThresholdTest], fens: int, by_kind: Mapping[str, int]
) -> list[Finding]:
    findings = []
    for test in tests:
        if not test.met:
            barred = all(other.met is False for other in tests)
            level: Level = "stop" if barred else "warning"
            text = f"{test.rule.place.name}：{test.text}"
            findings.append(Finding("threshold-passed", level, text, "total", test.rule.citation))
        if not test.rule.found.excludes and test.rule.found.note and sum(by_kind.values()):
            less = fens - sum(by_kind.values())
            text = (
                f"{test.rule.place.name}的金额上限应扣除哪些费用未见原文："
                f"不扣除为 {money.printed(fens)} 元，"
                f"扣除鉴定评估与监测费用为 {money.printed(less)} 元"
            )
            findings.append(Finding("threshold-basis", "note", text, "total", test.rule.citation))
    if len({test.rule.number for test in tests}) > 1:
        listed = "；".join(f"{test.rule.place.name} {test.rule.text}" for test in tests)
        text = f"不同层级的金额上限不一致，均列出而不择一：{listed}"
        findings.append(Finding("threshold-conflict", "warning", text, "total"))
    return findings
