"""Baseline and the confirmation of damage: exceedance over baseline, threshold, comparison."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from ..errors import EcovalError, InputError, Spot, nearest
from ..rules.jurisdictions import NATION, Place, as_place
from ..rules.parameters import InForce, in_force
from ..units import measure
from ..units import unit as unit_named
from ..version import VERSION
from . import confirmation_words as words
from .baseline_sources import DIRECTIONS as DIRECTIONS
from .baseline_sources import KINDS as KINDS
from .baseline_sources import Baseline as Baseline
from .baseline_sources import Bounds, Direction, measured, stated
from .comparison_tests import Comparison, Test, compare
from .confirmation import INDICATOR_KINDS, WHICH, Alternative, IndicatorKind
from .confirmation import Confirmation as Confirmation
from .confirmations import Confirmations as Confirmations
from .definition import as_day, method
from .item import Item
from .samples import NON_DETECTS, NonDetects
from .samples import Sample as Sample

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

_OVERRULED = ("threshold", "test", "minimum")


@method("baseline-exceedance")
def exceedance(observed: Any, baseline: Any) -> Any:
    """Return by how much a value is over its baseline, as a share of the baseline."""
    return (observed - baseline) / baseline


@method("baseline-shortfall")
def shortfall(observed: Any, baseline: Any) -> Any:
    """Return by how much a value is below its baseline, as a share of the baseline."""
    return (baseline - observed) / baseline


def history(values: Sequence[Any] | Sample, **more: Any) -> Baseline:
    """Return the baseline of the site's own history; *more* as `measured` takes it."""
    return measured("history", values, **more)


def control(values: Sequence[Any] | Sample, **more: Any) -> Baseline:
    """Return the baseline of a control area; *more* as `measured` takes it."""
    return measured("control", values, **more)


def standard(value: Any = None, **more: Any) -> Baseline:
    """Return the baseline that a standard or criterion sets; *more* as `stated` takes it."""
    return stated("standard", value=value, **more)


def study(value: Any = None, **more: Any) -> Baseline:
    """Return the baseline that a special study found; *more* as `stated` takes it."""
    return stated("study", value=value, **more)


def _signed(of: Any, after: Callable[..., Baseline], fixed: str) -> None:
    """Show the parameters of *after*, without *fixed*, as those of *of*: Jupyter reads them."""
    whole = inspect.signature(after)
    kept = [each for name, each in whole.parameters.items() if name not in ("kind", fixed)]
    if fixed:
        kept.insert(
            0, whole.parameters[fixed].replace(kind=inspect.Parameter.POSITIONAL_OR_KEYWORD)
        )
    of.__signature__ = whole.replace(parameters=kept)


_signed(history, measured, "")
_signed(control, measured, "")
_signed(standard, stated, "value")
_signed(study, stated, "value")


def confirm(
    indicator: str,
    *,
    affected: Sequence[Any] | Sample,
    baseline: Baseline,
    indicator_kind: IndicatorKind,
    direction: Direction,
    on: date | str,
    jurisdiction: str | Place = NATION,
    unit: str | None = None,
    non_detects: NonDetects | None = None,
    detection_limit: Any = None,
    points: Sequence[str] = (),
    statistic: Literal["mean", "median", "worst"] = "mean",
    test: Test | Literal["auto"] = "auto",
    logarithm: bool = False,
    threshold: Any = None,
    overrule: Mapping[str, str] | None = None,
) -> Confirmation:
    """Return whether *indicator* confirms damage against its *baseline*.

    The value of the affected area (its mean, median or worst value) is compared with the baseline:
    (x − B)/B, or (B − x)/B where lower is worse, against the threshold in force on the day. Where
    the baseline was measured, the two groups are compared as well, one-sided. A concentration
    confirms damage over the threshold; a biota indicator also where the groups differ
    significantly. A range (pH) has no threshold unless the expert sets one: outside is outside.

    An expert may set the *threshold*, name the *test* or accept too few samples (``minimum``), each
    with a reason in *overrule*.

    Raises
    ------
    InputError
        A sample, an option or the baseline will not do; the field is named.
    OutOfScope
        Fewer samples than the standard asks for.
    ParameterNotFound
        No threshold, order or significance level is known there and then.
    """
    if not indicator.strip():
        raise InputError("缺少指标名称", where="indicator")
    _among(direction, DIRECTIONS, "direction")
    _among(indicator_kind, INDICATOR_KINDS, "indicator_kind")
    _among(statistic, WHICH, "statistic")
    if non_detects is not None:
        _among(non_detects, NON_DETECTS, "non_detects")
    day, place = as_day(on), as_place(jurisdiction)
    of = baseline.unit if unit is None else unit
    sample = (
        affected
        if isinstance(affected, Sample)
        else Sample.of(
            affected, title="受影响区", unit=of, detection_limit=detection_limit, points=points
        )
    )
    if sample.below == len(sample):
        raise InputError(
            f"受影响区的 {len(sample)} 个样品全部未检出，没有值可以确认损害",
            where="affected",
            hint="请以检出限更低的方法复测。",
        )
    if unit_named(sample.unit) != unit_named(baseline.unit):
        raise InputError(
            f"受影响区以 {sample.unit or '无量纲'} 计，基线以 {baseline.unit or '无量纲'} 计，单位不同",
            where="unit",
            hint="请以同一单位给出两组值；带单位的文字（如 50 μg/L）会自动换算。",
        )
    reasons = _reasons(overrule, threshold, test)
    order = in_force("baseline-order", on=day, jurisdiction=place)
    baseline.check(order.chosen, reasons)
    rules = [order]
    share: float | None = None
    if threshold is not None:
        share = _share(threshold)
    elif direction != "range":
        rules.append(in_force(f"damage-threshold-{indicator_kind}", on=day, jurisdiction=place))
        share = rules[-1].number / 100
    level = in_force("damage-significance", on=day, jurisdiction=place)
    rules.append(level)

    made = Confirmation(
        indicator=indicator,
        indicator_kind=indicator_kind,
        direction=direction,
        unit=sample.unit,
        on=day,
        place=place,
        affected=sample,
        baseline=baseline,
        bounds=(None, None),
        treatment=non_detects,
        statistic=statistic,
        observed=0.0,
        ratio=0.0,
        limit=share,
        over=0,
        confirmed=False,
        item=None,
        comparison=None,
        rules=tuple(rules),
        significance=level.number,
        overrule=reasons,
        version=VERSION,
    )
    made = _computed(made, test, logarithm)
    made = replace(made, alternatives=_alternatives(made, test, logarithm))
    return replace(made, findings=words.findings(made))


def _computed(of: Confirmation, test: Test | Literal["auto"], logarithm: bool) -> Confirmation:
    """Return *of* with everything that depends on how values below detection are taken."""
    import numpy as np

    values = of.affected.taken(of.treatment)
    bounds = of.baseline.bounds(of.direction, of.treatment)
    low, high = bounds
    if any(bound is not None and bound <= 0 for bound in bounds):
        raise InputError(
            "基线不大于零，不能求相对变化",
            where="baseline",
            got=of.baseline.written(bounds),
            hint="未检出值按零计时请换一种取值方式，或由专家另给基线。",
        )
    each = np.array([_ratio(value, bounds) for value in values])
    if of.statistic == "worst":
        observed = float(values[int(np.argmax(each))])
    else:
        observed = float(np.mean(values) if of.statistic == "mean" else np.median(values))
    item: Item | None = None
    if of.direction == "range":
        ratio = _ratio(observed, bounds)
        beyond = int(sum(value < low or value > high for value in values))
    else:
        bound = high if of.direction == "higher" else low
        valued = exceedance if of.direction == "higher" else shortfall
        written = f" {of.unit}" if of.unit else ""
        item = valued.value(
            {"observed": f"{observed!r}{written}", "baseline": f"{bound!r}{written}"},
            on=of.on,
            place=of.place,
        )
        ratio, beyond = item.exact, 0
    comparison = _compared(of, values, test, logarithm)
    over = beyond
    if of.limit is not None:
        over = sum(words.exceeds(float(one), of.limit) for one in each)
    confirmed = ratio > 0 if of.limit is None else words.exceeds(ratio, of.limit)
    if of.indicator_kind == "biota" and comparison is not None:
        confirmed = confirmed or comparison.p < of.significance
    return replace(
        of,
        bounds=bounds,
        observed=observed,
        ratio=ratio,
        over=over,
        confirmed=confirmed,
        item=item,
        comparison=comparison,
    )


def _ratio(value: float, bounds: Bounds) -> float:
    """Return how far *value* is beyond its bound, as a share of the bound, towards worse above zero."""
    low, high = bounds
    if low is None:
        assert high is not None
        return float((value - high) / high)
    if high is None:
        return float((low - value) / low)
    return float(max((value - high) / high, (low - value) / low, 0.0))


def _compared(
    of: Confirmation, values: Values, test: Test | Literal["auto"], logarithm: bool
) -> Comparison | None:
    """Return the comparison of the groups, None where there is nothing to compare."""
    import numpy as np

    if of.baseline.sample is None or of.direction == "range":
        if test != "auto" or logarithm:
            raise InputError(
                "没有两组可比，不能指定检验",
                where="test",
                hint="基线须取自历史或对照区的样品，且不是范围。",
            )
        return None
    other = of.baseline.sample.taken(of.treatment)
    few = min(len(values), len(other)) < 2
    if test == "auto" and (few or np.ptp(np.concatenate([values, other])) == 0):
        return None
    below = of.affected.below + of.baseline.sample.below
    return compare(
        values,
        other,
        alternative="greater" if of.direction == "higher" else "less",
        significance=of.significance,
        test=test,
        censored=bool(below) and of.treatment != "excluded",
        logarithm=logarithm,
    )


def _alternatives(
    made: Confirmation, test: Test | Literal["auto"], logarithm: bool
) -> tuple[Alternative, ...]:
    """Return what comes out for each way to take values below detection, none where there are none."""
    if not made.affected.below and not (made.baseline.sample and made.baseline.sample.below):
        return ()
    found = []
    for treatment in NON_DETECTS:
        try:
            other = _computed(replace(made, treatment=treatment), test, logarithm)
        except EcovalError:
            found.append(Alternative(treatment, None, None, None))
            continue
        p = other.comparison.p if other.comparison else None
        found.append(Alternative(treatment, other.ratio, p, other.confirmed))
    return tuple(found)


def _reasons(overrule: Mapping[str, str] | None, threshold: Any, test: str) -> dict[str, str]:
    reasons = dict(overrule or {})
    for name, why in reasons.items():
        if name not in _OVERRULED:
            hint = nearest(name, _OVERRULED) or f"可用：{'、'.join(_OVERRULED)}。"
            raise InputError(f"没有可推翻的 {name}", where="overrule", hint=hint)
        if not isinstance(why, str) or not why.strip():
            raise InputError("推翻规定须写明理由", where=Spot(f"overrule {name}"))
    for name, given in (("threshold", threshold is not None), ("test", test != "auto")):
        title = {"threshold": "阈值", "test": "检验方法"}[name]
        if given and name not in reasons:
            raise InputError(
                f"由专家确定{title}，须写明理由",
                where=name,
                hint=f'overrule={{"{name}": "理由"}}。',
            )
        if not given and name in reasons:
            raise InputError(f"写了理由而没有给{title}", where=name)
    return reasons


def _share(given: Any) -> float:
    """Return a threshold, ``30 %`` or 0.3, as a share."""
    number, of = measure(given, where="threshold")
    share = number / 100 if of == unit_named("%") else number
    if of not in (unit_named(""), unit_named("%")) or not 0 < share < 10:
        raise InputError("阈值应为比例", where="threshold", got=given, hint="如 30 % 或 0.3。")
    return share


def _among(given: object, known: Mapping[Any, str], where: str) -> None:
    if given not in known:
        listed = "、".join(f"{name}（{title}）" for name, title in known.items())
        raise InputError("没有这个选项", where=where, got=given, hint=f"可用：{listed}。")


def rules_in_force(on: date | str, jurisdiction: str | Place = NATION) -> tuple[InForce, ...]:
    """Return the rules on baselines and thresholds of that day and place, with their standing."""
    names = (
        "baseline-order",
        "damage-threshold-concentration",
        "damage-threshold-biota",
        "damage-significance",
    )
    return tuple(
        in_force(name, on=as_day(on), jurisdiction=as_place(jurisdiction)) for name in names
    )
