"""The factor sheet as an Excel form: written, filled in, read back into the case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from typer.testing import CliRunner

from ecoval.case import Case
from ecoval.cli import app
from ecoval.errors import InputError, OutputError
from ecoval.report.factor_form import with_scores, write_factor_form

WHOLE = Path(__file__).parent.parent / "benchmarks" / "whole.toml"
Sheets = dict[str, list[list[Any]]]


@pytest.fixture
def case() -> Case:
    return Case.read(WHOLE)


def _sheets(path: Path) -> Sheets:
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def _filled(tmp_path: Path, case: Case, fill: Callable[[Sheets], None]) -> Path:
    """Write the form, let *fill* change its cells, and write it again."""
    form = tmp_path / "form.xlsx"
    write_factor_form(case, form)
    sheets = _sheets(form)
    fill(sheets)
    path = tmp_path / "filled.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)
    return path


def test_the_form_has_a_row_for_each_factor_and_expert(tmp_path: Path, case: Case) -> None:
    write_factor_form(case, tmp_path / "form.xlsx")
    scores, agreed = _sheets(tmp_path / "form.xlsx").values()
    # Nantong names seven factors, the national rule four of them; three experts sit.
    assert len(scores) == 1 + 7 * 3 and len(agreed) == 1 + 7
    assert scores[1][:3] == ["malice", "恶意程度", "张一"]


def test_what_is_filled_in_becomes_the_sheet(tmp_path: Path, case: Case) -> None:
    def fill(sheets: Sheets) -> None:
        for row, (score, reason) in enumerate([(1, "初犯"), (1.5, "暗管"), (1.2, "居中")], start=1):
            sheets["评分"][row][3:5] = [score, reason]
        sheets["议定"][1][2:4] = [1.3, ""]

    punitive = with_scores(case, _filled(tmp_path, case, fill)).assess().punitive
    assert punitive is not None
    malice = punitive.sheet[0]
    assert malice.spread == "1 至 1.5" and float(malice.agreed or 0) == 1.3
    assert [expert for expert, _, _ in malice.scores] == ["张一", "李二", "王三"]


@pytest.mark.parametrize(
    ("sheet", "cells", "words"),
    [
        ("评分", [1, ""], "评分 第 2 行：张一 的评分没有理由"),
        ("评分", ["高", "重"], "评分 第 2 行：应为数或分数.*所给为 高"),
        ("评分", [-1, "重"], "评分 第 2 行：评分不得为负，所给为 -1"),
        ("评分", ["", "重"], "评分 第 2 行：应为数或分数"),
        ("议定", ["高", ""], "议定 第 2 行：应为数或分数"),
        ("评分", ["", ""], "评分表还没有填写"),
    ],
)
def test_a_cell_that_will_not_do_is_named(
    tmp_path: Path, case: Case, sheet: str, cells: list[Any], words: str
) -> None:
    def fill(sheets: Sheets) -> None:
        at = sheets[sheet][0].index("评分" if sheet == "评分" else "议定值")
        sheets[sheet][1][at : at + 2] = cells

    with pytest.raises(InputError, match=words):
        with_scores(case, _filled(tmp_path, case, fill))


def test_another_heading_is_said(tmp_path: Path, case: Case) -> None:
    def fill(sheets: Sheets) -> None:
        sheets["评分"][0][3] = "分数"

    with pytest.raises(InputError, match="工作表“评分”的表头须为 代码、因素、专家、评分、理由"):
        with_scores(case, _filled(tmp_path, case, fill))


def test_a_file_that_is_no_form_is_said(tmp_path: Path, case: Case) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"x")
    with pytest.raises(InputError, match="不是评分表（.xlsx）"):
        with_scores(case, path)
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("别的")
    with pytest.raises(InputError, match="评分表中没有工作表“评分”"):
        with_scores(case, path)


def test_a_case_without_punitive_damages_has_no_form(tmp_path: Path, case: Case) -> None:
    case.punitive = None
    with pytest.raises(InputError, match="没有惩罚性赔偿（punitive）"):
        write_factor_form(case, tmp_path / "x.xlsx")


def test_a_form_is_kept_unless_forced(tmp_path: Path, case: Case) -> None:
    write_factor_form(case, tmp_path / "x.xlsx")
    with pytest.raises(OutputError, match="文件已存在，未覆盖"):
        write_factor_form(case, tmp_path / "x.xlsx")


def test_the_command_writes_the_form_and_settle_reads_it(tmp_path: Path, case: Case) -> None:
    ran = CliRunner().invoke(app, ["factors", str(WHOLE), "-o", str(tmp_path / "x.xlsx")])
    assert ran.exit_code == 0 and "--scores" in ran.output

    def fill(sheets: Sheets) -> None:
        sheets["评分"][1][3:5] = [1, "初犯"]

    filled = _filled(tmp_path, case, fill)
    ran = CliRunner().invoke(app, ["settle", str(WHOLE), "--scores", str(filled)])
    assert ran.exit_code == 0 and "因素“恶意程度”没有议定值" in ran.output
