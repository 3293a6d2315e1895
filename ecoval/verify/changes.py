"""A difference between what a document shows and what its case comes to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """A text that is not what the case comes to; one of the two is empty where it was put in or cut."""

    where: str
    printed: str
    recomputed: str

    def __str__(self) -> str:
        if not self.recomputed:
            return f"{self.where}：多出“{self.printed}”"
        if not self.printed:
            return f"{self.where}：缺少“{self.recomputed}”"
        return f"{self.where}：应为“{self.recomputed}”，印作“{self.printed}”"
