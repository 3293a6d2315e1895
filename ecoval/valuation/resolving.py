"""Find the terms of many rows at once: each rule and each row of a table once per distinct key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from ..errors import EcovalError, InputError, UnitError
from ..formula.evaluate import evaluate
from ..formula.program import program
from ..rules.cards import Range, Term
from ..rules.jurisdictions import NATION, as_place
from ..rules.parameters import InForce, in_force
from ..rules.tables import Row, table
from ..units import factor, unit
from . import inputs
from .definition import Method
from .demands import MOST_YEARS, demands
from .gathering import Gathering
from .intake import is_bare_percent, take
from .keyed import Array, Cells, Codes, Mask, RowsGiven, combined, ordinals
from .lookups import computable
from .noise import cleared

NOT_GIVEN, NOT_FOUND = -1, -2
_ANY_DAY = date(2000, 1, 1)


class Resolved:
    """The terms of a method for many rows, as numbers in the units of the card.

    A row that is ``suspect`` may be at fault, or may need a reason; its single item tells.
    ``codes`` has, for each thing that was found, which one each row took: rows with the same codes
    rest on the same rules.
    """

    def __init__(self, method: Method, given: RowsGiven) -> None:
        self.method = method
        self.given = given
        self.rows = given.rows
        # What shapes the rows of a path is not looked at by column.
        shaped = bool(method.card.settings or method.card.lines)
        self.suspect: Mask = np.full(self.rows, shaped)
        self.values: dict[str, Array] = {}
        self.codes: list[Codes] = []
        self.parts: dict[str, Resolved] = {}
        self.exact: Array = np.full(self.rows, np.nan)
        self.steps: dict[str, Array] = {}
        self._methods: Mapping[str, Method] = computable(method.card)
        self._part_given: dict[str, Mask] = {}
        self._bands: dict[str, Array] = {}
        self._check_edition()
        self._check_choices()
        units = self._units()
        for term in method.card.terms:
            self._resolve(term, units.get(term.name))
        for term in method.card.terms:
            self._check(term)

    def _check_edition(self) -> None:
        """Suspect the rows whose day or place is not the standard's."""
        card, days, places = self.method.card, self.given.days, self.given.places
        since, until = card.since or date.min, card.until or date.max
        on = ordinals(days)
        outside = (on < since.toordinal()) | (on > until.toordinal())
        elsewhere = [not card.holds_at(at) for at in places.distinct]
        outside[-1] = True
        self.suspect |= _by_code(outside, days.codes)
        self.suspect |= _by_code(np.array([*elsewhere, True], dtype=bool), places.codes)

    def _check_choices(self) -> None:
        """Suspect the rows without a text that must be given."""
        for choice in self.method.card.choices:
            texts = self.given.texts.get(choice.name)
            if choice.required and texts is None:
                self.suspect[:] = True
            elif choice.required and texts is not None:
                blank = [not text.strip() for text in texts.distinct]
                self.suspect |= _by_code(np.array([*blank, True], dtype=bool), texts.codes)

    def _units(self) -> dict[str, str]:
        """Return the unit of the card that each column is converted to, as its single item's is."""
        card = self.method.card
        gathering = Gathering(card, _ANY_DAY, as_place(NATION), {})
        for term in card.terms:
            cells = self.given.numbers.get(term.name)
            if cells is None or (term.method and cells.blank.all()):
                continue
            try:
                take(gathering, term, inputs.Given(f"1 {cells.unit}".strip()))
            except (UnitError, InputError):
                self.suspect[:] = True
                return {}
        return {name: used.units[0] for name, used in gathering.values.items()}

    def _resolve(self, term: Term, to: str | None) -> None:
        cells = self.given.numbers.get(term.name)
        given = np.zeros(self.rows, dtype=bool) if cells is None else ~cells.blank
        if cells is None or to is None:
            values = np.full(self.rows, np.nan)
            self.suspect |= given
        else:
            values = _converted(cells, term, to)
            values = values if given.all() else np.where(given, values, np.nan)
            if is_bare_percent(term, unit(cells.unit)):
                self.suspect |= given & (values > 1)
        rest = ~given
        if term.lookup is not None:
            found, rows = self._look_up(term.lookup.table, term.lookup.keys, parts=True)
            column = term.lookup.column
            numbers = [row.number(column) for row in rows]
            looked = _pick([np.nan if number is None else number for number in numbers], found)
            self.suspect |= found == NOT_FOUND
            self.suspect |= given & (found >= 0) & ~np.isnan(looked) & (looked != values)
            values = np.where(given, values, looked)
            self.codes.append(found * 2 + given)
        elif term.method and rest.any():
            values = self._take_part(term, values, given)
        elif term.parameter and rest.any():
            values = self._take_parameter(term, values, rest)
        else:
            self.codes.append(given.astype(np.int64))
        if term.method:
            own = {each.name for each in self.method.card.terms}
            for id in term.method:
                also = {each.name for each in self._methods[id].card.terms} - own
                self.suspect |= given & self.given.any_of(also)
        self.suspect |= ~np.isfinite(values)
        self.values[term.name] = values

    def _take_parameter(self, term: Term, values: Array, wanted: Mask) -> Array:
        """Look the parameter up once for each distinct place and day, for the rows *wanted*."""
        keys, first = combined([self.given.places.codes, self.given.days.codes], self.rows)
        numbers: list[float] = []
        found: list[int] = []
        known: dict[tuple[str, str, bool], int] = {}
        to = term.unit[0]
        for row in first:
            day, place = self.given.days.at(row), self.given.places.at(row)
            held: InForce | None = None
            if day is not None and place is not None:
                try:
                    held = in_force(term.parameter, on=day, jurisdiction=place)
                except EcovalError:
                    held = None
            if held is None:
                numbers.append(np.nan)
                found.append(NOT_FOUND)
                continue
            scale = factor(unit(held.parameter.unit or ""), unit("" if to == "%" else to))
            numbers.append(held.number if scale == 1.0 else float(cleared(held.number * scale)))
            at_large = place is not None and place.code == NATION
            key = (held.found.jurisdiction, held.found.since.isoformat(), at_large)
            found.append(known.setdefault(key, len(known)))
        self.codes.append(np.where(wanted, np.array(found, dtype=np.int64)[keys], NOT_GIVEN))
        return np.where(wanted, np.array(numbers)[keys], values)

    def _part(self, id: str) -> tuple[Resolved, Mask]:
        """Return the method *id* for the rows that give any of its terms."""
        if id not in self.parts:
            card = self._methods[id].card
            names = [term.name for term in card.terms] + [choice.name for choice in card.choices]
            part = Resolved(self._methods[id], self.given.only(names))
            part.evaluate()
            self.parts[id] = part
            self._part_given[id] = self.given.any_of(names)
        return self.parts[id], self._part_given[id]

    def _take_part(self, term: Term, values: Array, given: Mask) -> Array:
        """Take the term from the method that computes it, or from the parameter in its stead."""
        if len(term.method) > 1:
            # Which method it is hangs on the lines that are given, and rows have none.
            self.suspect |= ~given
            self.codes.append(given.astype(np.int64))
            return values
        part, own = self._part(term.method[0])
        if term.parameter:
            values = self._take_parameter(term, values, ~given & ~own)
            given = given | ~own
        to = term.unit[0]
        if len(term.unit) > 1 or "[unit]" in to + part.method.card.result.unit:
            # Which unit it is to be in hangs on the other terms: row by row.
            self.suspect |= ~given
        else:
            scale = factor(unit(part.method.card.result.unit), unit("" if to == "%" else to))
            exact = part.exact if scale == 1.0 else cleared(part.exact * scale)
            values = np.where(given, values, exact)
        self.suspect |= ~given & (~own | part.suspect)
        self.codes.append(given.astype(np.int64))
        self.codes.append(np.where(given, NOT_GIVEN, combined(part.codes, self.rows)[0]))
        return values

    def _look_up(
        self, id: str, keys: Mapping[str, str], *, parts: bool
    ) -> tuple[Codes, tuple[Row, ...]]:
        """Return which row of table *id* each row takes, and the rows."""
        of, card = table(id), self.method.card
        choices = {choice.name for choice in card.choices}
        columns: list[tuple[str, Codes, tuple[str, ...]]] = []
        band: Array | None = None
        missing = np.zeros(self.rows, dtype=bool)
        lost = np.zeros(self.rows, dtype=bool)
        for column, key in keys.items():
            if key.startswith("="):
                columns.append((column, np.zeros(self.rows, dtype=np.int64), (key[1:],)))
            elif key in choices:
                texts = self.given.texts.get(key)
                if texts is None:
                    missing[:] = True
                    continue
                missing |= texts.codes < 0
                columns.append((column, texts.codes, texts.distinct))
            elif key in self.values:
                band = self.values[key]
            elif parts and key in self._methods:
                part, own = self._part(key)
                missing |= ~own
                lost |= own & part.suspect
                if key not in self._bands:
                    self._bands[key] = cleared(part.exact)
                    self.codes.append(np.where(own, combined(part.codes, self.rows)[0], NOT_GIVEN))
                band = self._bands[key]
            else:
                missing[:] = True
        found = np.full(self.rows, NOT_FOUND, dtype=np.int64)
        if not missing.all():
            kinds, first = combined([codes for _, codes, _ in columns], self.rows)
            for kind, row in enumerate(first):
                here = kinds == kind
                classes = {name: texts[codes[row]] for name, codes, texts in columns}
                if not missing[row]:
                    self._find(found, here, of.matching(classes), band)
        found[lost] = NOT_FOUND
        found[missing] = NOT_GIVEN
        return found, of.rows

    @staticmethod
    def _find(
        found: Codes,
        here: Mask,
        matching: tuple[Row, ...],
        band: Array | None,
    ) -> None:
        """Put into *found*, for the rows *here*, the one *matching* row that holds their number."""
        hits = np.zeros(len(found), dtype=np.int64)
        for row in matching:
            inside = here if band is None else here & row.holds(band) & np.isfinite(band)
            hits += inside
            found[inside] = row.place - 1
        found[here & (hits != 1)] = NOT_FOUND

    def _check(self, term: Term) -> None:
        """Suspect the rows whose value is outside what the term, or the standard, lets it be."""
        values = self.values[term.name]
        with np.errstate(invalid="ignore"):
            for good, _ in demands(term, values):
                self.suspect |= ~good
            if term.whole and not term.calendar and not program(self.method.formula.root).is_flat:
                self.suspect |= ~(values <= MOST_YEARS)
            if term.not_before:
                self.suspect |= ~(values >= self.values[term.not_before])
            if term.range is not None:
                self._check_range(values, term.range)

    def _check_range(self, values: Array, allowed: Range) -> None:
        if not allowed.table:
            if allowed.low is not None:
                self.suspect |= ~(values >= allowed.low)
            if allowed.high is not None:
                self.suspect |= ~(values <= allowed.high)
            return
        found, rows = self._look_up(allowed.table, allowed.keys, parts=False)
        self.suspect |= found < 0
        self.codes.append(found)
        for column, sign in (
            (allowed.low_column, np.greater_equal),
            (allowed.high_column, np.less_equal),
            (allowed.above_column, np.greater),
        ):
            if column:
                limits = [row.number(column) for row in rows]
                limit = _pick([np.nan if each is None else each for each in limits], found)
                self.suspect |= ~np.isnan(limit) & ~sign(values, limit)

    def evaluate(self) -> None:
        """Carry the formula out for every row that is not suspect; more may turn out to be."""
        sound = np.flatnonzero(~self.suspect)
        if not len(sound):
            return
        # A row in doubt takes the numbers of a sound one: it must not stop the others, or fill
        # their memory with a milliard of years.
        taken = {
            name: np.where(self.suspect, column[sound[0]], column)
            for name, column in self.values.items()
        }
        result, steps = evaluate(self.method.formula.root, taken)
        self.exact = np.broadcast_to(np.asarray(result, dtype=float), (self.rows,)).copy()
        self.suspect |= ~np.isfinite(self.exact)
        for name, step in steps.items():
            self.steps[name] = np.broadcast_to(np.asarray(step, dtype=float), (self.rows,))
            self.suspect |= ~np.isfinite(self.steps[name])
        self.exact[self.suspect] = np.nan


def _converted(cells: Cells, term: Term, to: str) -> Array:
    of = unit(cells.unit)
    read = term.read_as(of)
    scale = factor(of, unit(("" if to == "%" else to) if read is None else read))
    if scale == 1.0:
        return cells.numbers
    with np.errstate(over="ignore", invalid="ignore"):
        return cleared(cells.numbers * scale)


def _pick(numbers: list[float], codes: Codes) -> Array:
    """Return the number of each code, NaN for a code below zero."""
    return np.array([*numbers, np.nan])[np.where(codes < 0, len(numbers), codes)]


def _by_code(marks: Mask, codes: Codes) -> Mask:
    """Return the mark of each code; the last mark is that of a code below zero."""
    return marks[np.where(codes < 0, len(marks) - 1, codes)]
