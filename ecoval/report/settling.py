"""Write the settlement sheet for the negotiation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..case.assessment import Assessment
from ..case.entries import ROLES
from ..content import folder
from ..errors import InputError
from .context import context, rule_rows
from .rendering import render_word
from .writing import write_one


def settlement_context(assessment: Assessment) -> dict[str, Any]:
    """Return the variables of the settlement sheet: those of the opinion, signers, its own rules."""
    prepared = context(assessment)
    rules = assessment.performance.rules if assessment.performance else ()
    prepared["performance_rules"] = rule_rows(rules)
    parties = [party for party in assessment.case.parties if party.role in ("claimant", "obligor")]
    signers = [f"{ROLES[party.role]}：{party.name or '　'}" for party in parties]
    entry = assessment.case.settlement
    if entry is not None:
        signers += [f"第三方：{each.name}" for each in entry.third_party]
        signers += [f"保险人：{each.insurer}" for each in entry.insurance]
    prepared["signers"] = signers or [ROLES["claimant"], ROLES["obligor"]]
    return prepared


def write_settlement(
    assessment: Assessment, path: Path, *, force: bool = False, template: Path | None = None
) -> None:
    """Write the settlement sheet of *assessment* to the Word file *path*.

    Raises
    ------
    InputError
        The case has neither settlement nor obligors nor punitive damages.
    OutputError
        The file exists and *force* is not given, or it cannot be written.
    ContentError
        The template is missing or faulty.
    """
    if assessment.performance is None:
        raise InputError(
            "案件文件没有履行方案（settlement），也没有 [obligors] 和 [punitive]",
            where=assessment.case.title,
            hint="全部以货币赔付的，写一个空的 [settlement]。",
        )
    held = render_word(
        template or folder("templates") / "settlement.docx", settlement_context(assessment)
    )
    write_one(path, held, force=force)
