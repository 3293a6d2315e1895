"""Write the audit workbook of an assessment."""

from __future__ import annotations

import json
from pathlib import Path

from .. import money
from ..case.assessment import AssessedItem, Assessment
from ..errors import OutputError, reason
from ..rules.cards import HEADS
from .book import AGREE, DIFFER, Book, Cell, Check, Sheet
from .figure_rows import Totals
from .inputs import Inputs, Parameters
from .item_sheet import Parts, write_item
from .performance_sheets import write_performance
from .reading_back import CARRIED, CHUNK
from .rounding import rounded
from .tables import Tables

_ABOUT = (
    "本工作簿以实时公式重算下列案件的每一个数值，不需要 ecoval；Excel、WPS 表格、LibreOffice 均可打开。",
    "“输入”表中浅黄色的单元格可以改动，改动后各项、合计和“核对”随之变化；其余单元格受保护（无密码）。",
    "“核对”表逐个比较实时结果与出具时存证的结果：绿色为一致，红色为不一致。改动输入后不一致是应有之义。",
    "系数由“表格”表中的全表实时查得，规则参数列在“参数”表，均注明来源、条款和可信度。",
    "由路径、生命表读出的各年水平和折现后的年数是输入；换折现率、口径或年限，须由 ecoval 重读。",
    "方法的适用条件、取值范围和专家理由不能由公式代替判断，见专家意见及其附件。",
    "隐藏的“案卷”表存有完整的案件文件，ecoval 可据以复核。",
)


def write_audit(assessment: Assessment, path: Path, *, force: bool = False) -> Path:
    """Write the audit workbook of *assessment* to *path* and return it.

    Each input, parameter and table stands once, named; each step, sum, look-up, amount and its
    rounding is a formula over them, beside the value that was computed.

    Raises
    ------
    OutputError
        The file exists and *force* is not given, or cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    if path.exists() and not force:
        raise OutputError("文件已存在，未覆盖", where=str(path), hint="确需覆盖请加 --force。")
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"不能写入：{reason(error)}", where=str(path)) from None
    try:
        workbook = xlsxwriter.Workbook(beside, {"in_memory": True})
        _fill(Book(workbook, f"校验码 {assessment.fingerprint}"), assessment)
        workbook.close()
        beside.replace(path)
    except (OSError, FileCreateError) as error:
        fault = error.args[0] if isinstance(error, FileCreateError) else error
        said = reason(fault) if isinstance(fault, OSError) else str(fault)
        raise OutputError(f"不能写入：{said}", where=str(path), hint="文件可能正被打开。") from None
    finally:
        beside.unlink(missing_ok=True)
    return path


def _fill(book: Book, assessment: Assessment) -> None:
    about = book.sheet("说明", (18, 90))
    summary = book.sheet("汇总", (6, 20, 24, 24, 14, 16, 16, 9))
    checks = book.sheet("核对", (8, 50, 22, 22, 10))
    parts = Parts(book, Inputs(book), Parameters(book), Tables(book))
    results = []
    for assessed in assessment.items:
        label = f"项{assessed.place}"
        sheet = book.sheet(label, (9, 26, 17, 10, 40, 17, 9))
        sheet.line(f"{label}　{assessed.title}", "title", height=24)
        results.append(write_item(parts, assessed.item, sheet, label))
        for remark in assessed.item.remarks:
            sheet.paragraph(f"出具时：{remark}")
    if assessment.eligibility is not None:
        for rule in assessment.eligibility.rules:
            parts.parameters.cell(rule)
    for rule, _ in assessment.punitive_bases:
        parts.parameters.cell(rule)
    totals = _summary(summary, parts, assessment, results)
    if assessment.performance is not None:
        write_performance(parts, assessment, assessment.performance, totals)
    parts.tables.close()
    count = _checks(checks, parts.checks)
    _about(about, assessment, count)
    _carry(book, assessment)


def _about(sheet: Sheet, assessment: Assessment, disagreements: str) -> None:
    case = assessment.case
    sheet.line(f"{case.title}　核算工作簿", "title", height=28)
    for title, text in (
        ("地域", f"{case.jurisdiction.name}（{case.jurisdiction.code}）"),
        ("适用日期", case.on.isoformat()),
        ("合计", f"{money.printed(assessment.total)} 元　{money.capitals(assessment.total)}"),
        ("校验码", assessment.fingerprint),
        ("软件", f"ecoval {assessment.version}"),
        ("状态", "草稿：有待补事项" if assessment.is_draft else "无待补事项"),
    ):
        sheet.text(0, title, "head")
        sheet.text(1, text)
        sheet.row += 1
    sheet.text(0, "核对", "head")
    sheet.formula(1, f'IF({disagreements}=0,"{AGREE}","{DIFFER}")', AGREE, "chosen")
    sheet.flagged(1)
    sheet.row += 2
    for paragraph in _ABOUT:
        sheet.paragraph(paragraph)
    if assessment.findings:
        sheet.row += 1
        sheet.line("出具时的提示", "section")
        for finding in assessment.findings:
            sheet.paragraph(str(finding))


def _summary(sheet: Sheet, parts: Parts, assessment: Assessment, results: list[Cell]) -> Totals:
    book = parts.book
    sheet.line("汇总", "title", height=24)
    sheet.line("“金额”由“精确值”按各项的取整规则实时取整，合计为各项金额之和。")
    sheet.heads(
        *("项", "科目", "项目", "方法", "精确值（元）", "金额（元）", "存证金额（元）", "核对"),
        repeat=True,
    )
    first = sheet.row
    for assessed, result in zip(assessment.items, results, strict=True):
        _row(sheet, parts, assessed, result)
    last = sheet.row - 1
    heads, amounts = (
        f"{sheet.at(column, first)}:{sheet.at(column, last).rpartition('!')[2]}"
        for column in (1, 5)
    )
    sheet.row += 1
    for head, fens in assessment.by_head.items():
        formula = f'ROUND(SUMIF({heads},"{HEADS[head]}",{amounts}),2)'
        _total(sheet, parts, f"{HEADS[head]}小计", formula, fens)
    _total(sheet, parts, "合计", f"ROUND(SUM({amounts}),2)", assessment.total)
    totals = Totals(
        book.named(sheet, "合计", sheet.row - 1, 5),
        heads,
        amounts,
        tuple(sheet.at(5, first + place) for place in range(len(results))),
    )
    for rule, fens in assessment.punitive_bases:
        title = f"惩罚性赔偿基数（{rule.place.name}：{rule.text}）"
        _total(sheet, parts, title, totals.base(rule.chosen[0]), fens)
    return totals


def _row(sheet: Sheet, parts: Parts, assessed: AssessedItem, result: Cell) -> None:
    item = assessed.item
    sheet.text(0, str(assessed.place), "centre")
    for column, text in enumerate(
        (HEADS[assessed.entry.head], assessed.title, item.card.title), start=1
    ):
        sheet.text(column, text)
    sheet.formula(4, result.reference, item.exact)
    amount = float(item.amount)
    sheet.formula(5, rounded(sheet.at(4), item.rounding), amount, "money")
    sheet.number(6, amount, "money")
    sheet.compared(7, sheet.at(5), sheet.at(6), cents=True)
    label = f"项{assessed.place}"
    parts.book.named(sheet, f"{label}_金额", sheet.row, 5)
    title = f"金额（{item.rounding}）"
    parts.checks.append(Check(label, title, sheet.at(5), sheet.at(6), cents=True))
    sheet.row += 1


def _total(sheet: Sheet, parts: Parts, title: str, formula: str, fens: int) -> None:
    for column in (0, 1, 3, 4):
        sheet.text(column, "")
    sheet.text(2, title, "head")
    amount = float(money.yuan(fens))
    sheet.formula(5, formula, amount, "whole")
    sheet.number(6, amount, "money")
    sheet.compared(7, sheet.at(5), sheet.at(6), cents=True)
    parts.checks.append(Check("汇总", title, sheet.at(5), sheet.at(6), cents=True))
    sheet.row += 1


def _checks(sheet: Sheet, checks: list[Check]) -> str:
    """Write every comparison once more, side by side; return the cell of how many disagree."""
    sheet.line("核对", "title", height=24)
    sheet.text(0, "不一致", "head")
    count_row = sheet.row
    sheet.row += 2
    sheet.heads("项", "数值", "实时结果", "存证结果", "核对", repeat=True)
    first = sheet.row
    for check in checks:
        sheet.text(0, check.label, "centre")
        sheet.text(1, check.title)
        value, style = sheet.book.stored[check.stored], "money" if check.cents else "number"
        sheet.formula(2, check.live, value, style)
        sheet.formula(3, check.stored, value, style)
        sheet.compared(4, sheet.at(2), sheet.at(3), cents=check.cents)
        sheet.row += 1
    reach = f"{sheet.at(4, first)}:{sheet.at(4, sheet.row - 1).rpartition('!')[2]}"
    sheet.row, last = count_row, sheet.row
    sheet.formula(1, f'COUNTIF({reach},"{DIFFER}")', 0, "centre")
    count = sheet.at(1)
    sheet.row = last
    return count


def _carry(book: Book, assessment: Assessment) -> None:
    """Put the whole assessment on a hidden sheet, in pieces that fit a cell."""
    sheet = book.workbook.add_worksheet(CARRIED)
    sheet.very_hidden()
    text = json.dumps(assessment.as_dict(), ensure_ascii=False)
    for place in range(0, len(text), CHUNK):
        sheet.write_string(place // CHUNK, 0, text[place : place + CHUNK])
