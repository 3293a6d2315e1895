"""Money, shares and numbers as a case file writes them, read exactly; and sums split to the fen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from ..errors import EcovalError, InputError, Spot
from ..money import LARGEST, printed
from ..units import digits, factor, measure, same_kind, unit

_NUMBER = re.compile(
    r"(?P<above>[+-]?\d[\d,]{0,20}(?:\.\d{1,20})?)"
    r"(?:\s*/\s*(?P<below>\d{1,20}(?:\.\d{1,20})?))?\s*(?P<percent>[%％])?"
)


def fens_of(text: str, *, where: str | Spot = "") -> int:
    """Return the money *text* (``"40000 元"``, ``"1.2 万元"``) in whole fen, exactly.

    Raises
    ------
    InputError
        It is not money, or not whole fen.
    """
    try:
        return _fens(text)
    except EcovalError as error:
        raise (error.at(where) if where else error) from None


@lru_cache(maxsize=4096)
def _fens(text: str) -> int:
    _, of = measure(text)
    if of.dimensionless:
        raise InputError('金额须写单位，如 "40000 元"', got=text)
    if not same_kind(of, unit("元")):
        raise InputError("应为金额，以 元、万元 等计", got=text)
    fens = digits(text) * Decimal(repr(factor(of, unit("元")))) * 100
    if abs(fens) >= LARGEST * 100:
        raise InputError("金额超出可精确到分的范围（十万亿元）", got=text)
    if fens != int(fens):
        raise InputError("金额须精确到分", got=text)
    return int(fens)


def exact(given: object) -> Fraction:
    """Return the number *given* (``3``, ``1.5``, ``"1/3"``, ``"40%"``) as it is written, exactly.

    Raises
    ------
    ValueError
        It is not a finite number.
    """
    if isinstance(given, bool) or not isinstance(given, (int, float, str, Decimal)):
        raise ValueError(f"应为数或分数，所给为 {given!r}")
    return _exact(given.strip() if isinstance(given, str) else _plainly(given))


@lru_cache(maxsize=4096)
def _exact(given: str) -> Fraction:
    found = _NUMBER.fullmatch(given)
    if not found or (found["below"] and not Fraction(found["below"])):
        raise ValueError(f"应为数或分数，如 0.4、40%、1/3，所给为 {given}")
    number = Fraction(found["above"].replace(",", "")) / Fraction(found["below"] or 1)
    return number / 100 if found["percent"] else number


@lru_cache(maxsize=4096)
def of_float(number: float) -> Fraction:
    """Return the decimal that *number* is written as, exactly.

    >>> of_float(0.1)
    Fraction(1, 10)
    """
    return Fraction(Decimal(repr(number)))


def rounded(amount: Fraction) -> int:
    """Return *amount* (fen) to the nearest whole fen, halves up."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


@lru_cache(maxsize=4096)
def written(number: Fraction) -> str:
    """Return *number* as printed: a decimal where it ends within six places, else a fraction.

    >>> written(Fraction(3, 2)), written(Fraction(1, 3))
    ('1.5', '1/3')
    """
    if 10**6 % number.denominator:
        return f"{number.numerator}/{number.denominator}"
    return f"{Decimal(number.numerator) / Decimal(number.denominator):f}"


def split(fens: int, weights: Sequence[Fraction]) -> tuple[int, ...]:
    """Return *fens* split by *weights* so that the parts add up to it, by the largest remainder.

    Each part is first cut down to whole fen; the fen left over go, one each, to the largest
    remainders, and among equal remainders to the one that stands first.

    >>> split(100, [Fraction(1), Fraction(1), Fraction(1)])
    (34, 33, 33)
    """
    scale = lcm(*(weight.denominator for weight in weights))
    parts = [weight.numerator * (scale // weight.denominator) for weight in weights]
    return _split(fens, parts)


def evenly(fens: int, count: int) -> tuple[int, ...]:
    """Return *fens* in *count* equal parts; the fen left over go to the first ones.

    >>> evenly(100, 3)
    (34, 33, 33)
    """
    return _split(fens, [1] * count)


def _split(fens: int, weights: Sequence[int]) -> tuple[int, ...]:
    whole = sum(weights)
    parts, left = [], []
    for at, weight in enumerate(weights):
        part, remainder = divmod(fens * weight, whole)
        parts.append(part)
        left.append((-remainder, at))
    for _, at in sorted(left)[: fens - sum(parts)]:
        parts[at] += 1
    return tuple(parts)


def positive(fens: int, *, what: str, where: Spot) -> int:
    """Return *fens* if they are more than nothing.

    Raises
    ------
    InputError
        They are nothing or less; *what* is named.
    """
    if fens <= 0:
        raise InputError(f"{what}须大于零", where=where, got=f"{printed(fens)} 元")
    return fens


def _as_money(given: object) -> object:
    if not isinstance(given, str):
        raise ValueError(f'金额须写单位，如 "40000 元"，所给为 {given!r}')
    return given


def _money(text: str) -> str:
    try:
        fens_of(text)
    except EcovalError as error:
        raise ValueError(str(error)) from None
    return text


def _as_number(given: object) -> object:
    exact(given)
    return given if isinstance(given, str) else _plainly(given)


def _plainly(given: object) -> str:
    return format(Decimal(repr(given)) if isinstance(given, (int, float)) else given, "f")


Money = Annotated[str, BeforeValidator(_as_money), AfterValidator(_money)]
Number = Annotated[str, BeforeValidator(_as_number)]
