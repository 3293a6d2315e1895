"""Conditions and bases of punitive damages, and what is to be noted about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..findings import Finding, Level
from ..money import printed
from ..rules.parameters import InForce, parameter
from .amounts import fens_of, rounded, written
from .applied import Applied
from .entries import Attested
from .punitive_entry import FINES, PunitiveEntry


@dataclass(frozen=True)
class Base:
    """A base of punitive damages, the rules that set it, and what the multiplier makes of it."""

    code: str
    title: str
    fens: int
    rules: tuple[InForce, ...]
    amount: int | None

    @property
    def cited(self) -> str:
        """The rules that set it, or that none was seen."""
        return "；".join(rule.brief for rule in self.rules) or "未见规定，据案件所写理由"


@dataclass(frozen=True)
class Condition:
    """A condition of the rule and what is attested of it."""

    code: str
    title: str
    attested: Attested
    clause: str

    @property
    def text(self) -> str:
        """What is attested, as printed."""
        if self.attested.met is None:
            return f"待确认：{self.attested.open}" if self.attested.open else "待确认"
        return "具备" if self.attested.met else "不具备"


def conditions_of(entry: PunitiveEntry, rules: Applied) -> tuple[Condition, ...]:
    """Return the conditions of the most local rule, with what is attested of each."""
    titles = parameter("punitive-conditions").choices
    found = rules.first("punitive-conditions")
    codes = found.chosen if found else tuple(titles)
    clause = rules.cited("punitive-conditions")
    return tuple(
        Condition(code, titles[code], entry.conditions.get(code, Attested()), clause)
        for code in codes
    )


def condition_findings(
    entry: PunitiveEntry, conditions: Sequence[Condition], rules: Applied
) -> Iterator[Finding]:
    """Yield the conditions that are open, failed or bare, and what does not apply."""
    if entry.marine:
        text = "海洋生态环境的惩罚性赔偿另行规定，不适用本部分"
        yield Finding(
            "punitive-marine", "stop", text, "punitive.marine", rules.cited("punitive-marine")
        )
    for condition in conditions:
        where = f"punitive.conditions.{condition.code}"
        said = condition.attested
        if said.met is None:
            text = (
                f"惩罚性赔偿的条件“{condition.title}”待确认{'：' + said.open if said.open else ''}"
            )
            yield Finding("punitive-condition-open", "warning", text, where, condition.clause)
        elif not said.met:
            text = f"不具备“{condition.title}”，不得请求惩罚性赔偿"
            yield Finding("punitive-condition-failed", "stop", text, where, condition.clause)
        listed = {"intentional": entry.presumed, "serious": entry.serious}.get(condition.code, ())
        if said.met and not (listed or said.note or said.evidence):
            text = f"“{condition.title}”没有写明依据（所列情形、材料或说明）"
            yield Finding("punitive-condition-bare", "warning", text, where, condition.clause)
    known = {condition.code for condition in conditions}
    for code in entry.conditions:
        if code not in known:
            text = f"{code} 不是惩罚性赔偿的条件，未予考虑"
            yield Finding("punitive-condition-unknown", "note", text, f"punitive.conditions.{code}")
    for field, name in (("presumed", "punitive-intent-presumed"), ("serious", "punitive-serious")):
        if getattr(entry, field) and rules.first(name) is None:
            text = f"{rules.on.isoformat()} 尚无{parameter(name).title}的规定，所列只供参考"
            yield Finding("punitive-list-not-in-force", "note", text, f"punitive.{field}")


def base_findings(
    bases: Sequence[Base], chosen: Base | None, entry: PunitiveEntry
) -> Iterator[Finding]:
    """Yield bases that differ or are nothing, and a sum that is not fixed."""
    if len(bases) > 1:
        listed = "；".join(
            f"{base.title} {printed(base.fens)} 元（{base.cited}）" for base in bases
        )
        text = f"惩罚性赔偿的计算基数规定不一，均列出：{listed}"
        if chosen is None:
            text += "；请以 base 写明采用哪一个及理由"
        yield Finding("punitive-base-conflict", "warning", text, "punitive.base")
    for base in bases:
        if not base.fens:
            level: Level = "stop" if base is chosen and entry.multiplier is not None else "warning"
            text = f"基数“{base.title}”为零：案件没有相应科目的赔偿项"
            yield Finding("punitive-base-zero", level, text, "punitive.base", base.cited)
    if entry.multiplier is None and entry.lump_sum is None:
        text = f"惩罚性赔偿的倍数或者数额未定{'：' + entry.open if entry.open else ''}"
        yield Finding("punitive-open", "warning", text, "punitive.multiplier")


def cost_findings(
    bases: Sequence[Base], costs: int, multiplier: Fraction | None, rules: Applied
) -> Iterator[Finding]:
    """Yield that a base of actual damage counts costs of which its rule is silent, with both figures.

    The same place's threshold of the quick route leaves appraisal and monitoring cost out; whether
    the base does was not seen.
    """
    for base in bases:
        for rule in base.rules if base.code == "actual_damage" and costs else ():
            name = "quick-assessment-threshold"
            silent = next((each for each in rules.every(name) if _like(each, rule)), None)
            if silent is None:
                continue
            less = base.fens - costs
            figures = f"计入为 {printed(base.fens)} 元，不计入为 {printed(less)} 元"
            if multiplier is not None:
                figures += (
                    f"；{written(multiplier)} 倍分别为 {printed(rounded(multiplier * base.fens))} 元、"
                    f"{printed(rounded(multiplier * less))} 元"
                )
            text = (
                f"{rule.found.clause}没有写明基数是否包括鉴定评估、监测费用 {printed(costs)} 元，"
                f"{silent.found.clause}确定简易评估的上限时不包括；本表计入：{figures}"
            )
            clauses = f"{rule.citation}；{silent.citation}"
            yield Finding("punitive-base-costs", "warning", text, "punitive.base", clauses)


def _like(threshold: InForce, base: InForce) -> bool:
    """Tell whether *threshold* is of the same text as *base* and leaves costs out."""
    found = threshold.found
    same = (found.source, found.jurisdiction) == (base.found.source, base.found.jurisdiction)
    return same and {"appraisal", "monitoring"} <= set(found.excludes)


def fine_findings(entry: PunitiveEntry, rules: Applied) -> Iterator[Finding]:
    """Yield the fines of which it is not said whether they were considered."""
    clause = rules.cited("punitive-fines")
    for place, fine in enumerate(entry.fines):
        if not fine.considered.strip():
            text = (
                f"已受{FINES[fine.kind]} {printed(fens_of(fine.amount))} 元，确定惩罚性赔偿时可以考虑，"
                "不当然抵扣；是否考虑未说明（considered）"
            )
            yield Finding(
                "fine-not-considered", "note", text, f"punitive.fine[{place + 1}]", clause
            )
