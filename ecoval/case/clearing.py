"""The restoration deposit and its settling; the order of payment when assets are short; the treasury."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from ..errors import InputError, Spot
from ..findings import Finding
from ..money import printed, yuan
from ..reading import Model
from .amounts import Money, fens_of, positive
from .applied import Applied
from .balance import Line
from .punitive_entry import FINES, Fine

Treasury = Literal["own_treasury", "damage_place_treasury", "province_treasury"]


class Settled(Model):
    """How a deposit was settled: restoration completed, or the authority restored with it."""

    outcome: Literal["completed", "defaulted"]
    deducted: Money | None = None
    cost: Money | None = None
    evidence: str = ""


class Deposit(Model):
    """Money deposited until restoration is done; its sum is a term of the agreement."""

    amount: Money
    held_by: str = ""
    settled: Settled | None = None
    evidence: str = ""
    note: str = ""


class Assets(Model):
    """What the obligor can pay with, where it is short, and fines beside those of the same act."""

    available: Money
    fines: tuple[Fine, ...] = Field(alias="fine", default=())
    evidence: str = ""

    model_config = {"populate_by_name": True}


class Destination(Model):
    """Which treasury the money goes to."""

    kind: Treasury | None = None
    treasury: str = ""
    note: str = ""


@dataclass(frozen=True)
class Deposited:
    """A deposit, and what of it is used, refunded, and still to be recovered."""

    fens: int
    held_by: str
    outcome: str
    used: int | None
    refund: int | None
    shortfall: int | None
    clause: str

    @property
    def text(self) -> str:
        """The deposit as printed."""
        held = f"，由{self.held_by}保管" if self.held_by else ""
        said = f"修复保证金 {printed(self.fens)} 元{held}"
        if self.used is None or self.refund is None or self.shortfall is None:
            return said + "；修复完成后按实退还，未履行的直接用于修复并追偿不足部分"
        said += f"；{self.outcome}：使用 {printed(self.used)} 元，退还 {printed(self.refund)} 元"
        return said + (f"，继续追偿 {printed(self.shortfall)} 元" if self.shortfall else "")

    def as_dict(self) -> dict[str, object]:
        """Return the deposit as plain JSON data."""

        def plain(fens: int | None) -> str | None:
            return None if fens is None else str(yuan(fens))

        return {
            "amount": plain(self.fens),
            "used": plain(self.used),
            "refund": plain(self.refund),
            "shortfall": plain(self.shortfall),
        }


@dataclass(frozen=True)
class Rank:
    """One rank of claims: what is due, paid, and left unpaid."""

    title: str
    due: int
    paid: int
    clause: str

    @property
    def short(self) -> int:
        """What is left unpaid."""
        return self.due - self.paid


def deposited(
    deposit: Deposit, lines: Sequence[Line], rules: Applied, *, is_forest: bool = False
) -> Deposited:
    """Return *deposit*, which secures the restoration among *lines*.

    Raises
    ------
    InputError
        It is not positive or above what it secures; its settling lacks the deduction or the cost.
    """
    name = "restoration-deposit"
    if is_forest and not rules.every(name):
        name = "restoration-deposit-forest"
    clause = rules.marked(name)
    where = Spot("settlement.deposit.amount", ("settlement", "deposit", "amount"))
    fens = positive(fens_of(deposit.amount), what="修复保证金", where=where)
    secured = sum(line.fens for line in lines if line.form in ("restoration", "substitute"))
    if fens > secured:
        raise InputError(
            f"修复保证金超过所担保的修复、替代修复 {printed(secured)} 元（{clause}）",
            where=where,
            got=f"{printed(fens)} 元",
        )
    if deposit.settled is None:
        return Deposited(fens, deposit.held_by, "", None, None, None, clause)
    return _settled(deposit, deposit.settled, fens, clause)


def _settled(deposit: Deposit, settled: Settled, fens: int, clause: str) -> Deposited:
    field = "deducted" if settled.outcome == "completed" else "cost"
    given = settled.deducted if settled.outcome == "completed" else settled.cost
    where = Spot(f"settlement.deposit.settled.{field}", ("settlement", "deposit", "settled", field))
    if given is None:
        said = (
            "完成的写扣除额（没有扣除写 0 元）"
            if field == "deducted"
            else "未履行的写代为修复的费用"
        )
        raise InputError(f"保证金的结算须写 {field}（{clause}）", where=where, hint=said + "。")
    cost = fens_of(given)
    if cost < 0 or (field == "deducted" and cost > fens):
        raise InputError(
            f"保证金的扣除须在 0 与 {printed(fens)} 元之间（{clause}）", where=where, got=given
        )
    used = min(cost, fens)
    outcome = "修复完成" if field == "deducted" else "未履行，代为修复"
    return Deposited(fens, deposit.held_by, outcome, used, fens - used, cost - used, clause)


def waterfall(
    assets: Assets, cash: int, punitive: int, fines: Sequence[tuple[Fine, Spot]], rules: Applied
) -> tuple[Rank, ...]:
    """Return what is paid of compensation, punitive damages and fines out of *assets*, in order.

    Civil claims come before fines, punitive damages last among them. Administrative and criminal
    fines make one rank: no rule on the order between them was seen.

    Raises
    ------
    InputError
        The assets are negative, a fine is paid above its amount, or no rule on the order was seen.
    """
    where = Spot("settlement.assets.available", ("settlement", "assets", "available"))
    left = fens_of(assets.available)
    if left < 0:
        raise InputError("可供清偿的财产不得为负", where=where, got=assets.available)
    order = rules.first("payment-order")
    if order is None:
        said = f"{rules.at.name} {rules.on.isoformat()} {rules.cited('payment-order')}"
        raise InputError(f"{said}，不能排定清偿顺序", where=where)
    within = rules.marked("payment-order-civil")
    claims = [("生态环境损害赔偿", cash, order.brief)]
    if punitive:
        claims.append(("惩罚性赔偿", punitive, within))
    due = sum(_due(fine, where) for fine, where in fines)
    if fines:
        kinds = "、".join(dict.fromkeys(FINES[fine.kind] for fine, _ in fines))
        claims.append((kinds, due, order.brief))
    ranks = []
    for title, owed, clause in claims:
        paid = min(owed, left)
        left -= paid
        ranks.append(Rank(title, owed, paid, clause))
    return tuple(ranks)


def _due(fine: Fine, where: Spot) -> int:
    amount, paid = fens_of(fine.amount), fens_of(fine.paid) if fine.paid else 0
    if not 0 <= paid <= amount:
        raise InputError("已缴的罚款、罚金须在其数额之内", where=where, got=fine.paid)
    return amount - paid


@dataclass(frozen=True)
class Directed:
    """Where the money goes, as printed; *open* says why that is not known."""

    text: str
    treasury: str = ""
    open: str = ""


def directed(given: Destination | None, rules: Applied) -> tuple[Directed, list[Finding]]:
    """Return where the money goes, and what stands against it."""
    rule = rules.first("payment-destination")
    where = "settlement.destination"
    name = given.treasury if given else ""
    if rule is None:
        said = f"{rules.at.name} {rules.on.isoformat()} {rules.cited('payment-destination')}"
        found = [Finding("no-destination-rule", "note", said, where)]
        return (Directed(f"{name}（{said}）", name) if name else Directed("待定", open=said)), found
    choices = rule.parameter.choices
    kind = given.kind if given and given.kind else rule.chosen[0]
    treasury = f"{choices[kind]}{f'（{name}）' if name else ''}"
    text = f"{treasury}，{rule.citation}"
    found = []
    if kind not in rule.chosen:
        said = f"赔偿资金缴入{choices[kind]}，规定为{rule.text}"
        found.append(Finding("destination-other", "warning", said, where, rule.citation))
    elif len(rule.chosen) > 1 and (given is None or given.kind is None):
        said = f"赔偿资金可能缴入：{rule.text}；未写明，暂按{choices[kind]}"
        found.append(Finding("destination-open", "note", said, where, rule.citation))
    return Directed(text, treasury), found


def short_findings(ranks: Sequence[Rank]) -> Iterator[Finding]:
    """Yield what the assets do not cover."""
    for rank in ranks:
        if rank.short:
            text = f"财产不足：{rank.title}尚欠 {printed(rank.short)} 元"
            yield Finding("assets-short", "warning", text, "settlement.assets", rank.clause)
