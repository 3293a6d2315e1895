"""Working days of the years whose official arrangement is known; other years are refused."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from ..errors import ParameterNotFound
from .parameters import parameter

_NAME = "official-holidays"


def known_years() -> tuple[int, ...]:
    """Return the years whose arrangement of holidays and make-up days was read."""
    return tuple(sorted(value.since.year for value in parameter(_NAME).values))


def is_working(day: date) -> bool:
    """Tell whether *day* is worked: a weekday that is no holiday, or a weekend made up for.

    Raises
    ------
    ParameterNotFound
        The official arrangement of that year is not known.
    """
    working: bool = _calendar(_known(day)).is_working_day(day)
    return working


def is_holiday(day: date) -> bool:
    """Tell whether *day* lies in a holiday of the official arrangement, weekends within it included.

    A weekend beside a holiday is part of it only where the notice has it in the days off.

    Raises
    ------
    ParameterNotFound
        The official arrangement of that year is not known.
    """
    return any(first <= day <= last for first, last in _holidays(_known(day)))


@lru_cache(maxsize=32)
def _holidays(year: int) -> tuple[tuple[date, date], ...]:
    """Return first and last day of each holiday of the notice."""
    (held,) = (value for value in parameter(_NAME).values if value.since.year == year)
    return tuple(
        (date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last or first}"))
        for first, last in re.findall(r"(\d\d-\d\d)(?: 至 (\d\d-\d\d))?", str(held.value))
    )


def next_working(day: date) -> date:
    """Return the first working day after *day*.

    Raises
    ------
    ParameterNotFound
        It lies in a year whose official arrangement is not known.
    """
    while True:
        day += timedelta(days=1)
        if is_working(day):
            return day


def add_working(start: date, count: int) -> date:
    """Return the last of *count* working days; the day *start* itself is not counted.

    Raises
    ------
    ParameterNotFound
        The count reaches a year whose official arrangement is not known.
    """
    day = start
    for _ in range(count):
        day = next_working(day)
    return day


def _known(day: date) -> int:
    if day.year not in known_years():
        known = "、".join(str(year) for year in known_years())
        raise ParameterNotFound(
            f"{day.year} 年的放假调休安排未见官方通知，不能推算工作日",
            hint=f"已知：{known} 年。",
        )
    return day.year


@lru_cache(maxsize=32)
def _calendar(year: int) -> Any:
    # Imported here: few commands count working days. The library answers any year, known or not.
    import holidays

    return holidays.country_holidays("CN", years=year, expand=False)
