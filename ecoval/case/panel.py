"""The panel: three or more distinct experts, each for or against, on one fingerprint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..findings import Finding
from ..rules.parameters import InForce
from .entries import Expert

# What this programme asks of a quick assessment anywhere; a place's own rule is a parameter.
FEWEST = 3


def panel_findings(
    experts: Sequence[Expert], rule: InForce | None, *, fewest: int = FEWEST
) -> list[Finding]:
    """Return what stands against the panel: too few, the same twice, a dissent without reason.

    A seat with ``open`` counts as a seat: it is kept for someone who is not named yet.
    """
    findings: list[Finding] = []
    needed = max(fewest, int(rule.number)) if rule is not None else fewest
    clause = rule.citation if rule is not None else "本软件的要求"
    seats = [expert for expert in experts if expert.name or expert.open]
    if len(seats) < needed:
        findings.append(
            Finding(
                "too-few-experts",
                "stop",
                f"专家 {len(seats)} 名，少于 {needed} 名；请补足，或以 open 说明席位待定",
                "expert",
                clause,
            )
        )
    identities = Counter(
        (expert.name.strip(), expert.unit.strip()) for expert in experts if expert.name
    )
    names = Counter(expert.name.strip() for expert in experts if expert.name)
    for (name, unit), count in identities.items():
        if count > 1:
            text = f"专家 {name}（{unit or '单位未填'}）列了 {count} 次；同一人不能签两次"
            findings.append(Finding("duplicate-expert", "stop", text, "expert", clause))
    for name, count in names.items():
        if count > 1 and all(
            identities[(name, unit)] == 1 for seen, unit in identities if seen == name
        ):
            text = f"有 {count} 名专家同名 {name} 而单位不同，请确认不是同一人"
            findings.append(Finding("same-name-experts", "warning", text, "expert"))
    for place, expert in enumerate(experts, start=1):
        findings += _of_one(expert, f"expert[{place}]")
    return findings


def _of_one(expert: Expert, where: str) -> list[Finding]:
    findings = []
    called = expert.name or "待定的专家"
    if not expert.name and not expert.open:
        findings.append(Finding("expert-unnamed", "stop", "没有姓名，也没有说明待定", where))
    if expert.name:
        for field, title in (("unit", "单位"), ("title", "职称"), ("field", "专业领域")):
            if not getattr(expert, field):
                text = f"{called} 未填{title}"
                findings.append(Finding("expert-incomplete", "note", text, where))
        if not expert.recusal:
            findings.append(Finding("no-recusal", "warning", f"{called} 没有回避声明", where))
    if expert.agrees and expert.dissent.strip():
        text = f"{called} 写了不同意见，agrees 却为 true；请改为 agrees = false 或删去不同意见"
        findings.append(Finding("dissent-and-agreement", "stop", text, where))
    if not expert.agrees and not expert.dissent.strip():
        findings.append(
            Finding("dissent-without-reason", "stop", f"{called} 不同意而未写理由", where)
        )
    return findings
