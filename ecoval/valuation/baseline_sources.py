"""Where a baseline comes from: history, a control area, a standard, or a study, in this order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from ..errors import InputError, OutOfScope, nearest
from ..units import display
from .comparison_tests import brief
from .sample_statistics import Name, Side, Statistic
from .samples import NonDetects, Sample, reading

Kind = Literal["history", "control", "standard", "study"]
Direction = Literal["higher", "lower", "range"]

KINDS: dict[Kind, str] = {
    "history": "历史数据",
    "control": "对照区数据",
    "standard": "环境标准或基准",
    "study": "专项研究",
}
DIRECTIONS: dict[Direction, str] = {
    "higher": "数值升高为损害",
    "lower": "数值降低为损害",
    "range": "超出范围为损害",
}
Bounds = tuple[float | None, float | None]


@dataclass(frozen=True)
class Baseline:
    """A baseline: measured (*sample* and *statistic*), or stated (*value*, or *low* and *high*).

    *unavailable* says, for each kind that goes before this one, why it is not to be had.
    """

    kind: Kind
    basis: str
    unit: str
    unavailable: Mapping[Kind, str] = field(default_factory=dict)
    sample: Sample | None = None
    statistic: Statistic | None = None
    minimum: int = 0
    minimum_basis: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None

    def bounds(self, direction: Direction, treatment: NonDetects | None) -> Bounds:
        """Return the lower and the upper bound beyond which it is worse, None where there is none.

        Raises
        ------
        InputError
            The baseline is not one for *direction*, or cannot be computed of its sample.
        """
        if self.sample is not None and self.statistic is not None:
            if direction == "range" and self.statistic.name in ("mean", "median"):
                raise InputError(
                    "均值、中位数不是范围",
                    where="statistic",
                    hint="范围型指标请用 limit 或 percentile，或以 standard 给定上下限。",
                )
            values = self.sample.taken(treatment)
            low = self.statistic.of(values, "lower") if direction != "higher" else None
            high = self.statistic.of(values, "upper") if direction != "lower" else None
            return low, high
        if direction == "range":
            low, high = self.low, self.high
        else:
            low = self.value if direction == "lower" else None
            high = self.value if direction == "higher" else None
        if (
            (low is None or high is None)
            if direction == "range"
            else (low is None and high is None)
        ):
            wanted = "下限与上限（low、high）" if direction == "range" else "一个值（value）"
            raise InputError(f"{DIRECTIONS[direction]}的指标，基线须给{wanted}", where="baseline")
        return low, high

    def side_described(self, direction: Direction) -> str:
        """Return what was made of the sample, as printed; empty where the baseline was stated."""
        if self.statistic is None:
            return ""
        sides: tuple[Side, ...] = {
            "higher": ("upper",),
            "lower": ("lower",),
            "range": ("lower", "upper"),
        }[direction]  # type: ignore[assignment]
        return "与".join(self.statistic.described(side) for side in sides)

    def check(self, order: Sequence[str], overrule: Mapping[str, str]) -> None:
        """Make sure that what goes before it is accounted for, and that the samples are enough.

        Raises
        ------
        InputError
            A kind that goes before this one is passed over without a reason.
        OutOfScope
            There are fewer samples than the minimum, and ``overrule["minimum"]`` is not given.
        """
        if self.kind not in order:
            raise InputError("规则所列的顺序中没有这种基线", where="baseline", got=self.kind)
        before = cast(list[Kind], list(order)[: list(order).index(self.kind)])
        for name in self.unavailable:
            if name not in before:
                hint = nearest(name, before) or f"先于它的：{'、'.join(before) or '无'}。"
                raise InputError(
                    f"{KINDS[self.kind]}之前没有 {name}", where="unavailable", hint=hint
                )
        for name in before:
            if not str(self.unavailable.get(name, "")).strip():
                raise InputError(
                    f"基线取{KINDS[self.kind]}，须说明为何没有{KINDS[name]}",
                    where="unavailable",
                    hint=f'如 unavailable={{"{name}": "该河段此前没有监测"}}。',
                )
        few = self.sample is not None and len(self.sample) < self.minimum
        if few and self.sample is not None and "minimum" not in overrule:
            raise OutOfScope(
                f"{self.sample.title}只有 {len(self.sample)} 个样品，少于要求的 {self.minimum} 个"
                f"（{self.minimum_basis}）",
                where="baseline",
                hint='补充采样；确有理由的，以 overrule={"minimum": "理由"} 说明。',
            )
        if not few and "minimum" in overrule:
            raise InputError("样品数已够，不必推翻 minimum", where="overrule")

    def written(self, bounds: Bounds) -> str:
        """Return *bounds* with their unit, as printed."""
        low, high = bounds
        if low is not None and high is not None:
            return f"{brief(low)} 至 {brief(high)} {display(self.unit)}".strip()
        one = high if high is not None else low
        assert one is not None
        return f"{brief(one)} {display(self.unit)}".strip()

    def as_dict(self) -> dict[str, Any]:
        """Return the baseline as it stands in JSON."""
        return {
            "kind": self.kind,
            "basis": self.basis,
            "unit": self.unit,
            "unavailable": dict(self.unavailable),
            "sample": self.sample.as_dict() if self.sample else None,
            "statistic": self.statistic.as_dict() if self.statistic else None,
            "minimum": self.minimum or None,
            "minimum_basis": self.minimum_basis,
            "value": self.value,
            "low": self.low,
            "high": self.high,
        }


def measured(
    kind: Literal["history", "control"],
    values: Sequence[Any] | Sample,
    *,
    statistic: Name,
    statistic_basis: str,
    minimum: int,
    minimum_basis: str,
    unit: str = "",
    basis: str = "",
    detection_limit: Any = None,
    points: Sequence[str] = (),
    confidence: float | None = None,
    method: str = "",
    share: float | None = None,
    unavailable: Mapping[Kind, str] | None = None,
) -> Baseline:
    """Return the baseline of *kind* that *values* give by *statistic*.

    Which statistic the standard asks for and how many samples at least is not known to ecoval:
    both are stated with their basis, and printed.

    Raises
    ------
    InputError
        Something is missing or will not do; the field is named.
    """
    title = {"history": "历史数据", "control": "对照区"}[kind]
    sample = (
        values
        if isinstance(values, Sample)
        else Sample.of(
            values, title=title, unit=unit, detection_limit=detection_limit, points=points
        )
    )
    if isinstance(minimum, bool) or not isinstance(minimum, int) or minimum < 1:
        raise InputError("最少样品数应为正整数", where="minimum", got=minimum)
    if not minimum_basis.strip():
        raise InputError(
            "须写明最少样品数以何为据（minimum_basis）",
            where="minimum_basis",
            hint="最少样品数须取自所依据的标准或方案，写其名称与条款。",
        )
    wanted = Statistic(statistic, statistic_basis, confidence, method, share)
    return Baseline(
        kind=kind,
        basis=basis or KINDS[kind],
        unit=sample.unit,
        unavailable=dict(unavailable or {}),
        sample=sample,
        statistic=wanted,
        minimum=minimum,
        minimum_basis=minimum_basis,
    )


def stated(
    kind: Literal["standard", "study"],
    *,
    unit: str,
    basis: str,
    value: Any = None,
    low: Any = None,
    high: Any = None,
    unavailable: Mapping[Kind, str] | None = None,
) -> Baseline:
    """Return the baseline of *kind* that is a number, or from *low* to *high* for a range.

    Raises
    ------
    InputError
        The number is missing, negative, not finite, marked as not detected; there is no *basis*;
        *low* is not below *high*.
    """
    if not basis.strip():
        raise InputError(
            "须写明基线值的出处（basis）", where="basis", hint="标准写编号、表号与类别。"
        )
    if (value is None) == (low is None or high is None) or (
        value is not None and (low is not None or high is not None)
    ):
        raise InputError("基线须给一个值（value），或给下限与上限（low、high）", where="baseline")

    def number(given: Any, name: str) -> float:
        found = reading(given, unit, where=name)
        if not found.detected:
            raise InputError("基线须为确定的数", where=name, got=given)
        return found.value

    reasons = dict(unavailable or {})
    if value is not None:
        return Baseline(kind, basis, unit, reasons, value=number(value, "value"))
    least, most = number(low, "low"), number(high, "high")
    if least >= most:
        raise InputError("下限应小于上限", where="low", got=f"{low} 与 {high}")
    return Baseline(kind, basis, unit, reasons, low=least, high=most)
