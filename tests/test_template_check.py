"""Check a template before it is used: what it asks for that is not there, and where."""

import shutil
import zipfile
from pathlib import Path

import pytest
from docx import Document
from typer.testing import CliRunner

from ecoval.cli import app
from ecoval.content import folder
from ecoval.errors import ContentError
from ecoval.report.choosing import TEMPLATES
from ecoval.report.template_check import check_template

SOFFICE = shutil.which("soffice")


def template(path, *paragraphs, header=""):
    document = Document()
    for text in paragraphs:
        if text == "---":
            document.add_page_break()
        else:
            document.add_paragraph(text)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    document.save(str(path))
    return path


def with_part(path, name, held):
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(name, held)
    return path


@pytest.fixture
def without_office(monkeypatch):
    monkeypatch.setattr("ecoval.report.template_check.office", lambda: None)


@pytest.mark.parametrize("language", ["", "-en"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_our_own_templates_use_only_what_there_is(name, language, without_office):
    found = check_template(folder("templates") / f"{name}{language}.docx")
    assert found.unknown == ()
    assert "fingerprint" not in found.unused


def test_what_a_template_leaves_out_is_listed(tmp_path, without_office):
    found = check_template(template(tmp_path / "x.docx", "{{ total }}"))
    assert "total" not in found.unused
    assert {"capitals", "punitive", "settlement", "signers"} <= set(found.unused)
    assert "未用的变量：" in str(found)


@pytest.mark.parametrize(
    ("paragraphs", "name", "hint"),
    [
        (("{{ totl }}",), "totl", "是否指 total"),
        (("{% for row in basics %}{{ row.txt }}{% endfor %}",), "row.txt", "是否指 text"),
        (
            ("{%p for item in items %}", "{{ item.amont }}", "{%p endfor %}"),
            "item.amont",
            "是否指 amount",
        ),
        (
            ("{% for plan in settlement.plans %}{{ plan.rows[0].intrest }}{% endfor %}",),
            "plan.rows.intrest",
            "是否指 interest",
        ),
        (("{{ punitive.obligors.sentense }}",), "punitive.obligors.sentense", "是否指 sentence"),
        (("{%p if signerss %}", "x", "{%p endif %}"), "signerss", "是否指 signers"),
    ],
)
def test_a_variable_that_is_not_there_is_named(tmp_path, without_office, paragraphs, name, hint):
    found = check_template(template(tmp_path / "x.docx", *paragraphs))
    assert [each.name for each in found.unknown] == [name]
    assert hint in str(found)


def test_a_variable_of_the_header_is_checked_too(tmp_path, without_office):
    found = check_template(template(tmp_path / "x.docx", "{{ total }}", header="{{ fingerprnt }}"))
    assert [each.name for each in found.unknown] == ["fingerprnt"]


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_the_page_of_an_unknown_variable_is_told(tmp_path):
    path = template(tmp_path / "x.docx", "甲 {{ one }}", "---", "乙", "---", "丙 {{ other }} 丁")
    found = check_template(path)
    assert [(each.name, each.page) for each in found.unknown] == [("one", 1), ("other", 3)]
    assert "第 3 页：没有变量 other" in str(found)


@pytest.mark.parametrize(
    ("paragraphs", "said"),
    [
        (("甲", "{%p for row in basics %}", "{{ row.text }}"), "{%p for row in basics %}"),
        (("{%p if draft %}", "草稿", "{%p endif %}", "{%p endfor %}"), "{%p endfor %}"),
        (("{{ total",), ""),
    ],
)
def test_a_loop_left_open_is_shown(tmp_path, paragraphs, said, without_office):
    with pytest.raises(ContentError, match="模板写法有误") as caught:
        check_template(template(tmp_path / "x.docx", *paragraphs))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("part", "held", "words"),
    [
        ("word/vbaProject.bin", b"macro", "模板中有宏，不予使用.*不带宏的"),
        ("word/media/image9.png", b"no picture", r"模板中的 word/media/image9.png 不是图片"),
    ],
)
def test_what_no_template_may_hold_is_refused(tmp_path, part, held, words):
    path = with_part(template(tmp_path / "x.docx", "{{ total }}"), part, held)
    with pytest.raises(ContentError, match=words):
        check_template(path)


def test_what_is_no_word_file_is_refused(tmp_path):
    (tmp_path / "x.docx").write_text("{{ total }}", encoding="utf-8")
    with pytest.raises(ContentError, match="不是 Word 模板"):
        check_template(tmp_path / "x.docx")
    with pytest.raises(ContentError, match="无法读取模板"):
        check_template(tmp_path / "none.docx")


def test_the_command_ends_with_one_where_a_variable_is_not_there(tmp_path, without_office):
    good = template(tmp_path / "good.docx", "{{ total }}")
    bad = template(tmp_path / "bad.docx", "{{ totl }}")
    assert CliRunner().invoke(app, ["template", "check", str(good)]).exit_code == 0
    ran = CliRunner().invoke(app, ["template", "check", str(bad)])
    assert ran.exit_code == 1 and "没有变量 totl" in ran.output


def test_the_settlement_sheet_is_checked_by_its_file(without_office):
    path = Path(str(folder("templates") / "settlement.docx"))
    ran = CliRunner().invoke(app, ["template", "check", str(path)])
    assert ran.exit_code == 0 and "0 个不存在的变量" in ran.output
