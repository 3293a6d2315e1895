"""Money paid in instalments or later: security, interest if agreed, sums to the fen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from pydantic import Field

from ..errors import InputError, Spot
from ..findings import Finding, Level
from ..money import printed, yuan
from ..reading import Model
from .amounts import Money, Number, evenly, exact, fens_of, positive, rounded, written
from .applied import Applied
from .balance import spot
from .dates import months_later
from .entries import AttestedField


class Part(Model):
    """One instalment."""

    on: date
    amount: Money


class Plan(Model):
    """Instalments or a deferral of the money: equal parts, or parts as agreed."""

    obligor: str = ""
    count: int | None = None
    first_on: date | None = None
    every_months: int | None = None
    parts: tuple[Part, ...] = Field(alias="part", default=())
    security: AttestedField | None = None
    rate: Number | None = None
    day_basis: int | None = Field(default=None, gt=0)
    interest_from: date | None = None
    note: str = ""

    model_config = {"populate_by_name": True}


@dataclass(frozen=True)
class Instalment:
    """One payment of a plan, and the interest agreed on it."""

    on: date
    fens: int
    interest: int


@dataclass(frozen=True)
class Instalments:
    """A plan of payment; its parts add up to the money due, interest is beside them."""

    obligor: str
    parts: tuple[Instalment, ...]
    total: int
    terms: str
    basis: str

    @property
    def kind(self) -> str:
        """Deferral where there is one part, else instalments."""
        return "延期赔付" if len(self.parts) == 1 else f"分 {len(self.parts)} 期赔付"

    @property
    def interest(self) -> int:
        """All the interest in fen."""
        return sum(part.interest for part in self.parts)

    def rows(self) -> list[tuple[str, str, str]]:
        """Return day, printed amount and printed interest of each part."""
        return [(p.on.isoformat(), printed(p.fens), printed(p.interest)) for p in self.parts]

    def as_dict(self) -> dict[str, object]:
        """Return the plan as plain JSON data."""
        return {
            "obligor": self.obligor,
            "parts": [
                {
                    "on": p.on.isoformat(),
                    "amount": str(yuan(p.fens)),
                    "interest": str(yuan(p.interest)),
                }
                for p in self.parts
            ],
            "total": str(yuan(self.total)),
            "interest": str(yuan(self.interest)),
            "terms": self.terms,
        }


def planned(plan: Plan, place: int, fens: int, rules: Applied) -> Instalments:
    """Return *fens* paid by *plan*.

    Equal parts are cut down to the fen; the fen left over go to the earliest parts. Interest, where
    it was agreed, is simple: what is still owed × yearly rate × days ÷ days of the year agreed.

    Raises
    ------
    InputError
        There is nothing to pay, a part is not positive, the days do not ascend, the parts do not
        add up to the money due, or terms of interest are missing.
    """
    clause = rules.marked("performance-security")
    if fens <= 0:
        raise InputError("没有须支付的货币，不必分期", where=_spot(place, "count"))
    parts = _parts(plan, place, fens)
    days = [on for on, _ in parts]
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise InputError("各期的日期须依次在后", where=_spot(place, "part"))
    interest, terms = _interest(plan, place, parts)
    if plan.security is not None and plan.security.met:
        said = plan.security.note or plan.security.evidence or "已提供"
        terms = f"担保：{said}" + (f"；{terms}" if terms else "")
    whole = tuple(
        Instalment(on, amount, owed) for (on, amount), owed in zip(parts, interest, strict=True)
    )
    return Instalments(plan.obligor, whole, fens, terms, clause)


def _spot(place: int, *keys: int | str) -> Spot:
    return spot("instalments", place, *keys)


def _parts(plan: Plan, place: int, fens: int) -> list[tuple[date, int]]:
    if plan.parts:
        if plan.count is not None or plan.every_months is not None:
            raise InputError(
                "逐期写明（part）的，不再写 count、every_months", where=_spot(place, "count")
            )
        parts = []
        for at, part in enumerate(plan.parts):
            amount = positive(
                fens_of(part.amount),
                what="每期金额",
                where=_spot(place, "part", at, "amount"),
            )
            parts.append((part.on, amount))
        added = sum(amount for _, amount in parts)
        if added != fens:
            raise InputError(
                f"各期之和 {printed(added)} 元不等于应支付的 {printed(fens)} 元",
                where=_spot(place, "part"),
            )
        return parts
    if plan.count is None or plan.first_on is None:
        raise InputError(
            "须写期数（count）与首期日（first_on），或逐期写明（part）", where=_spot(place, "count")
        )
    if plan.count < 1:
        raise InputError("期数须为正", where=_spot(place, "count"), got=plan.count)
    if plan.count > fens:
        raise InputError("期数多于可分的分数", where=_spot(place, "count"), got=plan.count)
    if plan.count > 1 and (plan.every_months is None or plan.every_months < 1):
        raise InputError(
            "须写每几个月一期（every_months），且为正",
            where=_spot(place, "every_months"),
            got=plan.every_months,
        )
    try:
        days = [
            months_later(plan.first_on, at * (plan.every_months or 0)) for at in range(plan.count)
        ]
    except ValueError:
        raise InputError(
            "分期的日期超出可表示的范围", where=_spot(place, "count"), got=plan.count
        ) from None
    return list(zip(days, evenly(fens, plan.count), strict=True))


def _interest(plan: Plan, place: int, parts: Sequence[tuple[date, int]]) -> tuple[list[int], str]:
    if plan.rate is None:
        return [0] * len(parts), ""
    rate = exact(plan.rate)
    if rate < 0:
        raise InputError("利率不得为负", where=_spot(place, "rate"), got=plan.rate)
    for field in ("day_basis", "interest_from"):
        if getattr(plan, field) is None:
            raise InputError(
                "约定利息的，须写一年按几日计（day_basis）与起息日（interest_from）",
                where=_spot(place, field),
            )
    assert plan.interest_from is not None and plan.day_basis is not None
    since, owed, interest = plan.interest_from, sum(amount for _, amount in parts), []
    if since > parts[0][0]:
        raise InputError("起息日晚于首期日", where=_spot(place, "interest_from"), got=since)
    for on, amount in parts:
        yearly = owed * rate.numerator * (on - since).days
        interest.append(rounded(Fraction(yearly, rate.denominator * plan.day_basis)))
        since, owed = on, owed - amount
    terms = (
        f"年利率 {written(rate * 100)}%，按未付余额、一年 {plan.day_basis} 日单利计，"
        f"自 {plan.interest_from.isoformat()} 起"
    )
    return interest, terms


def plan_findings(plan: Plan, place: int, parts: int, rules: Applied) -> Iterator[Finding]:
    """Yield what stands against a plan without security where a rule asks for it."""
    code = "deferral" if parts == 1 else "instalments"
    if plan.security is not None and plan.security.met:
        return
    for rule in rules.every("performance-security"):
        if code in rule.chosen:
            level: Level = "stop" if rule.found.standing == "verified" else "warning"
            text = f"{rule.parameter.choices[code]}，本案未见担保（security）"
            yield Finding("no-security", level, text, str(_spot(place, "security")), rule.citation)
            return
