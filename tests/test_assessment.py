"""A case assessed: totals to the fen, findings, fingerprint, and the way through JSON and back."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecoval as ev
from ecoval.case import Assessment, Case
from ecoval.errors import InputError
from ecoval.valuation import registry

# 500 t × 8.3 元/t = 4,150 元; 1.5 × 1.25 × 2 = 3.75; 4,150 × 3.75 = 15,562.50 元.
WATER: dict[str, Any] = {
    "method": "water-virtual-treatment",
    "head": "restoration",
    "inputs": {
        "discharge": "500 t",
        "unit_cost": "8.3 元/t",
        "hazard": 1.5,
        "exceedance": 1.25,
        "function": 2,
    },
}


def _ledger(*prices: str, head: str = "prevention", **more: Any) -> dict[str, Any]:
    lines = [{"name": "费用", "quantity": "1 项", "unit_price": f"{each} 元/项"} for each in prices]
    return {"method": "cost-ledger", "head": head, "inputs": {"lines": lines}, **more}


def _data(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    data = {"title": "某案", "place": "浙江省金华市", "on": "2024-06-01", "route": "full"}
    return {**data, "item": list(items), **more}


def _assessed(*items: dict[str, Any], **more: Any) -> Assessment:
    return Case(**copy.deepcopy(_data(*items, **more))).assess()


def _expert(name: str, **more: Any) -> dict[str, Any]:
    filled = {"unit": "某大学", "title": "教授", "field": "水环境", "recusal": "无利害关系"}
    return {"name": name, **filled, **more}


def _codes(assessment: Assessment, level: str = "") -> list[str]:
    return [each.code for each in assessment.findings if level in ("", each.level)]


def _found(assessment: Assessment, code: str) -> str:
    return next(str(finding) for finding in assessment.findings if finding.code == code)


def _valued(**more: Any) -> ev.Item:
    terms = {**WATER["inputs"], "on": "2024-06-01", "jurisdiction": "330700", **more}
    return ev.water.virtual_treatment(**terms)


def _empty() -> Case:
    return Case(title="某案", place="浙江省金华市", on=date(2024, 6, 1), route="full")


def _again(case: Case) -> Assessment:
    """Assess what is left of *case* when it went through JSON."""
    return Case(**json.loads(json.dumps(case.as_dict(), ensure_ascii=False))).assess()


def test_heads_are_totalled_in_the_order_of_the_law() -> None:
    assessment = _assessed(
        _ledger("10.01", head="investigation", cost_kind="appraisal"),
        _ledger("1", "2.50"),
        WATER,
        _ledger("0.99"),
        _ledger("7", head="clearance"),
    )
    # prevention: 1 + 2.50 + 0.99 = 4.49
    assert list(assessment.by_head.items()) == [
        ("clearance", 700),
        ("prevention", 449),
        ("restoration", 1_556_250),
        ("investigation", 1_001),
    ]
    assert assessment.total == 700 + 449 + 1_556_250 + 1_001


def test_the_threshold_leaves_out_appraisal_and_monitoring() -> None:
    assessment = _assessed(
        WATER,
        _ledger("1000", cost_kind="monitoring"),
        _ledger("2000", head="investigation", cost_kind="appraisal"),
        _ledger("300", head="investigation", cost_kind="monitoring"),
        _ledger("40", head="clearance", cost_kind="appraisal"),
    )
    # What is booked under investigation is appraisal at least: 2,000 + 40; monitoring 1,000 + 300.
    assert assessment.by_kind == {"appraisal": 204_000, "monitoring": 130_000}
    assert assessment.threshold_basis == 1_556_250
    assert assessment.total == 1_556_250 + 204_000 + 130_000


def test_the_punitive_basis_is_interim_and_permanent_loss() -> None:
    # Of three items at 15,562.50 元 the one under restoration is left out.
    items = [{**WATER, "head": head} for head in ("restoration", "interim", "permanent")]
    assert _assessed(*items).punitive_basis == 2 * 1_556_250


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 10**10), min_size=1, max_size=30))
def test_many_items_add_up_to_the_sum_of_what_is_printed(thousandths: list[int]) -> None:
    assessment = _assessed(*(_ledger(f"{n // 1000}.{n % 1000:03d}") for n in thousandths))
    # Five thousandths go up: (n + 5) // 10 is n / 10 rounded half up.
    assert assessment.total == sum((n + 5) // 10 for n in thousandths)
    rows = [Decimal(amount.replace(",", "")) for *_, amount in assessment.rows()]
    assert sum(rows) * 100 == assessment.total
    assert sum(assessment.table()["金额（元）"]) * 100 == assessment.total


def test_an_item_is_rounded_as_it_says_and_nothing_else_is() -> None:
    rounded = {**WATER, "round": {"to": "元", "reason": "公示金额取整到元"}}
    assessment = _assessed(rounded, WATER)
    # 15,562.50 元 to the 元, half up, is 15,563; the other stays 15,562.50.
    assert [item.fens for item in assessment.items] == [1_556_300, 1_556_250]
    even = {**WATER, "round": {"to": "元", "rule": "half-even", "reason": "GB/T 8170"}}
    assert _assessed(even).total == 1_556_200


def test_a_rounding_needs_its_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        _assessed({**WATER, "round": {"to": "元", "reason": ""}})


def test_a_value_of_the_tables_that_is_not_verified_is_named() -> None:
    inputs = {key: value for key, value in WATER["inputs"].items() if key != "function"}
    text = _found(
        _assessed({**WATER, "inputs": {**inputs, "water_class": "Ⅲ"}}), "unverified-value"
    )
    # data/tables/water-function-2020.csv gives Ⅲ the coefficient 2 from memory.
    assert "环境功能系数 2 的依据待核实" in text and "第 1 项" in text


def test_an_open_value_is_named_with_its_reason() -> None:
    inputs = {**WATER["inputs"], "hazard": {"value": 1.5, "open": "页码待查"}}
    assessment = _assessed(_ledger("1"), {**WATER, "inputs": inputs})
    assert _found(assessment, "open-value") == "【请注意】第 2 项：危害系数 1.5 待定：页码待查"
    assert "第 2 项危害系数 α：页码待查" in assessment.open_points


def test_an_open_value_in_a_list_stays_open() -> None:
    quantity = [{"value": "1 项", "open": "凭证待补"}]
    inputs = {"quantity": quantity, "unit_price": ["1000 元/项"]}
    assessment = _assessed({"method": "cost-ledger", "head": "prevention", "inputs": inputs})
    assert any("凭证待补" in point for point in assessment.open_points)


@pytest.mark.parametrize(
    "more",
    [
        {"facts": {"act": {"text": "排放", "evidence": "M9"}}},
        {
            "item": [
                {**WATER, "inputs": {**WATER["inputs"], "hazard": {"value": 1.5, "evidence": "M9"}}}
            ]
        },
        {"item": [{**WATER, "conditions": {"act_established": {"met": True, "evidence": "M9"}}}]},
        {"route": "quick", "eligibility": {"facts_simple": {"met": True, "evidence": "M9"}}},
    ],
    ids=["a fact", "an input", "a condition of the method", "a condition of the quick route"],
)
def test_a_material_that_is_not_listed_is_named(more: dict[str, Any]) -> None:
    listed = [{"id": "M9", "title": "报告"}]
    assert "material-unknown" not in _codes(
        _assessed(**{**_data(WATER), **more, "material": listed})
    )
    assessment = _assessed(**{**_data(WATER), **more})
    assert "所引材料 M9 不在材料清单中" in _found(assessment, "material-unknown")


@pytest.mark.parametrize(
    ("condition", "met", "code", "words"),
    [
        ("act_established", False, "condition-failed", "不具备适用条件“排放或倾倒行为事实明确”"),
        (
            "damage_determinable",
            True,
            "condition-forbids",
            "存在不适用情形“通过调查和评估可以确定损害”",
        ),
    ],
)
def test_a_condition_of_the_standard_is_held_against_the_item(
    condition: str, met: bool, code: str, words: str
) -> None:
    text = _found(_assessed({**WATER, "conditions": {condition: met}}), code)
    assert words in text and "GB/T 39793.2-2020 1 范围" in text


def test_a_condition_that_is_met_is_not_a_finding() -> None:
    conditions = {
        "act_established": True,
        "damage_unclear": True,
        "actual_cost_known": False,
        "damage_determinable": False,
    }
    codes = _codes(_assessed({**WATER, "conditions": conditions}))
    assert not [code for code in codes if code.startswith("condition")]


def test_virtual_treatment_beside_restoration_of_the_water_counts_twice() -> None:
    works = _ledger("9000", head="restoration", medium="surface-water")
    text = _found(_assessed(works, WATER), "double-counting")
    assert "重复计算同一损害" in text and "应删去第 2 项" in text


def test_restoring_another_medium_does_not_count_twice() -> None:
    works = _ledger("9000", head="restoration", medium="soil")
    assert "double-counting" not in _codes(_assessed(works, WATER))


def test_two_experts_are_too_few() -> None:
    assessment = _assessed(WATER, route="quick", expert=[_expert("甲"), _expert("乙")])
    assert "专家 2 名，少于 3 名" in _found(assessment, "too-few-experts")
    assert "too-few-experts" in [finding.code for finding in assessment.stops]


def test_an_expert_cannot_sign_twice() -> None:
    panel = [_expert("甲"), _expert("乙"), _expert("甲 ")]
    assessment = _assessed(WATER, route="quick", expert=panel)
    assert "专家 甲（某大学）列了 2 次" in _found(assessment, "duplicate-expert")
    assert "duplicate-expert" in _codes(assessment, "stop")


def test_experts_of_one_name_in_two_places_are_to_be_told_apart() -> None:
    panel = [_expert("甲"), _expert("乙"), _expert("甲", unit="某研究院")]
    assessment = _assessed(WATER, route="quick", expert=panel)
    assert "same-name-experts" in _codes(assessment, "warning")
    assert "duplicate-expert" not in _codes(assessment)


def test_a_dissent_needs_its_reason() -> None:
    def stops(**more: Any) -> list[str]:
        panel = [_expert("甲"), _expert("乙"), _expert("丙", agrees=False, **more)]
        return _codes(_assessed(WATER, route="quick", expert=panel), "stop")

    assert "dissent-without-reason" in stops(dissent=" ")
    assert "dissent-without-reason" not in stops(dissent="单位治理成本偏低")


def test_seats_kept_open_count_as_seats_and_stay_open() -> None:
    panel = [_expert("甲"), {"open": "待聘"}, {"open": "待聘"}]
    assessment = _assessed(WATER, route="quick", expert=panel)
    assert not assessment.stops
    assert "专家 2：待聘" in assessment.open_points
    panel[1] = {}
    assert set(_codes(_assessed(WATER, route="quick", expert=panel), "stop")) == {
        "too-few-experts",
        "expert-unnamed",
    }


def test_an_assessment_is_frozen() -> None:
    assessment = _assessed(WATER)
    with pytest.raises(dataclasses.FrozenInstanceError):
        assessment.items = ()  # type: ignore[misc]


def test_a_case_changed_afterwards_does_not_change_its_assessment() -> None:
    case = Case(**_data(WATER))
    assessment, expected = case.assess(), case.assess().fingerprint
    case.on = date(2025, 6, 1)
    assert assessment.fingerprint == expected


def _term(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data["item"][0]["inputs"].__setitem__(name, value)


FIGURES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "an input": _term("discharge", "501 t"),
    "an input by a digit no print shows": _term("hazard", 1.5 + 1e-12),
    "a head": lambda data: data["item"][0].update(head="interim"),
    "a kind of cost": lambda data: data["item"][1].update(cost_kind="monitoring"),
    "a rounding": lambda data: data["item"][0].update(round={"to": "角", "reason": "惯例"}),
    "the day of an item": lambda data: data["item"][0].update(on="2023-06-01"),
    "an item more": lambda data: data["item"].append(_ledger("0.01")),
    "a line": lambda data: data["item"][1]["inputs"]["lines"][0].update(quantity="2 项"),
    "the place": lambda data: data.update(place="320600"),
    "the day": lambda data: data.update(on="2024-06-02"),
    "the route": lambda data: data.update(route="quick"),
}

PROSE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "the title": lambda data: data.update(title="另一题名"),
    "the number": lambda data: data.update(number="〔2024〕1号", id="x", note="说明"),
    "the parties": lambda data: data.update(party=[{"role": "obligor", "name": "某公司"}]),
    "the facts": lambda data: data.update(facts={"act": "排放废水"}),
    "the materials": lambda data: data.update(material=[{"id": "M1", "title": "报告"}]),
    "the conclusion": lambda data: data.update(conclusion={"limits": ["仅供磋商"]}),
    "the panel": lambda data: data.update(expert=[{"open": "待聘"}] * 3),
    "the note of an item": lambda data: data["item"][0].update(note="暂列"),
    "the title of an item": lambda data: data["item"][0].update(title="地表水损害"),
}


@pytest.mark.parametrize("change", FIGURES.values(), ids=FIGURES)
def test_any_figure_changes_the_fingerprint(change: Callable[[dict[str, Any]], Any]) -> None:
    data = copy.deepcopy(_data(WATER, _ledger("1")))
    change(data)
    assert Case(**data).assess().fingerprint != _assessed(WATER, _ledger("1")).fingerprint


@pytest.mark.parametrize("change", PROSE.values(), ids=PROSE)
def test_prose_does_not_change_the_fingerprint(change: Callable[[dict[str, Any]], Any]) -> None:
    data = copy.deepcopy(_data(WATER, _ledger("1")))
    change(data)
    assert Case(**data).assess().fingerprint == _assessed(WATER, _ledger("1")).fingerprint


def test_a_fingerprint_is_twelve_hex_digits_and_the_same_again() -> None:
    first = _assessed(WATER).fingerprint
    assert len(first) == 12 and int(first, 16) >= 0
    assert first == _assessed(WATER).fingerprint


MADE: dict[str, tuple[Callable[[], ev.Item], dict[str, Any]]] = {
    "texts": (_valued, {}),
    "quantities": (lambda: _valued(discharge=ev.Q_(500, "t"), unit_cost=ev.Q_(8.3, "元/t")), {}),
    "a value with its evidence": (lambda: _valued(hazard=ev.given(1.5, evidence="M1")), {}),
    "a title for the case": (_valued, {"title": "地表水损害"}),
    "an overrule": (lambda: _valued(hazard=3, overrule={"hazard": "毒性大"}), {}),
    "a day of its own": (lambda: _valued(on="2023-06-01"), {}),
    "a rounding for the case": (_valued, {"round": {"to": "元", "reason": "公示取整"}}),
}


@pytest.mark.parametrize(("make", "more"), MADE.values(), ids=MADE)
def test_a_case_made_in_python_comes_back_from_json_the_same(
    make: Callable[[], ev.Item], more: dict[str, Any]
) -> None:
    case = _empty()
    case.add(make(), head="restoration", **more)
    again = _again(case)
    assert again.total == case.assess().total
    assert again.fingerprint == case.assess().fingerprint


def test_a_rounding_made_in_python_is_kept_or_refused() -> None:
    case = _empty()
    try:
        case.add(_valued(rounding=ev.Rounding("元")), head="restoration")
    except InputError:
        return
    assert _again(case).total == case.assess().total == 1_556_300


def test_a_case_read_as_a_table_comes_back_from_json_the_same() -> None:
    panel = [_expert("甲"), {"open": "待聘"}, {"open": "待聘"}]
    data = _data(WATER, _ledger("1", "2.5"), route="quick", expert=panel, facts={"act": "排放"})
    case = Case(**copy.deepcopy(data))
    assert _again(case).as_dict() == case.assess().as_dict()
    assert json.loads(json.dumps(case.assess().as_dict()))["total"] == "15566.00"


def test_an_item_valued_for_another_place_is_refused() -> None:
    with pytest.raises(InputError, match="按 江苏省南通市 计算，案件在 浙江省金华市"):
        _empty().add(_valued(jurisdiction="320600"), head="restoration")


def test_a_case_moved_elsewhere_does_not_keep_the_figures_of_the_old_place() -> None:
    case = _empty()
    case.add(_valued(), head="restoration")
    case.place = "320600"
    try:
        places = {item.item.place.code for item in case.assess().items}
    except InputError:
        return
    assert places == {"320600"}


def test_a_case_without_items_cannot_be_assessed() -> None:
    with pytest.raises(InputError, match="某案：案件没有任何赔偿项"):
        _empty().assess()


def test_an_assessment_shows_itself_as_text_and_as_html() -> None:
    assessment = _assessed(WATER, title="<某>案", route="quick")
    text, page = str(assessment), assessment._repr_html_()
    for shown in ("15,562.50", "人民币壹万伍仟伍佰陆拾贰元伍角整", assessment.fingerprint):
        assert shown in text and shown in page
    assert text.startswith("<某>案（浙江省金华市，2024-06-01）")
    assert "&lt;某&gt;案" in page and "<某>" not in page
    assert "【须处理】expert：专家 0 名" in text


def test_the_verdict_enters_the_fingerprint() -> None:
    def quick(met: bool) -> Assessment:
        facts = {"facts_simple": {"met": met, "note": "核对"}}
        return _assessed(WATER, route="quick", eligibility=facts)

    simple, not_simple = quick(True), quick(False)
    assert simple.total == not_simple.total
    assert simple.fingerprint != not_simple.fingerprint


def test_what_is_attested_of_the_assessed_case_does_not_change_with_the_case() -> None:
    ending = {"corrected": {"met": True, "note": "已核"}}
    case = Case(**copy.deepcopy(_data(WATER, ending=ending)))
    assessment = case.assess()
    case.ending.clear()
    assert list(assessment.case.ending) == ["corrected"]


def test_an_item_is_valued_by_its_method_as_it_is_now(monkeypatch: pytest.MonkeyPatch) -> None:
    ev.methods()
    monkeypatch.setattr(registry, "_known", dict(registry._known))
    card = """
id = "test-redefined"
title = "测试"
title_en = "Test"
heads = ["restoration"]
standard = "arithmetic"
clause = ""
standing = "verified"
[[term]]
name = "amount"
symbol = "A"
title = "数额"
unit = "元"
[result]
symbol = "F"
title = "费用"
"""

    @ev.method(card)
    def once(amount):
        return amount

    case = Case(**_data())
    case.add(
        once(amount="100 元", on="2024-06-01", jurisdiction="浙江省金华市"), head="restoration"
    )
    assert case.assess().total == 10_000

    @ev.method(card)
    def twice(amount):
        return amount * 2

    assert case.assess().total == Case(**case.as_dict()).assess().total == 20_000
