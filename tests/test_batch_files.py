"""Files that will not do, made for real: each is refused in words that say what would do."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from ecoval.batch import value_book
from ecoval.errors import EcovalError, InputError, OutputError

HEADERS = [
    "案号",
    "地点",
    "日期",
    "排放数量 [t]",
    "单位治理成本 [元/t]",
    "危害系数",
    "超标系数",
    "环境功能系数",
]
GOOD = ["A-1", "330700", dt.date(2024, 6, 1), 500, 8.3, 1.5, 1.25, 2]
METHOD = "water-virtual-treatment"


def book_of(path: Path, *sheets: tuple[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def faults_of(path: Path, **more: object) -> list[str]:
    target = path.with_name("results.xlsx")
    return [str(fault) for fault in value_book(path, target, force=True, **more).faults]


def refused(path: Path, words: str, **more: object) -> None:
    with pytest.raises(EcovalError, match=words):
        value_book(path, path.with_name("results.xlsx"), **more)
    left = {each.name for each in path.parent.iterdir()} - {path.name}
    assert not [name for name in left if name.endswith((".partial", "results.xlsx"))]


def rezipped(path: Path, changes: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in (parts | changes).items():
            book.writestr(name, data)


def test_an_empty_book(tmp_path: Path) -> None:
    refused(book_of(tmp_path / "a.xlsx", ("Sheet1", [])), "工作簿是空的")


def test_only_headers(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS]))
    report = value_book(path, tmp_path / "r.xlsx")
    assert report.rows == 0
    assert [note.what for note in report.notes] == ["只有列名，没有数据行"]


def test_an_unknown_method(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", ("表", [["方法", "water-virtual-treatmnt"], HEADERS, GOOD]))
    (said,) = faults_of(path)
    assert "没有这个方法，所给为 water-virtual-treatmnt。是否指 water-virtual-treatment" in said


def test_a_sheet_that_names_no_method(tmp_path: Path) -> None:
    (said,) = faults_of(book_of(tmp_path / "a.xlsx", ("台账", [HEADERS, GOOD])))
    assert "看不出用哪个方法" in said


def test_a_missing_column(tmp_path: Path) -> None:
    headers = [*HEADERS[:5], "危害系教", *HEADERS[6:]]
    (said,) = faults_of(book_of(tmp_path / "a.xlsx", (METHOD, [headers, GOOD])))
    assert "缺少“危害系数”（hazard）列。是否指 危害系教？" in said


def test_a_column_that_stands_twice(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [[*HEADERS, "危害系数"], [*GOOD, 2]]))
    (said,) = faults_of(path)
    assert "“危害系数”有 2 列（F、I）" in said


def test_a_unit_of_another_dimension(tmp_path: Path) -> None:
    headers = [*HEADERS[:3], "排放数量 [元]", *HEADERS[4:]]
    (said,) = faults_of(book_of(tmp_path / "a.xlsx", (METHOD, [headers, GOOD])))
    assert "第 1 行 D 列“排放数量 [元]”：单位须为 t 或 m³，所给为 元" in said


def test_a_unit_that_nobody_knows(tmp_path: Path) -> None:
    headers = [*HEADERS[:3], "排放数量 [麻袋]", *HEADERS[4:]]
    (said,) = faults_of(book_of(tmp_path / "a.xlsx", (METHOD, [headers, GOOD])))
    assert "不认识的单位，所给为 麻袋" in said


def test_numbers_without_a_unit(tmp_path: Path) -> None:
    headers = [*HEADERS[:3], "排放数量", *HEADERS[4:]]
    (said,) = faults_of(book_of(tmp_path / "a.xlsx", (METHOD, [headers, GOOD, GOOD])))
    assert "列名中没有单位（须为 t 或 m³）" in said


def test_a_broken_zip(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, GOOD]))
    path.write_bytes(path.read_bytes()[:-200])
    refused(path, "压缩包损坏")


def test_a_part_with_flipped_bytes(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, *[GOOD] * 200]))
    with zipfile.ZipFile(path) as book:
        at = book.getinfo("xl/worksheets/sheet1.xml").header_offset + 200
    data = bytearray(path.read_bytes())
    data[at : at + 40] = b"\xff" * 40
    path.write_bytes(bytes(data))
    refused(path, "损坏|读不出")


def test_a_sheet_that_breaks_off(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, *[GOOD] * 200]))
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    rezipped(path, {"xl/worksheets/sheet1.xml": sheet[:5000]})
    refused(path, "在中间断了")


def test_text_named_xlsx(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("案号,地点\n", encoding="utf-8")
    refused(tmp_path / "a.xlsx", "不是完整的 Excel 工作簿")


def test_another_zip_named_xlsx(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as made:
        made.writestr("readme.txt", "no workbook")
    refused(tmp_path / "a.xlsx", "不是 Excel 工作簿")


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").touch()
    refused(tmp_path / "a.xlsx", "0 字节")


def test_a_book_with_a_password(tmp_path: Path) -> None:
    crypto = pytest.importorskip("msoffcrypto.format.ooxml", reason="needs msoffcrypto-tool")
    path = book_of(tmp_path / "plain.xlsx", (METHOD, [HEADERS, GOOD]))
    locked = tmp_path / "a.xlsx"
    with path.open("rb") as plain, locked.open("wb") as target:
        crypto.OOXMLFile(plain).encrypt("secret", target)
    path.unlink()
    refused(locked, "工作簿有打开密码")


def test_an_old_excel_file(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(2000))
    refused(tmp_path / "a.xls", "旧版 Excel 格式.*另存为 .xlsx")


def test_a_zip_bomb_is_refused_by_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        with made.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(200):
                part.write(bytes(1 << 20))
        made.writestr("xl/workbook.xml", "<workbook/>")
    opened: list[object] = []
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *args, **more: opened.append(args))
    refused(path, "疑为压缩炸弹，未解压")
    assert not opened


def test_a_part_larger_than_it_says(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, *[GOOD] * 500]))
    data = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        real = book.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(data.replace(real.to_bytes(4, "little"), (3000).to_bytes(4, "little")))
    refused(path, "损坏|在中间断了")


def test_links_to_other_books_are_read_by_their_stored_value(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, GOOD]))
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    linked = sheet.replace(
        b'<c r="D2" t="n"><v>500</v></c>', b'<c r="D2"><f>[1]Sheet1!$A$1</f><v>700</v></c>'
    )
    assert linked != sheet
    rezipped(path, {"xl/worksheets/sheet1.xml": linked})
    report = value_book(path, tmp_path / "r.xlsx")
    assert report.summary.total.fens == round(700 * 8.3 * 3.75 * 100)


def test_a_formula_that_was_written_but_never_calculated(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet(METHOD)
        sheet.write_row(0, 0, HEADERS)
        sheet.write_row(1, 0, [*GOOD[:2], "2024-06-01", 0, *GOOD[4:]])
        sheet.write_formula(1, 3, "=250+250")  # xlsxwriter stores 0 and asks Excel to calculate
    (said,) = faults_of(tmp_path / "a.xlsx")
    assert "D 列“排放数量 [t]”：公式从未计算过" in said


def test_a_million_blank_rows(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, GOOD]))
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    blank = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(3, 1_048_576))
    last = b'<row r="1048576"><c r="D1048576"><v>-1</v></c></row></sheetData>'
    rezipped(path, {"xl/worksheets/sheet1.xml": sheet.replace(b"</sheetData>", blank + last)})
    report = value_book(path, tmp_path / "r.xlsx")
    assert report.rows == 2
    assert report.done == 1
    assert {fault.row for fault in report.faults} == {1_048_576}


def test_the_last_row_of_a_sheet_alone(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = METHOD
    sheet.append(HEADERS)
    for at, cell in enumerate(GOOD, start=1):
        sheet.cell(1_048_576, at, cell)
    book.save(tmp_path / "a.xlsx")
    report = value_book(tmp_path / "a.xlsx", tmp_path / "r.xlsx")
    assert report.done == 1
    result = openpyxl.load_workbook(tmp_path / "r.xlsx")[METHOD]
    assert result.max_row == 1_048_576


def test_chinese_names_of_file_and_folder(tmp_path: Path) -> None:
    folder = tmp_path / "二〇二四年 案件（复核）"
    folder.mkdir()
    path = book_of(folder / "台账·一.xlsx", (METHOD, [HEADERS, GOOD]))
    assert value_book(path, folder / "结果 1.xlsx").done == 1


def test_a_book_open_in_excel(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, GOOD]))
    (tmp_path / "~$a.xlsx").touch()
    report = value_book(path, tmp_path / "r.xlsx")
    assert "正在 Excel 或 WPS 中打开" in report.notes[0].what
    (tmp_path / "~$r2.xlsx").touch()
    with pytest.raises(OutputError, match="正在 Excel 或 WPS 中打开。请先关闭"):
        value_book(path, tmp_path / "r2.xlsx")


def test_a_locked_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, GOOD]))

    def locked(self: Path, *args: object, **more: object) -> None:
        raise PermissionError(13, "locked", str(self))

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(InputError, match="没有权限.*请先关闭"):
        value_book(path, tmp_path / "r.xlsx")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /dev/full, which Linux has")
def test_no_space_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, GOOD]))
    real = zipfile.ZipFile.__init__

    def full(self, file, mode="r", *args, **more):  # type: ignore[no-untyped-def]
        real(self, "/dev/full" if str(file).endswith(".partial") else file, mode, *args, **more)

    monkeypatch.setattr(zipfile.ZipFile, "__init__", full)
    with pytest.raises(OutputError, match="磁盘已满"):
        value_book(path, tmp_path / "r.xlsx")
    assert not (tmp_path / "r.xlsx").exists()


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="路径不存在"):
        value_book(tmp_path / "no.xlsx", tmp_path / "r.xlsx")
    (tmp_path / "a.xlsx").mkdir()
    with pytest.raises(InputError, match="打不开文件"):
        value_book(tmp_path / "a.xlsx", tmp_path / "r.xlsx")


def test_results_never_overwrite(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, GOOD]))
    with pytest.raises(OutputError, match="文件已存在"):
        value_book(path, path)
    with pytest.raises(OutputError, match="不能写到输入的文件上"):
        value_book(path, path, force=True)
    with pytest.raises(OutputError, match="文件夹不存在"):
        value_book(path, tmp_path / "no" / "r.xlsx")


def test_macros_are_never_looked_at(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, GOOD]))
    rezipped(path, {"xl/vbaProject.bin": os.urandom(2000)})
    macros = path.rename(tmp_path / "a.xlsm")
    assert value_book(macros, tmp_path / "r.xlsx").done == 1


def test_an_unknown_day_or_place_for_the_run(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, GOOD]))
    with pytest.raises(InputError, match="没有这个行政区划"):
        value_book(path, tmp_path / "r.xlsx", place="火星")
    with pytest.raises(InputError, match="应为日期"):
        value_book(path, tmp_path / "r.xlsx", on="昨天")


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
    from ecoval.valuation import methods

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


LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
from ecoval.batch import value_book
from ecoval.errors import OutputError
try:
    value_book(sys.argv[1], sys.argv[2], method="water-virtual-treatment", force=True)
except OutputError as error:
    print(error)
"""


@pytest.mark.skipif(os.name == "nt", reason="limits the size of files as POSIX does")
@pytest.mark.parametrize(("kind", "limit"), [("xlsx", 4000), ("parquet", 4000), ("xlsx", 0)])
def test_a_file_that_may_not_grow(tmp_path: Path, kind: str, limit: int) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, *[GOOD] * 300]))
    command = [sys.executable, "-c", LIMITED, str(path), str(tmp_path / f"r.{kind}"), str(limit)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert "写不出" in done.stdout, done
    assert {each.name for each in tmp_path.iterdir()} <= {"a.xlsx", f"r.{kind}.journal"}
