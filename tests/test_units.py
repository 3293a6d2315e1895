"""Units: what each one is worth, and every trap of style.md 5.4."""

import math
import pickle
import re
import subprocess
import sys
from decimal import Decimal

import numpy as np
import pint
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ecoval.errors import EcovalError, InputError, UnitError
from ecoval.units import Q_, display, factor, quantity, same_kind, tidy, unit, unit_text, ureg


@pytest.mark.parametrize(
    ("of", "to", "expected"),
    [
        ("万元", "元", 1e4),
        ("亿元", "万元", 1e4),
        ("元", "CNY", 1),
        ("元", "yuan", 1),
        ("公顷", "m^2", 1e4),
        ("公顷", "ha", 1),
        ("公顷", "hm^2", 1),
        ("公顷", "亩", 15),
        ("亩", "平方米", 10_000 / 15),
        ("平方公里", "公顷", 100),
        ("万亩", "亩", 1e4),
        ("元/亩", "元/公顷", 15),
        ("吨", "kg", 1000),
        ("万吨", "t", 1e4),
        ("千克", "公斤", 1),
        ("斤", "公斤", 0.5),
        ("毫克", "mg", 1),
        ("升", "L", 1),
        ("立方米", "升", 1000),
        ("万立方米", "m^3", 1e4),
        ("公里", "千米", 1),
        ("千瓦时", "kWh", 1),
        ("日", "小时", 24),
        ("万株", "株", 1e4),
        ("点位", "项", 1),
        ("万tCO2e", "tCO2e", 1e4),
        ("%", "", 0.01),
        ("‰", "", 0.001),
    ],
)
def test_a_unit_is_worth_what_the_standard_says(of, to, expected):
    assert factor(unit(of), unit(to)) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("text", ["m3", "m³", "m^3", "ｍ３", "㎥", "立方米", " m³ "])
def test_every_way_to_write_a_cubic_metre_is_one(text):
    assert factor(unit(text), unit("m^3")) == 1
    assert quantity(f"2 {text}") == Q_(2, "m^3")


@pytest.mark.parametrize(("text", "square_metres"), [("hm²", 1e4), ("km²", 1e6), ("dm²", 0.01)])
def test_a_raised_two_is_a_square_however_it_is_asked(text, square_metres):
    assert quantity(f"3 {text}").m_as("m^2") == pytest.approx(3 * square_metres)
    assert Q_(3, text).m_as("m^2") == pytest.approx(3 * square_metres)


@pytest.mark.parametrize(
    ("text", "cubic_metres"), [("万m³", 1e4), ("万m3", 1e4), ("亿m³", 1e8), ("千m³", 1e3)]
)
def test_ten_thousand_cubic_metres_are_not_the_cube_of_ten_kilometres(text, cubic_metres):
    # A Chinese report writes 万m³ for 10,000 m³; (10,000 m)³ would be a hundred million times that.
    try:
        read = quantity(f"1 {text}")
    except UnitError:
        return  # a refusal is safe too
    assert read.m_as("m^3") == pytest.approx(cubic_metres)


def test_tidy_leaves_other_words_alone():
    assert tidy("元/m3·年") == "元/m^3*年"
    assert tidy("tCO2e") == "tCO2e"
    assert tidy(" t×km2 ") == "t*km^2"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("年", "日"),
        ("工日", "日"),
        ("台班", "工日"),
        ("株", "只"),
        ("株", "人"),
        ("枚", "只"),
        ("次", "项"),
        ("立方米蓄积", "m^3"),
        ("tCO2e", "t"),
        ("tC", "t"),
        ("tC", "tCO2e"),
        ("元", ""),
        ("元/t", "元/m^3"),
    ],
)
def test_things_counted_apart_are_not_converted(one, other):
    assert not same_kind(unit(one), unit(other))
    with pytest.raises(UnitError, match="不能由 .* 换算为"):
        factor(unit(one), unit(other))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("mu", "亩"),
        ("元/mu", "亩"),
        ("a", "年"),
        ("t/a", "年"),
        ("kg/(hm^2·a)", "年"),
        ("yr", "年"),
        ("yrs", "年"),
        ("year", "年"),
        ("years", "年"),
        ("万RMB", "元"),
        ("RMB", "元"),
        ("方", "立方米蓄积"),
    ],
)
def test_a_misread_unit_is_refused_and_the_right_one_named(text, meant):
    with pytest.raises(UnitError, match=meant):
        unit(text)
    with pytest.raises(UnitError, match=f"表1：.*{meant}"):
        quantity(f"2 {text}", where="表1")


def test_accounting_years_cancel_and_a_day_is_an_error():
    assert (Q_(8, "万元/年") * Q_(3, "年")).m_as("元") == 240_000
    assert (Q_(8, "元/年") * Q_(3, "年")).units == unit("元")
    with pytest.raises(pint.DimensionalityError):
        (Q_(8, "元/年") * Q_(365, "日")).to("元")


def test_percent_is_a_unit():
    assert quantity("5 %").m_as("") == pytest.approx(0.05)
    assert quantity("５％") == quantity("5%")
    assert quantity("5%").magnitude == 5
    assert (Q_(200, "元") * Q_(5, "%")).m_as("元") == pytest.approx(10)
    assert (1 + Q_(5, "%")).m_as("") == pytest.approx(1.05)


@pytest.mark.parametrize("value", [3, 3.0, "3", Decimal(3), np.float64(3), np.int64(3)])
def test_a_bare_number_is_dimensionless(value):
    read = quantity(value)
    assert read.dimensionless and read.magnitude == 3
    with pytest.raises(pint.DimensionalityError):
        read + Q_(1, "元")


def test_a_decimal_multiplies_floats():
    assert quantity(Decimal("1.5")) * 2.5 == quantity(3.75)
    assert quantity(Q_(Decimal("1.5"), "元")) * 2.0 == Q_(3.0, "元")


@pytest.mark.parametrize(
    ("text", "number", "of"),
    [
        ("1,234,567.5 元", 1234567.5, "元"),
        ("１，２３４．５　元", 1234.5, "元"),
        ("1.2e3t", 1200, "t"),
        ("-0.5万元", -0.5, "万元"),
        (" +3 工日", 3, "工日"),
        (".5 t", 0.5, "t"),
        ("8.3 元/t", 8.3, "元/t"),
        ("12 元/(m³·年)", 12, "元/(m^3*年)"),
        ("7立方米蓄积", 7, "立方米蓄积"),
        ("2 元/㎡", 2, "元/m^2"),
    ],
)
def test_a_text_is_read_as_it_is_written(text, number, of):
    read = quantity(text)
    assert (read.magnitude, read.units) == (number, unit(of))


@given(st.integers(-(10**14), 10**14))
def test_thousands_marks_do_not_change_the_number(fens):
    assert quantity(f"{fens / 100:,.2f} 元").magnitude == float(f"{fens / 100:.2f}")


NOT_FINITE = ["nan", "NaN t", "inf", "-inf 元", "Infinity", "1e400 t", "9" * 400 + " t"]
NOT_FINITE += [math.nan, math.inf, -math.inf, Decimal("NaN"), 10**400, np.float64("nan")]


@pytest.mark.parametrize("value", NOT_FINITE, ids=lambda value: repr(value)[:12])
def test_what_is_not_finite_is_refused(value):
    with pytest.raises(InputError, match="不是有限的数|读不出数量"):
        quantity(value)


GARBAGE = ["", "  ", "t", "+", "-", ".", "约5 t", ">5 t", "1,00 元", "1.2.3 t", "五百 t", "5~6 t"]
GARBAGE += ["5-6 t", "1_000 t", "12 000 t", "0x10", "1/2 t", "½ t", "5 ^2", "5 t^^2", "5 吨吨数"]
GARBAGE += ["e5", "e5 t", ".e5", "5 t/0", "5 m³²²²²", "5 t!", "5 @t", "5 t=t", "3 1 t"]


@pytest.mark.parametrize("text", GARBAGE)
def test_garbage_is_refused(text):
    with pytest.raises(InputError, match="读不出数量|不认识的单位"):
        quantity(text)


@pytest.mark.parametrize("value", [None, [1], b"5", 3 + 1j, True, Q_([1.0, 2.0], "t")], ids=repr)
def test_what_is_no_number_is_refused(value):
    with pytest.raises(InputError, match="应为.*数量"):
        quantity(value)


PIECES = st.sampled_from([*"t元年亩%^*/().,+-eE0123 ³²万m", "m3", "公顷", "株", "CO2"])


@settings(max_examples=400)
@given(st.one_of(st.lists(PIECES, max_size=8).map("".join), st.text(max_size=8)))
def test_any_text_is_a_finite_quantity_or_a_named_error(text):
    assume(len(re.findall(r"[*·×]\s*[*·×]|\^|[²³]", text)) < 2)  # towers: see the next test
    try:
        read = quantity(text, where="第 2 行")
    except EcovalError as error:
        assert str(error).startswith("第 2 行：")
    else:
        assert math.isfinite(read.magnitude)


def test_a_tower_of_powers_does_not_hang():
    towers = ["5 9^9^9", "5 t^9^9^9", "5 m³²²²²²²"]
    child = (
        "import sys, ecoval.errors, ecoval.units\n"
        "for text in sys.argv[1:]:\n"
        "    try: ecoval.units.quantity(text)\n"
        "    except ecoval.errors.UnitError: print('refused')\n"
    )
    command = [sys.executable, "-X", "utf8", "-c", child, *towers]
    try:
        done = subprocess.run(command, capture_output=True, timeout=5, text=True, check=True)
    except subprocess.TimeoutExpired:
        pytest.fail(f"no answer after five seconds for one of {towers}")
    assert done.stdout.split() == ["refused"] * 3


def test_the_application_registry_survives_pickling():
    child = (
        "import pickle, sys, ecoval.units as u\n"
        "q = pickle.load(sys.stdin.buffer)\n"
        "sum_ = q + u.Q_(1, '万元/亩')\n"
        "sys.stdout.buffer.write(pickle.dumps(sum_))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", child],
        input=pickle.dumps(Q_(2, "万元/亩")),
        capture_output=True,
        check=True,
    )
    # 3 万元/亩 × 15 亩/公顷 = 450,000 元/公顷
    assert pickle.loads(done.stdout).m_as("元/公顷") == pytest.approx(3 * 10_000 * 15)
    assert ureg is pint.get_application_registry()


def test_a_quantity_prints_in_chinese():
    assert f"{Q_(1.5, '万元'):~}" == "1.5 万元"
    assert f"{Q_(2.0, '元/m^3'):~P}" == "2.0 元/m³"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("m^3", "m³"),
        ("元/m^2", "元/m²"),
        ("人*日", "人·日"),
        ("元/公顷/年", "元/(公顷·年)"),
        ("元/(m^3*年)", "元/(m³·年)"),
        ("m3", "m³"),
        ("元/m2", "元/m²"),
        ("万m³", "万m³"),
        ("g*s^2/m^4", "g·s²/m⁴"),
        ("1/年", "年⁻¹"),
        ("tCO2e", "tCO2e"),
        ("", ""),
    ],
)
def test_a_unit_is_displayed_as_printed(text, shown):
    assert display(text) == shown


def test_the_unit_of_a_text_is_what_was_written():
    assert unit_text("8.3 元/t", quantity("8.3 元/t").units) == "元/t"
    assert unit_text("１０ ％", quantity("10 %").units) == "%"
    assert unit_text(4.5, quantity(4.5).units) == ""


@pytest.mark.parametrize("text", ["1/年", "g*s^2/m^4", "元/m2", "km^2", "元/公顷/年"])
def test_a_displayed_unit_can_be_read(text):
    assert unit(display(text)) == unit(text)
    assert display(display(text)) == display(text)


@pytest.mark.parametrize("text", ["元/t", "%", "m^3", "元/m^3", "元/公顷/年", "万元", "株"])
def test_the_unit_of_a_quantity_can_be_displayed_and_read_again(text):
    written = unit_text(Q_(5, text), quantity(Q_(5, text)).units)
    assert unit(written) == unit(text)
    assert display(written) == display(text)
