"""Air, dust, soil, groundwater, solid waste and the cost heads: laws that they obey."""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecoval as ev
from ecoval.errors import InputError
from ecoval.rules.tables import table

ON = "2024-06-01"
few = settings(max_examples=40, deadline=None)
amounts = st.integers(1, 10**6).map(lambda n: n / 100)
coefficients = st.integers(100, 400).map(lambda n: n / 100)
per_cents = st.integers(1, 99)


def close(expected):
    return pytest.approx(expected, rel=1e-12)


def air(reading, *, discharge="2.5 t", unit_cost="2000 元/t", four=(1.5, 1.2, 1.1, 1.25)):
    hazard, sensitivity, function, exceedance = four
    return ev.methods()[reading](
        discharge=discharge, unit_cost=unit_cost, hazard=hazard, sensitivity=sensitivity,
        function=function, exceedance=exceedance, on=ON,
    ).exact  # fmt: skip


def handling(moisture="2 %", wind="2.2 m/s", particle="TSP", control=0):
    return ev.dust.handling_factor(
        particle=particle, wind_speed=wind, moisture=moisture, handling_control=control, on=ON
    ).exact


def erosion(velocities, *, threshold="0.7 m/s", particle="TSP", control=0):
    return ev.dust.erosion_factor(
        particle=particle, friction_velocity=velocities, threshold=threshold,
        erosion_control=control, on=ON,
    ).exact  # fmt: skip


def people(count, days):
    return ev.emergency.people(
        headcount=[f"{count} 人"], allowance=["150 元/人/天"], days=[f"{days} 天"], on="2013-06-01"
    ).exact


def newness(life, used, residual="5 %"):
    return ev.emergency.newness(
        residual_rate=residual, useful_life=f"{life} 年", years_used=f"{used} 年", on="2013-06-01"
    ).exact


# Ambient air.

READINGS = ["air-virtual-treatment", "air-virtual-treatment-product"]


@few
@given(st.tuples(coefficients, coefficients, coefficients, coefficients))
def test_the_two_readings_of_the_adjustment_are_two_formulas(four):
    hazard, sensitivity, function, exceedance = (Fraction(str(each)) for each in four)
    mixed = (hazard * sensitivity + function) * exceedance
    product = hazard * sensitivity * function * exceedance
    assert air(READINGS[0], four=four) == close(float(5000 * mixed))
    assert air(READINGS[1], four=four) == close(float(5000 * product))


@pytest.mark.parametrize("reading", READINGS)
def test_each_reading_says_that_it_is_unsettled_and_names_the_other(reading):
    (other,) = set(READINGS) - {reading}
    card = ev.methods()[reading].card
    assert "读法未定" in card.note and other in card.note
    assert card.standing != "verified"


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("name", ["hazard", "sensitivity", "function", "exceedance"])
def test_no_coefficient_of_the_air_comes_from_anywhere_but_the_expert(reading, name):
    term = ev.methods()[reading].card.term(name)
    assert term.lookup is None and not term.parameter and not term.method
    assert "注明页码" in term.asks


@few
@given(amounts, amounts, amounts)
def test_pollutants_are_valued_one_by_one_or_together(first, second, price):
    def valued(*quantities):
        return ev.air.multiple_2014(
            quantity=[f"{each} t" for each in quantities],
            unit_cost=[f"{price} 元/t"] * len(quantities),
            multiple=4, air_class="Ⅱ", on="2018-06-01",
        ).exact  # fmt: skip

    assert valued(first, second) == close(valued(first) + valued(second))


@pytest.mark.parametrize(
    ("medium", "classes"), [("环境空气", "Ⅰ Ⅱ Ⅲ"), ("地下水", "Ⅰ Ⅱ Ⅲ Ⅳ Ⅴ"), ("土壤", "")]
)
def test_each_medium_has_its_own_classes_and_soil_has_no_multiples(medium, classes):
    rows = [row for row in table("multiples-2014").rows if row.texts["medium"] == medium]
    assert [row.texts["medium_class"] for row in rows] == classes.split()


# Solid waste.


def test_solid_waste_takes_neither_the_hazard_nor_the_tiers_of_wastewater():
    card = ev.solidwaste.virtual_treatment.card
    for name in ("hazard", "exceedance"):
        assert card.term(name).lookup is None and not card.term(name).method
    with pytest.raises(InputError, match="没有输入项 concentration"):
        ev.solidwaste.virtual_treatment(
            discharge="1 t", unit_cost="1 元/t", hazard=1, concentration="2 mg/L", limit="1 mg/L",
            function=2, on=ON,
        )  # fmt: skip


@few
@given(amounts, amounts, amounts)
def test_a_unit_cost_times_what_was_treated_is_what_it_cost(first, second, treated):
    costs = [f"{first} 元", f"{second} 元"]
    for family in (ev.air, ev.solidwaste):
        unit_cost = family.unit_cost_survey(costs=costs, treated=f"{treated} t", on=ON)
        assert unit_cost.exact * treated == close(first + second)
        assert unit_cost.unit == "元/t"


# Dust.


@few
@given(per_cents)
def test_moisture_is_compared_per_cent_with_per_cent(moisture):
    expected = 0.74 * 0.0016 / (moisture / 2) ** 1.4
    assert handling(f"{moisture} %") == close(expected)
    assert handling(moisture / 100) == close(expected)


@few
@given(st.integers(1, 98), st.integers(1, 300))
def test_wetter_material_dusts_less_and_a_stronger_wind_more(moisture, wind):
    speed = f"{wind / 10} m/s"
    assert handling(f"{moisture + 1} %", speed) < handling(f"{moisture} %", speed)
    assert handling(f"{moisture} %", f"{(wind + 1) / 10} m/s") > handling(f"{moisture} %", speed)


def test_finer_dust_is_less_dust():
    assert handling(particle="TSP") > handling(particle="PM10") > handling(particle="PM2.5")
    assert erosion(["1.2 m/s"]) > erosion(["1.2 m/s"], particle="PM10")


@few
@given(st.lists(st.integers(1, 300), min_size=1, max_size=8), st.integers(1, 200))
def test_erosion_is_the_sum_over_what_exceeds_the_threshold(velocities, threshold):
    # In hundredths of a metre a second, exactly.
    excess = [Fraction(each - threshold, 100) for each in velocities if each > threshold]
    expected = sum((58 * each**2 + 25 * each for each in excess), Fraction())
    got = erosion([f"{each / 100} m/s" for each in velocities], threshold=f"{threshold / 100} m/s")
    assert got == pytest.approx(float(expected), rel=1e-9, abs=1e-12)


def test_erosion_begins_at_nothing():
    assert erosion(["0.7 m/s"]) == 0
    assert 0 < erosion(["0.700001 m/s"]) < 1e-4


@few
@given(st.integers(1, 300), st.integers(2, 300))
def test_friction_velocity_is_the_logarithmic_profile(wind, height):
    got = ev.dust.friction_velocity(
        wind_speed=f"{wind / 10} m/s", height=f"{height} m", area_type="城市", on=ON
    ).exact
    assert got == close(0.4 * (wind / 10) / math.log(height / 0.6))


def test_the_disputed_multiplier_of_the_finest_dust_stays_unverified():
    standings = {
        row.texts["particle"]: row.standing for row in table("dust-erosion-size-2014").rows
    }
    assert standings == {"TSP": "secondary", "PM10": "secondary", "PM2.5": "unverified"}


def test_the_discharge_of_a_pile_is_the_discharge_that_is_valued():
    pile = ev.dust.stockpile_discharge(
        handling_factor="0.002 kg/t", quantity=["500 t", "300 t"], erosion_factor="10.8 g/m²",
        surface="453 m²", on=ON,
    )  # fmt: skip
    assert pile.unit == "kg"
    valued = air(READINGS[0], discharge=f"{pile.exact} kg", four=(1, 1, 1, 1))
    assert valued == close(0.0064924 * 2000 * 2)


# Soil and groundwater.


@few
@given(amounts, amounts, amounts)
def test_a_polygon_may_be_cut_in_two(area, other, depth):
    def volume(*areas):
        return ev.soil.soil_volume(
            area=[f"{each} m²" for each in areas], depth=[f"{depth} m"] * len(areas), on=ON
        ).exact

    assert volume(area, other) == close((area + other) * depth)


def test_groundwater_is_less_than_the_soil_it_is_in():
    soil = ev.soil.soil_volume(area="1000 m²", depth="4 m", on=ON).exact
    water = ev.soil.groundwater_volume(
        area="1000 m²", thickness="4 m", porosity="25 %", on=ON
    ).exact
    assert water == soil / 4


@few
@given(amounts, amounts, st.integers(0, 100), st.integers(0, 100))
def test_contingency_and_tax_are_each_put_on_what_went_before(quantity, price, contingency, tax):
    terms = {"quantity": [f"{quantity} m³"], "unit_price": [f"{price} 元/m³"], "on": ON}
    works = ev.ledger.cost_ledger(**terms).exact
    for cost in (ev.soil.soil_treatment_cost, ev.soil.groundwater_treatment_cost):
        assert cost(**terms, contingency=f"{contingency} %", tax=f"{tax} %").exact == close(
            works * (100 + contingency) * (100 + tax) / 10_000
        )
    assert ev.restoration.itemised_cost(**terms, contingency=0).exact == works


# Restoration.


@few
@given(amounts, coefficients, coefficients)
def test_a_cost_moved_there_and_back_is_the_same(cost, one, other):
    def moved(amount, now, then):
        return ev.restoration.price_base(
            cost=f"{amount!r} 元", index_now=now, index_then=then, index_name="指数", on=ON
        ).exact

    assert moved(moved(cost, one, other), other, one) == close(cost)
    assert moved(cost, one, one) == close(cost)


def test_a_share_set_by_a_court_is_said_to_be_no_standard():
    card = ev.restoration.service_loss_share.card
    assert "没有标准规定" in card.note and card.standing == "secondary"
    assert card.term("share").parameter == "" and card.term("share").lookup is None


# Emergency.


@few
@given(st.integers(1, 500), st.integers(1, 60))
def test_people_by_days_is_days_by_people(count, days):
    assert people(count, days) == people(days, count) == 150 * count * days


@few
@given(st.integers(1, 50), st.integers(0, 49), per_cents)
def test_a_thing_in_use_keeps_between_its_residual_and_its_whole_value(life, used, residual):
    used = min(used, life)
    share = Fraction(residual, 100)
    got = newness(life, used, f"{residual} %")
    assert got == close(float(1 - (1 - share) / life * used))
    assert residual / 100 - 1e-12 <= got <= 1


def test_property_without_damage_or_beyond_its_life_is_an_error_not_a_zero():
    terms = {"replacement_value": "5 万元", "residual_rate": "5 %", "on": "2013-06-01"}
    with pytest.raises(InputError, match="损坏率（damage_rate）：应大于零"):
        ev.emergency.property_damage(
            **terms, useful_life="10 年", years_used="4 年", damage_rate="0 %"
        )
    with pytest.raises(InputError, match="折旧年限（useful_life）"):
        ev.emergency.property_damage(
            **terms, useful_life="10 年", years_used="11 年", damage_rate="40 %"
        )


def test_the_direct_loss_is_not_an_item_of_compensation():
    card = ev.emergency.direct_loss.card
    assert card.heads == () and "不是赔偿项目" in card.note
