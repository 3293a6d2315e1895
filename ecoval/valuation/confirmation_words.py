"""The sentence that a confirmation gives the opinion, and what must be said beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..findings import Finding, ranked
from ..numerals import plain
from ..rules.parameters import InForce
from ..rules.sources import STANDINGS
from ..units import display
from .baseline_sources import KINDS
from .comparison_tests import RULE, brief, normality, p_text
from .samples import NON_DETECTS

if TYPE_CHECKING:
    from .confirmation import Confirmation


def sentence(of: Confirmation) -> str:
    """Return the Chinese sentence: threshold and its standing, test, p, n, non-detects, conclusion."""
    return f"{_samples(of)}；{_baseline(of)}。{_change(of)}。{_test(of)}据此，{of.conclusion}。"


def _samples(of: Confirmation) -> str:
    from .confirmation import WHICH

    value = f"{brief(of.observed)} {display(of.unit)}".strip()
    counted = of.affected.counted(of.treatment)
    return f"{of.indicator}：受影响区 {counted}的{WHICH[of.statistic]}为 {value}"


def _baseline(of: Confirmation) -> str:
    base = of.baseline
    written = base.written(of.bounds)
    if base.sample is not None and base.statistic is not None:
        text = (
            f"基线取{KINDS[base.kind]}，{base.sample.counted(of.treatment)}"
            f"的{base.side_described(of.direction)}为 {written}"
            f"（统计量依据：{base.statistic.basis}；样品要求不少于 {base.minimum} 个：{base.minimum_basis}）"
        )
    else:
        text = f"基线取{KINDS[base.kind]}（{base.basis}），为 {written}"
    missing = [f"没有{KINDS[kind]}的原因：{why}" for kind, why in base.unavailable.items()]
    return "；".join([text, *missing])


def _change(of: Confirmation) -> str:
    from .confirmation import percentage

    count = f"{len(of.affected)} 个样品中 {of.over} 个"
    if of.direction == "range":
        low, high = of.bounds
        assert low is not None and high is not None
        inside = low <= of.observed <= high
        text = (
            "受影响区的值在基线范围之内"
            if inside
            else (
                f"受影响区的值{'高于上限' if of.observed > high else '低于下限'} {percentage(of.ratio)}"
            )
        )
        if of.limit is None:
            return f"{text}，{count}在范围之外；范围型指标不适用百分比阈值，按是否超出基线范围判断"
    else:
        word = "高于" if of.direction == "higher" else "低于"
        other = "低于" if of.direction == "higher" else "高于"
        if of.ratio < 0:
            text = f"受影响区{other}基线 {percentage(-of.ratio)}，未向不利方向变化"
        elif of.ratio == 0:
            text = "受影响区与基线相同"
        else:
            text = f"受影响区{word}基线 {percentage(of.ratio)}"
    assert of.limit is not None
    over = "超过" if exceeds(of.ratio, of.limit) else "未超过"
    return f"{text}，{over} {percentage(of.limit)} 的阈值（{_authority(of)}），{count}超过阈值"


def _authority(of: Confirmation) -> str:
    rule = of.threshold
    if rule is None:
        return f"由专家确定，理由：{of.overrule['threshold']}"
    return f"{rule.citation}，{STANDINGS[rule.found.standing]}"


def _test(of: Confirmation) -> str:
    test = of.comparison
    if test is None:
        return ""
    significant = "有" if of.significant else "无"
    reason = f"，理由：{of.overrule['test']}" if test.named else ""
    sign = "<" if of.significant else "≥"
    level = plain(of.significance)
    p = "p" if test.p < 0.001 and of.significant else f"p {sign} {level}"
    compared = "" if p == "p" else f"（{p}）"
    rule = next(rule for rule in of.rules if rule.name == "damage-significance")
    space = " " if test.sentence[0].isascii() else ""
    return (
        f"与{of.baseline.sample.title if of.baseline.sample else '对照组'}相比，"
        f"经{space}{test.sentence}，在 {level} 的显著性水平（{STANDINGS[rule.found.standing]}）下差异"
        f"{significant}统计学意义{compared}；选用该检验的原因：{test.why}{reason}。"
    )


def exceeds(ratio: float, limit: float) -> bool:
    """Tell whether *ratio* is over *limit*; 0.36 over 0.3 is 20 %, not the 20.000000000000004 of a float."""
    return float(plain(ratio)) > float(plain(limit))


def findings(of: Confirmation) -> tuple[Finding, ...]:
    """Return what the reader must be told beside the result, the gravest first."""
    found = [*_of_rules(of), *_of_samples(of), *_of_statistic(of), *_of_test(of)]
    found += of.item.findings if of.item else ()
    if of.direction == "range" and of.limit is None:
        found.append(
            Finding(
                "range-without-threshold",
                "warning",
                "范围型指标（如 pH）没有百分比阈值可用，按是否超出基线范围判断，须由专家说明依据",
                of.indicator,
            )
        )
    for name, why in of.overrule.items():
        text = f"{_OVERRULED.get(name, name)}由专家确定，理由：{why}"
        found.append(Finding("overruled", "warning", text, of.indicator))
    return ranked(found)


_OVERRULED = {"threshold": "阈值", "test": "检验方法", "minimum": "样品数少于要求而仍予采用，"}


def _of_rules(of: Confirmation) -> list[Finding]:
    return [finding for rule in of.rules if (finding := _of_rule(rule, of.indicator)) is not None]


def _of_rule(rule: InForce, where: str) -> Finding | None:
    name, standing = rule.parameter.title, rule.found.standing
    if standing == "verified":
        return None
    if standing == "unverified":
        text = f"{name}（{rule.text}）待核实：{rule.found.note or rule.citation}"
        return Finding("unverified-value", "warning", text, where, rule.found.clause)
    text = f"{name}（{rule.text}）据二手资料：{rule.found.note or rule.citation}"
    return Finding("secondary-value", "note", text, where, rule.found.clause)


def _of_samples(of: Confirmation) -> list[Finding]:
    found = []
    for sample in (of.affected, of.baseline.sample):
        if sample is None or not sample.below or of.treatment is None:
            continue
        text = f"{sample.title} {sample.counted(of.treatment)}"
        found.append(Finding("non-detects", "note", text, of.indicator))
        if sample.overlapping and of.comparison and of.comparison.test == "mann-whitney":
            text = f"{sample.title}有检出值低于别的样品的检出限，其秩次取决于未检出值的取值"
            found.append(Finding("several-limits", "warning", text, of.indicator))
    other = [each for each in of.alternatives if each.confirmed not in (None, of.confirmed)]
    if other:
        listed = "、".join(NON_DETECTS[each.treatment] for each in other)
        text = f"结论随未检出值的取值而变：{listed}时，结论相反"
        found.append(Finding("conclusion-depends", "warning", text, of.indicator))
    if of.baseline.unavailable:
        listed = "；".join(
            f"没有{KINDS[kind]}：{why}" for kind, why in of.baseline.unavailable.items()
        )
        text = f"基线取{KINDS[of.baseline.kind]}，{listed}"
        found.append(Finding("later-baseline", "note", text, of.indicator))
    return found


def _of_statistic(of: Confirmation) -> list[Finding]:
    """Return what the sample of the baseline does not bear of the statistic that is made of it."""
    import numpy as np

    base = of.baseline
    if base.sample is None or base.statistic is None:
        return []
    values = base.sample.taken(of.treatment)
    name, how = base.statistic.name, base.statistic.method
    if name == "percentile" and any(
        bound is not None and bound in (np.min(values), np.max(values)) for bound in of.bounds
    ):
        text = (
            f"{base.side_described(of.direction)}落在样品的最大值或最小值上，"
            f"{len(values)} 个样品不足以估计更外侧的分位"
        )
        return [Finding("percentile-at-edge", "warning", text, of.indicator)]
    if name != "limit" or how not in ("t", "lognormal"):
        return []
    checked = normality(values if how == "t" else np.log(values))
    if not checked.rejects(of.significance):
        return []
    shape = "正态" if how == "t" else "对数正态"
    said = p_text(checked.p) if checked.p is not None else "不能检验"
    text = (
        f"{base.side_described(of.direction)}以{shape}为前提，{base.sample.title}不合"
        f"（Shapiro–Wilk 检验 {said}）"
    )
    return [Finding("limit-not-normal", "warning", text, of.indicator)]


def _of_test(of: Confirmation) -> list[Finding]:
    test = of.comparison
    if test is None:
        if of.direction == "range":
            text = "范围型指标不作两组比较"
        elif of.baseline.sample is None:
            text = "基线是给定的数值，不作两组比较"
        else:
            text = "样品太少或各值全部相同，不作两组比较"
        level = "note" if of.baseline.sample is None or of.direction == "range" else "warning"
        return [Finding("no-comparison", level, text, of.indicator)]  # type: ignore[arg-type]
    found = [Finding("test-chosen", "note", f"{RULE}。本次：{test.why}", of.indicator)]
    if (
        test.named
        and test.test != "mann-whitney"
        and any(each.rejects(of.significance) for each in (test.affected, test.control))
    ):
        text = "所指定的检验以正态为前提，而至少一组不服从正态或不能检验正态性"
        found.append(Finding("not-normal", "warning", text, of.indicator))
    below = of.affected.below + (of.baseline.sample.below if of.baseline.sample else 0)
    if below and of.treatment != "excluded" and test.test != "mann-whitney":
        text = "未检出值以定值代入后作 t 检验，方差被低估"
        found.append(Finding("substituted-t", "warning", text, of.indicator))
    over = of.limit is not None and exceeds(of.ratio, of.limit)
    if over and not of.significant:
        text = "超过阈值，但两组差异没有统计学意义，样品可能不足"
        found.append(Finding("not-significant", "warning", text, of.indicator))
    if of.significant and not over:
        text = "两组差异有统计学意义，但未超过阈值"
        found.append(Finding("significant-below-threshold", "note", text, of.indicator))
    return found
