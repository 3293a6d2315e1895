"""The Excel text, recalculated by LibreOffice, gives what the formula computes."""

import csv
import math
import random
import shutil
import subprocess

import numpy as np
import pytest

from ecoval.formula import excel, exp, highest, largest, log, smallest, total, where, years
from ecoval.formula.evaluate import evaluate
from ecoval.formula.tree import Comparison, Operand, Sum, indices, walk

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")

X, Y, Z, FIRST, COUNT = (Operand(name) for name in ("x", "y", "z", "first", "count"))
V, U = Operand("v", "lines"), Operand("u", "lines")
# Where each operand stands on the sheet of inputs; the lines of v and u stand below each other.
COLUMNS = {"x": "A", "y": "B", "z": "C", "first": "D", "count": "E", "v": "F", "u": "G"}
LINES = 4

# Recalculate on load, always: LibreOffice otherwise believes the values stored in the file.
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode"><value>0</value></prop></item></oor:items>
"""


def _grow(dice, leaves, depth):
    """Return a random formula of *leaves*."""
    if depth == 0 or dice.random() < 0.1:
        return dice.choice(leaves)
    one, other = (_grow(dice, leaves, depth - 1) for _ in range(2))
    third, fourth = dice.choice(leaves), dice.choice(leaves)
    return dice.choice(
        [
            lambda: one + other,
            lambda: one - other,
            lambda: one * other,
            lambda: one / other,
            lambda: one / other / third,
            lambda: one - (other - third),
            lambda: -one,
            lambda: dice.choice([-2, 0.5, 1000, -1.25]) * one,
            lambda: (-one) ** 2,
            lambda: -(one**2) - other,
            lambda: third ** (other / (1 + other**2)),
            lambda: (third**fourth) ** 0.5,
            lambda: third ** (fourth**0.5),
            lambda: one**-2,
            lambda: exp(-third) * one,
            lambda: log(1 + third) - other,
            lambda: smallest(one, other, third),
            lambda: largest(one, other),
            lambda: where(one < other, third, other),
            lambda: where(one >= other, one - other, where(third > fourth, third, other)),
        ]
    )()


def _over_years(dice):
    start, end = dice.choice(
        [(FIRST, FIRST + COUNT - 1), (1, COUNT), (FIRST - COUNT, FIRST), (-COUNT, COUNT)]
    )
    year = years(start, end)
    body = _grow(dice, [X, Y, Z, year - start + 1], 2) * (1 + X / 100) ** (start - year)
    return _grow(dice, [X, Y, total(body)], 2) + total(body)


def _over_lines(dice):
    body = V * _grow(dice, [X, Y, V, U], 3)
    return _grow(dice, [X, Y, total(body)], 2) - total(body)


def _inputs(dice):
    values = {name: round(dice.uniform(0.2, 6), 3) for name in "xyz"}
    values |= {"first": float(dice.randint(1990, 2030)), "count": float(dice.randint(1, 9))}
    for name in "vu":
        values[name] = np.array([round(dice.uniform(0.2, 6), 3) for _ in range(LINES)])
    return values


def _steady(formula, values):
    """Tell whether every part is defined, and a small push gives a small change."""
    if len(excel(formula, lambda leaf: leaf.name)) > 2000:
        return False
    for part in walk(formula):
        runs = indices(part)
        whole = Sum(part, runs[0]) if runs else part
        if not isinstance(part, Comparison) and not np.isfinite(evaluate(whole, values)[0]).all():
            return False
    pushed = {
        name: value * (1 + 1e-9 * (place + 1)) if name in "xyzvu" else value
        for place, (name, value) in enumerate(values.items())
    }
    one, other = (float(evaluate(formula, given)[0]) for given in (values, pushed))
    return math.isfinite(one) and 1e-6 < abs(one) < 1e9 and math.isclose(one, other, rel_tol=1e-6)


def _random_rows():
    dice = random.Random(20261122)
    rows = []
    kinds = [lambda: _grow(dice, [X, Y, Z], 4)] * 4 + [lambda: _over_years(dice)]
    kinds.append(lambda: _over_lines(dice))
    while len(rows) < 300:
        formula, values = kinds[len(rows) % len(kinds)](), _inputs(dice)
        if _steady(formula, values):
            rows.append((formula, values))
    return rows


PLAIN = _inputs(random.Random(1))
SPAN, FROM_ZERO = years(FIRST, FIRST + COUNT - 1), years(0, COUNT)
EDGES = {
    "an empty span": (X + total(Y * SPAN), PLAIN | {"count": 0.0}),
    "a span that ends before it begins": (X + total(Y * SPAN), PLAIN | {"count": -3.0}),
    "a guarded division": (where(X > 0, Y / X, Z), PLAIN | {"x": 0.0}),
    "a guarded division over lines": (
        total(where(V > 0, Y / V, Z)),
        PLAIN | {"v": np.array([1.0, 0.0, 2.0, 4.0])},
    ),
    "the largest of the lines": (highest((V - U) / U) + X, PLAIN),
    "the largest of lines that are guarded": (
        highest(where(V > 0, Y / V, Z)),
        PLAIN | {"v": np.array([1.0, 0.0, 2.0, 4.0])},
    ),
    "a guarded logarithm over years": (
        total(where(FROM_ZERO > 0, log(FROM_ZERO), Z)),
        PLAIN | {"count": 5.0},
    ),
}


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory):
    """What LibreOffice makes of every row: the random ones, then the edges."""
    xlsxwriter = pytest.importorskip("xlsxwriter", reason="needs the PyPI package xlsxwriter")
    folder = tmp_path_factory.mktemp("office")
    with xlsxwriter.Workbook(folder / "book.xlsx") as book:
        results, inputs = book.add_worksheet("results"), book.add_worksheet("inputs")
        for place, (formula, values) in enumerate([*_random_rows(), *EDGES.values()]):
            top = place * LINES + 1
            for name, column in COLUMNS.items():
                for line, value in enumerate(np.atleast_1d(values[name])):
                    inputs.write_number(f"{column}{top + line}", float(value))
            written = excel(formula, lambda leaf, top=top: _reference(leaf, top))
            results.write_formula(place, 0, f"={written}")
    (folder / "profile" / "user").mkdir(parents=True)
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.write_text(RECALCULATE, encoding="utf-8")
    profile = (folder / "profile").as_uri()
    # 44,34,76,1: commas, quotes, UTF-8, from the first line; the false before last: all digits.
    to_csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false"
    command = [SOFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", to_csv]
    command += ["--outdir", str(folder), str(folder / "book.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with (folder / "book.csv").open(encoding="utf-8", newline="") as rows:
        return [row[0] for row in csv.reader(rows)]


def _reference(leaf, top):
    column = COLUMNS[leaf.name]
    cells = f"${column}${top}:${column}${top + LINES - 1}" if leaf.line else f"{column}{top}"
    return f"inputs!{cells}"


def _agree(cell, formula, values):
    computed = float(evaluate(formula, values)[0])
    said = f"the workbook shows {cell}, the formula computes {computed}"
    assert math.isfinite(computed)
    assert cell.lstrip("-")[:1].isdigit() and math.isclose(float(cell), computed, rel_tol=1e-9), (
        f"{said}: {excel(formula, lambda leaf: leaf.name)} for {values}"
    )


def test_libreoffice_computes_what_the_formula_computes(recalculated):
    rows = _random_rows()
    assert len(recalculated) == len(rows) + len(EDGES)
    for (formula, values), cell in zip(rows, recalculated, strict=False):
        _agree(cell, formula, values)


@pytest.mark.parametrize("edge", EDGES)
def test_libreoffice_agrees_at_the_edges_too(recalculated, edge):
    _agree(recalculated[-len(EDGES) :][list(EDGES).index(edge)], *EDGES[edge])
