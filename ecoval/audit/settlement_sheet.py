"""The settlement on its sheet: each form of performance, the money left, who pays it, and when."""

from __future__ import annotations

from ..case.applied import Applied
from ..case.assessment import Assessment
from ..case.ranks import Rank
from ..case.settled import Settlement
from ..case.settlement import SettlementEntry
from .figure_rows import TITLES, Rows, Totals, applied, cited, in_yuan
from .form_rows import Forms
from .item_balance import Balances
from .payment_rows import write_plans

_TITLE = "履行方案"


def write_settlement(
    rows: Rows,
    assessment: Assessment,
    totals: Totals,
    *,
    borne: dict[str, str],
    claimed: str,
    shares: dict[str, str],
) -> None:
    """Write the sheet, and beside it what of each item each form performs.

    *borne* and *shares* are the cells of what each obligor bears of the total and of the punitive
    damages, *claimed* that of the punitive damages.
    """
    sheet, settlement = rows.sheet, assessment.settlement
    entry = assessment.case.settlement
    assert settlement is not None and entry is not None
    sheet.line(_TITLE, "title", height=24)
    sheet.line(f"按 {settlement.on.isoformat()} 的规定安排；各种方式之和恒等于赔偿合计。")
    if entry.note:
        sheet.paragraph(entry.note)
    sheet.heads(*TITLES, repeat=True)
    total = rows.money("生态环境损害赔偿合计", totals.total, settlement.total, style="whole")
    balances = Balances(rows.parts, assessment, totals)
    rules = Applied(assessment.case.jurisdiction, settlement.on)
    forms = Forms(rows, settlement, rules, balances, total=total, borne=borne)
    others = forms.write(entry)
    cash_line = settlement.lines[-1]
    cash = rows.money(
        cash_line.title,
        f"ROUND({'-'.join([total, *others])},2)",
        settlement.cash,
        cash_line.text,
        cash_line.basis,
        style="whole",
    )
    balances.close(cash, settlement.cash)
    payable = cash
    if entry.punitive:
        payable = rows.money(
            "须支付的货币", f"ROUND({cash}+{claimed},2)", settlement.payable, "含惩罚性赔偿"
        )
    dues = _dues(rows, settlement, forms, borne)
    _deposit(rows, settlement, entry, forms)
    write_plans(rows, settlement, entry, payable=payable, dues=dues, shares=shares)
    _ranks(rows, assessment, settlement, entry, cash=cash, claimed=claimed)
    sheet.row += 1
    sheet.paragraph(f"资金去向：{settlement.destination}")


def _dues(
    rows: Rows, settlement: Settlement, forms: Forms, borne: dict[str, str]
) -> dict[str, str]:
    """Write what each obligor still pays in money; return the cells by name."""
    apart = [due for due in settlement.dues if due.cash is not None]
    if not (apart and borne):
        return {}
    rows.sheet.row += 1
    rows.sheet.line("各义务人应付的货币", "section")
    found = {}
    for due in apart:
        terms = [borne[due.name], *forms.by_obligor.get(due.name, [])]
        found[due.name] = rows.money(
            f"{due.name}应付货币",
            f"ROUND({'-'.join(terms)},2)",
            due.cash,
            "应承担的部分 − 其他方式",
        )
    return found


def _deposit(rows: Rows, settlement: Settlement, entry: SettlementEntry, forms: Forms) -> None:
    held, given = settlement.deposit, entry.deposit
    if held is None or given is None:
        return
    rows.sheet.row += 1
    rows.sheet.line("修复保证金", "section")
    figure = rows.parts.inputs.figure
    said = (given.evidence, given.note, "")
    cell = figure(_TITLE, "修复保证金", in_yuan(given.amount), "元", said=said).reference
    deposit = rows.money("保证金", cell, held.fens, held.held_by, held.clause)
    secured = "+".join(forms.secured) or "0"
    rows.said(
        "所担保的修复",
        f'IF({deposit}<=ROUND({secured},2),"未超过","超过")',
        "未超过",
        "保证金不得超过所担保的修复、替代修复",
    )
    settled = given.settled
    if settled is None or held.used is None or held.refund is None or held.shortfall is None:
        return
    text = (settled.deducted if settled.outcome == "completed" else settled.cost) or "0 元"
    title = "扣除额" if settled.outcome == "completed" else "代为修复的费用"
    cost = figure(_TITLE, f"保证金{title}", in_yuan(text), "元", said=(settled.evidence, "", ""))
    used = rows.money("使用", f"MIN({cost.reference},{deposit})", held.used, held.outcome)
    rows.money("退还", f"ROUND({deposit}-{used},2)", held.refund)
    rows.money("继续追偿", f"ROUND({cost.reference}-{used},2)", held.shortfall)


def _ranks(
    rows: Rows,
    assessment: Assessment,
    settlement: Settlement,
    entry: SettlementEntry,
    *,
    cash: str,
    claimed: str,
) -> None:
    """Write what the assets pay of each rank of claims, in order."""
    if entry.assets is None or not settlement.ranks:
        return
    sheet, figure = rows.sheet, rows.parts.inputs.figure
    sheet.row += 1
    sheet.line("财产不足时的清偿顺序", "section")
    said = (entry.assets.evidence, "", "")
    available = in_yuan(entry.assets.available)
    left = figure(_TITLE, "可供清偿的财产", available, "元", said=said).reference
    order = cited(applied(settlement.rules, "payment-order"))
    fines = (*(assessment.punitive.entry.fines if assessment.punitive else ()), *entry.assets.fines)
    for place, rank in enumerate(settlement.ranks):
        is_fine = place == len(settlement.ranks) - 1 and bool(fines)
        due = cash if not place else claimed
        if is_fine:
            terms = []
            for number, fine in enumerate(fines, start=1):
                title = f"罚款罚金{number}{fine.title}"
                owed = figure(_TITLE, title, in_yuan(fine.amount), "元").reference
                if fine.paid:
                    paid = figure(_TITLE, f"{title}已缴", in_yuan(fine.paid), "元").reference
                    owed += f"-{paid}"
                terms.append(owed)
            due = f"ROUND({'+'.join(terms)},2)"
        owed = rows.money(f"应付：{rank.title}", due, rank.due)
        paid = _paid(rows, rank, owed, left, order)
        left = f"ROUND({left}-{paid},2)"


def _paid(rows: Rows, rank: Rank, owed: str, left: str, order: str) -> str:
    return rows.money(f"可付：{rank.title}", f"MIN({owed},{left})", rank.paid, "", order)
