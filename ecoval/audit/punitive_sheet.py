"""Punitive damages on their sheet: base, multiplier or lump sum, amount, cap, factors, obligors."""

from __future__ import annotations

from ..case.amounts import exact, of_float
from ..case.factors import Factor
from ..case.punitive import Punitive
from ..case.punitive_entry import FINES
from ..case.punitive_terms import Base
from .book import Cell
from .figure_rows import TITLES, Rows, Totals, applied, cited, fens_times, in_yuan
from .shares import Weights, write_shares

_MARK = "惩罚性赔偿"


def write_punitive(
    rows: Rows, of: Punitive, totals: Totals, weights: Weights | None
) -> tuple[str, dict[str, str]]:
    """Write the sheet; return the cell of the sum chosen, and of each obligor's part of it.

    The cell is empty text where no sum is fixed.
    """
    sheet, entry = rows.sheet, of.entry
    sheet.line("惩罚性赔偿", "title", height=24)
    sheet.line(f"按 {of.on.isoformat()} 的规定计算；不在生态环境损害赔偿合计之内。")
    sheet.paragraph(of.sentence)
    sheet.heads(*TITLES, repeat=True)
    measure = _measure(rows, of)
    amounts: dict[str, str] = {}
    for base in of.bases:
        basis = "；".join(cited(rule) for rule in base.rules) or base.cited
        said = entry.base_reason if base is of.chosen else ""
        held = rows.money(f"基数：{base.title}", totals.base(base.code), base.fens, said, basis)
        if measure is None:
            rows.texts(f"金额（按{base.title}）", "未定", "", entry.open, "", "", "")
            continue
        formula = measure.reference
        said = "酌定总额"
        if entry.multiplier is not None:
            formula, said = (
                f"ROUND({fens_times(held, measure.reference)},0)/100",
                "基数 × 倍数，取整至分",
            )
        amounts[base.code] = rows.money(
            f"金额（按{base.title}）", formula, base.amount, said, "", style="whole"
        )
        _cap(rows, of, measure, base, held, amounts[base.code])
    chosen = amounts.get(of.chosen.code, "") if of.chosen is not None else ""
    if chosen:
        reason = "；".join(text for text in (entry.reason, entry.clause) if text)
        chosen = rows.money(_MARK, chosen, of.amount, reason, "采用", style="whole")
    _conditions(rows, of)
    _factors(rows, of.sheet)
    _fines(rows, of)
    shares: dict[str, str] = {}
    if of.apportionment is not None and weights is not None and chosen:
        shares = write_shares(rows, of.apportionment, weights, chosen, _MARK)
    return chosen, shares


def _measure(rows: Rows, of: Punitive) -> Cell | None:
    """Write the multiplier or the lump sum on the sheet of inputs; return its cell."""
    entry, inputs = of.entry, rows.parts.inputs
    said = ("", entry.reason, entry.open)
    if entry.multiplier is not None:
        times = exact(entry.multiplier)
        ends = 10**15 % times.denominator == 0
        written = "" if ends else f"{times.numerator}/{times.denominator}"
        return inputs.figure(_MARK, "倍数", float(times), "倍", written=written, said=said)
    if entry.lump_sum is not None:
        return inputs.figure(_MARK, "酌定总额", in_yuan(entry.lump_sum), "元", said=said)
    return None


def _cap(rows: Rows, of: Punitive, measure: Cell, base: Base, held: str, amount: str) -> None:
    """Say whether the multiple is within what is usual, where a rule sets that."""
    if of.cap is None or base.amount is None:
        return
    limit = rows.parts.parameters.cell(of.cap).reference
    if of.entry.multiplier is not None:
        formula = f"{measure.reference}>{limit}"
        above = exact(of.entry.multiplier) > of_float(of.cap.number)
    else:
        formula = f"AND({held}>0,{amount}>{limit}*{held})"
        above = base.fens > 0 and base.amount > of_float(of.cap.number) * base.fens
    reason = f"理由：{of.entry.reason}" if of.entry.reason else ""
    shown = "超过" if above else "不超过"
    rows.said("一般上限", f'IF({formula},"超过","不超过")', shown, reason, cited(of.cap))


def _conditions(rows: Rows, of: Punitive) -> None:
    sheet = rows.sheet
    sheet.row += 1
    sheet.line("条件（由专家判断，不能由公式代替）", "section")
    sheet.heads("条件", "认定", "材料", "说明", "", "", "依据与可信度")
    for condition in of.conditions:
        said = condition.attested
        listed = {"intentional": "presumed", "serious": "serious"}.get(condition.code)
        supports = of.supports(listed) if listed else []  # type: ignore[arg-type]
        note = "；".join(text for text in (said.note, *supports) if text)
        basis = cited(applied(of.rules, "punitive-conditions")) or condition.clause
        rows.texts(condition.title, condition.text, said.evidence, note, "", "", basis)


def _factors(rows: Rows, factors: tuple[Factor, ...]) -> None:
    """Write what the panel made of each factor: every score an input, lowest and highest live."""
    scored = [factor for factor in factors if factor.scores or factor.agreed is not None]
    if not scored:
        return
    sheet, figure = rows.sheet, rows.parts.inputs.figure
    sheet.row += 1
    sheet.line("考虑因素的评分", "section")
    sheet.heads("因素", "议定", "倍", "最低与最高评分", "存证值", "核对", "理由")
    for factor in scored:
        cells = [
            figure(_MARK, f"评分：{factor.title}，{expert}", float(score), "倍", said=("", why, ""))
            for expert, score, why in factor.scores
        ]
        given = ",".join(cell.reference for cell in cells)
        sheet.text(0, factor.title)
        if factor.agreed is None:
            for column in (1, 4, 5):
                sheet.text(column, "")
        else:
            agreed = float(factor.agreed)
            cell = figure(
                _MARK, f"议定：{factor.title}", agreed, "倍", said=("", factor.reason, "")
            )
            sheet.formula(1, cell.reference, agreed)
            rows.stored(f"议定：{factor.title}", agreed)
        sheet.text(2, "倍", "centre")
        if cells and factor.lowest is not None and factor.highest is not None:
            shown = f"{float(factor.lowest):g} 至 {float(factor.highest):g}"
            sheet.formula(3, f'MIN({given})&" 至 "&MAX({given})', shown, "centre")
        else:
            sheet.text(3, "未评")
        sheet.text(6, factor.reason)
        sheet.row += 1


def _fines(rows: Rows, of: Punitive) -> None:
    if not of.entry.fines:
        return
    sheet = rows.sheet
    sheet.row += 1
    sheet.line("同一行为已受的罚款、罚金（可以考虑，不当然抵扣）", "section")
    sheet.heads("种类", "数额（元）", "材料", "是否考虑", "", "", "依据与可信度")
    rule = cited(applied(of.rules, "punitive-fines"))
    for fine in of.entry.fines:
        sheet.text(0, f"{FINES[fine.kind]}　{fine.title}".strip())
        sheet.number(1, in_yuan(fine.amount), "money")
        considered = fine.considered or "未说明"
        for column, text in ((2, fine.evidence), (3, considered), (4, ""), (5, ""), (6, rule)):
            sheet.text(column, text)
        sheet.row += 1
