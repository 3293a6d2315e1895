"""Forest carbon and services: what must hold whatever the numbers are."""

import pytest

from ecoval.errors import OutOfScope, UnitError
from ecoval.rules.tables import table
from ecoval.valuation import carbon, forest, forest_services, forest_services_2008

ON = "2024-06-01"
FIR = {"species": "杉木", "conversion": "44/12", "on": ON}
STAND = {
    "area": "2 公顷",
    "zone": "温带",
    "forest_type": "松类",
    "root_type": "针叶树",
    "carbon_basis": "IPCC 2006 缺省",
    "conversion": "44/12",
    "on": ON,
}


def test_twice_the_volume_is_twice_the_carbon():
    one = carbon.volume_bef(volume="10 立方米蓄积", **FIR)
    two = carbon.volume_bef(volume="20 立方米蓄积", **FIR)
    assert two.exact == pytest.approx(2 * one.exact, rel=1e-12)


def test_the_conversion_is_the_expert_s_and_moves_the_tonnes_by_a_tenth_of_a_percent():
    exact = carbon.volume_bef(volume="10 立方米蓄积", **FIR).exact
    rounded = carbon.volume_bef(volume="10 立方米蓄积", **FIR | {"conversion": "3.67"}).exact
    assert rounded / exact == pytest.approx(3.67 * 12 / 44, rel=1e-12)


@pytest.mark.parametrize("row", table("carbon-species").rows, ids=lambda row: row.texts["species"])
def test_every_species_is_between_one_and_three_tonnes_a_cubic_metre(row):
    item = carbon.volume_bef(volume="1 立方米蓄积", **FIR | {"species": row.texts["species"]})
    assert 1 < item.exact < 3
    assert row.standing == "unverified"


def test_a_recalled_coefficient_is_never_used_silently():
    item = carbon.volume_bef(volume="10 立方米蓄积", **FIR)
    warned = [finding.text for finding in item.findings if finding.code == "unverified-value"]
    for title in ("基本木材密度", "生物量扩展因子", "根茎比", "含碳率"):
        assert any(title in text for text in warned)


def test_a_stand_per_亩_is_the_stand_per_hectare():
    hectares = carbon.volume_bcef(stand_volume="60 立方米蓄积/公顷", **STAND)
    mu = carbon.volume_bcef(stand_volume="4 立方米蓄积/亩", **STAND | {"area": "30 亩"})
    assert mu.exact == pytest.approx(hectares.exact, rel=1e-12)


def test_bands_leave_no_gap_between_whole_numbers():
    for volume in (20, 20.5, 21, 40, 40.5, 41, 100, 100.5, 200, 200.5):
        carbon.volume_bcef(stand_volume=f"{volume} 立方米蓄积/公顷", **STAND)


def test_the_line_of_a_stand_refuses_a_volume_that_is_not_per_area():
    given = {"area": "2 公顷", "region": "浙江", "forest_type": "杉木林"}
    given |= {"carbon_basis": "IPCC 2006 缺省", "conversion": "44/12", "on": ON}
    for volume in ("1.2 立方米蓄积", "1.2 立方米蓄积/株", "1.2 m³"):
        with pytest.raises(UnitError, match="单位须为 立方米蓄积/公顷"):
            carbon.volume_line(stand_volume=volume, **given)


def test_recovery_in_a_line_forgoes_half():
    given = {"area": "7 亩", "rate": "5.3 tCO2e/公顷/年", "duration": "11 年", "on": ON}
    whole, half = carbon.forgone_constant(**given), carbon.forgone_linear(**given)
    assert whole.exact == pytest.approx(2 * half.exact, rel=1e-12)


def test_unchanged_soil_has_lost_nothing():
    same = {"content_before": "0.02 tC/t", "content_after": "0.02 tC/t", "depth": "20 cm"}
    same |= {"bulk_before": "1.2 t/m³", "bulk_after": "1.2 t/m³", "gravel": "5 %"}
    assert carbon.soil_loss(area="1 公顷", conversion="44/12", on=ON, **same).exact == 0


def test_value_takes_tonnes_or_the_volume_they_come_from():
    tonnes = carbon.volume_bef(volume="10 立方米蓄积", **FIR).exact
    given = carbon.value(tonnes=f"{tonnes!r} tCO2e", price="60 元/tCO2e", on=ON)
    computed = carbon.value(volume="10 立方米蓄积", price="60 元/tCO2e", **FIR)
    assert given.amount == computed.amount
    assert [part.card.id for part in computed.parts] == ["carbon-volume-bef"]


def test_logs_and_their_standing_volume_agree_in_carbon_only_through_the_rate():
    volume = forest.standing_volume(logs="6.5 m³", out_turn="0.65 m³/立方米蓄积", on=ON)
    assert volume.unit == "立方米蓄积"
    assert volume.exact == pytest.approx(10, rel=1e-12)


WATER = {"area": "3 公顷", "precipitation": "1200 mm/年", "runoff": "90 mm/年"}
WATER |= {"evapotranspiration": "700 mm/年"}
EROSION = {"area": "3 公顷", "bare_erosion": "40 t/公顷/年", "forest_erosion": "3 t/公顷/年"}
NPK = {"nitrogen": "0.2 %", "phosphorus": "0.1 %", "potassium": "1.1 %"}
FERTILIZER = {"dap_price": "2400 元/t", "kcl_price": "2200 元/t"}
GROWTH = {"area": "3 公顷", "production": "8 t/公顷/年"}
IONS = {"area": "3 公顷", "height": "9 m", "concentration": "1500 个/cm³", "lifetime": "10 min"}
SERVICES = {
    "water_regulation": WATER | {"reservoir_cost": "6.1107 元/m³"},
    "water_purification": WATER | {"purification_cost": "2.09 元/m³"},
    "soil_fixation": EROSION | {"bulk_density": "1.3 t/m³", "earth_cost": "12.6 元/m³"},
    "soil_fertility": EROSION | NPK | FERTILIZER | {"organic": "2 %", "organic_price": "320 元/t"},
    "carbon_fixation": GROWTH | {"soil_carbon": "0.3 tC/公顷/年", "carbon_price": "1200 元/tC"},
    "oxygen_release": GROWTH | {"oxygen_price": "1000 元/t"},
    "nutrient_accumulation": GROWTH | NPK | FERTILIZER,
    "negative_ions": IONS | {"ion_cost": "0.00000000058185 元/亿个"},
    "pollutant_removal": {
        "area": "3 公顷",
        "removal": "90 kg/公顷/年",
        "treatment_cost": "1.2 元/kg",
    },
}


@pytest.mark.parametrize("name", SERVICES)
def test_the_editions_agree_where_the_stand_is_the_reference(name):
    new, old = getattr(forest_services, name), getattr(forest_services_2008, name)
    given = SERVICES[name]
    value = new(correction=1, on="2020-10-01", **given).exact
    assert value == pytest.approx(old(on="2020-09-30", **given).exact, rel=1e-12)
    assert new(correction=0.5, on=ON, **given).exact == pytest.approx(value / 2, rel=1e-12)


@pytest.mark.parametrize("name", SERVICES)
def test_the_day_of_the_damage_chooses_the_edition(name):
    with pytest.raises(OutOfScope, match="2020-09-30 不在其内"):
        getattr(forest_services, name)(correction=1, on="2020-09-30", **SERVICES[name])
    with pytest.raises(OutOfScope, match="2020-10-01 不在其内"):
        getattr(forest_services_2008, name)(on="2020-10-01", **SERVICES[name])


def test_negative_ions_come_to_the_standard_s_own_constant():
    value = forest_services_2008.negative_ions(on="2014-06-01", **IONS).exact
    assert value == pytest.approx(5.256e15 * 3 * 9 * 5.8185e-18 * (1500 - 600) / 10, rel=1e-12)


def test_diversity_is_largest_where_all_species_are_alike():
    even = forest_services.shannon_index(count=["20 株"] * 5, on=ON).exact
    uneven = forest_services.shannon_index(count=["80 株", *["5 株"] * 4], on=ON).exact
    assert uneven < even
