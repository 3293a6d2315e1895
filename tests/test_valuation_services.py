"""Services, wetland, grassland, resources, the sea: laws they obey, and what they must not become."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecoval as ev
from ecoval.case import Case
from ecoval.errors import InputError
from ecoval.rules.cards import HEADS
from ecoval.rules.tables import table
from ecoval.units import Q_
from ecoval.valuation import Method, methods
from ecoval.valuation.registry import method

few = settings(max_examples=25, deadline=None)
sizes = st.integers(1, 10**6).map(lambda n: n / 100)
shares = st.integers(0, 100).map(lambda n: n / 100)

SERVICES = {
    "ecosystem": "湿地", "standard_equivalent": "3000 元/公顷/年", "production": 1.2,
    "precipitation": 0.8, "conservation": 1.1, "duration": "3 年",
}  # fmt: skip
MARINE = {
    "sea_area": "威海海区", "effect": "填海", "period": "施工期", "industry": "海洋渔业",
    "policy": "限制", "sensitive": "无",
}  # fmt: skip
# One column a method, and what stays the same in each row of it.
COLUMNS: list[tuple[str, str, str, str, dict[str, Any]]] = [
    ("services-equivalents-2003", "2024-06-01", "CN", "area=公顷",
     {"ecosystem": "草地", "standard_equivalent": "1500 元/公顷/年", "correction": 1, "loss": 0.5,
      "duration": "2 年"}),
    ("services-equivalents-2008", "2024-06-01", "CN", "area=公顷",
     {"ecosystem": "草地", "standard_equivalent": "1500 元/公顷/年", "correction": 1, "loss": 0.5,
      "duration": "2 年"}),
    ("services-equivalents-2015", "2024-06-01", "CN", "area=公顷", {**SERVICES, "loss": 0.3}),
    ("gep-item", "2024-06-01", "CN", "price=元/m^3", {"quantity": "1000 m³"}),
    ("gep-water-retention", "2024-06-01", "CN", "area=公顷",
     {"precipitation": "800 mm/年", "runoff": "50 mm/年", "evapotranspiration": "350 mm/年",
      "reservoir_cost": "7 元/m³"}),
    ("gep-silt-reduction", "2024-06-01", "CN", "soil_retained=t/年",
     {"bulk_density": "1.2 t/m³", "dredging_cost": "15 元/m³"}),
    ("gep-nonpoint-reduction", "2024-06-01", "CN", "soil_retained=t/年",
     {"nitrogen": "0.3 %", "nitrogen_cost": "800 元/t", "phosphorus": "0.1 %",
      "phosphorus_cost": "2800 元/t"}),
    ("gep-sand-fixation", "2024-06-01", "CN", "sand=t/年",
     {"density": "1.28 t/m³", "depth": "0.1 m", "control_cost": "4 元/m²"}),
    ("gep-lake-storage", "2024-06-01", "CN", "area=km^2",
     {"turnovers": "1 1/年", "unit_area": "1 km²", "unit_storage": "1 万m³"}),
    ("gep-flood-regulation", "2024-06-01", "CN", "lake_storage=m^3/年",
     {"reservoir_capacity": "1000 m³/年", "marsh_area": "2 km²/年", "reservoir_cost": "7 元/m³"}),
    ("gep-plant-cooling", "2024-06-01", "CN", "area=km^2",
     {"heat": "3000 kJ/m²/天", "days": "60 天/年", "heat_per_power": "3600 kJ/kWh",
      "power_price": "0.5 元/kWh"}),
    ("gep-evaporation-cooling", "2024-06-01", "CN", "evaporation=m^3/年",
     {"density": "1000 kg/m³", "latent_heat": "2453 kJ/kg", "heat_per_power": "3600 kJ/kWh",
      "humidifier": "125 kWh/m³", "power_price": "0.5 元/kWh"}),
    ("gep-carbon-fixation", "2024-06-01", "CN", "biomass=t/年", {"carbon_price": "1200 元/tC"}),
    ("gep-oxygen-release", "2024-06-01", "CN", "biomass=t/年",
     {"oxygen_per_biomass": 1.2, "oxygen_price": "1000 元/t"}),
    ("grassland-restoration", "2024-06-01", "CN", "area=亩", {"unit_cost": "3000 元/亩"}),
    ("grassland-forage-loss", "2024-06-01", "CN", "area=亩",
     {"forage": "100 kg/亩/年", "price": "1 元/kg", "loss": 1, "duration": "2 年"}),
    ("wetland-value-transfer", "2024-06-01", "CN", "area=公顷",
     {"site": "扎龙湿地2010", "price_ratio": 1.2, "loss": 1, "duration": "2 年"}),
    ("wetland-habitat", "2015-06-01", "CN", "area=km^2", {}),
    ("black-soil-restoration", "2024-06-01", "230000", "area=m^2",
     {"depth": "0.3 m", "purchase": "30 元/m³", "haul": "15 元/m³", "placing": "5 元/m³",
      "fertility": "2 元/m²"}),
    ("black-soil-yield-loss", "2024-06-01", "230000", "area=公顷",
     {"crop_yield": "9000 kg/公顷/年", "price": "2 元/kg", "loss": 0.4, "duration": "3 年"}),
    ("riverbed-refill", "2024-06-01", "CN", "volume=m^3",
     {"sand_price": "60 元/m³", "haul": "20 元/m³", "placing": "10 元/m³"}),
    ("wetland-fine", "2024-06-01", "CN", "area=m^2",
     {"act": "在红树林湿地内挖塘", "rate": "2000 元/m²"}),
    ("wetland-peat-fine", "2024-06-01", "CN", "volume=m^3", {"rate": "3000 元/m³"}),
    ("black-soil-fine", "2024-06-01", "CN", "area=m^2", {"act": "未剥离", "rate": "150 元/m²"}),
    ("black-soil-sale-fine", "2024-06-01", "CN", "volume=m^3", {"rate": "900 元/m³"}),
    ("black-soil-purchase-fine", "2024-06-01", "CN", "goods_value=元", {"multiple": 2}),
    ("grassland-fine", "2024-06-01", "CN", "mean_output=元", {"multiple": 8}),
    ("marine-project-loss", "2024-06-01", "371000", "area=公顷", {**MARINE, "duration": "2 年"}),
    ("marine-nearby-loss", "2024-06-01", "371000", "area=公顷",
     {"sea_area": "威海海区", "effect": "年淤积 D>30 cm", "project": "其他", "industry": "公益",
      "policy": "公益", "sensitive": "无"}),
    ("marine-service-base", "2024-06-01", "371000", "density=元/公顷/年", {}),
]  # fmt: skip
FAMILIES = {"services", "gep", "grassland", "wetland", "soilcover", "resources", "marine"}


def _ours() -> dict[str, Method]:
    return {id: each for id, each in methods().items() if each.family in FAMILIES}


def test_every_method_without_lines_is_called_with_columns() -> None:
    plain = {id for id, each in _ours().items() if each.card.lines is None}
    assert plain == {case[0] for case in COLUMNS}


@pytest.mark.parametrize(("id", "on", "place", "column", "fixed"), COLUMNS)
@few
@given(values=st.lists(sizes, min_size=1, max_size=5))
def test_a_column_is_its_rows(
    id: str, on: str, place: str, column: str, fixed: dict[str, Any], values: list[float]
) -> None:
    name, _, unit = column.partition("=")
    got = method(id).column(
        **{name: Q_(np.array(values), unit)}, **fixed, on=on, jurisdiction=place
    )
    rows = [
        method(id)(**{name: f"{value} {unit}"}, **fixed, on=on, jurisdiction=place).exact
        for value in values
    ]
    np.testing.assert_allclose(got.exact, rows, rtol=1e-12)


def _equivalents(area: float = 10, loss: float = 1, ecosystem: str = "湿地") -> Any:
    return ev.services.equivalents_2015(
        **{**SERVICES, "ecosystem": ecosystem}, area=f"{area} 公顷", loss=loss, on="2024-06-01"
    )


@few
@given(area=sizes, factor=st.integers(2, 9))
def test_services_grow_with_the_area(area: float, factor: int) -> None:
    assert _equivalents(area * factor).exact == pytest.approx(_equivalents(area).exact * factor)


@few
@given(one=shares, other=shares)
def test_a_greater_loss_is_a_larger_amount(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert _equivalents(loss=low).exact <= _equivalents(loss=high).exact


def test_the_services_add_up_to_the_year() -> None:
    steps = {step.name: step.value for step in _equivalents().steps}
    annual = steps.pop("annual")
    assert len(steps) == 11 and sum(steps.values()) == pytest.approx(annual)


def test_a_recalled_row_is_named_in_the_findings_and_a_read_one_is_not() -> None:
    def warned(ecosystem: str) -> list[str]:
        found = _equivalents(ecosystem=ecosystem).findings
        return [f.text for f in found if f.code == "unverified-value"]

    assert len(warned("针叶")) == 11 and "第 3 行" in warned("针叶")[0]
    assert not warned("阔叶")


def test_paddy_uses_up_water() -> None:
    steps = {step.name: step.value for step in _equivalents(ecosystem="水田").steps}
    assert steps["water_supply_value"] < 0


@pytest.mark.parametrize("year", [2003, 2008, 2015])
def test_every_row_of_the_equivalents_has_its_source(year: int) -> None:
    rows = table(f"services-equivalents-{year}").rows
    assert all(row.standing != "verified" for row in rows)
    assert not [row for row in rows if row.texts["ecosystem"] == "水浇地"]


@pytest.mark.parametrize("id", sorted(i for i, m in _ours().items() if m.family == "resources"))
@pytest.mark.parametrize("head", HEADS)
def test_property_and_fines_are_no_head_of_a_case(id: str, head: str) -> None:
    card = method(id).card
    assert not card.heads and "不能计入任何赔偿科目" in card.note
    entry = {"method": id, "head": head, "inputs": {}}
    case = {"title": "某案", "place": "浙江省金华市", "on": "2024-06-01", "route": "full"}
    with pytest.raises(InputError, match="不属于任何赔偿科目"):
        Case(**case, item=[entry]).assess()


def test_the_three_ambiguous_rows_of_the_sea_are_left_out() -> None:
    held = table("marine-damage-2015")
    numbers = {(row.number("living"), row.number("services")) for row in held.rows}
    ambiguous = {(0.13, 0.20), (0.53, 0.06), (0.09, 0.13), (0.06, 0.05), (0.10, 0.12), (0.07, 0.10)}
    assert not numbers & ambiguous
    assert "未收" in held.heading.note


def test_what_is_left_out_may_be_given_with_its_page() -> None:
    kept = {key: value for key, value in MARINE.items() if key not in ("effect", "period")}
    item = ev.marine.project_loss(
        **kept, area="1 公顷", duration="1 年", living_damage=0.5, services_damage=0.5,
        on="2024-06-01", jurisdiction="371000",
    )  # fmt: skip
    assert item.exact == pytest.approx((430 * 0.5 + 19800 * 0.5) * 0.2)


def test_a_marine_loss_points_to_its_own_claim_track() -> None:
    inputs = {**MARINE, "area": "10 公顷", "duration": "2 年"}
    entry = {"method": "marine-project-loss", "head": "interim", "inputs": inputs}
    case = {"title": "某案", "place": "山东省威海市", "on": "2024-06-01", "route": "full"}
    found = [str(finding) for finding in Case(**case, item=[entry]).assess().findings]
    assert any("向海事法院起诉" in text and "法释〔2017〕23号" in text for text in found)


def test_living_resources_beside_fishery_count_twice() -> None:
    sea = {"method": "marine-project-loss", "head": "interim",
           "inputs": {**MARINE, "area": "10 公顷", "duration": "2 年"}}  # fmt: skip
    names = [term.name for term in method("fishery-catch-multiple").card.terms]
    caught = dict(zip(names, ["6304 元", 2.2], strict=True))
    fish = {"method": "fishery-catch-multiple", "head": "restoration", "inputs": caught}
    case = {"title": "某案", "place": "山东省威海市", "on": "2024-06-01", "route": "full"}
    found = Case(**case, item=[sea, fish]).assess().findings
    assert any(f.code == "double-counting" and "海洋生态损失补偿" in f.text for f in found)


def test_a_row_that_eleven_values_are_read_off_is_cited_once() -> None:
    sentences = [line for line in str(_equivalents()).splitlines() if line.startswith("  由 ")]
    assert len(sentences) == 1 and sentences[0].endswith("e_生 = 7.87，e_景 = 4.73。")
