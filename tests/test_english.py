"""English documents: the same figures, our words in English, what others wrote as they wrote it."""

import re
import tomllib
from pathlib import Path

import pytest
from docx import Document

from ecoval.case import Case
from ecoval.case.entries import FACTS, ROLES, ROUTES
from ecoval.errors import EcovalError, InputError
from ecoval.findings import LEVELS
from ecoval.report import write_opinion
from ecoval.report.catalogue import (
    CHINESE,
    NoEnglish,
    english,
    english_markup,
    template_text,
    value_text,
)
from ecoval.report.choosing import TEMPLATES, choose
from ecoval.report.context import context
from ecoval.report.english import _KINDS, in_english
from ecoval.report.rendering import render_word
from ecoval.report.variables import variables
from ecoval.rules.cards import HEADS
from ecoval.rules.jurisdictions import place
from ecoval.rules.parameters import all_in_force, parameter, topics
from ecoval.rules.sources import STANDINGS, source
from ecoval.valuation import methods
from ecoval.valuation.item import ORIGINS
from ecoval.verify.texts import of_word
from tests.golden import golden_cases

EXAMPLES = Path(__file__).parent.parent / "examples"
# Names of places stay as they are, those too of which a rule is known elsewhere.
PLACES = {
    place(value.jurisdiction).name
    for names in topics().values()
    for name in names
    for value in parameter(name).values
} | {"全国"}
TAG = re.compile(r"\{[{%].*?[%}]\}")


def assessed(golden):
    """The golden case as a case of one item, None where its method serves no head of loss."""
    card = methods()[golden.method].card
    if not card.heads or not card.is_money or golden.raises:
        return None
    entry = {
        "method": golden.method,
        "head": card.heads[0],
        "inputs": golden.inputs,
        "overrule": golden.overrule,
        "cost_kind": "other",
    }
    data = {"title": "某案", "place": golden.jurisdiction, "on": golden.on, "route": "full"}
    return Case(**data, item=[entry]).assess()


@pytest.mark.parametrize("method", sorted({golden.method for golden in golden_cases()}))
def test_every_method_has_its_english(method):
    for golden in golden_cases():
        if golden.method != method:
            continue
        assessment = assessed(golden)
        if assessment is None:
            continue
        chinese = context(assessment)
        put = in_english(chinese, assessment)
        assert put["total"] == chinese["total"]
        for name in ("method", "amount", "head"):
            assert not CHINESE.search(put["items"][0][name]), put["items"][0][name]
        for row in put["items"][0]["inputs"]:
            assert not CHINESE.search(row["title"])
        for equation in put["items"][0]["equations"]:
            assert "元" not in equation["text"]
        for finding in put["findings"]:
            assert finding["text"]


ROOT = Path(__file__).parent.parent
CASES = sorted(
    [
        *ROOT.glob("examples/*.toml"),
        *ROOT.glob("tests/settlements/*.toml"),
        ROOT / "benchmarks" / "whole.toml",
    ]
)
MONEY = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})*\.\d{2}(?!\d)")
LABELS = tomllib.loads((ROOT / "templates" / "english.toml").read_text(encoding="utf-8"))["labels"]


def read(path):
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    data = data.get("case", data)
    return Case.read(ROOT / data["file"]) if "file" in data else Case(**data)


def strings(value):
    if isinstance(value, dict):
        return [text for part in value.values() for text in strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in strings(part)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_case_has_every_document_in_english_with_the_same_figures(path):
    assessment = read(path).assess()
    kinds = set(TEMPLATES) - (set() if assessment.settlement else {"settlement"})
    own = set(strings(assessment.as_dict()["case"]))
    for kind in sorted(kinds):
        printed = {}
        for language in ("zh", "en"):
            word = choose(kind, language).word
            held = render_word(word, variables(assessment, word, language=language))
            printed[language] = [each.text for each in of_word(held)]
        figures = {
            language: sorted(figure for text in texts for figure in MONEY.findall(text))
            for language, texts in printed.items()
        }
        assert figures["en"] == figures["zh"], kind
        # A text of ours that stands in an English document as it is was not put into English.
        ours = {text for text in printed["en"] if text in LABELS and CHINESE.search(text)}
        assert ours <= own, kind


def kinds_of(value, path=""):
    """Each text of the variables with the way it is put into English."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from kinds_of(part, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for part in value:
            yield from kinds_of(part, path)
    elif isinstance(value, str):
        yield path, value


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_is_ours_is_english_to_the_last_word(path):
    """A Chinese word in a text of ours is one that the case, a place or a cited text brought in."""
    assessment = read(path).assess()
    data = assessment.as_dict()
    brought = [*strings(data["case"]), str(assessment.case.jurisdiction)]
    for rules in _rules(assessment):
        brought += [rules.citation, rules.brief, rules.place.name]
    for item in assessment.items:
        for part in _parts(item.item):
            brought += [part.card.cited(), part.card.note, source(part.card.standard).short]
            brought += [condition.text for condition in part.card.conditions]
            brought += [str(source(used.source)) for used in part.inputs if used.source]
            brought += [used.note for used in part.inputs]
            brought += [finding.where + finding.clause for finding in part.findings]
    known = "\n".join([*brought, *PLACES])
    for where, text in kinds_of(in_english(context(assessment), assessment)):
        if _KINDS.get(where) not in ("ours", "sheet", "row", "value", "open", "looked up"):
            continue
        for word in re.findall(r"[\u3400-\u9fff]+", text):
            assert word in known, (where, text)


def _rules(assessment):
    yield from assessment.legal_basis
    yield from assessment.performance.rules if assessment.performance else ()
    yield from assessment.eligibility.rules if assessment.eligibility else ()
    for item in assessment.items:
        yield from item.item.parameters
    for topic in ("heads",):
        for name in topics()[topic]:
            for value in parameter(name).values:
                yield from all_in_force(name, on=value.since, jurisdiction=value.jurisdiction)


def _parts(item):
    yield item
    for part in item.parts:
        yield from _parts(part)


@pytest.mark.parametrize(
    "labels", [HEADS, ROLES, ROUTES, FACTS, STANDINGS, LEVELS, ORIGINS], ids=lambda each: ""
)
def test_every_label_of_ours_has_its_english(labels):
    for chinese in labels.values():
        assert not CHINESE.search(english(chinese))


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_text_of_a_template_has_its_english(name):
    path = Path(__file__).parent.parent / "templates" / f"{name}-en.docx"
    document = Document(str(path))
    section = document.sections[0]
    texts = [
        part.text or ""
        for root in (document.element, section.header._element, section.footer._element)
        for part in root.iter("{*}t")
    ]
    assert [text for text in texts if CHINESE.search(TAG.sub("", text))] == []


def test_a_label_without_english_is_refused_by_name():
    with pytest.raises(NoEnglish, match="没有英文：没有这一句.*出具中文本"):
        english("没有这一句")
    with pytest.raises(NoEnglish, match="没有英文：新的标题"):
        template_text("{{ section() }}、新的标题")


def test_a_variable_nobody_described_is_refused_by_name():
    assessment = Case.read(EXAMPLES / "chongqing-2016.toml").assess()
    prepared = context(assessment) | {"news": [{"text": "新的一句"}]}
    with pytest.raises(NoEnglish, match="变量 news.text 没有说明如何写成英文"):
        in_english(prepared, assessment)


@pytest.mark.parametrize(
    ("chinese", "said"),
    [
        ("2024年12月30日", "30 December 2024"),
        ("第 3 项", "item 3"),
        ("12 处待补、1 项须处理", "12 open points, 1 findings to settle"),
        ("费用 1,000.00 元（四舍五入至元）", "Cost 1,000.00 CNY (rounded half up to CNY)"),
        ("是，见第 3 页", "yes, 见第 3 页"),
        ("低于 500,000 元", "below 500,000 CNY"),
    ],
)
def test_sentences_keep_numbers_and_what_others_wrote(chinese, said):
    assert english(chinese) == said


def test_units_are_put_into_english_and_classes_are_not():
    assert value_text("8.3 元/t", "en") == "8.3 CNY/t"
    assert value_text("2 公顷·年", "en") == "2 ha·yr"
    assert value_text("第二类污染物", "en") == "第二类污染物"
    assert value_text("8.3 元/t", "zh") == "8.3 元/t"


def test_an_equation_keeps_the_symbols_of_the_standard():
    markup = "<m:t>U_固土</m:t><m:t> 元/t</m:t><m:t>土</m:t>"
    assert english_markup(markup) == "<m:t>U_固土</m:t><m:t> CNY/t</m:t><m:t>土</m:t>"


@pytest.mark.parametrize("example", ["jindong-2024", "chongqing-2016"])
def test_the_english_opinion_has_the_figures_of_the_chinese(tmp_path, example):
    assessment = Case.read(EXAMPLES / f"{example}.toml").assess()
    numbers = []
    for language in ("zh", "en"):
        write_opinion(assessment, tmp_path, name=language, pdf=False, draft=True, language=language)
        document = Document(str(tmp_path / f"{language}.docx"))
        table = next(t for t in document.tables if t.rows[-1].cells[0].text in ("合计", "Total"))
        numbers.append([row.cells[-1].text for row in table.rows[1:]])
    assert numbers[0] == numbers[1]
    assert numbers[0][-1] == context(assessment)["total"]
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "The damages for eco-environmental harm in this case are assessed at CNY" in text


def test_what_users_wrote_stays_as_written(tmp_path):
    data = {"title": "同意", "place": "浙江省金华市", "on": "2024-06-01", "route": "full"}
    fact = {"act": "不符合", "damage": {"text": "基线", "evidence": "M1"}}
    item = {
        "method": "water-virtual-treatment",
        "head": "restoration",
        "note": "合计",
        "inputs": {
            "discharge": {"value": "500 t", "note": "查表"},
            "unit_cost": "8.3 元/t",
            "hazard": 1.5,
            "exceedance": 1.25,
            "function": 2,
        },
    }
    assessment = Case(**data, facts=fact, item=[item]).assess()
    put = in_english(context(assessment), assessment)
    assert put["case_title"] == "同意"
    assert {"label": "Case", "text": "同意", "open": ""} in put["basics"]
    assert put["facts"][0]["open"] == ""
    assert next(row["text"] for row in put["facts"]) == "不符合"
    assert put["items"][0]["note"] == "合计"
    assert put["items"][0]["inputs"][0]["basis"] == "查表"


def test_a_language_that_is_not_there_is_refused(tmp_path):
    assessment = Case.read(EXAMPLES / "chongqing-2016.toml").assess()
    with pytest.raises(InputError, match="没有这种语言的模板"):
        write_opinion(assessment, tmp_path, name="x", pdf=False, draft=True, language="fr")
    assert issubclass(NoEnglish, EcovalError)
