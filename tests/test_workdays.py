"""Working days against the official arrangements of 2023 to 2026; other years are refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecoval.errors import ParameterNotFound
from ecoval.rules.parameters import parameter
from ecoval.rules.sources import source
from ecoval.rules.workdays import add_working, is_holiday, is_working, known_years, next_working

# As the General Office of the State Council announced them: the days off, and the weekends worked.
# 2023: 国办发明电〔2022〕16号 (2022-12-08); 2024: 国办发明电〔2023〕7号 (2023-10-25);
# 2025: 国办发明电〔2024〕12号 (2024-11-12); 2026: notice of 2025-11-04. All four read in full.
OFF = {
    2023: ["01-01/01-02", "01-21/01-27", "04-05", "04-29/05-03", "06-22/06-24", "09-29/10-06"],
    2024: [
        "01-01",
        "02-10/02-17",
        "04-04/04-06",
        "05-01/05-05",
        "06-10",
        "09-15/09-17",
        "10-01/10-07",
    ],
    2025: ["01-01", "01-28/02-04", "04-04/04-06", "05-01/05-05", "05-31/06-02", "10-01/10-08"],
    2026: [
        "01-01/01-03",
        "02-15/02-23",
        "04-04/04-06",
        "05-01/05-05",
        "06-19/06-21",
        "09-25/09-27",
        "10-01/10-07",
    ],
}
WORKED = {
    2023: ["01-28", "01-29", "04-23", "05-06", "06-25", "10-07", "10-08"],
    2024: ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
    2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
}


def _days(year: int, spans: list[str]) -> set[date]:
    found = set()
    for span in spans:
        first, _, last = span.partition("/")
        day = date.fromisoformat(f"{year}-{first}")
        while day <= date.fromisoformat(f"{year}-{last or first}"):
            found.add(day)
            day += timedelta(days=1)
    return found


@pytest.mark.parametrize("year", sorted(OFF))
def test_every_day_of_the_year_is_as_it_was_announced(year: int) -> None:
    off, worked = _days(year, OFF[year]), _days(year, WORKED[year])
    day = date(year, 1, 1)
    while day.year == year:
        expected = day in worked or (day.weekday() < 5 and day not in off)
        assert is_working(day) == expected, day
        assert is_holiday(day) == (day in off), day
        day += timedelta(days=1)


def test_the_years_known_are_those_with_a_notice_and_each_notice_counts_the_weekends_worked() -> (
    None
):
    assert known_years() == (2023, 2024, 2025, 2026)
    for value in parameter("official-holidays").values:
        year = value.since.year
        assert (value.until, value.source) == (date(year, 12, 31), f"holidays-{year}")
        assert f"{len(WORKED[year])} 个周末上班" in str(value.value)
        assert source(value.source).read == "text"


@pytest.mark.parametrize("day", [date(2022, 12, 31), date(2027, 1, 1), date(1900, 1, 1)])
def test_a_year_without_a_notice_is_refused_by_name(day: date) -> None:
    with pytest.raises(ParameterNotFound, match=rf"{day.year} 年的放假调休安排未见官方通知"):
        is_working(day)
    with pytest.raises(ParameterNotFound, match="已知：2023、2024、2025、2026 年"):
        is_holiday(day)


def test_a_count_that_runs_into_an_unknown_year_is_refused() -> None:
    # 2026-12-31 is a Thursday and the last day known.
    assert next_working(date(2026, 12, 30)) == date(2026, 12, 31)
    with pytest.raises(ParameterNotFound, match="2027 年"):
        add_working(date(2026, 12, 30), 2)


def test_thirty_working_days_counted_by_hand() -> None:
    # After 2024-09-10: 11–14 (the 14th made up for) 4, 18–20 7, 23–27 12, 29 (made up for) and 30
    # 14, October 8–12 (the 12th made up for) 19, 14–18 24, 21–25 29, 28 30.
    assert add_working(date(2024, 9, 10), 30) == date(2024, 10, 28)


def test_seven_working_days_across_two_holidays_counted_by_hand() -> None:
    # After 2026-09-24: 28–30 3, October 8 and 9 5, 10 (made up for) 6, 12 7.
    assert add_working(date(2026, 9, 24), 7) == date(2026, 10, 12)


days = st.dates(date(2023, 1, 1), date(2026, 9, 1))


@settings(deadline=None)
@given(days, st.integers(1, 60))
def test_the_last_day_is_worked_and_has_as_many_working_days_before_it(
    start: date, count: int
) -> None:
    last = add_working(start, count)
    assert is_working(last)
    between = [start + timedelta(days=n) for n in range(1, (last - start).days + 1)]
    assert sum(map(is_working, between)) == count


@settings(deadline=None)
@given(days, st.integers(1, 30))
def test_one_day_more_is_a_later_day(start: date, count: int) -> None:
    assert add_working(start, count) < add_working(start, count + 1)
