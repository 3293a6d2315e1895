"""Labour in place of compensation: rate, hours, days, and a schedule that can be met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from typing import Literal

from pydantic import Field

from ..errors import InputError, Spot, UnitError
from ..findings import Finding
from ..money import printed
from ..reading import Model
from ..units import factor, measure, unit
from .amounts import Money, Number, exact, fens_of, of_float, positive, rounded, written
from .applied import Applied
from .balance import FOREST, FORMS, Balance, FormEntry, Line, spot
from .dates import months_later
from .entries import AttestedField

BASES = {
    "minimum_hourly": "非全日制最低小时工资",
    "average_wage": "当地月平均工资折算",
    "agreed": "约定",
}


class Schedule(Model):
    """When the labour is done: so many sessions of so many hours between two days."""

    since: date
    until: date
    sessions: int = Field(gt=0)
    hours_per_session: Number
    least_per_month: int | None = Field(default=None, gt=0)
    most_per_month: int | None = Field(default=None, gt=0)


class Labour(FormEntry):
    """Labour that the obligor asked to do in place of paying *amount*."""

    amount: Money
    request: AttestedField | None = None
    basis: Literal["minimum_hourly", "average_wage", "agreed"] | None = None
    hourly: str | None = None
    daily: str | None = None
    monthly_wage: Money | None = None
    days: int | None = Field(default=None, gt=0)
    supervisor: str = ""
    schedule: Schedule | None = None


def laboured(entries: Sequence[Labour], balance: Balance, rules: Applied) -> Iterator[Line]:
    """Yield the lines of labour substitution.

    Raises
    ------
    InputError
        The obligor did not ask for it, the rate is missing, not positive or not the one of its
        basis, or the schedule cannot be met.
    """
    if not entries:
        return
    for place, entry in enumerate(entries):
        clause = _clause(entry, balance, rules)
        if entry.request is None or entry.request.met is not True:
            raise InputError(
                f"劳务代偿以赔偿义务人自愿申请为前提（{_asking(entry, balance, rules)}）",
                where=spot("labour", place, "request"),
                hint='写 request = { met = true, evidence = "…" }。',
            )
        where = spot("labour", place, "amount")
        fens = positive(fens_of(entry.amount), what="劳务代偿", where=where)
        text = _text(entry, place, fens, rules)
        balance.take(
            fens, what=FORMS["labour"], where=where, clause=clause, entry=entry, heads=entry.heads
        )
        yield Line(
            "labour",
            entry.title or FORMS["labour"],
            text,
            fens,
            clause,
            entry.obligor,
            entry.note,
            entry.open,
        )


def _clause(entry: Labour, balance: Balance, rules: Applied) -> str:
    """Return the rule on labour: that of forest cases where it is about nothing but forest."""
    name = "labour-substitution"
    if balance.is_only(FOREST, heads=entry.heads) and not rules.every(name):
        name = "labour-substitution-forest"
    return rules.marked(name)


def _asking(entry: Labour, balance: Balance, rules: Applied) -> str:
    """Return the rule that asks for the obligor's request; where none read does, the agreement."""
    forest = balance.is_only(FOREST, heads=entry.heads)
    names = ("labour-substitution", *(("labour-substitution-forest",) if forest else ()))
    found = (rule for name in names for rule in rules.every(name) if "request" in rule.chosen)
    return next((rule.brief for rule in found), "约定")


def hourly_rate(entry: Labour, fens: int, rules: Applied, place: int = 0) -> Fraction | None:
    """Return the rate of an hour in fen, None where the case leaves it open.

    Monthly wage ÷ 21.75 ÷ 8 (劳社部发〔2008〕3号, 二); a day's rate ÷ 8; agreed days: the sum over
    their hours.

    Raises
    ------
    InputError
        None or more than one of the figures that the basis asks for is given; it is not positive.
    """
    asked = {
        "minimum_hourly": ("hourly",),
        "average_wage": ("monthly_wage",),
        "agreed": ("hourly", "daily", "days"),
    }
    given = [
        n for n in ("hourly", "daily", "monthly_wage", "days") if getattr(entry, n) is not None
    ]
    if entry.basis is None or not given:
        if entry.open and not given:
            return None
        raise InputError(
            "须写明劳务折算的依据（basis）和标准",
            where=spot("labour", place, "basis"),
            hint="最低小时工资写 hourly，月平均工资写 monthly_wage，约定的写 hourly、daily 或 days；以当地公布的标准为准。",
        )
    if len(given) != 1 or given[0] not in asked[entry.basis]:
        raise InputError(
            f"{BASES[entry.basis]}只写 {'、'.join(asked[entry.basis])} 中的一项",
            where=spot("labour", place, given[-1]),
        )
    hours = _day_hours(rules)
    where = spot("labour", place, given[0])
    if entry.days is not None:
        return Fraction(fens) / (entry.days * hours)
    if entry.monthly_wage is not None:
        paid_days = rules.first("labour-month-days")
        if paid_days is None:
            raise InputError(
                f"{rules.on.isoformat()} {rules.cited('labour-month-days')}", where=where
            )
        rate = Fraction(fens_of(entry.monthly_wage)) / of_float(paid_days.number) / hours
    elif entry.daily is not None:
        rate = _rate(entry.daily, "元/工日", where) / hours
    else:
        rate = _rate(str(entry.hourly), "元/h", where)
    if rate <= 0:
        raise InputError("劳务标准须大于零", where=where, got=getattr(entry, given[0]))
    return rate


def _rate(text: str, per: str, where: Spot) -> Fraction:
    number, of = measure(text, where=where)
    try:
        return of_float(number) * of_float(factor(of, unit(per))) * 100
    except UnitError:
        raise UnitError(f"须以 {per} 计", where=where, got=text) from None


def _day_hours(rules: Applied) -> Fraction:
    found = rules.first("labour-day-hours")
    if found is None:
        raise InputError(
            f"{rules.on.isoformat()} {rules.cited('labour-day-hours')}", where="settlement.labour"
        )
    return of_float(found.number)


def _text(entry: Labour, place: int, fens: int, rules: Applied) -> str:
    rate = hourly_rate(entry, fens, rules, place)
    if rate is None or entry.basis is None:
        return "劳务标准待定"
    hours, day = ceil(Fraction(fens) / rate), _day_hours(rules)
    days = ceil(Fraction(hours) / day)
    parts = [f"{BASES[entry.basis]}", f"每小时 {_yuan(rate)} 元"]
    if entry.monthly_wage is not None:
        divisor = written(of_float(rules.every("labour-month-days")[0].number))
        parts[1] = f"{entry.monthly_wage} ÷ {divisor} ÷ {written(day)} = 每小时 {_yuan(rate)} 元"
    if entry.daily is not None or entry.days is not None:
        parts[1] = f"每日 {_yuan(rate * day)} 元（每小时 {_yuan(rate)} 元）"
    parts.append(f"{hours} 小时（{days} 日，每日 {written(day)} 小时）")
    if entry.schedule:
        parts.append(_checked(entry.schedule, hours, day, place))
    if entry.supervisor:
        parts.append(f"由{entry.supervisor}监督")
    return "，".join(parts)


def _yuan(fens: Fraction) -> str:
    """Return a rate as printed: to the fen, marked where that is not all of it."""
    mark = "" if fens.denominator == 1 else "约 "
    return mark + printed(rounded(fens))


def months(since: date, until: date) -> int:
    """Return the months from *since* to *until*, both included; a month begun counts as one.

    >>> months(date(2024, 1, 1), date(2024, 7, 31)), months(date(2024, 1, 15), date(2024, 2, 15))
    (7, 2)
    """
    after = until + timedelta(days=1)
    whole = (after.year - since.year) * 12 + after.month - since.month
    return whole + (after.day > since.day)


def _windows(plan: Schedule) -> list[int]:
    """Return the days of each month of *plan*, counted from its first day; the last may be short."""
    ends = [months_later(plan.since, n) for n in range(1, months(plan.since, plan.until) + 1)]
    starts = [plan.since, *ends]
    beyond = plan.until + timedelta(days=1)
    return [(min(end, beyond) - start).days for start, end in zip(starts, ends, strict=False)]


def _checked(plan: Schedule, hours: int, day: Fraction, place: int) -> str:
    """Return the schedule as printed if it can be met.

    A least number a month is a floor of every month but the one in which the rest is done: twenty
    sessions, three a month or more, fill seven months (3 × 6 + 2), and five if there are four a month.
    """

    def refuse(field: str, what: str) -> InputError:
        return InputError(
            f"劳务排期不能完成：{what}", where=spot("labour", place, "schedule", field)
        )

    each, days = exact(plan.hours_per_session), (plan.until - plan.since).days + 1
    least, most = plan.least_per_month, plan.most_per_month
    if days < 1:
        raise refuse("until", f"结束日 {plan.until} 早于开始日 {plan.since}")
    if not 0 < each <= day:
        raise refuse(
            "hours_per_session",
            f"每次 {written(each)} 小时，须大于零且不超过每日 {written(day)} 小时",
        )
    if plan.sessions > days:
        raise refuse("sessions", f"{days} 日内安排 {plan.sessions} 次，每日至多一次")
    if plan.sessions * each < hours:
        total = written(plan.sessions * each)
        raise refuse(
            "sessions",
            f"{plan.sessions} 次 × {written(each)} 小时 = {total} 小时，少于应完成的 {hours} 小时",
        )
    windows = _windows(plan)
    span = len(windows)
    if most is not None and plan.sessions > sum(min(most, window) for window in windows):
        raise refuse("most_per_month", f"{span} 个月每月至多 {most} 次，不足 {plan.sessions} 次")
    if least is not None:
        if most is not None and least > most:
            raise refuse("least_per_month", f"每月至少 {least} 次，多于每月至多 {most} 次")
        if span > 1 and least > min(windows[:-1]):
            raise refuse("least_per_month", f"每月至少 {least} 次，每日至多一次，日数不足")
        if plan.sessions < least or plan.sessions <= least * (span - 1):
            raise refuse(
                "least_per_month",
                f"{span} 个月每月至少 {least} 次，{plan.sessions} 次不到末月即已做完",
            )
    often = f"，每月不少于 {least} 次" if least else ""
    often += f"，每月不超过 {most} 次" if most else ""
    return (
        f"{plan.since.isoformat()} 至 {plan.until.isoformat()} 共 {plan.sessions} 次，"
        f"每次 {written(each)} 小时{often}"
    )


def labour_findings(entries: Sequence[Labour]) -> Iterator[Finding]:
    """Yield what a labour substitution leaves unsaid: the source of its rate, who supervises it."""
    for place, entry in enumerate(entries):
        where = f"settlement.labour[{place + 1}]"
        if not entry.evidence and not entry.open:
            text = "劳务折算标准没有注明出处（evidence）"
            yield Finding("labour-rate-bare", "warning", text, where)
        if not entry.supervisor:
            yield Finding("labour-unsupervised", "note", "没有写明由谁监督和确认劳务", where)
