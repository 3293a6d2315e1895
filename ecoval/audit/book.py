"""The workbook while it is put together: sheets, named cells, formats."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..numerals import plain

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_BODY = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True}
_BOXED = {**_BODY, "border": 1, "border_color": "#808080"}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"font_name": "黑体", "font_size": 15},
    "section": {"font_name": "黑体", "font_size": 11, "valign": "vcenter"},
    "note": {**_BODY, "text_wrap": False, "font_color": "#404040"},
    "paragraph": {**_BODY, "font_color": "#404040"},
    "head": {**_BOXED, "font_name": "黑体", "bg_color": "#E8E8E8", "align": "center"},
    "text": _BOXED,
    "centre": {**_BOXED, "align": "center"},
    "given": {**_BOXED, "locked": False, "bg_color": "#FFF8DC", "align": "right"},
    "chosen": {**_BOXED, "locked": False, "bg_color": "#FFF8DC"},
    "number": {**_BOXED, "align": "right"},
    "money": {**_BOXED, "align": "right", "num_format": "#,##0.00"},
    "whole": {
        **_BOXED,
        "font_name": "黑体",
        "align": "right",
        "indent": 1,
        "num_format": "#,##0.00",
    },
    "good": {"bg_color": "#D9F0D9", "font_color": "#0B4F0B"},
    "bad": {"bg_color": "#F4C7C3", "font_color": "#8B0000", "bold": True},
}
AGREE, DIFFER = "一致", "不一致"
# The height of a line of text, in points.
_LINE = 14.0
_LAST_ROW = 9999


@dataclass(frozen=True)
class Cell:
    """A cell or a column of cells that formulas refer to, and its unit."""

    reference: str
    unit: str = ""


@dataclass(frozen=True)
class Check:
    """A live result and the stored one that it is compared with; *cents* where it is money."""

    label: str
    title: str
    live: str
    stored: str
    cents: bool = False


class Book:
    """An xlsxwriter workbook with the formats of an audit, and readable names for its cells."""

    def __init__(self, workbook: Workbook, footer: str) -> None:
        self.workbook = workbook
        self.footer = footer
        self._formats: dict[tuple[str, str], Format] = {}
        self._names: set[str] = set()
        # What the cells hold that live results are compared with.
        self.stored: dict[str, float] = {}

    def format(self, style: str, number: str = "") -> Format:
        """Return the format *style*, with the number format *number* where one is given."""
        key = (style, number)
        if key not in self._formats:
            more = {"num_format": number} if number else {}
            self._formats[key] = self.workbook.add_format({**_STYLES[style], **more})
        return self._formats[key]

    def sheet(self, name: str, widths: tuple[float, ...]) -> Sheet:
        """Return a new protected sheet *name* with columns of *widths*, ready to print."""
        from .plain_sheet import PlainSheet

        made = self.workbook.add_worksheet(name, PlainSheet)
        for place, width in enumerate(widths):
            made.set_column(place, place, width)
        made.protect("", {"format_columns": True, "format_rows": True})
        made.set_landscape()
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        made.set_margins(0.5, 0.5, 0.6, 0.6)
        made.set_footer(f"&L{self.footer}&C{name}&R第 &P 页，共 &N 页")
        made.hide_gridlines(2)
        return Sheet(self, made, name, widths)

    def named(
        self, sheet: Sheet, title: str, row: int, column: int, last: int | None = None
    ) -> str:
        """Return a name, made from *title*, for the cell (down to row *last*)."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        wanted = re.sub(r"\W+", "", title)[:60] or "数值"
        name, count = wanted, 1
        while name.lower() in self._names:
            count += 1
            name = f"{wanted}_{count}"
        self._names.add(name.lower())
        first = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
        until = xl_rowcol_to_cell(row if last is None else last, column, row_abs=True, col_abs=True)
        reach = first if last is None else f"{first}:{until}"
        self.workbook.define_name(name, f"='{sheet.name}'!{reach}")
        return name


class Sheet:
    """A sheet that is written from the top down; ``row`` is the next free row."""

    def __init__(self, book: Book, sheet: Worksheet, name: str, widths: tuple[float, ...]) -> None:
        self.book = book
        self.sheet = sheet
        self.name = name
        self.row = 0
        self._widths = widths
        self._lines: dict[int, int] = {}
        self._flagged: set[int] = set()

    def line(self, text: str, style: str = "note", *, height: float | None = None) -> None:
        """Write *text* on a row of its own."""
        self.sheet.write_string(self.row, 0, text, self.book.format(style))
        if height is not None:
            self.sheet.set_row(self.row, height)
        self.row += 1

    def paragraph(self, text: str) -> None:
        """Write *text* across the columns that have a width."""
        form, last = self.book.format("paragraph"), len(self._widths) - 1
        self.sheet.merge_range(self.row, 0, self.row, last, "", form)
        self.sheet.write_string(self.row, 0, text, form)
        self._heighten(text, sum(self._widths))
        self.row += 1

    def heads(self, *titles: str, repeat: bool = False) -> None:
        """Write the heads of a table; they *repeat* on every printed page."""
        for column, title in enumerate(titles):
            self.text(column, title, "head")
        if repeat:
            self.sheet.repeat_rows(self.row)
        self.row += 1

    def text(self, column: int, text: str, style: str = "text") -> None:
        """Write *text* into a cell of this row; it is never taken for a formula."""
        self.sheet.write_string(self.row, column, text, self.book.format(style))
        self._heighten(text, self._widths[column] if column < len(self._widths) else 9)

    def number(self, column: int, value: float, style: str = "number", unit: str = "") -> None:
        """Write a number into a cell of this row; a share whose *unit* is % shows as such."""
        self.book.stored[self.at(column)] = value
        self.sheet.write_number(self.row, column, value, self._format(style, unit, value))

    def formula(
        self,
        column: int,
        text: str,
        value: float | str,
        style: str = "number",
        unit: str = "",
        *,
        array: bool = False,
    ) -> None:
        """Write the formula *text* with the *value* it has now."""
        form = self._format(style, unit, value)
        if array:
            cell = (self.row, column, self.row, column)
            self.sheet.write_array_formula(*cell, f"{{={text}}}", form, value)
        else:
            self.sheet.write_formula(self.row, column, f"={text}", form, value)

    def compared(self, column: int, live: str, stored: str, *, cents: bool = False) -> None:
        """Write whether *live* agrees with *stored*, in green or red."""
        reach = "0.005" if cents else f"1E-9*MAX(1,ABS({stored}))"
        text = (
            f'IF(ISNUMBER({live}),IF(ABS({live}-{stored})<{reach},"{AGREE}","{DIFFER}"),"{DIFFER}")'
        )
        self.formula(column, text, AGREE, "centre")
        self.flagged(column)

    def flagged(self, column: int) -> None:
        """Colour the cells of *column* that say whether figures agree, once for the sheet."""
        if column in self._flagged:
            return
        self._flagged.add(column)
        for said, style in ((AGREE, "good"), (DIFFER, "bad")):
            rule = {"type": "cell", "criteria": "==", "value": f'"{said}"'}
            rule["format"] = self.book.format(style)
            self.sheet.conditional_format(0, column, _LAST_ROW, column, rule)

    def at(self, column: int, row: int | None = None) -> str:
        """Return the reference of a cell of this row, good on every sheet."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        place = xl_rowcol_to_cell(self.row if row is None else row, column, True, True)
        return f"'{self.name}'!{place}"

    def _heighten(self, text: str, width: float) -> None:
        """Make the row as high as *text* needs: not every program does so by itself."""
        if 2 * len(text) < width and "\n" not in text:
            return
        lines = _lines_of(text, width)
        if lines > self._lines.get(self.row, 1):
            self._lines[self.row] = lines
            # Excel's rows end at 409 points.
            self.sheet.set_row(self.row, min(_LINE * lines + 2, 409))

    def _format(self, style: str, unit: str, value: float | str) -> Format:
        if unit != "%" or isinstance(value, str):
            return self.book.format(style)
        decimals = len(plain(value * 100).partition(".")[2])
        return self.book.format(style, "0" + ("." + "0" * decimals if decimals else "") + "%")


@lru_cache(maxsize=4096)
def _lines_of(text: str, width: float) -> int:
    """Return how many lines *text* takes in a column of *width*."""
    return sum(
        max(1, math.ceil(sum(_wide(letter) for letter in part) / max(width - 1, 1)))
        for part in text.split("\n")
    )


def _wide(letter: str) -> int:
    return 2 if unicodedata.east_asian_width(letter) in "WFA" else 1
