"""A method on whole columns: units converted once, bounds checked block by block, bad rows marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt
import pint

from .. import money
from ..errors import EcovalError, InputError, UnitError
from ..findings import Finding
from ..formula.evaluate import evaluate_column
from ..rules.cards import Term, bound_unit
from ..rules.jurisdictions import NATION, Place, as_place
from ..units import Unit, factor, measure, same_kind, unit, unit_text, ureg
from .demands import FIRST_YEAR, LAST_YEAR, MOST_YEARS
from .intake import is_bare_percent
from .lookups import computable
from .noise import cleared

if TYPE_CHECKING:
    from .definition import Method
    from .item import Item

Array = npt.NDArray[np.float64]

_LARGEST = float(np.finfo(float).max)


@dataclass(frozen=True)
class Column:
    """The results of a column: exact amounts, NaN where a row is at fault, and why it is."""

    method: Method
    exact: Array
    faults: Mapping[int, EcovalError]
    rounding: money.Rounding
    findings: tuple[Finding, ...] = ()

    @cached_property
    def fens(self) -> np.ma.MaskedArray[Any, np.dtype[np.int64]]:
        """The printed amounts in fen, as `ecoval.money.fen` rounds each, masked at a row at fault.

        Rows beyond what a float holds to the fen are masked too.
        """
        lost = ~(np.abs(self.exact) < money.LARGEST)
        fens = fens_of(np.where(lost, 0.0, self.exact), self.rounding)
        return np.ma.MaskedArray(fens, mask=lost)


def value_column(
    method: Method,
    terms: Mapping[str, Any],
    *,
    on: date | str,
    place: str | Place = NATION,
    overrule: Mapping[str, str] | None = None,
) -> Column:
    """Return the results of *method* for columns of its *terms*.

    A term is an array with its unit (``Q_(array, "t")``), a bare array where it has none, or one
    value for all rows, given as for a single item. A row whose values will not do is NaN and has
    in ``faults`` the very error that the single item would raise.

    Raises
    ------
    InputError
        The columns are of different lengths, or a term that must be given is missing.
    UnitError
        A column's unit measures something else than the card's.
    """
    texts = {choice.name for choice in method.card.choices}
    terms = {
        name: np.array(given, dtype=object)
        if name in texts and isinstance(given, (list, tuple))
        else given
        for name, given in terms.items()
    }
    columns = {name: given for name, given in terms.items() if _is_column(given)}
    if not columns:
        raise InputError("没有一列数据", where=method.id)
    lengths = {name: len(_magnitudes(given)) for name, given in columns.items()}
    rows = next(iter(lengths.values()))
    if len(set(lengths.values())) > 1:
        listed = "、".join(f"{name} {length} 行" for name, length in lengths.items())
        raise InputError("各列行数不同", where=method.id, got=listed)
    at = as_place(place)
    rounding = money.Rounding(method.card.rounding_to, method.card.rounding_rule)
    call: dict[str, Any] = {"on": on, "place": at, "overrule": overrule}
    # Where a method adds lines up, each row is a list of one line.
    if method.formula.has_lines:
        return _row_by_row(method, terms, columns, rows, rounding, call)
    if _varies(method, terms, columns):
        return _keyed(method, terms, columns, rows, rounding, call)
    sample = _first_good_row(method, terms, columns, rows, **call)
    values: dict[str, Array | float] = {}
    bounds: dict[str, tuple[float, float, bool]] = {}
    for used in sample.inputs:
        term = used.term
        if term.name in columns:
            values[term.name] = _in_unit(columns[term.name], used.units[0], method.id, term)
            bounds[term.name] = _bounds(term, _unit_of(columns[term.name]))
        else:
            values[term.name] = used.values[0]
    suspect = _screen(method, values, sample)
    signed = method.card.result.signed

    def inspect(block: Mapping[str, Any], result: Array, start: int) -> None:
        # What overflows is NaN already, and −inf can only come of an input that the bounds refuse.
        if not result[result.argmax()] < np.inf:
            suspect.update((np.flatnonzero(~np.isfinite(result)) + start).tolist())
        if not signed and not result[result.argmin()] > 0:
            suspect.update((np.flatnonzero(result <= 0) + start).tolist())
        for name, (low, high, closed) in bounds.items():
            column = block[name]
            # argmin comes to a NaN, if there is one, and has less to set up than min. An infinite
            # value shows in the result, which is looked at in any case.
            least = column[column.argmin()]
            if (least >= low if closed else least > low) and (
                high == _LARGEST or column[column.argmax()] <= high
            ):
                continue
            inside = (column >= low if closed else column > low) & (column <= high)
            suspect.update((np.flatnonzero(~inside) + start).tolist())

    exact = evaluate_column(method.formula.root, values, rows, inspect)
    faults: dict[int, EcovalError] = {}
    found = [sample.findings]
    for row in sorted(suspect):
        try:
            item = method.value(_row(terms, columns, row), **call)
        except EcovalError as error:
            exact[row] = np.nan
            faults[row] = error
        else:
            exact[row] = item.exact
            found.append(item.findings)
    return Column(method, exact, faults, rounding, _together(found))


def _together(found: Iterable[tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """Return the findings of all rows, each once; an overrule that any row needed was used."""
    kept: dict[Finding, None] = {}
    unused: set[Finding] | None = None
    for findings in found:
        kept |= dict.fromkeys(findings)
        idle = {finding for finding in findings if finding.code == "overrule-unused"}
        unused = idle if unused is None else unused & idle
    return tuple(
        each for each in kept if each.code != "overrule-unused" or each in (unused or set())
    )


def _varies(method: Method, terms: Mapping[str, Any], columns: Mapping[str, Any]) -> bool:
    """Tell whether a column decides which row of a table, or which computed value, a row takes."""
    card = method.card
    own = {term.name for term in card.terms}
    if set(columns) - own:
        return True
    for term in card.terms:
        rules = [rule for rule in (term.lookup, term.range) if rule is not None and rule.keys]
        if any(key in columns for rule in rules for key in rule.keys.values()):
            return True
        if term.name in columns and term.lookup is not None and set(terms) - own:
            return True
    return False


def _row_by_row(
    method: Method,
    terms: Mapping[str, Any],
    columns: Mapping[str, Any],
    rows: int,
    rounding: money.Rounding,
    call: Mapping[str, Any],
) -> Column:
    """Value each row by itself, where no one row can stand for the others."""
    exact, faults = np.full(rows, np.nan), {}
    found: list[tuple[Finding, ...]] = []
    for row in range(rows):
        try:
            item = method.value(_row(terms, columns, row), **call)
        except EcovalError as error:
            faults[row] = error
        else:
            exact[row] = item.exact
            found.append(item.findings)
    return Column(method, exact, faults, rounding, _together(found))


def _keyed(
    method: Method,
    terms: Mapping[str, Any],
    columns: Mapping[str, Any],
    rows: int,
    rounding: money.Rounding,
    call: Mapping[str, Any],
) -> Column:
    """Value rows that each look up a table of their own, each distinct key once."""
    from .definition import as_day
    from .inputs import Given
    from .keyed import Cells, Keys, RowsGiven
    from .rows import value_rows

    names = {term.name for term in method.card.terms}
    for part in computable(method.card).values():
        names |= {term.name for term in part.card.terms}
    numbers: dict[str, Cells] = {}
    texts: dict[str, Keys[str]] = {}
    fixed: dict[str, Any] = {}
    for name, given in terms.items():
        if given is None:
            continue
        if isinstance(given, (Given, Mapping)):
            fixed[name] = given
            given = Given.of(given, where=f"{method.id}：{name}").value
        if name not in names:
            column = [str(each) for each in given] if name in columns else None
            texts[name] = Keys.of(column) if column else Keys.same(str(given), rows)
        elif name in columns:
            of = _unit_of(given)
            written = "" if of == unit("") else unit_text(None, of)
            numbers[name] = Cells.of(_magnitudes(given), written)
        else:
            number, of = measure(given, where=f"{method.id}：{name}")
            numbers[name] = Cells.of(np.full(rows, number), unit_text(given, of))
    day, place = as_day(call["on"]), call["place"]
    made = value_rows(
        method,
        RowsGiven(numbers, texts, Keys.same(day, rows), Keys.same(place, rows), fixed),
        overrule=call["overrule"],
    )
    faults = {row: errors[0] for row, errors in made.faults.items()}
    findings = _together(tuple(basis.findings) for basis in made.bases)
    return Column(method, made.exact, faults, rounding, findings)


def _screen(method: Method, values: dict[str, Array | float], sample: Item) -> set[int]:
    """Return the rows whose years or whole numbers must be looked at one by one.

    In *values* they get those of the *sample*: a blank year, or one of two milliards, is a fault of
    its row and must not stop the others, or take their memory.
    """
    odd: Any = False
    for term in method.card.terms:
        column = values[term.name]
        if term.calendar:
            odd = odd | ~((column >= FIRST_YEAR) & (column <= LAST_YEAR) & (column % 1 == 0))
        elif term.whole:
            odd = odd | ~((column >= 0) & (column <= MOST_YEARS) & (column % 1 == 0))
        if term.not_before:
            odd = odd | ~(np.asarray(column) >= np.asarray(values[term.not_before]))
    rows = np.flatnonzero(odd) if np.ndim(odd) else np.array([], dtype=int)
    if len(rows):
        for term in method.card.terms:
            column = values[term.name]
            if isinstance(column, np.ndarray):
                values[term.name] = column.copy()
                values[term.name][rows] = sample.used(term.name).values[0]  # type: ignore[index]
    return set(rows.tolist())


def _is_column(given: Any) -> bool:
    return isinstance(given, (pint.Quantity, np.ndarray)) and np.ndim(_magnitudes(given)) == 1


def _magnitudes(given: Any) -> Any:
    return given.magnitude if isinstance(given, pint.Quantity) else given


def _unit_of(given: Any) -> Unit:
    return cast(Unit, given.units) if isinstance(given, pint.Quantity) else unit("")


def _row(terms: Mapping[str, Any], columns: Mapping[str, Any], row: int) -> dict[str, Any]:
    return {name: _cell(given, row) if name in columns else given for name, given in terms.items()}


def _cell(given: Any, row: int) -> Any:
    if np.asarray(_magnitudes(given)).dtype.kind in "OUS":
        return given[row]
    cell = float(_magnitudes(given)[row])
    return ureg.Quantity(cell, given.units) if isinstance(given, pint.Quantity) else cell


def _first_good_row(
    method: Method,
    terms: Mapping[str, Any],
    columns: Mapping[str, Any],
    rows: int,
    **call: Any,
) -> Item:
    """Return the item of the first row that can be valued: it tells the units and what is fixed.

    Where no row of the first hundred can, the first row's error stands for the column's.
    """
    first: EcovalError | None = None
    for row in range(min(rows, 100)):
        try:
            return method.value(_row(terms, columns, row), **call)
        except EcovalError as error:
            first = first or error
    raise first or InputError("列是空的", where=method.id)


def _in_unit(given: Any, to: str, where: str, term: Term) -> Array:
    magnitudes = np.asarray(_magnitudes(given), dtype=float)
    target = unit("" if to == "%" else to)
    of = _unit_of(given)
    read = term.read_as(of)
    if read is not None:
        target = unit(read)
    if not same_kind(of, target):
        wanted = bound_unit(term.unit[0], "单位") or "无量纲"
        raise UnitError(f"单位须为 {wanted}", where=f"{where}：{term.name}", got=str(of))
    scale = factor(of, target)
    return magnitudes if scale == 1.0 else cleared(magnitudes * scale)


def _bounds(term: Term, of: Unit) -> tuple[float, float, bool]:
    """Return the least and the largest value that need no closer look, and if the least counts.

    What falls outside is valued by itself, where an overrule or a table may still allow it.
    """
    low, high, closed = 0.0, _LARGEST, term.sign == "nonnegative"
    if term.sign == "any" or term.calendar:
        low, closed = -high, True
    if term.share or is_bare_percent(term, of):
        high = 1.0
    if term.most is not None:
        high = min(high, term.most)
    if term.range is not None:
        if term.range.table:
            return np.inf, np.inf, False
        if term.range.low is not None and term.range.low > low:
            low, closed = term.range.low, True
        high = min(high, term.range.high if term.range.high is not None else high)
    return low, high, closed


def fens_of(exact: Array, rounding: money.Rounding) -> npt.NDArray[np.int64]:
    """Return a column of yuan in fen, rounded as one amount is; what lies near an edge is left to the rounding of one."""
    step = rounding.step
    scaled = exact * (100 / step)
    edge = np.round(scaled) if rounding.rule == "down" else np.floor(scaled) + 0.5
    noise = np.maximum(1e-4, 16 * np.spacing(np.abs(scaled)))
    close = np.abs(scaled - edge) <= noise
    fens = (np.floor(scaled) if rounding.rule == "down" else np.round(scaled)).astype(
        np.int64
    ) * step
    for row in np.flatnonzero(close | (exact < 0)):
        fens[row] = money.fen(float(exact[row]), rounding)
    return fens
