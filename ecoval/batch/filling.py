"""Result columns put into a copy of the user's own workbook, its looks kept; for modest books."""

from __future__ import annotations

import os
from collections.abc import Iterable
from copy import copy
from pathlib import Path
from typing import Any

from ..errors import InputError, OutputError
from .books import Block, listed
from .cutting import letters
from .faults import Fault
from .layout import SheetPlan
from .results import ResultColumn, _cannot_write, _cells, result_columns
from .running import DONE, Outcome
from .sidesheets import Side

# openpyxl holds every cell as an object: a larger book takes minutes and gigabytes.
_MOST_CELLS = 4_000_000


class _Sheet:
    def __init__(self, plan: SheetPlan, columns: list[ResultColumn]) -> None:
        self.plan = plan
        self.name = plan.sheet.name
        self.columns = columns


class Filling:
    """Fill the results of a run into a copy of the workbook; it takes the place of `Results`."""

    def __init__(self, source: Path, target: Path, *, force: bool) -> None:
        if source.suffix.lower() != target.suffix.lower():
            raise OutputError("--fill 的结果须与输入同类型", where=str(target), got=target.suffix)
        self.source = source
        self.path = target
        self.sheets: list[_Sheet] = []
        self._book: Any = None
        self._right: dict[str, int] = {}

    def load(self, plans: Iterable[SheetPlan]) -> Filling:
        """Load the workbook for the sheets of *plans*."""
        import openpyxl

        self.sheets = [_Sheet(plan, result_columns(plan, live=False)) for plan in plans]
        self._book = openpyxl.load_workbook(
            self.source, keep_vba=self.source.suffix.lower() == ".xlsm", keep_links=True
        )
        cells = sum(sheet.max_row * sheet.max_column for sheet in self._book.worksheets)
        if cells > _MOST_CELLS:
            raise InputError(
                "工作簿太大，不宜用 --fill", where=str(self.source), got=f"{cells:,} 格",
                hint="去掉 --fill，另写结果工作簿。",
            )  # fmt: skip
        return self

    def begin(self, sheet: _Sheet, faults: Iterable[Fault] = ()) -> None:
        """Write the headers of the results behind the sheet's last column."""
        from openpyxl.styles import PatternFill

        own = self._book[sheet.name]
        right = own.max_column
        self._right[sheet.name] = right
        if not sheet.columns:
            return
        like = own.cell(sheet.plan.header_row, max(right, 1))
        for at, column in enumerate(sheet.columns, start=right + 1):
            cell = own.cell(sheet.plan.header_row, at, column.header)
            cell.font, cell.border = copy(like.font), copy(like.border)
            cell.alignment = copy(like.alignment)
            cell.fill = PatternFill("solid", fgColor="E2EFDA")
            own.column_dimensions[letters(at - 1)].width = column.width

    def write(self, sheet: _Sheet, block: Block, outcome: Outcome) -> None:
        """Write the results of *block* beside its rows, and mark the cells at fault."""
        from openpyxl.comments import Comment
        from openpyxl.styles import PatternFill

        if not sheet.columns:
            return
        own, right = self._book[sheet.name], self._right[sheet.name]
        done = outcome.status.are(DONE)
        for at, column in enumerate(sheet.columns, start=right + 1):
            cells = listed(_cells(column, outcome, done))
            for row, value in zip(block.rows.tolist(), cells, strict=True):
                if value is None:
                    continue
                cell = own.cell(row, at)
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"  # a text, whatever it begins with
                elif column.kind == "amount":
                    cell.number_format = "#,##0.00"
        wrong = PatternFill("solid", fgColor="FFC7CE")
        for fault in outcome.faults:
            if fault.row and fault.column >= 0:
                cell = own.cell(fault.row, fault.column + 1)
                if type(cell).__name__ == "MergedCell":
                    continue
                cell.fill = wrong
                cell.comment = Comment(f"{fault.what}。{fault.hint}", "ecoval")

    def end(self, sheet: _Sheet) -> None:
        """Do nothing: the book is saved as a whole."""

    def finish(self, side: Side) -> None:
        """Save the copy, with the errors on a sheet of their own."""
        name = "ecoval错误"
        while name in self._book.sheetnames:
            name += "_"
        sheet = self._book.create_sheet(name)
        sheet.append(["工作表", "单元格", "列名", "情况", "所给", "怎样改正"])
        for row, fault in enumerate(side.faults, start=2):
            texts = (fault.sheet, fault.cell, fault.header, fault.what, fault.got, fault.hint)
            for at, text in enumerate(texts, start=1):
                cell = sheet.cell(row, at)
                cell.value, cell.data_type = text, "s"
            if fault.row:
                quoted = fault.sheet.replace("'", "''")
                sheet.cell(row, 2).hyperlink = f"#'{quoted}'!{fault.cell}"
        partial = self.path.with_name(f"{self.path.name}.partial")
        try:
            self._book.save(partial)
            os.replace(partial, self.path)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise _cannot_write(self.path, error) from None

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._book = None
