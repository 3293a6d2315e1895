"""Runs that were cut off, and taken up again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ecoval.batch import journal, runs, value_book

from .batch_books import (
    GOOD,
    HEADERS,
    METHOD,
    book_of,
    many,
)

SCRIPT = """
import sys, time
from ecoval.batch import cutting, journal, value_book
journal.PATIENCE = float(sys.argv[4])
cutting._READ = 4000
cutting.Cutter.pieces.__kwdefaults__["size"] = 4000
real = journal.Journal.add
def slow(self, *args):
    real(self, *args)
    time.sleep(float(sys.argv[3]))
journal.Journal.add = slow
print(value_book(sys.argv[1], sys.argv[2]).resumed)
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is of POSIX")
@pytest.mark.parametrize("patience", ["0", "0.4"])
def test_a_killed_run_is_taken_up_with_the_same_bytes(tmp_path: Path, patience: str) -> None:
    rows = many(600)
    rows[17][3] = -1
    rows[300][2] = "2023.5"
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, *rows]), ("说明", [["只是说明"]]))
    whole, cut = tmp_path / "whole.xlsx", tmp_path / "cut.xlsx"
    command = [sys.executable, "-c", SCRIPT, str(path)]
    subprocess.run([*command, str(whole), "0", "0"], check=True, capture_output=True)
    kept, dice, killed = tmp_path / "cut.xlsx.journal", random.Random(9), 0
    for _ in range(4):
        size = kept.stat().st_size if kept.exists() else 0
        run = subprocess.Popen([*command, str(cut), "0.15", patience], stdout=subprocess.DEVNULL)
        while run.poll() is None and not (kept.exists() and kept.stat().st_size > size + 100):
            time.sleep(0.01)
        time.sleep(dice.uniform(0, 0.4))
        if run.poll() is None:
            run.send_signal(signal.SIGKILL)
            killed += 1
        run.wait()
        assert not cut.exists()
    assert killed == 4
    # What a kill can leave of a record in the middle of its writing.
    with kept.open("ab") as target:
        target.write(b"\x00" * 37)
    done = subprocess.run(
        [*command, str(cut), "0", "0"], check=True, capture_output=True, text=True
    )
    assert int(done.stdout) >= 4
    assert cut.read_bytes() == whole.read_bytes()
    assert not kept.exists()


@pytest.mark.skipif(os.name == "nt", reason="sends the interrupt as POSIX does")
def test_ctrl_c_ends_cleanly(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, *many(600)]))
    command = [sys.executable, "-c", SCRIPT, str(path), str(tmp_path / "r.xlsx"), "0.2", "0"]
    kept = tmp_path / "r.xlsx.journal"
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    while run.poll() is None and not (kept.exists() and kept.stat().st_size > 2000):
        time.sleep(0.01)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert b"KeyboardInterrupt" in said
    assert {each.name for each in tmp_path.iterdir()} == {"a.xlsx", "r.xlsx.journal"}
    assert value_book(path, tmp_path / "r.xlsx").done == 600


def test_a_journal_of_other_input_is_not_taken_up(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, GOOD]))
    (tmp_path / "r.xlsx.journal").write_bytes(journal._MARK + b"something else\n" + bytes(100))
    assert value_book(path, tmp_path / "r.xlsx").resumed == 0


def parquet_of(path: Path, *rows: list[float]) -> Path:
    pq.write_table(
        pa.table([list(column) for column in zip(*rows, strict=True)], names=HEADERS[3:]), path
    )
    return path


@pytest.mark.parametrize(
    "meanwhile",
    [
        "written anew",
        pytest.param(
            "gone", marks=pytest.mark.skipif(os.name == "nt", reason="an open file stays")
        ),
    ],
)
def test_a_source_that_changes_meanwhile_is_not_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    rows = [[500.0, 8.3, 1.5, 1.25, 2.0]] * 8
    path = parquet_of(tmp_path / "a.parquet", *rows)
    add, key = journal.Journal.add, runs.run_key
    kept: list[bytes] = []

    def hashed(*args):
        if meanwhile == "written anew":
            parquet_of(path, *[[600.0, *row[1:]] for row in rows])
        return key(*args)

    def added(self, *args):
        if meanwhile == "gone":
            path.unlink(missing_ok=True)
        add(self, *args)
        kept.extend([self.path.read_bytes()] if self.path.exists() else [])

    monkeypatch.setattr(journal, "PATIENCE", 0)
    monkeypatch.setattr(runs, "run_key", hashed)
    monkeypatch.setattr(journal.Journal, "add", added)
    report = value_book(path, tmp_path / "r.parquet", method=METHOD, on="2024-06-01")
    assert report.done == 8
    assert not kept
