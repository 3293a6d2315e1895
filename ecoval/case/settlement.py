"""Settlement of the total into forms of performance, in the order of the law, and the money left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field

from ..errors import InputError, Spot
from ..findings import Finding
from ..reading import Model
from .applied import Applied
from .balance import FOREST, FORMS, Balance, Line, spot
from .deposit import Deposit, deposited
from .instalments import Instalments, Plan, plan_findings, planned
from .labour import Labour, labour_findings, laboured
from .obligors import Apportionment
from .offset import (
    Carbon,
    Spent,
    Upgrade,
    carbon_lines,
    offset_findings,
    spent_lines,
    upgrade_lines,
)
from .payers import Insurance, ThirdParty, insured, paid_by_others
from .punitive import Punitive
from .punitive_entry import Fine
from .ranks import Assets, short_findings, waterfall
from .repair import (
    Repair,
    Substitute,
    repair_findings,
    repaired,
    substitute_findings,
    substituted,
)
from .settled import Due, Settlement
from .treasury import Destination, Directed, directed

if TYPE_CHECKING:
    from .assessment import AssessedItem


_PARTS = (
    "restoration",
    "substitute",
    "spent",
    "carbon",
    "labour",
    "upgrade",
    "insurance",
    "third_party",
)


class SettlementEntry(Model):
    """What the case file says of the settlement; whatever no form performs is money."""

    on: date | None = None
    note: str = ""
    restoration: tuple[Repair, ...] = ()
    substitute: tuple[Substitute, ...] = ()
    spent: tuple[Spent, ...] = ()
    carbon: tuple[Carbon, ...] = ()
    labour: tuple[Labour, ...] = ()
    upgrade: tuple[Upgrade, ...] = ()
    insurance: tuple[Insurance, ...] = ()
    third_party: tuple[ThirdParty, ...] = ()
    punitive: bool = Field(default=False, description="whether punitive damages are paid by it too")
    instalments: tuple[Plan, ...] = ()
    deposit: Deposit | None = None
    assets: Assets | None = None
    destination: Destination | None = None


def settle(
    entry: SettlementEntry,
    items: Sequence[AssessedItem],
    rules: Applied,
    *,
    punitive: Punitive | None = None,
    borne: Apportionment | None = None,
    obligors: Sequence[str] = (),
) -> Settlement:
    """Return the settlement of *items* that *entry* asks for.

    Restoration is counted first, then substitutes, spending set off, carbon, labour, upgrading, the
    insurer, third parties; what none of them performs is paid in money. *obligors* are the names
    that a form or a plan may give as its obligor; where there are none, any will do.

    Raises
    ------
    InputError
        A form does not meet its rule, or is above its part: field and clause are named.
    """
    _check_obligors(entry, obligors)
    balance = Balance(items, borne)
    total = balance.total
    lines: list[Line] = [
        *repaired(entry.restoration, balance, rules),
        *substituted(entry.substitute, balance, rules),
    ]
    notes: list[Finding | None] = []
    for line, note in spent_lines(entry.spent, balance, rules):
        lines.append(line)
        notes.append(note)
    lines += carbon_lines(entry.carbon, balance, rules)
    lines += laboured(entry.labour, balance, rules)
    lines += upgrade_lines(entry.upgrade, balance, total, rules)
    for line, note in insured(entry.insurance, balance, rules):
        lines.append(line)
        notes.append(note)
    lines += paid_by_others(entry.third_party, balance, rules)
    restoring = balance.part(heads=("clearance", "restoration"))
    destination, findings = directed(entry.destination, balance.total, restoring, rules)
    lines.append(_cash(balance.total, destination))
    extra = _punitive(entry, punitive)
    plans = _plans(entry, balance, extra, punitive, rules)
    fines = _fines(entry, punitive)
    claimed = extra or (punitive.amount or 0 if punitive else 0)
    ranks = waterfall(entry.assets, balance.total, claimed, fines, rules) if entry.assets else ()
    forest = all(item.medium in FOREST for item in items)
    held = deposited(entry.deposit, lines, rules, is_forest=forest) if entry.deposit else None
    has_restoration = any(item.entry.head == "restoration" and item.fens for item in items)
    findings += [note for note in notes if note is not None]
    findings += repair_findings(lines, has_restoration, rules)
    findings += substitute_findings(entry.substitute, rules)
    findings += labour_findings(entry.labour)
    findings += offset_findings(entry.upgrade, rules)
    findings += _form_findings(entry, lines, plans, rules)
    findings += _unruled(lines, rules)
    findings += short_findings(ranks)
    for place, (asked, plan) in enumerate(zip(entry.instalments, plans, strict=True)):
        findings += plan_findings(asked, place, len(plan.parts), rules)
    return Settlement(
        rules.on,
        total,
        tuple(lines),
        extra,
        _dues(borne, balance, extra, punitive),
        plans,
        held,
        ranks,
        destination.text,
        entry.note,
        rules.rules,
        tuple(findings),
    )


def _check_obligors(entry: SettlementEntry, obligors: Sequence[str]) -> None:
    """Refuse an obligor whom the case does not know."""
    if not obligors:
        return
    for name in (*_PARTS, "instalments"):
        for place, part in enumerate(getattr(entry, name)):
            if part.obligor and part.obligor not in obligors:
                raise InputError(
                    "不是本案的赔偿义务人",
                    where=spot(name, place, "obligor"),
                    got=part.obligor,
                    hint=f"可写：{'、'.join(obligors)}。",
                )


def _cash(fens: int, destination: Directed) -> Line:
    if not fens:
        return Line("cash", FORMS["cash"], "没有须以货币赔付的部分", 0, "")
    return Line(
        "cash", FORMS["cash"], destination.how, fens, destination.basis, open=destination.open
    )


def _punitive(entry: SettlementEntry, punitive: Punitive | None) -> int:
    if not entry.punitive:
        return 0
    if punitive is None or punitive.amount is None:
        raise InputError(
            "履行方案列入惩罚性赔偿，而其数额未定",
            where=Spot("settlement.punitive", ("settlement", "punitive")),
        )
    return punitive.amount


def _fines(entry: SettlementEntry, punitive: Punitive | None) -> list[tuple[Fine, Spot]]:
    """Return the fines of the same act and the others, each with its place in the file."""
    found = [
        (fine, Spot(f"punitive.fine[{place + 1}].paid", ("punitive", "fine", place, "paid")))
        for place, fine in enumerate(punitive.entry.fines if punitive else ())
    ]
    for place, fine in enumerate(entry.assets.fines if entry.assets else ()):
        keys = ("settlement", "assets", "fine", place, "paid")
        found.append((fine, Spot(f"settlement.assets.fine[{place + 1}].paid", keys)))
    return found


def _dues(
    borne: Apportionment | None, balance: Balance, extra: int, punitive: Punitive | None
) -> tuple[Due, ...]:
    """Return what each obligor owes, where compensation or punitive damages are borne by parts."""
    fined = punitive.apportionment if punitive and extra else None
    fined_apart = fined is not None and fined.mode != "joint"
    if borne is None or not (balance.owed or fined_apart):
        return ()

    def own(name: str) -> int | None:
        if not extra:
            return 0
        return fined.of(name) if fined is not None and fined_apart else None

    return tuple(
        Due(part.name, part.fens, part.fens - balance.owed[part.name], own(part.name))
        if balance.owed
        else Due(part.name, None, None, own(part.name))
        for part in borne.parts
    )


def _plans(
    entry: SettlementEntry, balance: Balance, extra: int, punitive: Punitive | None, rules: Applied
) -> tuple[Instalments, ...]:
    """Return the plans, one for all the money or one for each obligor's part of it."""
    if not entry.instalments:
        return ()
    if not balance.owed:
        if len(entry.instalments) > 1:
            where = Spot("settlement.instalments", ("settlement", "instalments", 1))
            raise InputError("没有按份承担，只能有一个分期方案", where=where)
        return (planned(entry.instalments[0], 0, balance.total + extra, rules),)
    plans, seen = [], set()
    for place, plan in enumerate(entry.instalments):
        keys: tuple[str | int, ...] = ("settlement", "instalments", place, "obligor")
        where = Spot(f"settlement.instalments[{place + 1}].obligor", keys)
        if plan.obligor not in balance.owed or plan.obligor in seen:
            known = "、".join(balance.owed)
            raise InputError(
                "各义务人按份承担，每人至多一个分期方案，须写明是谁的",
                where=where,
                got=plan.obligor or None,
                hint=f"可写：{known}。",
            )
        seen.add(plan.obligor)
        own = 0
        if extra and punitive is not None and punitive.apportionment is not None:
            if punitive.apportionment.mode == "joint":
                raise InputError(
                    "惩罚性赔偿由各义务人连带承担，不能并入一人的分期方案", where=where
                )
            own = punitive.apportionment.of(plan.obligor)
        plans.append(planned(plan, place, balance.owed[plan.obligor] + own, rules))
    return tuple(plans)


# The rules of their own that some forms have; they count where the form asked for them.
_OWN = {
    "carbon": ("carbon-substitution",),
    "labour": ("labour-substitution", "labour-substitution-forest"),
    "substitute": ("substitute-grounds",),
    "restoration": ("performance-order",),
    "instalments": ("performance-security",),
}


def _form_findings(
    entry: SettlementEntry, lines: Sequence[Line], plans: Sequence[Instalments], rules: Applied
) -> list[Finding]:
    """Return the forms that no rule there and then names."""
    used: dict[str, str] = {
        line.form: FORMS[line.form]
        for line in lines
        if line.form in ("restoration", "substitute", "carbon", "labour", "upgrade")
    }
    for plan in plans:
        used["deferral" if len(plan.parts) == 1 else "instalments"] = plan.kind
    if not used:
        return []
    known = rules.every("performance-forms")
    named = {code for rule in known for code in rule.chosen}
    findings = []
    for code, title in used.items():
        if code in named or any(rules.applied(name) for name in _OWN.get(code, ())):
            continue
        if "other" in named:
            text = f"{title}未见明文，依“其他合理形式”"
            cited = next(rule.citation for rule in known if "other" in rule.chosen)
            findings.append(Finding("form-other", "note", text, "settlement", cited))
        else:
            text = f"{title}：{rules.unknown('performance-forms')}"
            findings.append(Finding("form-without-rule", "warning", text, "settlement"))
    return findings


# The rules on which each form rests; where none of them was seen it is said which days are known.
_GROUNDS = {
    "restoration": ("performance-order",),
    "substitute": ("substitute-grounds",),
    "spent": ("spent-offset",),
    "carbon": ("carbon-substitution",),
    "labour": ("labour-substitution", "labour-substitution-forest"),
    "third_party": ("third-party-payment",),
}


def _unruled(lines: Sequence[Line], rules: Applied) -> Iterator[Finding]:
    """Yield the forms for which no rule of their own was seen, with the days that are known."""
    for form in dict.fromkeys(line.form for line in lines if line.fens):
        names = _GROUNDS.get(form, ())
        if any(rules.applied(name) for name in names):
            continue
        for name in names:
            yield Finding("no-form-rule", "note", rules.unknown(name), f"settlement.{form}")
