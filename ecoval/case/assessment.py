"""The assessment of a case: items, totals to the fen, eligibility, findings, fingerprint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from .. import money
from ..findings import Finding, ranked
from ..rules.cards import HEADS, Card, Head
from ..rules.parameters import InForce, all_in_force
from ..valuation.fingerprint import fingerprint
from ..valuation.item import Item
from ..version import VERSION
from .deadlines import Deadlines, deadlines_of
from .eligibility import Eligibility, eligibility_of
from .entries import ItemEntry, Track
from .heads import legal_basis
from .method_conditions import condition_findings
from .model import Case, value_entry
from .openings import obstacles, open_points, statements
from .overlap import overlap_findings
from .panel import panel_findings
from .performance import Performance, cited_materials, performance_of
from .prices import price_findings
from .procedure import procedure_findings

if TYPE_CHECKING:
    import pandas as pd

    from .punitive import Punitive
    from .settled import Settlement


@dataclass(frozen=True)
class AssessedItem:
    """An item of the case with its value."""

    place: int
    entry: ItemEntry
    item: Item

    @property
    def card(self) -> Card:
        """The card of the method."""
        return self.item.card

    @property
    def fens(self) -> int:
        """The printed amount in fen."""
        assert self.item.fens is not None
        return self.item.fens

    @property
    def title(self) -> str:
        """What the item is called."""
        return self.entry.title or self.card.title

    @property
    def where(self) -> str:
        """How findings name the item."""
        return f"第 {self.place} 项"

    @property
    def medium(self) -> str:
        """The environmental medium the item is about."""
        return self.entry.medium or self.card.medium

    @cached_property
    def object(self) -> str:
        """What was harmed, where the case tells several apart."""
        return self.entry.object.strip()

    @property
    def track(self) -> Track:
        """Whose claim it is: ecological damage, or marine or private loss."""
        if self.entry.track == "ecological" and self.medium.startswith("marine"):
            return "marine"
        return self.entry.track

    @property
    def kind(self) -> str:
        """The kind of cost, as it is written."""
        return self.entry.cost_kind or "other"


@dataclass(frozen=True)
class Assessment:
    """A case assessed. Frozen: every document reads its figures from here."""

    case: Case
    items: tuple[AssessedItem, ...]
    eligibility: Eligibility | None
    findings: tuple[Finding, ...]
    performance: Performance | None = None
    version: str = VERSION

    @cached_property
    def by_head(self) -> dict[Head, int]:
        """The total of each head in fen, in the order of the law."""
        return {
            head: money.total(item.fens for item in self.items if item.entry.head == head)
            for head in HEADS
            if any(item.entry.head == head for item in self.items)
        }

    @cached_property
    def by_kind(self) -> dict[str, int]:
        """The fen that are appraisal cost and monitoring cost."""
        return _by_kind(self.items)

    @property
    def total(self) -> int:
        """The grand total in fen."""
        return money.total(self.by_head.values())

    @property
    def threshold_basis(self) -> int:
        """The total without appraisal and monitoring cost, in fen."""
        return self.total - money.total(self.by_kind.values())

    @property
    def punitive_basis(self) -> int:
        """Interim plus permanent loss, in fen."""
        return self.by_head.get("interim", 0) + self.by_head.get("permanent", 0)

    @cached_property
    def punitive_bases(self) -> tuple[tuple[InForce, int], ...]:
        """Each rule on the base of punitive damages in force that day, and its base in fen.

        Nothing before the first rule; where city and nation differ, both.
        """
        at, on = self.case.jurisdiction, self.case.punitive_on
        rules = all_in_force("punitive-base", on=on, jurisdiction=at)
        by_code = {"interim_permanent": self.punitive_basis, "actual_damage": self.total}
        return tuple((rule, by_code[rule.chosen[0]]) for rule in rules)

    @cached_property
    def legal_basis(self) -> tuple[InForce, ...]:
        """The rules of that day on who may claim and on the heads of compensation."""
        return legal_basis(self.case)

    @cached_property
    def deadlines(self) -> Deadlines:
        """The time limits of the case, from its dates."""
        return deadlines_of(self.case)

    @property
    def punitive(self) -> Punitive | None:
        """The punitive damages, where the case asks for them; never part of the total."""
        return self.performance.punitive if self.performance else None

    @property
    def settlement(self) -> Settlement | None:
        """How the total is performed, where the case says so."""
        return self.performance.settlement if self.performance else None

    @property
    def is_draft(self) -> bool:
        """Whether something is open, stopped, or not settled: what is written is a draft then."""
        unsettled = self.eligibility is not None and self.eligibility.verdict != "eligible"
        return bool(self.open_points or self.stops or unsettled)

    @property
    def stops(self) -> tuple[Finding, ...]:
        """The findings that forbid signing."""
        return tuple(finding for finding in self.findings if finding.level == "stop")

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hex digits over version, place, day, cards, inputs, parameters, amounts, verdict."""
        return fingerprint(self._figures())

    def _figures(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "place": self.case.jurisdiction.code,
            "on": self.case.on.isoformat(),
            "route": self.case.route,
            "items": [
                {"head": item.entry.head, "kind": item.kind, "item": item.item.digest}
                for item in self.items
            ],
            "rules": [rule.as_dict() for rule in self.eligibility.rules]
            if self.eligibility
            else [],
            "eligibility": self.eligibility.verdict if self.eligibility else None,
            "attested": {code: said.met for code, said in self.case.eligibility.items()},
            "total": str(money.yuan(self.total)),
            **(self.performance.as_dict() if self.performance else {}),
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the assessment as plain JSON data: the case inside, figures, findings."""
        figures = self._figures()
        return {
            "fingerprint": self.fingerprint,
            **figures,
            "items": [
                {
                    "head": item.entry.head,
                    "kind": item.kind,
                    "fingerprint": item.item.fingerprint,
                    **item.item.as_dict(),
                }
                for item in self.items
            ],
            "by_head": {head: str(money.yuan(fens)) for head, fens in self.by_head.items()},
            "threshold_basis": str(money.yuan(self.threshold_basis)),
            "punitive_basis": str(money.yuan(self.punitive_basis)),
            "legal_basis": [rule.as_dict() for rule in self.legal_basis],
            "deadlines": [row.as_dict() for row in self.deadlines.rows],
            "findings": [finding.as_dict() for finding in self.findings],
            "open": list(self.open_points),
            "case": self.case.as_dict(),
        }

    @cached_property
    def open_points(self) -> tuple[str, ...]:
        """Everything that the case leaves open, each with its reason, in reading order."""
        return tuple(dict.fromkeys(open_points(self)))

    @cached_property
    def obstacles(self) -> tuple[str, ...]:
        """What stands between the assessment and a final document, each with its reason."""
        return tuple(dict.fromkeys(obstacles(self)))

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Return head, title, method and printed amount of each item, the one table of figures."""
        return [
            (HEADS[item.entry.head], item.title, item.card.title, money.printed(item.fens))
            for head in self.by_head
            for item in self.items
            if item.entry.head == head
        ]

    def table(self) -> pd.DataFrame:
        """Return the items as a DataFrame: 科目, 项目, 方法, 金额（元） as Decimal, 校验码."""
        import pandas as pd

        return pd.DataFrame(
            {
                "科目": [HEADS[item.entry.head] for item in self.items],
                "项目": [item.title for item in self.items],
                "方法": [item.card.title for item in self.items],
                "金额（元）": [money.yuan(item.fens) for item in self.items],
                "校验码": [item.item.fingerprint for item in self.items],
            }
        )

    def __str__(self) -> str:
        lines = [f"{self.case.title}（{self.case.jurisdiction.name}，{self.case.on.isoformat()}）"]
        lines += [f"  {head}  {title}  {amount} 元" for head, title, _, amount in self.rows()]
        lines.append(f"合计 {money.printed(self.total)} 元　{money.capitals(self.total)}")
        if self.eligibility is not None:
            lines.append(self.eligibility.sentence)
        lines += [str(part) for part in (self.punitive, self.settlement) if part is not None]
        lines += [str(finding) for finding in self.findings]
        lines.append(f"校验码 {self.fingerprint}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.rows()
        )
        findings = "".join(f"<li>{escape(str(finding))}</li>" for finding in self.findings)
        beside = "".join(
            part._repr_html_() for part in (self.punitive, self.settlement) if part is not None
        )
        return (
            f"<p><b>{escape(self.case.title)}</b></p><table><thead><tr><th>科目</th><th>项目</th>"
            f"<th>方法</th><th>金额（元）</th></tr></thead><tbody>{rows}</tbody></table>"
            f"<p><b>合计 {money.printed(self.total)} 元</b>　{money.capitals(self.total)}</p>"
            f"{beside}<ul>{findings}</ul><p><small>校验码 {self.fingerprint}</small></p>"
        )


def assess(case: Case) -> Assessment:
    """Return the assessment of *case*.

    Raises
    ------
    InputError
        The case has no items, or an item cannot be valued; the item is named.
    """
    from ..errors import InputError

    if not case.items:
        raise InputError("案件没有任何赔偿项（item）", where=case._origin or case.title)
    items = tuple(
        AssessedItem(place, entry, value_entry(entry, case, place))
        for place, entry in enumerate(case.items, start=1)
    )
    findings = [_within(finding, item) for item in items for finding in item.item.findings]
    findings += [finding for item in items for finding in condition_findings(item)]
    findings += [
        Finding("negative-amount", "stop", f"金额为负（{money.printed(item.fens)} 元）", item.where)
        for item in items
        if item.fens < 0
    ]
    findings += overlap_findings(items)
    findings += price_findings(items)
    findings += _day_findings(case, items)
    findings += _evidence_findings(case, items)
    findings += procedure_findings(case, items)
    performance = performance_of(case, items)
    findings += performance.findings if performance else ()
    eligibility = None
    if case.route == "quick":
        total = money.total(item.fens for item in items)
        eligibility = eligibility_of(case, total, _by_kind(items))
        findings += eligibility.findings
        if case.form == "expert_opinion":
            findings += panel_findings(case.experts, eligibility.experts)
    elif case.experts:
        findings += panel_findings(case.experts, None, fewest=1)
    # A copy: what becomes of the case afterwards is not what was assessed.
    kept = case.copied()
    return Assessment(kept, items, eligibility, ranked(findings), performance)


def _day_findings(case: Case, items: tuple[AssessedItem, ...]) -> Iterator[Finding]:
    """Yield the items that are valued by the rules of another day than the case's."""
    for item in items:
        if item.item.on != case.on:
            text = (
                f"{item.title}按 {item.item.on.isoformat()} 的标准与参数计算，"
                f"案件的损害发生日为 {case.on.isoformat()}：须说明该项损害何以在另一日"
            )
            yield Finding("another-day", "warning", text, item.where)


def _by_kind(items: tuple[AssessedItem, ...]) -> dict[str, int]:
    return {
        kind: money.total(item.fens for item in items if item.kind == kind)
        for kind in ("appraisal", "monitoring")
    }


def _within(finding: Finding, item: AssessedItem) -> Finding:
    return Finding(finding.code, finding.level, finding.text, item.where, finding.clause)


def _evidence_findings(case: Case, items: tuple[AssessedItem, ...]) -> Iterator[Finding]:
    """Yield what cites a material that the case does not list, or lists twice."""
    counts = Counter(material.id for material in case.materials)
    for id, count in counts.items():
        if count > 1:
            text = f"材料编号 {id} 用了 {count} 次，引用不能确定是哪一份"
            yield Finding("material-twice", "stop", text, "material")
    cited = [
        (given.evidence, item.where)
        for item in items
        for _, given in item.item.givens()
        if given.evidence
    ]
    cited += [
        (said.evidence, f"{item.where} conditions.{id}")
        for item in items
        for id, said in item.entry.conditions.items()
    ]
    cited += [(said.evidence, f"eligibility.{id}") for id, said in case.eligibility.items()]
    cited += [(statement.evidence, f"facts.{name}") for name, statement in statements(case)]
    for table in ("ending", "negotiation"):
        cited += [(said.evidence, f"{table}.{id}") for id, said in getattr(case, table).items()]
    cited += [(day.evidence, f"dates.{event}") for event, day in case.dates.given()]
    cited += cited_materials(case)
    for evidence, where in cited:
        if evidence and evidence not in counts:
            text = f"所引材料 {evidence} 不在材料清单中"
            yield Finding("material-unknown", "warning", text, where)
