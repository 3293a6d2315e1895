"""What many rows rest on: one record for all rows of the same rules, and each row's fingerprint."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import money
from ..findings import Finding
from ..rules.sources import STANDINGS, source
from .fingerprint import settled
from .item import Item, Used
from .keyed import Array, Codes
from .noise import cleared
from .resolving import Resolved

# Between these pyarrow writes a number as Python does, without an exponent.
_PLAIN_FROM, _PLAIN_TO = 1e-4, 1e10

_HOLE = re.compile(r'"\\u0000([^"]+)"')


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


def fingerprints(item: Item, resolved: Resolved, fens: Any, rows: Codes) -> npt.NDArray[np.str_]:
    """Return the fingerprint of each of the *rows*, which rest on the same as *item*.

    They are those of the single items: the record is written once, and each row's own numbers
    are put into it.
    """
    import pyarrow.compute as pc

    fields: dict[str, Any] = {}

    def hole(name: str, texts: Callable[[], Any]) -> str:
        if name not in fields:
            fields[name] = texts()
        return f"\0{name}"

    record = _record(item, resolved, fens, rows, hole, "")
    text = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    pieces = _HOLE.split(text)
    parts = [fields[piece] if place % 2 else piece for place, piece in enumerate(pieces)]
    joined = pc.binary_join_element_wise(*parts, "")
    ends = np.frombuffer(joined.buffers()[1], dtype=np.int32)[: len(rows) + 1].tolist()
    held = memoryview(joined.buffers()[2])
    digest = hashlib.sha256
    marks = b"".join([digest(held[start:end]).digest()[:6] for start, end in pairwise(ends)])
    return np.frombuffer(marks.hex().encode(), dtype="S12").astype("U12")


def _record(
    item: Item,
    resolved: Resolved,
    fens: Any,
    rows: Codes,
    hole: Callable[[str, Callable[[], Any]], str],
    prefix: str,
) -> dict[str, Any]:
    """Return the figures of *item* with a hole for whatever each row has of its own."""
    figures = item.figures()
    given = resolved.given
    place = hole("place", lambda: _coded(given.places, rows, lambda each: each.code))
    figures["on"] = hole("on", lambda: _coded(given.days, rows, lambda each: each.isoformat()))
    figures["place"] = place
    figures["exact"] = hole(f"{prefix}exact", partial(_settled, resolved.exact[rows]))
    if item.fens is None:
        figures["amount"] = figures["exact"]
    else:
        figures["amount"] = hole(f"{prefix}amount", partial(_amounts, item, resolved, fens, rows))
    for used, entry in zip(item.inputs, figures["inputs"], strict=True):
        if used.origin in ("given", "method"):
            write = _in_full if used.origin == "given" else _settled
            texts = partial(write, resolved.values[used.term.name][rows])
            entry["values"] = [hole(f"{prefix}term.{used.term.name}", texts)]
    for name in figures["choices"]:
        texts = partial(_coded, given.texts[name], rows, str)
        figures["choices"][name] = hole(f"{prefix}choice.{name}", texts)
    for step in figures["steps"]:
        texts = partial(_settled, resolved.steps[step[0]][rows])
        step[1] = hole(f"{prefix}step.{step[0]}", texts)
    for found in figures["parameters"]:
        found["asked"] = place
    figures["parts"] = [
        _record(part, resolved.parts[part.card.id], None, rows, hole, f"{prefix}{part.card.id}.")
        for part in item.parts
    ]
    return figures


def _in_full(column: Array) -> Any:
    """Return each number as JSON has it: the fewest digits that stand for it, 500.0 with its zero."""
    import pyarrow as pa
    import pyarrow.compute as pc

    size = np.abs(column)
    if not np.all((size == 0) | ((size >= _PLAIN_FROM) & (size < _PLAIN_TO))):
        return pa.array([repr(each) for each in column.tolist()], pa.string())
    texts = pc.cast(pa.array(column), pa.string())
    pointed = pc.match_substring(texts, ".")
    return pc.if_else(pointed, texts, pc.binary_join_element_wise(texts, ".0", ""))


def _settled(column: Array) -> Any:
    """Return each number with twelve significant digits, in quotes, as `settled` writes it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rounded = cleared(column, 12)
    size = np.abs(rounded)
    if not np.all((size >= _PLAIN_FROM) & (size < _PLAIN_TO)):
        return pa.array([f'"{settled(each)}"' for each in column.tolist()], pa.string())
    return pc.binary_join_element_wise('"', pc.cast(pa.array(rounded), pa.string()), '"', "")


def _amounts(item: Item, resolved: Resolved, fens: Any, rows: Codes) -> Any:
    """Return the printed amounts; those of a part are rounded here."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if fens is None:
        exact = resolved.exact[rows].tolist()
        each_fen = np.array([money.fen(each, item.rounding) for each in exact], dtype=np.int64)
    else:
        each_fen = fens[rows]
    if each_fen.min() < 0:
        return pa.array([f'"{money.yuan(each)}"' for each in each_fen.tolist()], pa.string())
    yuan = pc.cast(pa.array(each_fen // 100), pa.string())
    rest = pc.utf8_lpad(pc.cast(pa.array(each_fen % 100), pa.string()), 2, "0")
    return pc.binary_join_element_wise('"', yuan, ".", rest, '"', "")


@lru_cache(maxsize=65_536)
def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _coded(keys: Any, rows: Codes, write: Callable[[Any], str]) -> Any:
    """Return the key of each row as JSON text, written once for each distinct key."""
    import pyarrow as pa

    texts = [_json(write(each)) for each in keys.distinct]
    return pa.array(texts, pa.string()).take(pa.array(keys.codes[rows]))
