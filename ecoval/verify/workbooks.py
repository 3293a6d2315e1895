"""Compare a workbook with the one that its case makes anew, cell by cell."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from ..case.assessment import Assessment
from ..errors import InputError
from .changes import Change

# The case itself is recomputed, not compared as text.
_CARRIED = "案卷"


def workbook_changes(held: bytes, assessment: Assessment) -> Iterator[Change]:
    """Yield where a cell of the workbook *held* shows another value than the new workbook.

    A formula is compared by the value that it shows: programs spell formulas each in its own way.

    Raises
    ------
    InputError
        The workbook cannot be read.
    """
    from ..audit import write_audit

    with tempfile.TemporaryDirectory(prefix="ecoval-") as made:
        path = write_audit(assessment, Path(made) / "again.xlsx")
        wanted = _cells(path.read_bytes(), path.name)
    found = _cells(held, "工作簿")
    for sheet in dict.fromkeys((*wanted, *found)):
        old, new = found.get(sheet, {}), wanted.get(sheet, {})
        for place in dict.fromkeys((*new, *old)):
            if not _same(old.get(place), new.get(place)):
                where = f"工作表 {sheet} 单元格 {place}"
                yield Change(where, _shown(old.get(place)), _shown(new.get(place)))


def _cells(held: bytes, where: str) -> dict[str, dict[str, Any]]:
    from python_calamine import CalamineError, CalamineWorkbook
    from xlsxwriter.utility import xl_rowcol_to_cell

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(held))
    except CalamineError as error:
        raise InputError(f"不能读取工作簿：{error}", where=where) from None
    return {
        name: {
            xl_rowcol_to_cell(row, column): value
            for row, line in enumerate(
                book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            )
            for column, value in enumerate(line)
            if value != ""
        }
        for name in book.sheet_names
        if name != _CARRIED
    }


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int):
        # Another program may compute the last bit of a double otherwise.
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=0.0)
    return bool(one == other)


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
