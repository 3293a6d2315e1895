"""What is made of a sample: mean, median, a confidence limit of the mean, a percentile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..errors import InputError, nearest
from ..numerals import percent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

Name = Literal["mean", "median", "limit", "percentile"]
LimitMethod = Literal["t", "lognormal", "chebyshev", "bootstrap"]
Side = Literal["upper", "lower"]

STATISTICS: dict[Name, str] = {
    "mean": "算术平均值",
    "median": "中位数",
    "limit": "均值的单侧置信限",
    "percentile": "百分位数",
}
LIMITS: dict[LimitMethod, str] = {
    "t": "t 分布",
    "lognormal": "对数正态，修正 Cox 法",
    "chebyshev": "Chebyshev 不等式",
    "bootstrap": "百分位自助法，9,999 次，种子 1235",
}
# The definitions of Hyndman and Fan that numpy knows by these names.
PERCENTILES = (
    "linear",
    "weibull",
    "hazen",
    "median_unbiased",
    "normal_unbiased",
    "interpolated_inverted_cdf",
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
)
_RESAMPLES, _SEED = 9999, 1235


@dataclass(frozen=True)
class Statistic:
    """A statistic as the standard asks for it; *basis* says which standard, and where."""

    name: Name
    basis: str
    confidence: float | None = None
    method: str = ""
    share: float | None = None

    def __post_init__(self) -> None:
        if self.name not in STATISTICS:
            raise InputError(
                "没有这个统计量",
                where="statistic",
                got=self.name,
                hint=nearest(self.name, STATISTICS) or f"可用：{'、'.join(STATISTICS)}。",
            )
        if not self.basis.strip():
            raise InputError(
                "须写明以何为据取这一统计量（statistic_basis）",
                where="statistic_basis",
                hint="条文对基线取均值、置信上限还是百分位数各有规定，写标准与条款。",
            )
        known: tuple[str, ...] = ("",)
        if self.name == "limit":
            known = tuple(LIMITS)
            _fraction(self.confidence, "confidence", "置信水平", "如 0.95")
        elif self.name == "percentile":
            known = PERCENTILES
            _fraction(self.share, "share", "百分位", "如 0.9")
        if self.method not in known:
            raise InputError(
                f"须指明 {STATISTICS[self.name]}的算法（method）"
                if known != ("",)
                else f"{STATISTICS[self.name]}没有别的算法",
                where="method",
                got=self.method or None,
                hint=f"可用：{'、'.join(known)}。" if known != ("",) else "",
            )

    def of(self, values: Values, side: Side) -> float:
        """Return the statistic of *values*; *side* is the side on which it gets worse.

        Raises
        ------
        InputError
            Too few values, or values that the method cannot take.
        """
        import numpy as np

        if self.name == "mean":
            return float(np.mean(values))
        if self.name == "median":
            return float(np.median(values))
        if self.name == "percentile":
            assert self.share is not None
            return percentile(
                values, self.share if side == "upper" else 1 - self.share, method=self.method
            )
        assert self.confidence is not None
        return mean_limit(values, method=self.method, confidence=self.confidence, side=side)

    def described(self, side: Side) -> str:
        """Return what it is, as printed."""
        if self.name == "limit":
            assert self.confidence is not None
            word = "上" if side == "upper" else "下"
            how = LIMITS[self.method]  # type: ignore[index]
            return f"均值的 {percent(self.confidence)} 单侧置信{word}限（{how}）"
        if self.name == "percentile":
            assert self.share is not None
            share = self.share if side == "upper" else 1 - self.share
            return f"第 {percent(share).removesuffix('%')} 百分位数（numpy 的 {self.method} 法）"
        return STATISTICS[self.name]

    def as_dict(self) -> dict[str, Any]:
        """Return the statistic as it stands in JSON."""
        return {
            "name": self.name,
            "basis": self.basis,
            "confidence": self.confidence,
            "method": self.method,
            "share": self.share,
        }


def mean_limit(values: Values, *, method: str, confidence: float, side: Side = "upper") -> float:
    """Return the one-sided confidence limit of the mean.

    *method* is ``t``: mean ± t(confidence, n − 1) s/√n; ``chebyshev``: mean ± √(1/α − 1) s/√n
    (EPA/600/R-97/006 and ITRC ISM-1, 4.2.2.2); ``lognormal``: the modified Cox method of Olsson
    (Journal of Statistics Education 13 (1), 2005), exp(ȳ + s²/2 ± t √(s²/n + s⁴/(2(n − 1)))) of
    the logarithms; ``bootstrap``: the percentile bootstrap of scipy, with a fixed seed.

    Raises
    ------
    InputError
        Fewer than two values, or for the logarithm a value that is not above zero.
    """
    import numpy as np
    from scipy import stats

    count = len(values)
    if count < 2:
        raise InputError("置信限至少要有两个值", where="limit", got=f"{count} 个")
    sign = 1 if side == "upper" else -1
    if method == "lognormal":
        if np.any(values <= 0):
            raise InputError(
                "对数正态法要求各值大于零", where="limit", hint="零值与按零计的未检出值不能取对数。"
            )
        logs = np.log(values)
        variance = float(np.var(logs, ddof=1))
        spread = np.sqrt(variance / count + variance**2 / (2 * (count - 1)))
        quantile = stats.t.ppf(confidence, count - 1)
        return float(np.exp(np.mean(logs) + variance / 2 + sign * quantile * spread))
    if method == "bootstrap":
        interval = stats.bootstrap(
            (values,),
            np.mean,
            n_resamples=_RESAMPLES,
            confidence_level=confidence,
            alternative="less" if side == "upper" else "greater",
            method="percentile",
            random_state=np.random.default_rng(_SEED),
        ).confidence_interval
        return float(interval.high if side == "upper" else interval.low)
    error = float(np.std(values, ddof=1)) / np.sqrt(count)
    times = (
        stats.t.ppf(confidence, count - 1) if method == "t" else np.sqrt(1 / (1 - confidence) - 1)
    )
    return float(np.mean(values) + sign * times * error)


def percentile(values: Values, share: float, *, method: str) -> float:
    """Return the percentile *share* (0.9) of *values* by the definition *method* of numpy."""
    import numpy as np

    return float(np.quantile(values, share, method=method))  # type: ignore[call-overload]


def _fraction(value: float | None, where: str, title: str, example: str) -> None:
    if value is None:
        raise InputError(f"须写明{title}（{where}）", where=where, hint=f"按标准所定，{example}。")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0.5 <= value < 1:
        raise InputError(f"{title}应在 0.5 与 1 之间", where=where, got=value, hint=f"{example}。")
