"""Where and when the quick assessment may be used: each rule at its place, its days, its boundary."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ecoval.case import Assessment, Case, Eligibility
from ecoval.rules.parameters import in_force, parameter

THREE = ("facts_simple", "liability_undisputed", "damage_small")
FIVE = (*THREE, "body_consents", "obligor_consents")


def _assessed(
    place: str,
    on: str,
    *amounts: str,
    limbs: tuple[str, ...] = THREE,
    costs: dict[str, str] | None = None,
    **more: Any,
) -> Assessment:
    """Assess a case of ledger items: *amounts* of damage, *costs* by kind, every limb attested."""

    def item(amount: str, head: str, kind: str) -> dict[str, Any]:
        line = {"name": "费用", "quantity": "1 项", "unit_price": f"{amount} 元/项"}
        return {
            "method": "cost-ledger",
            "head": head,
            "cost_kind": kind,
            "inputs": {"lines": [line]},
        }

    items = [item(amount, "restoration", "other") for amount in amounts or ("10000",)]
    items += [item(amount, "prevention", kind) for kind, amount in (costs or {}).items()]
    data = {
        "title": "某案",
        "place": place,
        "on": on,
        "eligibility": dict.fromkeys(limbs, True),
        "expert": [{"open": "待聘"}] * 3,
        "item": items,
    }
    return Case(**{**data, **more}).assess()


def _tested(*arguments: Any, **more: Any) -> Eligibility:
    eligibility = _assessed(*arguments, **more).eligibility
    assert eligibility is not None
    return eligibility


def _codes(assessment: Assessment, level: str) -> set[str]:
    return {finding.code for finding in assessment.findings if finding.level == level}


def _found(assessment: Assessment, code: str) -> str:
    return next(str(finding) for finding in assessment.findings if finding.code == code)


# 浙江（十二）: 事实简单、责任认定无争议、损害较小，经指定的部门或机构同意，与赔偿义务人协商一致；不少于3人。


def test_zhejiang_asks_for_five_conditions_and_three_experts() -> None:
    tested = _tested("浙江省金华市金东区", "2024-06-01", limbs=FIVE)
    assert tuple(limb.code for limb in tested.limbs) == FIVE
    assert tested.verdict == "eligible"
    assert tested.conditions[0].place.name == "浙江省"
    assert tested.conditions[0].citation.endswith("（十二）")
    assert tested.experts is not None and tested.experts.text == "不少于 3 人"
    assert tested.stop is not None and "终止" in tested.stop.text


def test_zhejiang_has_no_threshold_of_its_own() -> None:
    assert _tested("浙江省", "2024-06-01", "99999999", limbs=FIVE).thresholds == ()


@pytest.mark.parametrize("missing", FIVE)
def test_zhejiang_without_one_condition_is_not_decided(missing: str) -> None:
    limbs = tuple(code for code in FIVE if code != missing)
    assessment = _assessed("浙江省", "2024-06-01", limbs=limbs)
    assert assessment.eligibility is not None
    assert assessment.eligibility.verdict == "undetermined"
    assert "limb-open" in _codes(assessment, "warning") and not assessment.stops


def test_zhejiang_with_two_experts_cannot_be_signed() -> None:
    assessment = _assessed("浙江省", "2024-06-01", limbs=FIVE, expert=[{"open": "待聘"}] * 2)
    text = _found(assessment, "too-few-experts")
    assert "专家 2 名，少于 3 名" in text and "（十二）" in text


@pytest.mark.parametrize(("on", "place"), [("2023-04-30", "全国"), ("2023-05-01", "浙江省")])
def test_the_rule_of_zhejiang_begins_on_its_day(on: str, place: str) -> None:
    conditions = _tested("浙江省", on, limbs=FIVE).conditions
    assert conditions[0].place.name == place


def test_a_failed_condition_stops_and_cites_its_rule() -> None:
    attested = {**dict.fromkeys(FIVE, True), "obligor_consents": {"met": False, "note": "未同意"}}
    assessment = _assessed("浙江省", "2024-06-01", eligibility=attested)
    assert assessment.eligibility is not None and assessment.eligibility.verdict == "ineligible"
    text = _found(assessment, "limb-failed")
    assert "不符合“与赔偿义务人协商一致”" in text and "（十二）" in text
    assert "limb-failed" in _codes(assessment, "stop")


def test_an_open_condition_leaves_it_undetermined_and_says_why() -> None:
    attested = {**dict.fromkeys(FIVE, True), "body_consents": {"open": "同意文件未取得"}}
    assessment = _assessed("浙江省", "2024-06-01", eligibility=attested)
    assert assessment.eligibility is not None and assessment.eligibility.verdict == "undetermined"
    assert "待确认：同意文件未取得" in _found(assessment, "limb-open")
    assert any("同意文件未取得" in point for point in assessment.open_points)


def test_a_form_the_place_does_not_know_stops() -> None:
    def stops(place: str, form: str) -> set[str]:
        return _codes(_assessed(place, "2024-06-01", limbs=FIVE, form=form), "stop")

    assert "form-not-allowed" in stops("浙江省", "class_case_reference")
    assert "form-not-allowed" not in stops("浙江省", "comprehensive_determination")
    assert "form-not-allowed" not in stops("南通市", "class_case_reference")


# 南通 三（六）: 损害费用（不包括鉴定评估费用、监测及检验费用等）低于五十万元；有效期至2028年4月30日。


@pytest.mark.parametrize(
    ("amount", "verdict"), [("499999.99", "eligible"), ("500000.00", "ineligible")]
)
def test_nantong_is_below_500000_without_appraisal_and_monitoring(
    amount: str, verdict: str
) -> None:
    costs = {"appraisal": "30000", "monitoring": "20000"}
    assessment = _assessed("江苏省南通市", "2024-06-01", amount, costs=costs)
    tested = assessment.eligibility
    assert tested is not None and tested.verdict == verdict
    (test,) = tested.thresholds
    assert test.fens == round(float(amount) * 100)
    assert "低于 500,000 元" in test.text and "不含鉴定评估费用、监测及检验费用" in test.text
    assert ("threshold-passed" in _codes(assessment, "stop")) == (verdict == "ineligible")


def test_the_rule_of_nantong_is_that_of_its_counties() -> None:
    (test,) = _tested("320681", "2024-06-01").thresholds
    assert test.rule.place.name == "江苏省南通市" and test.rule.asked.code == "320681"


@pytest.mark.parametrize(
    ("on", "places"),
    [
        ("2023-04-30", []),
        ("2023-05-01", ["江苏省南通市"]),
        ("2025-01-12", ["江苏省南通市"]),
        ("2025-01-13", ["江苏省南通市", "全国"]),
        ("2028-04-30", ["江苏省南通市", "全国"]),
        ("2028-05-01", ["全国"]),
    ],
)
def test_the_thresholds_of_nantong_by_day(on: str, places: list[str]) -> None:
    tested = _tested("南通市", on)
    assert [test.rule.place.name for test in tested.thresholds] == places


@pytest.mark.parametrize(
    ("amount", "met", "verdict", "level"),
    [
        ("300000", [True, True], "eligible", ""),
        ("300000.01", [True, False], "undetermined", "warning"),
        ("499999.99", [True, False], "undetermined", "warning"),
        ("500000", [False, False], "ineligible", "stop"),
    ],
)
def test_two_thresholds_are_both_shown_and_neither_is_chosen(
    amount: str, met: list[bool], verdict: str, level: str
) -> None:
    assessment = _assessed("南通市", "2025-06-01", amount)
    tested = assessment.eligibility
    assert tested is not None and tested.verdict == verdict
    assert [test.met for test in tested.thresholds] == met
    text = _found(assessment, "threshold-conflict")
    assert "江苏省南通市 低于 500,000 元" in text and "全国 不超过 300,000 元" in text
    levels = {each.level for each in assessment.findings if each.code == "threshold-passed"}
    assert levels == ({level} if level else set())


def test_a_condition_of_another_place_is_not_counted_and_said() -> None:
    assessment = _assessed("南通市", "2024-06-01", limbs=FIVE)
    assert assessment.eligibility is not None
    assert tuple(limb.code for limb in assessment.eligibility.limbs) == THREE
    assert "body_consents 不是该地规定的适用条件" in _found(assessment, "limb-unknown")


# The nation: 300,000 元 and no more from 2025-01-13; before, three conditions without a number.


@pytest.mark.parametrize(
    ("amount", "verdict"), [("300000.00", "eligible"), ("300000.01", "ineligible")]
)
def test_the_nation_allows_300000_and_not_a_fen_more(amount: str, verdict: str) -> None:
    assessment = _assessed("北京市", "2025-01-13", amount)
    assert assessment.eligibility is not None and assessment.eligibility.verdict == verdict
    assert ("threshold-passed" in _codes(assessment, "stop")) == (verdict == "ineligible")


def test_what_the_national_threshold_leaves_out_is_not_known_and_both_sums_are_shown() -> None:
    text = _found(
        _assessed("北京市", "2025-06-01", "295000", costs={"monitoring": "10000"}),
        "threshold-basis",
    )
    # 295,000 + 10,000 = 305,000
    assert "不扣除为 305,000.00 元" in text and "为 295,000.00 元" in text


def test_the_national_rule_of_2022_is_used_and_named_as_not_verified() -> None:
    assessment = _assessed("北京市", "2024-06-01")
    tested = assessment.eligibility
    assert tested is not None and tested.verdict == "eligible" and tested.thresholds == ()
    assert tuple(limb.code for limb in tested.limbs) == THREE
    assert "第二十条第二款" in _found(assessment, "unverified-rule")


@pytest.mark.parametrize("place", ["吉林省长春市", "220104"])
def test_the_practice_of_changchun_is_named_as_practice(place: str) -> None:
    conditions = _tested(place, "2023-06-19").conditions
    assert conditions[0].place.name == "吉林省长春市"
    assert "不是规范性文件" in conditions[0].found.note
    # A practice does not displace a rule: the nation's conditions are asked as well.
    assert [rule.place.name for rule in conditions] == ["吉林省长春市", "全国"]
    before = _tested(place, "2023-06-18").conditions
    assert [rule.place.name for rule in before] == ["全国"]


def test_no_rule_is_an_answer_and_not_a_guess() -> None:
    assessment = _assessed("北京市", "2022-04-25", "99999999")
    tested = assessment.eligibility
    assert tested is not None and tested.verdict == "no-rule"
    assert tested.sentence == "未见该地当时关于简易评估的规定"
    assert tested.thresholds == () and tested.rules == ()
    # What the case attests is shown all the same.
    assert {limb.code for limb in tested.limbs} == set(assessment.case.eligibility)
    assert "未见 北京市 2022-04-25" in _found(assessment, "no-quick-rule")
    assert "limb-failed" not in _codes(assessment, "stop")


def test_three_experts_are_asked_for_even_where_no_rule_says_so() -> None:
    assessment = _assessed("北京市", "2022-04-25", expert=[{"open": "待聘"}] * 2)
    assert "本软件的要求" in _found(assessment, "too-few-experts")


def test_another_route_is_not_tested() -> None:
    assert _assessed("北京市", "2025-06-01", "99999999", route="full").eligibility is None


# What the quick route asks beside its conditions: capacity, form, materials, and when to stop.


def test_zhejiang_asks_for_the_capacity_of_its_experts() -> None:
    # 浙江（十二）: 应当具有鉴定评估生态环境损害相应事项的专业能力.
    named = {"name": "甲", "unit": "某院", "recusal": "无利害关系"}
    seats = [{"open": "待聘"}] * 2
    text = _found(
        _assessed("浙江省", "2024-06-01", limbs=FIVE, expert=[named, *seats]), "expert-capacity"
    )
    assert "甲 未说明鉴定评估本案事项的专业能力" in text and "（十二）" in text
    able = {**named, "capacity": "水环境损害鉴定评估，高级工程师"}
    assessment = _assessed("浙江省", "2024-06-01", limbs=FIVE, expert=[able, *seats])
    assert "expert-capacity" not in _codes(assessment, "warning")
    elsewhere = _assessed("北京市", "2024-06-01", expert=[named, *seats])
    assert "expert-capacity" not in _codes(elsewhere, "warning")


def test_the_rules_on_experts_and_institutions_are_shown_beside_the_test() -> None:
    tested = _tested("浙江省", "2024-06-01", limbs=FIVE)
    names = {(rule.name, rule.place.code) for rule in tested.beside}
    assert ("quick-assessment-pools", "330000") in names
    assert ("full-assessment", "330000") in names and ("full-assessment", "CN") in names
    assert not {rule.name for rule in tested.rules} & {name for name, _ in names}


def test_a_joint_commission_in_zhejiang_invites_three_institutions() -> None:
    rule = in_force("full-assessment-institutions", on=date(2024, 6, 1), jurisdiction="浙江省")
    assert (rule.number, rule.found.operator) == (3, ">=") and "（十一）" in rule.citation


@pytest.mark.parametrize("form", sorted(parameter("quick-assessment-forms").choices))
def test_each_form_is_allowed_where_a_rule_lists_it(form: str) -> None:
    listed = {
        "浙江省": {"expert_opinion", "comprehensive_determination"},
        "南通市": {"expert_opinion", "class_case_reference", "typical_case_analysis"}
        | {"electronic_assessment", "other_determination"},
        "北京市": {"expert_opinion", "comprehensive_determination"},
    }
    for place, forms in listed.items():
        assessment = _assessed(place, "2024-06-01", limbs=FIVE, form=form)
        known = forms | listed["北京市"]
        assert ("form-not-allowed" in _codes(assessment, "stop")) == (form not in known)


def test_a_form_of_the_nation_that_the_city_does_not_list_is_shown_with_both() -> None:
    assessment = _assessed("南通市", "2024-06-01", form="comprehensive_determination")
    text = _found(assessment, "form-conflict")
    assert "江苏省南通市的规定没有列出" in text and "全国的规定列出" in text


def test_a_form_that_does_not_exist_is_said_to_be_none() -> None:
    text = _found(_assessed("浙江省", "2024-06-01", limbs=FIVE, form="guess"), "form-not-allowed")
    assert "没有 guess 这一形式" in text


def test_a_determination_by_the_department_needs_materials() -> None:
    def found(**more: Any) -> str:
        form = "comprehensive_determination"
        assessment = _assessed("浙江省", "2024-06-01", limbs=FIVE, form=form, **more)
        codes = {each.code for each in assessment.findings}
        code = "determination-without-materials"
        return _found(assessment, code) if code in codes else ""

    assert "材料清单为空" in found()
    assert not found(material=[{"id": "M1", "title": "处罚决定书"}])


def test_the_stop_clause_is_applied_where_the_route_fails() -> None:
    attested = {**dict.fromkeys(FIVE, True), "damage_small": False}
    text = _found(_assessed("浙江省", "2024-06-01", eligibility=attested), "quick-stop")
    assert "应当及时终止，委托鉴定评估机构开展鉴定评估" in text
    assert "三家以上机构" in text and "（十二）" in text and "（十一）" in text
    assert "quick-stop" not in _codes(_assessed("浙江省", "2024-06-01", limbs=FIVE), "warning")


def test_a_case_found_unsuitable_on_the_way_stops() -> None:
    attested = {
        **dict.fromkeys(FIVE, True),
        "became_unsuitable": {"met": True, "note": "地下水也受污染"},
    }
    assessment = _assessed("浙江省", "2024-06-01", eligibility=attested)
    assert assessment.eligibility is not None and assessment.eligibility.verdict == "ineligible"
    text = _found(assessment, "became-unsuitable")
    assert "地下水也受污染" in text and "（十二）" in text
    assert "limb-unknown" not in _codes(assessment, "note")
    assert "quick-stop" in _codes(assessment, "warning")


def test_no_rule_says_which_are_known() -> None:
    text = _found(_assessed("北京市", "2022-04-25"), "no-quick-rule")
    assert "全国 2022-04-26 至 2025-01-12" in text and "浙江省 2023-05-01 至 今" in text


# rules.json simp-suzhou-2024 (seen on the province's site, 2025-09-03): small cases closed on the
# experts' amounts, 6,400, 33,652, 107,873 and 190,550 元; no threshold of 2024 was seen for Suzhou.
SUZHOU = ("6400", "33652", "107873", "190550")


@pytest.mark.parametrize("amount", SUZHOU)
def test_the_small_cases_of_suzhou_could_go_the_quick_route(amount: str) -> None:
    before, after = (_tested("苏州市", on, amount) for on in ("2024-06-01", "2025-06-01"))
    assert before.verdict == "eligible" and before.thresholds == ()
    assert after.verdict == "eligible" and [test.met for test in after.thresholds] == [True]


def test_the_sum_of_the_small_cases_of_suzhou() -> None:
    assert _assessed("苏州市", "2024-06-01", *SUZHOU).total == 338_475_00  # sum is arithmetic
