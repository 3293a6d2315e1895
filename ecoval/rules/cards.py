"""Method cards: what a standard says of a method, beside the formula that the function is."""

from __future__ import annotations

import math
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from ..content import folder
from ..errors import ContentError, EcovalError, nearest
from ..money import Place as RoundingPlace
from ..money import Rule as RoundingRule
from ..reading import Model, read_model
from ..units import Unit, same_kind, unit
from .heads import HEADS as HEADS
from .heads import Head as Head
from .jurisdictions import Place, place
from .sources import Standing, source

# The medium of a method that values whatever ecosystem the case names.
GENERAL_MEDIUM = "ecosystem"


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


def _known_unit(text: str) -> str:
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
    *calendar* term is a year like 2024, *most* is what it can be at most, the lines
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
        return tuple(_known_unit(text) for text in given)

    @field_validator("reads")
    @classmethod
    def _readable(cls, given: dict[str, str]) -> dict[str, str]:
        return {_known_unit(text): said for text, said in given.items()}

    def read_as(self, of: Unit) -> str | None:
        """Return which of *reads* a value in *of* is, None where the card's own unit will do."""
        if self.calendar and same_kind(of, unit("年")):
            return "年"
        own = (bound_unit(text, "") for text in self.unit)
        if any(same_kind(of, unit("" if text == "%" else text)) for text in own):
            return None
        return next((text for text in self.reads if same_kind(of, unit(text))), None)


class StepCard(Model):
    """A named intermediate result."""

    name: str
    symbol: str
    title: str
    title_en: str = ""
    unit: str = ""

    @field_validator("unit")
    @classmethod
    def _known(cls, given: str) -> str:
        return _known_unit(given)


class Result(Model):
    """What the method yields."""

    symbol: str
    title: str
    title_en: str = ""
    unit: str = "元"

    @field_validator("unit")
    @classmethod
    def _known(cls, given: str) -> str:
        return _known_unit(given)


class Condition(Model):
    """A condition under which the standard allows the method, or one under which it does not."""

    id: str
    text: str
    kind: Literal["requires", "forbids"]
    clause: str
    source: str
    standing: Standing


class Overlap(Model):
    """Another way of counting the same loss: which figure a case that has both must drop, and why.

    The other item is named by the *methods* it may be (``emergency-*`` is the family), the *heads*
    it may stand under and the *media* it may be about (``*`` is any, also none); what is left out
    may be any. Without *media*, the two are the same loss only where they are about one medium.
    *drop* says which figure goes: this one, the other, either as the expert reasons, or the shared
    part of this one or of the other.
    """

    methods: tuple[str, ...] = ()
    heads: tuple[Head, ...] = ()
    media: tuple[str, ...] = ()
    drop: Literal["this", "other", "either", "part-of-this", "part-of-other"]
    why: str
    source: str
    clause: str
    standing: Standing

    @model_validator(mode="after")
    def _names_something(self) -> Overlap:
        if not (self.methods or self.heads or self.media):
            raise ValueError("overlap 须写明 methods、heads 或 media")
        return self


class LineCard(Model):
    """What one line of the lists of this method is.

    Lines that *unfold* may be given as a service path of a loss or a gain, or as a life table,
    which the rows of its years then stand for. The lines of a sum that each could stand alone are
    valued *apart* as well, for the record.
    """

    name: str
    title: str
    title_en: str = ""
    unfold: Literal["", "loss", "gain", "life"] = ""
    apart: bool = False


class Card(Model):
    """A method card: one TOML file, named for the method's id.

    A local standard names its *jurisdiction* by code, and holds there and below. *overlaps* are
    heads and media, ``interim:forest``, whose loss the method would count twice; ``interim:=`` is
    the item's own medium.
    A *setting* is an input that is no operand of the formula: it shapes the rows that a path unfolds
    to, like a discount rate, and is bounded, sourced and printed like a term.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
    title: str
    title_en: str
    summary: str = ""
    medium: str = ""
    heads: tuple[Head, ...] = ()
    standard: str
    clause: str
    since: date | None = None
    until: date | None = None
    jurisdiction: str = ""
    standing: Standing
    replaced_by: str = ""
    rounding_to: RoundingPlace = "分"
    rounding_rule: RoundingRule = "half-up"
    overlaps: tuple[str, ...] = ()
    note: str = ""
    terms: tuple[Term, ...] = Field(alias="term", min_length=1)
    choices: tuple[Choice, ...] = Field(alias="choice", default=())
    settings: tuple[Term, ...] = Field(alias="setting", default=())
    steps: tuple[StepCard, ...] = Field(alias="step", default=())
    lines: LineCard | None = None
    result: Result
    conditions: tuple[Condition, ...] = Field(alias="condition", default=())
    declared_overlaps: tuple[Overlap, ...] = Field(alias="overlap", default=())

    @field_validator("jurisdiction")
    @classmethod
    def _a_code(cls, given: str) -> str:
        if given and place(given).code != given:
            raise ValueError(f"jurisdiction 须写代码 {place(given).code}，所给为 {given}")
        return given

    @model_validator(mode="after")
    def _consistent(self) -> Card:
        terms = (*self.terms, *self.settings)
        names = [term.name for term in terms] + [choice.name for choice in self.choices]
        if len(set(names)) < len(names):
            raise ValueError("term 与 choice 的名称有重复")
        symbols = [term.symbol for term in terms] + [step.symbol for step in self.steps]
        symbols.append(self.result.symbol)
        if len(set(symbols)) < len(symbols):
            raise ValueError("符号有重复")
        counts = {len(term.unit) for term in self.terms if len(term.unit) > 1}
        if len(counts) > 1:
            raise ValueError("各 term 的备选单位个数不一致")
        reserved = {"on", "jurisdiction", "overrule", "rounding", "title", "dates"} & set(names)
        if reserved:
            raise ValueError(f"名称 {'、'.join(sorted(reserved))} 另有用途，不能作输入项")
        if self.since is not None and self.until is not None and self.until < self.since:
            raise ValueError(f"until {self.until} 早于 since {self.since}")
        for term in self.terms:
            if term.not_before and term.not_before not in names:
                raise ValueError(f"{term.name} 的 not_before 指向不存在的 {term.not_before}")
        if any(term.lines for term in self.terms) != (self.lines is not None):
            raise ValueError("有 lines 的 term 须有 [lines] 表，反之亦然")
        if self.settings and not (self.lines and self.lines.unfold):
            raise ValueError("setting 只用于展开成行的路径，[lines] 须写 unfold")
        return self

    @property
    def is_money(self) -> bool:
        """Whether the method yields an amount in yuan."""
        return self.result.unit == "元"

    def holds_at(self, at: Place) -> bool:
        """Tell whether the method is one of the place *at* or of what lies above it."""
        return not self.jurisdiction or self.jurisdiction in {step.code for step in at.way_up}

    def holds_on(self, on: date) -> bool:
        """Tell whether the edition applies on the day *on*; both ends are included."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)

    @property
    def alternatives(self) -> int:
        """How many parallel choices of units the terms have."""
        return max(len(term.unit) for term in self.terms)

    @cached_property
    def computed_by(self) -> tuple[str, ...]:
        """The methods that compute a number some term is looked up by."""
        own = {term.name for term in self.terms} | {choice.name for choice in self.choices}
        keys = {
            key
            for term in self.terms
            if term.lookup is not None
            for key in term.lookup.keys.values()
        }
        named = {key for key in keys if not key.startswith("=") and key not in own}
        return tuple(sorted(named | {id for term in self.terms for id in term.method}))

    @cached_property
    def titles(self) -> dict[str, str]:
        """The title of each term, setting, choice and list by its name."""
        titles = {term.name: term.title for term in (*self.terms, *self.settings)}
        if self.lines is not None:
            titles[self.lines.name] = self.lines.title
        return titles | {choice.name: choice.title for choice in self.choices}

    def term(self, name: str) -> Term:
        """Return the term or the setting *name*."""
        return next(term for term in (*self.terms, *self.settings) if term.name == name)

    def cited(self) -> str:
        """Return standard and clause, as printed."""
        return f"{source(self.standard)}{self.clause}"


def read_card(path: Path) -> Card:
    """Return the card in the TOML file *path*.

    Raises
    ------
    ContentError
        A key is unknown or missing, a unit or a source unknown, the id is not the file's name.
    """
    card = read_model(path, Card, fault=ContentError)
    if card.id != path.stem:
        raise ContentError(f"id {card.id} 与文件名不同", where=str(path))
    check_sources(card, where=str(path))
    return card


def check_sources(card: Card, *, where: str) -> None:
    """Make sure that every source the *card* cites is known."""
    source(card.standard, where=where)
    for term in card.terms:
        if term.range is not None:
            source(term.range.source, where=where)
            source(term.range.standard or term.range.source, where=where)
    for condition in card.conditions:
        source(condition.source, where=where)
    for overlap in card.declared_overlaps:
        source(overlap.source, where=where)


@cache
def card(id: str) -> Card:
    """Return the card *id* of ``methods``.

    Raises
    ------
    ContentError
        There is none of that id, or it cannot be trusted.
    """
    path = folder("methods") / f"{id}.toml"
    if not path.is_file():
        known = (other.stem for other in folder("methods").glob("*.toml"))
        raise ContentError(f"没有方法卡片 {id}", where=str(path.parent), hint=nearest(id, known))
    return read_card(path)
