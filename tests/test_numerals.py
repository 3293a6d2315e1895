"""Numbers as a person reads them."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoval.numerals import grouped, is_whole, percent, plain, shortened

ORDINARY = st.floats(-1e14, 1e14).filter(lambda number: not number or abs(number) > 1e-12)


def _decimal(text):
    """Return a printed number as a decimal."""
    return Decimal(text.replace(",", "").replace("−", "-"))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (145624.0, "145624"),
        (1e-7, "0.0000001"),
        (-2.5e-10, "-0.00000000025"),
        (-0.0, "0"),
        (1e22, "1" + "0" * 22),
        (7, "7"),
    ],
)
def test_a_number_is_written_in_full(number, text):
    assert plain(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (14416776.5, "14,416,776.5"),
        (-1234.5, "−1,234.5"),
        (999, "999"),
        (1000, "1,000"),
        (1e16, "10,000,000,000,000,000"),
        (0.00012345, "0.00012345"),
        (1e-7, "0.0000001"),
        (-2.5e-10, "−0.00000000025"),
    ],
)
def test_a_number_is_grouped_by_thousands(number, text):
    assert grouped(number) == text


@pytest.mark.parametrize(
    ("number", "text", "exact"),
    [
        (1 / 3, "0.333333", False),
        (3.75, "3.75", True),
        (0.0000123456789, "0.0000123457", False),
        (1234567.1234567, "1,234,567.123457", False),
        (999999.99999999, "1,000,000", False),
        (0.0, "0", True),
        (-2 / 3, "−0.666667", False),
        (2e-8, "0.00000002", True),
        (1.23456789e-8, "0.0000000123457", False),
    ],
)
def test_a_shortened_number_says_whether_it_is_exact(number, text, exact):
    assert shortened(number) == (text, exact)


@given(ORDINARY)
def test_no_number_is_written_with_an_exponent(number):
    assert set(plain(number)) <= set("-0123456789.")


@given(ORDINARY)
def test_what_is_printed_has_one_minus_and_never_an_exponent(number):
    for text in (grouped(number), shortened(number)[0], percent(number)):
        assert set(text) <= set("−0123456789,.%")


@given(ORDINARY)
def test_the_written_number_is_the_number_to_fifteen_digits(number):
    assert float(plain(number)) == pytest.approx(number, rel=1e-14)
    assert _decimal(grouped(number)) == Decimal(plain(number))


@given(ORDINARY)
def test_what_was_cut_is_less_than_half_the_last_place(number):
    text, exact = shortened(number)
    written = _decimal(text)
    # Fifteen digits are all that is sure of a float: more may have been cut.
    assert exact == (written == Decimal(plain(number)) and is_whole(number))
    allowed = 0.5e-6 if abs(number) >= 0.1 else 0.5e-5 * abs(number)
    assert abs(float(written) - number) <= allowed + 1e-14 * abs(number)


@pytest.mark.parametrize(
    ("share", "text"), [(0.03, "3%"), (0.07, "7%"), (0.0325, "3.25%"), (1, "100%")]
)
def test_a_share_is_written_in_percent(share, text):
    assert percent(share) == text
    assert math.isclose(float(text.removesuffix("%")) / 100, share)
