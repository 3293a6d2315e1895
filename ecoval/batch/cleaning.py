"""From the cells of a column to numbers and units; what had to be tidied is noted."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from ..errors import EcovalError
from ..units import unit
from ..valuation.keyed import Array, Keys, Mask
from .books import NEVER_CALCULATED, listed
from .faults import CellFault

HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0xA0: " ",
    0x2212: "-",
    0x200B: None,
    0xFEFF: None,
    0xFFE5: "¥",
}
_NUMBER = re.compile(
    r"([+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?=$|[^\d.,])\s*(.*)$"
)
_MANY = ("万", "亿", "千")
_ERRORS = {
    "#REF!": "引用的单元格已被删除",
    "#DIV/0!": "公式除以了零",
    "#N/A": "查找不到值",
    "#NAME?": "公式中有不认识的名称",
    "#VALUE!": "公式中的值类型不对",
    "#NUM!": "公式的结果不是有效的数",
    "#NULL!": "公式中的区域没有交集",
}


@dataclass
class Cleaned:
    """A column of numbers: where nothing is given, the unit of each row, what is wrong, what was tidied."""

    numbers: Array
    blank: Mask
    units: Keys[str]
    faults: dict[int, CellFault] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)


def error_fault(said: str) -> CellFault:
    """Return the fault of a cell that holds the error *said*, or an uncalculated formula."""
    if said == NEVER_CALCULATED:
        return CellFault(
            "公式从未计算过，没有存下的值", hint="请用 Excel 或 WPS 打开，等计算完成后保存。"
        )
    return CellFault(
        f"单元格是错误值（{_ERRORS.get(said, '公式出错')}）", said, "请改正公式或填入数值。"
    )


def clean_numbers(
    column: Any, errors: dict[int, str], *, of: str, units: Any = None, textual: bool = False,
    fixed: str = "", percents: Collection[int] = (),
) -> Cleaned:  # fmt: skip
    """Return the numbers of *column*; *of* is the unit in its header, *units* the cells that name it.

    *fixed* is the unit that those cells must not contradict; the rows *percents* are shown in per cent,
    and where that is the unit, they are read as they are shown.
    *textual* says that the file knows only texts, where a number in text is nothing to note.
    """
    rows = len(column)
    if (
        not isinstance(column, list)
        and str(column.type) == "double"
        and units is None
        and not errors
        and not (of == "%" and percents)
    ):
        blank = column.is_null().to_numpy(zero_copy_only=False)
        numbers = column.to_numpy(zero_copy_only=False)
        plain = Cleaned(
            np.where(blank, 0.0, numbers) if blank.any() else numbers, blank, Keys.same(of, rows)
        )
        for row in np.flatnonzero(~_is_sane(np.abs(plain.numbers))).tolist():
            plain.faults[row] = _beyond(float(plain.numbers[row]))
        return plain
    cells = listed(column)
    named = None if units is None else listed(units)
    made = Cleaned(np.zeros(rows), np.zeros(rows, dtype=bool), Keys.same(of, rows))
    of_rows: list[str] = [of] * rows
    for row, cell in enumerate(cells):
        own = of
        try:
            if row in errors:
                raise error_fault(errors[row])
            if named is not None and named[row] not in (None, ""):
                own = _named(named[row])
                if fixed and unit(fixed) != unit(own):
                    raise CellFault(
                        f"单位列与列名中的单位（{fixed}）不同", own, "请只在一处写单位。"
                    )
            said = own
            number, own, note = _number(cell, own)
            if named is not None and named[row] not in (None, "") and not _agree(own, said):
                raise CellFault(f"单元格中的单位与单位列（{said}）不同", cell, "请只在一处写单位。")
            if own == "%" and row in percents and isinstance(cell, (int, float)):
                own, note = "", _AS_PERCENT
        except CellFault as fault:
            made.faults[row] = fault
            continue
        if number is None:
            made.blank[row] = True
            continue
        made.numbers[row], of_rows[row] = number, own
        if note and not (textual and note == _AS_TEXT):
            made.notes[row] = note
    made.units = Keys.of(of_rows)
    return made


def _agree(own: str, said: str) -> bool:
    """Tell whether the unit in a cell is the one that is said beside it; 万 may stand before it."""
    return own == said or own in [many + said for many in _MANY] or unit(own) == unit(said)


def _named(cell: Any) -> str:
    text = str(cell).translate(HALF_WIDTH).strip()
    try:
        unit(text)
    except EcovalError as error:
        raise CellFault(f"单位列：{error.what}", cell, error.hint) from None
    return text


# No quantity of damage, and no price, comes near, in whatever unit; a float tells no units there.
_MOST, _LEAST = 1e15, 1e-15


def _is_sane(size: Any) -> Any:
    return (size < _MOST) & ((size >= _LEAST) | (size == 0))


def _beyond(number: float, got: str = "") -> CellFault:
    if not np.isfinite(number):
        return CellFault("不是有限的数", got or f"{number}", "请填一个确定的数。")
    said = "过大" if abs(number) >= 1 else "过小"
    return CellFault(f"数值{said}，不合常理", got or f"{number:g}", "请核对小数点和单位。")


_AS_TEXT = "文字按数读取"
_AS_PERCENT = "百分比格式的单元格按所显示的百分数读取"
_ASK = '请填数，例如 500，或连同单位 "500 t"。'


def _number(cell: Any, of: str) -> tuple[float | None, str, str]:
    """Return the number of *cell* (None where it is blank), its unit, and what was tidied."""
    if cell is None or cell == "":
        return None, of, ""
    if isinstance(cell, bool):
        raise CellFault("应为数，不是真假值", "TRUE" if cell else "FALSE")
    if isinstance(cell, (int, float)):
        if not _is_sane(abs(cell)):
            raise _beyond(float(cell))
        return float(cell), of, ""
    if isinstance(cell, (date, datetime, time, timedelta)):
        raise CellFault("应为数，单元格是日期或时间", cell, "请把单元格格式改为“常规”后重新填写。")
    return _from_text(str(cell), of)


@lru_cache(maxsize=65_536)
def _from_text(cell: str, of: str) -> tuple[float | None, str, str]:
    if cell in _ERRORS:
        raise error_fault(cell)
    text = cell.translate(HALF_WIDTH).strip().removeprefix("'").strip()
    notes = []
    if text != cell.strip():
        notes.append("全角字符或空格改为半角")
    if not text:
        return None, of, "只有空格，按空白处理"
    if text.startswith("¥"):
        if "元" not in of:
            raise CellFault("货币符号用在不是金额的列", cell)
        text = text[1:].strip()
        notes.append("去掉货币符号")
    found = _NUMBER.match(text)
    if found is None:
        raise CellFault("应为数", repr(cell), _hint(text))
    number = float(found[1].replace(",", ""))
    if not _is_sane(abs(number)):
        raise _beyond(number, cell[:40])
    if "," in found[1]:
        notes.append("去掉千分位")
    own = of
    if rest := found[2].strip():
        own = _unit_in_cell(rest, of, cell, _hint(text))
        notes.append(f"按单元格中的单位 {own} 读取")
    return number, own, "；".join(notes) or _AS_TEXT


def _unit_in_cell(rest: str, of: str, cell: str, hint: str) -> str:
    written = rest + of if rest in _MANY and of else rest
    try:
        unit(written)
    except EcovalError as error:
        if hint != _ASK or not rest[0].isalpha():
            raise CellFault("应为数", repr(cell), hint) from None
        raise CellFault(error.what, repr(cell), error.hint) from None
    return written


def _hint(text: str) -> str:
    if text in ("-", "--", "/", "\\", "无", "N/A", "n/a", "—", "——", "－", "*"):
        return "没有数值的请留空。"
    if re.fullmatch(r"[\d.]+\s*[-~～至到—–]\s*[\d.]+.*", text):
        return "不能填区间，请填一个数。"
    if text.startswith(("约", "近", "大约", ">", "<", "≥", "≤", "＞")) or text.endswith(
        ("左右", "余", "以上", "+")
    ):
        return "不能填约数，请填一个确定的数。"
    if text.count(",") and re.fullmatch(r"[\d.,]+", text):
        return "千分位或小数点的写法有误。"
    return _ASK
