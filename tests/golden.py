"""Read the golden cases: figures published elsewhere, at the digits they were printed with."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "cases"
INVENTORY = FOLDER / "published.toml"


@dataclass(frozen=True)
class Golden:
    """A published figure, or an error that must be raised.

    ``expect`` is the figure as printed (``"1441.6776 万元"``): the computed value is rounded to the
    same unit and digits before they are compared. ``reconciles = false`` keeps a figure that does
    not follow from its published inputs, with ``why``; it must go on not following.
    """

    method: str
    name: str
    origin: str
    on: date
    inputs: dict[str, Any]
    jurisdiction: str = "CN"
    id: str = ""
    standing: str = ""
    expect: str = ""
    reconciles: bool = True
    why: str = ""
    raises: str = ""
    match: str = ""
    overrule: dict[str, str] = field(default_factory=dict)


def golden_cases() -> list[Golden]:
    """Return every case of every file; a file is named for its method."""
    cases = []
    for path in sorted(FOLDER.glob("*.toml")):
        if path == INVENTORY:
            continue
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            cases.append(Golden(method=path.stem, **entry))
    return cases


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
