"""Compare an affected area with a control area: normality, equal variances, and the test."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..errors import InputError, nearest
from ..numerals import plain, shortened

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

Test = Literal["t", "welch", "mann-whitney"]
Alternative = Literal["greater", "less", "two-sided"]

TESTS: dict[Test, str] = {
    "t": "等方差 t 检验",
    "welch": "Welch t 检验",
    "mann-whitney": "Mann–Whitney U 检验",
}
ALTERNATIVES: dict[Alternative, str] = {
    "greater": "单侧，受影响区偏高",
    "less": "单侧，受影响区偏低",
    "two-sided": "双侧",
}
RULE = (
    "选用规则：任一组含未检出值、少于 3 个值、各值相同，或 Shapiro–Wilk 检验 p 小于显著性水平的，"
    "用 Mann–Whitney U 检验；两组均不拒绝正态、而 Levene 检验（以中位数为中心）p 小于显著性水平的，"
    "用 Welch t 检验；其余用等方差 t 检验"
)
# Up to this size of the smaller sample, and without ties, the exact distribution is used.
_EXACT = 8


@dataclass(frozen=True)
class Normality:
    """The Shapiro–Wilk test of one group; None where it cannot be made (under 3 values, or all the same)."""

    statistic: float | None
    p: float | None

    def rejects(self, significance: float) -> bool:
        """Tell whether normality is rejected, or could not be tested."""
        return self.p is None or self.p < significance


@dataclass(frozen=True)
class Comparison:
    """The comparison of two groups: the test, why this one, and what it gave.

    Where it was made on values that stand for ones below detection (*censored*), normality and
    variances are those of the values put in, and say nothing of the groups.
    """

    test: Test
    statistic: float
    df: float | None
    p: float
    alternative: Alternative
    exact: bool
    why: str
    named: bool
    censored: bool
    logarithm: bool
    affected: Normality
    control: Normality
    equal_variances: float | None

    @property
    def sentence(self) -> str:
        """The test and its result, as printed."""
        symbol = "U" if self.test == "mann-whitney" else "t"
        how = [ALTERNATIVES[self.alternative]]
        if self.test == "mann-whitney":
            how.append("精确分布" if self.exact else "正态近似，校正同值与连续性")
        if self.logarithm:
            how.append("取自然对数后")
        freedom = f"，自由度 {brief(self.df)}" if self.df is not None else ""
        name = TESTS[self.test]
        return f"{name}（{'，'.join(how)}）{symbol} = {brief(self.statistic)}{freedom}，{p_text(self.p)}"

    def as_dict(self) -> dict[str, Any]:
        """Return the comparison as it stands in JSON, every figure in full."""
        return asdict(self)


def brief(number: float) -> str:
    """Return *number* with four decimals, or four significant digits below a tenth."""
    return shortened(number, digits=4)[0]


def p_text(p: float) -> str:
    """Return *p* as printed; below 0.001 that is all that is said."""
    return "p < 0.001" if p < 0.001 else f"p = {brief(p)}"


def normality(values: Values) -> Normality:
    """Return the Shapiro–Wilk test of *values*."""
    import numpy as np
    from scipy import stats

    if len(values) < 3 or np.ptp(values) == 0:
        return Normality(None, None)
    # Scaled to one: a range of 1e-12 is not taken for no range at all.
    found = stats.shapiro((values - np.min(values)) / np.ptp(values))
    return Normality(float(found.statistic), float(found.pvalue))


def compare(
    affected: Values,
    control: Values,
    *,
    alternative: Alternative,
    significance: float,
    test: Test | Literal["auto"] = "auto",
    censored: bool = False,
    logarithm: bool = False,
) -> Comparison:
    """Compare *affected* with *control* by *test*, ``auto`` by `RULE`.

    *censored* says that some values stand for ones below detection; *logarithm* compares the
    logarithms. The alternative is that the affected area is ``greater`` or ``less``.

    Raises
    ------
    InputError
        Fewer than two values in a group, all values of both the same, an unknown test, or a value
        that has no logarithm.
    """
    import numpy as np
    from scipy import stats

    if test not in TESTS and test != "auto":
        hint = nearest(test, [*TESTS, "auto"]) or f"可用：auto、{'、'.join(TESTS)}。"
        raise InputError("没有这种检验", where="test", got=test, hint=hint)
    for title, values in (("受影响区", affected), ("对照组", control)):
        if len(values) < 2:
            raise InputError(
                f"{title}少于两个值，不能作两组比较", where="test", got=f"{len(values)} 个"
            )
        if logarithm and np.any(values <= 0):
            raise InputError(
                f"{title}有不大于零的值，不能取对数",
                where="logarithm",
                hint="请不取对数，或改变未检出值的取值方式。",
            )
    if np.ptp(np.concatenate([affected, control])) == 0:
        raise InputError("两组各值全部相同，无从检验", where="test")
    if logarithm:
        affected, control = np.log(affected), np.log(control)
    normal = (normality(affected), normality(control))
    spread = _equal_variances(affected, control)
    chosen, why = _chosen(normal, spread, significance, censored)
    if test != "auto":
        chosen, why = test, "由专家指定"
    if chosen == "mann-whitney":
        tied = len(np.unique(np.concatenate([affected, control]))) < len(affected) + len(control)
        exact = not tied and min(len(affected), len(control)) <= _EXACT
        found = stats.mannwhitneyu(
            affected, control, alternative=alternative, method="exact" if exact else "asymptotic"
        )
        degrees = None
    else:
        if np.ptp(affected) == 0 and np.ptp(control) == 0:
            raise InputError(
                "两组各自没有变异，不能作 t 检验", where="test", hint="请用 mann-whitney。"
            )
        found = stats.ttest_ind(affected, control, equal_var=chosen == "t", alternative=alternative)
        exact, degrees = False, float(found.df)
    return Comparison(
        test=chosen,
        statistic=float(found.statistic),
        df=degrees,
        p=float(found.pvalue),
        alternative=alternative,
        exact=exact,
        why=why,
        named=test != "auto",
        censored=censored,
        logarithm=logarithm,
        affected=normal[0],
        control=normal[1],
        equal_variances=spread,
    )


def _equal_variances(one: Values, other: Values) -> float | None:
    """Return p of Levene's test about the medians, None where it cannot be made."""
    import numpy as np
    from scipy import stats

    if min(len(one), len(other)) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    scale = max(np.ptp(one), np.ptp(other))
    deviations = [np.abs(each - np.median(each)) / scale for each in (one, other)]
    if all(np.ptp(each) < 1e-12 for each in deviations):
        return None
    return float(stats.levene(one / scale, other / scale, center="median").pvalue)


def _chosen(
    normal: tuple[Normality, Normality], spread: float | None, significance: float, censored: bool
) -> tuple[Test, str]:
    if censored:
        return "mann-whitney", "有未检出值"
    for title, each in zip(("受影响区", "对照组"), normal, strict=True):
        if each.p is None:
            return "mann-whitney", f"{title}少于 3 个值或各值相同，不能检验正态性"
        if each.rejects(significance):
            said = p_text(each.p)
            return "mann-whitney", f"{title}不服从正态分布（Shapiro–Wilk 检验 {said}）"
    both = "、".join(p_text(each.p) for each in normal if each.p is not None)
    if spread is not None and spread < significance:
        return "welch", f"两组均不拒绝正态（{both}），方差不齐（Levene 检验 {p_text(spread)}）"
    level = plain(significance)
    even = f"Levene 检验 {p_text(spread)}" if spread is not None else f"方差差异未达 {level}"
    return "t", f"两组均不拒绝正态（{both}），方差齐（{even}）"
