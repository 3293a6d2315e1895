"""Wildlife and fishery: laws that their methods obey."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecoval as ev
from ecoval.errors import InputError, OutOfScope
from ecoval.rules.tables import table

few = settings(max_examples=40, deadline=None)
counts = st.integers(1, 10_000)
prices = st.integers(0, 10**9)
years = st.integers(1, 1200).map(lambda n: n / 12)
species = st.sampled_from([row.texts["species"] for row in table("wildlife-land-baseline").rows])


def land(number, of="麻雀", protection_class="三有", breeding="野外", price=0):
    return ev.wildlife.land(
        number=f"{number} 只", species=of, protection_class=protection_class, breeding=breeding,
        actual_price=f"{price} 元", on="2021-06-01",
    ).exact  # fmt: skip


def lasting(time, *, days=60, area="12 km²", **terms):
    return ev.fishery.lasting(
        density="350 kg/km²", area=area, exceedance="1<B≤4", loss_rate="10 %",
        days=f"{days} 天/年", price="30 元/kg", years=f"{time} 年", on="2020-06-01", **terms,
    ).exact  # fmt: skip


def close(expected):
    return pytest.approx(expected, rel=1e-12)


@few
@given(counts, species)
def test_the_classes_and_origins_keep_their_ratios(number, of):
    listed = land(number, of)
    assert land(number, of, "地方重点") == listed
    assert land(number, of, "国家二级") == close(5 * listed)
    assert land(number, of, "国家一级") == close(10 * listed)
    assert land(number, of, breeding="人工繁育") == close(listed / 2)
    assert land(number, of, breeding="人工繁育且列入名录") == close(listed / 4)


@few
@given(counts, prices)
def test_the_price_paid_never_lowers_the_value(number, price):
    assert land(number, price=price) == max(land(number), price)


@few
@given(counts, st.sampled_from(["鸟", "爬行", "两栖"]))
def test_an_egg_is_never_worth_more_than_its_mother(number, animal_class):
    eggs = ev.wildlife.land_egg(
        number=f"{number} 枚", species="白鹇", protection_class="国家二级", breeding="野外",
        animal_class=animal_class, actual_price="0 元", on="2021-06-01",
    )  # fmt: skip
    assert eggs.exact < land(number, "白鹇", "国家二级")


@few
@given(years)
def test_years_count_as_three_at_least_and_twenty_at_most(time):
    assert lasting(time) == close(lasting(3) / 3 * min(max(time, 3), 20))


@few
@given(st.integers(1, 24))
def test_a_cycle_is_fifteen_days(cycles):
    assert lasting(4, days=15 * cycles) == close(cycles * lasting(4, days=15))


@few
@given(st.integers(1, 10**6))
def test_changing_the_unit_of_the_area_does_not_change_the_amount(area):
    assert lasting(4, area=f"{area} 公顷") == close(lasting(4, area=f"{area / 100} km²"))


@few
@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_five_eggs_are_one_larva(eggs, larvae):
    def once(egg_density, larva_density):
        return ev.fishery.once_early(
            egg_density=f"{egg_density} 枚/m³", larva_density=f"{larva_density} 尾/m³",
            area="1000 m³", exceedance="1<B≤4", loss_rate="30 %", fry_price="0.8 元/尾",
            on="2020-06-01",
        ).exact  # fmt: skip

    assert once(eggs, larvae) == close(once(eggs + 5 * larvae, 0))


def test_every_band_of_the_loss_rate_starts_where_the_last_one_ended():
    for biota in ("鱼卵和仔稚鱼", "成体"):
        rows = [row for row in table("fishery-loss-rate").rows if row.texts["biota"] == biota]
        assert len(rows) == 4
        for before, after in pairwise(rows):
            assert before.number("high") == after.number("low")


@pytest.mark.parametrize(
    ("first", "last", "old", "new"),
    [
        ("2017-12-14", "2017-12-15", "land_1996", "land"),
        ("2019-09-30", "2019-10-01", "aquatic_2002", "aquatic"),
    ],
)
def test_each_day_has_one_rule(first, last, old, new):
    before = {"fee": "100 元/只", "part": "整体"}
    after = {"baseline": "100 元/只"} | (
        {"breeding": "野外", "actual_price": "0 元"} if new == "land" else {"stage": 1}
    )
    both = {"number": "1 只", "protection_class": "国家二级"}
    for name, terms, good, bad in ((old, before, first, last), (new, after, last, first)):
        method = getattr(ev.wildlife, name)
        assert method(**both, **terms, on=good).exact > 0
        with pytest.raises(OutOfScope, match=bad):
            method(**both, **terms, on=bad)


def test_the_value_of_a_catch_is_kept_beside_its_multiple():
    item = ev.fishery.catch_multiple(
        mass=["2 kg", "4 kg"], price=["50 元/kg", "30 元/kg"], multiple=3, on="2021-06-01"
    )
    assert [part.card.id for part in item.parts] == ["fishery-catch-value"]
    assert item.parts[0].exact * 3 == item.exact == 660


def test_fish_to_release_are_not_money():
    card = ev.fishery.catch_in_kind.card
    assert not card.is_money and not card.heads


def test_a_mistyped_species_is_answered_with_the_nearest():
    with pytest.raises(InputError, match="野牦牛"):
        land(1, "野牦年", "国家一级")
