"""The result of a method: the amount, and everything that defends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
import pint

from .. import money
from ..errors import InputError
from ..findings import Finding
from ..numerals import grouped, is_endless, percent, plain, shortened
from ..rules.cards import Card, Term
from ..rules.jurisdictions import Place
from ..rules.parameters import InForce
from ..rules.sources import Standing
from ..rules.tables import Row
from ..units import Unit, display, unit_text
from .conventions import Conventions
from .fingerprint import DIGITS, Figures, ItemFigures
from .inputs import Given
from .paths import Path

if TYPE_CHECKING:
    from .definition import Method
    from .spread import Spread

Origin = Literal["given", "table", "parameter", "method"]

ORIGINS: dict[Origin, str] = {
    "given": "专家给定",
    "table": "查表",
    "parameter": "规则参数",
    "method": "另行计算",
}


@dataclass(frozen=True)
class Used:
    """A term's value as it was used, and where it came from.

    ``values`` has one number, or one for each line, in ``units`` (one for each value).
    """

    term: Term
    values: tuple[float, ...]
    units: tuple[str, ...]
    origin: Origin
    given: Given | None = None
    source: str = ""
    clause: str = ""
    standing: Standing | None = None
    note: str = ""
    cells: tuple[Given, ...] = ()

    @property
    def givens(self) -> tuple[Given, ...]:
        """What stands behind the value, and behind each of its lines."""
        if self.given is None or self.given in self.cells:
            return self.cells
        return (self.given, *self.cells)

    @property
    def value(self) -> float | tuple[float, ...]:
        """The number, or the numbers of the lines."""
        return self.values if self.term.lines else self.values[0]

    def written(self, line: int = 0, *, full: bool = False) -> tuple[str, str]:
        """Return the number and the unit as they are printed: in *full*, or cut where it `is_cut`."""
        number, of = self.values[line], self.units[line]
        if self.term.calendar:
            return plain(number), of
        if not full and self.is_cut(line):
            return self.cut(line)[:2]
        if of == "%":
            return percent(number), ""
        return grouped(number), display(of)

    def is_cut(self, line: int = 0) -> bool:
        """Tell whether not all digits of a value are printed.

        What was computed is shortened like a step; so is what fills all the digits a float has,
        such as 44/12.
        """
        number = self.values[line] * 100 if self.units[line] == "%" else self.values[line]
        return (self.origin == "method" or is_endless(number)) and not shortened(number)[1]

    def said(self, line: int = 0) -> str:
        """Return a value as it is printed, with ≈ before it where digits were cut."""
        about = "≈ " if self.is_cut(line) else ""
        return about + " ".join(self.written(line)).strip()

    def cut(self, line: int = 0) -> tuple[str, str, bool]:
        """Return number and unit of a value cut to six decimals, and whether no digit was cut."""
        number, of = self.values[line], self.units[line]
        if of == "%":
            said, whole = shortened(number * 100)
            return f"{said}%", "", whole
        said, whole = shortened(number)
        return said, display(of), whole

    @property
    def text(self) -> str:
        """The value with its unit, lines joined by a comma."""
        return "，".join(self.said(line) for line in range(len(self.values)))

    @property
    def equation(self) -> str:
        """The symbol and the value as an equation: ``r = 3%``, ``k ≈ 3.666667 tCO2e/tC``."""
        sign = "" if self.is_cut() else "= "
        return f"{self.term.symbol} {sign}{self.text}"

    def record(self, figures: Figures) -> dict[str, Any]:
        """Return the value and its source as the fingerprint covers them.

        A number that was looked up stands in the record; *figures* takes any other.
        """
        values: Any = list(self.values)
        if self.origin == "given":
            values = figures.given(self.term.name, self.values)
        elif self.origin == "method":
            values = figures.computed(self.term.name, self.values)
        return {
            "name": self.term.name,
            "values": values,
            "units": list(self.units),
            "origin": self.origin,
            "source": self.source,
            "standing": self.standing,
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the input as it stands in JSON."""
        entry: dict[str, Any] = {
            "name": self.term.name,
            "symbol": self.term.symbol,
            "title": self.term.title,
            "value": list(self.values) if self.term.lines else self.values[0],
            "unit": list(self.units) if self.term.lines else self.units[0],
            "text": self.text,
            "origin": self.origin,
            "source": self.source,
            "clause": self.clause,
            "standing": self.standing,
        }
        if self.given is not None:
            entry["given"] = {name: plain_data(part) for name, part in self.given.as_dict().items()}
        return entry


@dataclass(frozen=True)
class StepValue:
    """A named intermediate result."""

    name: str
    symbol: str
    title: str
    value: float
    unit: str


@dataclass(frozen=True)
class Item:
    """One valued loss or cost. Frozen: what is printed is what was computed.

    ``exact`` is the unrounded result in the unit of the card, ``fens`` the printed amount in fen
    (None where the method yields no money); ``given`` the terms by name as they were given; ``parts`` are the results that other methods
    computed for its terms, ``computed`` says by term and line which of them gave a value; ``lines``
    has the texts of each line of its lists.
    """

    method: Method
    on: date
    place: Place
    inputs: tuple[Used, ...]
    given: Mapping[str, Any]
    steps: tuple[StepValue, ...]
    exact: float
    unit: str
    rounding: money.Rounding
    title: str = ""
    parts: tuple[Item, ...] = ()
    parameters: tuple[InForce, ...] = ()
    rows: tuple[Row, ...] = ()
    lines: tuple[Mapping[str, str], ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, Given] = field(default_factory=dict)
    overrule: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    computed: Mapping[tuple[str, int], Item] = field(default_factory=dict)
    version: str = ""

    @property
    def card(self) -> Card:
        """The method's card."""
        return self.method.card

    @cached_property
    def fens(self) -> int | None:
        """The printed amount in fen, None where the method yields no money."""
        return money.fen(self.exact, self.rounding) if self.card.is_money else None

    @property
    def amount(self) -> Decimal:
        """The printed amount in yuan, two decimals.

        Raises
        ------
        InputError
            The method yields no money.
        """
        if self.fens is None:
            raise InputError(
                f"结果是{self.card.result.title}（{display(self.unit) or '无量纲'}），不是金额",
                where=self.card.id,
                hint="请用 exact 与 unit 取结果的数与单位。",
            )
        return money.yuan(self.fens)

    def used(self, name: str) -> Used:
        """Return the term *name* as it was used."""
        return next(used for used in self.inputs if used.term.name == name)

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits over everything that the result rests on."""
        return self.digest[:DIGITS]

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of which the fingerprint is the beginning."""
        figures = ItemFigures()
        return figures.digest(self.record(figures))

    def record(self, figures: Figures) -> dict[str, Any]:
        """Return what the fingerprint covers: the calculation, without titles, notes and evidence.

        What another row of the same rules has otherwise is taken by *figures*. A parameter was
        asked for at the place of the item.
        """
        return {
            "method": self.card.id,
            "card": self.method.digest,
            "version": self.version,
            "on": figures.day(self.on),
            "place": figures.place(self.place.code),
            "exact": figures.exact(self.exact),
            "amount": figures.amount(self.fens) if self.fens is not None else None,
            "unit": self.unit,
            "rounding": [self.rounding.to, self.rounding.rule],
            "inputs": [used.record(figures) for used in self.inputs],
            "choices": {
                name: figures.choice(name, text) for name, text in sorted(self.choices.items())
            },
            "steps": [
                [step.name, figures.step(step.name, step.value), step.unit] for step in self.steps
            ],
            "parameters": [
                {name: said for name, said in found.as_dict().items() if name != "asked"}
                for found in self.parameters
            ],
            "rows": [row.as_dict() for row in self.rows],
            "parts": [part.record(figures.part(part.card.id)) for part in self.parts],
            "overrule": dict(self.overrule),
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the item as it stands in JSON, without its fingerprint and its printed forms."""
        return {
            "method": self.card.id,
            "title": self.title or self.card.title,
            "card": self.method.digest,
            "version": self.version,
            "on": self.on.isoformat(),
            "place": self.place.code,
            "amount": str(self.amount) if self.fens is not None else plain(self.exact),
            "unit": self.unit,
            "exact": self.exact,
            "rounding": {"to": self.rounding.to, "rule": self.rounding.rule},
            "inputs": [used.as_dict() for used in self.inputs],
            "choices": dict(self.choices),
            "lines": [dict(line) for line in self.lines],
            "steps": [
                {"name": step.name, "symbol": step.symbol, "value": step.value, "unit": step.unit}
                for step in self.steps
            ],
            "parameters": [found.as_dict() for found in self.parameters],
            "rows": [row.as_dict() for row in self.rows],
            "parts": [part.as_dict() for part in self.parts],
            "overrule": dict(self.overrule),
            "remarks": list(self.remarks),
            **({"spread": self.spread.as_dict()} if self.spread is not None else {}),
            "findings": [finding.as_dict() for finding in self.findings],
        }

    def givens(self) -> Iterator[tuple[str, Given]]:
        """Yield what was given for each term and choice, by its title, those of the parts first."""
        for part in self.parts:
            yield from part.givens()
        for name, chosen in self.chosen.items():
            yield self.card.titles[name], chosen
        for used in self.inputs:
            for given in used.givens:
                yield f"{used.term.title} {used.term.symbol}", given

    @cached_property
    def spread(self) -> Spread | None:
        """The result under every convention, None where nothing was read off a path."""
        from .spread import spread_of

        return spread_of(self)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said beside the amount: the spread over conventions, another reading of the standard."""
        from .readings import other_reading
        from .spread import remarks

        return (*remarks(self), *other_reading(self))

    def overrules(self) -> Iterator[tuple[str, str]]:
        """Yield what was overruled, by name, and why, in the parts first."""
        for part in self.parts:
            yield from part.overrules()
        yield from self.overrule.items()

    def rest_on(self) -> Iterator[Used]:
        """Yield every term that the result rests on, those of its parts first."""
        for part in self.parts:
            yield from part.rest_on()
        yield from self.inputs

    def __str__(self) -> str:
        from .display import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from .display import as_html

        return as_html(self)

    def _repr_latex_(self) -> str:
        from .display import as_latex

        return as_latex(self)


def plain_data(value: Any) -> Any:
    """Return *value* as JSON knows it; a quantity becomes its text."""
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if isinstance(value, Given):
        return plain_data(value.as_dict())
    if isinstance(value, Path):
        return plain_data(value.data)
    if isinstance(value, Conventions):
        return plain_data(value.data)
    if isinstance(value, pint.Quantity) and np.ndim(value.magnitude) == 0:
        return f"{float(value.magnitude)!r} {unit_text(value, cast(Unit, value.units))}".strip()
    if isinstance(value, Mapping):
        return {str(key): plain_data(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_data(part) for part in value]
    return str(value)
