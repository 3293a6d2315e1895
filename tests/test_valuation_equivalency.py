"""Equivalency: year tables against closed forms, published multipliers, statements, and bad input."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, getcontext
from itertools import product
from pathlib import Path as File

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecoval as ev
from ecoval.errors import ContentError, InputError, OutOfScope, Spot
from ecoval.valuation.conventions import DISCOUNTS, LEVELS, Conventions
from ecoval.valuation.described import read_path
from ecoval.valuation.lifetable import LifeTable, read_life_table
from ecoval.valuation.paths import (
    by_year,
    constant,
    difference,
    exponential,
    linear,
    logistic,
    points,
    ramp,
    step,
)
from ecoval.valuation.profiles import profiles, read_conventions, read_profiles
from ecoval.valuation.spread import apart
from ecoval.valuation.yeartable import year_table

PUBLISHED = tomllib.loads(
    (File(__file__).parent / "published" / "paths.toml").read_text(encoding="utf-8")
)
HERE = Spot("路径")
few = settings(max_examples=60, deadline=None)
rates = st.floats(0.001, 0.2)
spans = st.integers(1, 60)
levels = st.floats(0, 1)
lumps = st.sampled_from(["start", "mid", "end"])
getcontext().prec = 60


def total(path, conventions, rate, **options):
    return year_table(path, conventions, rate, **options).total


class Closed:
    """The closed forms of domain texts, in sixty digits: v, a_n, G_n, and s and d by their names."""

    def __init__(self, rate, s="mid", d="end"):
        self.r = Decimal(rate)
        self.v = 1 / (1 + self.r)
        self.delta = (1 + self.r).ln()
        self.s, self.d = (Decimal({"start": 0, "mid": 0.5, "end": 1}[each]) for each in (s, d))

    def a(self, n):
        return (1 - self.v**n) / self.r

    def g(self, n):
        return sum((t - 1) * self.v**t for t in range(1, n + 1))

    @property
    def shift(self):
        return (1 + self.r) ** (1 - self.d)


def close(number, rel=1e-12):
    return pytest.approx(float(number), rel=rel, abs=1e-12)


# Closed forms.


@few
@given(levels, spans, rates, lumps, lumps)
def test_a_linear_recovery_is_its_closed_form(first, years, rate, s, d):
    c = Closed(rate, s, d)
    closed = Decimal(first) * c.shift * ((1 - c.s / years) * c.a(years) - c.g(years) / years)
    assert total(linear(first, 0, years), Conventions(s, d), rate) == close(closed)


@few
@given(levels, spans, rates)
def test_the_exact_linear_recovery_is_its_closed_form(first, years, rate):
    c = Closed(rate)
    closed = 1 / c.delta - (1 - (-c.delta * years).exp()) / (c.delta**2 * years)
    found = total(linear(first, 0, years), Conventions("exact", "continuous"), rate)
    assert found == close(Decimal(first) * closed)


@few
@given(levels, spans, rates, st.sampled_from(list(LEVELS)), lumps)
def test_a_step_is_an_annuity_however_its_level_is_read(level, years, rate, s, d):
    c = Closed(rate, d=d)
    closed = Decimal(level) * c.shift * c.a(years)
    assert total(step(level, years), Conventions(s, d), rate) == close(closed)


@few
@given(levels, rates, st.integers(-20, 20), st.sampled_from(list(LEVELS)), lumps)
def test_a_loss_for_ever_is_its_closed_form(level, rate, start, s, d):
    c = Closed(rate, d=d)
    closed = Decimal(level) * c.shift / c.r * c.v**start
    path = constant(level).at(start=start, horizon="perpetuity")
    assert total(path, Conventions(s, d), rate) == close(closed)


@few
@given(levels, spans, st.integers(0, 60), st.integers(0, 20), rates, lumps, lumps)
def test_a_ramp_with_its_life_is_its_closed_form(plateau, years, more, delay, rate, s, d):
    c, life = Closed(rate, s, d), years + more
    head = (c.g(years) + c.s * c.a(years)) / years
    closed = Decimal(plateau) * c.shift * c.v**delay
    path = ramp(plateau, years, life).at(start=delay)
    assert total(path, Conventions(s, d), rate) == close(closed * (head + c.a(life) - c.a(years)))
    lasting = ramp(plateau, years).at(start=delay, horizon="perpetuity")
    assert total(lasting, Conventions(s, d), rate) == close(closed * (head + 1 / c.r - c.a(years)))


@few
@given(st.floats(0.01, 1), st.floats(0.01, 2), st.integers(1, 30), rates)
def test_an_exponential_recovery_for_ever_is_its_closed_form(first, k, years, rate):
    c = Closed(rate)
    path = exponential(first, k, years).at(horizon="perpetuity")
    found = total(path, Conventions("exact", "continuous"), rate)
    assert found == close(Decimal(first) / (c.delta + Decimal(k)))


@few
@given(st.floats(0.01, 1), st.floats(0.05, 2), rates, lumps, lumps)
def test_a_tail_is_what_its_years_one_by_one_come_to(plateau, k, rate, s, d):
    path = ramp(plateau, 3, 8, after="decay", decay=k)
    listed = total(path.at(horizon=900), Conventions(s, d), rate)
    assert total(path.at(horizon="perpetuity"), Conventions(s, d), rate) == close(listed, 1e-9)


@few
@given(levels, spans, rates, lumps)
def test_on_a_line_the_trapezoid_is_the_middle(first, years, rate, d):
    path = linear(first, 0, years)
    middle = total(path, Conventions("mid", d), rate)
    assert total(path, Conventions("trapezoid", d), rate) == close(middle)
    assert total(path, Conventions("exact", d), rate) == close(middle)


@few
@given(st.integers(1, 40), rates, lumps)
def test_without_discounting_the_past_is_the_future(years, rate, s):
    flat = Conventions(s, "end", "none")
    path = linear(1, 0, years)
    assert total(path, flat, rate) == close(total(path.at(start=-90), flat, rate))


# Published figures.


def printed(number, expect):
    return str(Decimal(repr(float(number))).quantize(Decimal(expect), ROUND_HALF_UP))


@pytest.mark.parametrize("case", PUBLISHED["factors"], ids=lambda case: case["name"])
def test_a_published_table_of_factors_reconciles(case):
    conventions, _ = read_conventions(case["convention"])
    table = year_table(step(1, 125), conventions, case["rate"])
    found = {0: 1.0} | dict(enumerate(table.factors, start=1))
    assert {year: printed(found[year], text) for year, text in case["rows"]} == dict(case["rows"])


@pytest.mark.parametrize("case", PUBLISHED["annual"], ids=lambda case: case["name"])
def test_a_published_annual_value_reconciles(case):
    conventions, _ = read_conventions(case["convention"])
    path = read_path(case["path"], where=HERE)
    table = year_table(path, conventions, case["rate"])
    level = total(step(1, case["years"]), conventions, case["rate"])
    average = table.total / level
    # An average lies between the smallest and the largest of what it averages.
    assert table.levels.min() - 1e-12 <= average <= table.levels.max() + 1e-12
    agrees = printed(average * case["scale"], case["expect"]) == case["expect"]
    assert agrees == case.get("reconciles", True), case.get("why")
    assert agrees or not table.levels.min() <= float(case["expect"]) / case["scale"] <= 1


def test_published_costs_go_by_the_ratio_of_annuities():
    case = PUBLISHED["ratios"]
    half = case["rounding"] / 2
    first = case["table"]["10"]
    annuity = {
        life: total(step(1, int(life)), Conventions("end", "end"), case["rate"])
        for life in case["table"]
    }
    outside = []
    for life, row in case["table"].items():
        ratio = annuity["10"] / annuity[life]
        for place, (cost, base) in enumerate(zip(row, first, strict=True)):
            if life != "10" and not (
                (base - half) * ratio - half <= cost <= (base + half) * ratio + half
            ):
                outside.append([int(life), place])
    assert outside == case["outside"], case["why"]


def test_crediting_a_year_from_its_start_makes_the_project_too_small():
    # Thur 2007 (abstract): loss understated, gain overstated; only the level of the year's end does it.
    loss, gain = linear(1, 0, 10), ramp(1, 10, 30)
    conventional, corrected = Conventions("end", "end"), Conventions("mid", "end")
    assert total(loss, conventional, 0.03) < total(loss, corrected, 0.03)
    assert total(gain, conventional, 0.03) > total(gain, corrected, 0.03)
    flipped = Conventions("start", "end")
    assert total(loss, flipped, 0.03) > total(loss, corrected, 0.03)


# An equivalency as one call.


def size(**changes):
    terms = {
        "quantity": "100 公顷",
        "loss": linear(1, 0, 10),
        "gain": ramp(1, 3, 50),
        "rate": "3 %",
        "convention": "noaa2000",
        "value_ratio": 1,
        "success": "100 %",
        "equivalency_ratio": 1,
        "on": "2024-06-01",
    }
    return ev.equivalency.project_size(**{**terms, **changes})


@few
@given(st.integers(0, 20), st.integers(1, 20), st.integers(1, 10), st.floats(0.05, 0.5))
def test_luoyuan_bay_moves_as_its_abstract_says(delay, more, years, loss):
    # Earlier start, smaller; shorter ramp, smaller; bigger loss, bigger.
    assert size(gain=ramp(1, 3, 50).at(start=delay)).exact < (
        size(gain=ramp(1, 3, 50).at(start=delay + more)).exact
    )
    assert size(gain=ramp(1, years, 50)).exact < size(gain=ramp(1, years + more, 50)).exact
    smaller, bigger = (size(loss=linear(each, 0, 10)).exact for each in (loss, 2 * loss))
    assert bigger == close(2 * smaller)


def test_the_discount_point_cancels_and_the_level_does_not():
    sizes = {
        (s, d): size(convention={"level_at": s, "discount_at": d}).exact
        for s, d in product(("mid", "end"), ("start", "end"))
    }
    assert sizes["mid", "start"] == close(sizes["mid", "end"])
    assert sizes["end", "end"] != pytest.approx(sizes["mid", "end"], rel=0.01)


def test_the_year_tables_of_both_sides_are_part_of_the_result():
    found = size()
    loss, gain = found.parts
    assert [line["name"] for line in loss.lines] == [f"第 {t} 年" for t in range(1, 11)]
    assert len(gain.lines) == 50 and loss.unit == "公顷·年" and found.unit == "公顷"
    text = str(found)
    assert (
        "等值分析：折现服务损失" in text
        and "10. 第 10 年 损失水平 0.05，折现后的年数 0.744094 年" in text
    )


def test_the_spread_is_what_each_convention_gives_by_itself():
    found = size()
    assert len(found.spread.values) == len(LEVELS) * len(DISCOUNTS)
    for s, d in (("end", "end"), ("exact", "continuous"), ("start", "mid")):
        alone = size(convention={"level_at": s, "discount_at": d}).exact
        assert found.spread.values[str(Conventions(s, d))] == close(alone)
    values = found.spread.values
    assert values[found.spread.least] == min(values.values())
    assert values[found.spread.most] == max(values.values())
    assert found.remarks[0] in str(found) and found.remarks[0].startswith("按 20 种口径计算")
    assert found.as_dict()["spread"]["least"] == found.spread.least


def test_a_loss_of_the_past_is_spread_over_the_kinds_of_interest_too():
    found = size(loss=linear(1, 0, 10).at(start=-3))
    assert len(found.spread.values) == 3 * len(LEVELS) * len(DISCOUNTS)


def test_a_number_that_no_path_stands_behind_has_no_spread():
    found = ev.equivalency.unit_gain(level=[1], factor=["1 年"], gain_baseline=1, on="2024-06-01")
    assert found.spread is None and found.remarks == ()


def test_several_habitats_are_summed_and_each_is_recorded_by_itself():
    reed = {"quantity": "60 公顷", "loss": {"path": "linear", "first": 1, "last": 0, "years": 10}}
    flat = {"quantity": "200000 m^2", "loss": {"path": "step", "level": 0.3, "years": 5}}
    habitats = [
        {"name": "芦苇", "value_ratio": 1, "discounted_loss": reed},
        {"name": "光滩", "value_ratio": 0.4, "discounted_loss": flat},
    ]
    common = {"quantity": None, "loss": None, "value_ratio": None}
    found = size(habitats=habitats, **common)
    alone = [size(habitats=[habitat], **common).exact for habitat in habitats]
    assert found.exact == close(alone[0] + alone[1] / 10_000)
    second = size(quantity="20 公顷", loss=step(0.3, 5), value_ratio=0.4).exact
    assert alone[1] / 10_000 == close(second)
    assert found.remarks[0].startswith("逐项单独计，修复规模：芦苇 ")
    assert [part.card.id for part in found.parts].count("equivalency-discounted-loss") == 2


def test_the_cost_keeps_the_rate_of_money_from_the_rate_of_services():
    terms = {
        "unit_cost": "2 万元/公顷", "contingency": "5 %", "price_base": "2024 年",
        "costs": [{"name": "管护", "amount": "1 万元", "first": 1, "every": 1, "times": 3}],
    }  # fmt: skip
    shared = {key: value for key, value in _given().items() if key != "on"}
    found = ev.equivalency.project_cost(**shared, **terms, money_rate="4 %", on="2024-06-01")
    again = ev.equivalency.project_cost(**shared, **terms, money_rate="5 %", on="2024-06-01")
    assert found.used("size").values == again.used("size").values
    upkeep = sum(10_000 * 1.04**-t for t in (1, 2, 3))
    assert found.exact == close(size().exact * 20_000 * 1.05 + upkeep, 1e-11)
    assert found.spread.unit == "元" and "元（" in found.remarks[-1]


def _given():
    return dict(size().given) | {"on": "2024-06-01"}


def test_what_a_case_file_keeps_gives_the_same_item_again():
    assert ev.equivalency.project_size(**_given()).fingerprint == size().fingerprint


def test_value_to_value_and_value_to_cost():
    lost = {"quantity": "10 公顷", "unit_value": "1000 元/公顷/年", "loss": step(1, 5)}
    common = {"convention": "cn_gb", "rate": "3 %", "on": "2024-06-01"}
    budget = ev.equivalency.value_to_cost(**lost, **common)
    assert budget.exact == close(ev.interim.interim_loss_path(**lost, **common).exact)
    same = ev.equivalency.value_to_value(
        **lost, **common, lot="1 公顷", gain_unit_value="1000 元/公顷/年", gain=step(1, 5),
        success="100 %",
    )  # fmt: skip
    assert same.exact == close(10) and same.unit == "公顷"


def test_the_standing_of_the_rate_and_of_the_convention_is_found():
    codes = {finding.code for finding in size(rate=None).findings}
    assert {"unverified-value", "unverified-convention", "unverified-method"} <= codes
    assert "unverified-convention" not in {f.code for f in size(convention="thur2007").findings}


def test_a_negative_rate_must_be_meant():
    with pytest.raises(OutOfScope, match="2%–5%，所给为 -1%"):
        size(rate="-1 %")
    found = size(rate="-1 %", overrule={"rate": "对照算例"})
    assert found.exact > 0 and "理由：对照算例" in str(found)
    with pytest.raises(OutOfScope, match="折现率为负"):
        year_table(step(1, 2), Conventions("mid", "end"), -0.01)


def test_nothing_is_taken_for_one_unsaid():
    for name, words in (
        ("success", "成功率"),
        ("value_ratio", "单位价值之比"),
        ("equivalency_ratio", "等值系数"),
        ("convention", "口径"),
    ):
        with pytest.raises(InputError, match=words):
            size(**{name: None})


# What stands for the rate in a convention is held to what is held of the rate.


def lost(*, overrule=None, on="2024-06-01", **convention):
    terms = {"quantity": "1 公顷", "loss": step(1, 2), "on": on, "overrule": overrule}
    held = {"level_at": "mid", "discount_at": "end", **convention}
    return ev.equivalency.discounted_loss(**terms, convention=held)


OUTSIDE = [
    ({"discount_form": "declining", "schedule": [[50, 0.2]]}, "schedule 第 1 段：.*2%–5%.*20%"),
    ({"discount_form": "declining", "schedule": [[1, 0.03], [2, -0.03]]}, "第 2 段：.*-3%"),
    ({"discount_form": "none"}, "2%–5%，所给为 0%"),
    ({"discount_form": "table", "factors": [[1, 1.5], [2, 0.7]]}, "第 1 年的折现系数 1.5 大于 1"),
    (
        {"discount_form": "table", "factors": [[1, 0.9], [2, 0.95]]},
        "第 2 年的折现系数 0.95 大于上一年的 0.9",
    ),
]


@pytest.mark.parametrize(("convention", "words"), OUTSIDE)
def test_a_discount_outside_its_range_must_be_meant(convention, words):
    with pytest.raises(OutOfScope, match=words + ".*overrule 的 rate"):
        lost(**convention)
    found = lost(**convention, overrule={"rate": "对照算例"})
    assert "outside-range" in {finding.code for finding in found.findings}
    assert "理由：对照算例" in str(found)


def test_a_factor_of_the_past_may_be_above_one():
    factors = [[-1, 1.0609], [0, 1.03], [1, 1], [2, 0.97]]
    found = lost(discount_form="table", factors=factors)
    assert found.exact == close(1.97)
    factors = [[2022, 1.03], [2023, 1.01], [2024, 0.98]]
    held = {"discount_form": "table", "factors": factors}
    by_day = Conventions("mid", "end", "table", base_date=date(2023, 7, 1), factors=((2023, 1.01),))
    assert list(by_day.odd_factors()) == []
    with pytest.raises(OutOfScope, match="2023 年的折现系数 1.01 大于 1"):
        lost(**held, base_date=date(2023, 1, 1))


def test_a_schedule_is_read_as_it_is_written_and_printed_whole():
    found = lost(discount_form="declining", schedule=[["1 年", "3%"], ["2 %"]])
    # By hand: 1 ÷ 1.03 + 1 ÷ (1.03 × 1.02).
    assert found.exact == close(1 / 1.03 + 1 / (1.03 * 1.02))
    assert "分段递减（至第 1 年 3%，此后 2%）" in str(found)
    again = lost(discount_form="declining", schedule={"2": 0.03})
    assert again.exact == close(1 / 1.03 + 1.03**-2)
    table = lost(discount_form="table", factors=[[1, "97%"], [2, 0.9426]])
    assert "给定的折现系数表（第 1 年 0.97，第 2 年 0.9426）" in str(table)
    assert all("0.97" not in name for name in table.spread.values)


@pytest.mark.parametrize(
    ("convention", "words"),
    [
        (
            {"discount_form": "declining", "schedule": [["a", "b"]]},
            "schedule 第 1 行.*没有单位的数",
        ),
        ({"discount_form": "declining", "schedule": [[2, "3 元"]]}, "没有单位的数，所给为 '3 元'"),
        ({"discount_form": "declining", "schedule": [[2.5, 0.03]]}, "年份应为整数，所给为 2.5"),
        ({"discount_form": "declining", "schedule": [[1, 2, 3]]}, "第 1 行：应为 .年, 值."),
        ({"discount_form": "declining", "schedule": "3%"}, "应为 .年, 值. 的列表"),
        ({"discount_form": "table", "factors": [["x", "y"]]}, "factors 第 1 行.*没有单位的数"),
        ({"discount_form": "table", "factors": [[None, 0.9]]}, "factors 第 1 行.*没有单位的数"),
        ({"discount_form": "table", "factors": [[1, 0], [2, 0]]}, "折现系数应大于零"),
    ],
)
def test_a_faulty_schedule_is_said_in_chinese(convention, words):
    with pytest.raises(InputError, match=words):
        lost(**convention)


# Each line by itself, and a loss or a gain of nothing.


def test_a_line_that_was_computed_stands_beside_one_that_was_given():
    by_path = {"quantity": "10 公顷", "unit_value": "1000 元/公顷/年", "loss": linear(1, 0, 10)}
    losses = [{"name": "甲", "value_lost": by_path}, {"name": "乙", "value_lost": "10 万元"}]
    common = {"convention": "cn_gb", "rate": "3 %", "on": "2024-06-01"}
    found = ev.equivalency.value_to_cost(losses=losses, **common)
    alone = ev.interim.interim_loss_path(**by_path, **common)
    assert found.exact == close(alone.exact + 100_000)
    assert f"甲 {alone.fens / 100:,.2f} 元；乙 100,000.00 元" in str(found)


def test_lines_by_themselves_are_in_the_unit_of_their_sum():
    reed = {"quantity": "12 公顷", "loss": linear(1, 0, 10)}
    habitats = [
        {"name": "芦苇", "value_ratio": 1, "discounted_loss": reed},
        {"name": "光滩", "value_ratio": 0.5, "discounted_loss": "900 亩·年"},
    ]
    common = {"quantity": None, "loss": None, "value_ratio": None, "gain": None}
    found = size(habitats=habitats, unit_gain="12 年", **common)
    # 900 亩 are 60 公顷: 60 × 0.5 ÷ 12 = 2.5.
    assert found.remarks[0].endswith("光滩 2.5 公顷")
    assert apart(found)["芦苇"] + 2.5 == close(found.exact)
    for first, second in (("芦苇", "芦苇"), ("第 2 项", "")):
        named = [
            {**each, "name": name} for each, name in zip(habitats, (first, second), strict=True)
        ]
        with pytest.raises(InputError, match="受损生境第 2 项：名称与第 1 项相同"):
            size(habitats=named, unit_gain="12 年", **common)


def test_what_varies_in_the_spread_is_said():
    said = size().spread.text
    assert "只改变年内水平的取点、年内折现的时点，折现形式、折现率与基准日不变" in said
    assert "基准日以前的计息" in size(loss=linear(1, 0, 10).at(start=-3)).spread.text
    # Read at the start of its only year, this gain is nothing: there is no project then.
    found = size(gain=ramp(1, 1, 1))
    assert found.spread.failed == 4 and "另有 4 种算不出结果" in found.spread.text


def test_a_loss_of_nothing_is_found_and_a_gain_of_nothing_refused():
    at_end = {"level_at": "end", "discount_at": "end"}
    terms = {"quantity": "1 公顷", "rate": "3 %", "on": "2024-06-01"}
    for path, held in ((step(0, 5), "cn_gb"), (linear(1, 0, 1), at_end)):
        found = ev.equivalency.discounted_loss(**terms, loss=path, convention=held)
        said = [each for each in found.findings if each.code == "nothing-lost"]
        assert found.exact == 0 and len(said) == 1 and "各年的损失水平均为 0" in said[0].text
    assert "年末水平" in said[0].text
    assert "nothing-lost" not in {each.code for each in size().findings}
    with pytest.raises(InputError, match="收益水平均为 0，单位折现收益为 0（收益路径：爬升至 0"):
        size(gain=ramp(0, 5, 30))
    with pytest.raises(InputError, match="收益水平均为 0"):
        ev.equivalency.unit_gain(level=[0], factor=["1 年"], gain_baseline=1, on="2024-06-01")


def test_a_text_is_no_path():
    for wrong in ("linear", 0.5):
        with pytest.raises(InputError, match="损失路径应为表，或逐行的列表.*path = "):
            size(loss=wrong)
    with pytest.raises(InputError, match="没有这种路径"):
        size(loss={"shape": "linear"})
    with pytest.raises(InputError, match="生命表应为表，或逐行的列表"):
        size(killed="十只", quantity=None, loss=None)


# What is printed says what was computed.


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (logistic(1, 0.8, 5, 10, rescaled=True), "拉伸至两端），1/(1+e^(0.8(t−5)))，10 年"),
        (logistic(1, 0.2, 2, 10, rescaled=False), "原始曲线），1/(1+e^(0.2(t−2)))，10 年"),
        (points([[0, 1], [2.5, 0.4], [6, 0]]), "折线，0 年时 1、2.5 年时 0.4、6 年时 0"),
        (ramp(1, 2, 5, after="decay", decay=0.125), "此后衰减（每年乘 e^(−0.125)）"),
        (exponential(0.9, 0.3, 10), "指数，0.9·e^(−0.3t)，10 年"),
        (by_year([1, 0.123456789]), "逐年给定，1、0.123456789，2 年"),
        (difference(by_year([0.2, 0.6]), constant(0.8), side="loss"), "0.2、0.6"),
    ],
)
def test_every_number_that_shapes_a_path_is_printed(path, said):
    assert said in path.name


def test_a_life_table_is_printed_with_its_rates_and_the_age_of_the_count():
    killed = {**BIRDS, "oldest": 3, "years": 2, "generations": 1, "fecundity": [0, 0.3]}
    held = {"level_at": "end", "discount_at": "end"}
    found = ev.equivalency.resource_loss(
        killed={**killed, "births": "end", "start": 1}, convention=held, on="2024-06-01"
    )
    text = str(found)
    assert "死亡 2 龄 10 只，逐龄存活率 0.5、0.8（此后同末值）" in text
    assert "逐龄繁殖率 0、0.3（此后同末值）" in text and "起始 1 年" in text
    # Ten of the age of two at the year's start; eight of them live at its end.
    assert "本应存活的个体数 8 只" in text and "年初年龄：2 龄 8" in text


def test_computed_numbers_are_cut_alike():
    cost = ev.equivalency.project_cost(
        **{key: value for key, value in _given().items() if key != "on"}, unit_cost="2 万元/公顷",
        contingency=0, upkeep="0 元", price_base="2024 年", on="2024-06-01",
    )  # fmt: skip
    short = ev.equivalency.discounted_loss(
        quantity="7 公顷", loss=step(1, 2), rate="3 %", convention="thur2007", on="2024-06-01"
    )
    for item in (cost, size(), short):
        assert not re.search(r"[1-9][0-9]*\.[0-9]{7}", str(item)), item.card.id
    assert "0.970874 年" in str(short) and "≈" in str(short)
    # 100 亩 are 6.666… 公顷.
    habitats = [
        {"name": "芦苇", "value_ratio": 1, "discounted_loss": "12 公顷·年"},
        {"name": "光滩", "value_ratio": 1, "discounted_loss": "100 亩·年"},
    ]
    terms = {"unit_gain": "12 年", "success": 1, "equivalency_ratio": 1, "on": "2024-06-01"}
    converted = str(ev.equivalency.project_size(habitats=habitats, **terms))
    assert "光滩 折现服务损失 ≈ 6.666667 公顷·年" in converted and "+ 6.666667" in converted


# Baselines.


def test_a_service_against_its_baseline_is_the_share_it_lacks():
    service = {
        "service": {"path": "linear", "first": 0.2, "last": 0.8, "years": 6},
        "baseline": 0.8,
    }
    found = size(loss={**service, "horizon": 6})
    assert found.exact == close(size(loss=linear(0.75, 0, 6)).exact)


def test_a_baseline_may_be_a_path():
    falling = linear(0.8, 0.4, 10)
    path = difference(constant(0.2), falling, side="loss").at(horizon=10)
    table = year_table(path, Conventions("mid", "end", "none"), 0.0)
    assert table.levels == pytest.approx([0.58 - 0.04 * t for t in range(10)])
    assert path.baseline == 0.8


def test_the_denominator_of_a_gain_is_said_and_makes_the_difference():
    gain = {"service": ramp(0.9, 3, 30), "baseline": 0, "horizon": 30}
    with pytest.raises(InputError, match="起始的基线应大于零"):
        size(gain=gain, gain_denominator="project")
    gain = {"service": linear(0.3, 0.9, 3), "baseline": 0.3, "horizon": 30}
    by_project = size(gain=gain, gain_denominator="project").exact
    by_injured = size(gain=gain, gain_denominator="injured", reference_baseline=0.9)
    assert by_injured.exact == close(3 * by_project)
    with pytest.raises(InputError, match="收益按哪个基线折算，须说明"):
        size(gain=gain)
    with pytest.raises(InputError, match="须给出其水平"):
        size(gain=gain, gain_denominator="injured")
    with pytest.raises(InputError, match="由路径得出，不另给出"):
        size(injured_baseline=0.9)


def test_a_service_above_its_baseline_is_no_loss():
    path = difference(linear(0.2, 1, 4), constant(0.8), side="loss").at(horizon=4)
    with pytest.raises(InputError, match="第 4 年：损失或收益的水平应在 0 与 1 之间，所给为 -0.1"):
        year_table(path, Conventions("mid", "end"), 0.03)


# Days, tables, the past.


def test_a_path_from_a_day_has_a_first_year_in_part():
    path = linear(1, 0, 3).at(start=date(2021, 3, 15))
    table = year_table(path, Conventions("mid", "end", base_date=date(2022, 7, 1)), 0.03)
    assert table.names == (
        "2021 年（0.8 年，基准前）", "2022 年（0.4959 年，基准前）", "2022 年（0.5041 年）", "2023 年",
        "2024 年（0.2 年）",
    )  # fmt: skip
    # 73 of 365 days of 2021 are over on 15 March, 181 of 2022 on 1 July.
    first, base = 2021 + 73 / 365, 2022 + 181 / 365
    assert table.factors[0] == close(0.8 * 1.03 ** (base - 2022))
    assert table.levels[0] == close(1 - 0.4 / 3)
    assert table.factors[-1] == close(0.2 * 1.03 ** (base - first - 3))
    undiscounted = year_table(
        path, Conventions("exact", "end", "none", base_date=date(2022, 7, 1)), 0.0
    )
    assert undiscounted.total == close(1.5)


def test_a_table_of_calendar_years_starts_with_its_first_year():
    on = date(2022, 1, 1)
    table = year_table(
        by_year([[2021, 1], [2022, 0.5]]), Conventions("mid", "end", base_date=on), 0.03
    )
    assert table.names == ("2021 年（基准前）", "2022 年") and table.total == close(1 + 0.5 / 1.03)
    with pytest.raises(InputError, match="须给出基准日"):
        year_table(by_year([[2021, 1]]), Conventions("mid", "end"), 0.03)


@pytest.mark.parametrize(
    ("past", "factors"), [("compound", 1.0609), ("simple", 1.06), ("none", 1.0)]
)
def test_the_past_bears_the_interest_that_was_named(past, factors):
    path = step(1, 3).at(start=-2)
    table = year_table(path, Conventions("mid", "start", past=past), 0.03)
    assert table.factors[0] == close(factors) and table.factors[2] == 1
    assert table.names == ("基准前第 2 年", "基准前第 1 年", "第 1 年") and table.has_past


def test_a_table_of_factors_is_taken_year_by_year():
    conventions, _ = read_conventions(
        {"level_at": "mid", "discount_at": "end", "discount_form": "table",
         "factors": [[1, 0.9], [2, 0.8]]}
    )  # fmt: skip
    assert year_table(step(1, 2), conventions, 0.0).total == close(1.7)
    with pytest.raises(OutOfScope, match="折现系数表没有第 3 年"):
        year_table(step(1, 3), conventions, 0.0)


def test_a_declining_rate_may_go_on_for_ever():
    conventions, _ = read_conventions(
        {"level_at": "mid", "discount_at": "end", "discount_form": "declining",
         "schedule": [[30, 0.035], [0.03]]}
    )  # fmt: skip
    c, d = Closed(0.035), Closed(0.03)
    path = constant(1).at(horizon="perpetuity")
    assert total(path, conventions, 0.0) == close(c.a(30) + c.v**30 / d.r)


def test_a_delay_cuts_the_gain_and_compounds_the_loss():
    held = Conventions("mid", "end")
    one = total(step(1, 5), held, 0.03)
    assert total(step(1, 5).at(start=4), held, 0.03) == close(one * 1.03**-4)
    assert total(step(1, 5).at(start=-4), held, 0.03) == close(one * 1.03**4)


def test_columns_of_draws_are_the_numbers_one_by_one():
    years, first = np.array([3, 10, 7]), np.array([1.0, 0.4, 0.8])
    rate = np.array([0.02, 0.03, 0.05])
    shapes = (
        lambda f, n: linear(f, 0, n), step, lambda f, n: ramp(f, 2, n + 2),
        lambda f, n: ramp(f, 2, n + 2, after="decay", decay=0.1).at(horizon="perpetuity"),
        lambda f, n: logistic(f, 0.8, 3, n, rescaled=True),
    )  # fmt: skip
    for shape, s, d in product(shapes, LEVELS, DISCOUNTS):
        held = Conventions(s, d)
        table = year_table(shape(first, years), held, rate)
        alone = [
            total(shape(f, int(n)), held, float(r))
            for f, n, r in zip(first, years, rate, strict=True)
        ]
        assert table.total == pytest.approx(alone, rel=1e-12), (s, d)


def test_a_rescaled_logistic_reaches_both_ends_and_the_raw_one_neither():
    raw = logistic(1, 1.0, 5, 10, rescaled=False)
    stretched = logistic(1, 1.0, 5, 10, rescaled=True)
    assert float(raw(0.0)) < 1 and float(raw(10.0)) > 0
    assert float(stretched(0.0)) == pytest.approx(1) and float(stretched(10.0)) == pytest.approx(0)


# Animals.

BIRDS = {
    "killed": [[2, 10]], "survival": [0.5, 0.8], "oldest": 30, "years": 30, "generations": 0,
    "unit": "只",
}  # fmt: skip


@few
@given(st.floats(0.05, 0.99), rates)
def test_lives_of_one_survival_are_a_geometric_sum(survival, rate):
    table = LifeTable(((0, 1.0),), (survival,), 400, 400, 0, "只")
    years = table.years_of(Conventions("start", "start"), rate, negative=False)
    found = float((table.levels("start")[0].sum(axis=1) * years.factors).sum())
    ratio = survival / (1 + rate)
    assert found == pytest.approx((1 - ratio**400) / (1 - ratio), rel=1e-12)


def test_the_levels_of_a_year_lie_between_its_ends():
    table = read_life_table(
        {**BIRDS, "generations": 2, "fecundity": [0, 0.3], "births": "end"}, where=HERE
    )
    begun, ended = table.levels("start"), table.levels("end")
    for at in ("mid", "trapezoid", "exact"):
        assert np.all(ended - 1e-12 <= table.levels(at)) and np.all(
            table.levels(at) <= begun + 1e-12
        )
    assert table.levels("trapezoid") == pytest.approx((begun + ended) / 2)
    frame = table.table("start")
    assert frame.shape == (3 * 30, 31) and frame.loc[("直接损失", 1), "年初 2 龄"] == 10


def test_more_generations_are_a_larger_loss_and_go_into_a_project():
    losses = []
    for generations in (0, 1, 2):
        killed = {**BIRDS, "generations": generations, "fecundity": [0, 0.3], "births": "end"}
        item = size(killed=killed, quantity=None, loss=None, gain=None, unit_gain="4.2 年")
        losses.append(item.exact)
        assert item.unit == "只" and item.parts[0].card.id == "equivalency-resource-loss"
    assert losses == sorted(losses) and losses[0] < losses[2]
    with pytest.raises(InputError, match="只能给出 loss、killed 之一"):
        size(killed=BIRDS)


# Bad input.

HELD = Conventions("mid", "end")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: linear(1.2, 0, 10), "服务水平应在 0 与 1 之间，所给为 1.2"),
        (lambda: step(-0.1, 10), "服务水平应在 0 与 1 之间"),
        (lambda: linear(1, 0, 0), "年数应为正整数"),
        (lambda: by_year([]), "水平表为空"),
        (lambda: by_year([[1, 1], [3, 0.5]]), "年份有缺：2。没有损失的年份写 0"),
        (lambda: by_year([[1, 1], [1, 0.5]]), "年份重复：1"),
        (lambda: by_year([[2022, 1], [2021, 0.5]]), "年份应由先到后"),
        (lambda: by_year([[5, 1]]), "年份应从 1 起，或为公历年份"),
        (lambda: by_year([0.5, 1.5]), "levels 第 2 年：服务水平应在 0 与 1 之间"),
        (lambda: by_year([[2021.5, 1]]), "年份应为整数"),
        (lambda: exponential(1, 0, 10), "恢复速率应大于零"),
        (lambda: ramp(1, 10, 5), "寿命短于爬升年数"),
        (lambda: ramp(1, 2, 5, after="decay"), "衰减须给出大于零的年速率"),
        (lambda: ramp(1, 2, 5, after="stay"), "没有这种去向"),
        (lambda: points([[0, 1]]), "两个以上的"),
        (lambda: points([[0, 1], [0, 0.5]]), "时间应递增"),
        (lambda: year_table(step(1, 2), HELD, 3), "折现率应为比例，所给为 3.0。3% 写 0.03"),
        (lambda: Conventions("beginning", "end"), "没有这种口径"),
        (lambda: Conventions("mid", "end", "compond"), "没有这种口径"),
        (lambda: Conventions("mid", "continuous", "linear"), "连续折现只用于复利"),
        (lambda: Conventions("mid", "end", "declining"), "递减折现率须给出各段"),
        (
            lambda: Conventions("mid", "end", "declining", schedule=((30, 0.03), (20, 0.02))),
            "各段的末年应为递增的整数",
        ),
        (
            lambda: Conventions("mid", "end", "table", factors=((1, 0.9), (3, 0.8))),
            "年份有缺：2",
        ),
        (lambda: read_conventions("noaa"), "没有这个口径名称.*noaa2000"),
        (lambda: read_conventions({"level_at": "mid"}), "discount_at：口径须说明"),
        (lambda: read_conventions({"profile": "cn_gb", "levelat": "mid"}), "level_at"),
        (lambda: year_table(linear(1, 0.5, 10), HELD, 0.03), "并未归零"),
        (lambda: year_table(step(1, 2).at(horizon="perpetuity"), HELD, 0.03), "不能永续"),
        (
            lambda: year_table(constant(1).at(horizon="perpetuity"), HELD, 0.0),
            "折现率须大于零，永续才有限值",
        ),
        (
            lambda: year_table(
                logistic(1, 1, 5, 9, rescaled=False).at(horizon="perpetuity"), HELD, 0.03
            ),
            "没有永续的闭式",
        ),
        (lambda: year_table(step(1, 2).at(horizon=3), HELD, 0.03), "不超过路径的年数"),
        (lambda: year_table(step(1, 2).at(start=date(2024, 1, 1)), HELD, 0.03), "须给出基准日"),
        (
            lambda: year_table(
                step(1, 2).at(start=-5),
                Conventions("mid", "end", "declining", schedule=((9, 0.03),)),
                0.03,
            ),
            "不适用于基准日以前",
        ),
        (
            lambda: year_table(
                step(1, 10), Conventions("mid", "end", "declining", schedule=((9, 0.03),)), 0.03
            ),
            "年份超出各段折现率",
        ),
        (
            lambda: year_table(
                step(1, 2), Conventions("mid", "end", "declining", schedule=((9, -0.03),)), 0.0
            ),
            "折现率为负",
        ),
        (
            lambda: Conventions("mid", "end", "declining", schedule=(("九", 0.03),)),
            "各段的末年应为递增的整数",
        ),
        (
            lambda: Conventions("mid", "end", "declining", schedule=((9, "3%"),)),
            "schedule 第 1 段：折现率应为数",
        ),
        (lambda: Conventions("mid", "end", "table", factors=((1, "x"),)), "折现系数应大于零"),
        (lambda: Conventions(["mid"], "end"), "没有这种口径"),
        (lambda: read_conventions({"profile": ["cn_gb"]}), "没有这个口径名称"),
        (lambda: read_path({"path": "liner"}, where=HERE), "没有这种路径，所给为 liner.*linear"),
        (lambda: read_path({"path": "step", "level": 1}, where=HERE), "路径 step 缺少 years"),
        (
            lambda: read_path({"path": "step", "level": 1, "year": 5}, where=HERE),
            "未知的键 year。是否指 years",
        ),
        (
            lambda: read_path({"path": "step", "level": "高", "years": 5}, where=HERE),
            "路径 level：读不出数量",
        ),
        (lambda: read_path({"service": 0.5}, where=HERE), "须给出基线 baseline"),
        (
            lambda: read_path({"path": "step", "level": 1, "years": 5, "start": 0.5}, where=HERE),
            "start 应为整年数或日期",
        ),
        (lambda: read_life_table({**BIRDS, "oldest": 1}, where=HERE), "年龄应为 0 至 1 的整数"),
        (lambda: read_life_table({**BIRDS, "unit": "公顷"}, where=HERE), "应为个体数的单位.*公顷"),
        (lambda: read_life_table({**BIRDS, "unit": "巢穴"}, where=HERE), "unit：不认识的单位"),
        (lambda: read_life_table({**BIRDS, "births": "mid"}, where=HERE), "须说明繁殖时点"),
        (
            lambda: read_life_table({**BIRDS, "killed": [["a", "b"]]}, where=HERE),
            "路径 killed：读不出数量",
        ),
        (lambda: read_life_table({**BIRDS, "killed": [2, 10]}, where=HERE), "killed 写作"),
        (lambda: read_life_table({**BIRDS, "survival": ["x"]}, where=HERE), "survival：读不出数量"),
        (lambda: read_life_table({**BIRDS, "oldest": 2.5}, where=HERE), "oldest：应为不小于 0"),
        (lambda: read_life_table({**BIRDS, "unit": 5}, where=HERE), "unit：应为文字"),
        (
            lambda: read_path({"path": "by_year", "levels": ["a"]}, where=HERE),
            "路径 levels 第 1 行：读不出数量",
        ),
        (lambda: read_path({"path": "points", "levels": 5}, where=HERE), "路径 levels：应为列表"),
        (
            lambda: read_path(
                {
                    "path": "logistic",
                    "first": 1,
                    "steepness": 1,
                    "middle": 5,
                    "years": 9,
                    "rescaled": "false",
                },
                where=HERE,
            ),
            "rescaled：应为 true 或 false",
        ),
        (lambda: read_life_table({**BIRDS, "survive": 1}, where=HERE), "未知的键 survive"),
        (lambda: read_life_table({**BIRDS, "generations": 1}, where=HERE), "须给出逐龄繁殖率"),
    ],
)
def test_bad_input_is_said_in_chinese(call, words):
    with pytest.raises(InputError, match=words):
        call()


PROFILE = """
[[profile]]
id = "own"
title = "某文献"
level_at = "mid"
discount_at = "end"
standing = "unverified"
note = "未见原文"
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PROFILE + PROFILE, "口径列了两次"),
        (PROFILE.replace('note = "未见原文"', ""), "须以 note 说明所据"),
        (PROFILE + 'source = "no-such-text"', "没有来源 no-such-text"),
        (PROFILE.replace('"mid"', '"middle"'), "level_at"),
        (
            PROFILE.replace('"end"', '"continuous"') + 'discount_form = "linear"',
            "连续折现只用于复利",
        ),
    ],
)
def test_a_faulty_profile_is_named(tmp_path, text, words):
    path = tmp_path / "conventions.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=words):
        read_profiles(path)


def test_every_profile_can_be_read_and_says_how_far_it_was():
    for name, profile in profiles().items():
        assert read_conventions(name) == (profile.conventions, profile)
        assert profile.note in profile.said and "忆" not in profile.said
        assert profile.note and profile.standing in ("secondary", "unverified")
        again, _ = read_conventions(profile.conventions.data)
        assert again == profile.conventions


def test_levels_may_be_percentages_and_years_texts():
    path = read_path({"path": "by_year", "levels": [["2021 年", "80 %"], [2022, 0.5]]}, where=HERE)
    assert path.first_year == 2021 and path.name.endswith("0.8、0.5，2 年")
    birds = {**BIRDS, "survival": ["50 %", 0.8], "oldest": "30 年", "killed": [[2.0, "10"]]}
    assert read_life_table(birds, where=HERE) == read_life_table(BIRDS, where=HERE)
