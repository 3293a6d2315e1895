"""Results beside earlier ones, and in the office's own book."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from ecoval.batch import value_book

from .batch_books import (
    GOOD,
    HEADERS,
    METHOD,
    book_of,
)


def test_each_moved_figure_is_explained(tmp_path: Path) -> None:
    before = [[f"案-{at}", *GOOD[1:]] for at in range(6)]
    now = [list(row) for row in before]
    now[1][3] = 600
    del now[4]
    now.append(["案-9", *GOOD[1:]])
    book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, *before]))
    book_of(tmp_path / "b.xlsx", (METHOD, [HEADERS, *now]))
    value_book(tmp_path / "a.xlsx", tmp_path / "before.xlsx")
    report = value_book(
        tmp_path / "b.xlsx", tmp_path / "now.xlsx", against=tmp_path / "before.xlsx"
    )
    rows = [
        [cell.value for cell in row]
        for row in openpyxl.load_workbook(tmp_path / "now.xlsx")["比较"].iter_rows()
    ]
    facts = {row[0]: row[1] for row in rows if row[1]}
    assert facts["核对"] == "上次合计加各项变动等于本次合计"
    moved = {row[2]: row for row in rows if str(row[2]).startswith("案-")}
    assert set(moved) == {"案-1", "案-4", "案-9"}
    assert moved["案-1"][7] == "输入改变：排放数量 [t]：500 → 600"
    assert moved["案-1"][6] == 3112.5
    assert moved["案-4"][7].startswith("删去的行")
    assert moved["案-9"][7].startswith("新增的行")
    assert "合计可核对" in report.said[0]


def test_a_coefficient_that_another_class_brought_is_the_inputs_doing(tmp_path: Path) -> None:
    headers = [*HEADERS[:7], "水域环境功能类别"]
    before = [[*GOOD[:7], "Ⅲ"], [*GOOD[:7], "Ⅲ"]]
    after = [[*GOOD[:7], "Ⅱ"], [*GOOD[:3], "约三十", *GOOD[4:7], "Ⅲ"]]
    for name, rows in (("a", before), ("b", after)):
        book_of(tmp_path / f"{name}.xlsx", (METHOD, [headers, *rows]))
    value_book(tmp_path / "a.xlsx", tmp_path / "ra.xlsx")
    report = value_book(tmp_path / "b.xlsx", tmp_path / "rb.xlsx", against=tmp_path / "ra.xlsx")
    said = "\n".join(report.said)
    assert "输入改变" in said
    assert "多种原因" not in said
    assert "参数改变" not in said


def test_a_parameter_that_changed_is_named_with_its_source() -> None:
    from ecoval.batch.comparing import _compare_rules

    kinds: dict[str, list[str]] = {}
    old = "标准甲〔已核对原文〕；r=3 %（某通知）〔待核实〕；k=2（表1）〔已核对原文〕"
    new = "标准甲〔已核对原文〕；r=4 %（新通知）〔待核实〕；k=2（表1）〔已核对原文〕"
    _compare_rules(kinds, old, new, lambda symbol: False)
    assert kinds == {"参数改变": ["r：3 % → 4 %（新通知）"]}


def test_results_are_filled_into_the_users_own_book(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = METHOD
    sheet.append(HEADERS)
    sheet.append(GOOD)
    sheet.append([*GOOD[:3], -5, *GOOD[4:]])
    sheet["A1"].font = openpyxl.styles.Font(name="SimHei", bold=True, color="FF0000")
    sheet.column_dimensions["A"].width = 33
    book.create_sheet("别的")["A1"] = "=1+1"
    book.save(tmp_path / "a.xlsx")
    value_book(tmp_path / "a.xlsx", tmp_path / "f.xlsx", fill=True)
    filled = openpyxl.load_workbook(tmp_path / "f.xlsx")
    assert filled[METHOD]["A1"].font.color.rgb == "00FF0000"
    assert filled[METHOD].column_dimensions["A"].width == 33
    assert filled["别的"]["A1"].value == "=1+1"
    headers = [cell.value for cell in filled[METHOD][1]]
    assert filled[METHOD].cell(2, headers.index("金额 [元]") + 1).value == 15562.5
    assert "应大于零" in filled[METHOD]["D3"].comment.text
