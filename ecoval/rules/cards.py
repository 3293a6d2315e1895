"""Method cards: what a standard says of a method, beside the formula that the function is."""

from __future__ import annotations

from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from ..content import folder
from ..errors import ContentError, nearest
from ..money import Place as RoundingPlace
from ..money import Rule as RoundingRule
from ..reading import Model, read_model
from .heads import HEADS as HEADS
from .heads import Head as Head
from .jurisdictions import Place, place
from .sources import Standing, source
from .terms import Choice as Choice
from .terms import Lookup as Lookup
from .terms import Range as Range
from .terms import Term as Term
from .terms import bound_unit as bound_unit
from .terms import known_unit

# The medium of a method that values whatever ecosystem the case names.
GENERAL_MEDIUM = "ecosystem"


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
        return known_unit(given)


class Result(Model):
    """What the method yields; below zero or zero is a finding unless the result is *signed*."""

    symbol: str
    title: str
    title_en: str = ""
    unit: str = "元"
    signed: bool = False

    @field_validator("unit")
    @classmethod
    def _known(cls, given: str) -> str:
        return known_unit(given)


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
    *other_reading* is the method that reads the same clause in another way; what it comes to is said
    beside the result.
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
    other_reading: str = ""
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
    for term in (*card.terms, *card.settings):
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
