"""Instalments and deferrals as formulas: days, sums to the fen, interest where it was agreed."""

from __future__ import annotations

from datetime import datetime

from ..case.amounts import exact
from ..case.instalments import Instalments, Plan
from ..case.settled import Settlement
from ..case.settlement import SettlementEntry
from ..money import yuan
from .figure_rows import Rows, in_yuan

_LABEL = "履行方案"


def write_plans(
    rows: Rows,
    settlement: Settlement,
    entry: SettlementEntry,
    *,
    payable: str,
    dues: dict[str, str],
    shares: dict[str, str],
) -> None:
    """Write each plan of payment: of all the money *payable*, or of one obligor's *dues*."""
    for asked, plan in zip(entry.instalments, settlement.plans, strict=True):
        due = payable
        if asked.obligor in dues:
            own = [dues[asked.obligor]]
            own += [shares[asked.obligor]] if entry.punitive and asked.obligor in shares else []
            due = f"ROUND({'+'.join(own)},2)"
        _plan(rows, asked, plan, due)


def _plan(rows: Rows, asked: Plan, plan: Instalments, due: str) -> None:
    sheet = rows.sheet
    sheet.row += 1
    whose = f"{asked.obligor}：" if asked.obligor else ""
    sheet.line(f"{whose}{plan.kind}", "section")
    for text in (plan.terms, plan.basis, asked.note):
        if text:
            sheet.paragraph(text)
    owed = rows.money(f"{whose}应支付", due, plan.total, "", plan.basis)
    inputs, count = rows.parts.inputs, str(len(plan.parts))
    first = every = ""
    if not asked.parts:
        assert asked.first_on is not None
        first = inputs.day(_LABEL, f"{whose}首期日", asked.first_on).reference
        every = inputs.figure(
            _LABEL, f"{whose}每隔月数", float(asked.every_months or 0), "月", whole=True
        ).reference
    sheet.heads("期", "金额（元）", "日期", "计算", "存证值", "核对", "")
    dates, amounts, top = [], [], sheet.row
    for place, part in enumerate(plan.parts):
        title = f"{whose}第 {place + 1} 期"
        sheet.text(0, title)
        if asked.parts:
            amount = inputs.figure(
                _LABEL, f"{title}金额", in_yuan(asked.parts[place].amount), "元"
            ).reference
            day, said = inputs.day(_LABEL, f"{title}日期", part.on).reference, "约定"
        else:
            fens = f"ROUND({owed}*100,0)"
            amount = f"(INT({fens}/{count})+IF({place + 1}<=MOD({fens},{count}),1,0))/100"
            day, said = f"EDATE({first},{place}*{every})", "等分，余下的分归在前各期"
        sheet.formula(1, amount, float(yuan(part.fens)), "money")
        form = sheet.book.format("centre", "yyyy-mm-dd")
        serial = (datetime(part.on.year, part.on.month, part.on.day) - datetime(1899, 12, 30)).days
        sheet.sheet.write_formula(sheet.row, 2, f"={day}", form, serial)
        sheet.text(3, said)
        rows.stored(title, float(yuan(part.fens)), cents=True)
        sheet.text(6, "")
        dates.append(sheet.at(2))
        amounts.append(sheet.at(1))
        sheet.row += 1
    column = f"{sheet.at(1, top)}:{sheet.at(1, sheet.row - 1).rpartition('!')[2]}"
    rows.money(f"{whose}各期之和", f"ROUND(SUM({column}),2)", plan.total, "须等于应支付的货币")
    if asked.rate is not None:
        _interest(rows, asked, plan, whose, owed, dates, amounts)


def _interest(
    rows: Rows,
    asked: Plan,
    plan: Instalments,
    whose: str,
    owed: str,
    dates: list[str],
    amounts: list[str],
) -> None:
    """Write the simple interest of each part: what was still owed, for the days since the last."""
    assert asked.rate is not None and asked.interest_from is not None
    inputs = rows.parts.inputs
    rate = inputs.figure(_LABEL, f"{whose}年利率", float(exact(asked.rate)), "%").reference
    basis = inputs.figure(
        _LABEL, f"{whose}一年按日数", float(asked.day_basis or 0), "日", whole=True
    ).reference
    since = inputs.day(_LABEL, f"{whose}起息日", asked.interest_from).reference
    cells = []
    for place, part in enumerate(plan.parts):
        left = "-".join([owed, *amounts[:place]])
        product = f"({left})*{rate}*({dates[place]}-{since})/{basis}"
        formula = f"ROUND(ROUND({product}*100,4),0)/100"
        said = "未付余额 × 年利率 × 日数 ÷ 一年日数"
        cells.append(rows.money(f"{whose}第 {place + 1} 期利息", formula, part.interest, said))
        since = dates[place]
    rows.money(f"{whose}利息合计", f"ROUND({'+'.join(cells)},2)", plan.interest)
