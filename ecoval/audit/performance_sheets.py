"""The sheets beside the total: who bears it, punitive damages, and how it is performed."""

from __future__ import annotations

from ..case.assessment import Assessment
from ..case.performance import Performance
from .figure_rows import WIDTHS, Rows, Totals
from .item_sheet import Parts
from .punitive_sheet import write_punitive
from .settlement_sheet import write_settlement
from .shares import Weights, write_shares


def write_performance(
    parts: Parts, assessment: Assessment, performance: Performance, totals: Totals
) -> None:
    """Write a sheet for what the case has of apportionment, punitive damages, settlement."""
    case = assessment.case
    for rule in performance.rules:
        parts.parameters.cell(rule)
    weights = Weights(case.obligors) if case.obligors is not None else None
    borne: dict[str, str] = {}
    if performance.apportionment is not None and weights is not None:
        rows = _rows(parts, "义务人")
        rows.sheet.line("赔偿义务人", "title", height=24)
        borne = write_shares(
            rows, performance.apportionment, weights, totals.total, "生态环境损害赔偿合计"
        )
        if performance.apportionment.mode == "joint":
            borne = {}
    claimed = ""
    shares: dict[str, str] = {}
    if performance.punitive is not None:
        rows = _rows(parts, "惩罚性赔偿")
        claimed, shares = write_punitive(rows, performance.punitive, totals, weights)
    if performance.settlement is not None and case.settlement is not None:
        rows = _rows(parts, "履行方案")
        write_settlement(rows, assessment, totals, borne=borne, claimed=claimed, shares=shares)


def _rows(parts: Parts, name: str) -> Rows:
    return Rows(parts, parts.book.sheet(name, WIDTHS), name)
