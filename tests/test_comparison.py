"""Comparisons: carbon routes on one stand, restoration options, the pollutant that decides."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecoval as ev
from ecoval.cli import main
from ecoval.errors import InputError, OutOfScope, UnitError
from ecoval.valuation.carbon_routes import ROUTES
from ecoval.valuation.comparison import UNDECIDED
from ecoval.valuation.golden import golden_of

ON = "2024-06-01"
STAND: dict[str, Any] = {
    "volume": "240 立方米蓄积",
    "area": "2 公顷",
    "species": "杉木",
    "zone": "温带",
    "region": "浙江",
    "root_type": "针叶树",
    "carbon_basis": "IPCC 2006 缺省",
    "conversion": "44/12",
    "pools": "仅林木",
    "trees": [{"count": "3000 株", "diameter": "16 cm", "height": "12 m"}],
    "routes": {
        "carbon-volume-bcef": {"forest_type": "其他针叶树"},
        "carbon-volume-line": {"forest_type": "杉木林"},
        "carbon-expansion-factor": {"density": "0.5 t/立方米蓄积"},
        "carbon-allometry": {"region": "安徽"},
    },
}


def _routes(**changed: Any) -> Any:
    return ev.carbon.compare(on=ON, **{**STAND, **changed})


# Carbon


def test_all_five_routes_are_compared_on_one_stand() -> None:
    found = _routes()
    assert [row.name for row in found.rows] == list(ROUTES) and not found.refused
    # 240 × 0.307 × 1.634 × 1.246 × 0.52 × 44 ÷ 12, by hand
    assert found["carbon-volume-bef"].exact == pytest.approx(286.0187, abs=1e-3)
    # 2 × (120 × 0.75) × 1.29 × 0.47 × 44 ÷ 12
    assert found["carbon-volume-bcef"].exact == pytest.approx(400.158, abs=1e-3)
    # 2 × (0.4652 × 120 + 19.141) × 0.47 × 44 ÷ 12
    assert found["carbon-volume-line"].exact == pytest.approx(258.3794, abs=1e-3)
    # 240 × 1.9 × 0.5 × 0.5 × 44 ÷ 12
    assert found["carbon-expansion-factor"].exact == pytest.approx(418, abs=1e-9)


def test_a_route_is_what_its_method_gives() -> None:
    alone = ev.carbon.volume_line(
        area="2 公顷", stand_volume="120 立方米蓄积/公顷", region="浙江", forest_type="杉木林",
        carbon_basis="IPCC 2006 缺省", conversion="44/12", on=ON,
    )  # fmt: skip
    assert _routes()["carbon-volume-line"].exact == alone.exact


def test_the_published_case_of_hezhou_is_one_of_the_routes() -> None:
    case = next(
        case for case in golden_of("carbon-expansion-factor") if case.expect and case.reconciles
    )
    inputs = dict(case.inputs)
    volume, conversion = inputs.pop("volume"), inputs.pop("conversion")
    found = ev.carbon.compare(
        on=case.on, jurisdiction=case.jurisdiction, volume=volume, conversion=conversion,
        routes={"carbon-expansion-factor": inputs},
    )  # fmt: skip
    digits = len(case.expect.split(" ")[0].partition(".")[2])
    item = found["carbon-expansion-factor"]
    assert f"{item.exact:.{digits}f}" == case.expect.split(" ")[0]
    assert set(found.refused) == set(ROUTES) - {"carbon-expansion-factor"}


def test_each_route_says_its_parameters_with_source_and_standing() -> None:
    text = str(_routes())
    for words in (
        "D 基本木材密度 0.307 t/立方米蓄积",
        "AR-CM-001-V01 主要树种（组）生物量计算参数第 17 行，待核实",
        "a 斜率 0.4652 t/立方米蓄积，b 截距 19.141 t/公顷（",
        "蓄积为调查所得的单位面积林分蓄积，不是单株或零星林木的蓄积",
        "每立方米蓄积  1.1917 tCO2e",
        "单位面积蓄积由立木蓄积除以面积得出：240 ÷ 2 = 120 立方米蓄积/公顷",
        "共 5 条路线，可计算 5 条",
        UNDECIDED,
    ):
        assert words in text


def test_the_differences_are_those_of_the_tonnes() -> None:
    found = _routes()
    matrix = found.differences()
    one, other = "carbon-volume-bcef", "carbon-volume-bef"
    gap = found[one].exact - found[other].exact
    assert matrix.loc[one, other] == gap == -matrix.loc[other, one]
    share = gap / found[other].exact * 100
    assert (
        f"比生物量扩展因子法多 {gap:.3f}（{share:.1f}%）" in found.row(one).cells["与其他路线之差"]
    )
    assert (matrix.to_numpy().diagonal() == 0).all()


def test_a_route_that_cannot_be_run_stays_with_its_reason() -> None:
    found = ev.carbon.compare(on=ON, volume="10 立方米蓄积", species="杉", conversion="3.67")
    assert [row.name for row in found.rows] == list(ROUTES) == list(found.refused)
    text, page = str(found), found._repr_html_()
    for words in (
        "树种（组）（species）不在",
        "林分面积（area）：缺少",
        "株数（count）：缺少",
        "容积系数（density）：缺少",
    ):
        assert words in text and words in page
    assert text.count("不能计算：") == page.count("不能计算：") == 5
    table = found.table()
    assert list(table.index) == list(ROUTES) and (table["不能计算的原因"] != "").all()
    assert found.differences().empty and "可计算 0 条" in text
    with pytest.raises(InputError, match="树种（组）（species）不在"):
        _ = found["carbon-volume-bef"]


def test_volume_comes_of_area_and_stand_volume_too() -> None:
    found = _routes(volume=None, stand_volume="8 立方米蓄积/亩")
    assert "120 × 2 = 240 立方米蓄积" in str(found)
    assert found["carbon-volume-bef"].exact == _routes()["carbon-volume-bef"].exact


def test_volumes_that_disagree_are_said() -> None:
    note = "所给的立木蓄积 240 与面积乘以单位面积蓄积 200 不等，各路线各用其所给的数"
    assert note in str(_routes(stand_volume="100 立方米蓄积/公顷"))
    assert "不等" not in str(_routes(stand_volume="120 立方米蓄积/公顷"))


def test_a_fraction_of_the_expert_s_stands_for_itself() -> None:
    found = _routes(carbon_fraction="0.5 tC/t")
    assert "carbon-volume-line" not in found.refused
    assert found["carbon-volume-line"].used("carbon_fraction").origin == "given"
    # The species table has another, and a difference needs its reason.
    assert "不符" in str(found.refused["carbon-volume-bef"])
    reason = {"overrule": {"carbon_fraction": "当地实测"}}
    again = _routes(carbon_fraction="0.5 tC/t", routes={"carbon-volume-bef": reason})
    assert "carbon-volume-bef" not in again.refused


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"routes": {"carbon-volume-be": {}}}, InputError, "没有这条路线.*是否指 carbon-volume-be"),
        ({"volume": "10 m³"}, UnitError, "volume：单位须为 立方米蓄积，所给为 10 m³"),
        ({"area": "两公顷"}, InputError, "area"),
    ],
)
def test_a_stand_that_cannot_be_read_is_refused(changed, error, words) -> None:
    with pytest.raises(error, match=words):
        _routes(**changed)


def test_a_misspelt_term_of_a_route_is_refused_by_that_route() -> None:
    found = _routes(routes={"carbon-volume-line": {"forrest_type": "杉木林"}})
    assert "没有输入项 forrest_type。是否指 forest_type" in str(found.refused["carbon-volume-line"])


def test_the_given_routes_are_left_as_they_are() -> None:
    routes = {"carbon-volume-bef": {"overrule": {"density": "实测"}, "density": "0.3 t/立方米蓄积"}}
    _routes(routes=routes)
    assert routes["carbon-volume-bef"]["overrule"] == {"density": "实测"}


def test_choosing_is_the_expert_s_and_needs_a_reason() -> None:
    found = _routes()
    assert not found.chosen
    chosen = found.choose("carbon-volume-bef", reason="树种单一，有当地参数")
    assert "专家选定：carbon-volume-bef。理由：树种单一，有当地参数" in str(chosen)
    assert UNDECIDED not in str(chosen) and UNDECIDED in str(found)
    with pytest.raises(InputError, match="选定须写明理由"):
        found.choose("carbon-volume-bef", reason=" ")
    with pytest.raises(InputError, match="没有这一行.*是否指 carbon-volume-bef"):
        found.choose("carbon-volume-be", reason="x")
    refused = ev.carbon.compare(on=ON, volume="10 立方米蓄积", species="杉木", conversion="3.67")
    with pytest.raises(InputError, match="不能选定，因为不能计算"):
        refused.choose("carbon-allometry", reason="x")


def test_a_comparison_shows_itself_as_a_table_and_as_html() -> None:
    found = _routes()
    frame, page = found.table(), found._repr_html_()
    assert frame.loc["carbon-volume-bef", "碳损失量（tCO2e）"] == found["carbon-volume-bef"].exact
    assert set(frame["参数最低可信度"]) == {"待核实"}
    assert page.count("<tr>") == 6 and UNDECIDED in page
    assert json.loads(json.dumps(found.as_dict()))["rows"][0]["refused"] is None


# Restoration


OPTIONS: list[dict[str, Any]] = [
    {
        "name": "客土",
        "cost": [{"name": "土方", "quantity": "1000 m³", "unit_price": "120 元/m³"}],
        "effect": "30 公顷·年",
        "duration": "1 年",
        "restored": "100 %",
    },
    {"name": "植物修复", "cost": "8 万元", "effect": "30 公顷·年", "duration": "5 年"},
    {"name": "自然恢复", "cost": "0 元", "effect": "12 公顷·年", "duration": "20 年"},
]


def _options(*options: dict[str, Any], **more: Any) -> Any:
    given = {"effect_title": "折现服务量", "on": ON, **more}
    return ev.restoration.compare(list(options or OPTIONS), **given)


def test_options_are_ranked_by_the_rule_that_is_printed() -> None:
    found = _options(target="25 公顷·年")
    assert [row.name for row in found.rows] == ["植物修复", "客土", "自然恢复"]
    text = str(found)
    # 80,000 ÷ 30
    assert "2,666.666667 元/(公顷·年)" in text and "4,000 元/(公顷·年)" in text
    assert "排序规则：达到目标的在前，再按单位效果的费用由低到高" in text
    assert "目标：折现服务量不低于 25 公顷·年" in text and UNDECIDED in text
    assert [row.cells["目标"] for row in found.rows] == ["达到", "达到", "未达到"]


def test_a_dominated_option_names_what_is_better() -> None:
    found = _options()
    assert {row.name: row.cells["劣于"] for row in found.rows} == {
        "客土": "植物修复", "植物修复": "", "自然恢复": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "order"),
    [
        ("cost-per-effect", ["自然恢复", "植物修复", "客土"]),
        ("cost", ["自然恢复", "植物修复", "客土"]),
        ("effect", ["客土", "植物修复", "自然恢复"]),
    ],
)
def test_another_rule_is_another_order(rule, order) -> None:
    assert [row.name for row in _options(rank_by=rule).rows] == order


def test_the_cost_and_the_effect_may_be_items() -> None:
    cost = ev.ledger.cost_ledger(quantity=["2 项"], unit_price=["300 元/项"], on=ON)
    case = next(case for case in golden_of("equivalency-unit-gain") if case.expect)
    gain = ev.equivalency.unit_gain.value(case.inputs, on=case.on)
    found = _options({"name": "甲", "cost": cost, "effect": gain})
    assert found["甲"] is cost and found.rows[0].values["费用（元）"] == 600
    assert found.table().iloc[0, 2] == gain.exact


def test_effects_are_brought_to_one_unit() -> None:
    found = _options(
        {"name": "甲", "cost": "1 元", "effect": "2 公顷"},
        {"name": "乙", "cost": "1 元", "effect": "30 亩"},
        target="1.5 公顷",
    )
    assert {row.values["效果（公顷）"] for row in found.rows} == {2.0}


def test_an_option_without_effect_has_no_cost_for_it() -> None:
    found = _options(*OPTIONS, {"name": "不作为", "cost": "0 元", "effect": "0 公顷·年"})
    assert found.row("不作为").cells["单位效果的费用"] == "效果为零，无从计算"
    assert found.rows[-1].name == "不作为"


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"cost": None}, InputError, "方案 植物修复：缺少 cost"),
        ({"effect": None}, InputError, "缺少 effect"),
        ({"cost": "8 t"}, UnitError, "单位须为 元，所给为 8 t"),
        ({"cost": "-8 元"}, InputError, "不能为负"),
        ({"effect": "30 t"}, UnitError, "效果须以 公顷·年 计"),
        ({"effect": "-1 公顷·年"}, InputError, "效果不能为负"),
        ({"duration": "5 天"}, UnitError, "单位须为 年"),
        ({"restored": "120 %"}, InputError, "应为 0 到 1 之间的比例"),
        ({"name": ""}, InputError, "方案 2：缺少 name"),
        ({"name": "客土"}, InputError, "方案重名，所给为 客土"),
        ({"efect": 1}, InputError, "未知的键 efect。是否指 effect"),
        ({"price_base": "2018 年"}, InputError, "有的写明价格基准，客土没有写明"),
        ({"cost": [{"quantity": "1 t"}]}, InputError, "方案 植物修复 cost.*缺少 unit_price"),
        ({"cost": []}, InputError, "应为非空列表"),
    ],
)
def test_a_faulty_option_is_refused_by_name(changed, error, words) -> None:
    with pytest.raises(error, match=words):
        _options(OPTIONS[0], {**OPTIONS[1], **changed})


def test_options_of_two_price_bases_are_not_compared() -> None:
    old, new = {**OPTIONS[0], "price_base": "2018 年"}, {**OPTIONS[1], "price_base": "2024 年"}
    with pytest.raises(InputError, match="价格基准不一致，所给为 客土 2018 年；植物修复 2024 年"):
        _options(old, new)
    assert "价格基准：2024 年" in str(_options(new))


def test_no_option_or_no_rule_is_refused() -> None:
    with pytest.raises(InputError, match="没有任何方案"):
        ev.restoration.compare([], effect_title="x", on=ON)
    with pytest.raises(InputError, match="没有这个排序规则.*是否指 cost-per-effect"):
        _options(rank_by="cost-per-efect")
    with pytest.raises(UnitError, match="费用须为金额"):
        _options({**OPTIONS[0], "cost": _routes()["carbon-volume-bef"]})


amounts = st.integers(0, 10**6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=6))
def test_the_best_by_each_rule_is_never_dominated_by_cheaper_and_better(pairs) -> None:
    given_options = [
        {"name": str(place), "cost": f"{cost} 元", "effect": f"{effect} 公顷"}
        for place, (cost, effect) in enumerate(pairs)
    ]
    found = _options(*given_options)
    better = {row.name: row.values["劣于"] for row in found.rows}
    undominated = [name for name, by in better.items() if not by]
    assert undominated
    for name, by in better.items():
        cost, effect = pairs[int(name)]
        for other in filter(None, by.split("、")):
            assert pairs[int(other)][0] <= cost and pairs[int(other)][1] >= effect
            assert pairs[int(other)] != (cost, effect)


# Pollutants


POLLUTANTS: list[dict[str, Any]] = [
    {"name": "化学需氧量", "concentration": "270 mg/L", "limit": "100 mg/L", "hazard": 1.25},
    {"name": "氨氮", "concentration": "200 mg/L", "limit": "15 mg/L", "hazard": 1.5},
    {"name": "总磷", "concentration": "6000 μg/L", "limit": "0.5 mg/L"},
]


def test_the_pollutant_furthest_over_its_limit_decides() -> None:
    found = ev.water.governing_discharge(POLLUTANTS, on=ON, jurisdiction="330700")
    # (200 − 15) ÷ 15 = 12.33, (6 − 0.5) ÷ 0.5 = 11, (270 − 100) ÷ 100 = 1.7
    assert [row.name for row in found.rows] == ["氨氮", "总磷", "化学需氧量"]
    assert [row.values["决定 τ"] for row in found.rows] == [True, False, False]
    assert [row.cells["超标系数 τ"] for row in found.rows] == ["1.5", "1.5", "1.25"]
    text = str(found)
    assert "氨氮的超标倍数最大（κ = 12.333333）" in text and "得 τ = 1.5" in text
    assert "总磷与之同档，单独计算 τ 亦为 1.5" in text
    assert "危害系数最大的是氨氮（α = 1.5）。总磷没有给出。" in text
    assert "未见标准原文" in text and UNDECIDED not in text
    assert found.table().loc["氨氮", "超标倍数 κ"] == pytest.approx(185 / 15)


def test_the_method_takes_the_same_pollutant() -> None:
    terms = {"discharge": "500 t", "unit_cost": "8.3 元/t", "hazard": 1.5, "function": 2}
    lines = [{key: each[key] for key in ("name", "concentration", "limit")} for each in POLLUTANTS]
    item = ev.water.virtual_treatment(**terms, pollutants=lines, on=ON)
    found = ev.water.governing_discharge(POLLUTANTS, on=ON)
    assert item.used("exceedance").value == found.rows[0].values["超标系数 τ"]
    text = str(item)
    assert "各污染物的超标倍数 κ：化学需氧量 1.7，氨氮 12.333333，总磷 11；最大的是氨氮" in text
    assert "2. 氨氮 实测排放浓度 200 mg/L，" in text
    assert "κ = max((Z_i − B_i) ÷ B_i) = max((270 mg/L − 100 mg/L) ÷ 100 mg/L, " in text


def test_one_pollutant_is_printed_without_the_largest() -> None:
    terms = {"discharge": "500 t", "unit_cost": "8.3 元/t", "hazard": 1.5, "function": 2}
    item = ev.water.virtual_treatment(
        **terms, concentration=ev.given("270 mg/L", note="化学需氧量"), limit="100 mg/L", on=ON
    )
    assert "κ = (Z − B) ÷ B = (270 mg/L − 100 mg/L) ÷ 100 mg/L = 1.7" in str(item)
    assert "1. 实测排放浓度 270 mg/L，排放限值 100 mg/L 化学需氧量" in str(item)
    assert "最大的是" not in str(item)


def test_pollutants_in_a_case_file_are_lines(tmp_path) -> None:
    path = tmp_path / "case.toml"
    path.write_text(
        """title = "某案"
place = "浙江省金华市"
on = 2024-06-01
route = "full"
[[item]]
method = "water-virtual-treatment"
head = "restoration"
[item.inputs]
discharge = "500 t"
unit_cost = "8.3 元/t"
hazard = 1.5
function = 2
[[item.inputs.pollutants]]
name = "化学需氧量"
concentration = "270 mg/L"
limit = "100 mg/L"
[[item.inputs.pollutants]]
name = "氨氮"
concentration = "200 mg/L"
limit = "15 mg/L"
""",
        encoding="utf-8",
    )
    assessment = ev.Case.read(path).assess()
    assert assessment.total == 1_867_500
    text = path.read_text(encoding="utf-8").replace('limit = "15 mg/L"', 'limit = "15 m"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnitError, match="第 20 行.*排放限值（limit）第 2 项"):
        ev.Case.read(path).assess()


def test_two_that_are_level_both_decide() -> None:
    twins = [POLLUTANTS[1], {**POLLUTANTS[1], "name": "总氮"}]
    found = ev.water.governing_discharge(twins, on=ON)
    assert "氨氮、总氮的超标倍数最大" in str(found)


def test_nothing_over_its_limit_is_the_lowest_band() -> None:
    within = [{"name": "甲", "concentration": "5 mg/L", "limit": "10 mg/L"}]
    found = ev.water.governing_discharge(within, on=ON)
    assert found.rows[0].cells["超标倍数 κ"] == "−0.5" and "τ = 1" in str(found)


def test_dumped_waste_is_governed_by_the_largest_coefficient_of_table_4() -> None:
    found = ev.solidwaste.governing_waste(
        [{"name": "铅", "exceedance": 1.5, "hazard": 2}, {"name": "镉", "exceedance": 1.75}], on=ON
    )
    assert [row.name for row in found.rows] == ["镉", "铅"]
    text = str(found)
    assert "镉的超标系数最大（τ = 1.75），以它为准；表4 未见原文" in text
    assert "危害系数最大的是铅（α = 2）。镉没有给出。" in text and "表2（固体废物）" in text


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"limit": None}, InputError, "污染物 氨氮：缺少 limit"),
        ({"limit": "15 t"}, UnitError, "污染物 氨氮.*排放限值（limit）：单位须为"),
        ({"concentration": "-1 mg/L"}, InputError, "实测排放浓度（concentration）：不能为负"),
        ({"name": ""}, InputError, "pollutants 第 2 项：缺少 name"),
        ({"name": "化学需氧量"}, InputError, "污染物重名"),
        ({"limt": 1}, InputError, "未知的键 limt。是否指 limit"),
        ({"hazard": 3}, OutOfScope, "危害系数超出.*取值范围 1–2，所给为 3"),
        ({"hazard": "2 t"}, InputError, "系数无量纲"),
    ],
)
def test_a_faulty_pollutant_is_refused_by_name(changed, error, words) -> None:
    with pytest.raises(error, match=words):
        ev.water.governing_discharge([POLLUTANTS[0], {**POLLUTANTS[1], **changed}], on=ON)


@pytest.mark.parametrize("nothing", [[], "COD", [1]])
def test_no_pollutants_are_refused(nothing) -> None:
    with pytest.raises(InputError, match="应为非空列表|应为表"):
        ev.water.governing_discharge(nothing, on=ON)


def test_before_the_standard_there_is_no_coefficient() -> None:
    with pytest.raises(OutOfScope, match="2020-12-31 不在其内"):
        ev.water.governing_discharge(POLLUTANTS, on="2020-12-31")
    with pytest.raises(OutOfScope, match="自 2021-01-01 起适用，所给为 2020-12-31"):
        ev.solidwaste.governing_waste([{"name": "铅", "exceedance": 1.5}], on="2020-12-31")
    with pytest.raises(OutOfScope, match="取值范围 1–2，所给为 2.5"):
        ev.solidwaste.governing_waste([{"name": "铅", "exceedance": 2.5}], on=ON)


def test_air_of_several_pollutants_is_summed_under_one_coefficient() -> None:
    terms = {"hazard": 1.5, "sensitivity": 1.2, "function": 0.5, "exceedance": 1.25, "on": ON}
    amounts_of = [("10 t", "2000 元/t"), ("5 t", "3000 元/t")]
    alone = [
        ev.air.virtual_treatment(discharge=mass, unit_cost=cost, **terms).exact
        for mass, cost in amounts_of
    ]
    lines = [{"discharge": mass, "unit_cost": cost} for mass, cost in amounts_of]
    whole = ev.air.virtual_treatment_several(pollutants=lines, **terms)
    assert whole.exact == pytest.approx(sum(alone), rel=1e-12)


def test_a_column_of_a_method_with_lines_has_one_line_a_row() -> None:
    column = ev.water.exceedance_multiple.column(
        concentration=ev.Q_([270.0, -1.0], "mg/L"), limit="100 mg/L", on=ON
    )
    assert column.exact[0] == 1.7 and "不能为负" in str(column.faults[1])


# The command line


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command line in this process, and return code and texts."""

    def ran(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ecoval", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return ran


def test_compare_prints_what_the_call_returns(run) -> None:
    code, out, _ = run("compare", "pollutants", f"pollutants={json.dumps(POLLUTANTS)}", "--on", ON)
    assert code == 0 and out.strip() == str(ev.water.governing_discharge(POLLUTANTS, on=ON))
    options = f"options={json.dumps(OPTIONS)}"
    code, out, _ = run("compare", "restoration", options, "effect_title=折现服务量", "--on", ON)
    assert code == 0 and out.strip() == str(_options())
    stand = [f"{key}={value}" for key, value in STAND.items() if isinstance(value, str)]
    stand += [f"{key}={json.dumps(STAND[key])}" for key in ("trees", "routes")]
    code, out, _ = run("compare", "carbon", *stand, "--on", ON)
    assert code == 0 and out.strip() == str(_routes())
    waste = '[{"name": "铅", "exceedance": 1.5}]'
    code, out, _ = run("compare", "waste", f"pollutants={waste}", "--on", ON, "--json")
    assert code == 0 and json.loads(out)["rows"][0]["决定 τ"] is True


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("carbn",), "没有这种比较，所给为 carbn。是否指 carbon"),
        (("carbon", "volme=1"), "没有输入项 volme。是否指 volume"),
        (("pollutants",), "缺少 pollutants"),
        (("pollutants", "pollutants=[]"), "应为非空列表"),
        (("pollutants", "pollutants=[1"), "JSON 写法有误"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_comparison_that_cannot_be_made_is_refused(run, arguments, words) -> None:
    code, out, err = run("compare", *arguments, "--on", ON)
    assert code == 1 and not out and words in err
