"""Sheets as they are: headers, and blocks of rows with every cell that was in them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ..errors import InputError
from ..valuation.keyed import Codes
from .cutting import Cutter, Piece, column_of
from .guards import check_file
from .package import Package, SheetPart

if TYPE_CHECKING:
    import pyarrow as pa

NEVER_CALCULATED = "公式从未计算"
_BLANK = ("", None)


@dataclass
class Block:
    """Rows of a sheet: their numbers, their columns, and the cells that hold no value but an error.

    A column is an Arrow array of one type, or a list where its cells are of several. *percents* has
    the cells that are shown in per cent: 0.3 as 30 %.
    """

    rows: Codes
    columns: list[Any]
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: set[tuple[int, int]] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.rows)

    def cells(self, column: int) -> list[Any]:
        """Return the cells of *column* one by one; beyond the width of the sheet they are blank."""
        if column >= len(self.columns):
            return [None] * len(self)
        return listed(self.columns[column])

    @cached_property
    def errors_by_column(self) -> dict[int, dict[int, str]]:
        """The errors of each column that has any, by row."""
        made: dict[int, dict[int, str]] = {}
        for (row, column), said in self.errors.items():
            made.setdefault(column, {})[row] = said
        return made

    @cached_property
    def percents_by_column(self) -> dict[int, set[int]]:
        """The rows shown in per cent of each column that has any."""
        made: dict[int, set[int]] = {}
        for row, column in self.percents:
            made.setdefault(column, set()).add(row)
        return made


def listed(column: Any) -> list[Any]:
    """Return the cells of a *column* one by one, whichever way it is held."""
    return column if isinstance(column, list) else list(column.to_pylist())


class Sheet(Protocol):
    """What a sheet of any kind of file can do."""

    name: str
    hidden: bool
    is_1904: bool

    def top(self) -> list[list[Any]]:
        """Return the first rows, cell by cell."""
        ...

    def blocks(self, after: int, width: int) -> Iterator[Block]:
        """Yield the rows below row *after* that are not blank, at least *width* columns wide."""
        ...


@dataclass
class Book:
    """A file of sheets."""

    path: Path
    sheets: Sequence[Sheet]
    held: Any = None

    def close(self) -> None:
        """Let the file go."""
        if self.held is not None:
            self.held.close()


def open_book(path: str | Path) -> Book:
    """Return the book in the file *path*: .xlsx, .xlsm, .csv or .parquet.

    Raises
    ------
    InputError
        It is missing, locked, encrypted, broken, a zip bomb, empty, or of another kind.
    """
    path = Path(path)
    check_file(path)
    kind = path.suffix.lower()
    if kind in (".csv", ".parquet"):
        from .flat import csv_book, parquet_book

        return csv_book(path) if kind == ".csv" else parquet_book(path)
    package = Package.of(path)
    if not package.sheets:
        raise InputError("工作簿中没有工作表", where=str(path))
    sheets = [WorkbookSheet(package, part) for part in package.sheets]
    return Book(path, sheets, package.archive)


class WorkbookSheet:
    """A worksheet of an Excel workbook."""

    def __init__(self, package: Package, part: SheetPart) -> None:
        self.name = part.name
        self.hidden = part.hidden
        self.is_1904 = package.is_1904
        self._package = package
        self._cutter = Cutter(package, part)

    def top(self) -> list[list[Any]]:
        """Return the first rows, cell by cell."""
        piece = self._cutter.peeked()
        if piece is None:
            return []
        known = replace(piece, xml=_NEWER.sub(rb"\1#N/A", piece.xml))
        cells = _by_cell(self._cutter.workbook(known), self._where, skip=False)
        for (row, column), said in _errors(piece, self._package.never_calculated).items():
            at = piece.first - 1 + row
            while at < len(cells) and column >= len(cells[at]):
                cells[at].append("")
            if at < len(cells):
                cells[at][column] = said
        return cells

    @property
    def size(self) -> int:
        """How many bytes of text the sheet is."""
        return self._cutter.size

    @property
    def share(self) -> float:
        """Which share of the sheet has been read."""
        return self._cutter.share

    @property
    def _where(self) -> str:
        return f"{self._package.path} {self.name}"

    def blocks(self, after: int, width: int) -> Iterator[Block]:
        """Yield the rows below row *after* that are not blank, at least *width* columns wide."""
        for piece in self._cutter.pieces(after=after):
            block = self._block(piece, width)
            if len(block):
                yield block

    def _block(self, piece: Piece, width: int) -> Block:
        errors = _errors(piece, self._package.never_calculated)
        if errors and _NEWER.search(piece.xml):
            piece = replace(piece, xml=_NEWER.sub(rb"\1#N/A", piece.xml))
        # The row of names goes above the first: row 1 has none.
        above = piece.first > 1
        held = self._cutter.workbook(piece, width if above else 0)
        columns = _by_column(held) if above else None
        if columns is None:
            rows = _by_cell(held, self._where, skip=above)[1 if above else 0 :]
            columns = [_homogeneous(list(column)) for column in zip(*rows, strict=True)]
        count = len(columns[0]) if columns else 0
        numbers = np.arange(piece.first, piece.first + count, dtype=np.int64)
        percents = _percents(piece, self._package.percent_styles)
        return without_blank(Block(numbers, columns, errors, percents))


def without_blank(block: Block) -> Block:
    """Return *block* without the rows that have nothing in any cell."""
    import pyarrow as pa

    if any(not isinstance(each, list) and each.null_count == 0 for each in block.columns):
        return block
    filled = np.zeros(len(block), dtype=bool)
    for column in block.columns:
        if isinstance(column, list):
            filled |= np.array([cell not in _BLANK for cell in column], dtype=bool)
        elif column.null_count < len(column):
            filled |= column.is_valid().to_numpy(zero_copy_only=False)
    for row, _ in block.errors:
        if row < len(filled):
            filled[row] = True
    if filled.all():
        return block
    place = np.cumsum(filled) - 1
    kept = np.flatnonzero(filled)
    index = pa.array(kept)
    columns = [
        [column[row] for row in kept] if isinstance(column, list) else column.take(index)
        for column in block.columns
    ]
    errors = {(int(place[row]), at): said for (row, at), said in block.errors.items()}
    percents = {(int(place[row]), at) for row, at in block.percents}
    return Block(block.rows[kept], columns, errors, percents)


def _by_column(held: bytes) -> list[pa.Array] | None:
    """Return the columns below the first row, None where one has cells of several types."""
    import fastexcel

    logging.getLogger("fastexcel.types.dtype").setLevel(logging.ERROR)
    try:
        sheet = fastexcel.read_excel(held).load_sheet(
            0, header_row=0, schema_sample_rows=None, dtype_coercion="strict"
        )
        batch = sheet.to_arrow()
    except fastexcel.FastExcelError:
        return None
    known = ("double", "string", "bool", "null", "timestamp[ms]")
    columns = batch.columns
    if any(str(column.type) not in known for column in columns):
        return None
    return list(columns)


def _by_cell(held: bytes, where: str, *, skip: bool) -> list[list[Any]]:
    """Return every row as a list of cells, blank ones as empty texts."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(_as_file(held))
        return book.get_sheet_by_index(0).to_python(skip_empty_area=skip)
    except calamine.CalamineError as error:
        raise InputError(
            "读不出工作表的内容",
            where=where,
            got=str(error),
            hint="请用 Excel 打开后另存为 .xlsx。",
        ) from None


def _as_file(held: bytes) -> Any:
    from io import BytesIO

    return BytesIO(held)


def _homogeneous(cells: list[Any]) -> Any:
    """Return *cells* as an Arrow array if they are of one type, else as they are."""
    import pyarrow as pa

    kinds = {type(cell) for cell in cells if cell not in _BLANK or type(cell) in (bool, float, int)}
    if kinds <= {float, int}:
        return pa.array([None if cell == "" else cell for cell in cells], pa.float64())
    if kinds <= {str}:
        return pa.array([cell or None for cell in cells], pa.string())
    return [None if cell == "" else cell for cell in cells]


_CELL = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_ERROR = re.compile(rb"<c\b[^>]*\bt=[\"']e[\"'][^>]*>.*?</c>", re.DOTALL)
# Errors that Excel has had since 2018, and others yet to come: the readers refuse the whole sheet.
_NEWER = re.compile(
    rb"(<c\b[^>]*\bt=[\"']e[\"'][^>]*>(?:\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>))?\s*<v>)"
    rb"(?!#(?:REF!|DIV/0!|N/A|NAME\?|VALUE!|NUM!|NULL!)<)[^<]*"
)
_FORMULA = re.compile(
    rb"<c\b(?P<as>[^>]*)>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?P<v><v>[^<]*</v>|<v\s*/>)?\s*</c>"
)
_PLACE = re.compile(rb"\br=[\"']([A-Z]+)(\d+)[\"']")
_VALUE = re.compile(rb"<v>([^<]*)</v>")


def _percents(piece: Piece, styles: frozenset[int]) -> set[tuple[int, int]]:
    """Return the cells whose look is one of *styles*."""
    if not styles:
        return set()
    numbers = "|".join(str(each) for each in sorted(styles)).encode()
    cells = re.finditer(rb"<c\b[^>]*\bs=[\"'](?:" + numbers + rb")[\"'][^>]*>", piece.xml)
    places = (_PLACE.search(cell[0]) for cell in cells)
    return {(int(at[2]) - piece.first, column_of(at[1].decode())) for at in places if at}


def _errors(piece: Piece, never_calculated: bool) -> dict[tuple[int, int], str]:
    """Return the cells that hold an error, or a formula that no program ever calculated."""
    found: dict[tuple[int, int], str] = {}

    def note(attributes: bytes, said: str) -> None:
        if place := _PLACE.search(attributes):
            found[int(place[2]) - piece.first, column_of(place[1].decode())] = said

    if b't="e"' in piece.xml or b"t='e'" in piece.xml:
        for cell in _ERROR.finditer(piece.xml):
            # An error cell may stand behind self-closed ones: the last opening tag is its own.
            start = cell[0].rfind(b"<c ")
            own = cell[0][start:]
            value = _VALUE.search(own)
            note(own[: own.find(b">")], value[1].decode("utf-8") if value else "错误值")
    if b"<f" in piece.xml:
        for cell in _FORMULA.finditer(piece.xml):
            written: bytes = cell["v"] or b""
            stored = _VALUE.match(written)
            empty = not stored or not stored[1].strip()
            as_text = b't="str"' in cell["as"]
            # A program that writes formulas without calculating them stores 0 and asks Excel to.
            if (empty and not (as_text and written)) or (
                never_calculated and stored and stored[1].strip() in (b"0", b"0.0")
            ):
                note(cell["as"], NEVER_CALCULATED)
    return found
