"""The sheets beside the results: summary, errors with links to their cells, what the results rest on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from .. import money
from ..rules.sources import source
from .faults import Fault
from .summary import DIMENSIONS, Summary

# Excel takes no more links a sheet, and no more rows.
_MOST_LINKS = 20_000
_MOST_ROWS = 1_000_000


@dataclass
class Side:
    """What the side sheets show; *names* has the sheet of the results for each sheet of the input."""

    NAMES: ClassVar[tuple[str, ...]] = ("汇总", "错误", "整理说明", "参数与依据", "比较")

    title: str
    facts: list[tuple[str, str]]
    summary: Summary
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    moved: list[list[Any]] = field(default_factory=list)
    moved_facts: list[tuple[str, str]] = field(default_factory=list)


def side_sheets(book: Any, formats: dict[str, Any], side: Side | None) -> None:
    """Add the side sheets to *book*, empty where there is nothing to show yet."""
    sheets = {name: book.add_worksheet(name) for name in Side.NAMES}
    for sheet in sheets.values():
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    if side is None:
        return
    _summary(book, sheets["汇总"], formats, side)
    _faults(sheets["错误"], formats, side.faults, side.names, "没有错误。")
    _faults(sheets["整理说明"], formats, side.notes, side.names, "没有需要说明的整理。")
    _basis(sheets["参数与依据"], formats, side.summary)
    if side.moved_facts:
        _moved(sheets["比较"], formats, side)
    else:
        sheets["比较"].hide()


def _summary(book: Any, sheet: Any, formats: dict[str, Any], side: Side) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 3, 18)
    sheet.write_string(0, 0, side.title, formats["title"])
    row = 1
    for name, text in side.facts:
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, text)
        row += 1
    for name, count in side.summary.statuses.items():
        sheet.write_string(row, 0, f"{name}的行数")
        sheet.write_number(row, 1, count, formats["count"])
        row += 1
    row += 1
    charts: list[tuple[str, int, int]] = []
    for dimension, title in DIMENSIONS.items():
        lines = side.summary.lines[dimension]
        if not lines:
            continue
        for at, head in enumerate((title, "项数", "金额（元）", "占比")):
            sheet.write_string(row, at, head, formats["head"])
        first = row + 1
        if dimension == "year":
            ordered = sorted(lines.items())
        else:
            ordered = sorted(lines.items(), key=lambda each: (-each[1].fens, each[0]))
        for name, line in ordered:
            row += 1
            sheet.write_string(row, 0, name)
            sheet.write_number(row, 1, line.count, formats["count"])
            sheet.write_number(row, 2, float(money.yuan(line.fens)), formats["money"])
            share = line.fens / side.summary.total.fens if side.summary.total.fens else 0.0
            sheet.write_number(row, 3, share, formats["share"])
        row += 1
        sheet.write_string(row, 0, "合计", formats["total"])
        sheet.write_number(row, 1, side.summary.total.count, formats["total_count"])
        sheet.write_number(row, 2, float(money.yuan(side.summary.total.fens)), formats["total"])
        charts.append((title, first, min(row - 1, first + 14)))
        row += 2
    for place, (title, first, last) in enumerate(charts[:2]):
        chart = book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "name": "金额（元）",
                "categories": [sheet.name, first, 0, last, 0],
                "values": [sheet.name, first, 2, last, 2],
            }
        )
        chart.set_title({"name": f"按{title}", "name_font": {"size": 11}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"num_format": "#,##0", "label_position": "high"})
        chart.set_size({"width": 560, "height": 300})
        sheet.insert_chart(1 + place * 16, 5, chart)


def _faults(
    sheet: Any, formats: dict[str, Any], faults: list[Fault], names: dict[str, str], nothing: str
) -> None:
    heads = ("工作表", "行", "单元格", "列名", "情况", "所给", "怎样改正")
    for at, (head, width) in enumerate(zip(heads, (22, 9, 10, 24, 44, 24, 50), strict=True)):
        sheet.write_string(0, at, head, formats["head"])
        sheet.set_column(at, at, width)
    sheet.freeze_panes(1, 0)
    if not faults:
        sheet.write_string(1, 0, nothing)
    for row, fault in enumerate(faults[:_MOST_ROWS], start=1):
        sheet.write_string(row, 0, fault.sheet)
        if fault.row:
            sheet.write_number(row, 1, fault.row)
            name = names.get(fault.sheet, fault.sheet).replace("'", "''")
            if row <= _MOST_LINKS:
                target = f"internal:'{name}'!{fault.cell}"
                sheet.write_url(row, 2, target, formats["link"], fault.cell)
            else:
                sheet.write_string(row, 2, fault.cell)
        for at, text in enumerate((fault.header, fault.what, fault.got, fault.hint), start=3):
            sheet.write_string(row, at, text[:32_000])
    if len(faults) > _MOST_ROWS:
        sheet.write_string(
            _MOST_ROWS + 1, 0, f"另有 {len(faults) - _MOST_ROWS} 处，见所标的单元格。"
        )
    elif faults:
        sheet.autofilter(0, 0, len(faults), len(heads) - 1)


def _basis(sheet: Any, formats: dict[str, Any], summary: Summary) -> None:
    heads = ("方法", "项目", "取值", "地点与有效期", "来源", "条款", "可信度", "说明", "用于行数")
    widths = (28, 26, 18, 26, 50, 30, 12, 50, 10)
    for at, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.write_string(0, at, head, formats["head"])
        sheet.set_column(at, at, width)
    sheet.freeze_panes(1, 0)
    for row, (key, count) in enumerate(sorted(summary.used.items()), start=1):
        method, what, value, where, cited, clause, standing, note = key
        texts = (method, what, value, where, str(source(cited)), clause, standing, note)
        for at, text in enumerate(texts):
            sheet.write_string(row, at, text)
        sheet.write_number(row, len(texts), count, formats["count"])


def _moved(sheet: Any, formats: dict[str, Any], side: Side) -> None:
    row = 0
    for name, text in side.moved_facts:
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, text)
        row += 1
    row += 1
    heads = ("工作表", "行", "案号", "项目", "上次（元）", "本次（元）", "差额（元）", "原因")
    for at, (head, width) in enumerate(zip(heads, (22, 9, 18, 22, 18, 18, 18, 90), strict=True)):
        sheet.write_string(row, at, head, formats["head"])
        sheet.set_column(at, at, width)
    for line in side.moved:
        row += 1
        for at, cell in enumerate(line):
            if cell is None:
                continue
            if isinstance(cell, (int, float)):
                sheet.write_number(row, at, cell, formats["money"] if at > 3 else None)
            else:
                sheet.write_string(row, at, str(cell))
