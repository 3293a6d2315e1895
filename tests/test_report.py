"""The opinion in Word, HTML, PDF and JSON: one set of figures, users' text as text, nothing lost."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, meta

from ecoval.case import Case
from ecoval.content import folder
from ecoval.errors import ContentError, OutputError
from ecoval.report import write_opinion, writing
from ecoval.report.context import context
from ecoval.report.template import make_template
from ecoval.report.variables import NAMES

EXAMPLES = Path(__file__).parent.parent / "examples"
TEMPLATES = folder("templates")

WATER = {
    "discharge": "500 t",
    "unit_cost": "8.3 元/t",
    "hazard": 1.5,
    "exceedance": 1.25,
    "function": 2,
}


def _data(**more: Any) -> dict[str, Any]:
    item = {"method": "water-virtual-treatment", "head": "restoration", "inputs": dict(WATER)}
    data = {"title": "某案", "place": "浙江省金华市", "on": "2024-06-01", "route": "full"}
    return {**data, "item": [item], **more}


def _write(directory: Path, data: dict[str, Any], **more: Any) -> tuple[Any, str, dict[str, Any]]:
    """Write the opinion on *data* without PDF; return the Word document, the page, the JSON."""
    options: dict[str, Any] = {"name": "x", "pdf": False, "force": True, **more}
    write_opinion(Case(**data).assess(), directory, draft=True, **options)
    page = (directory / "x.html").read_text(encoding="utf-8")
    held = json.loads((directory / "x.json").read_text(encoding="utf-8"))
    return Document(str(directory / "x.docx")), page, held


@pytest.fixture(scope="module")
def jindong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published example, with its PDF where LibreOffice is there."""
    directory = tmp_path_factory.mktemp("jindong")
    assessment = Case.read(EXAMPLES / "jindong-2024.toml").assess()
    write_opinion(assessment, directory, name="x", pdf=writing.office() is not None)
    return directory


def _blocks(document: Any) -> Iterator[tuple[str, str, int]]:
    """Yield style, text and number of equations of each paragraph and each table row."""
    for part in document.element.body.iterchildren():
        if part.tag.endswith("}p"):
            paragraph = Paragraph(part, document)
            style = paragraph.style.name if paragraph.style is not None else ""
            yield str(style), paragraph.text, len(part.findall(".//{*}oMath"))
        elif part.tag.endswith("}tbl"):
            for row in Table(part, document).rows:
                yield "row", "|".join(cell.text for cell in row.cells), 0


def _table(document: Any, title: str) -> list[list[str]]:
    """Return the rows, without the heading, of the table whose first heading is *title*."""
    for table in document.tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if rows[0][0] == title:
            return rows[1:]
    raise AssertionError(f"no table {title}")


class _Page(HTMLParser):
    """The headings, tags and text of an HTML page in their order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.parts: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        self.parts.append((tag, ""))

    def handle_data(self, data: str) -> None:
        if data.strip() and self.parts and self.parts[-1][0] not in ("style", "title", "script"):
            tag, text = self.parts[-1]
            self.parts[-1] = (tag, text + data)

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.parts)


def test_the_figures_of_word_page_and_json_are_the_same(jindong: Path) -> None:
    document = Document(str(jindong / "x.docx"))
    page = (jindong / "x.html").read_text(encoding="utf-8")
    held = json.loads((jindong / "x.json").read_text(encoding="utf-8"))
    # Published: 15,563 元 and 1,000 元 of emergency monitoring, 16,563 元 together.
    printed = ["1,000.00", "15,563.00", "16,563.00"]
    assert [row[-1] for row in _table(document, "赔偿科目")] == printed
    assert re.findall(r'<td class="amount">(?:<b>)?([\d,.]+)', page) == printed
    amounts = [*held["by_head"].values(), held["total"]]
    assert [f"{Decimal(amount):,.2f}" for amount in amounts] == printed
    assert sorted(item["amount"] for item in held["items"]) == ["1000.00", "15563.00"]


def test_the_total_stands_in_capital_characters(jindong: Path) -> None:
    text = "16,563.00 元（人民币壹万陆仟伍佰陆拾叁元整）"
    paragraphs = [text_of for _, text_of, _ in _blocks(Document(str(jindong / "x.docx")))]
    assert any(text in paragraph for paragraph in paragraphs)
    assert text in (jindong / "x.html").read_text(encoding="utf-8")


def test_equations_are_native_in_word_and_mathml_in_the_page(jindong: Path) -> None:
    # The exceedance multiple, the adjustment, the damage; and the ledger's sum.
    assert sum(count for _, _, count in _blocks(Document(str(jindong / "x.docx")))) == 4
    assert _Page((jindong / "x.html").read_text(encoding="utf-8")).tags.count("math") == 4


def test_the_fingerprint_stands_under_each_signature(jindong: Path) -> None:
    digits = json.loads((jindong / "x.json").read_text(encoding="utf-8"))["fingerprint"]
    document = Document(str(jindong / "x.docx"))
    rows = _table(document, "姓名")
    assert len(rows) == 3 and all(row[-1].endswith(f"校验码 {digits}") for row in rows)
    assert digits in document.sections[0].header.paragraphs[0].text
    page = (jindong / "x.html").read_text(encoding="utf-8")
    assert page.partition('class="sign"')[2].partition("</table>")[0].count(digits) == 3


def test_libreoffice_reads_the_document_and_prints_the_figures(jindong: Path) -> None:
    if writing.office() is None:
        pytest.skip("LibreOffice is not installed")
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    command = ["pdftotext", "-layout", str(jindong / "x.pdf"), "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    text = re.sub(r"\s", "", done.stdout.decode("utf-8"))
    digits = json.loads((jindong / "x.json").read_text(encoding="utf-8"))["fingerprint"]
    for shown in ("15,563.00", "人民币壹万陆仟伍佰陆拾叁元整", "四舍五入至元", "十、专家签署"):
        assert shown in text
    # Under three signatures, at the end, and at the head of every page.
    assert text.count(f"校验码{digits}") >= 3 + 1 + text.count("页共")
    assert "{{" not in text and "{%" not in text


PARTS: dict[str, Any] = {
    "route": "quick",
    "material": [{"id": "M1", "title": "报告"}],
    "act": "排放废水",
    "damage": "水质超标",
    "restoration": "可以修复",
    "conclusion": {"limits": ["仅供磋商"], "performance": ["分期支付"]},
    "expert": [{"open": "待聘"}],
    "number": "〔2024〕1号",
    "dates": {"clue_found": "2024-06-03", "preliminary_checked": "2024-07-10"},
}
NUMBERS = "一二三四五六七八九十"


def _partial(parts: set[str]) -> dict[str, Any]:
    facts = {name: PARTS[name] for name in ("act", "damage", "restoration") if name in parts}
    return _data(facts=facts, **{name: PARTS[name] for name in parts if name not in facts})


def _check_headings(blocks: list[tuple[int, str, bool]]) -> None:
    """Each block is the level of its heading (0 for none), its text, and whether it has content."""
    numbers = []
    for place, (level, text, _) in enumerate(blocks):
        if not level:
            continue
        if level == 1 and (found := re.match(f"([{NUMBERS}]+)、(.+)", text)):
            numbers.append(found[1])
        under = []
        for other in blocks[place + 1 :]:
            if other[0] and other[0] <= level:
                break
            under.append(other)
        assert any(not below and content for below, _, content in under), f"nothing under {text}"
    assert "".join(numbers) == NUMBERS[: len(numbers)] and numbers


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sets(st.sampled_from(sorted(PARTS))))
def test_no_heading_is_empty_and_no_number_left_out(tmp_path: Path, parts: set[str]) -> None:
    document, page, _ = _write(tmp_path, _partial(parts))
    word = [
        (int(style[-1]) if style.startswith("Heading") else 0, text, bool(text.strip() or count))
        for style, text, count in _blocks(document)
    ]
    _check_headings(word)
    levels = {"h2": 1, "h3": 2}
    _check_headings(
        [
            (levels.get(tag, 0), text, bool(text.strip()) or tag == "math")
            for tag, text in _Page(page).parts
        ]
    )


NASTY = [
    "<b>粗</b> & &amp; <w:p/> </w:t>",
    "{{ total }} {% if x %} {# c #} {%p endfor %} {{r total }}",
    '=HYPERLINK("http://example.com","x")',
    "<script>alert(1)</script> <img src=x onerror=alert(1)>",
    "\"'`\\ $1 \\g<0> %s {0}",
    "长" * 20_000,
]


def _filled(text: str) -> tuple[dict[str, Any], list[str]]:
    """Return a case with *text* wherever a user may write, and all that must be printed."""
    marks: list[str] = []

    def say(name: str) -> str:
        marks.append(f"{name}：{text}")
        return marks[-1]

    line = {"name": say("line"), "quantity": "1 项", "unit_price": "1 元/项", "note": say("why")}
    inputs = {**WATER, "hazard": {"value": 3, "note": say("input"), "open": say("open")}}
    water = {
        "method": "water-virtual-treatment",
        "head": "restoration",
        "title": say("item"),
        "note": say("remark"),
        "inputs": inputs,
        "overrule": {"hazard": say("overrule")},
        "round": {"to": "元", "reason": say("round")},
        "conditions": {"act_established": {"met": True, "note": say("condition")}},
    }
    ledger = {"method": "cost-ledger", "head": "prevention", "inputs": {"lines": [line]}}
    expert = {name: say(name) for name in ("name", "unit", "title", "field", "pool", "recusal")}
    data = _data(
        route="quick",
        title=say("case"),
        number=say("number"),
        note=say("note"),
        on_note=say("day"),
        party=[{"role": "obligor", "name": say("party"), "open": say("unknown")}],
        material=[{"id": "M1", "title": say("material"), "issuer": say("issuer")}],
        facts={"act": say("act"), "damage": say("damage"), "substitute": {"open": say("later")}},
        eligibility={"facts_simple": {"met": True, "note": say("limb")}},
        conclusion={"limits": [say("limit")], "performance": [say("pay")]},
        expert=[{**expert, "agrees": False, "dissent": say("dissent")}],
        item=[water, ledger],
    )
    return data, marks


@pytest.mark.parametrize("text", NASTY, ids=["xml", "jinja", "formula", "script", "signs", "long"])
def test_what_users_write_is_printed_as_they_wrote_it(tmp_path: Path, text: str) -> None:
    data, marks = _filled(text)
    document, page, held = _write(tmp_path, data)
    word = "\n".join(block for _, block, _ in _blocks(document))
    read = _Page(page)
    assert [mark for mark in marks if mark not in word] == []
    assert [mark for mark in marks if mark not in read.text] == []
    # The one script is the case itself, as data; the one picture the code of the fingerprint.
    assert read.tags.count("script") == 1 and read.tags.count("img") == 1
    assert held["case"]["title"] == data["title"]


def test_what_docxtpl_uses_for_itself_is_printed_as_written(tmp_path: Path) -> None:
    document, _, _ = _write(tmp_path, _data(title="{_{ a }_} {_% b %_}"))
    assert "{_{ a }_} {_% b %_}" in [block.partition("|")[2] for _, block, _ in _blocks(document)]


def test_control_characters_are_left_out_and_lines_kept_apart(tmp_path: Path) -> None:
    document, page, _ = _write(tmp_path, _data(title="甲\x00\x07\x0b\x1f\ufffe乙\n丙"))
    assert "案件|甲乙\n丙" in [block for _, block, _ in _blocks(document)]
    assert "甲乙\n丙" in page


def test_the_evidence_of_a_condition_is_printed(tmp_path: Path) -> None:
    data = _data(material=[{"id": "材料甲", "title": "报告"}])
    data["item"][0]["conditions"] = {"act_established": {"met": True, "evidence": "材料甲"}}
    document, _, _ = _write(tmp_path, data)
    assert any("材料甲" in cell for cell in _table(document, "条件")[0])


def _template(directory: Path, text: str) -> Path:
    document = Document()
    document.add_paragraph(text)
    document.save(str(directory / "own.docx"))
    return directory / "own.docx"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ totl }}", "模板用了不存在的变量 totl"),
        ("{{ items[0].amuont }}", "模板用了不存在的变量 amuont"),
        ("{% for row in rows %}", "不存在的变量|模板写法有误"),
        ("{%p if total %}", "模板写法有误"),
        ("{{ total | comma }}", "模板写法有误.*comma"),
        ("{{ total / 2 }}", "模板"),
    ],
)
def test_a_faulty_template_is_named_with_what_is_wrong(
    tmp_path: Path, text: str, words: str
) -> None:
    template = _template(tmp_path, text)
    with pytest.raises(ContentError, match=words) as caught:
        _write(tmp_path / "out", _data(), template=template)
    assert str(template) in str(caught.value)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("kind", ["a text", "a zip", "a folder", "nothing"])
def test_a_template_that_is_no_word_file_is_named(tmp_path: Path, kind: str) -> None:
    template = tmp_path / "own.docx"
    if kind == "a text":
        template.write_text("{{ title }}", encoding="utf-8")
    elif kind == "a zip":
        with zipfile.ZipFile(template, "w") as made:
            made.writestr("a.txt", "a")
    elif kind == "a folder":
        template.mkdir()
    with pytest.raises(ContentError, match="模板") as caught:
        _write(tmp_path / "out", _data(), template=template)
    assert str(template) in str(caught.value)


def test_the_committed_template_is_the_one_that_is_made(tmp_path: Path) -> None:
    make_template(tmp_path / "made.docx")
    with (
        zipfile.ZipFile(tmp_path / "made.docx") as made,
        zipfile.ZipFile(TEMPLATES / "opinion.docx") as kept,
    ):
        assert sorted(made.namelist()) == sorted(kept.namelist())
        assert [name for name in made.namelist() if made.read(name) != kept.read(name)] == []


def test_templates_use_only_variables_that_there_are() -> None:
    known = {*context(Case(**_data()).assess()), *NAMES}
    page = Environment().parse((TEMPLATES / "opinion.html").read_text(encoding="utf-8"))
    assert meta.find_undeclared_variables(page) <= known
    word = DocxTemplate(str(TEMPLATES / "opinion.docx"))
    assert word.get_undeclared_template_variables() <= known


@pytest.mark.parametrize("kind", ["docx", "html", "json", "pdf"])
def test_an_existing_document_is_kept_unless_forced(tmp_path: Path, kind: str) -> None:
    held = tmp_path / f"x.{kind}"
    held.write_bytes(b"signed")
    with pytest.raises(OutputError, match=f"文件已存在，未覆盖：x.{kind}.*--force"):
        _write(tmp_path, _data(), force=False, pdf=True)
    assert held.read_bytes() == b"signed" and list(tmp_path.iterdir()) == [held]


def test_force_replaces_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "x.docx").write_bytes(b"old")
    _write(tmp_path, _data())
    assert zipfile.is_zipfile(tmp_path / "x.docx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.docx", "x.html", "x.json"]


def test_nothing_is_written_unless_everything_can_be(tmp_path: Path) -> None:
    (tmp_path / "x.docx").write_bytes(b"old")
    (tmp_path / "x.json").mkdir()
    with pytest.raises(OutputError):
        _write(tmp_path, _data())
    assert (tmp_path / "x.docx").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.docx", "x.json"]


def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="不能建立文件夹") as caught:
        _write(tmp_path / "out", _data())
    assert str(tmp_path / "out") in str(caught.value)


def test_without_libreoffice_the_missing_pdf_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "office", lambda: None)
    written = write_opinion(Case(**_data()).assess(), tmp_path, name="x")
    assert [document.kind for document in written] == ["docx", "html", "pdf", "json"]
    (missing,) = [document for document in written if document.path is None]
    assert missing.kind == "pdf" and "未安装 LibreOffice" in missing.reason
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.docx", "x.html", "x.json"]


def test_the_time_limits_are_an_annex_where_the_case_gives_dates(tmp_path: Path) -> None:
    document, page, _ = _write(tmp_path, _data(dates=PARTS["dates"]))
    (row,) = _table(document, "步骤与期限")
    assert row[0] == "初步核查不超过 30 日" and row[2] == "2024-07-03"
    assert row[3] == "逾期 7 日完成" and row[4].endswith("（七）〔已核对原文〕")
    assert "<h3>办案期限</h3>" in page and "逾期 7 日完成" in page
    _, page, _ = _write(tmp_path, _data())
    assert "办案期限" not in page


def test_the_opinion_names_the_basis_of_the_heads(tmp_path: Path) -> None:
    document, page, _ = _write(tmp_path, _data())
    cited = "《中华人民共和国民法典》第一千二百三十五条〔已核对原文〕"
    texts = [text for _, text, _ in _blocks(document)]
    assert any("赔偿范围的依据：" in text and cited in text for text in texts)
    assert cited in page
    lines = [{"name": "修复", "quantity": "1 项", "unit_price": "100 元/项"}]
    ledger = {"method": "cost-ledger", "head": "restoration", "inputs": {"lines": lines}}
    _, page, _ = _write(tmp_path, _data(on="2010-06-01", item=[ledger]))
    assert "赔偿范围的依据" not in page
