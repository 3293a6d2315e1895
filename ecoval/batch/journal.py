"""What a run has finished, block by block on disk, so that it can be taken up after any end."""

from __future__ import annotations

import hashlib
import json
import math
import os
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from ..content import folder
from ..errors import OutputError, reason
from ..valuation.fingerprint import FORM
from ..version import VERSION
from .faults import Fault
from .running import Outcome
from .texts import Texts, fixed_texts

_TEXTS = (
    "status",
    "unit",
    "method",
    "rule",
    "standing",
    "findings",
    "head",
    "place",
)
_NUMBERS = ("rows", "fens", "is_money", "exact", "on")
_MARK = b"ecoval-journal-3\n"
# Seconds that a run may last before it is worth taking up again.
PATIENCE = 2.0


class Journal:
    """An append-only file beside the output: a key, then one record for each finished block.

    It is begun once the run has lasted `PATIENCE` seconds: what was valued before then is valued
    again as fast as it is read. A record that a kill cut off is dropped, and its block valued
    again. A journal of another input, other settings or other rules is not taken up.
    """

    def __init__(self, path: Path, key: Callable[[], str | None]) -> None:
        """Keep a journal at *path*; *key* says what the run hangs on, None if nobody can tell."""
        self.path = path
        self._key = key
        self._begun_at = time.monotonic()
        self._done: dict[tuple[int, int], bytes] = {}
        self._lock = threading.Lock()
        self._file: BinaryIO | None = None
        if path.exists():
            self._begin()

    def _begin(self) -> None:
        key = self._key()
        if key is None:
            self._begun_at = math.inf  # and never will begin
            return
        start = _MARK + key.encode() + b"\n"
        good = self._load(start)
        try:
            self._file = self.path.open("r+b" if good else "wb")
            if good:
                self._file.truncate(good)
                self._file.seek(good)
            else:
                self._write(start)
        except OSError as error:
            raise self._failed(error) from None

    def _failed(self, error: OSError) -> OutputError:
        return OutputError(f"写不出进度文件（{reason(error)}）", where=str(self.path))

    def _load(self, start: bytes) -> int:
        """Return how much of the file is whole records, 0 if it is not a journal of this run."""
        if not self.path.is_file():
            return 0
        held = self.path.read_bytes()
        if not held.startswith(start):
            return 0
        at = len(start)
        while len(held) >= at + 24:
            sheet, block, size, check = np.frombuffer(held[at : at + 24], dtype="<u4,<u4,<u8,<u8")[
                0
            ].item()
            record = held[at + 24 : at + 24 + size]
            # A disk that lost its power may hold zeros, which are no record.
            if not size or len(record) < size or zlib.crc32(record) != check:
                break
            self._done[sheet, block] = record
            at += 24 + size
        return at

    def _write(self, data: bytes) -> None:
        assert self._file is not None
        self._file.write(data)
        self._file.flush()
        os.fsync(self._file.fileno())

    @property
    def finished(self) -> int:
        """How many blocks an earlier run finished."""
        return len(self._done)

    def outcome(self, sheet: int, block: int) -> Outcome | None:
        """Return the outcome of a *block* that was finished before."""
        record = self._done.pop((sheet, block), None)
        return None if record is None else unpacked(record)

    def add(self, sheet: int, block: int, outcome: Outcome) -> None:
        """Record that a *block* is finished; when this returns, it is on disk, if the journal is begun."""
        if self._file is None and time.monotonic() - self._begun_at < PATIENCE:
            return
        record = packed(outcome)
        head = np.array([(sheet, block, len(record), zlib.crc32(record))], dtype="<u4,<u4,<u8,<u8")
        with self._lock:
            if self._file is None:
                self._begin()
            if self._file is None:
                return
            try:
                self._write(head.tobytes() + record)
            except OSError as error:
                raise self._failed(error) from None

    def close(self, *, done: bool) -> None:
        """Close the file; a *done* run leaves none behind."""
        if self._file is not None:
            self._file.close()
            if done:
                self.path.unlink(missing_ok=True)


def packed(outcome: Outcome) -> bytes:
    """Return *outcome* as bytes, to the last bit."""
    import pyarrow as pa

    columns: dict[str, Any] = {}
    for name in _TEXTS:
        columns[name] = getattr(outcome, name).encoded()
    columns["fingerprint"] = fixed_texts(outcome.fingerprint)
    for name in _NUMBERS:
        columns[name] = pa.array(getattr(outcome, name))
    for kind in ("steps", "values"):
        for name, column in getattr(outcome, kind).items():
            columns[f"{kind}.{name}"] = pa.array(column)
    said = {
        "faults": [fault.as_list() for fault in outcome.faults],
        "notes": [[*key, *counted] for key, counted in outcome.notes.items()],
        "used": [[list(key), count] for key, count in outcome.used.items()],
    }
    table = pa.table(columns).replace_schema_metadata(
        {"said": json.dumps(said, ensure_ascii=False)}
    )
    target = pa.BufferOutputStream()
    with pa.ipc.new_stream(target, table.schema) as stream:
        stream.write_table(table)
    return target.getvalue().to_pybytes()  # type: ignore[no-any-return]


def unpacked(record: bytes) -> Outcome:
    """Return the outcome that `packed` made into *record*."""
    import pyarrow as pa

    with pa.ipc.open_stream(record) as stream:
        table = stream.read_all()
    said = json.loads(table.schema.metadata[b"said"])
    outcome = Outcome.blank(np.array(table["rows"].to_numpy()), ())
    for name in _TEXTS:
        setattr(outcome, name, Texts.of(table[name].combine_chunks()))
    outcome.fingerprint = np.array(table["fingerprint"].fill_null("").to_pylist(), dtype="S12")
    for name in _NUMBERS:
        setattr(outcome, name, np.array(table[name].to_numpy()))
    for name in table.column_names:
        kind, found, own = name.partition(".")
        if found:
            getattr(outcome, kind)[own] = np.array(table[name].to_numpy())
    outcome.faults = [Fault(*each) for each in said["faults"]]
    outcome.notes = {tuple(each[:3]): tuple(each[3:]) for each in said["notes"]}
    outcome.used = {tuple(key): count for key, count in said["used"]}
    return outcome


def run_key(sources: Sequence[Path], settings: dict[str, Any]) -> str:
    """Return what a run hangs on: the *sources*, the settings, the version and every rule."""
    made = hashlib.sha256(json.dumps(settings, sort_keys=True, ensure_ascii=False).encode("utf-8"))
    made.update(f"{VERSION} {FORM} {rules_key()}".encode())
    for source in sources:
        with source.open("rb") as held:
            while piece := held.read(1 << 22):
                made.update(piece)
    return made.hexdigest()


@lru_cache(maxsize=1)
def rules_key() -> str:
    """Return the digest of every rule; like the rules themselves, they are read once a process."""
    made = hashlib.sha256()
    for kind in ("methods", "data"):
        for path in sorted(folder(kind).rglob("*")):
            if path.suffix in (".toml", ".csv"):
                made.update(path.read_bytes())
    return made.hexdigest()
