"""Who else pays: an insurer up to limit and deductible, a third party of its own will."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import Field

from ..errors import InputError
from ..findings import Finding
from ..money import printed
from .amounts import Money, fens_of, positive
from .applied import Applied
from .balance import FORMS, Balance, FormEntry, Line, spot


class Insurance(FormEntry):
    """An insurer's share: the loss insured less the deductible, up to the limit."""

    insurer: str = Field(min_length=1)
    limit: Money
    deductible: Money = "0 元"
    loss: Money | None = None


class ThirdParty(FormEntry):
    """Somebody not liable who pays in the obligor's stead."""

    name: str = Field(min_length=1)
    amount: Money


def insured(
    entries: Sequence[Insurance], balance: Balance, rules: Applied
) -> Iterator[tuple[Line, Finding | None]]:
    """Yield the insurers' shares: the smaller of limit and loss less deductible, at least nothing.

    The loss, where the policy's is not named, is what the other forms have left of the heads insured.

    Raises
    ------
    InputError
        Limit or deductible is negative, or the loss named is above what is left.
    """
    clause = "保险合同约定"
    for place, entry in enumerate(entries):
        limit, less = fens_of(entry.limit), fens_of(entry.deductible)
        for field, fens in (("limit", limit), ("deductible", less)):
            if fens < 0:
                raise InputError(
                    f"保险限额和免赔额不得为负（{clause}）",
                    where=spot("insurance", place, field),
                    got=f"{printed(fens)} 元",
                )
        left = balance.part(heads=entry.heads)
        left = min(left, balance.owed.get(entry.obligor, left))
        loss = left if entry.loss is None else fens_of(entry.loss)
        if not 0 <= loss <= left:
            raise InputError(
                f"投保的损失须在尚未履行的 {printed(left)} 元之内（{clause}）",
                where=spot("insurance", place, "loss"),
                got=entry.loss,
            )
        pays = max(0, min(limit, loss - less))
        balance.take(
            pays,
            what=FORMS["insurance"],
            where=spot("insurance", place, "limit"),
            clause=clause,
            entry=entry,
            heads=entry.heads,
        )
        text = f"{entry.insurer}：损失 {printed(loss)} 元，免赔额 {printed(less)} 元，限额 {printed(limit)} 元"
        none = None
        if not pays:
            said = f"{entry.insurer}不支付：损失 {printed(loss)} 元不超过免赔额 {printed(less)} 元，或限额为零"
            none = Finding("insurance-nothing", "note", said, f"settlement.insurance[{place + 1}]")
        title = entry.title or FORMS["insurance"]
        yield (
            Line("insurance", title, text, pays, clause, entry.obligor, entry.note, entry.open),
            none,
        )


def paid_by_others(
    entries: Sequence[ThirdParty], balance: Balance, rules: Applied
) -> Iterator[Line]:
    """Yield what third parties pay.

    Raises
    ------
    InputError
        It is not positive, or above what is left.
    """
    if not entries:
        return
    clause = rules.marked("third-party-payment")
    for place, entry in enumerate(entries):
        where = spot("third_party", place, "amount")
        fens = positive(fens_of(entry.amount), what="第三方代为支付", where=where)
        balance.take(
            fens,
            what=FORMS["third_party"],
            where=where,
            clause=clause,
            entry=entry,
            heads=entry.heads,
        )
        title = entry.title or FORMS["third_party"]
        yield Line(
            "third_party",
            title,
            f"{entry.name}支付",
            fens,
            clause,
            entry.obligor,
            entry.note,
            entry.open,
        )
