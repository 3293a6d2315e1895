"""Money: one rounding by a named rule, exact sums, and amounts in capital characters."""

import math
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ecoval.errors import InputError
from ecoval.money import Rounding, capitals, fen, printed, total, yuan

HALF_EVEN = Rounding(rule="half-even")


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(2.675, 268), (2.665, 267), (2.6649, 266), (1.005, 101), (0.005, 1), (-2.675, -268), (7, 700)],
)
def test_half_up_rounds_the_decimal_on_paper(amount, expected):
    assert fen(amount) == expected


# GB/T 8170-2008, 3.2: below five down, above five up, five alone to the even digit.
@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (12.1498, 1215),
        (10.502, 1050),
        (2.675, 268),
        (2.665, 266),
        (2.66500001, 267),
        (1.005, 100),
        (1.015, 102),
        (0.325, 32),
        (-0.325, -32),
        (-0.335, -34),
    ],
)
def test_half_even_goes_by_the_printed_decimal(amount, expected):
    assert fen(amount, HALF_EVEN) == expected


def test_down_cuts_towards_zero():
    down = Rounding(rule="down")
    assert fen(2.679, down) == 267
    assert fen(-2.679, down) == -267
    assert fen(2.29, down) == 229  # 2.29 is 2.28999… in binary


@pytest.mark.parametrize(
    ("place", "expected"),
    [("分", 1556251), ("角", 1556250), ("元", 1556300), ("百元", 1560000), ("万元", 2000000)],
)
def test_each_place_has_its_step(place, expected):
    assert fen(15562.505, Rounding(to=place)) == expected


def test_the_noise_of_a_product_is_cleared_before_rounding():
    assert 1.15 * 1.5 == 1.7249999999999999  # binary falls short of 1.725
    assert fen(1.15 * 1.5) == 173
    assert fen(0.1 + 0.2) == 30


@given(
    st.decimals(-(10**9), 10**9, places=4, allow_nan=False),
    st.sampled_from(
        [("half-up", ROUND_HALF_UP), ("half-even", ROUND_HALF_EVEN), ("down", ROUND_DOWN)]
    ),
    st.sampled_from([("分", "0.01"), ("角", "0.1"), ("元", "1"), ("百元", "100")]),
)
def test_fen_rounds_as_decimal_arithmetic_does(amount, rule, place):
    step = Decimal(place[1])
    expected = (amount / step).quantize(Decimal(1), rule[1]) * step * 100
    assert fen(float(amount), Rounding(to=place[0], rule=rule[0])) == expected


@pytest.mark.parametrize("amount", [math.nan, math.inf, -math.inf])
def test_an_amount_that_is_not_finite_is_refused(amount):
    with pytest.raises(InputError, match="金额不是有限的数"):
        fen(amount)


@pytest.mark.parametrize("amount", [1e13, -1e13, 1e300])
def test_an_amount_beyond_the_fen_is_refused(amount):
    with pytest.raises(InputError, match="金额超出可精确到分的范围"):
        fen(amount)


def test_the_largest_amounts_are_exact_to_the_fen():
    assert fen(9_999_999_999_999.99) == 999_999_999_999_999


@given(st.lists(st.integers(-(10**14), 10**14)))
def test_printed_lines_add_up_to_the_printed_total(parts):
    def read(fens):
        return Fraction(printed(fens).replace(",", "").replace("−", "-"))

    assert read(total(parts)) == sum(map(read, parts))


@given(st.integers(-(10**14), 10**14))
def test_fen_and_yuan_are_inverse(fens):
    assert fen(float(yuan(fens))) == fens


def test_amounts_are_printed_with_marks_and_two_decimals():
    assert printed(1556250) == "15,562.50"
    assert printed(5) == "0.05"
    assert printed(-123456789) == "−1,234,567.89"
    assert yuan(150) == Decimal("1.50")
    assert str(yuan(150)) == "1.50"


def test_a_rounding_says_its_rule_in_chinese():
    assert str(Rounding()) == "四舍五入至分"
    assert str(Rounding(to="元", rule="half-even")) == "四舍六入五成双至元"
    assert str(Rounding(to="万元", rule="down")) == "舍去尾数至万元"


# 《支付结算办法》附一《正确填写票据和结算凭证的基本规定》 gives the first six, in one or two ways each; after 角 it
# leaves 整 open, and we write it.
@pytest.mark.parametrize(
    ("fens", "allowed"),
    [
        (140950, ["壹仟肆佰零玖元伍角整"]),
        (600714, ["陆仟零柒元壹角肆分"]),
        (168032, ["壹仟陆佰捌拾元零叁角贰分", "壹仟陆佰捌拾元叁角贰分"]),
        (10700053, ["壹拾万柒仟元零伍角叁分", "壹拾万零柒仟元伍角叁分"]),
        (1640902, ["壹万陆仟肆佰零玖元零贰分"]),
        (32504, ["叁佰贰拾伍元零肆分"]),
        (0, ["零元整"]),
        (5, ["伍分"]),
        (50, ["伍角整"]),
        (55, ["伍角伍分"]),
        (1000, ["壹拾元整"]),
        (1001, ["壹拾元零壹分"]),
        (10_000_000_000, ["壹亿元整"]),
        (10_000_000_100, ["壹亿零壹元整"]),
        (10_001_000_000, ["壹亿零壹万元整"]),
        (-32504, ["负叁佰贰拾伍元零肆分"]),
    ],
)
def test_capitals_follow_the_rules_for_instruments(fens, allowed):
    assert capitals(fens) in [f"人民币{text}" for text in allowed]


# A Chinese number names 亿 once: 1.2 万亿 is 一万二千亿 (so cn2an.an2cn(1200000000000, "rmb") 0.5.24).
@pytest.mark.parametrize(
    ("whole", "words"),
    [
        (10**12, "壹万亿元整"),
        (12 * 10**11, "壹万贰仟亿元整"),
        (1_234_500_000_000, "壹万贰仟叁佰肆拾伍亿元整"),
        (1_000_100_000_000, "壹万零壹亿元整"),
    ],
)
def test_capitals_name_the_hundred_millions_once(whole, words):
    assert capitals(whole * 100) == "人民币" + words


def test_capitals_refuse_what_has_no_characters():
    with pytest.raises(InputError, match="超出大写"):
        capitals(10**18)


@given(st.integers(-(10**16), 10**16) | st.integers(0, 10**6))
@example(10**16)
@example(10_500_000_000)
def test_capitals_can_be_read_back(fens):
    assert _read_capitals(capitals(fens)) == fens


@given(st.integers(1, 10**15))
def test_capitals_never_double_a_zero_nor_end_the_yuan_in_one(fens):
    text = capitals(fens)
    assert "零零" not in text and "零元" not in text and "零万" not in text and "零亿" not in text
    assert text.endswith("整") == (fens % 10 == 0)


def _read_capitals(text):
    """Read an amount in capitals: the digits times their places, group by group."""
    body = text.removeprefix("人民币").removesuffix("整")
    sign = -1 if body.startswith("负") else 1
    whole, mark, cents = body.removeprefix("负").rpartition("元")
    fens = 0
    for digit, place in zip(
        cents.replace("零", "")[::2], cents.replace("零", "")[1::2], strict=True
    ):
        fens += "零壹贰叁肆伍陆柒捌玖".index(digit) * {"角": 10, "分": 1}[place]
    return sign * (fens + 100 * _read_whole(whole if mark else ""))


def _read_whole(text):
    for name, worth in (("万亿", 10**12), ("亿", 10**8), ("万", 10**4)):
        above, found, below = text.rpartition(name)
        if found:
            return _read_whole(above) * worth + _read_whole(below)
    number = digit = 0
    for character in text:
        if character in "仟佰拾":
            number += digit * {"仟": 1000, "佰": 100, "拾": 10}[character]
            digit = 0
        else:
            digit = "零壹贰叁肆伍陆柒捌玖".index(character)
    return number + digit
