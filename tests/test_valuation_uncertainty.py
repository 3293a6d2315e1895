"""Draws: the same formulas on columns, quantiles known in closed form, shares, bad distributions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import ecoval as ev
from ecoval.errors import InputError, OutOfScope, UnitError
from ecoval.valuation.revaluing import drawable, revalue
from ecoval.valuation.uncertainty import simulate

ON = "2024-06-01"
few = settings(max_examples=25, deadline=None)


def cost(**changes):
    terms = {
        "quantity": "100 公顷",
        "loss": {"path": "linear", "first": 0.8, "last": 0, "years": 10},
        "gain": {"path": "ramp", "plateau": 0.5, "years": 5, "life": 40, "start": 2},
        "convention": "thur2007",
        "rate": "3 %",
        "value_ratio": 1,
        "success": "80 %",
        "equivalency_ratio": 1,
        "unit_cost": "2 万元/公顷",
        "contingency": "5 %",
        "upkeep": "0 元",
        "on": ON,
    }
    return ev.equivalency.project_cost(**{**terms, **changes})


def water():
    return ev.water.virtual_treatment(
        discharge="500 t", unit_cost="8 元/t", hazard=1.5, exceedance=1.25, function=2, on=ON
    )


UNIFORM = {"dist": "uniform", "low": "80 公顷", "high": "1800 亩"}


@few
@given(
    quantity=st.floats(1, 1e4),
    first=st.floats(0.01, 1),
    years=st.integers(1, 60),
    plateau=st.floats(0.05, 1),
    rate=st.floats(0.02, 0.05),
    unit_cost=st.floats(1, 1e6),
)
def test_a_column_of_draws_is_the_item_one_by_one(quantity, first, years, plateau, rate, unit_cost):
    drawn = {
        "quantity": quantity, "loss.first": first, "loss.years": float(years),
        "gain.plateau": plateau, "rate": rate, "unit_cost": unit_cost,
    }  # fmt: skip
    columns = {name: np.array([value, value, value]) for name, value in drawn.items()}
    alone = cost(
        quantity=f"{quantity!r} 公顷",
        loss={"path": "linear", "first": first, "last": 0, "years": years},
        gain={"path": "ramp", "plateau": plateau, "years": 5, "life": 40, "start": 2},
        rate=rate,
        unit_cost=f"{unit_cost!r} 元/公顷",
    )
    assert revalue(cost(), columns) == pytest.approx([alone.exact] * 3, rel=1e-12)


@pytest.mark.parametrize("convention", ["cn_gb", "noaa2000", "invest", "hec_fda"])
@pytest.mark.parametrize(
    "loss",
    [
        {"path": "step", "level": 0.4, "years": 7, "start": -3},
        {"path": "constant", "level": 0.4, "horizon": "perpetuity"},
        {"path": "exponential", "first": 0.9, "rate": 0.3, "years": 5, "horizon": "perpetuity"},
        {"path": "by_year", "levels": [1, 0.5, 0.2]},
        {"service": 0.3, "baseline": {"path": "linear", "first": 0.9, "last": 0.5, "years": 10},
         "horizon": 10},
    ],
)  # fmt: skip
def test_every_path_is_valued_for_draws_of_its_rate(convention, loss):
    item = cost(convention=convention, loss=loss)
    assert revalue(item, {"rate": np.array([0.03, 0.03])}) == pytest.approx(
        [item.exact] * 2, rel=1e-12
    )
    other = cost(convention=convention, loss=loss, rate="4 %").exact
    assert revalue(item, {"rate": np.array([0.03, 0.04])})[1] == pytest.approx(other, rel=1e-12)


def test_the_quantiles_of_a_uniform_input_are_those_of_its_distribution():
    # The amount is 500 t × 3.75 × the price: quantiles go with the price's.
    found = simulate(
        water(), {"unit_cost": {"dist": "uniform", "low": "6 元/t", "high": "10 元/t"}}, seed=1
    )
    quantiles = found.quantiles((0.05, 0.5, 0.95))
    expected = {share: 500 * 3.75 * (6 + 4 * share) for share in quantiles}
    assert quantiles == pytest.approx(expected, rel=2e-3)
    assert found.mean == pytest.approx(500 * 3.75 * 8, rel=1e-4)
    assert found.sd == pytest.approx(500 * 3.75 * 4 / 12**0.5, rel=1e-3)
    assert found.shares == {"unit_cost": pytest.approx(1)} and found.ranks["unit_cost"] > 0.999


def test_the_shares_of_a_sum_are_those_of_its_variances():
    # 2 × amount a + amount b, both uniform alike: 4/5 and 1/5 of the variance.
    item = ev.equivalency.upkeep(
        costs=[
            {"name": "甲", "amount": "100 元", "first": 0, "every": 1, "times": 1},
            {"name": "乙", "amount": "100 元", "first": 0, "every": 1, "times": 1},
        ],
        money_rate="3 %", on=ON,
    )  # fmt: skip
    draws = {
        "甲.amount": {"dist": "uniform", "low": 0.01, "high": 200},
        "乙.amount": {"dist": "uniform", "low": 50, "high": 150},
    }
    found = simulate(item, draws, seed=3, size=4096)
    # Ranges of 200 and 100: variances as four to one.
    assert found.shares["甲.amount"] == pytest.approx(0.8, abs=0.03)
    first, total = found.sobol(4096)["甲.amount"]
    assert (first, total) == (pytest.approx(0.8, abs=0.02), pytest.approx(0.8, abs=0.02))
    assert [swing.name for swing in found.tornado()] == ["甲.amount", "乙.amount"]
    assert found.tornado()[0].width == pytest.approx(0.9 * 199.99)


def test_the_same_seed_draws_the_same_and_another_does_not():
    one, same, other = (
        simulate(cost(), {"quantity": UNIFORM}, seed=seed, size=500) for seed in (7, 7, 8)
    )
    assert np.array_equal(one.results, same.results)
    assert not np.array_equal(one.results, other.results)
    plain = simulate(cost(), {"quantity": UNIFORM}, seed=7, size=500, sampling="random")
    assert plain.as_dict()["sampling"] == "random" and plain.as_dict()["seed"] == 7
    # One draw in each of as many equal parts: the mean is that of the distribution.
    assert one.mean == pytest.approx(cost().exact, rel=1e-4)


def test_a_switching_value_brings_the_item_to_its_target():
    found = simulate(
        cost(), {"quantity": UNIFORM, "rate": stats.uniform(0.02, 0.03)}, seed=1, size=100
    )
    # The cost is proportional to the quantity.
    target = cost().exact * 1.1
    assert found.switching("quantity", target) == pytest.approx(110, rel=1e-9)
    with pytest.raises(OutOfScope, match="不经过该值"):
        found.switching("quantity", target * 10)
    with pytest.raises(InputError, match="没有抽样的输入项"):
        found.switching("success", target)


def test_a_simulation_shows_itself():
    found = simulate(
        cost(),
        {"quantity": {**UNIFORM, "note": "两次测绘之差"}, "loss.years": stats.randint(8, 13)},
        seed=5,
    )
    assert "10,000 次拉丁超立方抽样（种子 5，" in str(found) and "方差份额" in str(found)
    assert "<table" in found._repr_html_() and list(found.table()["输入项"])
    held = found.as_dict()
    assert sum(held["histogram"]["counts"]) == 10_000 and len(held["histogram"]["edges"]) == 41
    assert held["inputs"]["quantity"]["note"] == "两次测绘之差"
    assert held["fingerprint"] == cost().fingerprint


def test_habitats_are_drawn_each_by_its_name():
    step = {"path": "step", "level": 0.5, "years": 5}
    habitats = [
        {"name": name, "value_ratio": ratio, "discounted_loss": {"quantity": area, "loss": step}}
        for name, ratio, area in (("芦苇", 1, "60 公顷"), ("光滩", 0.4, "20 公顷"))
    ]
    item = cost(habitats=habitats, quantity=None, loss=None, value_ratio=None)
    assert {"芦苇.quantity", "光滩.loss.level", "光滩.value_ratio", "rate"} <= set(drawable(item))
    doubled = revalue(item, {"光滩.quantity": np.array([20.0, 40.0])})
    assert doubled == pytest.approx([item.exact, item.exact * 76 / 68], rel=1e-12)


def test_a_line_that_was_given_as_a_number_stays_one():
    step = {"path": "step", "level": 0.5, "years": 5}
    habitats = [
        {"name": "滩涂", "value_ratio": 1, "discounted_loss": "30 公顷·年"},
        {
            "name": "芦苇",
            "value_ratio": 1,
            "discounted_loss": {"quantity": "60 公顷", "loss": step},
        },
    ]
    item = cost(habitats=habitats, quantity=None, loss=None, value_ratio=None)
    assert {"滩涂.discounted_loss", "芦苇.quantity"} <= set(drawable(item))
    found = revalue(item, {"滩涂.discounted_loss": np.array([30.0]), "rate": np.array([0.03])})
    assert found == pytest.approx([item.exact], rel=1e-12)
    alone = ev.equivalency.project_cost(
        **{**dict(item.given), "convention": "hec_fda"}, on=ON
    )  # fmt: skip
    assert item.spread.values["年初水平，年末折现"] == pytest.approx(alone.exact, rel=1e-12)


def test_a_life_table_is_valued_for_draws_of_its_rate():
    killed = {
        "killed": [[2, 10]], "survival": [0.5, 0.8], "fecundity": [0, 0.3], "oldest": 12,
        "years": 9, "generations": 2, "births": "end", "unit": "只", "start": -2,
    }  # fmt: skip

    def loss(rate, convention="cn_gb"):
        return ev.equivalency.resource_loss(killed=killed, rate=rate, convention=convention, on=ON)

    item = loss("3 %")
    found = revalue(item, {"rate": np.array([0.03, 0.05])})
    assert found == pytest.approx([item.exact, loss("5 %").exact], rel=1e-12)
    assert len(item.spread.values) == 60
    alone = loss("3 %", {"level_at": "exact", "discount_at": "mid", "past": "none"}).exact
    assert item.spread.values["年内连续平均，年中折现，基准日以前不计息"] == pytest.approx(alone)


def test_years_of_a_sum_can_be_drawn_too():
    item = ev.interim.interim_loss(
        quantity="10 亩", loss=0.5, unit_value="1000 元/亩/年", rate="3 %", first_year=2020,
        last_year=2024, base_year=2024, on=ON,
    )  # fmt: skip
    found = revalue(item, {"last_year": np.array([2024.0, 2025.0])})
    assert found[0] == pytest.approx(item.exact) and found[1] == pytest.approx(
        item.exact + 5000 / 1.03
    )


@pytest.mark.parametrize(
    ("draws", "words"),
    [
        ({}, "没有抽样的输入项"),
        ({"quantty": stats.uniform(1, 2)}, "不是可以抽样的输入项，所给为 quantty。是否指 quantity"),
        ({"quantity": 5}, "应为分布"),
        ({"quantity": {"dist": "unifrm", "low": 1, "high": 2}}, "没有这种分布.*uniform"),
        ({"quantity": {"dist": "uniform", "low": 1}}, "缺少 high"),
        ({"quantity": {"dist": "uniform", "low": 1, "hgh": 2}}, "未知的键 hgh。是否指 high"),
        ({"quantity": {"dist": "uniform", "low": 2, "high": 1}}, "应由小到大"),
        ({"quantity": {"dist": "triangular", "low": 1, "mode": 5, "high": 4}}, "应由小到大"),
        ({"quantity": {"dist": "normal", "mean": 100, "sd": 0}}, "离散程度应大于零"),
        ({"quantity": {"dist": "normal", "mean": 1, "sd": 5}}, "抽样值应大于零"),
        ({"success": {"dist": "uniform", "low": "50 %", "high": "120 %"}}, "0 到 1 之间的比例"),
        ({"loss.first": {"dist": "uniform", "low": 0.5, "high": 1.5}}, "服务水平应在 0 与 1 之间"),
        ({"loss.years": {"dist": "uniform", "low": 5, "high": 15}}, "年数应为正整数"),
        ({"loss.years": {"dist": "integers", "low": 5.5, "high": 15}}, "应为整数"),
        ({"rate": {"dist": "uniform", "low": "2 %", "high": "8 %"}}, "取值范围 0.02–0.05"),
        ({"rate": {"dist": "uniform", "low": 2, "high": 5}}, "取值范围 0.02–0.05"),
    ],
)  # fmt: skip
def test_a_bad_draw_is_refused_in_chinese(draws, words):
    with pytest.raises(InputError, match=words):
        simulate(cost(), draws, seed=1, size=200)


def fish(**changes):
    terms = {
        "density": "350 kg/km²", "area": "12 km²", "price": "30 元/kg",
        "exceedance": "1<B≤4", "loss_rate": "5 %",
    }  # fmt: skip
    return ev.fishery.once(**{**terms, **changes}, on="2020-06-01")


def test_a_draw_outside_the_range_of_its_table_is_refused_as_the_item_is():
    with pytest.raises(OutOfScope):
        fish(loss_rate="90 %")
    with pytest.raises(OutOfScope, match="抽样值超出.*取值范围"):
        simulate(fish(), {"loss_rate": {"dist": "uniform", "low": "50 %", "high": "90 %"}}, seed=1)


def test_a_drawn_year_does_not_come_before_the_first():
    item = ev.interim.interim_loss(
        quantity="12 公顷", loss="50 %", unit_value="2 万元/公顷/年", rate="3 %",
        first_year=2020, last_year=2022, base_year=2024, on=ON,
    )  # fmt: skip
    with pytest.raises(InputError, match="抽样值小于"):
        simulate(item, {"last_year": {"dist": "integers", "low": 2010, "high": 2015}}, seed=1)


def test_a_draw_in_another_kind_of_unit_is_refused():
    with pytest.raises(UnitError):
        simulate(cost(), {"quantity": {"dist": "uniform", "low": "1 t", "high": "2 t"}}, seed=1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"seed": -1}, "种子应为非负整数"),
        ({"seed": 1.5}, "种子应为非负整数"),
        ({"seed": 1, "size": 1}, "抽样次数应为 2 以上的整数"),
        ({"seed": 1, "sampling": "sobol"}, "没有这种抽样"),
    ],
)
def test_a_sample_says_how_it_was_drawn(options, words):
    with pytest.raises(InputError, match=words):
        simulate(cost(), {"quantity": UNIFORM}, **options)
