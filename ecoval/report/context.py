"""What every document prints, prepared once from the assessment: texts, rows, equations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .. import money
from ..case.assessment import Assessment
from ..case.entries import FACTS, ROLES, ROUTES, Expert, Statement
from ..case.openings import UNWRITTEN, missing_facts
from ..findings import LEVELS
from ..rules.cards import HEADS
from ..rules.parameters import InForce
from ..rules.sources import STANDINGS, source
from .item_context import chinese_date, item_context
from .performance_context import performance_context, signers
from .wording import clean

# What is open is listed with its reason among the open points.
_SAID_ELSEWHERE = ("open-value", "limb-open", "condition-open")
# Who is not named yet.
NOBODY = "（待定）"
_NUMBERS = "〇一二三四五六七八九十"
_TITLES = {
    "quick": "生态环境损害快速鉴定评估专家意见",
    "full": "生态环境损害鉴定评估专家意见",
    "review": "生态环境损害数额复核意见",
}


class Numbering:
    """Count the sections that are there, so that a part the case lacks leaves no gap."""

    def __init__(self, language: str = "zh") -> None:
        self.language = language
        self.at = 0
        self._part: Numbering | None = None

    def part(self) -> str:
        """Return the next number within the section: 一, 二, …; in English 1.1, 1.2, …"""
        if self._part is None:
            self._part = Numbering(self.language)
        number = self._part()
        return number if self.language == "zh" else f"{self.at}.{number}"

    def __call__(self) -> str:
        """Return the next number: 一, 二, … 十一; in English 1, 2, …"""
        self.at += 1
        self._part = None
        if self.language != "zh":
            return str(self.at)
        tens, ones = divmod(self.at, 10)
        if not tens:
            return _NUMBERS[ones]
        return ("" if tens == 1 else _NUMBERS[tens]) + "十" + (_NUMBERS[ones] if ones else "")


def context(assessment: Assessment, also_open: Sequence[str] = ()) -> dict[str, Any]:
    """Return the variables of a template for *assessment*; every value is printed as it stands.

    *also_open* is what this kind of document leaves open beside the case itself.
    """
    case = assessment.case
    prepared = {
        "title": _TITLES[case.route],
        "number": case.number,
        "case_title": case.title,
        "draft": _draft(assessment, also_open),
        "open_points": [*assessment.open_points, *also_open],
        "basics": list(_basics(assessment)),
        "eligibility": _eligibility(assessment),
        "materials": [
            {
                "id": material.id,
                "title": material.title,
                "issuer": material.issuer,
                "number": material.number,
                "on": chinese_date(material.on) if material.on else "",
                "open": material.open,
            }
            for material in case.materials
        ],
        "facts": _statements(assessment, _FACTS),
        "damage": _statements(assessment, _DAMAGE),
        "items": [item_context(item) for item in assessment.items],
        "legal_basis": [
            {"citation": rule.citation, "standing": STANDINGS[rule.found.standing]}
            for rule in assessment.legal_basis
        ],
        "deadlines": list(_deadlines(assessment)),
        "summary": [
            {"head": head, "title": title, "method": method, "amount": amount}
            for head, title, method, amount in assessment.rows()
        ],
        "heads": [
            {"title": HEADS[head], "amount": money.printed(fens)}
            for head, fens in assessment.by_head.items()
        ],
        "total": money.printed(assessment.total),
        "capitals": money.capitals(assessment.total),
        "threshold_basis": money.printed(assessment.threshold_basis),
        "excluded": money.printed(assessment.total - assessment.threshold_basis),
        "has_excluded": assessment.total != assessment.threshold_basis,
        "punitive_bases": [
            {
                "place": rule.place.name,
                "text": rule.text,
                "citation": rule.citation,
                "amount": money.printed(fens),
            }
            for rule, fens in assessment.punitive_bases
            if fens
        ],
        "uncertainty": _uncertainty(assessment),
        "restoration": _statements(assessment, _RESTORATION),
        "performance": list(case.conclusion.performance),
        "limits": list(case.conclusion.limits),
        "stop": _stop(assessment),
        "findings": [
            {
                "level": LEVELS[finding.level],
                "where": finding.where,
                "text": finding.text,
                "clause": finding.clause,
            }
            for finding in assessment.findings
            if finding.code not in _SAID_ELSEWHERE
        ],
        "experts": [_expert(place, expert) for place, expert in enumerate(case.experts, start=1)],
        "dissents": [
            {"name": expert.name or expert.open, "text": expert.dissent}
            for expert in case.experts
            if not expert.agrees
        ],
        "rules": rule_rows(_rules(assessment)),
        "standards": list(_standards(assessment)),
        **performance_context(assessment),
        "performance_rules": rule_rows(
            assessment.performance.rules if assessment.performance else ()
        ),
        "signers": signers(assessment.case),
        "opinion_date": chinese_date(case.opinion_on) if case.opinion_on else "　　年　　月　　日",
        "fingerprint": assessment.fingerprint,
        "version": assessment.version,
    }
    cleaned: dict[str, Any] = clean(prepared)
    cleaned["section"] = Numbering()
    return cleaned


_FACTS = ("act", "breach", "causation")
_DAMAGE = ("baseline", "damage")
_RESTORATION = ("restoration", "substitute")


def _draft(assessment: Assessment, also_open: Sequence[str]) -> str:
    """Return why this is a draft, empty if it is none."""
    reasons = []
    if assessment.open_points or also_open:
        reasons.append(f"{len(assessment.open_points) + len(also_open)} 处待补")
    if assessment.stops:
        reasons.append(f"{len(assessment.stops)} 项须处理")
    if assessment.is_draft and not reasons and assessment.eligibility is not None:
        reasons.append(assessment.eligibility.sentence)
    return "、".join(reasons)


def _uncertainty(assessment: Assessment) -> dict[str, str] | None:
    said = assessment.case.conclusion.uncertainty
    if said is not None:
        return {"text": said.text, "open": said.open}
    return None if assessment.case.route == "review" else {"text": "", "open": UNWRITTEN}


def _basics(assessment: Assessment) -> Iterator[dict[str, str]]:
    case = assessment.case
    yield {"label": "案件", "text": case.title, "open": ""}
    if case.number:
        yield {"label": "编号", "text": case.number, "open": ""}
    for party in case.parties:
        text = f"{party.name}（{party.number}）" if party.number else party.name
        yield {"label": ROLES[party.role], "text": text, "open": party.open}
    yield {"label": "损害发生地", "text": str(case.jurisdiction), "open": ""}
    note = f"（{case.on_note}）" if case.on_note else ""
    yield {"label": "损害发生日", "text": chinese_date(case.on) + note, "open": case.on_open}
    if case.commissioned_on:
        yield {"label": "委托之日", "text": chinese_date(case.commissioned_on), "open": ""}
    yield {"label": "程序", "text": ROUTES[case.route], "open": ""}
    if case.note:
        yield {"label": "说明", "text": case.note, "open": ""}


def _statements(assessment: Assessment, names: tuple[str, ...]) -> list[dict[str, str]]:
    missing, rows = missing_facts(assessment.case), []
    for name in names:
        statement: Statement | None = getattr(assessment.case.facts, name)
        if name in missing:
            rows.append({"label": FACTS[name], "text": "", "evidence": "", "open": UNWRITTEN})
        elif statement is not None and (statement.text or statement.open):
            rows.append(
                {
                    "label": FACTS[name],
                    "text": statement.text,
                    "evidence": statement.evidence,
                    "open": statement.open,
                }
            )
    return rows


def _eligibility(assessment: Assessment) -> dict[str, Any] | None:
    tested = assessment.eligibility
    if tested is None:
        return None
    return {
        "sentence": tested.sentence,
        "on": chinese_date(tested.on),
        "rules": [
            {"place": rule.place.name, "citation": rule.citation} for rule in tested.conditions
        ],
        "limbs": [
            {
                "title": limb.title,
                "text": limb.text,
                "evidence": f"材料 {limb.attested.evidence} " if limb.attested.evidence else "",
                "note": limb.attested.note,
            }
            for limb in tested.limbs
        ],
        "thresholds": [
            {
                "place": test.rule.place.name,
                "rule": test.rule.text,
                "citation": test.rule.citation,
                "text": test.text,
                "standing": STANDINGS[test.rule.found.standing],
            }
            for test in tested.thresholds
        ],
        "experts": tested.experts.text if tested.experts else "",
        "experts_rule": tested.experts.citation if tested.experts else "",
        "form": _form(assessment),
    }


def _form(assessment: Assessment) -> str:
    tested, form = assessment.eligibility, assessment.case.form
    if tested is None or tested.forms is None:
        return form
    return f"{tested.forms.parameter.choices.get(form, form)}，{tested.forms.citation}"


def _stop(assessment: Assessment) -> str:
    tested = assessment.eligibility
    if tested is None or tested.stop is None:
        return ""
    return f"{tested.stop.text}——{tested.stop.citation}"


def _expert(place: int, expert: Expert) -> dict[str, Any]:
    return {
        "place": place,
        "name": expert.name or NOBODY,
        "unit": expert.unit,
        "title": expert.title,
        "field": expert.field,
        "pool": expert.pool,
        "recusal": expert.recusal,
        "opinion": ("同意" if expert.agrees else "不同意") if expert.name else "",
        "open": expert.open,
        "named": bool(expert.name),
    }


def _rules(assessment: Assessment) -> list[InForce]:
    """Return every rule and parameter that the assessment rests on."""
    listed = list(assessment.eligibility.rules) if assessment.eligibility else []
    listed += [found for item in assessment.items for found in item.item.parameters]
    listed += [rule for rule, _ in assessment.punitive_bases]
    listed += assessment.legal_basis
    if assessment.eligibility:
        # The nearest of each: these inform the reader and decide nothing.
        listed += {rule.name: rule for rule in reversed(assessment.eligibility.beside)}.values()
    listed += assessment.performance.rules if assessment.performance else ()
    return listed


def rule_rows(rules: Iterable[InForce]) -> list[dict[str, str]]:
    """Return the rows of the table of rules, each rule once."""
    once = {(rule.name, rule.found.jurisdiction, rule.found.since): rule for rule in rules}
    return [clean(_rule(rule)) for rule in once.values()]


def _rule(rule: InForce) -> dict[str, str]:
    return {
        "title": rule.parameter.title,
        "text": rule.text,
        "place": rule.place.name,
        "span": rule.found.span,
        "citation": rule.citation,
        "standing": STANDINGS[rule.found.standing],
        "note": rule.found.note,
    }


def _deadlines(assessment: Assessment) -> Iterator[dict[str, str]]:
    """Yield the time limits that run in the case."""
    for row in assessment.deadlines.rows:
        yield {
            "step": row.step,
            "limit": row.rule.text,
            "start": row.counted_from,
            "due": row.due.isoformat() if row.due else "",
            "done": row.done.isoformat() if row.done else "",
            "text": row.text,
            "citation": row.rule.citation,
            "standing": STANDINGS[row.rule.found.standing],
        }


def _standards(assessment: Assessment) -> Iterator[dict[str, str]]:
    """Yield every source that the figures rest on, with how far its text was read."""
    ids: dict[str, None] = {}
    for item in assessment.items:
        for part in (*item.item.parts, item.item):
            ids[part.card.standard] = None
        for row in item.item.rows:
            ids[row.source] = None
        for used in item.item.rest_on():
            if used.source:
                ids[used.source] = None
    words = {
        "text": "已读全文",
        "excerpt": "已读部分原文",
        "second-hand": "据转引",
        "memory": "未见原文",
    }
    for id in ids:
        cited = source(id)
        yield {"title": str(cited), "read": words[cited.read], "note": cited.note}
