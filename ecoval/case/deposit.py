"""The restoration deposit: what it secures, and what of it is used, refunded, recovered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..errors import InputError, Spot
from ..money import printed, yuan
from ..reading import Model
from .amounts import Money, fens_of, positive
from .applied import Applied
from .balance import Line


class DepositOutcome(Model):
    """How a deposit was settled: restoration completed, or the authority restored with it."""

    outcome: Literal["completed", "defaulted"]
    deducted: Money | None = None
    cost: Money | None = None
    evidence: str = ""


class Deposit(Model):
    """Money deposited until restoration is done; its sum is a term of the agreement."""

    amount: Money
    held_by: str = ""
    settled: DepositOutcome | None = None
    evidence: str = ""
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


def _settled(deposit: Deposit, settled: DepositOutcome, fens: int, clause: str) -> Deposited:
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
