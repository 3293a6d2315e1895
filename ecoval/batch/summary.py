"""Counts and sums of a run: by head, method, place and year; exact in fen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from ..valuation.keyed import Codes, combined
from ..valuation.registry import method
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
            fens = outcome.fens[counted]
            self.total.count += len(fens)
            self.total.fens += int(fens.sum())
            on = outcome.on[counted]
            years = range(*(date.fromordinal(int(each)).year for each in (on.min(), on.max())))
            starts = [date(year + 1, 1, 1).toordinal() for year in years]
            self._by(
                {
                    "head": [each or UNSAID for each in outcome.head.known],
                    "method": [method(id).card.title if id else "" for id in outcome.method.known],
                    "place": outcome.place.known,
                    "year": [str(year) for year in (*years, years.stop)],
                },
                [
                    outcome.head.codes[counted],
                    outcome.method.codes[counted],
                    outcome.place.codes[counted],
                    np.searchsorted(starts, on, "right"),
                ],
                fens,
            )
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

    def _by(self, names: Mapping[str, Sequence[str]], codes: Sequence[Codes], fens: Codes) -> None:
        """Count the rows once for each combination of codes, and then each dimension's own."""
        kinds, first = combined(codes, len(fens))
        sums = np.zeros(len(first), dtype=np.int64)
        np.add.at(sums, kinds, fens)
        counts = np.bincount(kinds, minlength=len(first))
        for (dimension, known), own in zip(names.items(), codes, strict=True):
            lines = self.lines[dimension]
            places = own[first].tolist()
            for place, amount, count in zip(places, sums.tolist(), counts.tolist(), strict=True):
                line = lines.setdefault(known[place], Line())
                line.count += count
                line.fens += amount
