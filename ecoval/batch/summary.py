"""Counts and sums of a run: by head, method, place and year; exact in fen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from ..valuation import methods
from ..valuation.keyed import Keys, Mask
from .running import DONE, Outcome

DIMENSIONS = {"head": "赔偿科目", "method": "方法", "place": "地点", "year": "年份"}
UNSAID = "（未注明）"


@dataclass
class Line:
    """How many items, and their sum in fen."""

    count: int = 0
    fens: int = 0


@dataclass
class Summary:
    """What a run comes to; only amounts of money are summed."""

    statuses: dict[str, int] = field(default_factory=dict)
    lines: dict[str, dict[str, Line]] = field(
        default_factory=lambda: {each: {} for each in DIMENSIONS}
    )
    total: Line = field(default_factory=Line)
    used: dict[tuple[str, ...], int] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        """Count the rows of *outcome*."""
        for name in outcome.status.known:
            if count := int(outcome.status.are(name).sum()):
                self.statuses[name] = self.statuses.get(name, 0) + count
        counted = outcome.status.are(DONE) & outcome.is_money
        if counted.any():
            self.total.count += int(counted.sum())
            self.total.fens += int(outcome.fens[counted].sum())
            titles = {id: known.card.title for id, known in methods().items()}
            heads = [each or UNSAID for each in outcome.head.known]
            named = [titles.get(each, each) for each in outcome.method.known]
            days, codes = np.unique(outcome.on, return_inverse=True)
            years = Keys.of([date.fromordinal(day).year if day else 0 for day in days.tolist()])
            self._by("head", Keys(outcome.head.codes, tuple(heads)), outcome, counted)
            self._by("method", Keys(outcome.method.codes, tuple(named)), outcome, counted)
            self._by(
                "place", Keys(outcome.place.codes, tuple(outcome.place.known)), outcome, counted
            )
            self._by("year", Keys(years.codes[codes], years.distinct), outcome, counted)
        for key, count in outcome.used.items():
            self.used[key] = self.used.get(key, 0) + count

    def merge(self, other: Summary) -> None:
        """Count in what *other* rows come to."""
        for name, count in other.statuses.items():
            self.statuses[name] = self.statuses.get(name, 0) + count
        for dimension, lines in other.lines.items():
            for name, line in lines.items():
                own = self.lines[dimension].setdefault(name, Line())
                own.count += line.count
                own.fens += line.fens
        self.total.count += other.total.count
        self.total.fens += other.total.fens
        for key, count in other.used.items():
            self.used[key] = self.used.get(key, 0) + count

    def _by(self, dimension: str, keys: Keys[Any], outcome: Outcome, counted: Mask) -> None:
        sums = np.zeros(len(keys.distinct), dtype=np.int64)
        np.add.at(sums, keys.codes[counted], outcome.fens[counted])
        counts = np.bincount(keys.codes[counted], minlength=len(sums))
        lines = self.lines[dimension]
        for key, amount, count in zip(keys.distinct, sums.tolist(), counts.tolist(), strict=True):
            if count:
                line = lines.setdefault(str(key), Line())
                line.count += count
                line.fens += amount
