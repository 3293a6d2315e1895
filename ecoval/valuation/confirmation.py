"""The confirmation of damage by one indicator: the figures, the sentence, and how it shows itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from ..findings import Finding
from ..numerals import plain
from ..rules.jurisdictions import Place
from ..rules.parameters import InForce
from ..rules.sources import STANDINGS, source
from ..units import display
from .baseline_sources import DIRECTIONS, KINDS, Baseline, Bounds, Direction
from .comparison_tests import Comparison, brief, p_text
from .fingerprint import fingerprint
from .item import Item
from .sample_statistics import STATISTICS
from .samples import NON_DETECTS, NonDetects, Sample

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

IndicatorKind = Literal["concentration", "biota"]

INDICATOR_KINDS: dict[IndicatorKind, str] = {
    "concentration": "污染物浓度等环境指标",
    "biota": "生物指标",
}


@dataclass(frozen=True)
class Alternative:
    """What comes out where values below detection are taken in another way; None cannot be computed."""

    treatment: NonDetects
    ratio: float | None
    p: float | None
    confirmed: bool | None


@dataclass(frozen=True)
class Confirmation:
    """Whether one indicator confirms damage. Frozen: what is printed is what was computed.

    ``ratio`` is the relative change against the baseline, towards worse above zero; ``item`` the
    valued formula (None for a range); ``limit`` the threshold that was used, as a share.
    """

    indicator: str
    indicator_kind: IndicatorKind
    direction: Direction
    unit: str
    on: date
    place: Place
    affected: Sample
    baseline: Baseline
    bounds: Bounds
    treatment: NonDetects | None
    statistic: Literal["mean", "median", "worst"]
    observed: float
    ratio: float
    limit: float | None
    over: int
    confirmed: bool
    item: Item | None
    comparison: Comparison | None
    rules: tuple[InForce, ...]
    significance: float
    alternatives: tuple[Alternative, ...] = ()
    overrule: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    version: str = ""

    @property
    def threshold(self) -> InForce | None:
        """The rule that sets the threshold, None where the expert set it or none applies."""
        if self.limit is None or "threshold" in self.overrule:
            return None
        return next(rule for rule in self.rules if rule.name.startswith("damage-threshold"))

    @property
    def significant(self) -> bool | None:
        """Whether the groups differ at the significance level, None where they were not compared."""
        return None if self.comparison is None else self.comparison.p < self.significance

    @cached_property
    def sentence(self) -> str:
        """The sentence for the opinion: samples, baseline, threshold, test, conclusion."""
        from .confirmation_words import sentence

        return sentence(self)

    @property
    def conclusion(self) -> str:
        """The conclusion, as printed."""
        if self.confirmed:
            return "可以确认该指标所示的损害"
        return "尚不能确认该指标所示的损害"

    def rows(self) -> list[tuple[str, str, float | int | None]]:
        """Return title, printed text and full figure of everything that was computed."""
        low, high = self.bounds
        unit = display(self.unit)
        side = self.baseline.side_described(self.direction)
        said = f"{KINDS[self.baseline.kind]}{f'，{side}' if side else ''}"
        rows: list[tuple[str, str, float | int | None]] = [
            ("受影响区样品数", self.affected.counted(self.treatment), len(self.affected)),
        ]
        if self.baseline.sample is not None:
            sample = self.baseline.sample
            rows.append((f"{sample.title}样品数", sample.counted(self.treatment), len(sample)))
        rows.append(
            (
                f"受影响区{WHICH[self.statistic]}",
                f"{brief(self.observed)} {unit}".strip(),
                self.observed,
            )
        )
        for title, bound in (("下限", low), ("上限", high)):
            if bound is not None:
                only = low is None or high is None
                rows.append(
                    (
                        f"基线{'' if only else title}（{said}）",
                        f"{brief(bound)} {unit}".strip(),
                        bound,
                    )
                )
        rows.append((f"{_WORSE[self.direction]}基线的比例", percentage(self.ratio), self.ratio))
        if self.limit is not None:
            rows.append(("阈值", f"大于 {percentage(self.limit)}", self.limit))
        rows.append((self.over_title, f"{self.over} / {len(self.affected)}", self.over))
        if self.comparison is not None:
            test = self.comparison
            checked = (
                () if test.censored else (("受影响区", test.affected), ("对照组", test.control))
            )
            for title, each in checked:
                if each.p is not None and each.statistic is not None:
                    text = f"W = {brief(each.statistic)}，{p_text(each.p)}"
                    rows.append((f"{title}正态性（Shapiro–Wilk）", text, each.p))
            if test.equal_variances is not None and not test.censored:
                rows.append(
                    (
                        "方差齐性（Levene，中位数）",
                        p_text(test.equal_variances),
                        test.equal_variances,
                    )
                )
            rows.append(("检验", test.sentence, test.p))
            rows.append(("显著性水平", plain(self.significance), self.significance))
        return rows

    @property
    def over_title(self) -> str:
        """What `over` counts, as printed."""
        return "超出基线范围的点" if self.limit is None else "超过阈值的点"

    def table(self) -> pd.DataFrame:
        """Return every figure, printed and in full, as a table."""
        import pandas as pd

        return pd.DataFrame(
            [
                (title, text, "" if full is None else repr(full))
                for title, text, full in self.rows()
            ],
            columns=["项目", "取值", "全精度"],
        )

    def alternatives_table(self) -> pd.DataFrame:
        """Return what comes out for each way to take values below detection."""
        import pandas as pd

        return pd.DataFrame(
            [
                (
                    NON_DETECTS[each.treatment]
                    + ("（本次采用）" if each.treatment == self.treatment else ""),
                    "不能计算" if each.ratio is None else percentage(each.ratio),
                    "" if each.p is None else p_text(each.p),
                    "" if each.confirmed is None else ("确认" if each.confirmed else "不确认"),
                )
                for each in self.alternatives
            ],
            columns=["未检出值的取值", f"{_WORSE[self.direction]}基线", "p", "结论"],
        )

    def plot(self) -> Figure:
        """Return the figure: every value, the means, the baseline and the threshold.

        Raises
        ------
        OutputError
            The machine has no font with Chinese characters.
        """
        from .confirmation_plot import plot

        return plot(self)

    def as_dict(self) -> dict[str, Any]:
        """Return the confirmation as it stands in JSON, every figure in full."""
        return {
            **self.figures(),
            "sentence": self.sentence,
            "findings": [finding.as_dict() for finding in self.findings],
            "alternatives": [
                {
                    "treatment": each.treatment,
                    "ratio": each.ratio,
                    "p": each.p,
                    "confirmed": each.confirmed,
                }
                for each in self.alternatives
            ],
            "fingerprint": self.fingerprint,
        }

    def figures(self) -> dict[str, Any]:
        """Return what the fingerprint covers, every figure in full."""
        return {
            "indicator": self.indicator,
            "indicator_kind": self.indicator_kind,
            "direction": self.direction,
            "unit": self.unit,
            "on": self.on.isoformat(),
            "place": self.place.code,
            "version": self.version,
            "affected": self.affected.as_dict(),
            "baseline": self.baseline.as_dict(),
            "bounds": list(self.bounds),
            "non_detects": self.treatment,
            "statistic": self.statistic,
            "observed": self.observed,
            "ratio": self.ratio,
            "threshold": self.limit,
            "over": self.over,
            "confirmed": self.confirmed,
            "comparison": self.comparison.as_dict() if self.comparison else None,
            "significance": self.significance,
            "rules": [rule.as_dict() for rule in self.rules],
            "item": self.item.fingerprint if self.item else None,
            "overrule": dict(self.overrule),
        }

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hex digits over the samples, the rules and the result."""
        return fingerprint(settled_figures(self.figures()))

    def rule_lines(self) -> list[str]:
        """Return each rule with its source, its standing and what is noted of it, as printed."""
        lines = []
        for rule in self.rules:
            found = rule.found
            cited = f"{source(found.source).short}{found.clause}，{STANDINGS[found.standing]}"
            note = f"：{found.note}" if found.note else ""
            lines.append(f"{rule.parameter.title}：{rule.text}（{cited}{note.rstrip('。')}）")
        return lines

    @property
    def heading(self) -> str:
        """The indicator, its unit and direction, place and day, as printed."""
        unit = f"（{display(self.unit)}）" if self.unit else ""
        return (
            f"{self.indicator}{unit}：{DIRECTIONS[self.direction]}"
            f"（{self.place.name}，{self.on.isoformat()}）"
        )

    def __str__(self) -> str:
        lines = [self.heading, self.sentence, ""]
        lines += [f"  {title}  {text}" for title, text, _ in self.rows()]
        lines += [f"  规则  {line}" for line in self.rule_lines()]
        lines += [str(finding) for finding in self.findings]
        return "\n".join([*lines, f"校验码 {self.fingerprint}"])

    def __repr__(self) -> str:
        said = "confirmed" if self.confirmed else "not confirmed"
        return f"<Confirmation {self.indicator} {said} {self.fingerprint}>"

    def _repr_html_(self) -> str:
        from .printing import derivation

        parts = [f"<p><b>{escape(self.heading)}</b></p>", f"<p>{escape(self.sentence)}</p>"]
        parts.append(self.table().to_html(index=False, border=0))
        if self.item is not None:
            parts += [equation.mathml for equation in derivation(self.item)]
        if len(self.alternatives) > 1:
            parts.append(self.alternatives_table().to_html(index=False, border=0))
        parts += [f"<p>{escape(line)}</p>" for line in self.rule_lines()]
        parts += [f"<p>{escape(str(finding))}</p>" for finding in self.findings]
        parts.append(f"<p><small>校验码 {self.fingerprint}</small></p>")
        return "".join(parts)


WHICH = {"mean": STATISTICS["mean"], "median": STATISTICS["median"], "worst": "最不利值"}
_WORSE: dict[Direction, str] = {"higher": "高于", "lower": "低于", "range": "超出"}


def percentage(share: float) -> str:
    """Return *share* as a percentage with at most two decimals: 0.2 is ``20%``."""
    return f"{plain(round(share * 100, 2))}%"


def settled_figures(content: Any) -> Any:
    """Return *content* with computed numbers cut to twelve digits, for a fingerprint."""
    if isinstance(content, float):
        return format(content, ".12g")
    if isinstance(content, dict):
        return {key: settled_figures(part) for key, part in content.items()}
    if isinstance(content, list):
        return [settled_figures(part) for part in content]
    return content
