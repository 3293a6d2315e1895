"""Value the rows of a sheet at once: each row the same, to the last bit, as its single item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .. import money
from ..errors import EcovalError, InputError, UnitError
from .definition import Method
from .evidence import Basis, Marks, fingerprints
from .item import Item
from .keyed import Array, Codes, RowsGiven, combined
from .resolving import Resolved

_NO_BASIS = -1


@dataclass
class Rows:
    """The results of many rows; ``basis`` has -1 where a row is at fault, and ``faults`` why.

    ``values`` has each term as it was used, in the unit of the card; ``bases`` what the rows rest
    on, ``basis`` which of them a row rests on.
    """

    method: Method
    exact: Array
    fens: Any
    values: dict[str, Array]
    steps: dict[str, Array]
    basis: Codes
    bases: list[Basis]
    fingerprints: Marks
    faults: dict[int, tuple[EcovalError, ...]] = field(default_factory=dict)


def value_rows(
    method: Method,
    given: RowsGiven,
    *,
    overrule: Mapping[str, str] | None = None,
    overrules: Mapping[int, Mapping[str, str]] | None = None,
) -> Rows:
    """Return the results of *method* for what each row gives.

    *overrule* holds for every row, *overrules* for single ones. A row whose values will not do has
    in ``faults`` all that is wrong with it, the first being what its single item would raise.

    Raises
    ------
    InputError
        The method takes lists of lines, which rows do not have.
    """
    if method.formula.has_lines:
        raise InputError("逐项列表的方法不能按列计算", where=method.id)
    resolved = Resolved(method, given)
    for row in overrules or ():
        resolved.suspect[row] = True
    resolved.evaluate()
    rows = given.rows
    made = Rows(
        method,
        resolved.exact,
        np.zeros(rows, dtype=np.int64),
        {name: column.copy() for name, column in resolved.values.items()},
        {
            step.name: resolved.steps.get(step.name, np.full(rows, np.nan)).copy()
            for step in method.card.steps
        },
        np.full(rows, _NO_BASIS, dtype=np.int64),
        [],
        np.zeros(rows, dtype="S12"),
    )
    single = _Single(method, given, dict(overrule or {}), overrules or {})
    _rest_on(made, resolved, single)
    for row in np.flatnonzero(made.basis == _NO_BASIS).tolist():
        try:
            item = single.item(row)
        except EcovalError as error:
            made.exact[row] = np.nan
            made.faults[row] = single.faults(row, error)
            for column in (*made.values.values(), *made.steps.values()):
                column[row] = np.nan
            continue
        _put(made, row, item)
    return made


def _rest_on(made: Rows, resolved: Resolved, single: _Single) -> None:
    """Give the sound rows their record, written once for all rows of the same rules."""
    method, given = made.method, resolved.given
    sound = ~resolved.suspect & (np.abs(resolved.exact) < money.LARGEST)
    if not method.card.result.signed:
        sound &= resolved.exact > 0
    if not sound.any():
        return
    if method.card.is_money:
        from .columns import fens_of

        card = method.card
        rounding = money.Rounding(card.rounding_to, card.rounding_rule)
        made.fens = fens_of(np.where(sound, resolved.exact, 0.0), rounding)
    present = [given.texts[name].codes >= 0 for name in sorted(given.texts)]
    kinds, _ = combined(
        [sound.astype(np.int64), *resolved.codes, *(each.astype(np.int64) for each in present)],
        given.rows,
    )
    for kind in range(int(kinds.max()) + 1):
        rows = np.flatnonzero(kinds == kind)
        if not sound[rows[0]]:
            continue
        try:
            item = single.item(int(rows[0]))
        except EcovalError:
            continue  # each of these rows says by itself what is wrong
        marks = fingerprints(item, resolved, made.fens, rows)
        if marks[0].decode() != item.fingerprint or item.exact != resolved.exact[rows[0]]:
            continue  # not what it was taken for: each of these rows is valued by itself
        made.basis[rows] = len(made.bases)
        made.bases.append(Basis(item))
        made.fingerprints[rows] = marks


def _put(made: Rows, row: int, item: Item) -> None:
    """Take over the single *item* of a *row*."""
    made.exact[row] = item.exact
    made.fens[row] = item.fens or 0
    made.fingerprints[row] = item.fingerprint
    made.basis[row] = len(made.bases)
    made.bases.append(Basis(item))
    for used in item.inputs:
        made.values[used.term.name][row] = used.values[0]
    for step in item.steps:
        made.steps[step.name][row] = step.value


@dataclass
class _Single:
    """Value one row by itself."""

    method: Method
    given: RowsGiven
    overrule: Mapping[str, str]
    overrules: Mapping[int, Mapping[str, str]]
    spare: dict[str, Any] | None = None

    def item(self, row: int) -> Item:
        """Return the item of *row*."""
        day, place = self.given.days.at(row), self.given.places.at(row)
        if day is None or place is None:
            raise InputError("缺少日期或地点", where=self.method.id)
        item = self.method.value(
            self.given.row(row),
            on=day,
            place=place,
            overrule={**self.overrule, **self.overrules.get(row, {})},
        )
        _ = item.fens  # an amount that no fen can hold is a fault of its row
        if self.spare is None:
            self.spare = self.given.row(row)
        return item

    def faults(self, row: int, first: EcovalError) -> tuple[EcovalError, ...]:
        """Return all that is wrong with *row*: *first*, and what a good row's values leave wrong."""
        return (
            first,
            *further_faults(
                self.method,
                self.given.row(row),
                _terms_of(first),
                self.spare,
                on=self.given.days.at(row),
                place=self.given.places.at(row),
                overrule={**self.overrule, **self.overrules.get(row, {})},
            ),
        )


def further_faults(
    method: Method,
    terms: Mapping[str, Any],
    bad: Iterable[str],
    spare: Mapping[str, Any] | None,
    *,
    on: Any,
    place: Any,
    overrule: Mapping[str, str],
) -> list[EcovalError]:
    """Return what else is wrong with the *terms* of a row, beside those already known to be *bad*.

    Each term at fault takes the value of a good row, *spare*, and the row is tried again. What
    hangs together with a replaced term is not held against the row.
    """
    found: list[EcovalError] = []
    given, replaced, wrong = dict(terms), set[str](), set(bad)
    while wrong and spare is not None and wrong <= set(spare) and not wrong & replaced:
        replaced |= wrong
        given |= {name: spare[name] for name in wrong}
        try:
            method.value(given, on=on, place=place, overrule=overrule)
        except EcovalError as error:
            wrong = _terms_of(error)
            if wrong & replaced or any(_hangs_on(method, name, error, replaced) for name in wrong):
                break
            found.append(error)
        else:
            break
    return found


def _terms_of(error: EcovalError) -> set[str]:
    return {str(error.path[0])} if error.path else set()


def _hangs_on(method: Method, name: str, error: EcovalError, replaced: set[str]) -> bool:
    """Tell whether the term *name* is compared with, or looked up by, what was *replaced*."""
    card = method.card
    term = next((term for term in card.terms if term.name == name), None)
    if term is None:
        return False
    keys = {key for rule in (term.lookup, term.range) if rule for key in rule.keys.values()}
    return (
        term.not_before in replaced
        or bool(keys & replaced)
        or (isinstance(error, UnitError) and len(term.unit) > 1)
    )
