"""Forms, mappings, opinions in bulk, and the commands."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from ecoval.batch import value_book
from ecoval.batch.forms import write_form
from ecoval.batch.proposing import write_mapping
from ecoval.errors import InputError
from ecoval.valuation import methods

from .batch_books import (
    GOOD,
    HEADERS,
    METHOD,
    book_of,
)


def test_a_mapping_is_proposed_and_used(tmp_path: Path) -> None:
    headers = ["案件编号", "损害发生地", "发生日期", "排放量（吨）", "处理单价（元/吨）", "危害系数α", "超标系数τ",
               "功能区系数", "经办人"]  # fmt: skip
    title = [["2024 年度水污染案件台账"], [], headers]
    book_of(tmp_path / "a.xlsx", ("台账", [*title, [*GOOD, "张三"], [*GOOD, "李四"]]))
    said = write_mapping(tmp_path / "a.xlsx", tmp_path / "map.toml", method=METHOD)
    assert any("D 列“排放量（吨）” → 排放数量（同义，单位 吨）" in line for line in said)
    report = value_book(tmp_path / "a.xlsx", tmp_path / "r.xlsx", map_file=tmp_path / "map.toml")
    assert not report.faults
    assert report.summary.total.fens == 2 * 1556250


def test_a_mapping_takes_the_name_of_the_case_and_the_column_of_units(tmp_path: Path) -> None:
    headers = ["序号", "案件名称", "所在地", "案发时间", "排放量", "计量单位", "处理单价（万元/吨）", "危害系数α",
               "超标系数τ", "功能区系数"]  # fmt: skip
    row = [1, "甲", "金华市", "2024.6.1", 500, "吨", 0.00083, 1.5, 1.25, 2]
    total = ["合计", *[None] * 3, 500, *[None] * 5]
    book_of(tmp_path / "a.xlsx", ("台账", [["2024 年台账"], [], headers, row, total]))
    write_mapping(tmp_path / "a.xlsx", tmp_path / "map.toml", method=METHOD)
    text = (tmp_path / "map.toml").read_text(encoding="utf-8")
    assert 'case = { column = "案件名称" }' in text
    assert 'discharge = { column = "排放量", unit_column = "F" }' in text
    report = value_book(tmp_path / "a.xlsx", tmp_path / "r.xlsx", map_file=tmp_path / "map.toml")
    assert [(fault.row, fault.column) for fault in report.faults] == [(5, 0)]
    assert report.summary.total.fens == 1_556_250


def test_a_mapping_that_is_wrong_says_where(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", ("台账", [HEADERS, GOOD]))
    said = tmp_path / "map.toml"
    text = f'[[sheet]]\nname = "台账"\nmethod = "{METHOD}"\n[sheet.columns]\ndischarge = "排放两"\nhazzard = "危害系数"\n'
    said.write_text(text, encoding="utf-8")
    report = value_book(path, tmp_path / "r.xlsx", map_file=said)
    words = " ".join(str(fault) for fault in report.faults)
    assert "columns.discharge：没有这一列，所给为 排放两" in words
    assert "columns.hazzard：没有这个输入项" in words
    said.write_text('[[sheet]]\nname = "没有"\n', encoding="utf-8")
    with pytest.raises(InputError, match="不在工作簿中，所给为 没有"):
        value_book(path, tmp_path / "r2.xlsx", map_file=said)


def test_a_sheet_whose_rows_name_their_methods_needs_no_mapping(tmp_path: Path) -> None:
    rows = [[METHOD, *GOOD], ["grassland-restoration", *GOOD]]
    path = book_of(tmp_path / "a.xlsx", ("混合", [["方法", *HEADERS], *rows]))
    with pytest.raises(InputError, match="没有一张表须要映射"):
        write_mapping(path, tmp_path / "map.toml")


def test_forms_of_every_method_read_back(tmp_path: Path) -> None:
    ids = [id for id, method in methods().items() if not method.formula.has_lines]
    write_form(tmp_path / "form.xlsx", ids)
    report = value_book(tmp_path / "form.xlsx", tmp_path / "r.xlsx")
    assert report.summary.statuses == {"示例": len(ids)}
    assert not report.faults
    with pytest.raises(
        InputError, match="费用明细核算逐项列出“费用项”，没有一行一项的表单.*请写成案件文件"
    ):
        write_form(tmp_path / "no.xlsx", ["cost-ledger"])


def test_an_opinion_for_each_case(tmp_path: Path) -> None:
    headers = [*HEADERS, "赔偿科目", "项目"]
    rows = [
        ["甲案", *GOOD[1:], "生态环境修复费用", "第一处"],
        ["甲案", *GOOD[1:], "生态环境修复费用", "第二处"],
    ]
    rows += [["乙/案", *GOOD[1:], None, None], ["丙案", "330700", None, *GOOD[3:], None, None]]
    path = book_of(tmp_path / "a.xlsx", (METHOD, [headers, *rows]))
    report = value_book(path, tmp_path / "r.xlsx", opinions=tmp_path / "opinions")
    written = {each.parent.name for each in (tmp_path / "opinions").rglob("*.docx")}
    assert written == {"甲案"}
    assert any("未写 乙/案：第 4 行没有写赔偿科目" in line for line in report.said)
    assert any("未写 丙案" in line for line in report.said)


def test_an_opinion_of_rows_that_name_their_method(tmp_path: Path) -> None:
    headers = ["方法", *HEADERS, "赔偿科目", "费用合计 [元]"]
    rows = [[METHOD, "甲案", *GOOD[1:], "生态环境修复费用", None]]
    rows += [[METHOD, None, *GOOD[1:], "生态环境修复费用", None]]
    path = book_of(tmp_path / "a.xlsx", ("表", [headers, *rows]))
    report = value_book(path, tmp_path / "r.xlsx", opinions=tmp_path / "opinions")
    assert {each.parent.name for each in (tmp_path / "opinions").rglob("*.docx")} == {"甲案"}
    assert "  未写：1 行没有案号" in report.said


def test_the_rows_of_a_mapping_may_all_be_of_one_case(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", ("台账", [HEADERS[1:], GOOD[1:], GOOD[1:]]))
    (tmp_path / "map.toml").write_text(
        f'[[sheet]]\nname = "台账"\nmethod = "{METHOD}"\nheader = 1\n[sheet.columns]\n'
        'case = { value = "某厂案" }\nhead = { value = "生态环境修复费用" }\n',
        encoding="utf-8",
    )
    report = value_book(
        path, tmp_path / "r.xlsx", map_file=tmp_path / "map.toml", opinions=tmp_path / "opinions"
    )
    assert report.done == 2
    assert [each.parent.name for each in (tmp_path / "opinions").rglob("*.docx")] == ["某厂案"]


def test_a_form_asks_for_units_that_the_card_leaves_open(tmp_path: Path) -> None:
    write_form(tmp_path / "form.xlsx", ["permanent-loss-perpetuity"])
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    sheet = book["permanent-loss-perpetuity"]
    titles = [cell.value for cell in sheet[2]]
    values = {"案号": "A", "地点": "金华市", "日期": dt.date(2024, 6, 1),
              "受损资源或服务的数量": 20, "受损资源或服务的数量单位": "亩", "损害程度 [%]": 50,
              "年单位价值": 800, "年单位价值单位": "元/(亩·年)", "折现率 [%]": 0.03,
              "首年损失的折现年数": 0}  # fmt: skip
    for name, value in values.items():
        sheet.cell(4, titles.index(name) + 1, value)
    sheet.cell(4, titles.index("折现率 [%]") + 1).number_format = "0%"  # shown as 3 %
    book.save(tmp_path / "filled.xlsx")
    report = value_book(tmp_path / "filled.xlsx", tmp_path / "r.xlsx")
    assert not report.faults, report.faults
    # 20 × 50 % × 800 × 1.03 ÷ 0.03, the first year not discounted
    assert report.summary.total.fens == 27_466_667
    assert any("百分比格式" in note.what for note in report.notes)


def test_the_commands(tmp_path: Path) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ecoval", *words], capture_output=True, text=True, encoding="utf-8",
            cwd=tmp_path, env={**os.environ, "PYTHONIOENCODING": "utf-8"}, check=False,
        )  # fmt: skip

    assert run("form", METHOD, "-o", "form.xlsx").returncode == 0
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    sheet = book[METHOD]
    titles = [cell.value for cell in sheet[2]]
    values = {"案号": "A-1", "地点": "金华市", "日期": dt.date(2024, 6, 1), "排放数量 [t]": 500,
              "单位治理成本 [元/t]": 8.3, "危害系数": 1.5, "超标系数": 1.25, "环境功能系数": 2}  # fmt: skip
    for name, value in values.items():
        sheet.cell(4, titles.index(name) + 1, value)
    book.save(tmp_path / "filled.xlsx")
    done = run("batch", "filled.xlsx", "-o", "r.xlsx")
    assert done.returncode == 0, done.stderr
    assert "正常 1 行，示例 1 行；金额合计 15,562.50 元" in done.stdout
    again = run("batch", "filled.xlsx", "-o", "r.xlsx")
    assert again.returncode == 1
    assert "文件已存在" in again.stderr
