"""Whole runs: layouts as offices have them, live formulas, resuming, comparing, filling, opinions."""

from __future__ import annotations

import csv
import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import ecoval as ev
from ecoval.batch import value_book
from ecoval.batch.forms import write_form
from ecoval.batch.proposing import write_mapping
from ecoval.errors import InputError
from ecoval.valuation import methods

from .test_batch_files import GOOD, HEADERS, METHOD, book_of
from .test_formula_libreoffice import RECALCULATE, SOFFICE


def results_of(path: Path, sheet: str) -> pd.DataFrame:
    """The data of a results sheet below the row that has the header 状态."""
    book = openpyxl.load_workbook(path)
    rows = [[cell.value for cell in row] for row in book[sheet].iter_rows()]
    top = next(at for at, row in enumerate(rows) if "状态" in row)
    return pd.DataFrame(rows[top + 1 :], columns=rows[top])


def many(rows: int, seed: int = 3) -> list[list[object]]:
    dice = random.Random(seed)
    return [
        [
            f"案-{at // 3:04d}",
            dice.choice(["330700", "320600", "重庆市"]),
            dt.date(2021, 1, 1) + dt.timedelta(dice.randint(0, 1500)),
            round(dice.uniform(0.1, 5000), 3),
            round(dice.uniform(0.5, 60), 2),
            round(dice.uniform(1, 2), 2),
            round(dice.uniform(1, 2), 3),
            round(dice.uniform(1.5, 2.5), 1),
        ]
        for at in range(rows)
    ]


def test_merged_headers_hidden_rows_and_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = METHOD
    sheet["A1"] = "某市生态环境损害案件台账"
    sheet.merge_cells("A1:H1")
    for at, text in enumerate(
        ["案号", "地点", "日期", "污染物", None, "系数", None, None], start=1
    ):
        sheet.cell(2, at, text)
    sheet.merge_cells("D2:E2")
    sheet.merge_cells("F2:H2")
    for at, text in enumerate(HEADERS[3:], start=4):
        sheet.cell(3, at, text)
    for at in range(1, 4):
        sheet.merge_cells(start_row=2, end_row=3, start_column=at, end_column=at)
    for row in ([*GOOD], [*GOOD]):
        sheet.append(row)
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["D"].hidden = True
    book.save(tmp_path / "a.xlsx")
    report = value_book(tmp_path / "a.xlsx", tmp_path / "r.xlsx")
    assert not report.faults
    assert report.done == 2


@pytest.mark.parametrize("epoch", [1900, 1904])
def test_both_date_systems(tmp_path: Path, epoch: int) -> None:
    book = openpyxl.Workbook()
    if epoch == 1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    sheet.title = METHOD
    sheet.append(HEADERS)
    sheet.append(GOOD)
    serial = (
        dt.date(2024, 6, 1) - (dt.date(1904, 1, 1) if epoch == 1904 else dt.date(1899, 12, 30))
    ).days
    sheet.append([*GOOD[:2], serial, *GOOD[3:]])
    book.save(tmp_path / "a.xlsx")
    value_book(tmp_path / "a.xlsx", tmp_path / "r.xlsx")
    found = results_of(tmp_path / "r.xlsx", METHOD)
    assert found["校验码"].nunique() == 1
    item = ev.water.virtual_treatment(
        discharge="500 t", unit_cost="8.3 元/t", hazard=1.5, exceedance=1.25, function=2,
        on="2024-06-01", jurisdiction="330700",
    )  # fmt: skip
    assert found["校验码"][0] == item.fingerprint


def test_a_column_that_names_the_unit(tmp_path: Path) -> None:
    headers = [*HEADERS[:3], "排放数量", "单位", *HEADERS[4:]]
    rows = [[*GOOD[:4], text, *GOOD[4:]] for text in ("t", "kg", "桶", None)]
    report = value_book(
        book_of(tmp_path / "a.xlsx", (METHOD, [headers, *rows])), tmp_path / "r.xlsx"
    )
    found = results_of(tmp_path / "r.xlsx", METHOD)
    assert found["金额 [元]"].tolist()[:2] == [15562.5, 15.56]
    assert [(fault.row, fault.column) for fault in report.faults] == [(4, 3), (5, 3)]


def test_mu_and_wan_yuan(tmp_path: Path) -> None:
    method = methods()["forest-soil-land-loss"]
    headers = ["日期"] + [
        {"area": "面积 [亩]"}.get(term.name, f"{term.name} [{term.unit[0]}]")
        for term in method.card.terms
    ]
    mapping = tmp_path / "map.toml"
    lines = [
        f'{term.name} = "{header}"'
        for term, header in zip(method.card.terms, headers[1:], strict=True)
    ]
    mapping.write_text(
        '[[sheet]]\nname = "表"\nmethod = "forest-soil-land-loss"\n[sheet.columns]\non = "日期"\n'
        + "\n".join(lines),
        encoding="utf-8",
    )
    row = [dt.date(2024, 6, 1)] + [
        1.5 if term.name == "area" else 0.5 for term in method.card.terms
    ]
    book_of(tmp_path / "a.xlsx", ("表", [headers, row]))
    report = value_book(tmp_path / "a.xlsx", tmp_path / "r.xlsx", map_file=mapping)
    given = {term.name: f"0.5 {term.unit[0]}" for term in method.card.terms} | {"area": "1.5 亩"}
    item = method(on="2024-06-01", **given)
    assert not report.faults
    assert results_of(tmp_path / "r.xlsx", "表")["校验码"][0] == item.fingerprint


def test_several_methods_in_one_sheet(tmp_path: Path) -> None:
    headers = ["方法", "案号", "日期", *HEADERS[3:], "面积 [m²]", "深度 [m]"]
    rows = [
        [METHOD, "A", dt.date(2024, 6, 1), *GOOD[3:], None, None],
        ["没有的方法", "B", dt.date(2024, 6, 1), *GOOD[3:], None, None],
        ["水污染虚拟治理成本法", "C", dt.date(2024, 6, 1), *GOOD[3:], None, None],
    ]
    report = value_book(book_of(tmp_path / "a.xlsx", ("表", [headers, *rows])), tmp_path / "r.xlsx")
    found = results_of(tmp_path / "r.xlsx", "表")
    assert found["状态"].tolist() == ["正常", "有误", "正常"]
    assert "没有这个方法" in str(report.faults[0])


def test_a_text_never_becomes_a_formula(tmp_path: Path) -> None:
    texts = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1"]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = METHOD
    sheet.append([*HEADERS, "备注"])
    for at, text in enumerate(texts, start=2):
        sheet.append(GOOD)
        sheet.cell(at, 9).value = text
        sheet.cell(at, 9).data_type = "s"
    book.save(tmp_path / "a.xlsx")
    value_book(tmp_path / "a.xlsx", tmp_path / "r.xlsx")
    value_book(tmp_path / "a.xlsx", tmp_path / "f.xlsx", fill=True)
    for name in ("r.xlsx", "f.xlsx"):
        own = openpyxl.load_workbook(tmp_path / name)[METHOD]
        cells = [own.cell(row, 9) for row in range(2, 7)]
        assert [cell.value for cell in cells] == texts
        assert {cell.data_type for cell in cells} == {"s"}
    result = openpyxl.load_workbook(tmp_path / "r.xlsx")[METHOD]
    assert all(result.cell(row, 9).quotePrefix for row in range(2, 7))


def test_csv_and_parquet_give_the_same(tmp_path: Path) -> None:
    rows = many(50)
    book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, *rows]))
    for encoding in ("utf-8-sig", "gb18030"):
        with (tmp_path / f"{METHOD}.csv").open("w", encoding=encoding, newline="") as target:
            csv.writer(target).writerows([HEADERS, *rows])
        value_book(tmp_path / f"{METHOD}.csv", tmp_path / "c.xlsx", force=True)
    frame = pd.DataFrame(rows, columns=HEADERS)
    frame.to_parquet(tmp_path / "p.parquet")
    value_book(tmp_path / "a.xlsx", tmp_path / "r.xlsx")
    value_book(tmp_path / "p.parquet", tmp_path / "p2.parquet", method=METHOD)
    marks = results_of(tmp_path / "r.xlsx", METHOD)["校验码"].tolist()
    assert results_of(tmp_path / "c.xlsx", METHOD)["校验码"].tolist() == marks
    found = pd.read_parquet(tmp_path / "p2.parquet")
    assert found["校验码"].tolist() == marks
    assert found[HEADERS[3]].tolist() == [row[3] for row in rows]


def test_a_frame(tmp_path: Path) -> None:
    frame = pd.DataFrame(many(20), columns=HEADERS)
    result = ev.batch(frame, method=METHOD)
    assert result.attrs["units"]["金额 [元]"] == "元"
    assert not result.attrs["faults"]
    row = frame.iloc[4]
    item = ev.water.virtual_treatment(
        discharge=f"{row.iloc[3]} t", unit_cost=f"{row.iloc[4]} 元/t", hazard=row.iloc[5],
        exceedance=row.iloc[6], function=row.iloc[7], on=row.iloc[2], jurisdiction=row.iloc[1],
    )  # fmt: skip
    assert result["校验码"][4] == item.fingerprint
    assert result["金额 [元]"][4] == float(item.amount)
    with pytest.raises(InputError, match="缺少“危害系数”"):
        ev.batch(frame.drop(columns="危害系数"), method=METHOD)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_recalculates_a_live_result_to_the_same_fen(tmp_path: Path) -> None:
    rows = many(400)
    for at in range(60):  # ties of a fen
        rows[at][3:] = [round(0.001 * (2 * at + 1), 3), 5.0, 1, 1, 2]
    headers = [*HEADERS[:4], "单位治理成本 [万元/t]", *HEADERS[5:]]
    wan = [[*row[:4], row[4] / 10_000, *row[5:]] for row in rows]
    interim = methods()["interim-loss"].card
    years = ["日期"] + [f"{term.title}（{term.name}）" for term in interim.terms]
    choices = {"first_year": 2018, "last_year": 2023, "base_year": 2024}
    mapped = [
        "[[sheet]]",
        'name = "i"',
        'method = "interim-loss"',
        "[sheet.columns]",
        'on = "日期"',
    ]
    given, dice = [], random.Random(4)
    for term, header in zip(interim.terms, years[1:], strict=True):
        unit = {"%": "%", "元/[unit]/年": "元/年"}.get(term.unit[0], "")
        mapped.append(f'{term.name} = {{ column = "{header}", unit = "{unit}" }}')
    for _ in range(60):
        row = [dt.date(2024, 6, 1)]
        for term in interim.terms:
            if term.calendar:
                row.append(
                    choices.get(term.name, 2020)
                    + (dice.randint(0, 5) if "last" in term.name else 0)
                )
            else:
                row.append(
                    round(dice.uniform(2, 5), 1)
                    if "%" in term.unit
                    else round(dice.uniform(1, 90), 2)
                )
        given.append(row)
    book_of(tmp_path / "a.xlsx", (METHOD, [headers, *wan]), ("i", [years, *given]))
    (tmp_path / "map.toml").write_text("\n".join(mapped), encoding="utf-8")
    report = value_book(
        tmp_path / "a.xlsx", tmp_path / "r.xlsx", live=True, map_file=tmp_path / "map.toml"
    )
    assert report.done == 460, report.faults[:3]
    (tmp_path / "profile" / "user").mkdir(parents=True)
    settings = tmp_path / "profile" / "user" / "registrymodifications.xcu"
    settings.write_text(RECALCULATE, encoding="utf-8")
    # Spoil what is stored, so that only a recalculation can bring it back.
    with (
        zipfile.ZipFile(tmp_path / "r.xlsx") as book,
        zipfile.ZipFile(tmp_path / "s.xlsx", "w") as spoilt,
    ):
        for name in book.namelist():
            data = book.read(name)
            if "worksheets/sheet" in name:
                import re

                data = re.sub(rb"</f><v>[^<]*</v>", b"</f><v>1</v>", data)
            spoilt.writestr(name, data)
    (tmp_path / "out").mkdir()
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), str(tmp_path / "s.xlsx")],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    for sheet in (METHOD, "i"):
        ours = results_of(tmp_path / "r.xlsx", sheet)
        first = next(at for at, name in enumerate(ours.columns) if name == "状态")
        book = openpyxl.load_workbook(tmp_path / "out" / "s.xlsx", data_only=True)
        theirs = [[cell.value for cell in row] for row in book[sheet].iter_rows()][1:]
        amount = list(ours.columns).index("金额 [元]")
        formulas = openpyxl.load_workbook(tmp_path / "r.xlsx")[sheet]
        assert str(formulas.cell(2, amount + 1).value).startswith("=ROUND(")
        stored = stored_amounts(tmp_path / "r.xlsx", sheet)
        assert first < amount
        for row, (own, other) in enumerate(zip(stored, theirs, strict=True)):
            if ours["状态"][row] == "正常":
                assert round(other[amount] * 100) == round(own * 100), (sheet, row)


def stored_amounts(path: Path, sheet: str) -> list[float]:
    book = openpyxl.load_workbook(path, data_only=True)
    rows = [[cell.value for cell in row] for row in book[sheet].iter_rows()]
    return [row[rows[0].index("金额 [元]")] or 0.0 for row in rows[1:]]


SCRIPT = """
import sys, time
from ecoval.batch import cutting, journal, value_book
journal.PATIENCE = 0
cutting._READ = 4000
cutting.Cutter.pieces.__kwdefaults__["size"] = 4000
real = journal.Journal.add
def slow(self, *args):
    real(self, *args)
    time.sleep(float(sys.argv[3]))
journal.Journal.add = slow
print(value_book(sys.argv[1], sys.argv[2]).resumed)
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is of POSIX")
def test_a_killed_run_is_taken_up_with_the_same_bytes(tmp_path: Path) -> None:
    rows = many(600)
    rows[17][3] = -1
    rows[300][2] = "2023.5"
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, *rows]), ("说明", [["只是说明"]]))
    whole, cut = tmp_path / "whole.xlsx", tmp_path / "cut.xlsx"
    command = [sys.executable, "-c", SCRIPT, str(path)]
    subprocess.run([*command, str(whole), "0"], check=True, capture_output=True)
    journal, dice, killed = tmp_path / "cut.xlsx.journal", random.Random(9), 0
    for _ in range(4):
        size = journal.stat().st_size if journal.exists() else 0
        run = subprocess.Popen([*command, str(cut), "0.15"], stdout=subprocess.DEVNULL)
        while run.poll() is None and not (journal.exists() and journal.stat().st_size > size + 100):
            time.sleep(0.01)
        time.sleep(dice.uniform(0, 0.4))
        if run.poll() is None:
            run.send_signal(signal.SIGKILL)
            killed += 1
        run.wait()
        assert not cut.exists()
    assert killed == 4
    # What a kill can leave of a record in the middle of its writing.
    with journal.open("ab") as target:
        target.write(b"\x00" * 37)
    done = subprocess.run([*command, str(cut), "0"], check=True, capture_output=True, text=True)
    assert int(done.stdout) >= 4
    assert cut.read_bytes() == whole.read_bytes()
    assert not journal.exists()


@pytest.mark.skipif(os.name == "nt", reason="sends the interrupt as POSIX does")
def test_ctrl_c_ends_cleanly(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, *many(600)]))
    command = [sys.executable, "-c", SCRIPT, str(path), str(tmp_path / "r.xlsx"), "0.2"]
    journal = tmp_path / "r.xlsx.journal"
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    while run.poll() is None and not (journal.exists() and journal.stat().st_size > 2000):
        time.sleep(0.01)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert b"KeyboardInterrupt" in said
    assert {each.name for each in tmp_path.iterdir()} == {"a.xlsx", "r.xlsx.journal"}
    assert value_book(path, tmp_path / "r.xlsx").done == 600


def test_a_journal_of_other_input_is_not_taken_up(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, GOOD]))
    journal = tmp_path / "r.xlsx.journal"
    journal.write_bytes(b"ecoval-journal-2\nsomething else\n" + bytes(100))
    assert value_book(path, tmp_path / "r.xlsx").resumed == 0


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


def test_a_parameter_that_changed_is_named_with_its_source() -> None:
    from ecoval.batch.comparing import _compare_rules

    kinds: dict[str, list[str]] = {}
    old = "标准甲〔已核对原文〕；r=3 %（某通知）〔待核实〕；k=2（表1）〔已核对原文〕"
    new = "标准甲〔已核对原文〕；r=4 %（新通知）〔待核实〕；k=2（表1）〔已核对原文〕"
    _compare_rules(kinds, old, new)
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
