"""Numbers as a person reads them: grouped, in full, and marked when a digit was cut."""

from __future__ import annotations

from decimal import Decimal

# The sign of a printed negative number; `plain`, which machines read, keeps the hyphen.
MINUS = "−"


def plain(number: float) -> str:
    """Return *number* in full with the fewest digits that stand for it, never with an exponent.

    >>> plain(0.1 + 0.2), plain(145624.0), plain(1e-7)
    ('0.3', '145624', '0.0000001')
    """
    cleared = Decimal(format(number, ".15g"))
    return format(cleared.normalize() + 0, "f")


def grouped(number: float) -> str:
    """Return *number* in full as it is printed: with thousands marks and a proper minus.

    >>> grouped(14416776.5), grouped(-2.63)
    ('14,416,776.5', '−2.63')
    """
    return signed(f"{Decimal(plain(number)):,f}")


def signed(text: str) -> str:
    """Return the number in *text* with the minus sign that is printed."""
    return text.replace("-", MINUS)


def shortened(number: float, *, digits: int = 6) -> tuple[str, bool]:
    """Return *number* grouped to at most *digits* decimals, and whether that is exact.

    A number below one keeps *digits* significant digits instead. A number that fills all the
    digits a float is sure of is not taken for exact.

    >>> shortened(1 / 3), shortened(3.75), shortened(0.0000123456789)
    (('0.333333', False), ('3.75', True), ('0.0000123457', False))
    """
    exact = Decimal(plain(number))
    whole = is_whole(number)
    places = digits if abs(exact) >= Decimal("0.1") or not exact else digits - 1 - exact.adjusted()
    if -(exact.as_tuple().exponent or 0) <= places:  # type: ignore[operator]
        return signed(f"{exact:,f}"), whole
    cut = round(exact, places).normalize() + 0
    return signed(f"{cut:,f}"), False


def is_whole(number: float) -> bool:
    """Tell whether `plain` shows all of *number*, float noise aside.

    >>> is_whole(0.1 + 0.2), is_whole(1e11 / 3)
    (True, False)
    """
    shown = Decimal(plain(number))
    return shown == Decimal(repr(float(number))) or len(shown.as_tuple().digits) < 15


def is_endless(number: float) -> bool:
    """Tell whether *number* fills all the digits a float is sure of: nobody writes such a one.

    >>> is_endless(100 / 15), is_endless(6.66666666666667), is_endless(0.75)
    (True, True, False)
    """
    return len(Decimal(plain(number)).as_tuple().digits) >= 15


def percent(share: float) -> str:
    """Return *share* (0.03) as a percentage (``3%``)."""
    return signed(plain(share * 100)) + "%"
