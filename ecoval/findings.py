"""What the reader of a result must be told beside the figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["stop", "warning", "note"]

LEVELS: dict[Level, str] = {"stop": "须处理", "warning": "请注意", "note": "说明"}


@dataclass(frozen=True)
class Finding:
    """One thing found: *stop* forbids signing, *warning* must be weighed, *note* is for the record.

    ``code`` is for programs and does not change; ``text`` is what is printed; ``where`` names the
    item or the part of the case; ``clause`` is the rule it rests on.
    """

    code: str
    level: Level
    text: str
    where: str = ""
    clause: str = ""

    def __str__(self) -> str:
        place = f"{self.where}：" if self.where else ""
        clause = f"（{self.clause}）" if self.clause else ""
        return f"【{LEVELS[self.level]}】{place}{self.text}{clause}"

    def as_dict(self) -> dict[str, str]:
        """Return the finding as it stands in JSON."""
        return {
            "code": self.code,
            "level": self.level,
            "text": self.text,
            "where": self.where,
            "clause": self.clause,
        }


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return *findings*, each once, the gravest first and otherwise in their order."""
    order = list(LEVELS)
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: order.index(finding.level)))
