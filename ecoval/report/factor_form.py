"""The factor sheet as an Excel form: written for the panel, filled in, and read back."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import is_zipfile

from ..case.amounts import exact
from ..case.applied import Applied
from ..case.factors import FactorEntry, asked_factors
from ..case.model import Case
from ..errors import InputError
from ..rules.parameters import parameter
from .writing import write_one

SCORES, AGREED = "评分", "议定"
_SCORE_TITLES = ("代码", "因素", "专家", "评分", "理由")
_AGREED_TITLES = ("代码", "因素", "议定值", "理由")


def write_factor_form(case: Case, path: Path, *, force: bool = False) -> None:
    """Write the form for the experts of *case* to *path*: a row for each factor and expert.

    Raises
    ------
    InputError
        The case claims no punitive damages, or names no expert.
    OutputError
        The file exists and *force* is not given, or it cannot be written.
    """
    import xlsxwriter

    factors, experts = _factors(case), [expert.name for expert in case.experts if expert.name]
    if not experts:
        raise InputError("案件没有列出专家（expert），不能生成评分表", where=case.title)
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        looks = {
            "head": book.add_format({"bold": True, "bg_color": "#D9D9D9", "border": 1}),
            "kept": book.add_format({"border": 1, "text_wrap": True, "valign": "top"}),
            "open": book.add_format(
                {"border": 1, "text_wrap": True, "locked": False, "bg_color": "#FFFFE0"}
            ),
        }
        rows = [(code, title, expert) for code, title in factors.items() for expert in experts]
        _sheet(book, SCORES, _SCORE_TITLES, rows, looks, (12, 30, 12, 10, 50))
        agreed = list(factors.items())
        _sheet(book, AGREED, _AGREED_TITLES, agreed, looks, (12, 30, 10, 50))
    write_one(path, held.getvalue(), force=force)


def _sheet(
    book: Any,
    name: str,
    titles: tuple[str, ...],
    rows: list[Any],
    looks: dict[str, Any],
    widths: tuple[int, ...],
) -> None:
    sheet = book.add_worksheet(name)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for column, (title, width) in enumerate(zip(titles, widths, strict=True)):
        sheet.set_column(column, column, width, None, {"hidden": column == 0})
        sheet.write_string(0, column, title, looks["head"])
    for row, held in enumerate(rows, start=1):
        for column, text in enumerate(held):
            sheet.write_string(row, column, text, looks["kept"])
        for column in range(len(held), len(titles)):
            sheet.write_blank(row, column, None, looks["open"])
    number = titles.index("评分" if "评分" in titles else "议定值")
    sheet.data_validation(
        1,
        number,
        max(len(rows), 1),
        number,
        {
            "validate": "decimal",
            "criteria": ">=",
            "value": 0,
            "error_title": "评分",
            "error_message": "请填不小于零的数：单就该因素而言支持的倍数。",
        },
    )


def with_scores(case: Case, path: Path) -> Case:
    """Return *case* with the factor sheet that the filled-in form *path* holds.

    Raises
    ------
    InputError
        The file is no such form; a score is not a number, or stands without its reason: sheet and
        row are named.
    """
    factors, found = _factors(case), dict(_read(path))
    entries: dict[str, dict[str, Any]] = {code: {"factor": code, "score": []} for code in factors}
    for row, (code, _, expert, score, reason) in enumerate(found[SCORES], start=2):
        where = f"{path} {SCORES} 第 {row} 行"
        if code not in entries:
            raise InputError("不是应考虑的因素", where=where, got=code)
        if score == "" and not reason:
            continue
        if not reason:
            raise InputError(f"{expert} 的评分没有理由", where=where)
        entries[code]["score"].append(
            {"expert": expert, "score": _number(score, where), "reason": reason}
        )
    for row, (code, _, agreed, reason) in enumerate(found[AGREED], start=2):
        where = f"{path} {AGREED} 第 {row} 行"
        if code not in entries:
            raise InputError("不是应考虑的因素", where=where, got=code)
        if agreed != "":
            entries[code]["agreed"] = _number(agreed, where)
        entries[code]["reason"] = reason
    if not any(entry["score"] for entry in entries.values()):
        raise InputError("评分表还没有填写", where=str(path))
    assert case.punitive is not None
    kept = tuple(
        FactorEntry.model_validate(entry)
        for entry in entries.values()
        if entry["score"] or "agreed" in entry
    )
    made = case.copied()
    made._origin, made._text = case._origin, case._text
    made.punitive = case.punitive.model_copy(update={"factors": kept})
    return made


def _factors(case: Case) -> dict[str, str]:
    """Return the factors that the rules there and then name, else all that are known."""
    if case.punitive is None:
        raise InputError("案件文件没有惩罚性赔偿（punitive）", where=case.title)
    asked = asked_factors(Applied(case.jurisdiction, case.punitive_on))
    return asked or parameter("punitive-factors").choices


def _read(path: Path) -> Iterator[tuple[str, list[list[Any]]]]:
    import python_calamine

    if not path.is_file() or not is_zipfile(path):
        raise InputError("不是评分表（.xlsx）", where=str(path))
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
    except python_calamine.CalamineError as error:
        raise InputError(f"不是评分表（.xlsx）：{error}", where=str(path)) from None
    for name, titles in ((SCORES, _SCORE_TITLES), (AGREED, _AGREED_TITLES)):
        if name not in book.sheet_names:
            raise InputError(f"评分表中没有工作表“{name}”", where=str(path))
        head, *rows = book.get_sheet_by_name(name).to_python() or [[]]
        if tuple(head[: len(titles)]) != titles:
            raise InputError(f"工作表“{name}”的表头须为 {'、'.join(titles)}", where=str(path))
        whole = [[_cell(cell) for cell in row[: len(titles)]] for row in rows]
        yield name, [row for row in whole if any(cell != "" for cell in row)]


def _cell(cell: Any) -> Any:
    return cell.strip() if isinstance(cell, str) else cell


def _number(given: Any, where: str) -> str:
    try:
        number = exact(given)
    except ValueError as error:
        raise InputError(str(error), where=where) from None
    if number < 0:
        raise InputError("评分不得为负", where=where, got=given)
    return str(given)
