"""Read a sheet of samples, CSV or Excel: one row a value; a bad cell is named by row and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ..content import read_text
from ..errors import ContentError, EcovalError, InputError, nearest, reason
from ..units import unit as unit_named
from .samples import Reading, Sample, reading

Group = Literal["affected", "control", "history"]

GROUPS: dict[str, Group] = {
    "受影响区": "affected",
    "评估区": "affected",
    "affected": "affected",
    "对照区": "control",
    "control": "control",
    "历史": "history",
    "历史数据": "history",
    "history": "history",
}
TITLES: dict[Group, str] = {"affected": "受影响区", "control": "对照区", "history": "历史数据"}
COLUMNS = {
    "指标": "indicator",
    "组别": "group",
    "点位": "point",
    "值": "value",
    "单位": "unit",
    "检出限": "limit",
}
_OPTIONAL = ("点位", "检出限")


@dataclass
class Groups:
    """The samples of one indicator, by group, as they are gathered from a sheet."""

    unit: str
    where: str
    readings: dict[Group, list[Reading]] = field(default_factory=dict)

    def sample(self, group: Group) -> Sample | None:
        """Return the sample of *group*, None where the sheet has none."""
        found = self.readings.get(group)
        return Sample(TITLES[group], self.unit, tuple(found)) if found else None


def read_samples(path: Path) -> dict[str, Groups]:
    """Return the samples of the CSV or Excel file *path* by indicator.

    The columns are 指标, 组别 (受影响区, 对照区 or 历史), 点位, 值, 单位, 检出限; 点位 and 检出限 may
    be left out. All values of an indicator are converted to the unit of its first row.

    Raises
    ------
    InputError
        A column is missing or unknown, a cell will not do: with file, row and column.
    UnitError
        A unit is unknown, or measures something else than that of the first row.
    ContentError
        The file cannot be read.
    """
    found: dict[str, Groups] = {}
    seen: dict[tuple[str, Group, str], int] = {}
    for row, cells in _rows(path):
        at = f"{path} 第 {row} 行"
        name, group = cells["指标"].strip(), cells["组别"].strip()
        if not name:
            raise InputError("指标为空", where=f"{at} 指标列")
        if group not in GROUPS:
            hint = nearest(group, GROUPS) or "可用：受影响区、对照区、历史。"
            raise InputError("没有这个组别", where=f"{at} 组别列", got=group or "空", hint=hint)
        kind = GROUPS[group]
        of = cells["单位"].strip()
        try:
            unit_named(of)
        except EcovalError as error:
            raise error.at(f"{at} 单位列") from None
        groups = found.setdefault(name, Groups(of, at))
        point = cells.get("点位", "").strip() or f"{len(groups.readings.get(kind, ())) + 1}号"
        before = seen.setdefault((name, kind, point), row)
        if before != row and cells.get("点位", "").strip():
            raise InputError(
                f"与第 {before} 行同一指标、同一组别、同一点位",
                where=f"{at} 点位列",
                got=point,
                hint="同一点位多次采样的，点位写成 1号-0601、1号-0602。",
            )
        groups.readings.setdefault(kind, []).append(_reading(cells, groups, of, point, at))
    if not found:
        raise InputError("没有样品", where=str(path))
    return found


def _reading(cells: Mapping[str, str], groups: Groups, of: str, point: str, at: str) -> Reading:
    value, limit = cells["值"].strip(), cells.get("检出限", "").strip()
    try:
        own = reading(value, of, limit=limit, point=point)
    except EcovalError as error:
        raise error.at(f"{at} 值列") from None
    if of == groups.unit:
        return own
    written = f"{own.value!r} {of}".strip()
    try:
        moved = reading(written, groups.unit, point=point)
    except EcovalError as error:
        raise error.at(
            f"{at} 单位列（本指标首见于 {groups.where}，单位 {groups.unit or '无量纲'}）"
        ) from None
    if unit_named(of) != unit_named(groups.unit) and unit_named("") in (
        unit_named(of),
        unit_named(groups.unit),
    ):
        raise InputError(
            "有的行有单位，有的行没有",
            where=f"{at} 单位列",
            got=of or "空",
            hint="请逐行写明单位。",
        )
    return Reading(moved.value, own.detected, point)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    sheet = (
        _excel(path) if path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods") else _text(path)
    )
    row, header = next(sheet, (1, []))
    header = [cell.strip() for cell in header]
    while header and not header[-1]:
        header.pop()
    for name in header:
        if name not in COLUMNS:
            hint = nearest(name, COLUMNS) or f"可用：{'、'.join(COLUMNS)}。"
            raise InputError("未知的列", where=f"{path} 第 {row} 行", got=name or "空", hint=hint)
        if header.count(name) > 1:
            raise InputError("表头有同名的列", where=f"{path} 第 {row} 行", got=name)
    missing = [name for name in COLUMNS if name not in header and name not in _OPTIONAL]
    if missing:
        raise InputError(f"缺少列 {'、'.join(missing)}", where=f"{path} 第 {row} 行")
    for row, cells in sheet:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(header) :]):
            raise InputError("比表头多出一列", where=f"{path} 第 {row} 行", got=cells[len(header)])
        padded = [*cells, *[""] * (len(header) - len(cells))]
        yield row, dict(zip(header, padded, strict=False))


def _text(path: Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(read_text(path), newline=""))
    for cells in reader:
        yield reader.line_num, cells


def _excel(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of the first sheet, numbers with every digit."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        held = io.BytesIO(path.read_bytes())
        sheet = CalamineWorkbook.from_filelike(held).get_sheet_by_index(0)
    except FileNotFoundError:
        raise ContentError("文件不存在", where=str(path)) from None
    except OSError as error:
        raise ContentError(f"无法读取：{reason(error)}", where=str(path)) from None
    except CalamineError as error:
        raise ContentError(f"不是可读的 Excel 文件：{error}", where=str(path)) from None
    for row, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        yield row, [cell if isinstance(cell, str) else _plain_cell(cell) for cell in cells]


def _plain_cell(cell: Any) -> str:
    return (
        repr(float(cell))
        if isinstance(cell, (int, float)) and not isinstance(cell, bool)
        else str(cell)
    )
