"""Runs that were cut off, and taken up again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ecoval.batch import value_book

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
journal.PATIENCE = 0
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
def test_a_killed_run_is_taken_up_with_the_same_bytes(tmp_path: Path) -> None:
    rows = many(600)
    rows[17][3] = -1
    rows[300][2] = "2023.5"
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, *rows]), ("说明", [["只是说明"]]))
    whole, cut = tmp_path / "whole.xlsx", tmp_path / "cut.xlsx"
    command = [sys.executable, "-c", SCRIPT, str(path)]
    subprocess.run([*command, str(whole), "0"], check=True, capture_output=True)
    journal, dice, killed = tmp_path / "cut.xlsx.journal", random.Random(9), 0
    for _ in range(4):
        size = journal.stat().st_size if journal.exists() else 0
        run = subprocess.Popen([*command, str(cut), "0.15"], stdout=subprocess.DEVNULL)
        while run.poll() is None and not (journal.exists() and journal.stat().st_size > size + 100):
            time.sleep(0.01)
        time.sleep(dice.uniform(0, 0.4))
        if run.poll() is None:
            run.send_signal(signal.SIGKILL)
            killed += 1
        run.wait()
        assert not cut.exists()
    assert killed == 4
    # What a kill can leave of a record in the middle of its writing.
    with journal.open("ab") as target:
        target.write(b"\x00" * 37)
    done = subprocess.run([*command, str(cut), "0"], check=True, capture_output=True, text=True)
    assert int(done.stdout) >= 4
    assert cut.read_bytes() == whole.read_bytes()
    assert not journal.exists()


@pytest.mark.skipif(os.name == "nt", reason="sends the interrupt as POSIX does")
def test_ctrl_c_ends_cleanly(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, *many(600)]))
    command = [sys.executable, "-c", SCRIPT, str(path), str(tmp_path / "r.xlsx"), "0.2"]
    journal = tmp_path / "r.xlsx.journal"
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    while run.poll() is None and not (journal.exists() and journal.stat().st_size > 2000):
        time.sleep(0.01)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert b"KeyboardInterrupt" in said
    assert {each.name for each in tmp_path.iterdir()} == {"a.xlsx", "r.xlsx.journal"}
    assert value_book(path, tmp_path / "r.xlsx").done == 600


def test_a_journal_of_other_input_is_not_taken_up(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", (METHOD, [HEADERS, GOOD]))
    journal = tmp_path / "r.xlsx.journal"
    journal.write_bytes(b"ecoval-journal-2\nsomething else\n" + bytes(100))
    assert value_book(path, tmp_path / "r.xlsx").resumed == 0
