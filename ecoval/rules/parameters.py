"""Values of rules by day and place: dated, sourced, and found from the place up to the nation."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, RootModel, model_validator

from ..content import folder, read_text
from ..errors import ContentError, EcovalError, ParameterNotFound, nearest
from ..numerals import grouped
from ..reading import Model, line_of, read_model
from ..units import unit
from .jurisdictions import Place, as_place, place
from .sources import Standing, source

Operator = Literal["<", "<=", ">", ">="]

_WORDS: dict[Operator, str] = {"<": "低于", "<=": "不超过", ">": "高于", ">=": "不少于"}


class Dated(Model):
    """What every rule's value says of itself: where and when it holds, and who says so."""

    jurisdiction: str
    since: date
    until: date | None = None
    source: str
    clause: str
    standing: Standing
    checked: date | None = None
    note: str = ""

    def holds(self, on: date) -> bool:
        """Tell whether the value is in force on the day *on*; both ends are included."""
        return self.since <= on and (self.until is None or on <= self.until)

    @property
    def span(self) -> str:
        """From when to when it holds, as printed."""
        return f"{self.since.isoformat()} 至 {self.until.isoformat() if self.until else '今'}"

    @model_validator(mode="after")
    def _in_order(self) -> Dated:
        if self.until is not None and self.until < self.since:
            raise ValueError(f"until {self.until} 早于 since {self.since}")
        return self


def _plain(given: object) -> object:
    """Refuse what is neither a finite number nor a text nor a list of texts."""
    if isinstance(given, (int, float)) and not isinstance(given, bool) and math.isfinite(given):
        return float(given)
    if isinstance(given, str) and given.strip():
        return given
    if isinstance(given, list) and given and all(isinstance(each, str) for each in given):
        return tuple(given)
    raise ValueError(f"值应为有限的数、非空文字或非空文字列表，所给为 {given!r}")


class Value(Dated):
    """One value of a parameter: a number in its unit, a text, or a list of the coded choices.

    ``excludes`` has the kinds of cost that an amount leaves out before it is compared;
    ``not_seen`` says that the text on it was not read. ``starts`` has the events from which a time
    limit is counted.
    """

    value: Annotated[float | str | tuple[str, ...], BeforeValidator(_plain)]
    operator: Operator | None = None
    excludes: tuple[Literal["appraisal", "monitoring", "not_seen"], ...] = ()
    starts: tuple[str, ...] = ()


class Parameter(Model):
    """A number or a choice that a rule sets, with every value it has had.

    ``ends`` has the events that meet it, where it is a time limit.
    """

    title: str
    title_en: str = ""
    unit: str | None = None
    choices: dict[str, str] = Field(default_factory=dict)
    ends: tuple[str, ...] = ()
    values: tuple[Value, ...]

    @model_validator(mode="after")
    def _unit_known(self) -> Parameter:
        if self.unit is not None:
            try:
                unit(self.unit)
            except EcovalError as error:
                raise ValueError(str(error)) from None
        return self


class _File(RootModel[dict[str, Parameter]]):
    pass


@dataclass(frozen=True)
class InForce:
    """A parameter's value as it was found for a day and a place."""

    name: str
    parameter: Parameter
    found: Value
    asked: Place
    on: date

    @property
    def place(self) -> Place:
        """The jurisdiction whose rule it is: where the way up from *asked* stopped."""
        return place(self.found.jurisdiction)

    @property
    def number(self) -> float:
        """The value as a number.

        Raises
        ------
        TypeError
            The parameter is a text or a choice.
        """
        if not isinstance(self.found.value, float):
            raise TypeError(f"{self.name} is not a number")
        return self.found.value

    @property
    def chosen(self) -> tuple[str, ...]:
        """The value as the codes of its choices."""
        value = self.found.value
        return value if isinstance(value, tuple) else (str(value),)

    @property
    def text(self) -> str:
        """The value as it is printed: ``低于 500,000 元``."""
        value = self.found.value
        if isinstance(value, tuple):
            return "；".join(self.parameter.choices.get(code, code) for code in value)
        if isinstance(value, str):
            return value
        written = f"{grouped(value)} {self.parameter.unit or ''}".strip()
        return f"{_WORDS[self.found.operator]} {written}" if self.found.operator else written

    @property
    def citation(self) -> str:
        """Source and clause, as printed."""
        return f"{source(self.found.source)}{self.found.clause}"

    def as_dict(self) -> dict[str, object]:
        """Return the value as it stands in JSON, with all that defends it."""
        return {
            "name": self.name,
            "title": self.parameter.title,
            "value": list(self.chosen) if isinstance(self.found.value, tuple) else self.found.value,
            "unit": self.parameter.unit,
            "operator": self.found.operator,
            "excludes": list(self.found.excludes),
            "asked": self.asked.code,
            "jurisdiction": self.found.jurisdiction,
            "since": self.found.since.isoformat(),
            "until": self.found.until.isoformat() if self.found.until else None,
            "source": self.found.source,
            "clause": self.found.clause,
            "standing": self.found.standing,
            "note": self.found.note,
        }


def in_force(name: str, *, on: date, jurisdiction: str | Place) -> InForce:
    """Return the value of the parameter *name* in force on the day *on* at *jurisdiction*.

    The most local rule wins; `all_in_force` shows what stands above it.

    Raises
    ------
    ParameterNotFound
        No value is known there and then; the message says which are.
    InputError
        The place is not known.
    """
    found = all_in_force(name, on=on, jurisdiction=jurisdiction)
    if found:
        return found[0]
    at, held = as_place(jurisdiction), parameter(name)
    known = "；".join(f"{place(value.jurisdiction).name} {value.span}" for value in held.values)
    raise ParameterNotFound(
        f"{held.title}（{name}）在 {at.name} {on.isoformat()} 没有已知的值",
        hint=f"已知：{known or '无'}。",
    )


def all_in_force(name: str, *, on: date, jurisdiction: str | Place) -> tuple[InForce, ...]:
    """Return every value of *name* in force that day, from the place up to the nation."""
    at, held = as_place(jurisdiction), parameter(name)
    return tuple(
        InForce(name, held, value, at, on)
        for step in at.way_up
        for value in held.values
        if value.jurisdiction == step.code and value.holds(on)
    )


def topics() -> dict[str, tuple[str, ...]]:
    """Return the parameter names by topic, the name of the file that holds them."""
    by_topic: dict[str, list[str]] = {}
    for name, (topic, _) in _parameters().items():
        by_topic.setdefault(topic, []).append(name)
    return {topic: tuple(names) for topic, names in by_topic.items()}


def parameter(name: str) -> Parameter:
    """Return the parameter *name* with all its values.

    Raises
    ------
    ParameterNotFound
        There is none of that name; the nearest are offered.
    """
    known = _parameters()
    if name not in known:
        raise ParameterNotFound(f"没有参数 {name}", hint=nearest(name, known))
    return known[name][1]


def read_parameters(paths: Iterable[Path]) -> dict[str, tuple[str, Parameter]]:
    """Return the parameters of the TOML files *paths*, each with its topic, by name.

    Raises
    ------
    ContentError
        Two values hold on one day at one place; a source, a place or a unit is unknown; a value
        has no source or standing; a choice is not among the declared. File and line are named.
    """
    known: dict[str, tuple[str, Parameter]] = {}
    for path in paths:
        for name, entry in read_model(path, _File, fault=ContentError).root.items():
            if name in known:
                raise ContentError(f"参数 {name} 在两个文件中", where=str(path))
            _check(path, name, entry)
            known[name] = (path.stem, entry)
    return known


def _check(path: Path, name: str, entry: Parameter) -> None:
    def fault(place_in_list: int, what: str) -> ContentError:
        line = line_of(read_text(path), (name, "values", place_in_list))
        return ContentError(what, where=f"{path} 第 {line} 行 {name}")

    for at, value in enumerate(entry.values):
        try:
            source(value.source)
            code = place(value.jurisdiction).code
        except EcovalError as error:
            raise fault(at, str(error)) from None
        if code != value.jurisdiction:
            raise fault(at, f"jurisdiction 须写代码 {code}，所给为 {value.jurisdiction}")
        if isinstance(value.value, float) and entry.unit is None:
            raise fault(at, "数值须有单位（无量纲写空文字）")
        chosen = value.value if isinstance(value.value, tuple) else (value.value,)
        for choice in chosen if entry.choices or isinstance(value.value, tuple) else ():
            if choice not in entry.choices:
                raise fault(at, f"choices 中没有 {choice}")
        if not isinstance(value.value, float) and entry.unit is not None:
            raise fault(at, f"有单位的参数，值应为数，所给为 {value.value!r}")
        for before, other in enumerate(entry.values[:at]):
            if other.jurisdiction == value.jurisdiction and _overlap(other, value):
                raise fault(at, f"与第 {before + 1} 个值的有效期重叠（{other.span}；{value.span}）")


def _overlap(one: Dated, other: Dated) -> bool:
    return (one.until is None or other.since <= one.until) and (
        other.until is None or one.since <= other.until
    )


@lru_cache(maxsize=1)
def _parameters() -> dict[str, tuple[str, Parameter]]:
    return read_parameters(sorted((folder("data") / "parameters").glob("*.toml")))
