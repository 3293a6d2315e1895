"""The time limits of a case: each rule at its place and day, counted by the Civil Code."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecoval.case import Case, Deadline, Deadlines, deadlines_of
from ecoval.case.dates import EVENTS, Dates
from ecoval.errors import InputError
from ecoval.rules.parameters import in_force, parameter, topics

ITEM = {
    "method": "cost-ledger",
    "head": "restoration",
    "inputs": {"lines": [{"name": "修复", "quantity": "1 项", "unit_price": "10000 元/项"}]},
}


def _case(place: str = "浙江省金华市", on: str = "2024-06-01", **dates: Any) -> Case:
    return Case(title="某案", place=place, on=on, route="full", item=[ITEM], dates=dates)


def _found(place: str = "浙江省金华市", as_of: str = "", **dates: Any) -> Deadlines:
    return deadlines_of(_case(place, **dates), date.fromisoformat(as_of) if as_of else None)


def _row(name: str, *arguments: Any, **dates: Any) -> Deadline:
    (row,) = [row for row in _found(*arguments, **dates).rows if row.name == name]
    return row


def _codes(found: Deadlines) -> dict[str, str]:
    return {finding.code: finding.level for finding in found.findings}


# Each limit: place, parameter, the number, the operator, the clause, the standing.
LIMITS = [
    ("330700", "deadline-preliminary-check", 30, "<=", "（七）", "verified"),
    ("320600", "deadline-preliminary-check", 30, "<=", "三（二）", "verified"),
    ("110000", "deadline-preliminary-check", 30, "<=", "第十七条", "unverified"),
    ("330700", "deadline-appraisal", 30, "<=", "（十一）", "verified"),
    ("330700", "deadline-appraisal-complex", 60, "<=", "（十一）", "verified"),
    ("330700", "deadline-conclusion", 15, "<=", "（十三）", "verified"),
    ("330700", "deadline-conclusion-notice", 15, "<=", "（十三）", "verified"),
    ("330700", "deadline-negotiation", 90, "<=", "（十四）", "verified"),
    ("110000", "deadline-negotiation", 90, "<=", "关于磋商期限的规定", "unverified"),
    ("330700", "deadline-meetings", 3, "<=", "（十四）3", "verified"),
    ("110000", "deadline-meetings", 3, "<=", "关于磋商次数的规定", "unverified"),
    ("330700", "deadline-confirmation", 30, "<=", "（十三）", "verified"),
    ("110000", "deadline-confirmation", 30, "<=", "第二百零五条", "verified"),
    ("110000", "deadline-announcement", 30, ">=", "第二十条", "verified"),
    ("330700", "deadline-procuratorate-letter", 15, "<=", "（二十）", "verified"),
    ("330700", "deadline-procuratorate-reply", 15, "<=", "（二十）", "verified"),
    ("330700", "deadline-enforcement-notice", 7, "<=", "（二十三）", "verified"),
    ("110000", "deadline-refund-ruling", 3, "<=", "第十九条", "verified"),
    ("330700", "duty-clue-screening", 1, ">=", "（七）", "verified"),
    ("500000", "duty-clue-screening", 1, ">=", "二", "secondary"),
    ("330700", "duty-hearing", 1, ">=", "（五）", "verified"),
    ("110000", "marine-acceptance-notice", 5, "<=", "第四条", "verified"),
    ("110000", "marine-joining", 30, "<=", "第五条", "verified"),
    ("110000", "marine-joining-notified", 7, "<=", "第五条", "verified"),
    ("330700", "ending-correction-time", 24, "<=", "（十）1", "verified"),
]


@pytest.mark.parametrize(("place", "name", "number", "operator", "clause", "standing"), LIMITS)
def test_each_limit_is_data_with_its_clause_and_standing(
    place: str, name: str, number: float, operator: str, clause: str, standing: str
) -> None:
    rule = in_force(name, on=date(2025, 6, 1), jurisdiction=place)
    assert (rule.number, rule.found.operator, rule.found.standing) == (number, operator, standing)
    assert rule.found.clause.startswith(clause)


def test_the_annual_report_of_zhejiang_is_data() -> None:
    text = in_force("duty-annual-report", on=date(2024, 1, 1), jurisdiction="浙江省").text
    assert "1月上旬前" in text and "1月底前" in text


def test_every_start_and_end_in_the_data_is_a_date_of_a_case() -> None:
    assert set(EVENTS) <= set(Dates.model_fields)
    named = set()
    for name in topics()["deadlines"]:
        held = parameter(name)
        named |= {*held.ends, *(start for value in held.values for start in value.starts)}
        assert not held.ends or all(value.starts for value in held.values), name
    assert named <= set(EVENTS)


# 浙江（七）: 30 日; the day of the clue is not counted (Civil Code 201).


@pytest.mark.parametrize(
    ("checked", "state", "overdue"),
    [("2024-07-03", "met", 0), ("2024-07-04", "late", 1), ("2024-07-10", "late", 7)],
)
def test_thirty_days_from_the_clue(checked: str, state: str, overdue: int) -> None:
    # 2024-06-03 + 30 days = 2024-07-03, a Wednesday.
    row = _row("deadline-preliminary-check", clue_found="2024-06-03", preliminary_checked=checked)
    assert row.due == row.until == date(2024, 7, 3)
    assert (row.state, row.overdue) == (state, overdue)
    assert row.rule.citation.endswith("（七）")


def test_an_undone_step_is_judged_on_the_day_asked_and_on_none_without_it() -> None:
    def at(as_of: str) -> Deadline:
        return _row("deadline-preliminary-check", "浙江省", as_of, clue_found="2024-06-03")

    assert at("").state == "unsettled" and at("").text == "未填完成日"
    assert at("2024-07-03").state == "running"
    assert (at("2024-07-05").state, at("2024-07-05").overdue) == ("missed", 2)
    assert "截至 2024-07-05 未完成，已逾期 2 日" in at("2024-07-05").text


def test_nantong_counts_from_the_day_the_clue_is_received_and_zhejiang_from_its_discovery() -> None:
    dates = {"clue_found": "2024-06-03", "clue_received": "2024-06-11"}
    assert _row("deadline-preliminary-check", "南通市", **dates).start == date(2024, 6, 11)
    zhejiang = [row for row in _found("浙江省", **dates).rows if "check" in row.name]
    # The nation counts from the later of the two, which differs, so both are listed.
    assert [row.start for row in zhejiang] == [date(2024, 6, 3), date(2024, 6, 11)]
    assert [row.rule.place.name for row in zhejiang] == ["浙江省", "全国"]


def test_a_rule_that_says_the_same_is_listed_once_by_the_nearest() -> None:
    row = _row("deadline-confirmation", agreement_effective="2024-06-03")
    assert row.rule.place.name == "浙江省"


# 浙江（十一）: 30 and 60 working days.


def test_thirty_working_days_of_an_appraisal() -> None:
    # Counted by hand in test_workdays: 2024-09-10 to 2024-10-28.
    row = _row(
        "deadline-appraisal", appraisal_commissioned="2024-09-10", appraisal_finished="2024-10-29"
    )
    assert row.due == date(2024, 10, 28) and (row.state, row.overdue) == ("late", 1)


@pytest.mark.parametrize(
    ("complexity", "names"),
    [
        (None, ["deadline-appraisal"]),
        (False, ["deadline-appraisal"]),
        (True, ["deadline-appraisal-complex"]),
        ({"open": "待认定"}, ["deadline-appraisal", "deadline-appraisal-complex"]),
    ],
)
def test_a_complex_case_has_sixty_and_one_not_yet_settled_has_both(
    complexity: object, names: list[str]
) -> None:
    dates = {"appraisal_commissioned": "2024-03-01", "complex_case": complexity}
    found = _found(**{key: value for key, value in dates.items() if value is not None})
    assert [row.name for row in found.rows] == names


def test_a_year_without_a_notice_leaves_the_day_out_and_says_so() -> None:
    found = _found(enforcement_applied="2026-12-25")
    (row,) = found.rows
    assert row.due is None and row.state == "uncountable"
    assert "2027 年的放假调休安排未见官方通知，不能推算工作日" in row.text
    assert _codes(found)["deadline-uncountable"] == "warning"


# Civil Code 203: a last day that is a public holiday is carried to the next day.


def test_a_last_day_on_a_public_holiday_is_carried_over() -> None:
    # 2025-03-05 + 30 days = 2025-04-04, Tomb-sweeping; Friday to Sunday are off.
    row = _row("deadline-confirmation", agreement_effective="2025-03-05")
    assert row.last == date(2025, 4, 4) and row.due == row.until == date(2025, 4, 7)
    assert "末日 2025-04-04 为法定休假日，顺延至 2025-04-07" in row.text


@pytest.mark.parametrize(
    ("done", "state"),
    [
        ("2024-11-15", "met"),
        ("2024-11-16", "met"),
        ("2024-11-18", "between"),
        ("2024-11-19", "late"),
    ],
)
def test_a_last_day_on_a_weekend_is_left_open_between_two_days(done: str, state: str) -> None:
    # 2024-11-01 + 15 days = Saturday 2024-11-16; whether a weekend carries over was not seen.
    found = _found(investigation_ended="2024-11-01", conclusion_made=done)
    row = found.rows[0]
    assert (row.due, row.until) == (date(2024, 11, 16), date(2024, 11, 18))
    assert row.state == state
    assert ("deadline-weekend" in _codes(found)) == (state == "between")


def test_the_last_day_is_counted_without_carrying_where_the_year_is_not_known() -> None:
    row = _row("deadline-limitation", damage_and_obligor_known="2026-09-01")
    assert row.due == date(2031, 9, 1) and "2031 年放假安排未见" in row.text


# 磋商.


def test_negotiation_is_counted_from_what_each_rule_names() -> None:
    dates = {"negotiation_notice_served": "2024-11-20", "negotiation_started": "2024-12-02"}
    rows = [row for row in _found(**dates).rows if row.name == "deadline-negotiation"]
    # 2024-12-02 + 90 = 2025-03-02 (Sunday); 2024-11-20 + 90 = 2025-02-18.
    assert [(row.rule.place.name, row.last) for row in rows] == [
        ("浙江省", date(2025, 3, 2)),
        ("全国", date(2025, 2, 18)),
    ]


def test_an_agreement_and_the_end_of_negotiation_both_meet_the_limit() -> None:
    served = "2024-11-20"
    one = _row("deadline-negotiation", "北京市", negotiation_notice_served=served)
    assert one.done is None
    for event in ("agreement_signed", "negotiation_ended"):
        dates = {"negotiation_notice_served": served, event: "2025-02-18"}
        row = _row("deadline-negotiation", "北京市", **dates)
        assert (row.done_event, row.state) == (event, "met")


def test_more_than_three_meetings_are_noted() -> None:
    days = ["2024-12-01", "2024-12-20", "2025-01-10"]
    assert "too-many-meetings" not in _codes(_found(negotiation_meetings=days))
    found = _found(negotiation_meetings=[*days, "2025-02-10"])
    assert _codes(found)["too-many-meetings"] == "note"
    assert "已磋商 4 次" in found.findings[0].text


def test_the_chongqing_case_of_2024_kept_within_three_meetings() -> None:
    # rules.json third-tongliang-2024 (seen in a report): 2 negotiations; the days were not published.
    days = ["2024-05-01", "2024-06-01"]
    case = _case("重庆市铜梁区", negotiation_meetings=days)
    assert "too-many-meetings" not in _codes(deadlines_of(case))


# The courts.


@pytest.mark.parametrize(("ended", "state"), [("2024-07-02", "too-short"), ("2024-07-03", "met")])
def test_the_announcement_lasts_thirty_days_at_least(ended: str, state: str) -> None:
    found = _found("北京市", announcement_started="2024-06-03", announcement_ended=ended)
    assert found.rows[0].state == state
    assert ("deadline-too-short" in _codes(found)) == (state == "too-short")


def test_an_application_that_need_not_be_made_is_a_note_when_its_time_is_over() -> None:
    found = _found("北京市", "2024-12-31", agreement_effective="2024-06-03")
    assert _codes(found)["deadline-overdue"] == "note"


def test_an_agreement_that_took_effect_ends_negotiation_too() -> None:
    found = _found(
        "浙江省金华市",
        "2025-03-01",
        negotiation_started="2024-11-20",
        agreement_effective="2025-01-02",
        confirmation_applied="2025-01-10",
    )
    row = next(row for row in found.rows if row.name == "deadline-negotiation")
    assert (row.done, row.done_event, row.state) == (date(2025, 1, 2), "agreement_effective", "met")
    assert "deadline-overdue" not in _codes(found)
    with pytest.raises(ValueError, match="agreement_effective.*早于磋商开始"):
        _case(negotiation_started="2024-11-20", agreement_effective="2024-11-19")


@pytest.mark.parametrize(
    ("found", "last", "following"),
    [
        # Weekends within the days off of the notice: 2024 Mid-autumn, 2025 Labour Day and Spring
        # Festival, 2026 Mid-autumn; the last one is beside a holiday only (10 June 2024, a Monday).
        ("2024-08-16", "2024-09-15", "2024-09-18"),
        ("2025-04-03", "2025-05-03", "2025-05-06"),
        ("2025-01-02", "2025-02-01", "2025-02-05"),
        ("2026-08-28", "2026-09-27", "2026-09-28"),
        ("2024-05-09", "2024-06-08", ""),
    ],
)
def test_a_weekend_within_a_holiday_is_carried_over_and_one_beside_it_is_open(
    found: str, last: str, following: str
) -> None:
    row = _row("deadline-preliminary-check", clue_found=found)
    assert str(row.last) == last
    if following:
        assert str(row.due) == str(row.until) == following
        assert f"末日 {last} 为法定休假日，顺延至 {following}" in row.text
    else:
        assert (str(row.due), str(row.until)) == (last, "2024-06-11")


# Limitation: three years, five from 2026-08-15 (Code 1054); how the two join was not seen.


def _limitation(known: str, **more: Any) -> list[Deadline]:
    found = _found("北京市", damage_and_obligor_known=known, **more)
    return [row for row in found.rows if row.name == "deadline-limitation"]


def test_limitation_before_and_after_the_code() -> None:
    (after,) = _limitation("2026-08-15")
    assert after.rule.number == 5 and after.due == date(2031, 8, 15)
    old, new = _limitation("2026-08-14")
    assert (old.rule.number, old.due) == (3, date(2029, 8, 14))
    assert (new.rule.number, new.due, new.follows) == (
        5,
        date(2031, 8, 14),
        old.rule.citation,
    )


def test_a_limitation_that_ended_before_the_code_has_no_second_day() -> None:
    # 2023-08-14 + 3 years = 2026-08-14, the eve; a day later it runs into the Code.
    assert len(_limitation("2023-08-14")) == 1
    assert len(_limitation("2023-08-15")) == 2


def test_a_limitation_across_the_code_is_a_finding_with_both_clauses() -> None:
    found = _found("北京市", damage_and_obligor_known="2025-01-01")
    (finding,) = [each for each in found.findings if each.code == "deadline-rule-changed"]
    assert finding.level == "warning"
    assert "第一百八十八条" in finding.text and "2026-08-15 起不超过 5 年" in finding.text
    assert "第一千零五十四条" in finding.clause


def test_of_two_limitations_neither_is_said_to_be_over() -> None:
    # 2025-01-01 + 3 years = 2028-01-01, + 5 years = 2030-01-01.
    found = _found("北京市", "2031-01-01", damage_and_obligor_known="2025-01-01")
    rows = [row for row in found.rows if row.name == "deadline-limitation"]
    assert [row.rule.number for row in rows] == [3, 5] and all(row.contested for row in rows)
    for row in rows:
        assert "逾期" not in row.text and "适用哪一期间未见规定" in row.text
    assert "按此期间截至 2031-01-01 已过 1096 日" in rows[0].text
    assert "deadline-overdue" not in _codes(found) and "deadline-contested" in _codes(found)
    filed = _found("北京市", damage_and_obligor_known="2025-01-01", suit_filed="2028-06-01")
    assert "按此期间迟 152 日，适用哪一期间未见规定" in filed.rows[0].text
    (alone,) = _limitation("2021-03-01")
    assert not alone.contested


def test_limitation_starts_anew_where_it_was_interrupted_or_the_tort_ended() -> None:
    # Civil Code 195; 法释〔2023〕5号 27.
    (row,) = _limitation("2021-03-01", tort_ended="2021-06-01")
    # 2024-06-01 is a Saturday.
    assert (row.start_event, row.due, row.until) == (
        "tort_ended",
        date(2024, 6, 1),
        date(2024, 6, 3),
    )
    (again,) = _limitation("2021-03-01", limitation_interrupted="2022-05-10")
    assert (again.start, again.due) == (date(2022, 5, 10), date(2025, 5, 10))


def test_no_corresponding_day_is_the_last_of_the_month() -> None:
    # Civil Code 202: 2024-02-29 + 3 years.
    old, _ = _limitation("2024-02-29")
    assert old.last == date(2027, 2, 28)


def test_the_three_years_before_2021_are_named_as_not_verified() -> None:
    found = _found("北京市", damage_and_obligor_known="2019-03-01")
    assert found.rows[0].rule.found.source == "environmental-protection-law-2014"
    assert "deadline-standing" in _codes(found)


# What a case cannot do.


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        (
            {"negotiation_started": "2024-12-01", "agreement_signed": "2024-11-30"},
            "签订赔偿协议（agreement_signed）2024-11-30 早于磋商开始（negotiation_started）2024-12-01",
        ),
        (
            {"clue_found": "2024-06-03", "preliminary_checked": "2024-06-02"},
            "完成初步核查（preliminary_checked）2024-06-02 早于发现线索（clue_found）2024-06-03",
        ),
        (
            {"negotiation_meetings": ["2024-12-20", "2024-12-01"]},
            "第 2 次磋商（negotiation_meetings）2024-12-01 早于前一次 2024-12-20",
        ),
        (
            {"negotiation_started": "2024-12-01", "negotiation_meetings": ["2024-11-01"]},
            "第一次磋商（negotiation_meetings）2024-11-01 早于磋商开始",
        ),
        ({"clue_found": "9999-12-31"}, "年份应在 1979 至 2099 之间，所给为 9999-12-31"),
        ({"clue_found": "0024-06-03"}, "年份应在 1979 至 2099 之间，所给为 0024-06-03"),
        ({"negotiation_meetings": ["9999-12-31"]}, "年份应在 1979 至 2099 之间"),
        ({"incident_at": "2024-06-01T08:00:00"}, "cleared_at（清除完成时刻）须一并填写"),
        (
            {"incident_at": "2024-06-01T08:00:00", "cleared_at": "2024-06-01T07:00:00"},
            "早于案发（incident_at）",
        ),
        (
            {"incident_at": "2024-06-01T08:00:00", "cleared_at": "2024-06-01T09:00:00+08:00"},
            "须同样写或者不写时区",
        ),
    ],
)
def test_dates_out_of_order_are_refused_in_words(dates: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        _case(**dates)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("clue_fuond = 2024-06-03", "dates.clue_fuond 未知的键。是否指 clue_found"),
        ('clue_found = "六月"', "dates.clue_found.on 应为日期，如 2024-06-01"),
        ("negotiation_meetings = 3", "dates.negotiation_meetings 应为列表"),
        ("agreement_signed = 2024-01-01", "早于磋商开始（negotiation_started）2024-02-01"),
    ],
)
def test_a_spoilt_date_is_said_with_file_and_line(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "case.toml"
    head = 'title = "某案"\nplace = "浙江省"\non = 2024-06-01\n[dates]\n'
    path.write_text(f"{head}negotiation_started = 2024-02-01\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(words)) as caught:
        Case.read(path)
    at = 4 if "早于" in words else 6
    assert f"{path} 第 {at} 行" in str(caught.value)


def test_a_day_outside_every_rule_says_which_are_known() -> None:
    found = _found("北京市", clue_found="2018-06-03")
    assert not found.rows
    (finding,) = found.findings
    assert finding.code == "deadline-no-rule"
    assert "未见 北京市 2018-06-03 关于初步核查期限的规定" in finding.text
    assert "全国 2022-04-26 至 今" in finding.text


def test_a_day_left_open_is_an_open_point_and_no_row() -> None:
    assessment = _case(clue_found={"open": "台账未取得"}).assess()
    assert not assessment.deadlines.rows
    assert "发现线索：台账未取得" in assessment.open_points


def test_the_material_of_a_date_must_be_listed() -> None:
    assessment = _case(clue_found={"on": "2024-06-03", "evidence": "M9"}).assess()
    assert any(
        each.code == "material-unknown" and each.where == "dates.clue_found"
        for each in assessment.findings
    )


def test_an_overdue_step_is_a_finding_of_the_assessment() -> None:
    case = _case(clue_found="2024-06-03", preliminary_checked="2024-07-10")
    texts = [str(each) for each in case.assess().findings if each.code == "deadline-overdue"]
    assert len(texts) == 1 and "初步核查" in texts[0] and "（七）" in texts[0]


# What must hold of any day.

names = st.sampled_from(
    [
        ("clue_found", "deadline-preliminary-check"),
        ("investigation_ended", "deadline-conclusion"),
        ("agreement_effective", "deadline-confirmation"),
        ("appraisal_commissioned", "deadline-appraisal"),
    ]
)
days = st.dates(date(2023, 5, 1), date(2026, 9, 1))


@settings(deadline=None)
@given(names, days, days)
def test_a_later_start_is_never_due_earlier(named: tuple[str, str], one: date, other: date) -> None:
    event, name = named
    first, second = sorted((one, other))
    rows = [_row(name, **{event: each.isoformat()}) for each in (first, second)]
    assert rows[0].due is not None and rows[1].due is not None
    assert first < rows[0].due <= rows[1].due


@settings(deadline=None)
@given(names, days, st.integers(0, 200))
def test_overdue_is_the_days_past_the_last_and_never_negative(
    named: tuple[str, str], start: date, after: int
) -> None:
    event, name = named
    as_of = date.fromordinal(start.toordinal() + after)
    row = _row(name, "浙江省", as_of.isoformat(), **{event: start.isoformat()})
    assert row.until is not None and row.overdue == max(0, (as_of - row.until).days)


@pytest.mark.parametrize(
    ("sent", "count"), [(None, 0), (False, 0), (True, 1), ({"open": "待查"}, 1)]
)
def test_only_a_case_from_the_procuratorate_owes_it_a_letter(sent: object, count: int) -> None:
    # 浙江（二十）: 2024-08-01 + 15 days = 2024-08-16.
    dates: dict[str, Any] = {"case_closed": "2024-08-01"}
    if sent is not None:
        dates["clue_from_procuratorate"] = sent
    rows = [row for row in _found(**dates).rows if row.name == "deadline-procuratorate-letter"]
    assert [row.due for row in rows] == [date(2024, 8, 16)] * count
    back = _row("deadline-procuratorate-reply", procuratorate_closed="2024-08-01")
    assert back.due == date(2024, 8, 16) and "（二十）" in back.rule.citation
