"""What is set off: spending already made, forest carbon subscribed, upgrading of equipment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from math import ceil, floor

from ..errors import InputError, Spot, UnitError
from ..findings import Finding
from ..money import printed
from ..units import factor, measure, same_kind, unit
from .amounts import Money, Number, exact, fens_of, of_float, positive, rounded, written
from .applied import Applied
from .balance import FORMS, HEADS_OF, MEDIA_OF, Balance, FormEntry, Line, spot
from .entries import AttestedField


class Spent(FormEntry):
    """Money the obligor has already spent, set off against interim loss, never below zero."""

    amount: Money


class Carbon(FormEntry):
    """Certified forest carbon that the obligor buys and has cancelled."""

    tonnes: str | None = None
    price: str | None = None
    amount: Money | None = None
    certified: AttestedField | None = None
    certificate: str = ""
    registry: str = ""


class Upgrade(FormEntry):
    """Upgrading set off up to a share of the compensation, within the time agreed."""

    spend: Money
    cap_ratio: Number
    since: date
    until: date
    spent_on: date | None = None
    amount: Money | None = None
    verified: AttestedField | None = None
    security: AttestedField | None = None
    condition: str = ""


def spent_lines(
    entries: Sequence[Spent], balance: Balance, rules: Applied
) -> Iterator[tuple[Line, Finding | None]]:
    """Yield the lines of spending set off, each with the note on what was not.

    Raises
    ------
    InputError
        The spending is not positive.
    """
    if not entries:
        return
    clause = rules.marked("spent-offset")
    for place, entry in enumerate(entries):
        where = spot("spent", place, "amount")
        spent = positive(fens_of(entry.amount), what="已支出费用", where=where)
        heads = entry.heads or HEADS_OF["spent"]
        left = balance.part(heads=heads)
        owed = balance.owed.get(entry.obligor, left)
        fens = min(spent, left, owed)
        balance.take(
            fens, what=FORMS["spent"], where=where, clause=clause, entry=entry, heads=heads
        )
        over = None
        if spent > fens:
            text = (
                f"已支出 {printed(spent)} 元，可抵的期间损失等只有 {printed(fens)} 元，"
                f"余 {printed(spent - fens)} 元不抵其他科目"
            )
            over = Finding("spent-beyond", "note", text, str(where), clause)
        text = f"已支出 {printed(spent)} 元，以相应损失 {printed(left)} 元为限"
        title = entry.title or FORMS["spent"]
        yield Line("spent", title, text, fens, clause, entry.obligor, entry.note, entry.open), over


def carbon_lines(entries: Sequence[Carbon], balance: Balance, rules: Applied) -> Iterator[Line]:
    """Yield the lines of forest carbon subscribed.

    Raises
    ------
    InputError
        The carbon is not certified or no cancelled certificate is named; neither tonnes nor sum
        are given, or they do not agree; the sum is above the forest part.
    """
    if not entries:
        return
    clause = rules.marked("carbon-substitution")
    for place, entry in enumerate(entries):
        _check_certificate(entry, place, clause)
        fens, text = _carbon(entry, place)
        where = spot("carbon", place, "amount" if entry.amount else "tonnes")
        balance.take(
            fens,
            what="认购林业碳汇抵森林生态环境损害",
            where=where,
            clause=clause,
            entry=entry,
            heads=entry.heads,
            media=MEDIA_OF["carbon"],
        )
        if entry.certificate:
            text += f"，注销证书号 {entry.certificate}"
        if entry.registry:
            text += f"（{entry.registry}）"
        title = entry.title or FORMS["carbon"]
        yield Line("carbon", title, text, fens, clause, entry.obligor, entry.note, entry.open)


def _check_certificate(entry: Carbon, place: int, clause: str) -> None:
    if entry.certified is not None and entry.certified.met is False:
        raise InputError(
            f"只有经核证的林业碳汇可以替代履行（{clause}）",
            where=spot("carbon", place, "certified"),
        )
    if entry.open:
        return
    if entry.certified is None or not entry.certified.met:
        raise InputError(
            f"认购的林业碳汇须经核证（{clause}）",
            where=spot("carbon", place, "certified"),
            hint='写 certified = { met = true, evidence = "…" }；未取得的，在同一个 '
            '[[settlement.carbon]] 中与 certificate 并列写 open = "…"。',
        )
    if not entry.certificate.strip():
        raise InputError(
            "认购的林业碳汇须写注销证书号",
            where=spot("carbon", place, "certificate"),
            hint='尚未注销的，在同一个 [[settlement.carbon]] 中与 certificate 并列写 open = "…"。',
        )


def _carbon(entry: Carbon, place: int) -> tuple[int, str]:
    """Return the sum in fen and how it comes about."""
    if entry.price is None:
        if entry.amount is None or not entry.open:
            raise InputError("缺少碳汇单价", where=spot("carbon", place, "price"))
        where = spot("carbon", place, "amount")
        fens = positive(fens_of(entry.amount), what="碳汇认购额", where=where)
        return fens, f"等值 {printed(fens)} 元，单价待定"
    of, per_tonne = carbon_price(entry, place)
    if entry.tonnes is None:
        if entry.amount is None:
            raise InputError("须写认购吨数或者金额", where=spot("carbon", place, "tonnes"))
        where = spot("carbon", place, "amount")
        fens = positive(fens_of(entry.amount), what="碳汇认购额", where=where)
        tonnes = Fraction(ceil(Fraction(fens) / per_tonne * 1000), 1000)
    else:
        where = spot("carbon", place, "tonnes")
        number, given = measure(entry.tonnes, where=where)
        if not same_kind(given, unit(of)):
            raise UnitError(f"吨数须与单价同以 {of} 计", where=where, got=entry.tonnes)
        tonnes = of_float(number) * of_float(factor(given, unit(of)))
        worth = positive(rounded(tonnes * per_tonne), what="碳汇认购额", where=where)
        fens = worth if entry.amount is None else fens_of(entry.amount)
        if not 0 < fens <= worth:
            raise InputError(
                f"抵扣额须大于零且不超过吨数与单价之积 {printed(worth)} 元",
                where=spot("carbon", place, "amount"),
                got=entry.amount,
            )
    return fens, f"{written(tonnes)} {of} × {entry.price}"


def carbon_price(entry: Carbon, place: int = 0) -> tuple[str, Fraction]:
    """Return the unit carbon is counted in and its price in fen.

    Raises
    ------
    InputError, UnitError
        The price is not positive, or is not of a tonne of carbon.
    """
    where = spot("carbon", place, "price")
    number, given = measure(entry.price, where=where)
    for of in ("t", "tCO2e"):
        if same_kind(given, unit(f"元/{of}")):
            price = of_float(number) * of_float(factor(given, unit(f"元/{of}"))) * 100
            if price > 0:
                return of, price
            raise InputError("碳汇单价须大于零", where=where, got=entry.price)
    raise UnitError("碳汇单价须以 元/t 或 元/tCO2e 计", where=where, got=entry.price)


def upgrade_lines(
    entries: Sequence[Upgrade], balance: Balance, total: int, rules: Applied
) -> Iterator[Line]:
    """Yield the lines of upgrading set off: the spending, up to its cap of the *total*.

    Raises
    ------
    InputError
        The cap is not a share, the spending was made outside the time agreed, or the sum asked for
        is above spending or cap.
    """
    for place, entry in enumerate(entries):
        agreed, cap = "协议约定", exact(entry.cap_ratio)
        clause = f"{agreed}；{rules.marked('performance-forms')}"
        if not 0 < cap <= 1:
            raise InputError(
                f"抵扣上限须大于 0 且不超过 1（{agreed}）",
                where=spot("upgrade", place, "cap_ratio"),
                got=entry.cap_ratio,
                hint=f'百分数写作 "{written(cap)}%"。' if 1 < cap <= 100 else "",
            )
        _check_window(entry, place, agreed)
        where = spot("upgrade", place, "spend")
        spend = positive(fens_of(entry.spend), what="技术改造投入", where=where)
        most = min(spend, floor(cap * total))
        fens = most if entry.amount is None else fens_of(entry.amount)
        where = spot("upgrade", place, "amount" if entry.amount else "spend")
        if not 0 < fens <= most:
            raise InputError(
                f"技术改造抵扣超过可抵的 {printed(most)} 元（{agreed}）",
                where=where,
                got=entry.amount,
            )
        balance.take(
            fens, what=FORMS["upgrade"], where=where, clause=clause, entry=entry, heads=entry.heads
        )
        text = (
            f"投入 {printed(spend)} 元，以赔偿总额的 {written(cap * 100)}%"
            f"（{printed(floor(cap * total))} 元）为限，{entry.since.isoformat()} 至 {entry.until.isoformat()} 有效"
        )
        if entry.condition:
            text += f"；{entry.condition}"
        title = entry.title or FORMS["upgrade"]
        yield Line("upgrade", title, text, fens, clause, entry.obligor, entry.note, entry.open)


def _check_window(entry: Upgrade, place: int, clause: str) -> None:
    where: Spot = spot("upgrade", place, "until")
    if entry.until < entry.since:
        raise InputError(f"期限止日早于起日（{clause}）", where=where, got=entry.until)
    if entry.spent_on is not None and not entry.since <= entry.spent_on <= entry.until:
        raise InputError(
            f"投入之日不在约定的期限内（{clause}）",
            where=spot("upgrade", place, "spent_on"),
            got=entry.spent_on,
        )


def offset_findings(upgrades: Sequence[Upgrade], rules: Applied) -> Iterator[Finding]:
    """Yield what an upgrading set off leaves unsaid: its verification, security where it is asked."""
    if not upgrades:
        return
    asked = [rule for rule in rules.every("performance-security") if "upgrade" in rule.chosen]
    for place, entry in enumerate(upgrades):
        if asked and (entry.security is None or not entry.security.met):
            text = f"{asked[0].parameter.choices['upgrade']}，本案未见担保（security）"
            where = f"settlement.upgrade[{place + 1}].security"
            yield Finding("no-security", "stop", text, where, asked[0].citation)
        if entry.verified is None or entry.verified.met is None:
            text = "技术改造投入尚未核实（verified）"
            yield Finding("upgrade-unverified", "warning", text, f"settlement.upgrade[{place + 1}]")
        elif not entry.verified.met:
            text = "技术改造投入经核实不成立，不得抵扣"
            yield Finding("upgrade-refuted", "stop", text, f"settlement.upgrade[{place + 1}]")
