"""Compare a computed value with a published figure at the digits it was printed with."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from ecoval.content import folder
from ecoval.valuation.golden import Golden as Golden
from ecoval.valuation.golden import golden_cases as golden_cases

FOLDER = folder("cases")
INVENTORY = FOLDER / "published.toml"


def as_printed(exact: float, expect: str) -> str:
    """Return *exact* (in the unit of the card) rounded to the unit and the digits of *expect*."""
    number, _, unit = expect.partition(" ")
    scale = {"万元": Decimal(10_000), "亿元": Decimal(100_000_000)}.get(unit, Decimal(1))
    digits = Decimal(number.replace(",", "")).as_tuple().exponent
    value = Decimal(repr(exact)) / scale
    return str(value.quantize(Decimal(1).scaleb(int(digits)), ROUND_HALF_UP))


def plain(expect: str) -> str:
    """Return the number of *expect* without thousands marks."""
    return expect.partition(" ")[0].replace(",", "")
