"""What must be said of an item beside its figure: open values, values that are not verified."""

from __future__ import annotations

from ..findings import Finding, ranked
from ..rules.cards import Card
from ..rules.sources import source
from .gathering import Gathering
from .item import Used


def soundness(card: Card, gathering: Gathering, exact: float) -> tuple[Finding, ...]:
    """Return the findings of what was *gathered* for *card* and came to *exact*, the gravest first."""
    findings = list(gathering.findings)
    if not exact > 0 and not card.result.signed:
        title = card.result.title
        said = (
            f"{title}为零：没有损害，或输入有误"
            if exact == 0
            else f"{title}为负：输入有误，或该方法不适用"
        )
        code = "zero-result" if exact == 0 else "negative-result"
        findings.append(Finding(code, "warning", said, card.id))
    for part in gathering.parts:
        findings += part.findings
    if card.standing == "unverified":
        text = f"{card.title}的公式待核实：未与{source(card.standard).short} {card.clause}原文核对"
        findings.append(Finding("unverified-method", "warning", text, card.id, card.clause))
    elif card.standing == "secondary":
        text = f"{card.title}的公式据二手资料，未与{source(card.standard).short}原文核对"
        findings.append(Finding("secondary-method", "note", text, card.id, card.clause))
    for place, line in enumerate(gathering.lines, start=1):
        if line.get("open"):
            called = line.get("name") or f"第 {place} 行"
            text = f"{called} 待定：{line['open']}"
            findings.append(Finding("open-value", "warning", text, card.id))
    for name, chosen in gathering.chosen.items():
        if chosen.open:
            text = f"{card.titles[name]} {chosen.value} 待定：{chosen.open}"
            findings.append(Finding("open-value", "warning", text, gathering.say(name)))
    for used in gathering.values.values():
        findings += _of_value(used, gathering.say(used.term.name))
    return ranked(findings)


def _of_value(used: Used, where: str) -> list[Finding]:
    findings = []
    for given in used.givens:
        if given.open:
            text = f"{used.term.title} {used.text} 待定：{given.open}"
            findings.append(Finding("open-value", "warning", text, where))
    if used.standing == "unverified":
        text = f"{used.term.title} {used.text} 的依据待核实：{used.note or source(used.source)}"
        findings.append(Finding("unverified-value", "warning", text, where, used.clause))
    elif used.standing == "secondary":
        text = f"{used.term.title} {used.text} 据二手资料（{source(used.source)}）"
        findings.append(Finding("secondary-value", "note", text, where, used.clause))
    return findings
