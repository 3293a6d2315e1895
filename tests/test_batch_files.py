"""Files that will not do, made for real: each is refused in words that say what would do."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from ecoval.batch import value_book
from ecoval.errors import InputError, OutputError

from .batch_books import (
    GOOD,
    HEADERS,
    METHOD,
    book_of,
    faults_of,
    refused,
    rezipped,
)


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
