"""Each document from its own template, in the person's folder or ours, with the figures of the case."""

import json
import random
import re
import shutil
import tomllib
import zipfile
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from docx import Document

from ecoval.case import Case
from ecoval.cli import main
from ecoval.content import folder
from ecoval.errors import ContentError, InputError, OutputError
from ecoval.report import write_opinion
from ecoval.report.carrying import carried_by_pdf, with_assessment
from ecoval.report.charts import charts
from ecoval.report.choosing import TEMPLATES, choose, own_folders
from ecoval.report.context import context
from ecoval.report.known_variables import known_variables
from ecoval.report.making import make_templates
from ecoval.report.rendering import render_page, render_word
from ecoval.report.variables import NAMES, used_by, variables
from ecoval.report.writing import convert, office
from ecoval.verify import verify
from ecoval.verify.comparing import compared
from ecoval.verify.texts import of_page, of_word

EXAMPLES = Path(__file__).parent.parent / "examples"
WHOLE = Path(__file__).parent.parent / "benchmarks" / "whole.toml"
KINDS = list(TEMPLATES)


def jindong(**more):
    """The example as a case for every kind of document."""
    data = tomllib.loads((EXAMPLES / "jindong-2024.toml").read_text(encoding="utf-8"))
    more = {"form": "comprehensive_determination", "settlement": {}, **more}
    return Case(**{**data, **more})


APPRAISAL = {
    "institution": "某鉴定中心",
    "licence": "某证 1 号",
    "matter": "鉴定",
    "region": "某流域",
    "purpose": "量化损害",
    "principles": "独立",
    "scope": "某河段",
    "content": "价值量化",
    "plan": "资料收集",
    "survey": {"text": "踏勘", "evidence": "M1"},
    "results": "见表",
    "finding": "存在因果关系",
    "goal": "恢复至基线",
    "options": "两种方案",
    "recommended": "替代修复",
}


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    place = tmp_path / "own"
    place.mkdir()
    monkeypatch.setenv("ECOVAL_TEMPLATES", str(place))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "settings"))
    return place


def written(directory, case, kind, language="zh", **more):
    options = {"name": "x", "pdf": False, "draft": True, "force": True, **more}
    write_opinion(case.assess(), directory, template=kind, language=language, **options)
    return directory / "x.docx"


def texts(path):
    document = Document(str(path))
    listed = [paragraph.text for paragraph in document.paragraphs]
    listed += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return listed


def test_every_committed_template_is_the_one_that_is_made(tmp_path):
    make_templates(tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 2 * len(KINDS)
    for name in names:
        with (
            zipfile.ZipFile(tmp_path / name) as made,
            zipfile.ZipFile(folder("templates") / name) as kept,
        ):
            assert sorted(made.namelist()) == sorted(kept.namelist()), name
            changed = [part for part in made.namelist() if made.read(part) != kept.read(part)]
            assert changed == [], name


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_document_carries_the_case_and_verifies(tmp_path, kind, language):
    path = written(tmp_path, jindong(), kind, language)
    found = verify(path)
    assert found.is_good, str(found)
    assert any("16,563.00" in text for text in texts(path))


@pytest.mark.parametrize("kind", KINDS)
def test_a_digit_altered_in_any_document_is_caught(tmp_path, kind):
    path = written(tmp_path, jindong(), kind)
    false = tmp_path / "false.docx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(false, "w") as new:
        for name in old.namelist():
            held = old.read(name)
            if name == "word/document.xml":
                held = held.replace(b"16,563.00", b"16,568.00", 1)
            new.writestr(name, held)
    found = verify(false)
    assert found.status == "changed"
    assert "16,568.00" in str(found)


@pytest.mark.parametrize("kind", KINDS)
def test_no_heading_stands_over_nothing(tmp_path, kind):
    case = Case(
        title="某案",
        place="江苏省泰州市",
        on="2021-06-01",
        route="review",
        settlement={},
        item=[
            {
                "method": "cost-ledger",
                "head": "clearance",
                "inputs": {
                    "lines": [{"name": "清运", "quantity": "2 次", "unit_price": "50 元/次"}]
                },
            }
        ],
    )
    path = written(tmp_path, case, kind)
    document = Document(str(path))
    parts = list(document.element.body.iterchildren())
    styles = [
        (part.find("{*}pPr/{*}pStyle").get(part.tag.replace("}p", "}val")) or "")
        if part.tag.endswith("}p") and part.find("{*}pPr/{*}pStyle") is not None
        else ""
        for part in parts
    ]
    for style, following in pairwise(styles):
        if style == "Heading1":
            assert following != "Heading1"
        if style == "Heading2":
            assert not following.startswith("Heading")


def test_the_report_has_the_chapters_in_the_order_of_the_standard(tmp_path):
    path = written(tmp_path, jindong(appraisal=APPRAISAL, settlement=None), "report")
    headings = [
        paragraph.text
        for paragraph in Document(str(path)).paragraphs
        if paragraph.style.name == "Heading 1"
    ]
    assert headings == [
        "声明",
        "目录",
        "一、基本情况",
        "二、鉴定评估方案",
        "三、鉴定评估过程与分析",
        "四、损害价值量化",
        "五、修复建议",
        "六、结论",
        "七、特别说明",
        "八、专家签署",
        "附件",
    ]
    said = "\n".join(texts(path))
    for statement in APPRAISAL.values():
        assert (statement if isinstance(statement, str) else statement["text"]) in said
    assert "调查过程：踏勘（材料 M1）" in said


def test_a_report_that_lacks_a_needed_part_says_so_and_is_not_final(tmp_path):
    path = written(tmp_path, jindong(), "report")
    said = "\n".join(texts(path))
    assert "〔待补：未填写〕" in said
    assert "鉴定评估目的：未填写" in said
    with pytest.raises(OutputError, match="鉴定评估机构：未填写"):
        written(tmp_path, jindong(), "report", final=True)


def test_the_contents_list_the_chapters_that_are_there(tmp_path):
    for case in (jindong(appraisal=APPRAISAL, settlement=None), Case.read(WHOLE)):
        document = Document(str(written(tmp_path, case, "report")))
        chapters = [p.text for p in document.paragraphs if p.style.name == "Heading 1"][2:]
        listed = [paragraph.text for paragraph in document.paragraphs]
        contents = listed[listed.index("目录") + 1 :]
        assert contents[: len(chapters)] == chapters


def test_a_determination_of_an_expert_opinion_is_refused(tmp_path):
    case = Case.read(EXAMPLES / "jindong-2024.toml")
    with pytest.raises(InputError, match="案件的形式是专家意见，不出综合认定"):
        written(tmp_path, case, "determination")


def test_a_determination_names_the_department_and_room_to_sign(tmp_path):
    said = texts(written(tmp_path, jindong(), "determination"))
    assert "金华市生态环境局金东分局（盖章）" in said
    assert {"承办人", "审核人", "批准人"} <= set(said)
    assert not any("专家签署" in text for text in said)


def test_each_expert_has_a_score_sheet(tmp_path):
    experts = [{"name": "甲", "unit": "某院"}, {"name": "乙", "unit": "某所"}]
    said = texts(written(tmp_path, jindong(expert=experts), "score-sheet"))
    assert said.count("专家打分表") == 2
    assert [text[:4] for text in said if text.startswith("专家：")] == ["专家：甲", "专家：乙"]
    prepared = variables(jindong(expert=experts).assess(), choose("score-sheet").word)
    rows = prepared["score_sheets"][0]["judged"][0]["rows"]
    assert [row["symbol"] for row in rows] == ["α", "τ", "ω"]
    assert rows[0]["allowed"].startswith("1–2")


def test_a_case_without_a_panel_has_one_blank_score_sheet(tmp_path):
    said = texts(written(tmp_path, jindong(expert=[]), "score-sheet"))
    assert said.count("专家打分表") == 1


def test_the_template_of_ones_own_folder_comes_first(tmp_path, own_folder):
    document = Document()
    document.add_paragraph("本单位意见：{{ total }} 元")
    document.save(str(own_folder / "opinion.docx"))
    path = written(tmp_path / "out", jindong(), "opinion")
    assert texts(path) == ["本单位意见：16,563.00 元"]
    assert verify(path).is_good
    assert next(own_folders()) == own_folder


def test_a_template_of_ones_own_is_found_by_its_name(tmp_path, own_folder):
    document = Document()
    document.add_paragraph("合计 {{ total }}")
    document.save(str(own_folder / "ours.docx"))
    path = written(tmp_path / "out", jindong(), "ours")
    assert verify(path).is_good
    (own_folder / "ours.docx").unlink()
    found = verify(path)
    assert found.status == "intact"
    assert not found.is_good
    assert "找不到模板 ours" in str(found)
    shutil.copy(folder("templates") / "opinion.docx", own_folder / "ours.docx")
    found = verify(path)
    assert found.status == "changed"
    assert "模板 ours 与出具时不同" in str(found)


def test_a_sentence_changed_in_a_copy_is_printed_and_verifies_with_it(tmp_path):
    copy = tmp_path / "mine.docx"
    document = Document(str(folder("templates") / "opinion.docx"))
    paragraph = next(p for p in document.paragraphs if p.text.startswith("经评估"))
    paragraph.runs[0].text = paragraph.runs[0].text.replace("经评估", "经我组评估")
    document.save(str(copy))
    path = written(tmp_path / "out", jindong(), copy)
    assert any(text.startswith("经我组评估") for text in texts(path))
    assert verify(path, template=copy).is_good


@pytest.mark.parametrize(
    ("asked", "words"),
    [("repport", "没有这个模板.*是否指 report"), ("专家", "没有这个模板.*opinion（专家意见）")],
)
def test_a_template_that_is_not_there_is_refused_with_what_there_is(own_folder, asked, words):
    with pytest.raises(InputError, match=words):
        choose(asked)


def test_a_template_without_english_is_refused(own_folder):
    Document().save(str(own_folder / "ours.docx"))
    with pytest.raises(InputError, match="模板 ours 没有English版"):
        choose("ours", "en")
    with pytest.raises(ContentError, match="无法读取模板"):
        choose(own_folder / "absent.docx")


def test_a_chinese_title_names_a_template(own_folder):
    assert choose("鉴定评估报告").name == "report"


def test_every_variable_is_known_to_the_check(tmp_path):
    """What a document may use is what ``ecoval template check`` knows, level by level."""

    def compared(value, path):
        if isinstance(value, dict):
            assert set(value) <= known_variables().get(path, frozenset()), path
            for name, part in value.items():
                compared(part, f"{path}.{name}" if path else name)
        elif isinstance(value, list):
            for part in value:
                if isinstance(part, dict):
                    compared(part, path)

    experts = [{"name": "甲", "agrees": False, "dissent": "低"}]
    for case in (
        jindong(appraisal=APPRAISAL, expert=experts),
        Case.read(EXAMPLES / "chongqing-2016.toml"),
        Case.read(EXAMPLES / "wetland-equivalency.toml"),
        Case.read(WHOLE),
    ):
        every = [choose(kind).word for kind in KINDS]
        prepared = variables(case.assess(), *every)
        compared(prepared, "")
    used = set().union(*(used_by(path, 0) for path in every))
    assert used <= known_variables()[""]
    assert set(NAMES) <= known_variables()[""]


def test_the_numbers_are_those_of_the_one_context(tmp_path):
    assessment = jindong().assess()
    whole = context(assessment)
    for kind in KINDS:
        prepared = variables(assessment, choose(kind).word)
        for name in ("total", "capitals", "threshold_basis", "fingerprint", "summary"):
            assert prepared[name] == whole[name]


def test_the_command_names_files_for_the_kind_and_the_language(tmp_path, monkeypatch, capsys):
    case = str(EXAMPLES / "chongqing-2016.toml")
    given = ["--template", "report", "--lang", "en", "--no-pdf", "--out", str(tmp_path)]
    monkeypatch.setattr("sys.argv", ["ecoval", "opinion", case, *given])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code, capsys.readouterr().err
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["chongqing-2016-report-en.docx", "chongqing-2016-report-en.json"]
    held = json.loads((tmp_path / "chongqing-2016-report-en.json").read_text(encoding="utf-8"))
    assert "document" not in held


def test_the_fingerprint_stands_as_a_code_that_says_it(tmp_path):
    path = written(tmp_path, jindong(), "opinion")
    with zipfile.ZipFile(path) as package:
        pictures = [name for name in package.namelist() if name.startswith("word/media/")]
        xml = package.read("word/document.xml").decode("utf-8")
    digits = jindong().assess().fingerprint
    assert len(pictures) == 1
    assert re.search(rf'descr="QR {digits}"', xml)
    assert f"QR {digits}" in (tmp_path / "x.html").read_text(encoding="utf-8")


STRANGE = {
    "control": "甲\x00\x07\x0b\x1f\ufffe乙",
    "long": "长" * 10_000,
    "right to left": "\u202eתביעה\u202c دعوى 123",
    "rare": "𠀀𪚥㐀龘 Å ∰ 🌊",
    "entities": "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]> &y; &lt;w:t&gt; &#65;",
    "braces": "{{ total }} {% if %} {# #}",
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("kind", KINDS)
def test_strange_texts_stand_in_every_document_and_verify(tmp_path, kind, text):
    data = tomllib.loads((EXAMPLES / "jindong-2024.toml").read_text(encoding="utf-8"))
    case = jindong(
        title=f"案{text}",
        expert=[{"name": f"甲{text}", "unit": text, "recusal": text}],
        item=[data["item"][0] | {"title": f"项{text}", "note": text}],
        party=[{"role": "claimant", "name": f"乙{text}"}],
    )
    plain = re.sub(r"[\x00-\x08\x0b-\x1f\ufffe]", "", f"案{text}")
    for language in ("zh", "en"):
        path = written(tmp_path, case, kind, language)
        assert any(plain in said for said in texts(path))
        assert verify(path).is_good


def altered(held, place, other):
    return held[:place] + other + held[place + 1 :]


def digits(xml):
    """The places of the digits that a reader sees, not those of fields such as the page number."""
    fields = [
        (begin.start(), xml.index('"end"', begin.start()))
        for begin in re.finditer(r'fldCharType="begin"', xml)
    ]
    for run in re.finditer(r"<(w:t|m:t)(?: [^>]*)?>([^<]*)</\1>", xml):
        if any(start < run.start() < end for start, end in fields):
            continue
        for place in range(*run.span(2)):
            if xml[place] in "0123456789" and not re.search(r"&#?\w*$", xml[place - 8 : place]):
                yield place


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_single_digit_altered_in_any_document_is_found(kind, language):
    """A hundred places of each document: each is found where it stands, and nothing else."""
    dice = random.Random(f"{kind} {language}")
    assessment = Case.read(WHOLE).assess()
    word = choose(kind, language).word
    held = render_word(word, variables(assessment, word, language=language))
    wanted = of_word(held)
    assert not list(compared(of_word(held), wanted))
    with zipfile.ZipFile(BytesIO(held)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    xml = parts["word/document.xml"].decode("utf-8")
    # What the comparison reads, and nothing that only makes a package bigger.
    kept = [name for name in parts if name.startswith(("word/header", "word/footer"))]
    places = list(digits(xml))
    for place in dice.sample(places, min(100, len(places))):
        other = dice.choice([digit for digit in "0123456789" if digit != xml[place]])
        written = BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as package:
            package.writestr("word/document.xml", altered(xml, place, other))
            for name in kept:
                package.writestr(name, parts[name])
        (change,) = compared(of_word(written.getvalue()), wanted)
        assert change.printed != change.recomputed, xml[place - 60 : place + 60]


def test_every_single_digit_altered_in_a_page_is_found():
    dice = random.Random(11)
    assessment = Case.read(WHOLE).assess()
    source = choose("opinion").page
    page = render_page(source, variables(assessment, source))
    wanted = of_page(page)
    body = page.index("<body>")
    shown = [
        place
        for text in re.finditer(r">([^<]+)<", page[body:])
        for place in range(body + text.start(1), body + text.end(1))
        if page[place] in "0123456789" and not re.search(r"&#?\w*$", page[place - 8 : place])
    ]
    for place in dice.sample(shown, 100):
        other = dice.choice([digit for digit in "0123456789" if digit != page[place]])
        (change,) = compared(of_page(altered(page, place, other)), wanted)
        assert change.printed != change.recomputed, page[place - 60 : place + 60]


@pytest.mark.skipif(office() is None, reason="LibreOffice (soffice) is not installed")
@pytest.mark.parametrize("kind", ["settlement"])
def test_a_pdf_verifies_and_an_altered_one_does_not(tmp_path, kind):
    case = Case.read(WHOLE)
    path = written(tmp_path, case, kind, "en", pdf=True)
    pdf = path.with_suffix(".pdf")
    found = verify(pdf)
    assert found.is_good, str(found)
    inside = json.dumps(carried_by_pdf(pdf.read_bytes(), where="x"))
    false = tmp_path / "false.docx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(false, "w") as new:
        for name in old.namelist():
            held = old.read(name)
            if name == "word/document.xml":
                assert b"218,000.08" in held
                held = held.replace(b"218,000.08", b"218,000.03", 1)
            new.writestr(name, held)
    false_pdf = convert(false, "pdf", tmp_path)
    false_pdf.write_bytes(with_assessment(false_pdf.read_bytes(), inside))
    found = verify(false_pdf)
    assert found.status == "changed"
    assert "218,000.03" in str(found)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_charts_are_grey_and_say_in_words_what_they_show(tmp_path, language):
    from PIL import Image

    case = Case.read(EXAMPLES / "wetland-equivalency.toml")
    drawn = charts(case.assess(), language) + charts(Case.read(WHOLE).assess(), language)
    assert len(drawn) == 4
    for chart in drawn:
        picture = chart["picture"]
        with Image.open(BytesIO(picture.held)) as shown:
            colours = shown.convert("RGB").getcolors(1 << 24)
        assert all(red == green == blue for _, (red, green, blue) in colours)
        assert picture.alt.startswith(chart["title"]) and "%" in picture.alt
        assert language == "zh" or not re.search(r"[\u3400-\u9fff]", picture.alt)
    path = written(tmp_path, case, "report", language)
    with zipfile.ZipFile(path) as package:
        xml = package.read("word/document.xml").decode("utf-8")
    described = re.findall(r'<wp:docPr [^>]*descr="([^"]+)"', xml)
    # Three paths of services and the code of the fingerprint.
    assert len(described) == len(re.findall(r"<w:drawing>", xml)) == 4
