"""Tables of a standard: coefficients by band or by class, each row with source and standing."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ..content import folder, read_csv
from ..errors import ContentError, EcovalError, InputError, OutOfScope, nearest
from ..reading import Model, read_model
from ..units import unit
from .classes import class_key
from .sources import STANDINGS, Standing, source


class Column(Model):
    """A column: its title, its unit where it holds numbers, and other names of its classes."""

    title: str
    unit: str | None = None
    aliases: dict[str, tuple[str, ...]] = {}

    def keys_of(self, cell: str, context: str = "") -> set[str]:
        """Return what the class *cell* may be asked for by: its own name and its aliases."""
        return {class_key(name, context) for name in (cell, *self.aliases.get(cell, ()))}


class Heading(Model):
    """The TOML beside a table's CSV: what it is, and what its columns mean.

    *standard* is whose table it is, *source* where it was read, if that is not the standard.

    A table is looked up by *classes* (columns whose text must match) and by at most one *band*: a
    number that must lie above the column ``above`` and not above the column ``up_to`` (or from
    ``from`` up to, not including, ``below``, where the standard says so).
    """

    title: str
    number: str = ""
    standard: str = ""
    source: str
    clause: str = ""
    standing: Standing | None = None
    note: str = ""
    classes: tuple[str, ...] = ()
    band: str = ""
    columns: dict[str, Column]


_LOWER, _UPPER = ("above", "from"), ("up_to", "below")


@dataclass(frozen=True)
class Row:
    """A row of a table: its texts, its numbers, and how well it is known."""

    table: str
    place: int
    texts: Mapping[str, str]
    source: str
    standing: Standing
    note: str

    def number(self, column: str) -> float | None:
        """Return the number in *column*, None where the cell is empty."""
        cell = self.texts[column]
        return float(cell) if cell else None

    def holds(self, number: Any) -> Any:
        """Tell whether *number*, or each number of a column, lies in the band of this row."""
        bounds = {name: self.number(name) for name in (*_LOWER, *_UPPER) if name in self.texts}

        def at(name: str) -> float | None:
            return bounds.get(name)

        return (
            ((low := at("above")) is None or number > low)
            & ((start := at("from")) is None or number >= start)
            & ((high := at("up_to")) is None or number <= high)
            & ((end := at("below")) is None or number < end)
        )

    def as_dict(self) -> dict[str, object]:
        """Return the row as it stands in JSON."""
        return {
            "table": self.table,
            "row": self.place,
            "cells": dict(self.texts),
            "source": self.source,
            "standing": self.standing,
            "note": self.note,
        }


@dataclass(frozen=True)
class Table:
    """A table with its heading and rows."""

    id: str
    heading: Heading
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """The table as it is cited: ``GB/T 39793.2-2020 表3 …``."""
        cited = source(self.heading.standard or self.heading.source).short
        parts = (cited, self.heading.number, self.heading.title)
        return " ".join(part for part in parts if part)

    def row(self, classes: Mapping[str, str], band: float | None = None) -> Row:
        """Return the row for the *classes* and the number in *band*.

        Raises
        ------
        InputError
            A class is not in the table; the nearest are offered.
        OutOfScope
            The number is in no band: it is never moved to the nearest.
        """
        rows = self.rows
        for column in self.heading.classes:
            heading = self.heading.columns[column]
            title, wanted = heading.title, classes.get(column, "")
            known = list(dict.fromkeys(row.texts[column] for row in rows))
            rows = self._of_class(rows, column, classes)
            if not rows:
                raise InputError(
                    f"{title}（{column}）不在{self.name}中",
                    got=wanted or "空",
                    hint=self._offered(wanted, known),
                )
        if self.heading.band:
            if band is None or not math.isfinite(band):
                raise InputError(f"查{self.name}需要 {self.heading.band}", got=band)
            rows = tuple(row for row in rows if row.holds(band))
        if len(rows) != 1:
            raise OutOfScope(
                f"{self.name}中没有对应的行", got=band if self.heading.band else classes
            )
        return rows[0]

    def _offered(self, wanted: str, known: list[str]) -> str:
        """Return the nearest of the *known* texts, else the first of them; and where all stand."""
        more = f"等 {len(known)} 种" if len(known) > _OFFERED else ""
        listed = f"可取：{'、'.join(known[:_OFFERED])}{more}。"
        return f"{nearest(wanted, known) or listed}全表见 ecoval show --table {self.id}。"

    def matching(self, classes: Mapping[str, str]) -> tuple[Row, ...]:
        """Return the rows of the *classes*, whatever their band; none where there is no such class."""
        rows = self.rows
        for column in self.heading.classes:
            rows = self._of_class(rows, column, classes)
        return rows

    def _of_class(
        self, rows: tuple[Row, ...], column: str, classes: Mapping[str, str]
    ) -> tuple[Row, ...]:
        """Return those of *rows* whose *column* has the class asked for, under any of its names."""
        heading = self.heading.columns[column]
        others = (text for name, text in classes.items() if name != column)
        context = " ".join((heading.title, *others))
        key = class_key(classes.get(column, ""), context)
        return tuple(row for row in rows if key in heading.keys_of(row.texts[column], context))


_OFFERED = 20


@cache
def table_ids() -> tuple[str, ...]:
    """Return the ids of the tables of ``data/tables``."""
    return tuple(sorted(path.stem for path in (folder("data") / "tables").glob("*.toml")))


@cache
def table(id: str) -> Table:
    """Return the table *id* of ``data/tables``.

    Raises
    ------
    ContentError
        There is none, or a row lacks source or standing, or a number cannot be read.
    """
    directory = folder("data") / "tables"
    if not (directory / f"{id}.toml").is_file():
        known = (path.stem for path in directory.glob("*.toml"))
        raise ContentError(f"没有表 {id}", where=str(directory), hint=nearest(id, known))
    return read_table(directory / f"{id}.toml")


def read_table(path: Path) -> Table:
    """Return the table whose heading is the TOML *path* and whose rows are in the CSV beside it.

    Raises
    ------
    ContentError
        It is empty, a column is missing, a cell is no number, a row lacks source or standing, or
        two rows answer the same question.
    """
    heading = read_model(path, Heading, fault=ContentError)
    _check_heading(path, heading)
    rows_path = path.with_suffix(".csv")
    rows: list[Row] = []
    cells_of_all = read_csv(rows_path)
    for name in heading.columns:
        if cells_of_all and name not in cells_of_all[0]:
            raise ContentError(f"CSV 中没有列 {name}", where=f"{path} columns")
    for line, cells in enumerate(cells_of_all, start=2):
        try:
            row = _row(path.stem, heading, line, cells)
            _check_row(heading, row, rows)
        except EcovalError as error:
            raise error.at(f"{rows_path} 第 {line} 行") from None
        rows.append(row)
    if not rows:
        raise ContentError("表中没有一行", where=str(rows_path))
    _check_aliases(path, heading, rows)
    return Table(path.stem, heading, tuple(rows))


def _check_heading(path: Path, heading: Heading) -> None:
    source(heading.source, where=str(path))
    source(heading.standard or heading.source, where=str(path))
    for name in heading.classes:
        if name not in heading.columns:
            raise ContentError(f"columns 中没有 {name}", where=f"{path} classes")
    for name, column in heading.columns.items():
        if column.unit is not None:
            try:
                unit(column.unit)
            except EcovalError as error:
                raise ContentError(str(error), where=f"{path} columns.{name}") from None


def _check_aliases(path: Path, heading: Heading, rows: list[Row]) -> None:
    """Make sure that an alias names a class of its column, and one class only."""
    for name, column in heading.columns.items():
        cells = {row.texts[name] for row in rows}
        keys = [key for cell in cells for key in column.keys_of(cell)]
        if not set(column.aliases) <= cells or len(set(keys)) < len(keys):
            raise ContentError("别名重复，或所指的类别不在表中", where=f"{path} columns.{name}")


def _row(id: str, heading: Heading, line: int, cells: dict[str, str]) -> Row:
    standing: str | None = cells.pop("standing", "") or heading.standing
    cited = cells.pop("source", "") or heading.source
    note = cells.pop("note", "")
    if standing not in STANDINGS:
        raise ContentError("该行没有可信度 standing")
    for name, column in heading.columns.items():
        if column.unit is not None and cells[name] and not _NUMBER.fullmatch(cells[name]):
            raise ContentError(f"{name} 应为数", got=cells[name])
    source(cited)
    return Row(id, line - 1, cells, cited, standing, note)


_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def _check_row(heading: Heading, row: Row, before: list[Row]) -> None:
    """Make sure that no row *before* answers what *row* answers."""
    low, high = _span(row)
    if heading.band and low >= high:
        raise ContentError(f"区间下限 {low:g} 不小于上限 {high:g}")
    for other in before:
        if any(
            class_key(row.texts[name]) != class_key(other.texts[name]) for name in heading.classes
        ):
            continue
        other_low, other_high = _span(other)
        if not heading.band or (low < other_high and other_low < high):
            raise ContentError(f"与第 {other.place} 行重复或重叠")


def _span(row: Row) -> tuple[float, float]:
    lows = [row.number(name) for name in _LOWER if name in row.texts]
    highs = [row.number(name) for name in _UPPER if name in row.texts]
    low = next((value for value in lows if value is not None), -math.inf)
    return low, next((value for value in highs if value is not None), math.inf)
