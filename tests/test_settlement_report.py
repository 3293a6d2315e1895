"""The settlement sheet, the opinion's sections on punitive damages and settlement, and ``settle``."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docxtpl import DocxTemplate
from typer.testing import CliRunner

from ecoval.case import Case
from ecoval.cli import app
from ecoval.content import folder
from ecoval.errors import InputError, OutputError
from ecoval.report import write_opinion, write_settlement
from ecoval.report.settlement_template import make_settlement_template
from ecoval.report.variables import variables
from ecoval.verify import verify

ROOT = Path(__file__).parent.parent
WHOLE = ROOT / "benchmarks" / "whole.toml"
FULIANG = ROOT / "examples" / "fuliang-2021.toml"
JINDONG = ROOT / "examples" / "jindong-2024.toml"


def _said(path: Path) -> str:
    document = Document(str(path))
    cells = (c.text for t in document.tables for row in t.rows for c in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_committed_sheet_is_the_one_that_is_made(tmp_path: Path) -> None:
    make_settlement_template(tmp_path / "made.docx")
    with (
        zipfile.ZipFile(tmp_path / "made.docx") as made,
        zipfile.ZipFile(folder("templates") / "settlement.docx") as kept,
    ):
        assert sorted(made.namelist()) == sorted(kept.namelist())
        assert [name for name in made.namelist() if made.read(name) != kept.read(name)] == []


def test_the_sheet_uses_only_variables_that_there_are() -> None:
    known = set(variables(Case.read(FULIANG).assess(), folder("templates") / "settlement.docx"))
    sheet = DocxTemplate(str(folder("templates") / "settlement.docx"))
    assert sheet.get_undeclared_template_variables() <= known


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the sheet, the opinion and its page say of the whole case."""
    directory = tmp_path_factory.mktemp("whole")
    assessment = Case.read(WHOLE).assess()
    write_settlement(assessment, directory / "sheet.docx")
    write_opinion(assessment, directory, name="x", pdf=False)
    page = (directory / "x.html").read_text(encoding="utf-8")
    return {
        "sheet": _said(directory / "sheet.docx"),
        "opinion": _said(directory / "x.docx"),
        "page": re.sub(r"<[^>]+>", "\n", page),
    }


@pytest.mark.parametrize("kind", ["sheet", "opinion", "page"])
@pytest.mark.parametrize(
    "words",
    [
        "430,000.07",  # the total
        "62,000.00",  # what of it is money: 430,000.07 − 368,000.07
        "156,000.08",  # punitive: 130,000.07 × 1.2 = 156,000.084
        "516,000.08",  # on Nantong's base: 430,000.07 × 1.2 = 516,000.084
        "218,000.08",  # both
        "286,666.71",  # 430,000.07 × 2 ÷ 3 = 286,666.713…
        "104,000.05",  # 156,000.08 × 20 ÷ 30 = 104,000.053…
        "68,000.08",  # 62,000 + 156,000.08 − 150,000
        "复议后下调",
        "TH-2024-0001",
        "由公证处保管",
        "具备",
    ],
)
def test_the_figures_stand_in_each_document(written: dict[str, str], kind: str, words: str) -> None:
    assert words in written[kind]


def test_there_is_no_empty_heading(tmp_path: Path) -> None:
    write_opinion(Case.read(JINDONG).assess(), tmp_path, name="x", pdf=False)
    said = _said(tmp_path / "x.docx") + (tmp_path / "x.html").read_text(encoding="utf-8")
    for heading in ("责任分担", "、惩罚性赔偿", "赔偿责任的履行"):
        assert heading not in said


def test_a_case_without_settlement_has_no_sheet(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"没有履行方案（settlement）.*空的 \[settlement\]"):
        write_settlement(Case.read(JINDONG).assess(), tmp_path / "x.docx")


def test_a_sheet_is_kept_unless_forced(tmp_path: Path) -> None:
    held = tmp_path / "x.docx"
    held.write_bytes(b"signed")
    assessment = Case.read(FULIANG).assess()
    with pytest.raises(OutputError, match="文件已存在，未覆盖.*--force"):
        write_settlement(assessment, held)
    assert held.read_bytes() == b"signed"
    write_settlement(assessment, held, force=True)
    assert zipfile.is_zipfile(held)


def test_settle_prints_and_writes(tmp_path: Path) -> None:
    sheet = tmp_path / "new" / "settlement.docx"
    ran = CliRunner().invoke(app, ["settle", str(FULIANG), "-o", str(sheet)])
    assert ran.exit_code == 0
    assert "须支付货币 3,025,071.91 元" in ran.output and "171,406.35" in ran.output
    assert "171,406.35" in _said(sheet)


def test_settle_without_a_file_says_how_to_write_one(tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["settle", str(WHOLE)])
    assert ran.exit_code == 0 and "加 -o 文件.docx 写出磋商方案。" in ran.output
    # 286,666.71 − 250,000.07 = 36,666.64; 156,000.08 × 2 ÷ 3 = 104,000.05; 36,666.64 + 104,000.05.
    own = r"乙公司 *│286,666.71│250,000.07│36,666.64│104,000.05│140,666.69│"
    assert re.search(own, ran.output)
    assert re.search(r"合计 *│430,000.07│368,000.07│62,000.00│156,000.08│218,000.08│", ran.output)


@pytest.mark.parametrize("kind", ["sheet", "opinion", "page"])
@pytest.mark.parametrize(
    "words", ["惩罚性赔偿（元）", "须支付货币（元）", "140,666.69", "77,333.39"]
)
def test_each_obligor_s_punitive_share_stands_beside_his_part(
    written: dict[str, str], kind: str, words: str
) -> None:
    assert words in written[kind]


def test_the_instalments_of_an_obligor_are_what_he_owes_in_money() -> None:
    settlement = Case.read(WHOLE).assess().settlement
    assert settlement is not None
    due, (plan,) = settlement.dues[0], settlement.plans
    assert plan.obligor == due.name and plan.total == due.payable == 14066669


def _case(path: Path, more: str) -> Path:
    path.write_text(
        """\
title = "某案"
place = "江苏省南通市"
on = 2024-06-01
route = "review"
[[item]]
method = "adopted-amount"
head = "interim"
inputs = { amount = "100 元" }
[punitive]
multiplier = 1
base = "interim_permanent"
base_reason = "诉讼"
[punitive.conditions]
unlawful = { met = true, note = "甲" }
intentional = { met = true, note = "乙" }
serious = { met = true, note = "丙" }
[obligors]
"""
        + more,
        encoding="utf-8",
    )
    return path


SHARES = """\
mode = "joint"
punitive = "share"
[[obligors.part]]
name = "甲"
share = "3/4"
[[obligors.part]]
name = "乙"
share = "1/4"
"""


def test_punitive_damages_are_printed_without_a_settlement(tmp_path: Path) -> None:
    case = _case(tmp_path / "case.toml", SHARES)
    for command in ("check", "settle"):
        ran = CliRunner().invoke(app, [command, str(case)])
        assert "惩罚性赔偿 100.00 元（100.00 元 × 1 倍）" in ran.output, command
        assert "实际生态环境损害赔偿数额 100.00 元" in ran.output
        assert re.search(r"甲 *│ 3/4 *│ *75.00 │", ran.output)
    assert "甲、乙承担连带责任" in ran.output
    ran = CliRunner().invoke(app, ["settle", str(case), "-o", str(tmp_path / "x.docx")])
    assert ran.exit_code == 0 and "75.00" in _said(tmp_path / "x.docx")


def test_joint_compensation_stands_beside_punitive_shares(tmp_path: Path) -> None:
    case = _case(tmp_path / "case.toml", SHARES + "[settlement]\npunitive = true\n")
    settlement = Case.read(case).assess().settlement
    assert settlement is not None
    assert settlement.due_rows() == [
        ("甲", "连带", "连带", "连带", "75.00", "连带"),
        ("乙", "连带", "连带", "连带", "25.00", "连带"),
        ("合计", "100.00", "0.00", "100.00", "100.00", "200.00"),
    ]


def test_settle_refuses_a_case_without_settlement_and_a_file_that_is_no_word() -> None:
    ran = CliRunner().invoke(app, ["settle", str(JINDONG)])
    assert isinstance(ran.exception, InputError) and "没有履行方案" in str(ran.exception)
    ran = CliRunner().invoke(app, ["settle", str(FULIANG), "-o", "x.pdf"])
    assert isinstance(ran.exception, InputError) and "扩展名须为 .docx" in str(ran.exception)


@pytest.mark.parametrize(("language", "title"), [("zh", "磋商方案"), ("en", "Settlement Sheet")])
def test_the_sheet_carries_the_case_in_either_language(
    tmp_path: Path, language: str, title: str
) -> None:
    sheet = tmp_path / "sheet.docx"
    ran = CliRunner().invoke(app, ["settle", str(WHOLE), "--lang", language, "-o", str(sheet)])
    assert ran.exit_code == 0
    assert title in _said(sheet) and "218,000.08" in _said(sheet)
    assert verify(sheet).is_good


def test_settle_has_no_third_language(tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["settle", str(WHOLE), "--lang", "fr"])
    assert ran.exit_code == 2
