"""What the law says of a case besides its figures: heads, ending, negotiation, time limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..findings import Finding
from .deadlines import deadlines_of
from .ending import ending_findings
from .heads import citation_findings, head_findings
from .model import Case

if TYPE_CHECKING:
    from .assessment import AssessedItem


def procedure_findings(case: Case, items: Sequence[AssessedItem]) -> Iterator[Finding]:
    """Yield everything found on the procedure of *case* and on the law it rests on."""
    yield from head_findings(case, items)
    yield from citation_findings(case)
    yield from ending_findings(case)
    yield from deadlines_of(case).findings
