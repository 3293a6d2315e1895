"""Several indicators together: one line for each, and which of them confirm the damage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..findings import Finding
from ..units import display
from .baseline_sources import KINDS
from .comparison_tests import TESTS, brief, p_text
from .confirmation import Confirmation, percentage
from .fingerprint import fingerprint

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("指标", "受影响区", "基线", "基线来源", "变化", "阈值", "检验", "p", "确认")


class Confirmations:
    """The confirmations of several indicators, in their order.

    Raises
    ------
    InputError
        There is none, or an indicator stands twice.
    """

    def __init__(self, made: Iterable[Confirmation]) -> None:
        self.made = tuple(made)
        if not self.made:
            raise InputError("没有指标")
        names = [each.indicator for each in self.made]
        for name in names:
            if names.count(name) > 1:
                raise InputError("同一指标有两个结果", where=name)

    def __iter__(self) -> Iterator[Confirmation]:
        return iter(self.made)

    def __len__(self) -> int:
        return len(self.made)

    def __getitem__(self, indicator: str) -> Confirmation:
        for each in self.made:
            if each.indicator == indicator:
                return each
        listed = "、".join(each.indicator for each in self.made)
        raise InputError("没有这个指标", got=indicator, hint=f"有：{listed}。")

    @property
    def confirmed(self) -> tuple[str, ...]:
        """The indicators that confirm damage."""
        return tuple(each.indicator for each in self.made if each.confirmed)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all indicators."""
        return tuple(finding for each in self.made for finding in each.findings)

    @property
    def conclusion(self) -> str:
        """Which indicators confirm the damage, as printed."""
        others = [each.indicator for each in self.made if not each.confirmed]
        if not self.confirmed:
            return f"{len(self)} 项指标（{'、'.join(others)}）均未能确认损害。"
        text = f"{len(self)} 项指标中，{'、'.join(self.confirmed)}可以确认损害"
        return f"{text}；{'、'.join(others)}未能确认。" if others else f"{text}。"

    @property
    def sentence(self) -> str:
        """The sentences of all indicators, and the conclusion where they are several."""
        sentences = "".join(each.sentence for each in self.made)
        return sentences + (self.conclusion if len(self) > 1 else "")

    def lines(self) -> list[tuple[str, ...]]:
        """Return one line of printed texts for each indicator, under `COLUMNS`."""
        return [
            (
                f"{each.indicator}（{display(each.unit)}）" if each.unit else each.indicator,
                brief(each.observed),
                each.baseline.written(each.bounds).removesuffix(display(each.unit)).strip(),
                KINDS[each.baseline.kind],
                percentage(each.ratio),
                "不适用" if each.limit is None else f"> {percentage(each.limit)}",
                TESTS[each.comparison.test] if each.comparison else "未作",
                p_text(each.comparison.p).removeprefix("p = ").removeprefix("p ")
                if each.comparison
                else "—",
                "是" if each.confirmed else "否",
            )
            for each in self.made
        ]

    def table(self) -> pd.DataFrame:
        """Return one line for each indicator."""
        import pandas as pd

        return pd.DataFrame(self.lines(), columns=list(COLUMNS))

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hex digits over the fingerprints of the indicators."""
        return fingerprint([each.fingerprint for each in self.made])

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as it stands in JSON."""
        return {
            "confirmed": list(self.confirmed),
            "sentence": self.sentence,
            "indicators": [each.as_dict() for each in self.made],
            "fingerprint": self.fingerprint,
        }

    def __str__(self) -> str:
        return "\n\n".join(
            [*(str(each) for each in self.made), f"{self.conclusion}\n校验码 {self.fingerprint}"]
        )

    def __repr__(self) -> str:
        return f"<Confirmations {len(self)} indicators, {len(self.confirmed)} confirmed>"

    def _repr_html_(self) -> str:
        return (
            f"{self.table().to_html(index=False, border=0)}<p>{escape(self.conclusion)}</p>"
            f"<p><small>校验码 {self.fingerprint}</small></p>"
        )
