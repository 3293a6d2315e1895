"""Which heads the law of the day has, which acts may be cited, and what belongs on another track."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ecoval.case import Assessment, Case
from ecoval.case.heads import bases, cited_repealed
from ecoval.rules.cards import HEADS, Head
from ecoval.rules.parameters import all_in_force, in_force, parameter, topics

PREVENTION = {
    "method": "cost-ledger",
    "head": "prevention",
    "inputs": {"lines": [{"name": "围堰", "quantity": "1 项", "unit_price": "10000 元/项"}]},
}


def _case(
    on: str, place: str = "浙江省", item: dict[str, Any] | None = None, **more: Any
) -> Assessment:
    data = {
        "title": "某案",
        "place": place,
        "on": on,
        "route": "full",
        "item": [item or PREVENTION],
    }
    return Case(**{**data, **more}).assess()


def _found(assessment: Assessment, code: str) -> str:
    return next((str(each) for each in assessment.findings if each.code == code), "")


def _names(on: str, place: str = "浙江省") -> list[str]:
    return [rule.name for rule in bases(on=date.fromisoformat(on), jurisdiction=place)]


@pytest.mark.parametrize(
    ("on", "place", "names"),
    [
        ("2016-12-07", "吉林省", []),
        ("2016-12-08", "吉林省", ["heads-pilot"]),
        ("2016-12-08", "浙江省", []),
        ("2017-12-31", "长春市", ["heads-pilot"]),
        ("2018-01-01", "浙江省", ["heads-plan"]),
        ("2019-06-04", "浙江省", ["heads-plan"]),
        ("2019-06-05", "浙江省", ["heads-plan", "heads-judicial"]),
        ("2021-01-01", "浙江省", ["heads-plan", "heads-judicial", "heads-civil-code"]),
        ("2022-04-26", "浙江省", ["heads-judicial", "heads-civil-code", "heads-management"]),
        ("2026-08-15", "浙江省", ["heads-judicial", "heads-civil-code", "heads-management"]),
    ],
)
def test_the_bases_of_a_day(on: str, place: str, names: list[str]) -> None:
    assert _names(on, place) == names


def test_the_heads_in_the_data_are_those_of_the_cards() -> None:
    for name in topics()["heads"]:
        if name.startswith("heads-"):
            choices = parameter(name).choices
            assert all(HEADS[head] == title for head, title in choices.items()), name  # type: ignore[index]


@pytest.mark.parametrize("head", list(HEADS))
def test_the_civil_code_has_every_head_from_its_first_day(head: Head) -> None:
    # Civil Code 1235, seen: five items, the fourth with clearing and restoration.
    rules = bases(on=date(2021, 1, 1), jurisdiction="CN")
    assert "heads-civil-code" in [rule.name for rule in rules if head in rule.chosen]


@pytest.mark.parametrize(
    ("on", "place", "clause"),
    [("2017-06-01", "吉林省", "一（二）"), ("2018-06-01", "浙江省", "四（一）")],
)
def test_prevention_had_no_basis_in_the_pilot_and_the_plan(
    on: str, place: str, clause: str
) -> None:
    text = _found(_case(on, place), "no-basis")
    assert "防止损害发生和扩大的合理费用不在" in text and clause in text
    assert not _found(_case("2019-06-05"), "no-basis")


def test_a_day_without_any_basis_says_which_days_have_one() -> None:
    text = _found(_case("2016-06-01"), "no-basis")
    assert "未见 浙江省 2016-06-01 关于赔偿范围的规定" in text
    assert "吉林省 2016-12-08 至 2017-12-31" in text and "全国 2021-01-01 至 今" in text


def test_a_head_that_rests_on_an_unread_text_alone_is_noted() -> None:
    item = {**PREVENTION, "head": "clearance"}
    assert "未核对原文" in _found(_case("2018-06-01", item=item), "basis-not-read")
    assert not _found(_case("2021-06-01", item=item), "basis-not-read")


def test_an_item_of_an_earlier_day_is_judged_by_its_own_day() -> None:
    item = {**PREVENTION, "on": "2018-06-01"}
    assert "2018-06-01" in _found(_case("2021-06-01", item=item), "no-basis")


# Code 1242: ten acts repealed on 2026-08-15.


def test_the_code_repealed_ten_acts() -> None:
    rule = in_force("repealed-laws", on=date(2026, 8, 15), jurisdiction="CN")
    assert len(rule.chosen) == 10 and rule.found.standing == "verified"
    assert not all_in_force("repealed-laws", on=date(2026, 8, 14), jurisdiction="CN")


@pytest.mark.parametrize("name", list(parameter("repealed-laws").choices.values()))
@pytest.mark.parametrize("prefix", ["", "中华人民共和国"])
def test_a_repealed_act_is_found_by_its_full_and_its_short_name(name: str, prefix: str) -> None:
    short = name.removeprefix("中华人民共和国")
    assert cited_repealed(f"违反《{prefix}{short}》第十条") == (name,)


def test_the_act_on_the_sea_is_not_taken_for_the_act_on_the_environment() -> None:
    assert cited_repealed("《海洋环境保护法》") == ("中华人民共和国海洋环境保护法",)
    assert cited_repealed("《浙江省水污染防治条例》") == ()


@pytest.mark.parametrize(("on", "said"), [("2026-08-14", False), ("2026-08-15", True)])
def test_a_repealed_act_cited_for_a_later_day_names_the_code(on: str, said: bool) -> None:
    facts = {"breach": "违反《中华人民共和国水污染防治法》第三十九条"}
    text = _found(_case(on, facts=facts), "repealed-law")
    assert bool(text) == said
    if said:
        assert "应引用《中华人民共和国生态环境法典》" in text and "第一千二百四十二条" in text


@pytest.mark.parametrize(("on", "said"), [("2026-08-14", True), ("2026-08-15", False)])
def test_the_code_cannot_be_cited_before_its_day(on: str, said: bool) -> None:
    facts = {"breach": "违反《生态环境法典》的规定"}
    assert bool(_found(_case(on, facts=facts), "code-not-yet")) == said


# Other tracks.


@pytest.mark.parametrize(
    ("track", "on", "words"),
    [
        ("private", "2024-06-01", "依民法典等法律关于侵权责任的规定另行主张"),
        ("marine", "2024-06-01", "由海洋环境监督管理部门"),
        ("marine", "2026-08-15", "第一千零七十四条"),
    ],
)
def test_marine_and_private_losses_are_sent_to_their_own_track(
    track: str, on: str, words: str
) -> None:
    assessment = _case(on, item={**PREVENTION, "track": track})
    text = _found(assessment, f"other-track-{track}")
    assert words in text and text.startswith("【须处理】第 1 项")


def test_a_marine_medium_is_a_marine_loss() -> None:
    assessment = _case("2024-06-01", item={**PREVENTION, "medium": "marine"})
    assert _found(assessment, "other-track-marine")


def test_a_track_without_a_rule_that_day_is_said_to_have_none() -> None:
    assessment = _case("2017-01-01", item={**PREVENTION, "track": "marine"})
    assert "未见当日的规定" in _found(assessment, "other-track-marine")


def test_the_opinion_cites_who_may_claim_and_under_which_rules() -> None:
    def cited(on: str) -> list[str]:
        return [rule.citation for rule in _case(on).legal_basis]

    assert any("第一千零七十三条" in each for each in cited("2026-08-15"))
    assert not any("生态环境法典" in each for each in cited("2026-08-14"))
    assert any("第一千二百三十五条" in each for each in cited("2021-01-01"))
    assert not any("民法典" in each for each in cited("2020-12-31"))
