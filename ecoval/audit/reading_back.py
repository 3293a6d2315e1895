"""Read the case back out of an audit workbook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..errors import InputError

CARRIED = "案卷"
# A cell holds 32,767 characters; an escaped control character takes seven.
CHUNK = 4_000


def carried(path: Path) -> dict[str, Any]:
    """Return the assessment that the workbook *path* carries, as `Assessment.as_dict` wrote it.

    Raises
    ------
    InputError
        It is no workbook, or carries no case.
    """
    from zipfile import BadZipFile

    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (OSError, KeyError, ValueError, BadZipFile, InvalidFileException) as error:
        raise InputError(f"不能读取工作簿（{type(error).__name__}）", where=str(path)) from None
    try:
        if CARRIED not in book.sheetnames:
            raise InputError("工作簿中没有案卷", where=str(path), hint="它应由 ecoval audit 写出。")
        rows = book[CARRIED].iter_rows(values_only=True)
        text = "".join(str(row[0]) for row in rows if row and row[0] is not None)
    finally:
        book.close()
    try:
        data = json.loads(text)
    except json.JSONDecodeError:
        raise InputError("工作簿中的案卷已残缺", where=str(path)) from None
    if not isinstance(data, dict):
        raise InputError("工作簿中的案卷已残缺", where=str(path))
    return data
