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
from ..units import unit
from .sources import Standing, source

Head = Literal["clearance", "prevention", "restoration", "interim", "permanent", "investigation"]

HEADS: dict[Head, str] = {
    "clearance": "清除污染费用",
    "prevention": "防止损害发生和扩大的合理费用",
    "restoration": "生态环境修复费用",
    "interim": "期间服务功能丧失的损失",
    "permanent": "生态环境功能永久性损害的损失",
    "investigation": "调查、鉴定评估等费用",
}


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
    """A text that selects a row of a table."""

    name: str
    title: str
    title_en: str = ""


class Term(Model):
    """An operand of the formula: name, symbol, title, unit, bounds, and where its value is from.

    Several units are alternatives that go in parallel through the card: with the second unit of
    one term goes the second of the others. ``[unit]`` in a unit is whatever the first such term
    is given in, line by line where the terms have lines. A *share* lies between 0 and 1, a
    *calendar* term is a year like 2024, *most* is what it can be at most, and *asks* tells the expert where to take the value. A
    term that is not given is looked up, computed by another *method* (whose own terms may then be
    given; of several methods the one whose lines are given), or taken from a *parameter*.
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
    lines: bool = False
    range: Range | None = None
    lookup: Lookup | None = None
    parameter: str = ""
    method: tuple[str, ...] = ()
    asks: str = ""
    note: str = ""

    @field_validator("unit", "method", mode="before")
    @classmethod
    def _listed(cls, given: object) -> object:
        return (given,) if isinstance(given, str) else given

    @field_validator("unit")
    @classmethod
    def _known(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_known_unit(text) for text in given)


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
        reserved = {"on", "jurisdiction", "overrule", "rounding", "title"} & set(names)
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
