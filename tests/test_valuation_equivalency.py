"""Equivalency: year tables against closed forms, published multipliers and statements."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoval.errors import InputError, OutOfScope
from ecoval.valuation.equivalency import PROFILES, habitat
from ecoval.valuation.paths import (
    DISCOUNTS,
    LEVELS,
    Conventions,
    by_year,
    exponential,
    linear,
    logistic,
    step,
    year_table,
)

LEVEL = {"start": 0.0, "mid": 0.5, "end": 1.0}


def present(path, conventions, rate, **options):
    table = year_table(path, conventions, rate, **options)
    return math.fsum(
        level * factor for level, factor in zip(table.levels, table.factors, strict=True)
    )


rates = st.floats(0.001, 0.2)
spans = st.integers(1, 60)


@given(
    first=st.floats(0, 1),
    years=spans,
    rate=rates,
    s=st.sampled_from(list(LEVEL)),
    d=st.sampled_from(list(LEVEL)),
)
def test_a_linear_recovery_is_its_closed_form(first, years, rate, s, d):
    v = 1 / (1 + rate)
    annuity = (1 - v**years) / rate
    gradient = math.fsum((t - 1) * v**t for t in range(1, years + 1))
    closed = first * (1 + rate) ** (1 - LEVEL[d])
    closed *= (1 - LEVEL[s] / years) * annuity - gradient / years
    found = present(linear(first, 0, years), Conventions(s, d), rate)
    assert found == pytest.approx(closed, rel=1e-12, abs=1e-12)


@given(first=st.floats(0, 1), years=spans, rate=rates)
def test_the_exact_linear_recovery_is_its_closed_form(first, years, rate):
    delta = math.log1p(rate)
    closed = first * (1 / delta - (1 - math.exp(-delta * years)) / (delta**2 * years))
    found = present(linear(first, 0, years), Conventions("exact", "continuous"), rate)
    assert found == pytest.approx(closed, rel=1e-9, abs=1e-12)


@given(level=st.floats(0, 1), years=spans, rate=rates, s=st.sampled_from(list(LEVELS)))
def test_a_step_is_an_annuity_however_its_level_is_read(level, years, rate, s):
    closed = level * (1 - (1 + rate) ** -years) / rate
    assert present(step(level, years), Conventions(s, "end"), rate) == pytest.approx(
        closed, rel=1e-12
    )


@given(first=st.floats(0.01, 1), k=st.floats(0.01, 2), rate=rates)
def test_an_exponential_recovery_comes_to_its_limit(first, k, rate):
    years = math.ceil(40 / k)
    found = present(
        exponential(first, k, years), Conventions("exact", "continuous"), rate, horizon=years
    )
    assert found == pytest.approx(first / (math.log1p(rate) + k), rel=1e-9)


@given(first=st.floats(0.1, 1), years=st.integers(2, 40), rate=rates)
def test_on_a_line_the_trapezoid_is_the_middle(first, years, rate):
    path = linear(first, 0, years)
    middle = present(path, Conventions("mid", "end"), rate)
    assert present(path, Conventions("trapezoid", "end"), rate) == pytest.approx(middle, rel=1e-12)


def test_the_differences_between_conventions_are_those_computed_elsewhere():
    # 100 acres, full loss, ten years, 3 %: by an independent script.
    expected = {
        ("exact", "continuous"): 454.17,
        ("mid", "mid"): 453.94,
        ("mid", "end"): 447.28,
        ("mid", "start"): 460.70,
        ("end", "end"): 404.63,
        ("start", "start"): 504.63,
    }
    for (level_at, discount_at), acres in expected.items():
        found = 100 * present(linear(1, 0, 10), Conventions(level_at, discount_at), 0.03)
        assert round(found, 2) == acres


def test_crediting_a_year_from_its_start_makes_the_project_too_small():
    # Thur 2007 (abstract): loss understated, gain overstated; 12.0 % by an independent script.
    gain = by_year([min(t / 10, 1.0) for t in range(1, 31)])
    gain_mid = by_year([min((t - 0.5) / 10, 1.0) for t in range(1, 31)])
    conventional = present(linear(1, 0, 10), Conventions("end", "end"), 0.03)
    corrected = present(linear(1, 0, 10), Conventions("mid", "end"), 0.03)
    gained = present(gain, Conventions("mid", "end"), 0.03)
    gained_mid = present(gain_mid, Conventions("mid", "end"), 0.03)
    assert conventional < corrected and gained > gained_mid
    error = (conventional / gained) / (corrected / gained_mid) - 1
    assert error == pytest.approx(-0.12016236275180036, rel=1e-9)


def test_the_statutory_metric_multiplies_by_one_less_the_rate():
    # UK statutory biodiversity metric, time to target, as transcribed.
    printed = {1: 0.965, 5: 0.837, 10: 0.7, 15: 0.586, 20: 0.49, 30: 0.343}
    conventions = Conventions("end", "end", "linear")
    factors = year_table(step(1, 32), conventions, 0.035).factors
    assert {year: round(factors[year - 1], 3) for year in printed} == printed


def test_a_declining_rate_runs_through_its_steps():
    # HM Treasury Green Book factors, recalled: 3.5 % to year 30, 3 % to 75.
    schedule = [(30, 0.035), (75, 0.03), (125, 0.025)]
    conventions = Conventions("end", "end", "declining")
    factors = year_table(step(1, 75), conventions, 0.035, schedule=schedule).factors
    printed = {1: 0.9662, 10: 0.7089, 30: 0.3563, 31: 0.3459, 50: 0.1973, 75: 0.0942}
    assert {year: round(factors[year - 1], 4) for year in printed} == printed
    with pytest.raises(OutOfScope, match="年份超出各段折现率"):
        year_table(step(1, 126), conventions, 0.035, schedule=schedule)


def test_past_losses_are_compounded():
    table = year_table(step(1, 2), Conventions("mid", "end"), 0.03, delay=-2)
    assert table.factors == pytest.approx((1.03, 1.0))
    assert table.years == (-1, 0)


def _equivalency(**changes):
    terms = {
        "quantity": "100 公顷",
        "loss": linear(1, 0, 10),
        "gain": linear(0, 1, 30),
        "gain_horizon": 30,
        "rate": 0.03,
        "conventions": PROFILES["noaa2000"][0],
        "on": "2024-06-01",
        "value_ratio": 1,
        "success": "100 %",
        "equivalency_ratio": 1,
    }
    return habitat(**{**terms, **changes})


def test_the_year_table_is_part_of_the_result():
    found = _equivalency()
    assert len(found.loss_table.years) == 10
    assert [line["name"] for line in found.loss.lines] == [f"第 {t} 年" for t in range(1, 11)]
    assert found.size.unit == "公顷" and found.loss.unit == "公顷·年"


def test_the_discount_point_cancels_and_the_level_does_not():
    sizes = {
        (s, d): _equivalency(conventions=Conventions(s, d)).size.exact
        for s in ("mid", "end")
        for d in ("start", "end")
    }
    assert sizes["mid", "start"] == pytest.approx(sizes["mid", "end"], rel=1e-12)
    assert sizes["end", "end"] != pytest.approx(sizes["mid", "end"], rel=0.01)


def test_the_spread_is_what_each_convention_gives_by_itself():
    found = _equivalency()
    assert len(found.spread) == len(LEVELS) * len(DISCOUNTS)
    for level_at, discount_at in (("end", "end"), ("exact", "continuous"), ("start", "mid")):
        other = Conventions(level_at, discount_at)
        alone = _equivalency(conventions=other).size.exact
        assert found.spread[str(other)] == pytest.approx(alone, rel=1e-12)
    assert "按不同口径" in found.spread_text and "公顷" in found.spread_text


@given(delay=st.integers(0, 20), more=st.integers(1, 20))
def test_a_later_start_needs_a_larger_project(delay, more):
    early, late = (_equivalency(gain_delay=each).size.exact for each in (delay, delay + more))
    assert late > early


def test_nothing_is_taken_for_one_unsaid():
    with pytest.raises(InputError, match="成功率"):
        _equivalency(success=None)
    with pytest.raises(InputError, match="单位价值之比"):
        _equivalency(value_ratio=None)


def test_a_rescaled_logistic_reaches_both_ends_and_the_raw_one_neither():
    raw = logistic(1, 1.0, 5, 10, rescaled=False)
    stretched = logistic(1, 1.0, 5, 10, rescaled=True)
    assert float(raw(0.0)) < 1 and float(raw(10.0)) > 0
    assert float(stretched(0.0)) == pytest.approx(1) and float(stretched(10.0)) == pytest.approx(0)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: linear(1.2, 0, 10), "服务水平应在 0 与 1 之间，所给为 1.2"),
        (lambda: step(-0.1, 10), "服务水平应在 0 与 1 之间"),
        (lambda: linear(1, 0, 0), "年数应为正整数"),
        (lambda: by_year([]), "水平表为空"),
        (lambda: exponential(1, 0, 10), "恢复速率应大于零"),
        (lambda: year_table(step(1, 2), Conventions("mid", "end"), 3), "折现率应为比例，所给为 3"),
        (lambda: Conventions("beginning", "end"), "没有这种口径"),
        (lambda: Conventions("mid", "end", "compond"), "没有这种口径"),
        (lambda: year_table(linear(1, 0.5, 10), Conventions("mid", "end"), 0.03), "并未归零"),
        (
            lambda: year_table(
                step(1, 2),
                Conventions("mid", "end", "declining"),
                0.03,
                delay=-5,
                schedule=[(9, 0.03)],
            ),
            "不适用于基准日以前",
        ),
        (lambda: Conventions("mid", "continuous", "linear"), "连续折现只用于复利"),
    ],
)
def test_bad_input_is_said_in_chinese(call, words):
    with pytest.raises(InputError, match=words):
        call()


def test_a_ramp_with_its_plateau_is_counted_to_the_horizon():
    table = year_table(linear(0, 1, 2), Conventions("mid", "end"), 0.03, horizon=4)
    assert table.levels == pytest.approx((0.25, 0.75, 1, 1))
