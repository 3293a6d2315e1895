"""Who bears the total, what is punished, how it is performed: one record beside the assessment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import money
from ..errors import EcovalError
from ..findings import Finding
from ..reading import line_of
from ..rules.parameters import InForce
from .applied import Applied
from .model import Case
from .obligors import Apportionment, apportion
from .punitive import Punitive, punitive_of
from .settled import Settlement
from .settlement import settle

if TYPE_CHECKING:
    from .assessment import AssessedItem


@dataclass(frozen=True)
class Performance:
    """Apportionment, punitive damages and settlement of a case, as far as it has them."""

    apportionment: Apportionment | None
    punitive: Punitive | None
    settlement: Settlement | None
    findings: tuple[Finding, ...]
    rules: tuple[InForce, ...]

    @property
    def open_points(self) -> Iterator[str]:
        """What is left open."""
        if self.punitive is not None:
            if self.punitive.entry.open:
                yield f"惩罚性赔偿：{self.punitive.entry.open}"
            for condition in self.punitive.conditions:
                if condition.attested.met is None:
                    said = condition.attested.open or "未说明"
                    yield f"惩罚性赔偿的条件“{condition.title}”：{said}"
        if self.settlement is not None:
            yield from self.settlement.open_points

    def as_dict(self) -> dict[str, Any]:
        """Return what there is as plain JSON data, by name."""
        parts = {
            "obligors": self.apportionment,
            "punitive": self.punitive,
            "settlement": self.settlement,
        }
        return {name: part.as_dict() for name, part in parts.items() if part is not None}


def performance_of(case: Case, items: Sequence[AssessedItem]) -> Performance | None:
    """Return apportionment, punitive damages and settlement of *case*, None where it has none.

    Punitive damages follow the rules of the day they were claimed, else of the damage; the
    settlement those of its own day, else of the opinion, the commission, the damage.

    Raises
    ------
    InputError
        Something in those parts will not do; file and line are named.
    """
    if case.obligors is None and case.punitive is None and case.settlement is None:
        return None
    try:
        return _performance(case, items)
    except EcovalError as error:
        line = line_of(case._text, error.path)
        at = f"{case._origin} 第 {line} 行" if line else case._origin
        raise (error.at(at) if at else error) from None


def _performance(case: Case, items: Sequence[AssessedItem]) -> Performance:
    total = money.total(item.fens for item in items)
    settled_on = case.opinion_on or case.commissioned_on or case.on
    if case.settlement is not None and case.settlement.on is not None:
        settled_on = case.settlement.on
    at = case.jurisdiction
    performing = Applied(at, settled_on)
    borne = apportion(case.obligors, total, performing) if case.obligors else None
    punitive = None
    if case.punitive is not None:
        bases = {
            "interim_permanent": money.total(
                item.fens for item in items if item.entry.head in ("interim", "permanent")
            ),
            "actual_damage": total,
        }
        punitive = punitive_of(
            case.punitive,
            bases,
            Applied(at, case.punitive_on),
            case.obligors,
            costs=money.total(
                item.fens for item in items if item.kind in ("appraisal", "monitoring")
            ),
        )
    settlement = None
    if case.settlement is not None:
        settlement = settle(
            case.settlement,
            items,
            performing,
            punitive=punitive,
            borne=borne,
            obligors=_obligors(case),
        )
    findings = [
        *(punitive.findings if punitive else ()),
        *(settlement.findings if settlement else ()),
        *performing.doubts("settlement" if settlement else "obligors"),
        *_name_findings(case),
    ]
    rules = [*(punitive.rules if punitive else ()), *performing.rules]
    return Performance(borne, punitive, settlement, tuple(findings), tuple(rules))


def _obligors(case: Case) -> list[str]:
    """Return the names of the obligors, of ``[obligors]`` and of the parties, each once."""
    parts = [part.name for part in case.obligors.parts] if case.obligors else []
    parties = [party.name for party in case.parties if party.role == "obligor" and party.name]
    return list(dict.fromkeys([*parts, *parties]))


def _name_findings(case: Case) -> Iterator[Finding]:
    """Yield the names of obligors and of scoring experts that the case does not list."""
    obligors = {party.name for party in case.parties if party.role == "obligor" and party.name}
    for place, part in enumerate(case.obligors.parts if case.obligors else (), start=1):
        if obligors and part.name not in obligors:
            text = f"{part.name}不在案件的赔偿义务人之列"
            yield Finding("obligor-unknown", "warning", text, f"obligors.part[{place}]")
    experts = {expert.name for expert in case.experts if expert.name}
    scoring = {
        score.expert
        for factor in (case.punitive.factors if case.punitive else ())
        for score in factor.scores
    }
    for name in sorted(scoring - experts) if experts else ():
        text = f"评分的专家 {name} 不在案件的专家之列"
        yield Finding("scorer-unknown", "warning", text, "punitive.factor")


def cited_materials(case: Case) -> Iterator[tuple[str, str]]:
    """Yield every material that the parts of *case* on performance cite, and where."""
    for name in ("obligors", "punitive", "settlement"):
        part = getattr(case, name)
        if part is not None:
            yield from _cited(part.model_dump(exclude_defaults=True), name)


def _cited(part: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "evidence":
                yield value, where
            elif isinstance(value, (dict, tuple)):
                yield from _cited(value, f"{where}.{key}")
    else:
        for place, value in enumerate(part, start=1):
            if isinstance(value, dict):
                yield from _cited(value, f"{where}[{place}]")
