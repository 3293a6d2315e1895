"""Where the money goes: a treasury, or directly to who restores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..findings import Finding
from ..money import printed
from ..reading import Model
from .applied import Applied

Kind = Literal["own_treasury", "damage_place_treasury", "province_treasury", "direct"]


class Destination(Model):
    """Which treasury the money goes to, or with ``direct`` the *payee* who restores."""

    kind: Kind | None = None
    treasury: str = ""
    payee: str = ""
    note: str = ""


@dataclass(frozen=True)
class Directed:
    """Where the money goes, as printed; *open* says why that is not known."""

    text: str
    how: str
    basis: str
    open: str = ""


def directed(
    given: Destination | None, cash: int, restoring: int, rules: Applied
) -> tuple[Directed, list[Finding]]:
    """Return where the *cash* goes, and what stands against it.

    *restoring* is the part of it that is clearance and restoration cost: only that is paid
    directly by the rule read (Zhejiang measures, twenty-six).
    """
    if given is not None and given.kind == "direct":
        return _direct(given, cash, restoring, rules)
    rule = rules.first("payment-destination")
    where = "settlement.destination"
    name = given.treasury if given else ""
    basis = rules.marked("payment-destination")
    if rule is None:
        said = rules.unknown("payment-destination")
        found = [Finding("no-destination-rule", "note", said, where)]
        if name:
            return Directed(f"{name}（{basis}）", f"缴入{name}", basis), found
        seen = f"{rules.at.name} {rules.on.isoformat()} {rules.cited('payment-destination')}"
        return Directed("待定", "缴入何级国库待定", basis, seen), found
    choices = rule.parameter.choices
    kind = given.kind if given and given.kind else rule.chosen[0]
    treasury = f"{choices[kind]}{f'（{name}）' if name else ''}"
    found = []
    if kind not in rule.chosen:
        said = f"赔偿资金缴入{choices[kind]}，规定为{rule.text}"
        found.append(Finding("destination-other", "warning", said, where, rule.citation))
    elif len(rule.chosen) > 1 and (given is None or given.kind is None):
        said = f"赔偿资金可能缴入：{rule.text}；未写明，暂按{choices[kind]}"
        found.append(Finding("destination-open", "note", said, where, rule.citation))
    return Directed(f"{treasury}，{rule.citation}", f"缴入{treasury}", basis), found


def _direct(
    given: Destination, cash: int, restoring: int, rules: Applied
) -> tuple[Directed, list[Finding]]:
    rule, where = rules.first("payment-direct"), "settlement.destination"
    how = f"直接支付给{given.payee or '开展修复的单位'}"
    found = []
    if rule is None:
        said = f"赔偿资金{how}：{rules.unknown('payment-direct')}"
        found.append(Finding("destination-other", "warning", said, where))
    elif restoring < cash:
        said = (
            f"直接支付的只是污染清除、生态修复费用 {printed(restoring)} 元，"
            f"其余 {printed(cash - restoring)} 元应缴入国库"
        )
        treasury = rules.first("payment-destination")
        clauses = "；".join(each.citation for each in (rule, treasury) if each is not None)
        found.append(Finding("destination-direct-part", "warning", said, where, clauses))
    if not given.payee:
        said = "没有写明直接支付给谁（payee）"
        found.append(Finding("destination-no-payee", "note", said, where))
    text = f"{how}，{rule.citation}" if rule else how
    return Directed(text, how, rules.marked("payment-direct")), found
