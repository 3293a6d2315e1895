"""Cells as files really hold them: error values, odd numbers, percents, slipped lines of CSV."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ecoval.batch import oddrows, value_book
from ecoval.errors import InputError
from ecoval.valuation import methods

from .batch_books import (
    GOOD,
    HEADERS,
    METHOD,
    book_of,
    faults_of,
    refused,
    rezipped,
)

SHEET = "xl/worksheets/sheet1.xml"


def changed(path: Path, pattern: bytes, to: bytes) -> Path:
    """Put *to* in the place of *pattern* in the first sheet of *path*."""
    with zipfile.ZipFile(path) as book:
        sheet = book.read(SHEET)
    made = re.sub(pattern, to, sheet, flags=re.DOTALL)
    assert made != sheet
    rezipped(path, {SHEET: made})
    return path


@pytest.mark.parametrize("said", ["#SPILL!", "#CALC!", "#BUSY!", "#DIV/0!"])
def test_errors_of_newer_versions_of_excel(tmp_path: Path, said: str) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, GOOD, GOOD]))
    cell = f'<c r="D2" t="e"><f>1/0</f><v>{said}</v></c>'.encode()
    changed(path, rb'<c r="D2"[^>]*>.*?</c>', cell)
    (fault,) = faults_of(path)
    assert (
        f"第 2 行 D 列“排放数量 [t]”：单元格是错误值（{'公式' if said != '#DIV/0!' else ''}"
        in fault
    )
    assert said in fault


def test_an_error_in_single_quotes_is_no_blank(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, GOOD]))
    changed(path, rb'<c r="H2"[^>]*>.*?</c>', b"<c r='H2' t='e'><v>#REF!</v></c>")
    (fault,) = faults_of(path)
    assert "H 列“环境功能系数”：单元格是错误值" in fault


@pytest.mark.parametrize("number", ["NaN", "INF", "1e400", "-1E+308", "abc"])
def test_a_number_that_is_none_in_the_file(tmp_path: Path, number: str) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, GOOD, GOOD]))
    changed(path, rb'<c r="D2"[^>]*>.*?</c>', f'<c r="D2"><v>{number}</v></c>'.encode())
    report = value_book(path, tmp_path / "r.xlsx")
    assert [(fault.row, fault.column) for fault in report.faults] == [(2, 3)]
    assert report.done == 1


def test_rows_out_of_order_are_not_lost(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, GOOD, GOOD]))
    changed(path, rb'(<row r="2".*?</row>)(<row r="3".*?</row>)', rb"\2\1")
    refused(path, "行号次序错乱或重复，所给为 第 2 行")


def test_cells_in_the_format_of_per_cent(tmp_path: Path) -> None:
    """Thirty per cent, as the sheet shows it, whichever way it is stored."""
    headers = ["案号", "日期"]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "restoration-service-loss-share"

    terms = methods()[sheet.title].card.terms
    sheet.append([*headers, *(f"{term.title} [{term.unit[0]}]" for term in terms)])
    for share, look in ((30, "General"), (0.3, "0%"), (0.3, "0.00%"), (0.3, '0.0" %"')):
        cells = [share if term.unit[0] == "%" else 1000 for term in terms]
        sheet.append(["A", dt.date(2024, 6, 1), *cells])
        sheet.cell(
            sheet.max_row, 3 + [term.unit[0] for term in terms].index("%")
        ).number_format = look
    book.save(tmp_path / "a.xlsx")
    report = value_book(tmp_path / "a.xlsx", tmp_path / "r.xlsx")
    result = openpyxl.load_workbook(tmp_path / "r.xlsx")[sheet.title]
    at = [cell.value for cell in result[1]].index("金额 [元]") + 1
    assert [result.cell(row, at).value for row in range(2, 6)] == [300, 300, 300, 3]
    (note,) = [note for note in report.notes if "百分比格式的单元格按" in note.what]
    assert note.got == "自此共 2 处"


def test_two_units_that_differ(tmp_path: Path) -> None:
    headers = [*HEADERS[:4], "单位", *HEADERS[4:]]
    rows = [[*GOOD[:4], text, *GOOD[4:]] for text in ("kg", "t", "吨", None)]
    report = value_book(
        book_of(tmp_path / "a.xlsx", (METHOD, [headers, *rows])), tmp_path / "r.xlsx"
    )
    (fault,) = report.faults
    assert "单位列与列名中的单位（t）不同，所给为 kg" in str(fault)
    assert report.done == 3


def csv_of(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


CSV = "A-1,330700,2024-06-01,500,8.3,1.5,1.25,2"


def test_csv_files_that_slipped(tmp_path: Path) -> None:
    path = tmp_path / f"{METHOD}.csv"
    csv_of(path, ",".join(HEADERS), CSV, CSV.replace("500", "1,500"), "A-2,330700")
    report = value_book(path, tmp_path / "r.xlsx")
    assert report.done == 1
    assert "第 3 行 I 列：这一行的格数多于列名" in str(report.faults[0])
    assert {fault.row for fault in report.faults} == {3, 4}
    for lines in (CSV.replace("A-1", '"A-1'), CSV.replace("500", "5\x0000")):
        csv_of(path, ",".join(HEADERS), lines)
        assert value_book(path, tmp_path / "r.xlsx", force=True).done == 0


def test_a_quote_that_was_never_closed_swallows_nothing_in_silence(tmp_path: Path) -> None:
    lines = [CSV.replace("A-1", f"A-{at}") for at in range(100)]
    lines[4] = '"' + lines[4]
    path = csv_of(tmp_path / "a.csv", ",".join(HEADERS), *lines)
    with pytest.raises(InputError, match="CSV 第 6 行有引号没有闭合.*共 96 行读成了一行"):
        value_book(path, tmp_path / "r.xlsx", method=METHOD)


@pytest.mark.parametrize("closed", [False, True])
def test_a_quote_that_swallows_few_rows_is_found_too(tmp_path: Path, closed: bool) -> None:
    lines = [f"{CSV},{'' if at else chr(34) + '没有收尾'}" for at in range(4)]
    if closed:
        lines[2] = f'{CSV},"又一处"'
    path = csv_of(tmp_path / "a.csv", ",".join([*HEADERS, "备注"]), f"{CSV},", *lines)
    with pytest.raises(InputError, match="CSV 第 3 行有引号没有闭合"):
        value_book(path, tmp_path / "r.xlsx", method=METHOD)


def test_a_cell_of_several_lines_is_none_of_that(tmp_path: Path) -> None:
    path = csv_of(
        tmp_path / "a.csv", ",".join([*HEADERS, "备注"]), f'{CSV},"一，\n二,三\n四"', f"{CSV},"
    )
    assert value_book(path, tmp_path / "r.xlsx", method=METHOD).done == 2


def test_a_percentage_keeps_its_look_in_the_results(tmp_path: Path) -> None:
    headers = [
        "日期",
        "受损资源或服务的数量 [亩]",
        "损害程度 [%]",
        "年单位价值 [元/(亩·年)]",
        "折现率 [%]",
        "首年损失的折现年数",
    ]
    path = book_of(
        tmp_path / "a.xlsx",
        ("permanent-loss-perpetuity", [headers, [dt.date(2024, 6, 1), 20, 0.5, 800, 3, 0]]),
    )
    book = openpyxl.load_workbook(path)
    book.active["C2"].number_format = "0%"
    book.save(path)
    first = value_book(path, tmp_path / "r.xlsx")
    shown = openpyxl.load_workbook(tmp_path / "r.xlsx")["permanent-loss-perpetuity"]["C2"]
    assert (shown.value, shown.number_format) == (0.5, "0.####%")
    value_book(path, tmp_path / "r.parquet")
    assert pq.read_table(tmp_path / "r.parquet")["损害程度 [%]"].to_pylist() == [50.0]
    for name in ("r.xlsx", "r.parquet"):
        more = {} if name == "r.xlsx" else {"method": "permanent-loss-perpetuity"}
        again = value_book(tmp_path / name, tmp_path / f"again-{name}", **more)
        assert again.summary.total == first.summary.total
        assert not again.faults, again.faults


def test_a_unit_in_the_cell_must_not_contradict_the_unit_column(tmp_path: Path) -> None:
    headers = [*HEADERS[:3], "排放数量", "排放数量单位", *HEADERS[4:]]
    rows = [[*GOOD[:3], cell, "t", *GOOD[4:]] for cell in ("500", "500 kg", "0.05万", "500吨")]
    assert [
        fault.split("，所给为")[0]
        for fault in faults_of(book_of(tmp_path / "a.xlsx", (METHOD, [headers, *rows])))
    ] == [f"工作表“{METHOD}”第 3 行 D 列“排放数量”：单元格中的单位与单位列（t）不同"]


def test_a_day_written_as_one_number_is_noted_as_such(tmp_path: Path) -> None:
    row = [*GOOD[:2], 20240601, *GOOD[3:]]
    report = value_book(book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, row])), tmp_path / "r.xlsx")
    assert [note.what for note in report.notes] == ["数字按年月日读取"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_csv_in_the_encodings_of_excel(tmp_path: Path, encoding: str) -> None:
    path = csv_of(tmp_path / f"{METHOD}.csv", ",".join(HEADERS), CSV, encoding=encoding)
    assert value_book(path, tmp_path / "r.xlsx").summary.total.fens == 1_556_250


def test_csv_that_no_encoding_fits(tmp_path: Path) -> None:
    path = tmp_path / f"{METHOD}.csv"
    path.write_bytes(",".join(HEADERS).encode() + b"\n\xed\xa0\x80,330700\n")
    refused(path, "既不是 UTF-8 也不是 GB 18030")


def test_a_text_longer_than_a_cell_may_be(tmp_path: Path) -> None:
    path = csv_of(
        tmp_path / f"{METHOD}.csv", ",".join([*HEADERS, "备注"]), f"{CSV},{'长' * 40_000}"
    )
    assert value_book(path, tmp_path / "r.xlsx").done == 1
    held = openpyxl.load_workbook(tmp_path / "r.xlsx")[METHOD]["I2"].value
    assert len(held) == 32_767
    assert held.endswith("〔原文过长，已截断〕")


def test_parquet_with_what_is_no_number(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    numbers = pa.array([500.0, float("nan"), float("inf"), None, -5.0])
    columns = [numbers if at == 3 else pa.array([GOOD[at]] * 5) for at in range(8)]
    parquet.write_table(pa.table(dict(zip(HEADERS, columns, strict=True))), tmp_path / "a.parquet")
    report = value_book(tmp_path / "a.parquet", tmp_path / "r.parquet", method=METHOD)
    assert [(fault.row, fault.what) for fault in report.faults] == [
        (3, "缺少（t 或 m³）"), (4, "不是有限的数"), (5, "缺少（t 或 m³）"), (6, "应大于零"),
    ]  # fmt: skip
    columns[3] = pa.array([[1]] * 5)
    parquet.write_table(pa.table(dict(zip(HEADERS, columns, strict=True))), tmp_path / "a.parquet")
    assert len(value_book(tmp_path / "a.parquet", tmp_path / "r.xlsx", method=METHOD).faults) == 5


def test_what_is_wrong_with_a_row_does_not_hang_on_its_block(tmp_path: Path) -> None:
    rows = [[500.0, 8.3, 1.5, 1.25, 2.0], [-1.0, 8.3, 9.0, 1.25, 77.0]]
    columns = [list(column) for column in zip(*rows, strict=True)]
    pq.write_table(pa.table(columns, names=HEADERS[3:]), tmp_path / "a.parquet")
    report = value_book(
        tmp_path / "a.parquet", tmp_path / "r.parquet", method=METHOD, on="2024-06-01"
    )
    assert [fault.column for fault in report.faults] == [0, 2, 4]


def test_remarks_are_told_by_looking_once_at_each_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []
    real = oddrows._filled
    monkeypatch.setattr(oddrows, "_filled", lambda cells: (looked.append(cells), real(cells))[1])
    remarks = [[None] * len(HEADERS) + [f"见附件 {at}"] for at in range(40)]
    path = book_of(tmp_path / "a.xlsx", (METHOD, [[*HEADERS, "备注"], GOOD, *remarks]))
    report = value_book(path, tmp_path / "r.xlsx")
    assert len([fault for fault in report.faults if "只有说明文字" in fault.what]) == 40
    assert len(looked) <= len(HEADERS) + 1


@pytest.mark.parametrize(
    "said",
    [
        "合计",
        "合　计",
        "本页小计：",
        "总和",
        "平均",
        "均值",
        "累计（元）",
        "Total",
        "SUBTOTAL",
        "grand total:",
        "sum",
    ],
)
def test_every_word_of_a_total_has_a_mark(said: str) -> None:
    assert oddrows._TOTAL_HERE.match(said)
    assert oddrows._may_be_total(f"A-1{said}2024".encode())
    assert not oddrows._may_be_total(b"A-12024-06-01330700")
