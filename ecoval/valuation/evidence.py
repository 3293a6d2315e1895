"""What many rows rest on: one record for all rows of the same rules, and each row's fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import money
from ..findings import Finding
from ..rules.sources import STANDINGS, source
from .fingerprint import DIGITS, Named, record_mark, text_mark
from .item import Item, Used
from .keyed import Codes, Keys, ordinals
from .noise import cleared
from .resolving import Resolved

Marks = npt.NDArray[np.bytes_]

# The figures of so many rows stay in the cache while they are put together.
_AT_ONCE = 2048


@dataclass(frozen=True)
class Basis:
    """What rows of the same rules rest on, told by the item of one of them."""

    item: Item

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of every such row; what a row computes by itself is left out of the words."""
        varying = [used for used in self.item.rest_on() if used.origin == "method"]
        return tuple(_without(finding, varying) for finding in self.item.findings)

    @cached_property
    def looked_up(self) -> tuple[Used, ...]:
        """The terms that were taken from a table or from a parameter in force."""
        return tuple(used for used in self.item.rest_on() if used.origin in ("table", "parameter"))

    @cached_property
    def rule(self) -> str:
        """The standard with its clause, and each value that was looked up."""
        words = [f"{self.item.card.cited()}〔{STANDINGS[self.item.card.standing]}〕"]
        for used in self.looked_up:
            said = used.note if used.origin == "table" else source(used.source).short
            standing = STANDINGS[used.standing] if used.standing else ""
            words.append(f"{used.term.symbol}={used.text}（{said}）〔{standing}〕")
        return "；".join(words)

    @cached_property
    def standing(self) -> str:
        """The weakest standing of all that a row rests on."""
        held = [self.item.card.standing, *(part.card.standing for part in self.item.parts)]
        held += [used.standing for used in self.looked_up if used.standing]
        return STANDINGS[max(held, key=list(STANDINGS).index)]


def _without(finding: Finding, varying: Iterable[Used]) -> Finding:
    text = finding.text
    for used in varying:
        text = text.replace(f"{used.term.title} {used.text} ", f"{used.term.title}")
    return Finding(finding.code, finding.level, text, finding.where, finding.clause)


def fingerprints(item: Item, resolved: Resolved, fens: Any, rows: Codes) -> Marks:
    """Return the fingerprint of each of the *rows*, which rest on the same as *item*.

    They are those of the single items: the record is the same for all of them, and each row's own
    figures follow it.
    """
    figures = _RowFigures(resolved, fens, rows, [])
    record = record_mark(item.record(figures))
    head = np.frombuffer(record, dtype="<i8")
    columns = [_little(column).view("<i8") for column in figures.columns]
    table = np.empty((_AT_ONCE, len(head) + len(columns)), dtype="<i8")
    table[:, : len(head)] = head
    lines = table.view(f"V{table.shape[1] * 8}").ravel()
    digest, made = hashlib.sha256, list[bytes]()
    for start in range(0, len(rows), _AT_ONCE):
        part = slice(0, min(_AT_ONCE, len(rows) - start))
        for at, column in enumerate(columns, start=len(head)):
            table[part, at] = column[start : start + _AT_ONCE]
        made += [digest(line).digest() for line in lines[part].tolist()]
    marks = np.frombuffer(b"".join(made), dtype=np.uint8).reshape(len(rows), -1)[:, : DIGITS // 2]
    return np.frombuffer(marks.tobytes().hex().encode("ascii"), dtype=f"S{DIGITS}")


@dataclass(frozen=True)
class _RowFigures:
    """The figures of many rows: a column of eight bytes for each that the record names."""

    resolved: Resolved
    fens: Any
    rows: Codes
    columns: list[npt.NDArray[Any]]

    def day(self, day: date) -> Named:
        days = self.resolved.given.days
        return self._add("on", ordinals(days)[days.codes[self.rows]])

    def place(self, code: str) -> Named:
        codes = self.resolved.given.places
        return self._add("place", _marks(codes, self.rows, lambda each: text_mark(each.code)))

    def amount(self, fens: int) -> Named:
        return self._add("amount", self._fens())

    def exact(self, number: float) -> Named:
        return self._add("exact", cleared(self.resolved.exact[self.rows], 12))

    def step(self, name: str, number: float) -> Named:
        return self._add(name, cleared(self.resolved.steps[name][self.rows], 12))

    def choice(self, name: str, text: str) -> Named:
        return self._add(name, _marks(self.resolved.given.texts[name], self.rows, text_mark))

    def given(self, name: str, numbers: Iterable[float]) -> list[Named]:
        return [self._add(name, self.resolved.values[name][self.rows] + 0.0)]

    def computed(self, name: str, numbers: Iterable[float]) -> list[Named]:
        return [self._add(name, cleared(self.resolved.values[name][self.rows], 12))]

    def part(self, id: str) -> _RowFigures:
        return _RowFigures(self.resolved.parts[id], None, self.rows, self.columns)

    def _fens(self) -> npt.NDArray[np.int64]:
        """Return the printed amounts; those of a part are rounded here."""
        if self.fens is not None:
            return np.asarray(self.fens[self.rows], dtype=np.int64)
        card, exact = self.resolved.method.card, self.resolved.exact[self.rows]
        rounding = money.Rounding(card.rounding_to, card.rounding_rule)
        return np.array([money.fen(each, rounding) for each in exact.tolist()], dtype=np.int64)

    def _add(self, name: str, column: npt.NDArray[Any]) -> Named:
        self.columns.append(column)
        return {"figure": name}


def _little(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return column.astype(column.dtype.newbyteorder("<"), copy=False)


def _marks(keys: Keys[Any], rows: Codes, mark: Callable[[Any], bytes]) -> npt.NDArray[Any]:
    """Return the figure of each row's key, made once for each distinct key."""
    made = np.frombuffer(b"".join(mark(each) for each in keys.distinct), dtype="<i8")
    return made[keys.codes[rows]]
