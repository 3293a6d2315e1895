"""Ending a claim and ending negotiation: every limb, what failed, and the clause."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest

from ecoval.case import Assessment, Case
from ecoval.case.ending import Ending, RuleTest, endings, negotiation_ends
from ecoval.case.entries import Attested
from ecoval.rules.parameters import in_force, parameter

ITEM = {
    "method": "cost-ledger",
    "head": "restoration",
    "inputs": {"lines": [{"name": "修复", "quantity": "1 项", "unit_price": "10000 元/项"}]},
}
BOTH = {"outside_protected_areas": True, "never_claimed_before": True}
# 浙江（十）1–3.
CORRECTED = dict.fromkeys(
    ["short_duration", "significantly_slight", "corrected_at_once", "cleared_in_time"], True
)
WILDLIFE = dict.fromkeys(["wildlife_case", "species_not_listed", "significantly_slight"], True)
OTHER = dict.fromkeys(["significantly_slight", "corrected_promptly", "no_harm"], True)
ALL = {**CORRECTED, **WILDLIFE, **OTHER}


def _facts(**said: bool | None) -> dict[str, Attested]:
    return {code: Attested(met=met) for code, met in said.items()}


def _zhejiang(**said: bool | None) -> Ending:
    found = endings(_facts(**said), on=date(2024, 6, 1), jurisdiction="浙江省金华市")
    (ending,) = [each for each in found if each.place.code == "330000"]
    return ending


def _nation(on: str = "2025-06-01", **said: bool | None) -> Ending:
    (ending,) = endings(_facts(**said), on=date.fromisoformat(on), jurisdiction="北京市")
    return ending


def _case(place: str = "浙江省", on: str = "2024-06-01", **more: Any) -> Assessment:
    data = {"title": "某案", "place": place, "on": on, "route": "full", "item": [ITEM]}
    return Case(**{**data, **more}).assess()


def _found(assessment: Assessment, code: str) -> str:
    return next((str(each) for each in assessment.findings if each.code == code), "")


@pytest.mark.parametrize("ground", [CORRECTED, WILDLIFE, OTHER])
def test_zhejiang_lets_a_claim_end_on_any_of_its_three_grounds(ground: dict[str, bool]) -> None:
    rest = {code: False for code in ALL if code not in ground}
    ending = _zhejiang(**BOTH, **rest, **ground)
    assert ending.verdict == "may-end"
    titles = {limb for limb, _ in ending.grounds}
    assert len(titles) == len(ground) and len({clause for _, clause in ending.grounds}) == 1


@pytest.mark.parametrize("missing", sorted(BOTH))
def test_without_one_of_its_two_conditions_no_ground_helps(missing: str) -> None:
    ending = _zhejiang(**{**BOTH, missing: False}, **ALL)
    title = parameter("ending-conditions").choices[missing]
    clause = in_force("ending-conditions", on=date(2024, 6, 1), jurisdiction="浙江省").citation
    assert ending.verdict == "may-not"
    assert (title, clause) in ending.failed


@pytest.mark.parametrize("missing", sorted(CORRECTED))
def test_a_ground_fails_by_each_of_its_limbs_and_the_limb_is_named(missing: str) -> None:
    rest = {code: False for code in ALL if code not in CORRECTED}
    ending = _zhejiang(**{**BOTH, **rest, **CORRECTED, missing: False})
    assert ending.verdict == "may-not"
    assert any(clause.endswith("（十）1") for limb, clause in ending.failed)
    assert parameter("ending-corrected").choices[missing] in [limb for limb, _ in ending.failed]


def test_what_is_not_attested_leaves_it_undetermined() -> None:
    ending = _zhejiang(**BOTH)
    assert ending.verdict == "undetermined" and not ending.failed
    assert "违法行为持续时间短" in ending.tests[1].open


def test_the_decision_never_goes_up_by_a_limb_that_turns_from_true_to_false() -> None:
    order = ["may-not", "undetermined", "may-end"]
    codes = [*BOTH, *OTHER]
    for values in itertools.product([True, None], repeat=len(codes)):
        said = dict(zip(codes, values, strict=True))
        before = order.index(_zhejiang(**said).verdict)
        for code in codes:
            assert order.index(_zhejiang(**{**said, code: False}).verdict) <= before


# 24 小时.


@pytest.mark.parametrize(
    ("cleared", "verdict"),
    [("2024-06-02T08:00:00", "may-end"), ("2024-06-02T08:00:01", "may-not")],
)
def test_the_twenty_four_hours_are_counted_from_the_incident(cleared: str, verdict: str) -> None:
    said = {**BOTH, **{code: False for code in ALL if code not in CORRECTED}, **CORRECTED}
    del said["cleared_in_time"]
    dates = {"incident_at": "2024-06-01T08:00:00", "cleared_at": cleared}
    assessment = _case(ending=said, dates=dates)
    assert _found(assessment, f"claim-{verdict}")


def test_hours_that_contradict_what_is_attested_are_said() -> None:
    dates = {"incident_at": "2024-06-01T08:00:00", "cleared_at": "2024-06-03T08:00:00"}
    assessment = _case(ending={**BOTH, **CORRECTED}, dates=dates)
    assert "相隔 48 小时" in _found(assessment, "ending-contradiction")


# The nation: management provisions 18; opinion of 2025, three and four.

NATIONAL = [
    "already_performed",
    "judged_already",
    "slight_no_compensation",
    "obligor_gone",
    "permit_complied",
    "other_ground",
]


@pytest.mark.parametrize("ground", NATIONAL)
def test_the_nation_has_a_list_of_grounds_any_of_which_does(ground: str) -> None:
    said = {**dict.fromkeys(NATIONAL, False), ground: True}
    ending = _nation("2024-06-01", **said)
    assert ending.verdict == "may-end"
    assert ending.grounds[0][0] == parameter("ending-national").choices[ground]
    assert _nation("2024-06-01", **dict.fromkeys(NATIONAL, False)).verdict == "may-not"


def test_what_is_restored_otherwise_need_not_be_claimed_since_2025() -> None:
    said = {**dict.fromkeys(NATIONAL, False), "restored_already": True}
    assert _nation("2025-01-13", **said).verdict == "may-end"
    assert _nation("2025-01-12", **said).verdict == "may-not"


SLIGHT = {
    **dict.fromkeys(NATIONAL, False),
    "slight_no_compensation": True,
    "restored_already": False,
}


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (
            {"loss_extremely_small": True, "in_red_line": False, "repeated_violation": False},
            "may-end",
        ),
        ({"no_obvious_impact": True, "in_red_line": False, "repeated_violation": False}, "may-end"),
        ({"loss_extremely_small": True, "in_red_line": True}, "may-not"),
        (
            {"loss_extremely_small": True, "in_red_line": False, "repeated_violation": True},
            "may-not",
        ),
        ({"loss_extremely_small": False, "no_obvious_impact": False}, "may-not"),
        ({"loss_extremely_small": True}, "undetermined"),
        ({"in_red_line": False, "repeated_violation": False}, "undetermined"),
    ],
)
def test_slight_damage_is_claimed_all_the_same_in_two_cases(
    said: dict[str, bool], verdict: str
) -> None:
    assert _nation(**SLIGHT, **said).verdict == verdict


def test_the_bars_touch_slight_damage_alone() -> None:
    said = {**SLIGHT, "obligor_gone": True, "in_red_line": True}
    ending = _nation(**said)
    assert ending.verdict == "may-end"
    assert [limb for limb, _ in ending.grounds] == [
        parameter("ending-national").choices["obligor_gone"]
    ]


def test_a_repeated_violation_is_one_within_two_years() -> None:
    rule = in_force("ending-repeat-window", on=date(2025, 6, 1), jurisdiction="CN")
    assert rule.number == 2 and rule.found.standing == "secondary"


def test_city_and_nation_are_both_shown() -> None:
    found = endings(_facts(**BOTH, **OTHER), on=date(2025, 6, 1), jurisdiction="浙江省")
    assert [(each.place.name, each.verdict) for each in found] == [
        ("浙江省", "may-end"),
        ("全国", "undetermined"),
    ]


def test_no_rule_is_an_answer_and_says_what_is_known() -> None:
    assert endings({}, on=date(2020, 1, 1), jurisdiction="浙江省") == ()
    text = _found(_case(on="2020-01-01", ending=BOTH), "ending-no-rule")
    assert "未见 浙江省 2020-01-01" in text and "浙江省 2023-05-01 至 今" in text


def test_the_finding_says_may_and_cites_the_clause() -> None:
    text = _found(_case(ending={**BOTH, **OTHER}), "claim-may-end")
    assert "可以不启动或者终止索赔" in text and "由赔偿权利人决定" in text and "（十）3" in text


def test_what_fails_is_told_apart_from_what_stands_in_the_way() -> None:
    text = _found(_case(ending={**BOTH, "never_claimed_before": False}), "claim-may-not")
    assert "按浙江省的规定，不具备不启动或者终止索赔的条件。不符合 （十）：赔偿义务人未曾" in text
    said = {**SLIGHT, "loss_extremely_small": True, "in_red_line": True}
    text = _found(_case("北京市", "2025-06-01", ending=said), "claim-may-not")
    assert "存在 四：损害发生在生态保护红线内" in text


@pytest.mark.parametrize(
    ("said", "dates", "failed", "clause", "waiting"),
    [
        # 24 hours and a second: the first ground fails, the others are not stated.
        (
            {"short_duration": True, "significantly_slight": True, "corrected_at_once": True},
            {"incident_at": "2024-06-01T08:00:00", "cleared_at": "2024-06-02T08:00:01"},
            "不符合 （十）1：24小时内完成整改或者污染清除。",
            "（十）1",
            "待说明 （十）3：及时纠正（corrected_promptly）；没有造成危害后果（no_harm）",
        ),
        (
            {"significantly_slight": True, "corrected_promptly": True, "no_harm": False},
            {},
            "不符合 （十）3：没有造成危害后果。",
            "（十）3",
            "待说明 （十）1：违法行为持续时间短（short_duration）；案发后立即整改",
        ),
    ],
)
def test_the_failed_limb_stands_with_its_own_clause_and_what_is_unstated_apart(
    said: dict[str, bool], dates: dict[str, str], failed: str, clause: str, waiting: str
) -> None:
    assessment = _case(ending={**BOTH, **said}, dates=dates)
    first = next(each for each in assessment.findings if each.code == "claim-undetermined")
    assert failed in first.text and waiting in first.text
    assert first.clause == f"《浙江省生态环境损害赔偿管理办法》{clause}"


def test_a_failed_condition_is_cited_alone() -> None:
    said = {**BOTH, **OTHER, "outside_protected_areas": False}
    first = next(each for each in _case(ending=said).findings if each.code == "claim-may-not")
    assert "不符合 （十）：不在生态保护红线" in first.text and "待说明" not in first.text
    assert first.clause == "《浙江省生态环境损害赔偿管理办法》（十）"


def test_a_level_of_which_nothing_is_attested_is_said_in_three_words() -> None:
    case = _case(on="2025-06-01", ending={**BOTH, "short_duration": False})
    texts = [str(each) for each in case.findings if each.code == "claim-undetermined"]
    assert any("按全国的规定" in text and "各项均未说明" in text for text in texts)


def test_a_word_that_is_no_limb_is_said_with_the_nearest() -> None:
    text = _found(_case(ending={"never_claimed_befor": True}), "ending-unknown")
    assert "never_claimed_befor" in text and "是否指 never_claimed_before" in text
    text = _found(_case(negotiation={"refusd": True}), "negotiation-unknown")
    assert "是否指 refused" in text
    text = _found(_case(ending={"foo": True}, negotiation={"bar": True}), "ending-unknown")
    assert (
        "没有 foo 这一情形，未予考虑。可写：outside_protected_areas、never_claimed_before、" in text
    )
    text = _found(_case(negotiation={"zzz": True}), "negotiation-unknown")
    assert "可写：refused、no_reply、absent、" in text


def test_a_case_that_says_nothing_is_told_nothing() -> None:
    codes = {each.code for each in _case().findings}
    assert not {code for code in codes if code.startswith(("ending", "claim", "negotiation"))}


# 终止磋商: 浙江（十四）.

GROUNDS = ["refused", "no_reply", "absent", "left", "meetings_passed", "limit_passed", "other_end"]


@pytest.mark.parametrize("ground", GROUNDS)
def test_zhejiang_ends_negotiation_on_any_of_its_grounds(ground: str) -> None:
    said = {**dict.fromkeys(GROUNDS, False), ground: True}
    case = _case(negotiation=said).case
    first: RuleTest = negotiation_ends(case)[0]
    assert first.met is True and first.rule.citation.endswith("（十四）")
    none = _case(negotiation=dict.fromkeys(GROUNDS, False)).case
    assert negotiation_ends(none)[0].met is False


@pytest.mark.parametrize(("count", "met"), [(2, False), (3, True), (4, True)])
def test_three_meetings_are_counted(count: int, met: bool) -> None:
    days = [f"2024-07-0{day}" for day in range(1, count + 1)]
    said = dict.fromkeys([code for code in GROUNDS if code != "meetings_passed"], False)
    case = _case(negotiation=said, dates={"negotiation_meetings": days}).case
    assert negotiation_ends(case)[0].met is met


def test_three_meetings_that_led_to_an_agreement_are_no_ground() -> None:
    days = [f"2024-07-0{day}" for day in range(1, 4)]
    dates = {"negotiation_meetings": days, "agreement_signed": "2024-07-10"}
    said = dict.fromkeys([code for code in GROUNDS if code != "meetings_passed"], False)
    assert negotiation_ends(_case(negotiation=said, dates=dates).case)[0].met is False


def test_negotiation_that_ended_on_no_ground_is_a_finding() -> None:
    dates = {"negotiation_started": "2024-07-01", "negotiation_ended": "2024-07-10"}
    text = _found(_case(dates=dates), "negotiation-ended-without-ground")
    assert "没有一项终止磋商的情形得到说明" in text and "（十四）" in text
    assert not _found(
        _case(dates=dates, negotiation={"refused": True}), "negotiation-ended-without-ground"
    )


# 法院规定第一条、第五条: negotiation first.


def test_a_suit_before_negotiation_failed_is_a_finding() -> None:
    dates = {"suit_filed": "2024-09-01"}
    text = _found(_case(dates=dates), "suit-before-negotiation")
    assert "2024-09-01 起诉之前，未见磋商未达成一致" in text and "第一条" in text
    for said in ("negotiation_failed", "negotiation_impossible"):
        assert not _found(_case(dates=dates, negotiation={said: True}), "suit-before-negotiation")
    ended = {**dates, "negotiation_ended": "2024-08-01"}
    assert not _found(_case(dates=ended, negotiation={"refused": True}), "suit-before-negotiation")
