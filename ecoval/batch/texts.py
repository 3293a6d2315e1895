"""A column of texts of which few are distinct: each is kept once, and a row has its number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..valuation.keyed import Codes, Mask


@dataclass(eq=False)
class Texts:
    """Texts by row: ``known`` has each once, ``codes`` which of them a row has."""

    codes: Codes
    known: list[str] = field(default_factory=lambda: [""])
    _places: dict[str, int] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._places = {text: code for code, text in enumerate(self.known)}

    @classmethod
    def same(cls, text: str, rows: int) -> Texts:
        """Return one *text* for all *rows*."""
        return cls(np.zeros(rows, dtype=np.int64), [text])

    @classmethod
    def of(cls, array: Any) -> Texts:
        """Return the texts of a dictionary-encoded Arrow *array*."""
        codes = array.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        return cls(codes, array.dictionary.to_pylist())

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[str]:
        return iter([self.known[code] for code in self.codes.tolist()])

    def __getitem__(self, row: int) -> str:
        return self.known[int(self.codes[row])]

    def __setitem__(self, rows: Any, text: str) -> None:
        self.codes[rows] = self._code(text)

    def put(self, rows: Any, codes: Codes, texts: Sequence[str]) -> None:
        """Give each of *rows* that of *texts* which its code says, none for a code below zero."""
        own = np.array([*(self._code(text) for text in texts), self._code("")], dtype=np.int64)
        self.codes[rows] = own[np.where(codes < 0, len(texts), codes)]

    def are(self, text: str) -> Mask:
        """Tell which rows have *text*."""
        return np.asarray(self.codes == self._places.get(text, -1), dtype=bool)

    def encoded(self) -> Any:
        """Return the texts as a dictionary-encoded Arrow array."""
        import pyarrow as pa

        known = pa.array(self.known, pa.string())
        return pa.DictionaryArray.from_arrays(pa.array(self.codes, pa.int32()), known)

    def dictionary(self) -> Any:
        """Return the texts as a dictionary-encoded Arrow array, null where there is none."""
        import pyarrow as pa

        known = pa.array(self.known, pa.string())
        codes = masked(self.codes.astype(np.int32), self.are(""))
        return pa.DictionaryArray.from_arrays(codes, known)

    def strings(self) -> Any:
        """Return the texts as an Arrow array, null where there is none."""
        import pyarrow as pa

        known = pa.array([text or None for text in self.known], pa.string())
        return known.take(pa.array(self.codes))

    def _code(self, text: str) -> int:
        code = self._places.setdefault(text, len(self.known))
        if code == len(self.known):
            self.known.append(text)
        return code


def fixed_texts(column: Any) -> Any:
    """Return a *column* of ASCII texts, all of one length or blank, as an Arrow array: blank is null."""
    import pyarrow as pa

    size = column.dtype.itemsize
    blank = np.frombuffer(column, dtype=np.uint8)[::size] == 0
    offsets = pa.py_buffer(np.arange(0, (len(column) + 1) * size, size, dtype=np.int32))
    mask = None
    if blank.any():
        mask = pa.array(~blank).buffers()[1]
    return pa.StringArray.from_buffers(len(column), offsets, pa.py_buffer(column.tobytes()), mask)


def masked(numbers: Any, blank: Mask) -> Any:
    """Return *numbers* as an Arrow array that is null where *blank* says so."""
    import pyarrow as pa

    return pa.array(numbers, mask=blank) if blank.any() else pa.array(numbers)
