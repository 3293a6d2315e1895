"""The calendar of a case: one entry a due day, the same bytes each time, an identity that stays."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from ecoval.case import Case, deadlines_of
from ecoval.errors import InputError, OutputError
from ecoval.report.calendar import calendar_of, write_calendar


def _case(**dates: Any) -> Case:
    return Case(title="某案；甲、乙", place="浙江省", on="2024-06-01", dates=dates)


def _events(case: Case) -> list[Any]:
    written = calendar_of(case, deadlines_of(case))
    return list(Calendar.from_ical(written).walk("VEVENT"))


def test_each_due_day_is_an_entry_with_its_clause() -> None:
    events = _events(_case(clue_found="2024-06-03", investigation_ended="2024-08-01"))
    assert [event.decoded("dtstart") for event in events] == [
        date(2024, 7, 3),
        date(2024, 8, 16),
        date(2024, 8, 16),
    ]
    assert str(events[0]["summary"]) == "某案；甲、乙：初步核查"
    assert "（七）〔已核对原文〕" in str(events[0]["description"])
    assert events[0].decoded("dtend") == date(2024, 7, 4)


def test_of_two_limitations_each_title_says_which() -> None:
    events = _events(_case(damage_and_obligor_known="2025-01-01"))
    assert [str(event["summary"]) for event in events] == [
        "某案；甲、乙：提起诉讼（诉讼时效）3 年",
        "某案；甲、乙：提起诉讼（诉讼时效）5 年",
    ]


def test_the_same_case_gives_the_same_bytes() -> None:
    case = _case(clue_found="2024-06-03", agreement_effective="2024-09-01")
    found = deadlines_of(case)
    assert calendar_of(case, found) == calendar_of(case, deadlines_of(case))


def test_an_entry_keeps_its_identity_when_its_day_moves_and_shares_it_with_none() -> None:
    one = _events(_case(clue_found="2024-06-03", investigation_ended="2024-08-01"))
    other = _events(_case(clue_found="2024-06-05", investigation_ended="2024-08-01"))
    assert [str(event["uid"]) for event in one] == [str(event["uid"]) for event in other]
    assert len({str(event["uid"]) for event in one}) == len(one)
    assert one[0].decoded("dtstart") != other[0].decoded("dtstart")


def test_a_day_that_cannot_be_counted_is_left_out() -> None:
    case = _case(enforcement_applied="2026-12-25")
    with pytest.raises(InputError, match="没有可写入日历的期限"):
        calendar_of(case, deadlines_of(case))


def test_a_calendar_is_not_overwritten(tmp_path: Path) -> None:
    case, path = _case(clue_found="2024-06-03"), tmp_path / "new" / "dates.ics"
    write_calendar(case, deadlines_of(case), path)
    assert path.read_bytes().startswith(b"BEGIN:VCALENDAR")
    with pytest.raises(OutputError, match="文件已存在，未覆盖"):
        write_calendar(case, deadlines_of(case), path)
    write_calendar(case, deadlines_of(case), path, force=True)
