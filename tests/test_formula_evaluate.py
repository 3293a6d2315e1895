"""One formula, many faces: the number, the column, the steps, and the units that are refused."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ecoval.errors import UnitError
from ecoval.formula import evaluate as module
from ecoval.formula import (
    exp,
    highest,
    largest,
    log,
    per_year,
    smallest,
    step,
    total,
    trace,
    where,
    years,
)
from ecoval.formula.dimension import unit_of
from ecoval.formula.evaluate import evaluate, evaluate_column
from ecoval.units import unit

OPERATIONS = {
    "add": lambda x, y, z: x + y + z,
    "subtract": lambda x, y, z: x - (y - z),
    "multiply": lambda x, y, z: x * y * z,
    "divide": lambda x, y, z: x / y / z,
    "raise": lambda x, y, z: x**y - z,
    "raise a constant": lambda x, y, z: 1.05**x + y * z,
    "square": lambda x, y, z: x**2 + y**3 + z**0.5,
    "discount": lambda x, y, z: x * (1 + y) ** -z,
    "negative": lambda x, y, z: -(x * -y) - z,
    "exp": lambda x, y, z: exp(x / 1000) * y + z,
    "log": lambda x, y, z: log(x) - log(y + z),
    "smallest": lambda x, y, z: smallest(x, y, z, 100),
    "largest": lambda x, y, z: largest(x, y) - largest(z),
    "where": lambda x, y, z: where(x > y, x - y, z),
    "where equal": lambda x, y, z: where(x <= y, where(y < z, x, y), where(x >= z, y, z)),
    "shared step": lambda x, y, z: _shared(step("sum", x + y), z),
    "per year": lambda x, y, z: x / per_year(y + z),
}
NUMBERS = st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0]) | st.floats(-1e6, 1e6)
COLUMN = st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=20)


def _shared(joined, z):
    return joined * joined + (joined - z) / (z - joined * z)


def _formula(function, **lines):
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    return trace(function, {name: lines.get(name, "") for name in names})


def _same(one, other):
    """Bit for bit, not-a-numbers taken as one."""
    one, other = np.atleast_1d(one).astype(float), np.atleast_1d(other).astype(float)
    assert one.shape == other.shape
    both = np.isnan(one) & np.isnan(other)
    different = (one.view(np.int64) != other.view(np.int64)) & ~both
    assert not different.any(), f"{one[different]} and {other[different]}"


@pytest.mark.parametrize("name", OPERATIONS)
@settings(max_examples=40)
@given(rows=COLUMN, fixed=st.sets(st.sampled_from("xyz"), max_size=2))
def test_a_number_and_its_row_of_a_column_agree_to_the_last_bit(name, rows, fixed):
    formula = _formula(OPERATIONS[name])
    table = np.array(rows)
    table[:, ["xyz".index(name) for name in fixed]] = [rows[0]["xyz".index(n)] for n in fixed]
    columns = {
        name: rows[0][place] if name in fixed else table[:, place].copy()
        for place, name in enumerate("xyz")
    }
    one_by_one = [
        evaluate(formula.root, dict(zip("xyz", map(float, row), strict=True)))[0] for row in table
    ]
    together, _ = evaluate(formula.root, columns)
    _same(np.broadcast_to(together, len(rows)), one_by_one)
    _same(evaluate_column(formula.root, columns, len(rows)), one_by_one)


@pytest.mark.parametrize("exponent", [-2.0, -1.0, 0.5, 1.0, 2.0, 3.0, 1.7])
def test_a_column_of_exponents_agrees_with_the_exponent_alone(exponent):
    # numpy takes shortcuts for a single -1, 0.5 or 2 that it does not take for a column of them.
    formula = _formula(lambda x, y: x**y)
    bases = np.random.default_rng(5).uniform(0.01, 20, 1000)
    together, _ = evaluate(formula.root, {"x": bases, "y": np.full(1000, exponent)})
    _same(together, [evaluate(formula.root, {"x": x, "y": exponent})[0] for x in bases])


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_column_is_the_same_in_blocks(name, monkeypatch):
    formula = _formula(OPERATIONS[name])
    rng = np.random.default_rng(7)
    columns = {"x": rng.uniform(1, 9, 50), "y": rng.uniform(1, 9, 50), "z": 2.5}
    kept = {name: np.copy(column) for name, column in columns.items()}
    whole = evaluate_column(formula.root, columns, 50)
    starts = []
    monkeypatch.setattr(module, "BLOCK", 7)
    blocks = evaluate_column(formula.root, columns, 50, lambda *seen: starts.append(seen[-1]))
    _same(blocks, whole)
    _same(whole, evaluate(formula.root, columns)[0])
    assert starts == list(range(0, 50, 7))
    for operand, column in kept.items():
        _same(columns[operand], column)


def _discounted(amount, rate, base, first, last):
    return total(amount * (1 + rate) ** (base - years(first, last)))


def _by_hand(amount, rate, base, first, last):
    result = 0.0
    for year in range(int(first), int(last) + 1):
        result += amount * (1 + rate) ** (base - year)
    return result


def test_a_sum_over_years_takes_both_ends():
    formula = _formula(_discounted)
    values = {"amount": 1000.0, "rate": 0.05, "base": 2022.0, "first": 2020.0, "last": 2022.0}
    assert evaluate(formula.root, values)[0] == pytest.approx(1000 * (1.1025 + 1.05 + 1))
    assert evaluate(formula.root, values | {"last": 2020.0})[0] == pytest.approx(1102.5)
    assert evaluate(formula.root, values | {"last": 2019.0})[0] == 0


SPANS = st.lists(
    st.tuples(
        st.floats(1, 1e6),
        st.sampled_from([0.02, 0.03, 0.05, 0.08]),
        st.integers(2000, 2030).map(float),
        st.integers(2000, 2030).map(float),
        st.integers(0, 12),
    ),
    min_size=1,
    max_size=8,
)


def _by_name(row):
    amount, rate, base, first, count = row
    last = first + count - 1
    return {"amount": amount, "rate": rate, "base": base, "first": first, "last": float(last)}


@given(SPANS)
def test_ragged_years_in_a_column_agree_with_each_row_alone(rows):
    formula = _formula(_discounted)
    table = [_by_name(row) for row in rows]
    one_by_one = [evaluate(formula.root, row)[0] for row in table]
    for row, value in zip(table, one_by_one, strict=True):
        assert value == pytest.approx(_by_hand(**row), rel=1e-12)
    columns = {name: np.array([row[name] for row in table]) for name in table[0]}
    _same(evaluate_column(formula.root, columns, len(rows)), one_by_one)
    _same(evaluate(formula.root, columns)[0], one_by_one)


@given(SPANS, st.sets(st.sampled_from(["amount", "rate", "base", "span"]), min_size=1, max_size=3))
@example([(float(n), 0.05, 2020.0, 2020.0, 3) for n in (1, 2, 3)], {"rate", "base", "span"})
@example([(100.0, 0.05, 2020.0, 2020.0, n) for n in (1, 2, 3)], {"amount", "rate", "base"})
def test_one_value_for_all_rows_is_that_value_in_each_row_of_a_sum(rows, shared):
    formula = _formula(_discounted)
    if "span" in shared:
        shared = shared | {"first", "last"}
    first = _by_name(rows[0])
    table = [_by_name(row) | {name: first[name] for name in shared & set(first)} for row in rows]
    one_by_one = [evaluate(formula.root, row)[0] for row in table]
    columns = {
        name: first[name] if name in shared else np.array([row[name] for row in table])
        for name in first
    }
    _same(evaluate_column(formula.root, columns, len(rows)), one_by_one)


@pytest.mark.parametrize("year", [math.nan, math.inf])
def test_a_row_without_a_year_leaves_the_other_rows_alone(year):
    formula = _formula(_discounted)
    columns = {"amount": 1000.0, "rate": 0.25, "base": 2021.0, "first": np.array([2020.0] * 2)}
    column = evaluate_column(formula.root, columns | {"last": np.array([year, 2021.0])}, 2)
    assert np.isnan(column[0])
    assert column[1] == pytest.approx(1250 + 1000)


@given(
    st.integers(1, 12).flatmap(
        lambda lines: st.lists(
            st.tuples(st.lists(NUMBERS, min_size=lines, max_size=lines), NUMBERS),
            min_size=1,
            max_size=9,
        )
    )
)
def test_a_sum_over_lines_agrees_with_each_row_alone(rows):
    formula = _formula(lambda x, k: k * total(where(x > k, x * k, x / 3)) - total(x), x="lines")
    one_by_one = [evaluate(formula.root, {"x": np.array(x), "k": k})[0] for x, k in rows]
    for (x, k), value in zip(rows, one_by_one, strict=True):
        terms = [line * k if line > k else line / 3 for line in x]
        expected = k * math.fsum(terms) - math.fsum(x)
        scale = max(1, abs(k)) * sum(map(abs, [*terms, *x]))
        assert value == pytest.approx(expected, abs=1e-12 * scale + 1e-300)
    columns = {"x": np.array([x for x, _ in rows]).T, "k": np.array([k for _, k in rows])}
    _same(evaluate(formula.root, columns)[0], one_by_one)


@pytest.mark.parametrize(
    "function",
    [
        lambda x, y: smallest(x / y, 5),
        lambda x, y: 1 / (x / y),
        lambda x, y: exp(-x / y),
        lambda x, y: where(x / y > 1, 2, 3),
        lambda x, y: where(log(-x) > 1, 2, 3),
    ],
    ids=["smallest", "quotient", "exp", "condition", "logarithm"],
)
def test_a_division_by_zero_does_not_vanish(function):
    # The workbook shows #DIV/0! or #NUM! here; a finite amount would hide the fault.
    values = {"x": 2.0, "y": 0.0}
    formula = trace(function, {"x": "", "y": ""})
    try:
        result, _ = evaluate(formula.root, values)
    except (ArithmeticError, ValueError):
        return
    assert not np.isfinite(result)


def test_a_guarded_division_by_zero_is_not_looked_at():
    formula = _formula(lambda x, y: where(y > 0, x / y, x))
    assert evaluate(formula.root, {"x": 2.0, "y": 0.0})[0] == 2


def test_whole_numbers_are_computed_as_numbers():
    product, power = _formula(lambda x, y: x * y), _formula(lambda x, y: x**y)
    assert evaluate(product.root, {"x": 10**10, "y": 10**10})[0] == 1e20
    assert evaluate(power.root, {"x": 2, "y": -1})[0] == 0.5


def test_steps_are_recorded_in_the_order_they_are_computed():
    def loss(area, price, rate, span):
        yearly = step("yearly", area * price)
        whole = step("whole", total(yearly * (1 + rate) ** -years(1, span)))
        return whole + 0.5 * yearly

    formula = _formula(loss)
    assert [part.name for part in formula.steps] == ["yearly", "whole"]
    assert formula.operands == ("area", "price", "rate", "span")
    assert len(formula.sums) == 1 and not formula.has_lines
    values = {"area": 4.0, "price": 25.0, "rate": 0.25, "span": 2.0}
    result, steps = evaluate(formula.root, values)
    # 4 × 25 = 100; 100 ÷ 1.25 + 100 ÷ 1.5625 = 144; 144 + 50 = 194
    assert result == pytest.approx(194)
    assert steps == {"yearly": 100, "whole": pytest.approx(144)}
    columns = {"area": np.array([4.0, 8.0]), "span": np.array([2.0, 2.0])}
    column, steps = evaluate(formula.root, values | columns)
    assert column == pytest.approx([194, 388])
    assert steps["yearly"] == pytest.approx([100, 200])
    assert steps["whole"] == pytest.approx([144, 288])


def test_the_largest_of_the_lines_is_that_of_each_row():
    formula = _formula(lambda x, k: highest((x - k) / k) + total(x), x="lines")
    lines = np.array([[1.0, 9.0], [4.0, 2.0], [3.0, 5.0]])
    rows, _ = evaluate(formula.root, {"x": lines, "k": np.array([2.0, 4.0])})
    assert rows.tolist() == [1.0 + 8.0, 1.25 + 16.0]
    alone, _ = evaluate(formula.root, {"x": lines[:, 1], "k": 4.0})
    assert alone == rows[1] and formula.has_lines


def test_a_line_that_is_not_finite_is_not_hidden_by_a_larger_one():
    formula = _formula(lambda x, k: highest(k / x), x="lines")
    assert np.isnan(evaluate(formula.root, {"x": np.array([0.0, 1.0]), "k": -2.0})[0])
    assert np.isnan(evaluate(formula.root, {"x": np.array([1.0, 0.0]), "k": -2.0})[0])


def test_operations_work_on_numbers_too():
    assert smallest(3, 1, 2) == 1 and largest(3, 1, 2) == 3
    assert years(2020, 2022).tolist() == [2020, 2021, 2022]
    assert total(np.array([1.0, 2.0, 3.5])) == 6.5
    assert highest(np.array([1.0, 3.5, 2.0])) == 3.5
    assert step("name", 4.0) == 4.0 and per_year(0.05) == 0.05
    assert where(np.array([1, 5]) > 2, 1, 0).tolist() == [0, 1]
    assert exp(0.0) == 1 and log(math.e) == pytest.approx(1)
    assert _discounted(1000, 0.25, 1, 1, 2) == pytest.approx(1800)


def test_the_largest_of_one_is_itself():
    assert evaluate(_formula(lambda x: largest(x)).root, {"x": 5.0})[0] == 5
    assert largest(5) == 5


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x if x > 0 else 1 - x,
        lambda x: x * (0 < x < 1),
        lambda x: x and 1,
        lambda x: min(x, 1),
        lambda x: x if x == 0 else 1 + x,
        lambda x: 1 + x if x != 0 else x,
    ],
    ids=["if", "chain", "and", "min", "equal", "unequal"],
)
def test_a_formula_has_no_truth_value(function):
    with pytest.raises(TypeError, match=r"where\(condition, then, otherwise\)"):
        _formula(function)


def test_a_formula_is_neither_a_number_nor_a_list():
    with pytest.raises(TypeError, match="not a number"):
        _formula(lambda x: math.exp(x))
    with pytest.raises(TypeError, match=r"write total\(...\)"):
        _formula(lambda x: sum(x))


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda x: 4.0, "returns float, not a formula"),
        (lambda x: None, "returns NoneType, not a formula"),
        (lambda x: x * 2, r"leaves an index open: write total\(...\)"),
        (lambda y: y * years(1, y), "leaves an index open"),
        (lambda x: total(step("part", x * 2)), "step part leaves an index open"),
        (lambda y: step("part", y) + step("part", y * 2), "names a step twice: part, part"),
        (lambda y: total(y), r"total\(\) needs one running index, got 0"),
        (lambda x, y: total(x * years(1, y)), r"total\(\) needs one running index, got 2"),
        (lambda y: highest(y), r"highest\(\) needs the lines of one list"),
        (lambda y: highest(years(1, y)), r"highest\(\) needs the lines of one list"),
        (lambda x, y: highest(x * years(1, y)), r"highest\(\) needs the lines of one list"),
    ],
)
def test_trace_refuses_what_is_no_formula(function, words):
    with pytest.raises(TypeError, match=words):
        _formula(function, x="lines")


UNITS = {"t": "t", "kg": "kg", "yuan": "元", "share": "", "percent": "%", "area": "m^2"}
UNITS |= {"yearly": "元/年", "n": "", "mg": "mg/L", "g": "g/m^3", "price": "元/t"}


def _unit_of(function):
    formula = _formula(function)
    return unit_of(formula.root, {name: unit(UNITS[name]) for name in formula.operands})


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda t, price: t * price, "元"),
        (lambda yuan, t: yuan / t, "元/t"),
        (lambda area: area**2 / area**0.5, "m^3"),
        (lambda share: exp(share) + log(1 + share) ** share, ""),
        (lambda t, price, yuan: smallest(t * price, -yuan), "元"),
        (lambda t, price, yuan, n: where(n > 1, t * price, yuan), "元"),
        (lambda yearly, share, n: total(yearly * (1 + share) ** -years(1, n)), "元"),
        (lambda yearly, share: yearly / per_year(share), "元"),
        (lambda mg, g: mg + g, "g/m^3"),
    ],
)
def test_the_unit_of_a_formula_is_proved(function, expected):
    found, _ = _unit_of(function)
    assert found.dimensionality == unit(expected).dimensionality
    assert (1 * found).m_as(unit(expected)) == pytest.approx(1)


def test_the_unit_of_a_step_is_told():
    _, steps = _unit_of(lambda t, price: step("cost", t * price) / step("again", t * 1))
    assert steps == {"cost": unit("元"), "again": unit("t")}


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda t, kg: t + kg, r" \+ 两侧单位不同：metric_ton 与 kilogram"),
        (lambda t, kg: t - kg, "两侧单位不同"),
        (lambda t, yuan: t + yuan, "两侧单位不同"),
        (lambda t: 1 + t, "两侧单位不同"),
        (lambda percent: 1 + percent, "两侧单位不同"),
        (lambda t, yuan: largest(t, yuan), "取大或取小两侧单位不同"),
        (lambda t, kg, n: where(t > kg, n, n), "比较两侧单位不同"),
        (lambda t, kg, n: where(n > 1, t, kg), "分段两侧单位不同"),
        (lambda share, t: share**t, "指数须无量纲，所给为 metric_ton"),
        (lambda t, n: t**n, "有量纲的量只能取常数次幂"),
        (lambda t: exp(t), "exp须无量纲"),
        (lambda t: log(t), "log须无量纲"),
        (lambda yearly, t: yearly / per_year(t), "年率须无量纲"),
        (lambda yuan, t, n: total(n * years(yuan, t)), "单位|无量纲"),
        # 5 % is computed as the bare number 5: it may not stand where 0.05 is meant.
        (lambda percent: exp(percent), "无量纲"),
        (lambda percent, share: share**percent, "无量纲"),
        (lambda percent: percent**2 + 1, "无量纲|单位"),
        (lambda yearly, percent: yearly / per_year(percent), "无量纲"),
    ],
)
def test_units_that_do_not_fit_are_refused(function, words):
    with pytest.raises(UnitError, match=words):
        _unit_of(function)
