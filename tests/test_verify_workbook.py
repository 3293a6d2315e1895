"""A workbook proves itself: every cell is compared with what its case comes to."""

import random
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from ecoval import Case
from ecoval.audit import write_audit
from ecoval.errors import InputError
from ecoval.verify import verify
from ecoval.verify.formulas import same_formula, same_number

from .test_audit import needs_office, recalculated_all

ROOT = Path(__file__).parent.parent
JINDONG, WHOLE = ROOT / "examples" / "jindong-2024.toml", ROOT / "benchmarks" / "whole.toml"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    return {
        path.stem: write_audit(Case.read(path).assess(), folder / f"{path.stem}.xlsx")
        for path in (JINDONG, WHOLE)
    }


def found(path, to, change):
    """Return what is found in *path* after *change* (of the openpyxl workbook), as lines."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(to)
    checked = verify(to)
    assert (checked.status == "changed") is bool(checked.changes)
    return [str(change) for change in checked.changes]


def cell_of(sheet, title, column):
    """Return the cell in *column* of the row that says *title*."""
    for row in sheet.iter_rows():
        if any(cell.value == title for cell in row):
            return sheet[f"{column}{row[0].row}"]
    raise AssertionError(title)


@pytest.mark.parametrize("name", ["jindong-2024", "whole"])
def test_a_workbook_as_written_is_intact(written, name):
    checked = verify(written[name])
    assert checked.status == "intact", str(checked)
    assert "外观未核对" in str(checked)


@needs_office
def test_a_workbook_that_libreoffice_saved_is_intact(written, tmp_path):
    recalculated_all(list(written.values()), tmp_path / "out")
    for name in written:
        checked = verify(tmp_path / "out" / f"{name}.xlsx")
        assert checked.status == "intact", str(checked)


@pytest.mark.parametrize("name", ["jindong-2024", "whole"])
def test_a_workbook_that_openpyxl_saved_is_intact(written, tmp_path, name):
    assert found(written[name], tmp_path / "x.xlsx", lambda book: None) == []


def test_an_altered_input_is_named(written, tmp_path):
    def change(book):
        cell_of(book["输入"], "排放数量", "D").value = 501

    (said,) = found(written["jindong-2024"], tmp_path / "x.xlsx", change)
    assert re.fullmatch(r"输入!D\d+（输入）：应为“500”，印作“501”", said)


def test_an_altered_stored_value_is_named(written, tmp_path):
    def change(book):
        cell = cell_of(book["履行方案"], "生态环境损害赔偿合计", "E")
        assert cell.value == 430000.07
        cell.value = 430000.7

    (said,) = found(written["whole"], tmp_path / "x.xlsx", change)
    assert said == "履行方案!E4（存证值）：应为“430000.07000000001”，印作“430000.70000000001”"


def test_an_altered_formula_is_named(written, tmp_path):
    def change(book):
        cell = cell_of(book["惩罚性赔偿"], "惩罚性赔偿", "B")
        book["汇总"]["F4"].value = book["汇总"]["F4"].value.replace(",2)", ",1)")
        assert cell.coordinate

    (said,) = found(written["whole"], tmp_path / "x.xlsx", change)
    assert said.startswith(
        "汇总!F4（公式）：应为“=ROUND('汇总'!$E$4,2)”，印作“=ROUND('汇总'!$E$4,1)”"
    )


def test_a_formula_put_in_the_place_of_a_number_and_back(written, tmp_path):
    def change(book):
        book["汇总"]["G4"].value = "=F4"
        book["汇总"]["F5"].value = 80000

    said = found(written["whole"], tmp_path / "x.xlsx", change)
    assert {line.partition("：")[0] for line in said} == {"汇总!F5（公式）", "汇总!G4（公式）"}


def test_altered_words_formats_and_sheets_are_named(written, tmp_path):
    def change(book):
        book["惩罚性赔偿"]["A1"].value = "惩罚性赔偿（不计）"
        book["汇总"]["F4"].number_format = '"1,000.00"'
        book["履行方案"].sheet_state = "hidden"
        book["汇总"].row_dimensions[5].hidden = True
        book["参数"].oddFooter.left.text = "校验码 000000000000"
        book.create_sheet("另一合计")["A1"] = "合计 1 元"
        del book.defined_names["合计"]

    said = "\n".join(found(written["whole"], tmp_path / "x.xlsx", change))
    for words in (
        "惩罚性赔偿!A1（文字）：应为“惩罚性赔偿”，印作“惩罚性赔偿（不计）”",
        "汇总!F4（数字格式）",
        "工作表“履行方案”（工作簿）：应为“可见”，印作“已隐藏”",
        "汇总 第 5 行（工作簿）：应为“可见”，印作“已隐藏”",
        "工作表“参数”的页脚（文字）",
        "工作表“另一合计”（工作簿）：多出“另一合计”",
        "名称“合计”（名称）：缺少“汇总!",
    ):
        assert words in said, said


def test_a_picture_laid_over_the_figures_is_named(written, tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(written["whole"].read_bytes())
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/media/image1.png", b"")
    assert "多出“xl/media/image1.png”" in str(verify(path))


_FIGURE = re.compile(r"<(v|f|t)(?: [^>]*)?>([^<]*)</\1>")


@pytest.mark.parametrize("name", ["jindong-2024", "whole"])
def test_every_altered_digit_is_caught(written, tmp_path, name):
    dice = random.Random(20261122)
    with zipfile.ZipFile(written[name]) as package:
        parts = {part: package.read(part) for part in package.namelist()}
    texts = [part for part in parts if part.startswith(("xl/worksheets/", "xl/sharedStrings"))]
    last = f"xl/worksheets/sheet{sum(part.startswith('xl/worksheets/') for part in parts)}.xml"
    for _ in range(12):
        part = dice.choice([each for each in texts if each != last])
        xml = parts[part].decode("utf-8")
        places = [
            at
            for run in _FIGURE.finditer(xml)
            if not run[2].startswith("{") and len(run[2]) < 3000
            for at in range(*run.span(2))
            if xml[at].isdigit() and xml[at].isascii()
        ]
        at = dice.choice(places)
        other = dice.choice([digit for digit in "123456789" if digit != xml[at]])
        altered = {**parts, part: (xml[:at] + other + xml[at + 1 :]).encode("utf-8")}
        with zipfile.ZipFile(tmp_path / "x.xlsx", "w", zipfile.ZIP_DEFLATED) as package:
            for each, held in altered.items():
                package.writestr(each, held)
        shown = f"{part} {xml[at - 60 : at]}[{xml[at]}->{other}]{xml[at + 1 : at + 60]}"
        try:
            checked = verify(tmp_path / "x.xlsx")
        except InputError as error:
            assert "工作簿" in str(error), shown
        else:
            assert checked.status == "changed", shown


def test_what_another_program_writes_otherwise_is_the_same():
    assert same_number(0.012500000000000001, 0.012499999999999961)
    assert not same_number(0.01250000000000002, 0.012499999999999961)
    assert same_formula("='输入'!$D$4 * 0.50", "=输入!$D$4*0.5")
    assert same_formula('=IF(A1="一致",1,0)', '=IF( A1 = "一致", 1, 0)')
    for one, other in (
        ("=A1+B1", "=A1-B1"),
        ("=ROUND(A1,2)", "=ROUND(A1,3)"),
        ('=IF(A1="a",1,0)', '=IF(A1="A",1,0)'),
        ("=A1*0.5", "=A1*0.51"),
        ("=A1", "=A1+0"),
    ):
        assert not same_formula(one, other)
