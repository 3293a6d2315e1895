"""The order of payment when assets are short: compensation, punitive damages, fines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import Field

from ..errors import InputError, Spot
from ..findings import Finding
from ..money import printed
from ..reading import Model
from .amounts import Money, fens_of
from .applied import Applied
from .punitive_entry import FINES, Fine


class Assets(Model):
    """What the obligor can pay with, where it is short, and fines beside those of the same act."""

    available: Money
    fines: tuple[Fine, ...] = Field(alias="fine", default=())
    evidence: str = ""

    model_config = {"populate_by_name": True}


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


def short_findings(ranks: Sequence[Rank]) -> Iterator[Finding]:
    """Yield what the assets do not cover."""
    for rank in ranks:
        if rank.short:
            text = f"财产不足：{rank.title}尚欠 {printed(rank.short)} 元"
            yield Finding("assets-short", "warning", text, "settlement.assets", rank.clause)
