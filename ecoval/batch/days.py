"""Dates as offices write them: Excel's own in both systems, and text."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from .cleaning import HALF_WIDTH, error_fault
from .faults import CellFault

_EARLIEST, _LATEST = 1950, 2100
_YMD = re.compile(
    r"(\d{4})\s*(?:-|/|\.|年)\s*(\d{1,2})\s*(?:-|/|\.|月)\s*(\d{1,2})\s*(?:日|号)?(?:[T\s]+[\d:：.]+.*)?"
)
_HINT = "请写作 2024-06-01、2024.6.1 或 2024年6月1日。"


@lru_cache(maxsize=65_536, typed=True)
def read_day(cell: Any, *, is_1904: bool) -> tuple[date | None, str]:
    """Return the day in *cell* (None where it is blank), and what was tidied.

    Raises
    ------
    CellFault
        It is no date, an ambiguous one, only a year or a month, or out of all reason.
    """
    if cell is None or cell == "":
        return None, ""
    if isinstance(cell, bool):
        raise CellFault("应为日期，不是真假值", cell, _HINT)
    if isinstance(cell, (time, timedelta)):
        raise CellFault("应为日期，单元格只有时间", cell, _HINT)
    if isinstance(cell, datetime):
        return _sane(cell.date(), cell), ""
    if isinstance(cell, date):
        return _sane(cell, cell), ""
    if isinstance(cell, (int, float)):
        said = "数字按年月日读取" if _is_written_out(float(cell)) else "数字按 Excel 日期序号读取"
        return _serial(float(cell), is_1904), said
    return _from_text(str(cell), is_1904)


def _from_text(cell: str, is_1904: bool) -> tuple[date | None, str]:
    if cell.startswith("#"):
        raise error_fault(cell)
    text = cell.translate(HALF_WIDTH).strip()
    if not text:
        return None, "只有空格，按空白处理"
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _serial(float(text), is_1904), "文字按 Excel 日期序号读取"
    if re.fullmatch(r"\d{8}", text):
        return _made(text[:4], text[4:6], text[6:], cell), "文字按日期读取"
    found = _YMD.fullmatch(text)
    if found is None:
        if re.fullmatch(r"\d{4}\s*[-./年]?\s*(\d{1,2}\s*月?)?", text):
            raise CellFault("日期不完整", repr(cell), _HINT)
        if re.fullmatch(r"\d{1,2}\D\d{1,2}\D\d{2,4}日?", text):
            raise CellFault("日期有歧义（年月日次序不明）", repr(cell), _HINT)
        raise CellFault("应为日期", repr(cell), _HINT)
    return _made(found[1], found[2], found[3], cell), "文字按日期读取"


def _made(year: str, month: str, day: str, cell: str) -> date:
    try:
        return _sane(date(int(year), int(month), int(day)), cell)
    except ValueError:
        raise CellFault("没有这一天", repr(cell), _HINT) from None


def _is_written_out(number: float) -> bool:
    """Tell whether *number* is a day as 20230501."""
    return 19_000_101 <= number <= 21_001_231 and number == int(number)


def _serial(number: float, is_1904: bool) -> date:
    if _is_written_out(number):
        text = str(int(number))
        return _made(text[:4], text[4:6], text[6:], text)
    if _EARLIEST <= number <= _LATEST + 1:
        raise CellFault("日期不完整（只有年份或年月）", f"{number:g}", _HINT)
    start = date(1904, 1, 1) if is_1904 else date(1899, 12, 30)
    if not 0 < number < 100_000:
        raise CellFault("应为日期", f"{number:g}", _HINT)
    return _sane(start + timedelta(days=int(number)), f"{number:g}")


def _sane(day: date, got: object) -> date:
    if not _EARLIEST <= day.year <= _LATEST:
        raise CellFault("日期不合常理", f"{got}（{day.isoformat()}）", _HINT)
    if day > date.today() + timedelta(days=1):
        raise CellFault("日期在将来", day.isoformat(), "损害发生之日不在今天之后，年份可能写错。")
    return day
