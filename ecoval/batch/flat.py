"""CSV and Parquet files as books of one sheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from .books import Block, Book, without_blank

_ROWS = 32_768
_PEEKED = 40
# No cell has so many lines; where one seems to, a quote was never closed.
_MOST_LINES = 30
# A line within a cell is taken for a row only if it has so many delimiters.
_FEWEST = 3


class CsvSheet:
    """A CSV file: every cell is a text."""

    hidden = False
    is_1904 = False

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self._path = path
        self._encoding = _encoding(path)
        self._delimiter = self._guess()

    def _rows(self) -> Iterator[list[str]]:
        with self._path.open(encoding=self._encoding, newline="") as lines:
            reader, before, widest = csv.reader(lines, delimiter=self._delimiter), 0, 0
            try:
                for row in reader:
                    if reader.line_num - before > 1 and self._has_swallowed(row, widest):
                        raise InputError(
                            f"CSV 第 {before + 1} 行有引号没有闭合", where=str(self._path),
                            got=f"连同其后共 {reader.line_num - before:,} 行读成了一行",
                            hint="请补上或删去引号；或在 Excel 中打开后另存为 .xlsx。",
                        )  # fmt: skip
                    before, widest = reader.line_num, max(widest, len(row))
                    yield row
            except csv.Error as error:
                raise InputError(
                    "CSV 写法有误", where=str(self._path), got=str(error),
                    hint="请查引号是否成对；或在 Excel 中打开后另存为 .xlsx。",
                ) from None  # fmt: skip

    def _has_swallowed(self, row: list[str], widest: int) -> bool:
        """Tell whether a cell of *row* holds a whole row, or more lines than any cell has."""
        held = [line for cell in row for line in cell.splitlines()[1:]]
        return len(held) > _MOST_LINES or any(
            line.count(self._delimiter) >= max(widest - 1, _FEWEST) for line in held
        )

    def _guess(self) -> str:
        with self._path.open(encoding=self._encoding, newline="") as lines:
            first = lines.readline()
        return max(",\t;", key=first.count)

    def top(self) -> list[list[Any]]:
        """Return the first rows, cell by cell."""
        return [list(row) for row in islice(self._rows(), _PEEKED)]

    def blocks(self, after: int, width: int) -> Iterator[Block]:
        """Yield the rows below row *after* that are not blank, at least *width* columns wide."""
        import pyarrow as pa

        rows, first = islice(self._rows(), after, None), after + 1
        while held := list(islice(rows, _ROWS)):
            wide = max(width, *(len(row) for row in held))
            filled = [row + [""] * (wide - len(row)) for row in held]
            columns = [
                pa.array([cell or None for cell in column], pa.string())
                for column in zip(*filled, strict=True)
            ]
            numbers = np.arange(first, first + len(held), dtype=np.int64)
            first += len(held)
            block = without_blank(Block(numbers, columns))
            if len(block):
                yield block


def _encoding(path: Path) -> str:
    with path.open("rb") as held:
        if held.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"  # Excel's "Unicode text"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding) as text:
                while text.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise InputError(
        "CSV 的编码既不是 UTF-8 也不是 GB 18030", where=str(path), hint="请另存为“CSV UTF-8”。"
    )


class ParquetSheet:
    """A Parquet file; a column's unit may stand in its name or in its metadata."""

    hidden = False
    is_1904 = False

    def __init__(self, path: Path, groups: Sequence[int] | None = None, first: int = 2) -> None:
        """Open *path*; of some row *groups* only, the first row being numbered *first*."""
        import pyarrow as pa
        import pyarrow.parquet as parquet

        self.name = path.stem
        self._groups, self._first = groups, first
        try:
            self.file = parquet.ParquetFile(path)
        except (pa.ArrowInvalid, OSError) as error:
            hint = "文件不完整，或不是 Parquet；请从原件另存一份。"
            raise InputError("读不出 Parquet 文件", where=str(path), hint=hint) from error
        self.size = max(self.file.metadata.num_rows, 1)
        self.share = 0.0

    def top(self) -> list[list[Any]]:
        """Return the header: names, each with its unit where the metadata has one."""
        names = []
        for field in self.file.schema_arrow:
            unit = (field.metadata or {}).get(b"unit", b"").decode("utf-8")
            names.append(f"{field.name} [{unit}]" if unit else field.name)
        return [names]

    def blocks(self, after: int, width: int) -> Iterator[Block]:
        """Yield the rows, numbered from 2, as in a sheet below its header."""
        first = self._first
        for batch in self.file.iter_batches(_even(self.size), row_groups=self._groups):
            numbers = np.arange(first, first + batch.num_rows, dtype=np.int64)
            first += batch.num_rows
            self.share = (first - self._first) / self.size
            block = without_blank(Block(numbers, plain_columns(batch.columns)))
            if len(block):
                yield block


def _even(rows: int) -> int:
    """Return the size of blocks, in pairs of equal ones, so that neither of two threads waits long."""
    if rows <= _ROWS:
        return rows
    pairs = ceil(rows / (2 * _ROWS))
    return ceil(rows / (2 * pairs))


def plain_columns(columns: Sequence[Any]) -> list[Any]:
    """Return Arrow *columns* as those of a sheet: numbers, texts, moments, truth values.

    What is not a number is a blank, as pandas means it.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    made = []
    for column in columns:
        kind = column.type
        if pa.types.is_dictionary(kind):
            column = column.dictionary_decode()
            kind = column.type
        if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            column = column.cast(pa.float64())
            if pc.any(pc.is_nan(column)).as_py():
                column = pc.if_else(pc.is_nan(column), None, column)
        elif pa.types.is_date(kind) or pa.types.is_timestamp(kind):
            if pa.types.is_timestamp(kind) and kind.tz is not None:
                column = pc.local_timestamp(column)  # the day as it was where it was written
            column = column.cast(pa.timestamp("ms"), safe=False)
        elif pa.types.is_nested(kind) or pa.types.is_binary(kind):
            texts = [None if cell is None else str(cell) for cell in column.to_pylist()]
            column = pa.array(texts, pa.string())
        elif not (pa.types.is_boolean(kind) or pa.types.is_null(kind)):
            column = column.cast(pa.string())
        made.append(column)
    return made


def csv_book(path: Path) -> Book:
    """Return the CSV file *path* as a book."""
    return Book(path, [CsvSheet(path)])


def parquet_book(path: Path) -> Book:
    """Return the Parquet file *path* as a book."""
    sheet = ParquetSheet(path)
    return Book(path, [sheet], sheet.file)
