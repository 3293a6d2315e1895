"""What the documents print of punitive damages, obligors and settlement."""

from __future__ import annotations

from typing import Any

from .. import money
from ..case.amounts import fens_of, written
from ..case.assessment import Assessment
from ..case.balance import Line
from ..case.entries import ROLES
from ..case.factors import Factor
from ..case.instalments import Instalments
from ..case.model import Case
from ..case.obligors import Apportionment
from ..case.punitive import Punitive
from ..case.punitive_entry import FINES
from ..case.punitive_terms import Condition
from ..case.settled import Settlement
from ..findings import LEVELS
from .item_context import chinese_date

# The rules on punitive damages that are told as they stand.
_TOLD = ("punitive-fines", "punitive-recourse", "punitive-use")


def performance_context(assessment: Assessment) -> dict[str, Any]:
    """Return the variables on obligors, punitive damages and settlement; empty where there is none."""
    performance = assessment.performance
    borne = performance.apportionment if performance else None
    punitive, settlement = assessment.punitive, assessment.settlement
    return {
        "obligors": _obligors(borne) if borne else None,
        "obligors_reason": assessment.case.obligors.reason if assessment.case.obligors else "",
        "punitive": _punitive(punitive) if punitive else None,
        "settlement": _settlement(settlement) if settlement else None,
        "matters": [
            {"level": LEVELS[finding.level], "text": finding.text, "clause": finding.clause}
            for finding in (performance.findings if performance else ())
        ],
        "matters_open": list(performance.open_points) if performance else [],
    }


def signers(case: Case) -> list[str]:
    """Return who signs a settlement sheet: the parties, third parties, insurers."""
    parties = [party for party in case.parties if party.role in ("claimant", "obligor")]
    listed = [f"{ROLES[party.role]}：{party.name or '　'}" for party in parties]
    if case.settlement is not None:
        listed += [f"第三方：{each.name}" for each in case.settlement.third_party]
        listed += [f"保险人：{each.insurer}" for each in case.settlement.insurance]
    return listed or [ROLES["claimant"], ROLES["obligor"]]


def _obligors(borne: Apportionment) -> dict[str, Any]:
    return {
        "sentence": borne.sentence,
        "clause": borne.clause,
        "rows": [{"name": name, "by": by, "amount": amount} for name, by, amount in borne.rows()],
        "total": money.printed(borne.total),
        "joint": borne.mode == "joint",
    }


def _punitive(punitive: Punitive) -> dict[str, Any]:
    entry, cap = punitive.entry, punitive.cap
    reasons = [f"理由：{entry.reason}" if entry.reason else ""]
    reasons.append(f"所据条款：{entry.clause}" if entry.clause else "")
    reasons.append(f"采用该基数的理由：{entry.base_reason}" if entry.base_reason else "")
    if cap is not None:
        reasons.append(f"倍数一般{cap.text} 倍（{cap.citation}）")
    told = [rule for rule in punitive.rules if rule.name in _TOLD]
    return {
        "sentence": punitive.sentence,
        "on": chinese_date(punitive.on),
        "measure": punitive.measure,
        "bases": [
            {"title": title, "base": base, "measure": measure, "amount": amount, "cited": cited}
            for title, base, measure, amount, cited in punitive.rows()
        ],
        "conditions": [_condition(condition, punitive) for condition in punitive.conditions],
        "factors": [_factor(factor) for factor in punitive.sheet],
        "is_scored": any(factor.scores for factor in punitive.sheet),
        "unit": "倍" if entry.multiplier is not None else "分值",
        "fines": [
            f"{fine.title or FINES[fine.kind]} {money.printed(fens_of(fine.amount))} 元："
            f"{fine.considered or '是否考虑未说明'}"
            for fine in entry.fines
        ],
        "reasons": [reason for reason in reasons if reason],
        "rules": [f"{rule.parameter.title}：{rule.text}（{rule.citation}）" for rule in told],
        "obligors": _obligors(punitive.apportionment) if punitive.apportionment else None,
    }


def _condition(condition: Condition, punitive: Punitive) -> dict[str, str]:
    said = condition.attested
    listed = []
    if condition.code == "intentional":
        listed = punitive.supports("presumed")
    elif condition.code == "serious":
        listed = punitive.supports("serious")
    parts = ["；".join(listed), said.note, f"材料 {said.evidence}" if said.evidence else ""]
    return {
        "title": condition.title,
        "text": condition.text,
        "basis": "；".join(part for part in parts if part),
        "clause": condition.clause,
    }


def _factor(factor: Factor) -> dict[str, str]:
    scores = [f"{expert} {written(score)}：{reason}" for expert, score, reason in factor.scores]
    return {
        "title": factor.title,
        "scores": "；".join(scores) or "未评",
        "spread": factor.spread,
        "agreed": "未议定" if factor.agreed is None else written(factor.agreed),
        "reason": factor.reason,
    }


def _settlement(settlement: Settlement) -> dict[str, Any]:
    deposit = settlement.deposit
    return {
        "on": chinese_date(settlement.on),
        "lines": [_line(place, line) for place, line in enumerate(settlement.lines, start=1)],
        "total": money.printed(settlement.total),
        "cash": money.printed(settlement.cash),
        "has_punitive": bool(settlement.punitive),
        "punitive": money.printed(settlement.punitive),
        "payable": money.printed(settlement.payable),
        "payable_capitals": money.capitals(settlement.payable),
        "dues": [dict(zip(_DUE, row, strict=True)) for row in settlement.due_rows()[:-1]],
        "dues_total": dict(zip(_DUE[1:], _last(settlement)[1:], strict=False)),
        "plans": [_plan(plan) for plan in settlement.plans],
        "deposit": f"{deposit.text}（{deposit.clause}）" if deposit else "",
        "ranks": [
            {
                "title": rank.title,
                "due": money.printed(rank.due),
                "paid": money.printed(rank.paid),
                "short": money.printed(rank.short),
                "clause": rank.clause,
            }
            for rank in settlement.ranks
        ],
        "destination": settlement.destination,
        "note": settlement.note,
    }


# The cells of an obligor's row: what `DUE_COLUMNS` calls in Chinese.
_DUE = ("name", "borne", "otherwise", "cash", "punitive", "payable")


def _last(settlement: Settlement) -> tuple[str, ...]:
    """Return the row that sums up those of the obligors."""
    return next(iter(settlement.due_rows()[-1:]), ())


def _line(place: int, line: Line) -> dict[str, Any]:
    return {
        "place": place,
        "title": line.title,
        "text": line.text,
        "basis": line.basis,
        "amount": money.printed(line.fens),
        "obligor": line.obligor,
        "note": line.note,
        "open": line.open,
    }


def _plan(plan: Instalments) -> dict[str, Any]:
    return {
        "kind": plan.kind,
        "obligor": plan.obligor,
        "rows": [
            {"place": place, "on": chinese_date(part.on), "amount": amount, "interest": interest}
            for place, (part, (_, amount, interest)) in enumerate(
                zip(plan.parts, plan.rows(), strict=True), start=1
            )
        ],
        "total": money.printed(plan.total),
        "interest": money.printed(plan.interest),
        "has_interest": bool(plan.interest),
        "terms": plan.terms,
        "basis": plan.basis,
    }
