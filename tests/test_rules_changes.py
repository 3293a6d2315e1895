"""What changed between two days at a place: begun, ended, from what to what."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecoval.errors import InputError
from ecoval.rules.changes import card_changes, changes
from ecoval.rules.parameters import all_in_force, parameter, topics
from ecoval.valuation import methods


def _changed(first: str, second: str, place: str, topic: str) -> list[tuple[str, str, str]]:
    found = changes(
        date.fromisoformat(first),
        date.fromisoformat(second),
        jurisdiction=place,
        names=topics()[topic],
    )
    return [(change.kind, change.name, change.place.code) for change in found]


def test_the_limitation_changed_on_the_day_of_the_code() -> None:
    eve, day = date(2026, 8, 14), date(2026, 8, 15)
    (change,) = changes(eve, day, jurisdiction="浙江省", names=["deadline-limitation"])
    assert change.kind == "changed" and change.place.code == "CN"
    assert change.before is not None and change.after is not None
    assert (change.before.text, change.after.text) == ("不超过 3 年", "不超过 5 年")


def test_zhejiang_began_on_its_day() -> None:
    found = _changed("2023-04-30", "2023-05-01", "金华市", "deadlines")
    assert ("began", "deadline-appraisal", "330000") in found
    assert all(kind == "began" and code == "330000" for kind, _, code in found)


def test_nantong_ends_with_its_last_day_and_the_nation_stays() -> None:
    found = _changed("2028-04-30", "2028-05-01", "南通市", "quick-assessment")
    assert ("ended", "quick-assessment-threshold", "320600") in found
    assert not [name for kind, name, code in found if code == "CN"]


def test_the_national_threshold_began_in_2025() -> None:
    found = _changed("2025-01-12", "2025-01-13", "北京市", "quick-assessment")
    assert ("began", "quick-assessment-threshold", "CN") in found
    assert ("changed", "quick-assessment-conditions", "CN") in found


def test_another_place_is_not_compared() -> None:
    assert not _changed("2023-04-30", "2023-05-01", "北京市", "deadlines")


def test_the_later_day_first_is_refused() -> None:
    with pytest.raises(InputError, match="应先写较早的一天"):
        changes(date(2026, 1, 1), date(2025, 1, 1), jurisdiction="CN")


days = st.dates(date(2010, 1, 1), date(2030, 12, 31))
places = st.sampled_from(["330700", "320600", "220100", "500000", "110000", "CN"])


@settings(deadline=None)
@given(days, places)
def test_nothing_changes_in_no_time(day: date, place: str) -> None:
    assert changes(day, day, jurisdiction=place) == ()


@settings(deadline=None)
@given(days, days, places)
def test_what_changed_is_what_the_two_days_do_not_share(one: date, other: date, place: str) -> None:
    first, second = sorted((one, other))
    changed = {
        (change.name, change.place.code) for change in changes(first, second, jurisdiction=place)
    }
    for name in (name for group in topics().values() for name in group):
        for value in parameter(name).values:
            held = [
                any(rule.found is value for rule in all_in_force(name, on=day, jurisdiction=place))
                for day in (first, second)
            ]
            assert held[0] == held[1] or (name, value.jurisdiction) in changed


def test_methods_that_came_and_went_are_listed() -> None:
    cards = [method.card for method in methods().values()]
    found = card_changes(cards, date(2014, 10, 23), date(2014, 10, 24))
    assert ("began", "water-multiple-2014") in [(kind, card.id) for kind, card in found]
    assert ("ended", "emergency-people") in [(kind, card.id) for kind, card in found]
