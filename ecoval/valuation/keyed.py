"""What the rows of a sheet give for a method: numbers by column, and the keys they are looked up by."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

K = TypeVar("K", bound=Hashable)

# Codes are counted in a table up to so many times the rows; beyond, they are sorted.
_FEW = 8


@dataclass(frozen=True)
class Cells:
    """A column of numbers in one unit; a *blank* row gives nothing."""

    numbers: Array
    unit: str
    blank: Mask

    @classmethod
    def of(cls, numbers: Any, unit: str = "") -> Cells:
        """Return *numbers* as a column without a blank row."""
        column = np.asarray(numbers, dtype=float)
        return cls(column, unit, np.zeros(len(column), dtype=bool))

    def text(self, row: int) -> str | None:
        """Return what *row* gives as a person writes it: ``500.0 t``, None where it is blank."""
        return None if self.blank[row] else f"{float(self.numbers[row])!r} {self.unit}".strip()


@dataclass(frozen=True)
class Keys(Generic[K]):
    """A column of keys: the distinct ones, and which of them each row has (-1 for none)."""

    codes: Codes
    distinct: tuple[K, ...]

    @classmethod
    def of(cls, keys: Iterable[K | None]) -> Keys[K]:
        """Return *keys*, None where a row has none, by their distinct values."""
        known: dict[K, int] = {}
        codes = [-1 if key is None else known.setdefault(key, len(known)) for key in keys]
        return cls(np.array(codes, dtype=np.int64), tuple(known))

    @classmethod
    def same(cls, key: K, rows: int) -> Keys[K]:
        """Return one *key* for all *rows*."""
        return cls(np.zeros(rows, dtype=np.int64), (key,))

    @classmethod
    def none(cls, rows: int) -> Keys[K]:
        """Return no key for any of the *rows*."""
        return cls(np.full(rows, -1, dtype=np.int64), ())

    def at(self, row: int) -> K | None:
        """Return the key of *row*."""
        code = self.codes[row]
        return None if code < 0 else self.distinct[code]


def ordinals(days: Keys[date]) -> Codes:
    """Return the ordinal of each distinct day (1 is 0001-01-01), and 0 at the end, for none."""
    return np.array([*(day.toordinal() for day in days.distinct), 0], dtype=np.int64)


@dataclass(frozen=True)
class RowsGiven:
    """What the rows give: numbers by term, texts by choice, the day and the place of each row.

    *fixed* has what is the same in every row and has more behind it than its value.
    """

    numbers: Mapping[str, Cells]
    texts: Mapping[str, Keys[str]]
    days: Keys[Any]
    places: Keys[Any]
    fixed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.days.codes)

    def row(self, row: int) -> dict[str, Any]:
        """Return the terms of *row* by name, as its single item is given them."""
        terms: dict[str, Any] = {name: cells.text(row) for name, cells in self.numbers.items()}
        terms |= {name: keys.at(row) for name, keys in self.texts.items()}
        return {name: given for name, given in terms.items() if given is not None} | dict(
            self.fixed
        )

    def take(self, rows: Codes) -> RowsGiven:
        """Return what the *rows* give, in their order."""

        def keys(of: Keys[Any]) -> Keys[Any]:
            return Keys(of.codes[rows], of.distinct)

        return RowsGiven(
            {
                name: Cells(cells.numbers[rows], cells.unit, cells.blank[rows])
                for name, cells in self.numbers.items()
            },
            {name: keys(each) for name, each in self.texts.items()},
            keys(self.days),
            keys(self.places),
            self.fixed,
        )

    def only(self, names: Sequence[str]) -> RowsGiven:
        """Return what the rows give for the *names*."""
        return RowsGiven(
            {name: cells for name, cells in self.numbers.items() if name in names},
            {name: keys for name, keys in self.texts.items() if name in names},
            self.days,
            self.places,
            {name: value for name, value in self.fixed.items() if name in names},
        )

    def any_of(self, names: Iterable[str]) -> Mask:
        """Tell which rows give any of the *names*."""
        found = np.zeros(self.rows, dtype=bool)
        for name in names:
            if name in self.numbers:
                found |= ~self.numbers[name].blank
            elif name in self.texts:
                found |= self.texts[name].codes >= 0
        return found


def combined(columns: Iterable[Codes], rows: int) -> tuple[Codes, Codes]:
    """Return a code for each distinct combination of the *columns*, and its first row.

    Codes run from zero in the order of the combinations' first rows, so that they do not depend
    on how the keys sort.
    """
    code, size = np.zeros(rows, dtype=np.int64), 1
    for column in columns:
        least = int(column.min(initial=0))
        spread = int(column.max(initial=0)) - least + 1
        if spread == 1:
            continue
        code, size = code * spread + (column - least), size * spread
        if size > _FEW * max(rows, 1):
            code, size = _dense(code)
    if size > _FEW * max(rows, 1):
        code, size = _dense(code)
    first = np.full(size, rows, dtype=np.int64)
    first[code[::-1]] = np.arange(rows - 1, -1, -1)
    order = np.argsort(first, kind="stable")[: int((first < rows).sum())]
    rank = np.empty(size, dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[code], first[order]


def _dense(code: Codes) -> tuple[Codes, int]:
    distinct, codes = np.unique(code, return_inverse=True)
    return codes, len(distinct)
