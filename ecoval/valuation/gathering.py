"""What is known of a method's terms while they are being gathered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ..errors import EcovalError, InputError, Spot
from ..findings import Finding
from ..rules.cards import Card, Term, bound_unit
from ..rules.jurisdictions import Place
from ..rules.parameters import InForce
from ..rules.tables import Row
from ..units import display
from .inputs import Given
from .item import Item, Used

# What of a method's edition an expert may overrule, beside its terms.
EDITION = {"dates": "适用日期", "jurisdiction": "适用地域"}
OVERRULE = "确需采用的，以 overrule 的 {0} 说明理由。"


@dataclass
class Gathering:
    """The values of a method's terms being gathered for one day and place."""

    card: Card
    on: date
    place: Place
    overrule: Mapping[str, str]
    values: dict[str, Used] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    lines: list[dict[str, str]] = field(default_factory=list)
    unfolded: bool = False
    parts: list[Item] = field(default_factory=list)
    computed: dict[tuple[str, int], Item] = field(default_factory=dict)
    parameters: list[InForce] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    overruled: dict[str, str] = field(default_factory=dict)
    bound: list[str] = field(default_factory=list)
    chosen: dict[str, Given] = field(default_factory=dict)
    alternatives: dict[int | None, tuple[int, Term]] = field(default_factory=dict)
    consumed: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)

    def where(self, name: str, line: int | None = None) -> Spot:
        """Return the place of the term *name*, or of one *line* of it, counted from zero."""
        text = f"{self.card.id}：{self.card.titles.get(name, name)}（{name}）"
        if line is None:
            return Spot(text, (name,))
        text += f"第 {line + 1} 项"
        if self.unfolded and self.card.lines is not None:
            return Spot(text, (self.card.lines.name, line, name))
        return Spot(text, (name, line))

    def say(self, name: str) -> str:
        """Return how a finding names the term *name*."""
        return str(self.where(name))

    def may(self, name: str, finding: Finding, error: EcovalError) -> None:
        """Raise *error* unless the expert overruled *name* with a reason, which is then recorded."""
        reason = self.overrule.get(name)
        if not isinstance(reason, str) or not reason.strip():
            raise error
        self.overruled[name] = reason.strip()
        self.findings.append(finding)

    def missing(self, term: Term) -> InputError:
        """Return the error for a *term* that is neither given nor to be found."""
        wanted = " 或 ".join(display(bound_unit(text, "单位")) or "无量纲" for text in term.unit)
        return InputError(
            f"缺少（{wanted}）",
            where=self.where(term.name),
            hint=f"{term.asks}。" if term.asks else "",
        )
