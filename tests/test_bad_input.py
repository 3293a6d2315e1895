"""Inputs that will not do, in every method: each is refused by name, with what would do."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import ecoval as ev
from ecoval.case import Case
from ecoval.errors import EcovalError, InputError, UnitError
from ecoval.rules.tables import table
from ecoval.valuation.golden import Golden, golden_of

ON = "2024-06-01"
OURS = {id: m for id, m in ev.methods().items() if m.__module__.startswith("ecoval.")}


def _golden(id: str) -> Iterator[Golden]:
    return (case for case in golden_of(id) if case.expect)


def _value(case: Golden, **changed: Any) -> ev.Item:
    inputs = {**copy.deepcopy(case.inputs), **changed}
    return OURS[case.method].value(
        inputs, on=case.on, place=case.jurisdiction, overrule=case.overrule
    )


def _looked_up_by(card: Any) -> set[str]:
    """Return what rows of tables are looked up by, in *card* and in the methods behind its terms."""
    found = {
        key
        for term in card.terms
        for rule in (term.lookup, term.range)
        if rule is not None
        for key in rule.keys.values()
    }
    return found.union(*(_looked_up_by(OURS[id].card) for id in card.computed_by))


def _with(kind: str) -> list[Any]:
    """A golden case for each share that is given, each choice, each list."""
    found = []
    for id, method in OURS.items():
        card = method.card
        names: list[str] = []
        if kind == "share":
            # A share of a thing (只/项) has its own unit, and a bare number does not pass for it.
            shares = [term for term in card.terms if term.share and term.unit[0] in ("", "%")]
            names = [term.name for term in shares if not term.lines]
        elif kind == "choice":
            names = [choice.name for choice in card.choices if choice.name in _looked_up_by(card)]
        elif kind == "list" and card.lines is not None:
            names = [card.lines.name]
        for name in names:
            case = next((case for case in _golden(id) if name in case.inputs), None)
            if case is not None:
                found.append(pytest.param(case, name, id=f"{id}-{name}"))
    return found


@pytest.mark.parametrize(("case", "name"), _with("share"))
def test_a_rate_of_three_is_not_three_per_cent(case, name) -> None:
    with pytest.raises(InputError, match='比例，所给为 3。若指百分之 3，请写 "3 %"') as caught:
        _value(case, **{name: 3})
    assert f"（{name}）" in str(caught.value)


@pytest.mark.parametrize(("case", "name"), _with("share"))
@pytest.mark.parametrize("level", ["-0.1", "-10 %", "1.01", "101 %"])
def test_a_level_below_none_or_above_all_is_refused(case, name, level) -> None:
    with pytest.raises(InputError, match="应大于零|不能为负|应为 0 到 1 之间的比例|取值范围"):
        _value(case, **{name: level})


@pytest.mark.parametrize(("level", "words"), [(3, '请写 "3 %"'), ("-5 %", "不能为负")])
def test_a_level_of_one_line_is_refused_by_its_place(level, words) -> None:
    services = [{"annual_value": "100 元/年", "loss": loss} for loss in ("50 %", level)]
    with pytest.raises(InputError, match=f"损失程度（loss）第 2 项.*{words}"):
        ev.forest.service_loss(services=services, duration="3 年", on=ON)


@pytest.mark.parametrize(("case", "name"), _with("choice"))
def test_a_class_that_is_not_in_its_table_is_refused_with_the_way_to_the_list(case, name) -> None:
    with pytest.raises(InputError, match="不在.*中，所给为 没有这一类") as caught:
        _value(case, **{name: "没有这一类"})
    found = re.search(r"全表见 ecoval show --table (\S+)。", str(caught.value))
    assert found and table(found[1]).rows


@pytest.mark.parametrize(("case", "name"), _with("list"))
def test_an_empty_list_is_refused(case, name) -> None:
    with pytest.raises(InputError, match="应为非空列表"):
        _value(case, **{name: []})


@pytest.mark.parametrize(
    ("species", "words"),
    [
        ("马尾", "是否指 马尾松"),
        ("杉", "是否指 .*杉"),
        ("银杏", "可取：落叶松、红松、云杉.*等 40 种。全表见 ecoval show --table carbon-species"),
        ("", "所给为 空"),
    ],
)
def test_a_species_that_is_not_in_its_table_offers_the_nearest_or_the_list(species, words) -> None:
    with pytest.raises(InputError, match=words):
        ev.carbon.volume_bef(volume="10 立方米蓄积", species=species, conversion="3.67", on=ON)


def test_a_sample_without_counts_is_refused() -> None:
    with pytest.raises(InputError, match="列表为空"):
        ev.forest_services.shannon_index(count=[], on=ON)


STAND = {"area": "2 公顷", "region": "浙江", "forest_type": "杉木林", "on": ON}
STAND |= {"carbon_basis": "IPCC 2006 缺省", "conversion": "44/12"}
BANDED = {"area": "2 公顷", "zone": "温带", "forest_type": "松类", "root_type": "针叶树", "on": ON}
BANDED |= {"carbon_basis": "IPCC 2006 缺省", "conversion": "44/12"}


@pytest.mark.parametrize("volume", ["0.35 立方米蓄积", "0.35 立方米蓄积/株", "0.35 m³", "35"])
@pytest.mark.parametrize("route", ["volume_line", "volume_bcef"])
def test_the_volume_of_a_tree_is_no_stand_volume(route, volume) -> None:
    given = STAND if route == "volume_line" else BANDED
    with pytest.raises(UnitError, match="单位须为 立方米蓄积/公顷.*单株、零星林木.*没有对应的面积"):
        getattr(ev.carbon, route)(stand_volume=volume, **given)


# Prices


def _lines(*bases: str) -> list[dict[str, str]]:
    lines = []
    for place, base in enumerate(bases, start=1):
        line = {"name": f"费用 {place}", "quantity": "1 项", "unit_price": "100 元/项"}
        lines.append(line | ({"price_base": base} if base else {}))
    return lines


def test_prices_of_two_bases_are_not_added() -> None:
    words = "价格基准不一致，所给为 第 1 项 2018 年；第 2 项 2024 年.*restoration-price-base"
    with pytest.raises(InputError, match=words):
        ev.ledger.cost_ledger(lines=_lines("2018 年", "2024 年"), on=ON)
    with pytest.raises(InputError, match="价格基准不一致"):
        ev.restoration.itemised_cost(items=_lines("2018 年", "2024 年"), contingency=0, on=ON)


def test_a_price_without_its_base_beside_one_with_it_is_refused() -> None:
    with pytest.raises(InputError, match="有的写明价格基准，第 2 项没有写明"):
        ev.ledger.cost_ledger(lines=_lines("2018 年", ""), on=ON)


def test_prices_of_one_base_are_added_and_the_base_is_printed() -> None:
    item = ev.ledger.cost_ledger(lines=_lines("2018 年", "2018 年"), on=ON)
    assert item.exact == 200 and "价格基准 2018 年" in str(item)
    assert ev.ledger.cost_ledger(lines=_lines("", ""), on=ON).exact == 200


def _case(*items: list[dict[str, str]]) -> list[str]:
    entries = [
        {"method": "cost-ledger", "head": "prevention", "inputs": {"lines": lines}}
        for lines in items
    ]
    case = Case(title="某案", place="CN", on=ON, route="full", item=entries)
    return [str(each) for each in case.assess().findings if each.code == "mixed-price-bases"]


def test_items_of_two_price_bases_are_a_finding_of_the_case() -> None:
    (finding,) = _case(_lines("2018 年"), _lines("2024 年"), _lines("2018 年"), _lines(""))
    assert "第 1 项、第 3 项按 2018 年；第 2 项按 2024 年" in finding
    assert "换算到同一基准" in finding
    assert not _case(_lines("2018 年"), _lines("2018 年"), _lines(""))


# Whatever it is, it is one of ours.


@pytest.mark.parametrize("id", sorted(OURS))
@pytest.mark.parametrize("bad", ["", "nan", "inf", True, None, [], {}, "一百", object()])
def test_nonsense_is_refused_with_an_error_of_ours(id, bad) -> None:
    case = next(_golden(id))
    for name in case.inputs:
        if name in [term.name for term in OURS[id].card.terms]:
            try:
                _value(case, **{name: bad})
            except EcovalError as error:
                assert str(error)
            else:
                # What is not given may be found in a table, or be a parameter.
                term = OURS[id].card.term(name)
                assert bad is None and (term.lookup or term.parameter or term.method), name


def test_a_bare_four_for_a_rate_that_nothing_bounds_is_refused() -> None:
    terms = {"costs": [{"name": "a", "amount": "3 万元", "first": 1, "every": 1, "times": 10}]}
    with pytest.raises(
        InputError, match='4 是百分之 4 还是 4 倍，不能确定.*请写 "4 %"，或 "400 %"'
    ):
        ev.equivalency.upkeep(**terms, money_rate=4, on=ON)
    assert float(ev.equivalency.upkeep(**terms, money_rate="4 %", on=ON).amount) > 243_000


def test_stocks_by_weight_and_by_number_are_added_line_by_line() -> None:
    stocks = [
        {"density": "350 kg/km²", "loss_rate": "20 %", "price": "40 元/kg"},
        {"density": "12000 尾/km²", "loss_rate": "50 %", "price": "0.1 元/尾"},
    ]
    # 3.5 × 350 × 0.2 × 40 = 9,800; 3.5 × 12,000 × 0.5 × 0.1 = 2,100.
    for listed in (stocks, stocks[::-1]):
        item = ev.fishery.density_loss(area="3.5 km²", stocks=listed, on=ON)
        assert str(item.amount) == "11900.00"
    mixed = [{**stocks[0], "price": "0.1 元/尾"}]
    with pytest.raises(UnitError, match="以 .*kg/km² 计，.*须以 元/kg 计"):
        ev.fishery.density_loss(area="3.5 km²", stocks=mixed, on=ON)


def test_a_method_of_another_day_names_the_one_before_it() -> None:
    with pytest.raises(EcovalError, match="可用 wildlife-land-1996"):
        ev.wildlife.land(species="猕猴", count="1 只", on="2016-06-01")


def test_a_result_of_nothing_or_less_is_said() -> None:
    terms = {"area": "100 公顷", "precipitation": "100 mm/年", "runoff": "200 mm/年",
             "evapotranspiration": "500 mm/年", "reservoir_cost": "8 元/m³"}  # fmt: skip
    item = ev.gep.water_retention(**terms, on=ON)
    assert item.exact < 0
    assert [f.text for f in item.findings if f.code == "negative-result"]
    column = ev.gep.water_retention.column(
        **{**terms, "precipitation": ev.Q_(np.array([100.0, 900.0]), "mm/年")}, on=ON
    )
    assert "negative-result" in [finding.code for finding in column.findings]


def test_a_list_of_classes_is_a_column() -> None:
    terms = {"number": "4 只", "breeding": "野外", "actual_price": "0 元"}
    column = ev.wildlife.land.column(
        species=["穿山甲", "没有"], protection_class="国家二级", **terms, on="2019-06-01"
    )
    assert column.exact[0] == 160_000 and "没有" in str(column.faults[1])


def test_air_says_what_the_other_reading_comes_to() -> None:
    terms = {
        "discharge": "1 t",
        "unit_cost": "1000 元/t",
        "hazard": 2,
        "sensitivity": 3,
        "function": 1.5,
        "exceedance": 2,
    }
    item = ev.air.virtual_treatment(**terms, on=ON)
    # (2 × 3 + 1.5) × 2 = 15; 2 × 3 × 1.5 × 2 = 18.
    assert str(item.amount) == "15000.00"
    (said,) = [text for text in item.remarks if "另有一种读法" in text]
    assert "air-virtual-treatment-product" in said and "18,000.00 元" in said
