"""Twelve hex digits that stand for a calculation: the same digits, the same calculation."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, Protocol

DIGITS = 12
# Raised when what a fingerprint covers, or how, becomes another.
FORM = 2

# What stands for a figure in a record: which it is.
Named = dict[str, str]


def fingerprint(content: Any) -> str:
    """Return the fingerprint of *content*, which must be plain JSON data.

    Floats go in with every digit, keys in sorted order, so that the order of a file does not
    change it.
    """
    return hashlib.sha256(_text(content)).hexdigest()[:DIGITS]


def settled(number: float) -> str:
    """Return a computed *number* with twelve significant digits, for a fingerprint.

    The last bits of a power differ between processors; the calculation does not.
    """
    return format(number, ".12g")


class Figures(Protocol):
    """The figures of a calculation, each eight bytes, in the order in which its record names them.

    A record says of each figure only which it is. So rows that rest on the same rules share their
    record, and each of them has its fingerprint by its figures alone. All are little-endian: a
    number that was given is an IEEE double, one that was computed the double of its twelve
    significant digits, zero without a sign; an amount its fen and a day its ordinal (1 is
    0001-01-01) as integers; a text the first eight bytes of the SHA-256 of its UTF-8.

    Each method takes a figure and returns what stands for it in the record.
    """

    def day(self, day: date) -> Named:
        """Take the *day* whose rules apply."""

    def place(self, code: str) -> Named:
        """Take the *code* of the place whose rules apply."""

    def amount(self, fens: int) -> Named:
        """Take the printed amount, in *fens*."""

    def exact(self, number: float) -> Named:
        """Take the exact result."""

    def step(self, name: str, number: float) -> Named:
        """Take the intermediate result *name*."""

    def choice(self, name: str, text: str) -> Named:
        """Take what was chosen for *name*."""

    def given(self, name: str, numbers: Iterable[float]) -> list[Named]:
        """Take the *numbers* that were given for the term *name*, one or one for each line."""

    def computed(self, name: str, numbers: Iterable[float]) -> list[Named]:
        """Take the *numbers* that another method came to for the term *name*."""

    def part(self, id: str) -> Figures:
        """Return what takes the figures of the part *id*: they follow those of the whole."""


class ItemFigures:
    """The figures of one item."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def day(self, day: date) -> Named:
        """Take the ordinal of *day*."""
        return self._put("on", struct.pack("<q", day.toordinal()))

    def place(self, code: str) -> Named:
        """Take the hash of the *code*."""
        return self._put("place", text_mark(code))

    def amount(self, fens: int) -> Named:
        """Take the *fens*."""
        return self._put("amount", struct.pack("<q", fens))

    def exact(self, number: float) -> Named:
        """Take the twelve digits of *number*."""
        return self._put("exact", _settled(number))

    def step(self, name: str, number: float) -> Named:
        """Take the twelve digits of *number*."""
        return self._put(name, _settled(number))

    def choice(self, name: str, text: str) -> Named:
        """Take the hash of *text*."""
        return self._put(name, text_mark(text))

    def given(self, name: str, numbers: Iterable[float]) -> list[Named]:
        """Take the *numbers* in full."""
        return [self._put(name, _number(number)) for number in numbers]

    def computed(self, name: str, numbers: Iterable[float]) -> list[Named]:
        """Take the twelve digits of each of *numbers*."""
        return [self._put(name, _settled(number)) for number in numbers]

    def part(self, id: str) -> ItemFigures:
        """Return itself: the figures of a part follow in the order of the record."""
        return self

    def digest(self, record: Any) -> str:
        """Return the SHA-256 in hex over that of *record* and the figures behind it."""
        return hashlib.sha256(record_mark(record) + b"".join(self._held)).hexdigest()

    def _put(self, name: str, mark: bytes) -> Named:
        self._held.append(mark)
        return {"figure": name}


def record_mark(record: Any) -> bytes:
    """Return the SHA-256 of *record* as JSON."""
    return hashlib.sha256(_text(record)).digest()


@lru_cache(maxsize=65_536)
def text_mark(text: str) -> bytes:
    """Return *text* as a figure."""
    return hashlib.sha256(text.encode("utf-8")).digest()[:8]


def _number(number: float) -> bytes:
    return struct.pack("<d", number + 0.0)


def _settled(number: float) -> bytes:
    return _number(float(settled(number)))


def _text(content: Any) -> bytes:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8")
