"""Whole runs: layouts as offices have them, frames, live formulas."""

from __future__ import annotations

import csv
import datetime as dt
import random
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import ecoval as ev
from ecoval.batch import value_book
from ecoval.errors import InputError
from ecoval.valuation import methods

from .batch_books import (
    GOOD,
    HEADERS,
    METHOD,
    book_of,
    many,
    results_of,
    stored_amounts,
)
from .test_formula_libreoffice import RECALCULATE, SOFFICE


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


def test_a_frame_of_mixed_cells_is_tidied_like_a_sheet() -> None:
    frame = pd.DataFrame({"area [公顷]": [10, 20, "1,000", "约五"], "unit_cost [元/公顷]": 3000.0})
    frame["Unnamed: 0"] = [1, "甲", None, 2.5]
    result = ev.batch(frame, method="grassland-restoration", on="2024-06-01")
    assert result["金额 [元]"].tolist()[:3] == [30_000.0, 60_000.0, 3_000_000.0]
    assert [fault.row for fault in result.attrs["faults"]] == [5]
    twice = pd.DataFrame([[1, 2]], columns=["area [公顷]", "area [公顷]"])
    with pytest.raises(InputError, match="数据框中有同名的列"):
        ev.batch(twice, method="grassland-restoration", on="2024-06-01")


def test_a_frame_says_each_unit_once_and_its_days_as_they_were() -> None:
    frame = pd.DataFrame({"E [t]": [500.0], "C [元/t]": 8.3, "危害系数": 1.5, "超标系数": 1.25})
    frame["环境功能系数"] = 2.0
    frame["日期"] = pd.to_datetime(["2024-06-01"]).tz_localize("Asia/Shanghai")
    named = {"discharge": "E", "unit_cost": "C"}
    result = ev.batch(frame, method=METHOD, columns=named)
    assert result["金额 [元]"].tolist() == [15562.5]
    again = ev.batch(result, method=METHOD, columns=named)
    assert again["金额 [元]（结果）"].tolist() == [15562.5]
    frame["日期"] = pd.PeriodIndex(["2024-06-01"], freq="D")
    assert ev.batch(frame, method=METHOD, columns=named)["金额 [元]"].tolist() == [15562.5]
    with pytest.raises(InputError, match="列名中的单位（t）与 units 所写的不同"):
        ev.batch(frame, method=METHOD, columns=named, units={"E [t]": "kg"})
    with pytest.raises(InputError, match="columns 所列的列不在数据框中"):
        ev.batch(frame, method=METHOD, columns={"discharge": "排放"})


def test_a_live_cell_follows_its_own_cell_whatever_stands_in_others(tmp_path: Path) -> None:
    rows = [[10.0, 3000.0], [20.0, 3000.0], ["1,000", 3000.0], [None, 3000.0]]
    headers = ["日期", "受损草地面积 [公顷]", "单位面积修复费用 [元/公顷]"]
    card = methods()["grassland-restoration"].card
    headers[1:] = [
        f"{card.titles[name]} [{of}]" for name, of in (("area", "公顷"), ("unit_cost", "元/公顷"))
    ]
    day = dt.date(2024, 6, 1)
    path = book_of(
        tmp_path / "a.xlsx", ("grassland-restoration", [headers, *[[day, *row] for row in rows]])
    )
    value_book(path, tmp_path / "r.xlsx", live=True)
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["grassland-restoration"]
    at = next(cell.column for cell in sheet[1] if str(cell.value).startswith("取用 A"))
    taken = [sheet.cell(row, at) for row in range(2, 6)]
    assert [cell.value for cell in taken] == ["=$B2", "=$B3", 1000, None]
    assert taken[2].fill.fgColor.rgb == "FFEDEDED"
    assert taken[0].fill.fill_type is None


def test_results_are_compressed(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, *many(50)]))
    value_book(path, tmp_path / "r.xlsx")
    with zipfile.ZipFile(tmp_path / "r.xlsx") as book:
        assert {part.compress_type for part in book.infolist()} == {zipfile.ZIP_DEFLATED}


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
