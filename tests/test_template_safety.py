"""A template is somebody else's file: it reaches the variables, and nothing behind them."""

import zipfile

import pytest
from docx import Document

from ecoval.case import Case
from ecoval.errors import ContentError
from ecoval.report.carrying import LARGEST
from ecoval.report.context import context
from ecoval.report.rendering import render_page, render_word

WATER = {
    "discharge": "500 t",
    "unit_cost": "8.3 元/t",
    "hazard": 1.5,
    "exceedance": 1.25,
    "function": 2,
}


@pytest.fixture(scope="module")
def variables():
    item = {"method": "water-virtual-treatment", "head": "restoration", "inputs": WATER}
    data = {"title": "某案", "place": "浙江省金华市", "on": "2024-06-01", "route": "full"}
    return context(Case(**data, item=[item]).assess())


def template(path, *paragraphs):
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(str(path))
    return path


ESCAPES = [
    "{{ total.__class__.__mro__ }}",
    "{{ ''.__class__.__base__.__subclasses__() }}",
    "{{ section.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.system('true') }}",
    "{{ items.append(1) }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% for place in range(10000000000) %}x{% endfor %}",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_no_template_reaches_behind_its_variables(tmp_path, variables, text):
    with pytest.raises(ContentError, match="模板"):
        render_word(template(tmp_path / "x.docx", text), variables)
    (tmp_path / "x.html").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match="模板"):
        render_page(tmp_path / "x.html", variables)


def test_a_loop_left_open_is_said(tmp_path, variables):
    with pytest.raises(ContentError, match="模板写法有误"):
        render_word(template(tmp_path / "x.docx", "{%p for row in summary %}", "行"), variables)


def test_a_template_with_macros_is_refused(tmp_path, variables):
    path = template(tmp_path / "x.docx", "{{ title }}")
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("word/vbaProject.bin", b"macros")
    with pytest.raises(ContentError, match="模板中有宏，不予使用"):
        render_word(path, variables)


def test_a_template_that_unpacks_to_no_end_is_refused(tmp_path, variables):
    path = template(tmp_path / "x.docx", "{{ title }}")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/x.bin", b"0" * (LARGEST + 1))
    with pytest.raises(ContentError, match="过大"):
        render_word(path, variables)
