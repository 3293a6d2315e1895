"""Statistics of samples against published examples, and what always holds of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecoval.errors import InputError, UnitError
from ecoval.valuation.comparison_tests import compare, normality
from ecoval.valuation.sample_statistics import PERCENTILES, Statistic, mean_limit, percentile
from ecoval.valuation.samples import NON_DETECTS, Sample

# Documentation of scipy.stats.shapiro and of its tutorial: weights of men in pounds.
WEIGHTS = np.array([148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236.0])
# Documentation of scipy.stats.mannwhitneyu (after R. Shier, Statistics 2.3, 2004).
MALES, FEMALES = np.array([19, 22, 16, 29, 24.0]), np.array([20, 11, 17, 12.0])
# Documentation of scipy.stats.ttest_ind_from_stats: variances 87.5 and 39.0.
FIRST = np.array([1, 3, 4, 6, 11, 13, 15, 19, 22, 24, 25, 26, 26.0])
SECOND = np.array([2, 4, 6, 9, 11, 13, 14, 15, 18, 19, 21.0])
# R's data set sleep (Student 1908); t.test(extra ~ group, data = sleep) prints the result.
SLEEP = (
    np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]),
    np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]),
)
# NIST/SEMATECH e-Handbook of Statistical Methods, 7.2.6.2: resistivities in ohm.cm.
RESISTIVITIES = np.array(
    [
        *(95.1772, 95.1567, 95.1937, 95.1959, 95.1442, 95.0610),
        *(95.1591, 95.1195, 95.1065, 95.0925, 95.1990, 95.1682),
    ]
)
# Documentation of scipy.stats.levene.
LEVENE = (
    np.array([8.88, 9.12, 9.04, 8.98, 9.00, 9.08, 9.01, 8.85, 9.06, 8.99]),
    np.array([8.88, 8.95, 9.29, 9.44, 9.15, 9.58, 8.36, 9.18, 8.67, 9.05]),
)
# Aluminium in ground water, Naval Construction Battalion Center (EPA/600/R-02/084), in the slides
# "A Crash Course in Environmental Statistics" of K. A. Flagg: mean 1849.41, deviation 3351.27.
ALUMINIUM = np.array(
    [290, 113, 264, 2660, 586, 71, 527, 163, 107, 71, 5920, 979, 2640, 164, 3560, 13200, 125.0]
)
# Carbon monoxide from an oil refinery, in Olsson, Journal of Statistics Education 13 (1), 2005.
CARBON_MONOXIDE = np.array([12.5, 20, 4, 20, 25, 170, 15, 20, 15])


def test_shapiro_wilk_is_that_of_the_documentation() -> None:
    found = normality(WEIGHTS)
    # Printed 0.7888147830963135 by a release in single precision; p as 0.0067.
    assert found.statistic == pytest.approx(0.7888147830963135, abs=2e-7)
    assert found.p == pytest.approx(0.0067, abs=5e-5)


def test_mann_whitney_is_that_of_the_documentation() -> None:
    found = compare(MALES, FEMALES, alternative="two-sided", significance=0.05, test="mann-whitney")
    assert (found.statistic, found.exact) == (17.0, True)
    assert found.p == pytest.approx(0.1111111111111111, rel=1e-12)


def test_student_t_is_that_of_the_documentation() -> None:
    found = compare(FIRST, SECOND, alternative="two-sided", significance=0.05, test="t")
    assert found.statistic == pytest.approx(0.905135809331027, rel=1e-12)
    assert found.p == pytest.approx(0.3751996797581486, rel=1e-12)
    assert found.df == 22


def test_welch_is_that_of_r() -> None:
    found = compare(*SLEEP, alternative="two-sided", significance=0.05, test="welch")
    assert found.df is not None
    assert (round(found.statistic, 4), round(found.df, 3)) == (-1.8608, 17.776)
    assert round(found.p, 5) == 0.07939


def test_one_sided_is_half_of_two_sided() -> None:
    # Published for these two samples (Apache Commons Statistics, after scipy 1.9.3):
    # two-sided 0.3751996797581487, greater 0.18759983987907436, less 0.8124001601209256.
    for alternative, p in (("greater", 0.18759983987907436), ("less", 0.8124001601209256)):
        found = compare(FIRST, SECOND, alternative=alternative, significance=0.05, test="t")  # type: ignore[arg-type]
        assert found.p == pytest.approx(p, rel=1e-12)


def test_percentile_is_that_of_nist() -> None:
    # 7.2.6.2: p(N + 1) = 11.7, the 90th percentile is 95.1981 ohm.cm.
    assert round(percentile(RESISTIVITIES, 0.9, method="weibull"), 4) == 95.1981
    # The other definition, printed by others for the same data: 95.19568.
    assert round(percentile(RESISTIVITIES, 0.9, method="linear"), 5) == 95.19568


def test_lognormal_limit_is_that_of_olsson() -> None:
    # The 95 % interval printed in the discussion of the paper: 12.30929 to 78.72254, two-sided.
    limits = [
        mean_limit(CARBON_MONOXIDE, method="lognormal", confidence=0.975, side=side)  # type: ignore[arg-type]
        for side in ("lower", "upper")
    ]
    assert [round(limit, 5) for limit in limits] == [12.30929, 78.72254]


def test_t_limit_is_that_of_nist() -> None:
    # e-Handbook 1.3.5.2, ZARR13: n 195, mean 9.261460, deviation 0.022789; printed limits of the
    # 95 % interval 9.258242 and 9.264679. Values with just this mean and deviation.
    half = np.array([1.0, -1.0] * 97 + [0.0])
    values = 9.261460 + half / np.std(half, ddof=1) * 0.022789
    limits = [
        mean_limit(values, method="t", confidence=0.975, side=side)  # type: ignore[arg-type]
        for side in ("lower", "upper")
    ]
    assert limits == pytest.approx([9.258242, 9.264679], abs=1.1e-6)


def test_limits_of_aluminium_and_why_they_are_not_those_printed() -> None:
    assert round(float(np.mean(ALUMINIUM)), 2) == 1849.41
    assert round(float(np.std(ALUMINIUM, ddof=1)), 2) == 3351.27
    # Printed 3268.22 and 5482.64. They do not reconcile: the first has t = 1.7456 for 1.7459, the
    # second 4.47 = √(1/0.05) of the first edition of the inequality for √(1/0.05 − 1) = 4.359
    # (1849.41 + 4.47 × 3351.27 ÷ √17 = 5482.66).
    student = mean_limit(ALUMINIUM, method="t", confidence=0.95)
    chebyshev = mean_limit(ALUMINIUM, method="chebyshev", confidence=0.95)
    assert round(student, 2) != 3268.22 and student == pytest.approx(3268.22, rel=1e-4)
    assert round(chebyshev, 2) != 5482.64
    error = 3351.27 / np.sqrt(17)
    assert 1849.41 + 4.47 * error == pytest.approx(5482.64, abs=0.05)
    # By hand: 1849.41 + 4.358899 × 812.80 = 5392.33.
    assert chebyshev == pytest.approx(5392.33, abs=0.02)


def test_bootstrap_is_the_same_each_time_and_near_the_t_limit() -> None:
    one, other = (mean_limit(FIRST, method="bootstrap", confidence=0.95) for _ in range(2))
    assert one == other
    assert one == pytest.approx(mean_limit(FIRST, method="t", confidence=0.95), rel=0.05)


def test_the_rule_chooses_by_what_is_printed() -> None:
    def chosen(one: np.ndarray, other: np.ndarray, **more: bool) -> tuple[str, str]:
        found = compare(one, other, alternative="greater", significance=0.05, **more)
        return found.test, found.why

    assert chosen(FIRST, SECOND)[0] == "t"
    # scipy prints 0.0024 for the three groups of this example; these two differ as well.
    assert chosen(*LEVENE)[0] == "welch" and "方差不齐" in chosen(*LEVENE)[1]
    assert chosen(WEIGHTS, WEIGHTS + 3)[0] == "mann-whitney"
    assert "不服从正态分布" in chosen(WEIGHTS, WEIGHTS + 3)[1]
    assert chosen(FIRST, SECOND, censored=True) == ("mann-whitney", "有未检出值")
    assert "少于 3 个值" in chosen(FIRST[:2], SECOND)[1]
    assert "各值相同" in chosen(FIRST, np.array([1.0, 1.0, 1.0]))[1]


@pytest.mark.parametrize(
    ("one", "other", "options", "words"),
    [
        ([1.0], [1.0, 2.0], {}, "受影响区少于两个值"),
        ([1.0, 2.0], [1.0], {}, "对照组少于两个值"),
        ([1.0, 1.0], [1.0, 1.0], {}, "两组各值全部相同"),
        ([2.0, 2.0, 2.0], [1.0, 1.0, 1.0], {"test": "t"}, "两组各自没有变异"),
        ([1.0, 2.0], [0.0, 2.0], {"logarithm": True}, "不大于零的值，不能取对数"),
        ([1.0, 2.0], [0.0, 2.0], {"test": "mann-whitny"}, "没有这种检验.*mann-whitney"),
    ],
)
def test_what_cannot_be_compared_is_refused(one, other, options, words) -> None:
    with pytest.raises(InputError, match=words):
        compare(np.array(one), np.array(other), alternative="greater", significance=0.05, **options)


_VALUES = st.lists(
    st.integers(1, 10_000).map(lambda number: number / 100), min_size=3, max_size=12
).filter(lambda values: len(set(values)) > 2)


@settings(deadline=None, max_examples=50)
@given(_VALUES, _VALUES)
def test_a_thousandfold_unit_changes_no_test(one: list[float], other: list[float]) -> None:
    scaled = [np.array(values) * 1024 for values in (one, other)]  # exact in binary
    first = compare(np.array(one), np.array(other), alternative="greater", significance=0.05)
    second = compare(scaled[0], scaled[1], alternative="greater", significance=0.05)
    assert second.test == first.test
    assert second.p == pytest.approx(first.p, rel=1e-9)


@settings(deadline=None, max_examples=50)
@given(_VALUES, _VALUES)
def test_the_other_way_round_is_the_other_alternative(one: list[float], other: list[float]) -> None:
    for test in ("t", "welch", "mann-whitney"):
        first = compare(
            np.array(one),
            np.array(other),
            alternative="greater",
            significance=0.05,
            test=test,  # type: ignore[arg-type]
        )
        second = compare(
            np.array(other),
            np.array(one),
            alternative="less",
            significance=0.05,
            test=test,  # type: ignore[arg-type]
        )
        assert second.p == pytest.approx(first.p, rel=1e-9, abs=1e-12)


@settings(deadline=None, max_examples=50)
@given(_VALUES, st.sampled_from(["t", "chebyshev", "lognormal"]))
def test_a_limit_lies_beyond_and_grows_with_confidence(values: list[float], method: str) -> None:
    held = np.array(values)
    low, high = (mean_limit(held, method=method, confidence=each) for each in (0.9, 0.99))
    assert low < high
    if method != "lognormal":
        assert mean_limit(held, method=method, confidence=0.9, side="lower") < np.mean(held) < low


@settings(deadline=None, max_examples=50)
@given(_VALUES, st.sampled_from(PERCENTILES))
def test_a_percentile_lies_within_and_is_monotone(values: list[float], method: str) -> None:
    held = np.array(values)
    found = [percentile(held, share, method=method) for share in (0.5, 0.8, 0.9)]
    assert min(values) <= found[0] <= found[1] <= found[2] <= max(values)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"name": "avarage", "basis": "x"}, "没有这个统计量"),
        ({"name": "mean", "basis": " "}, "须写明以何为据"),
        ({"name": "mean", "basis": "x", "method": "t"}, "没有别的算法"),
        ({"name": "limit", "basis": "x", "method": "t"}, "须写明置信水平"),
        ({"name": "limit", "basis": "x", "confidence": 95, "method": "t"}, "应在 0.5 与 1 之间"),
        (
            {"name": "limit", "basis": "x", "confidence": 0.95},
            "须指明 均值的单侧置信限的算法.*t、logn",
        ),
        ({"name": "percentile", "basis": "x", "method": "linear"}, "须写明百分位"),
        ({"name": "percentile", "basis": "x", "share": 0.9}, "算法（method）.*linear、weibull"),
    ],
)
def test_a_statistic_says_what_the_standard_asks(options, words) -> None:
    with pytest.raises(InputError, match=words):
        Statistic(**options)


def test_too_few_or_no_logarithm_is_refused() -> None:
    with pytest.raises(InputError, match="至少要有两个值，所给为 1 个"):
        mean_limit(np.array([1.0]), method="t", confidence=0.95)
    with pytest.raises(InputError, match="各值大于零"):
        mean_limit(np.array([1.0, 0.0]), method="lognormal", confidence=0.95)


def _sample(values: list, **more) -> Sample:
    return Sample.of(values, **{"title": "对照区", "unit": "mg/L", **more})


def test_values_are_read_in_every_way_of_writing() -> None:
    written = [0.12, "0.13", "140 μg/L", "＜0.05", "< 50 μg/L", "0.025L", "未检出", "ND"]
    sample = _sample(written, detection_limit=[None] * 6 + [0.05, "50 μg/L"])
    assert [each.value for each in sample.readings] == [
        0.12,
        0.13,
        0.14,
        0.05,
        0.05,
        0.025,
        0.05,
        0.05,
    ]
    assert [each.detected for each in sample.readings] == [True] * 3 + [False] * 5
    assert sample.counted("half") == "8 个样品（未检出 5 个，占 62.5%，未检出值按检出限的一半计）"


def test_values_below_detection_are_taken_as_named() -> None:
    sample = _sample([0.12, "<0.04"])
    taken = {name: list(sample.taken(name)) for name in NON_DETECTS}
    assert taken == {
        "half": [0.12, 0.02],
        "limit": [0.12, 0.04],
        "zero": [0.12, 0.0],
        "excluded": [0.12],
    }


@pytest.mark.parametrize(
    ("values", "more", "words"),
    [
        ([], {}, "对照区：没有样品"),
        ("0.12", {}, "应为列表"),
        ([0.1, float("nan")], {}, "对照区 2号：不是有限的数"),
        ([0.1, float("inf")], {}, "对照区 2号：不是有限的数"),
        ([0.1, None], {"points": ["甲", "乙"]}, "对照区 乙：缺少测定值"),
        ([0.1, " "], {}, "缺少测定值"),
        ([0.1, "约 0.2"], {}, "对照区 2号：读不出数量"),
        ([0.1, -0.2], {}, "测定值不能为负，所给为 -0.2"),
        ([0.1, "未检出"], {}, "未检出而没有检出限"),
        ([0.1, "<0"], {}, "检出限应大于零"),
        ([0.03], {"detection_limit": 0.05}, "低于检出限 0.05"),
        ([0.1], {"detection_limit": 0}, "检出限应大于零"),
        ([0.1, 0.2], {"points": ["甲"]}, "点位 1 个，样品值 2 个"),
        ([0.1, 0.2], {"detection_limit": [0.05]}, "检出限 1 个，样品值 2 个"),
        (["5L"], {"unit": "L"}, "分不清是升还是未检出"),
    ],
)
def test_a_bad_sample_is_refused_by_its_point(values, more, words) -> None:
    with pytest.raises(InputError, match=words):
        _sample(values, **more)


def test_another_kind_of_unit_is_refused() -> None:
    with pytest.raises(UnitError, match="对照区 1号：单位须为 mg/L，所给为 0.1 mg/kg"):
        _sample(["0.1 mg/kg"])


def test_all_below_detection_is_refused_with_what_to_do() -> None:
    with pytest.raises(InputError, match="全部未检出.*复测.*以检出限为限值另行给定基线"):
        _sample(["<0.05", "<0.05"]).taken("half")
    with pytest.raises(InputError, match="须指明如何取值.*half（未检出值按检出限的一半计）"):
        _sample(["<0.05", 0.1]).taken(None)
