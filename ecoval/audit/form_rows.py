"""Each form of performance by its own formula: what it performs of the total."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from ..case.amounts import exact, fens_of, of_float, rounded
from ..case.applied import Applied
from ..case.balance import FORMS, Form, Line
from ..case.labour import BASES, Labour, hourly_rate
from ..case.offset import Carbon, Spent, Upgrade, carbon_price
from ..case.payers import Insurance
from ..case.repair import Substitute
from ..case.settled import Settlement
from ..case.settlement import SettlementEntry
from ..rules.parameters import InForce
from ..units import factor, measure, unit_text
from .figure_rows import Rows, applied, cited, fens_times, in_yuan, whole_fen
from .item_balance import Balances

_LABEL = "履行方案"


class Forms:
    """The forms of a settlement, written in the order in which they are counted."""

    def __init__(
        self,
        rows: Rows,
        settlement: Settlement,
        rules: Applied,
        balances: Balances,
        *,
        total: str,
        borne: dict[str, str],
    ) -> None:
        self.rows, self.settlement, self.rules = rows, settlement, rules
        self.balances, self.total, self.borne = balances, total, borne
        self.by_obligor: dict[str, list[str]] = {}
        # The cells of what a deposit may secure.
        self.secured: list[str] = []
        self._owed = {due.name: due.borne for due in settlement.dues if due.borne is not None}

    def write(self, entry: SettlementEntry) -> list[str]:
        """Write every form but money; return the cells of their sums."""
        entries = [
            (form, place, each)
            for form in FORMS
            if form != "cash"
            for place, each in enumerate(getattr(entry, form))
        ]
        cells = []
        for (form, place, each), line in zip(entries, self.settlement.lines, strict=False):
            cells.append(self._form(form, place, each, line))
        return cells

    def _form(self, form: Form, place: int, entry: object, line: Line) -> str:
        rows = self.rows
        part, fens = self.balances.part(form, entry)  # type: ignore[arg-type]
        called = line.title + (f"（{line.obligor}）" if line.obligor else "")
        label = f"{called}{place + 1 if place else ''}"
        match entry:
            case Spent():
                formula = (
                    f"MIN({self._given(label, entry, entry.amount)},{self._limit(part, line)})"
                )
            case Insurance():
                formula = self._insured(label, entry, part, line, min(fens, self._left(line, fens)))
            case Upgrade():
                formula = self._upgrade(label, entry)
            case Carbon():
                formula = self._carbon(label, entry, place)
            case _:
                formula = self._given(label, entry, entry.amount)  # type: ignore[attr-defined]
        note = "；".join(text for text in (line.text, line.note) if text)
        amount = rows.money(label, formula, line.fens, note, line.basis, style="whole")
        rows.said(
            f"{label}：可抵部分",
            f'IF({amount}<={part}+0.001,"未超过","超过")',
            "未超过",
            "须在可抵科目的余额之内，见“逐项履行”",
        )
        if isinstance(entry, Labour):
            self._labour(label, entry, place, amount, line)
        if isinstance(entry, Substitute):
            self._substitute(label, entry)
        self.balances.take(amount, line.fens)
        if line.obligor:
            self.by_obligor.setdefault(line.obligor, []).append(amount)
            if line.obligor in self._owed:
                self._owed[line.obligor] -= line.fens
        if form in ("restoration", "substitute"):
            self.secured.append(amount)
        return amount

    def _given(self, label: str, entry: object, text: str, title: str = "金额") -> str:
        said = tuple(getattr(entry, name) for name in ("evidence", "note", "open"))
        figure = self.rows.parts.inputs.figure
        return figure(_LABEL, f"{label}：{title}", in_yuan(text), "元", said=said).reference

    def _number(self, label: str, title: str, value: float, unit: str) -> str:
        return self.rows.parts.inputs.figure(_LABEL, f"{label}：{title}", value, unit).reference

    def _limit(self, part: str, line: Line) -> str:
        """Return the formula of what is left of the heads, and of the obligor's part."""
        if line.obligor not in self.borne:
            return part
        owed = "-".join([self.borne[line.obligor], *self.by_obligor.get(line.obligor, [])])
        return f"MIN({part},ROUND({owed},2))"

    def _left(self, line: Line, fens: int) -> int:
        return self._owed.get(line.obligor, fens)

    def _insured(self, label: str, entry: Insurance, part: str, line: Line, left: int) -> str:
        limit = self._given(label, entry, entry.limit, "限额")
        less = self._given(label, entry, entry.deductible, "免赔额")
        fens = left if entry.loss is None else fens_of(entry.loss)
        given = entry.loss is not None
        loss = self._given(label, entry, entry.loss, "损失") if given else self._limit(part, line)  # type: ignore[arg-type]
        held = self.rows.money(
            f"{label}：投保的损失", loss, fens, "" if given else "尚未履行的部分"
        )
        return f"MAX(0,MIN({limit},ROUND({held}-{less},2)))"

    def _upgrade(self, label: str, entry: Upgrade) -> str:
        spend = self._given(label, entry, entry.spend, "投入")
        cap = exact(entry.cap_ratio)
        ratio = self._number(label, "抵扣上限", float(cap), "")
        fens = floor(cap * self.settlement.total)
        most = self.rows.money(
            f"{label}：上限",
            f"INT({fens_times(self.total, ratio)})/100",
            fens,
            "赔偿合计 × 抵扣上限，舍至分",
        )
        if entry.amount is None:
            return f"MIN({spend},{most})"
        return f"MIN({self._given(label, entry, entry.amount)},{spend},{most})"

    def _carbon(self, label: str, entry: Carbon, place: int) -> str:
        if entry.price is None:
            return self._given(label, entry, str(entry.amount))
        of, fens = carbon_price(entry, place)
        price = self._number(label, "碳汇单价", float(fens / 100), f"元/{of}")
        if entry.tonnes is None:
            amount = self._given(label, entry, str(entry.amount))
            tonnes = float(Fraction(ceil(fens_of(str(entry.amount)) / fens * 1000), 1000))
            self.rows.figure(
                f"{label}：认购量",
                f"ROUNDUP(ROUND({amount}/{price},9),3)",
                tonnes,
                of,
                "金额 ÷ 单价",
            )
            return amount
        number, given = measure(entry.tonnes, where=label)
        weight = of_float(number) * of_float(factor(given, measure(f"1 {of}", where=label)[1]))
        tonnes_cell = self._number(label, "认购量", float(weight), of)
        worth = self.rows.money(
            f"{label}：价值",
            whole_fen(f"{tonnes_cell}*{price}"),
            rounded(weight * fens),
            "数量 × 单价",
        )
        if entry.amount is None:
            return worth
        return f"MIN({self._given(label, entry, entry.amount)},{worth})"

    def _labour(self, label: str, entry: Labour, place: int, amount: str, line: Line) -> None:
        """Write the rate, the hours and the days of a labour substitution."""
        rate = hourly_rate(entry, line.fens, self.rules, place)
        if rate is None or entry.basis is None:
            return
        rows, rules = self.rows, self.rules.rules
        day, month = (applied(rules, name) for name in ("labour-day-hours", "labour-month-days"))
        assert day is not None
        hours_a_day = self._parameter(day)
        basis = cited(day)
        if entry.hourly is not None:
            formula = self._number(label, "每小时", float(rate / 100), "元/h")
            basis = ""
        elif entry.daily is not None:
            daily = rate * of_float(day.number) / 100
            formula = f"{self._number(label, '每日', float(daily), '元/工日')}/{hours_a_day}"
        elif entry.monthly_wage is not None and month is not None:
            wage = self._given(label, entry, entry.monthly_wage, "月工资")
            formula = f"{wage}/{self._parameter(month)}/{hours_a_day}"
            basis = f"{cited(month)}；{basis}"
        else:
            days = self._number(label, "约定日数", float(entry.days or 0), "日")
            formula = f"{amount}/({days}*{hours_a_day})"
        hourly = rows.figure(
            f"{label}：每小时", formula, float(rate / 100), "元/h", BASES[entry.basis], basis
        )
        hours = ceil(Fraction(line.fens) / rate)
        worked = rows.figure(
            f"{label}：小时数", f"ROUNDUP(ROUND({amount}/{hourly},8),0)", float(hours), "h"
        )
        rows.figure(
            f"{label}：日数",
            f"ROUNDUP(ROUND({worked}/{hours_a_day},8),0)",
            float(ceil(Fraction(hours) / of_float(day.number))),
            "日",
        )

    def _substitute(self, label: str, entry: Substitute) -> None:
        """Write what is gained over what was lost, and whether it is enough."""
        (lost, of), (gained, other) = (
            measure(text, where=label) for text in (entry.lost, entry.gained)
        )
        called = unit_text(entry.lost, of)
        back = of_float(gained) * of_float(factor(other, of))
        one = self._number(label, "所失", lost, called)
        two = self._number(label, "所得", float(back), called)
        ratio = self.rows.figure(
            f"{label}：所得与所失之比", f"{two}/{one}", float(back / of_float(lost)), ""
        )
        rule = self.rules.first("substitute-equivalence")
        least = self._parameter(rule) if rule is not None else "1"
        self.rows.said(
            f"{label}：等量",
            f'IF(ROUND({ratio},9)>={least},"足够","不足")',
            "足够",
            "",
            cited(rule),
        )

    def _parameter(self, rule: InForce) -> str:
        return self.rows.parts.parameters.cell(rule).reference
