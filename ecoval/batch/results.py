"""The results workbook: the input as it was, the results beside it, errors, summary, what it rests on."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import threading
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import OutputError, reason
from ..units import display
from ..valuation import Method
from .books import Block
from .faults import Fault
from .layout import SheetPlan
from .live import rounded, row_formulas, taken_from
from .rowtext import Shown, cell_text, rows_text
from .running import DONE, FAULTY, Outcome
from .sidesheets import Side, side_sheets
from .styles import FONT, add_formats
from .texts import Texts, fixed_texts, masked

_EMPTY = b"<sheetData/>"
_SIZE = re.compile(rb"<dimension[^>]*/>")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
LAST_ROW = 1_048_576


@dataclass(frozen=True)
class ResultColumn:
    """A column of results: its header, what of the outcome it shows, and the look of its cells."""

    header: str
    kind: str
    name: str = ""
    width: int = 12


def result_columns(plan: SheetPlan, *, live: bool) -> list[ResultColumn]:
    """Return the columns of results beside the sheet of *plan*."""
    if not plan.is_valued or not plan.header_row:
        return []
    method = plan.method
    columns = [ResultColumn("状态", "status", width=8)]
    if live and method is not None:
        columns += [
            ResultColumn(
                f"取用 {term.symbol} {term.title}{_unit(term.unit[0])}", "value", term.name
            )
            for term in method.card.terms
        ]
    if method is None or method.card.is_money:
        columns.append(ResultColumn("金额 [元]", "amount", width=16))
    of = _unit(method.card.result.unit) if method is not None else ""
    columns.append(ResultColumn(f"计算值{of}", "exact", width=18))
    if method is not None:
        columns += [
            ResultColumn(f"{step.symbol} {step.title}{_unit(step.unit)}", "step", step.name)
            for step in method.card.steps
        ]
    if method is None or "[" in method.card.result.unit:
        columns.append(ResultColumn("结果单位", "unit", width=10))
    if method is None:
        columns.append(ResultColumn("所用方法", "method", width=24))
    return [
        *columns,
        ResultColumn("可信度", "standing"),
        ResultColumn("依据", "rule", width=40),
        ResultColumn("校验码", "fingerprint", width=14),
        ResultColumn("提示", "findings", width=40),
    ]


def _unit(text: str) -> str:
    return f" [{display(text)}]" if text and "[" not in text else ""


# One short of the whole sheet, which would be written as columns: openpyxl does not read those.
_LAST_ROW = 1_048_574


@dataclass
class _Sheet:
    plan: SheetPlan
    name: str
    columns: list[ResultColumn]
    width: int
    part: str = ""
    head: bytes = b""
    tail: bytes = b""
    formulas: dict[str, tuple[str, bool]] = field(default_factory=dict)


class Results:
    """Write a results workbook block by block; compressing runs beside the calculation."""

    def __init__(
        self, path: Path, plans: Iterable[SheetPlan], *, live: bool, made_at: datetime
    ) -> None:
        self.path = path
        self.live = live
        self.made_at = made_at
        self._partial = path.with_name(f"{path.name}.partial")
        self.sheets = [self._sheet(plan) for plan in plans]
        self._names()
        self._skeleton()
        try:
            self._zip = zipfile.ZipFile(
                self._partial, "w", zipfile.ZIP_DEFLATED, compresslevel=1, allowZip64=True
            )
        except OSError as error:
            raise _cannot_write(path, error) from None
        self._queue: queue.Queue[tuple[str, Any] | None] = queue.Queue(maxsize=4)
        self._failed: OSError | None = None
        self._thread = threading.Thread(target=self._compress, daemon=True)
        self._thread.start()

    def _sheet(self, plan: SheetPlan) -> _Sheet:
        columns = result_columns(plan, live=self.live)
        top = plan.sheet.top()
        width = max([len(plan.headers), *(len(row) for row in top)], default=0)
        made = _Sheet(plan, plan.sheet.name, columns, width)
        if self.live and plan.method is not None and columns:
            at = {(each.kind, each.name): width + place for place, each in enumerate(columns)}
            terms = {term.name: at["value", term.name] for term in plan.method.card.terms}
            steps = {step.name: at["step", step.name] for step in plan.method.card.steps}
            made.formulas = row_formulas(plan.method, terms, steps)
        return made

    def _names(self) -> None:
        """Give each sheet a name that Excel takes and no other has."""
        taken = {side.lower() for side in Side.NAMES}
        for sheet in self.sheets:
            clean = (_FORBIDDEN.sub("_", sheet.name).strip("'") or "Sheet")[:31]
            name, count = clean, 1
            while name.lower() in taken:
                count += 1
                name = f"{clean[:27]}({count})"
            taken.add(name.lower())
            sheet.name = name

    def _book(self, fill: Side | None) -> bytes:
        """Return the workbook without the big sheets; the side sheets are filled last."""
        import xlsxwriter

        held = BytesIO()
        look = {"font_name": FONT, "font_size": 10}
        with xlsxwriter.Workbook(
            held, {"in_memory": True, "default_format_properties": look}
        ) as book:
            book.set_properties({"created": self.made_at, "title": "生态环境损害批量计算结果"})
            formats, self.styles = add_formats(book)
            side_sheets(book, formats, fill)
            for sheet in self.sheets:
                made = book.add_worksheet(sheet.name)
                made.set_landscape()
                made.set_paper(9)
                made.fit_to_pages(1, 0)
                if sheet.plan.sheet.hidden:
                    made.hide()
                if sheet.plan.header_row:
                    made.freeze_panes(sheet.plan.header_row, 1)
                made.set_column(0, max(sheet.width - 1, 0), 14)
                if sheet.columns:
                    # Long texts of the last column must not widen the page.
                    last = sheet.width + len(sheet.columns) - 1
                    made.print_area(0, 0, _LAST_ROW, last)
                for place, column in enumerate(sheet.columns):
                    made.set_column(sheet.width + place, sheet.width + place, column.width)
        return held.getvalue()

    def _skeleton(self) -> None:
        with zipfile.ZipFile(BytesIO(self._book(None))) as book:
            for place, sheet in enumerate(self.sheets):
                sheet.part = f"xl/worksheets/sheet{len(Side.NAMES) + place + 1}.xml"
                sheet.head, _, sheet.tail = book.read(sheet.part).partition(_EMPTY)
                sheet.head = _SIZE.sub(b"", sheet.head)

    def _compress(self) -> None:
        member: Any = None
        while (task := self._queue.get()) is not None:
            if self._failed is not None:
                continue
            what, data = task
            try:
                if what == "open":
                    # By its name: a ZipInfo would bring its own way of storing, which is none.
                    member = self._zip.open(data, "w", force_zip64=True)
                elif what == "close":
                    member.close()
                else:
                    member.write(data)
            except OSError as error:
                self._failed = error

    def _send(self, what: str, data: Any = None) -> None:
        if self._failed is not None:
            raise _cannot_write(self.path, self._failed)
        self._queue.put((what, data))

    def begin(self, sheet: _Sheet, faults: Iterable[Fault] = ()) -> None:
        """Write what stands above the data of *sheet*: titles, and the header with its results."""
        self._send("open", sheet.part)
        self._send("write", sheet.head + b"<sheetData>")
        marked = {fault.column for fault in faults if fault.row == sheet.plan.header_row}
        styles = self.styles
        for number, cells in enumerate(sheet.plan.sheet.top()[: sheet.plan.header_row], start=1):
            last = number == sheet.plan.header_row
            written = [
                cell_text(_place(at, number), cell,
                          (styles.head_wrong if at in marked else styles.head) if last else 0, styles)
                for at, cell in enumerate(cells)
            ]  # fmt: skip
            if last:
                written += [
                    cell_text(
                        _place(sheet.width + at, number), column.header, styles.head_result, styles
                    )
                    for at, column in enumerate(sheet.columns)
                ]
            height = ' ht="30" customHeight="1"' if last else ""
            self._send("write", f'<row r="{number}"{height}>{"".join(written)}</row>'.encode())

    def write(self, sheet: _Sheet, block: Block, outcome: Outcome) -> None:
        """Write the rows of *block* with their results."""
        styles, shown = self.styles, []
        wrong: dict[int, dict[int, int]] = {}
        place = {int(number): at for at, number in enumerate(block.rows)}
        for fault in outcome.faults:
            if fault.row in place and fault.column >= 0:
                wrong.setdefault(fault.column, {})[place[fault.row]] = styles.wrong
        for at, cells in enumerate(block.columns):
            shares = dict.fromkeys(block.percents_by_column.get(at, ()), styles.percent)
            marked = shares | {
                row: styles.day_wrong if _is_day(cells, row)
                else styles.percent_wrong if row in shares else style
                for row, style in wrong.get(at, {}).items()
            }  # fmt: skip
            # A cell beyond the width that the first rows showed goes behind the results.
            to = at if at < sheet.width else at + len(sheet.columns)
            shown.append(Shown(to, cells, 0, marked, block.errors_by_column.get(at, {})))
        shown += self._results(sheet, block, outcome)
        self._send("write", rows_text(block.rows, shown, styles))

    def _results(self, sheet: _Sheet, block: Block, outcome: Outcome) -> list[Shown]:

        done = outcome.status.are(DONE)
        wrong = np.flatnonzero(outcome.status.are(FAULTY)).tolist()
        faulty = dict.fromkeys(wrong, self.styles.wrong)
        method, shown = sheet.plan.method, []
        layout = sheet.plan.layouts.get(method.id) if method is not None else None
        for at, column in enumerate(sheet.columns):
            cells, formula, as_array, style = _cells(column, outcome, done), "", False, 0
            held: Any = None
            if column.kind == "amount":
                style = self.styles.money
            if sheet.formulas and method is not None and layout is not None:
                if column.kind == "value":
                    found = layout.found.get(column.name)
                    formula, held = taken_from(found, block, outcome, column.name)
                    style = 0 if formula else self.styles.fixed
                elif column.kind in ("step", "exact"):
                    formula, as_array = sheet.formulas[column.name]
                elif column.kind == "amount":
                    formula = self._rounded(sheet, method)
            marked = faulty if column.kind == "status" else {}
            shown.append(
                Shown(sheet.width + at, cells, style, marked, formula=formula, as_array=as_array,
                      formula_rows=held, fixed_style=self.styles.fixed)
            )  # fmt: skip
        return shown

    @staticmethod
    def _rounded(sheet: _Sheet, method: Method) -> str:
        at = next(at for at, each in enumerate(sheet.columns) if each.kind == "exact")
        return rounded(method.card, _place(sheet.width + at, 0).removesuffix("0") + "{row}")

    def end(self, sheet: _Sheet) -> None:
        """Close *sheet*."""
        self._send("write", b"</sheetData>" + sheet.tail)
        self._send("close")

    def finish(self, side: Side) -> None:
        """Write the side sheets and put the workbook in its place.

        Raises
        ------
        OutputError
            There is no space left, or the place cannot be written.
        """
        self._stop()
        try:
            with self._zip, zipfile.ZipFile(BytesIO(self._book(side))) as book:
                big = {sheet.part for sheet in self.sheets}
                for name in book.namelist():
                    if name not in big:
                        self._zip.writestr(
                            zipfile.ZipInfo(name), book.read(name), zipfile.ZIP_DEFLATED
                        )
            os.replace(self._partial, self.path)
        except OSError as error:
            self._partial.unlink(missing_ok=True)
            raise _cannot_write(self.path, error) from None

    def _stop(self) -> None:
        self._queue.put(None)
        self._thread.join()
        if self._failed is not None:
            failed = self._failed
            self.abandon()
            raise _cannot_write(self.path, failed)

    def abandon(self) -> None:
        """Leave nothing behind of a workbook that is not whole."""
        if self._thread.is_alive():
            self._failed = self._failed or OSError("abandoned")
            self._queue.put(None)
            self._thread.join()
        if self._zip.fp is not None:
            with contextlib.suppress(OSError):
                self._zip.fp.close()
            self._zip.fp = None
        self._partial.unlink(missing_ok=True)


def _cannot_write(path: Path, error: OSError) -> OutputError:
    hint = ""
    if isinstance(error, PermissionError):
        hint = "若该文件正在 Excel 或 WPS 中打开，请先关闭。"
    return OutputError(f"写不出结果（{reason(error)}）", where=str(path), hint=hint)


def _is_day(cells: Any, row: int) -> bool:
    if isinstance(cells, list):
        return hasattr(cells[row], "isoformat")
    return str(cells.type).startswith("timestamp") and cells[row].is_valid


def _place(column: int, row: int) -> str:
    from .cutting import letters

    return f"{letters(column)}{row}"


def _cells(column: ResultColumn, outcome: Outcome, done: Any, *, encoded: bool = False) -> Any:
    if column.kind == "amount":
        return masked(outcome.fens / 100, ~(done & outcome.is_money))
    if column.kind == "exact":
        return masked(outcome.exact, ~done)
    if column.kind == "step":
        return masked(outcome.steps[column.name], ~done)
    if column.kind == "value":
        values = outcome.values[column.name]
        return masked(values, ~done | np.isnan(values))
    if column.kind == "fingerprint":
        return fixed_texts(outcome.fingerprint)
    texts: Texts = getattr(outcome, column.kind)
    return texts.dictionary() if encoded else texts.strings()
