"""A document proves itself: whatever is altered in it is found, and nothing else."""

import json
import random
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from ecoval import Case
from ecoval.audit import write_audit
from ecoval.cli import main
from ecoval.errors import InputError
from ecoval.report import write_opinion
from ecoval.report.carrying import LARGEST, as_part, as_script, carried_by_page, carried_by_word
from ecoval.verify import verify

EXAMPLES = Path(__file__).parent.parent / "examples"
SOFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The two published examples as documents."""
    folder = tmp_path_factory.mktemp("written")
    for name in ("jindong-2024", "chongqing-2016"):
        assessment = Case.read(EXAMPLES / f"{name}.toml").assess()
        write_opinion(assessment, folder, name=name, pdf=False, draft=True)
        write_audit(assessment, folder / f"{name}.xlsx")
    return folder


def rewritten(path, to, change):
    """Copy a zip package, each part as *change* (name, bytes) gives it back."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            held = change(name, old.read(name))
            if held is not None:
                new.writestr(name, held)
    return to


@pytest.mark.parametrize("name", ["jindong-2024", "chongqing-2016"])
@pytest.mark.parametrize("kind", ["docx", "html", "json"])
def test_a_document_as_written_is_intact(written, name, kind):
    found = verify(written / f"{name}.{kind}")
    assert found.status == "intact", str(found)
    assert not found.unchecked
    assert "完好" in str(found)


@pytest.mark.parametrize("name", ["jindong-2024", "chongqing-2016"])
def test_a_workbook_as_written_is_intact(written, name):
    found = verify(written / f"{name}.xlsx")
    assert found.is_good, str(found)
    assert "外观未核对" in str(found)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_a_workbook_saved_again_by_libreoffice_is_still_intact(written, tmp_path):
    command = [SOFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += [
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path),
        str(written / "jindong-2024.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    found = verify(tmp_path / "jindong-2024.xlsx")
    assert found.is_good, str(found)


def test_every_altered_digit_of_a_workbook_is_caught(written, tmp_path):
    """Of numbers shown, computed or given, and of texts."""
    dice = random.Random(5)
    path = written / "jindong-2024.xlsx"
    with zipfile.ZipFile(path) as package:
        parts = {
            name: package.read(name).decode("utf-8")
            for name in package.namelist()
            if name.endswith(".xml")
        }
    carried = next(
        f"xl/worksheets/sheet{place}.xml"
        for place, name in enumerate(
            re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"]), 1
        )
        if name == "案卷"
    )
    places = [
        (name, match.start(1) + at)
        for name, xml in parts.items()
        if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name) and name != carried
        for match in re.finditer(
            r'<c r="[A-Z]+\d+"(?: s="\d+")?(?: t="n")?>(?:<f>[^<]*</f>)?<v>([^<]+)</v>', xml
        )
        for at, sign in enumerate(match[1])
        if sign.isdigit() and len(match[1]) < 16
    ]
    for part, place in dice.sample(places, min(100, len(places))):
        xml = parts[part]
        other = dice.choice([digit for digit in "0123456789" if digit != xml[place]])
        altered = (xml[:place] + other + xml[place + 1 :]).encode("utf-8")
        to = rewritten(
            path,
            tmp_path / "altered.xlsx",
            lambda name, held, part=part, altered=altered: altered if name == part else held,
        )
        found = verify(to)
        assert found.status == "changed", (part, xml[place - 60 : place + 60])


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
@pytest.mark.parametrize("name", ["jindong-2024", "chongqing-2016"])
def test_a_document_saved_again_by_libreoffice_is_still_intact(written, tmp_path, name):
    command = [SOFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "docx", "--outdir", str(tmp_path), str(written / f"{name}.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    found = verify(tmp_path / f"{name}.docx")
    assert found.status == "intact", str(found)


# A digit in the text of a run or of an equation, but not in a field such as the page number.
_RUN = re.compile(r"<(w:t|m:t)(?: [^>]*)?>([^<]*)</\1>")


def _digits(xml):
    fields = [
        (begin.start(), xml.index('"end"', begin.start()))
        for begin in re.finditer(r'fldCharType="begin"', xml)
    ]
    for run in _RUN.finditer(xml):
        if any(start < run.start() < end for start, end in fields):
            continue
        for place in range(*run.span(2)):
            if xml[place].isdigit() and xml[place].isascii():
                yield place


@pytest.mark.parametrize("name", ["jindong-2024", "chongqing-2016"])
def test_every_altered_digit_of_a_word_document_is_caught(written, tmp_path, name):
    dice = random.Random(20261122)
    path = written / f"{name}.docx"
    with zipfile.ZipFile(path) as package:
        xml = package.read("word/document.xml").decode("utf-8")
    places = dice.sample(list(_digits(xml)), 100)
    for place in places:
        other = dice.choice([digit for digit in "0123456789" if digit != xml[place]])
        altered = (xml[:place] + other + xml[place + 1 :]).encode("utf-8")
        to = rewritten(
            path,
            tmp_path / "altered.docx",
            lambda part, held, altered=altered: altered if part == "word/document.xml" else held,
        )
        found = verify(to)
        assert found.status == "changed", xml[place - 60 : place + 60]
        (change,) = found.changes
        assert change.printed != change.recomputed


def test_every_altered_digit_of_a_page_is_caught(written, tmp_path):
    dice = random.Random(7)
    page = (written / "chongqing-2016.html").read_text(encoding="utf-8")
    body, end = page.index("<body>"), page.index("<script")
    shown = [
        place
        for text in re.finditer(r">([^<]+)<", page[body:end])
        for place in range(body + text.start(1), body + text.end(1))
        if page[place].isdigit() and page[place].isascii()
    ]
    shown = [place for place in shown if not re.search(r"&#?\w*$", page[place - 8 : place])]
    for place in dice.sample(shown, 100):
        other = dice.choice([digit for digit in "0123456789" if digit != page[place]])
        to = tmp_path / "altered.html"
        to.write_text(page[:place] + other + page[place + 1 :], encoding="utf-8", newline="\n")
        assert verify(to).status == "changed", page[place - 60 : place + 60]


def test_a_word_put_in_and_a_row_cut_are_named(written, tmp_path):
    def change(part, held):
        if part != "word/document.xml":
            return held
        text = held.decode("utf-8")
        assert "15,563.00" in text
        return text.replace("15,563.00", "15,653.00").encode("utf-8")

    found = verify(rewritten(written / "jindong-2024.docx", tmp_path / "x.docx", change))
    assert found.status == "changed"
    said = str(found)
    assert "15,653.00" in said
    assert "15,563.00" in said
    assert "表 " in said


def test_a_figure_of_the_case_inside_that_was_altered_does_not_follow(written, tmp_path):
    data = json.loads((written / "jindong-2024.json").read_text(encoding="utf-8"))
    data["total"] = "1.00"
    path = tmp_path / "x.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    found = verify(path)
    assert found.status == "moved"
    assert "total：应为“16563.00”，印作“1.00”" in str(found)


def test_an_older_parameter_shows_what_would_change_now(written, tmp_path):
    data = json.loads((written / "jindong-2024.json").read_text(encoding="utf-8"))
    data["version"] = "0.0.9"
    path = tmp_path / "x.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    found = verify(path)
    assert found.status == "moved"
    assert [change.where for change in found.moved] == ["version"]


def test_a_document_without_its_case_is_refused(written, tmp_path):
    to = rewritten(
        written / "jindong-2024.docx",
        tmp_path / "x.docx",
        lambda part, held: None if b"urn:ecoval:assessment" in held else held,
    )
    with pytest.raises(InputError, match="没有案卷"):
        verify(to)


def test_two_cases_in_one_document_are_refused(written, tmp_path):
    path = rewritten(written / "jindong-2024.docx", tmp_path / "x.docx", lambda _, held: held)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("customXml/item99.xml", as_part("{}"))
    with pytest.raises(InputError, match="2 份案卷"):
        verify(path)
    page = '<script type="x" id="ecoval-assessment">{}</script>' * 2
    with pytest.raises(InputError, match="2 份案卷"):
        carried_by_page(page, where="x")


def test_a_file_that_is_not_ours_is_refused(tmp_path):
    from docx import Document

    Document().save(str(tmp_path / "other.docx"))
    with pytest.raises(InputError, match="没有案卷"):
        verify(tmp_path / "other.docx")
    (tmp_path / "x.docx").write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError, match="不是完整的 Word 文件"):
        verify(tmp_path / "x.docx")
    (tmp_path / "x.txt").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="不能复核这种文件"):
        verify(tmp_path / "x.txt")
    with pytest.raises(InputError, match="不能读取"):
        verify(tmp_path / "absent.docx")
    (tmp_path / "x.html").write_text("<p>1</p>", encoding="utf-8")
    with pytest.raises(InputError, match="没有案卷"):
        verify(tmp_path / "x.html")


def test_a_truncated_document_is_refused(written, tmp_path):
    held = (written / "jindong-2024.docx").read_bytes()
    (tmp_path / "x.docx").write_bytes(held[: len(held) // 2])
    with pytest.raises(InputError, match="不是完整的 Word 文件"):
        verify(tmp_path / "x.docx")


def test_a_bomb_is_refused_by_its_size_before_it_is_unpacked(tmp_path):
    package = zipfile.ZipFile(tmp_path / "x.docx", "w", zipfile.ZIP_DEFLATED)
    with package, package.open("customXml/item1.xml", "w", force_zip64=True) as part:
        for _ in range(LARGEST // 2**20 + 1):
            part.write(b" " * 2**20)
    with pytest.raises(InputError, match="过大"):
        verify(tmp_path / "x.docx")


def test_an_entity_in_a_part_reads_no_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text('{"case": {}}', encoding="utf-8")
    part = (
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        '<assessment xmlns="urn:ecoval:assessment:1">&x;</assessment>'
    )
    with zipfile.ZipFile(tmp_path / "x.docx", "w") as package:
        package.writestr("customXml/item1.xml", part)
    with pytest.raises(InputError, match="残缺"):
        verify(tmp_path / "x.docx")


@pytest.mark.parametrize(
    "text",
    ["</script><script>alert(1)</script>", "]]>&amp;<a>", "\x01\x0b\x1f", "𠮷\u202e", "\\u003c"],
)
def test_whatever_a_case_says_comes_out_as_it_went_in(tmp_path, text):
    data = {"case": {"title": text}}
    held = json.dumps(data)
    with zipfile.ZipFile(tmp_path / "x.docx", "w") as package:
        package.writestr("customXml/item1.xml", as_part(held))
    assert carried_by_word((tmp_path / "x.docx").read_bytes(), where="x") == data
    page = as_script(held)
    assert carried_by_page(page, where="x") == data
    assert page.count("</script>") == 1


def test_the_command_says_what_it_found(written, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("sys.argv", ["ecoval", "verify", str(written / "jindong-2024.docx")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    assert "完好" in capsys.readouterr().out
    page = (written / "jindong-2024.html").read_text(encoding="utf-8")
    (tmp_path / "x.html").write_text(
        page.replace("500 t", "600 t", 1), encoding="utf-8", newline="\n"
    )
    monkeypatch.setattr("sys.argv", ["ecoval", "verify", str(tmp_path / "x.html")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert "600 t" in capsys.readouterr().out
