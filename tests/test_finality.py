"""A final document leaves nothing open: every part there, every recalled value confirmed by a signer."""

import pytest

from ecoval.case import Case
from ecoval.errors import InputError, OutputError
from ecoval.report import write_opinion

# What the published examples cannot be: a case in which everything is said. The people are made up.
WHOLE = {
    "title": "某案",
    "place": "江苏省泰州市",
    "on": "2021-06-01",
    "route": "full",
    "party": [{"role": "claimant", "name": "某局"}, {"role": "obligor", "name": "某公司"}],
    "material": [{"id": "M1", "title": "监测报告"}],
    "facts": dict.fromkeys(
        ("act", "breach", "baseline", "damage", "causation", "restoration"), "已查明"
    ),
    "conclusion": {"uncertainty": "已说明"},
    "expert": [
        {"name": "甲", "unit": "某院", "title": "研究员", "field": "水", "recusal": "无须回避"}
    ],
    "item": [
        {
            "method": "fishery-restocking",
            "head": "restoration",
            "inputs": {
                "lost": "10000 尾",
                "survival": "25 %",
                "fry_price": "0.5 元/尾",
                "handling": "0.1 元/尾",
            },
        }
    ],
}


def whole(**item):
    data = {**WHOLE, "item": [{**WHOLE["item"][0], **item}]}
    case = Case(**data)
    conditions = {one.id: True for one in case.assess().items[0].card.conditions}
    forbids = {one.id for one in case.assess().items[0].card.conditions if one.kind == "forbids"}
    conditions |= dict.fromkeys(forbids, False)
    return Case(**{**data, "item": [{**data["item"][0], "conditions": conditions}]})


def test_a_recalled_formula_keeps_the_document_a_draft(tmp_path):
    assessment = whole().assess()
    assert [point for point in assessment.open_points if "待核实" in point]
    with pytest.raises(OutputError, match=r"不能出具正式文书.*待核实.*confirm\.method"):
        write_opinion(assessment, tmp_path, name="x", pdf=False, final=True)
    assert not list(tmp_path.iterdir())


def test_what_a_signer_confirmed_with_the_page_may_be_final(tmp_path):
    open_names = [
        point.rpartition("confirm.")[2].rstrip("）") for point in whole().assess().open_points
    ]
    confirm = {name: {"by": "甲", "page": 12} for name in open_names}
    assessment = whole(confirm=confirm).assess()
    assert assessment.open_points == ()
    assert not assessment.is_draft
    write_opinion(assessment, tmp_path, name="x", pdf=False, final=True)
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "甲核对原文第 12 页" in page
    assert "草稿" not in page


def test_nobody_outside_the_panel_can_confirm():
    confirm = {"method": {"by": "乙", "page": "12"}}
    assert any("confirm.method" in point for point in whole(confirm=confirm).assess().open_points)


@pytest.mark.parametrize("said", ["看过", {"by": "甲"}, {"by": "", "page": "1"}])
def test_a_confirmation_names_who_and_the_page(said):
    from ecoval.reading import check

    data = {**WHOLE, "item": [{**WHOLE["item"][0], "confirm": {"method": said}}]}
    with pytest.raises(InputError, match="confirm"):
        check(data, Case, where="案件")


def test_a_dissent_without_reason_stops_even_a_plain_document(tmp_path):
    case = whole()
    case.experts = [case.experts[0].model_copy(update={"agrees": False})]
    with pytest.raises(OutputError, match="不同意而未写理由"):
        write_opinion(case.assess(), tmp_path, name="x", pdf=False)
