"""What is wrong with a cell, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import EcovalError
from .cutting import letters


@dataclass(frozen=True)
class Fault:
    """One thing that will not do: in which sheet, row and column, what was got, what would do.

    *row* is the sheet's own number, 0 for the sheet as a whole; *column* counts from zero, -1 for
    the row as a whole.
    """

    sheet: str
    row: int
    column: int
    header: str
    what: str
    got: str = ""
    hint: str = ""

    @property
    def cell(self) -> str:
        """The cell as Excel names it: ``C5``; only the row where no one cell is at fault."""
        if not self.row:
            return ""
        return f"{letters(max(self.column, 0))}{self.row}"

    def __str__(self) -> str:
        place = f"工作表“{self.sheet}”"
        if self.row:
            place += f"第 {self.row} 行"
        if self.column >= 0:
            place += f" {letters(self.column)} 列"
        if self.header:
            place += f"“{self.header}”"
        got = f"，所给为 {self.got}" if self.got else ""
        return f"{place}：{self.what}{got}。{self.hint}"

    @classmethod
    def of(cls, error: EcovalError, sheet: str, row: int, column: int, header: str) -> Fault:
        """Return *error* at its cell."""
        got = "" if error.got is None else str(error.got)
        where = error.where if column < 0 else ""
        what = f"{where}：{error.what}" if where else error.what
        return cls(sheet, row, column, header, what, got, error.hint)

    def as_list(self) -> list[Any]:
        """Return the fault as plain data."""
        return [self.sheet, self.row, self.column, self.header, self.what, self.got, self.hint]


class CellFault(Exception):
    """A cell that cannot be read; the one who knows the cell makes it a `Fault`."""

    def __init__(self, what: str, got: object = "", hint: str = "") -> None:
        self.what, self.got, self.hint = what, str(got), hint
        super().__init__(what)
