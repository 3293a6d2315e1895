"""Rows valued at once are, to the last bit and in all they rest on, their single items."""

import random
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from ecoval.errors import EcovalError, InputError
from ecoval.numerals import plain
from ecoval.rules.jurisdictions import place
from ecoval.units import measure, unit_text
from ecoval.valuation import methods
from ecoval.valuation.definition import as_day
from ecoval.valuation.fingerprint import ItemFigures
from ecoval.valuation.keyed import Cells, Keys, RowsGiven, combined
from ecoval.valuation.noise import cleared
from ecoval.valuation.rows import value_rows

from .golden import golden_cases

ROWS = 12


@drawn(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300))
def test_a_cleared_number_is_the_plain_one(number):
    assert float(cleared(number)) == float(plain(number))


def test_a_cleared_column_is_the_plain_numbers():
    dice = np.random.default_rng(7)
    numbers = dice.uniform(1, 10, 20_000) * 10.0 ** dice.integers(-20, 25, 20_000)
    assert cleared(numbers).tolist() == [float(plain(number)) for number in numbers]


def test_a_computed_figure_enters_a_fingerprint_as_its_twelve_digits():
    from ecoval.valuation.fingerprint import settled

    dice = np.random.default_rng(8)
    for low, high in ((-4, 12), (-12, 20), (0, 3), (3, 9), (8, 10)):
        numbers = dice.uniform(-10, 10, 3000) * 10.0 ** dice.integers(low, high, 3000)
        numbers[:100] = np.round(numbers[:100])
        alone = np.array([float(settled(each)) for each in numbers.tolist()]) + 0.0
        assert cleared(numbers, 12).tobytes() == alone.tobytes()


@pytest.mark.parametrize("number", [0.0, -0.0])
def test_a_zero_is_cleared_of_its_sign(number):
    assert cleared([number]).tobytes() == np.array([float(plain(number))]).tobytes()


@drawn(
    st.lists(st.lists(st.integers(-2, 4), min_size=7, max_size=7), max_size=4), st.integers(0, 7)
)
def test_combinations_are_counted_in_the_order_of_their_first_rows(columns, rows):
    codes, first = combined([np.array(each[:rows], dtype=np.int64) for each in columns], rows)
    parts = [each[:rows] for each in columns]
    kinds = list(zip(*parts, strict=True)) if columns else [()] * rows
    known = list(dict.fromkeys(kinds))
    assert codes.tolist() == [known.index(kind) for kind in kinds]
    assert first.tolist() == [kinds.index(kind) for kind in known]


NUMBERS = st.lists(st.floats(allow_nan=False).map(lambda number: number + 0.0), max_size=3)
SAID = st.lists(st.tuples(st.sampled_from("ab"), NUMBERS), max_size=3)


@drawn(SAID, SAID)
def test_what_differs_has_another_digest(one, other):
    def digest(said):
        figures = ItemFigures()
        return figures.digest([[name, figures.given(name, numbers)] for name, numbers in said])

    assert (digest(one) == digest(other)) == (one == other)


def test_the_order_in_which_choices_were_made_does_not_tell():
    item = methods()["wildlife-land"].value(
        {
            "number": "1 只",
            "actual_price": "0 元",
            "baseline": "100 元/只",
            "protection_class": "国家一级",
            "breeding": "野外",
        },
        on="2022-06-01",
    )
    turned = replace(item, choices=dict(reversed(item.choices.items())))
    swapped = dict(zip(item.choices, reversed(item.choices.values()), strict=True))
    assert turned.fingerprint == item.fingerprint
    assert replace(item, choices=swapped).fingerprint != item.fingerprint


def _cases():
    for case in golden_cases():
        known = methods().get(case.method)
        if known is None or known.formula.has_lines or case.raises:
            continue
        if any(isinstance(given, (list, dict)) for given in case.inputs.values()):
            continue
        yield case


def _moved(text, dice):
    """Return the number of *text* a little larger or smaller, whole where it was."""
    number, of = measure(text)
    if dice.random() < 0.3:
        return number, unit_text(text, of)
    if number == int(number):
        return float(max(int(number) + dice.randint(-2, 3), -1)), unit_text(text, of)
    return round(number * dice.uniform(0.5, 1.5), 4), unit_text(text, of)


def _given(case, dice):
    known = methods()[case.method]
    choices = {choice.name for choice in known.card.choices}
    for id in known.card.computed_by:
        choices |= {choice.name for choice in methods()[id].card.choices}
    numbers, texts = {}, {}
    for name, value in case.inputs.items():
        if name in choices:
            texts[name] = Keys.of(
                [str(value) if dice.random() < 0.8 else None for _ in range(ROWS - 1)]
                + ["没有的类"]
            )
            continue
        column = [_moved(value, dice)[0] for _ in range(ROWS)]
        column[0] = measure(value)[0]
        blank = np.array([row > 0 and dice.random() < 0.1 for row in range(ROWS)])
        numbers[name] = Cells(np.array(column), _moved(value, dice)[1], blank)
    days = Keys.of([as_day(case.on)] * (ROWS - 2) + [as_day("1990-01-01"), as_day(case.on)])
    places = Keys.of([place(case.jurisdiction)] * (ROWS - 1) + [place("320600")])
    return RowsGiven(numbers, texts, days, places)


@pytest.mark.parametrize("case", list(_cases()), ids=lambda case: case.method)
def test_rows_are_their_items(case):
    known, given = methods()[case.method], _given(case, random.Random(case.name))
    made = value_rows(known, given, overrule=case.overrule)
    for row in range(ROWS):
        try:
            item = known.value(
                given.row(row),
                on=given.days.at(row),
                place=given.places.at(row),
                overrule=case.overrule,
            )
        except EcovalError as error:
            assert str(made.faults[row][0]) == str(error)
            assert np.isnan(made.exact[row])
            continue
        assert row not in made.faults
        assert made.exact[row] == item.exact
        assert made.fingerprints[row].decode() == item.fingerprint
        if item.fens is not None:
            assert made.fens[row] == item.fens
        basis = made.bases[made.basis[row]]
        assert [found.code for found in basis.findings] == [found.code for found in item.findings]
        assert basis.rule == replace(basis, item=item).rule
        assert {name: column[row] for name, column in made.steps.items()} == {
            step.name: step.value for step in item.steps
        }


def test_all_that_is_wrong_with_a_row_is_said():
    method = methods()["water-virtual-treatment"]
    one = {"discharge": "t", "unit_cost": "元/t", "hazard": "", "exceedance": "", "function": ""}
    good, bad = [500, 8.3, 1.5, 1.25, 2.0], [-1, 8.3, 9.0, 1.25, 77.0]
    numbers = {
        name: Cells.of([high, low], unit)
        for (name, unit), high, low in zip(one.items(), good, bad, strict=True)
    }
    days, places = Keys.same(as_day("2024-06-01"), 2), Keys.same(place("330700"), 2)
    made = value_rows(method, RowsGiven(numbers, {}, days, places))
    assert [error.path[0] for error in made.faults[1]] == ["discharge", "hazard", "function"]


def test_a_table_is_looked_up_once_for_each_distinct_key(monkeypatch):
    method = methods()["wildlife-land"]
    asked = []
    real = type(method).value
    monkeypatch.setattr(
        type(method), "value", lambda self, *a, **k: asked.append(1) or real(self, *a, **k)
    )
    rows = 5000
    numbers = {
        "number": Cells.of(np.arange(1, rows + 1)),
        "actual_price": Cells.of(np.zeros(rows), "元"),
        "baseline": Cells.of(np.full(rows, 100.0), "元/只"),
    }
    numbers["number"] = replace(numbers["number"], unit="只")
    texts = {
        "protection_class": Keys.of(["国家一级", "国家二级"] * (rows // 2)),
        "breeding": Keys.same("野外", rows),
    }
    days, places = Keys.same(as_day("2022-06-01"), rows), Keys.same(place("CN"), rows)
    made = value_rows(method, RowsGiven(numbers, texts, days, places))
    assert not made.faults
    assert len(asked) == len(made.bases) == 2


def test_a_method_of_lines_has_no_rows():
    nothing = RowsGiven({}, {}, Keys.same(as_day("2024-06-01"), 1), Keys.same(place("CN"), 1))
    with pytest.raises(InputError, match=re.escape("逐项列表的方法不能按列计算")):
        value_rows(methods()["cost-ledger"], nothing)
