"""Terms of a method: name, symbol, unit, bounds, and where each value comes from."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field, field_validator, model_validator

from ..errors import EcovalError
from ..reading import Model
from ..units import Unit, same_kind, unit
from .sources import Standing, source


def bound_unit(text: str, to: str) -> str:
    """Return the unit *text* with ``[unit]`` replaced by *to*, left out where that is empty.

    >>> bound_unit("元/[unit]/年", "公顷"), bound_unit("[unit]·年", "公顷"), bound_unit("[unit]·年", "")
    ('元/公顷/年', '公顷·年', '年')
    """
    if text == "[unit]":
        return to
    if to:
        compound = any(sign in to for sign in "/*· ")
        return text.replace("[unit]", f"({to})" if compound else to)
    return text.replace("/[unit]", "").replace("[unit]·", "").replace("[unit]", "")


def known_unit(text: str) -> str:
    """Return *text* if it is a unit, for a validator."""
    try:
        unit(bound_unit(text, ""))
    except EcovalError as error:
        raise ValueError(str(error)) from None
    return text


class Range(Model):
    """What the standard lets a term be; outside it only with an overrule and a reason."""

    low: float | None = None
    high: float | None = None
    table: str = ""
    low_column: str = ""
    high_column: str = ""
    above_column: str = ""
    keys: dict[str, str] = Field(default_factory=dict)
    standard: str = ""
    source: str
    clause: str
    standing: Standing

    @model_validator(mode="after")
    def _in_order(self) -> Range:
        for bound in (self.low, self.high):
            if bound is not None and not math.isfinite(bound):
                raise ValueError("取值范围须为有限的数")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"取值范围下限 {self.low} 大于上限 {self.high}")
        return self

    @property
    def cited(self) -> str:
        """The standard and its clause, in short: ``GB/T 39793.2-2020 表1``."""
        return f"{source(self.standard or self.source).short} {self.clause}".strip()


class Lookup(Model):
    """A term read off a table, by classes that are given and by a number that is computed.

    *keys* maps each column of the table to a choice of the card, to a term of it, or to the
    method that computes the number (whose own terms may then be given instead of this one).
    """

    table: str
    column: str
    keys: dict[str, str]


class Choice(Model):
    """A text that selects a row of a table, or one that must be said beside the numbers.

    A *required* choice stands for itself (the name of an index): it must be given, and *asks* says
    what is wanted.
    """

    name: str
    title: str
    title_en: str = ""
    required: bool = False
    asks: str = ""


class Term(Model):
    """An operand of the formula: name, symbol, title, unit, bounds, and where its value is from.

    Several units are alternatives that go in parallel through the card: with the second unit of
    one term goes the second of the others. ``[unit]`` in a unit is whatever the first such term
    is given in, line by line where the terms have lines. A *share* lies between 0 and 1, a
    *calendar* term is a year like 2024, the lines of one that *sums_to* a number add up to it, *most* is what it can be at most, the lines
    of a *consecutive* term go up by one without a gap, and *asks* tells the expert where to take the value. A
    term that is not given is looked up, computed by another *method* (whose own terms may then be
    given; of several methods the one whose lines are given), or taken from a *parameter*; where
    both are named, the parameter stands in for a method of which nothing is given. *reads* names
    units that documents print for this term and that are taken number for number as the card's (m³
    for standing volume), each with what is then understood: it is said in a finding, unless nothing
    can be misunderstood and it is empty.
    """

    name: str
    symbol: str
    title: str
    title_en: str = ""
    unit: tuple[str, ...] = ("",)
    sign: Literal["positive", "nonnegative", "any"] = "positive"
    share: bool = False
    whole: bool = False
    calendar: bool = False
    sums_to: float | None = None
    most: float | None = None
    not_before: str = ""
    consecutive: bool = False
    lines: bool = False
    range: Range | None = None
    lookup: Lookup | None = None
    parameter: str = ""
    method: tuple[str, ...] = ()
    asks: str = ""
    note: str = ""
    reads: dict[str, str] = Field(default_factory=dict)

    @field_validator("unit", "method", mode="before")
    @classmethod
    def _listed(cls, given: object) -> object:
        return (given,) if isinstance(given, str) else given

    @field_validator("unit")
    @classmethod
    def _known(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(known_unit(text) for text in given)

    @field_validator("reads")
    @classmethod
    def _readable(cls, given: dict[str, str]) -> dict[str, str]:
        return {known_unit(text): said for text, said in given.items()}

    def read_as(self, of: Unit) -> str | None:
        """Return which of *reads* a value in *of* is, None where the card's own unit will do."""
        if self.calendar and same_kind(of, unit("年")):
            return "年"
        own = (bound_unit(text, "") for text in self.unit)
        if any(same_kind(of, unit("" if text == "%" else text)) for text in own):
            return None
        return next((text for text in self.reads if same_kind(of, unit(text))), None)
