"""The looks of the cells of a results workbook, by the numbers that its style sheet gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FONT = "Microsoft YaHei"

_FORMATS: dict[str, dict[str, Any]] = {
    "plain": {},
    "quoted": {"quote_prefix": True},
    "day": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm:ss"},
    "clock": {"num_format": "[h]:mm:ss"},
    "wrong": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
    "quoted_wrong": {"bg_color": "#FFC7CE", "font_color": "#9C0006", "quote_prefix": True},
    "day_wrong": {"bg_color": "#FFC7CE", "font_color": "#9C0006", "num_format": "yyyy-mm-dd"},
    "head": {"bold": True, "bg_color": "#D9E1F2", "border": 1, "text_wrap": True, "valign": "vcenter"},
    "head_wrong": {"bold": True, "bg_color": "#FFC7CE", "border": 1, "text_wrap": True, "valign": "vcenter"},
    "head_result": {"bold": True, "bg_color": "#E2EFDA", "border": 1, "text_wrap": True, "valign": "vcenter"},
    "money": {"num_format": "#,##0.00"},
    "percent": {"num_format": "0.####%"},
    "percent_wrong": {"bg_color": "#FFC7CE", "font_color": "#9C0006", "num_format": "0.####%"},
    "fixed": {"bg_color": "#EDEDED"},
    "number": {"num_format": "General"},
    "title": {"bold": True, "font_size": 14},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "share": {"num_format": "0.0%"},
    "link": {"font_color": "#0563C1", "underline": 1},
    "grey": {"font_color": "#7F7F7F", "italic": True},
    "count": {"num_format": "#,##0"},
    "total": {"bold": True, "num_format": "#,##0.00", "top": 1},
    "total_count": {"bold": True, "num_format": "#,##0", "top": 1},
}  # fmt: skip


@dataclass(frozen=True)
class Styles:
    """The number of each look that the rows written by hand have."""

    plain: int
    quoted: int
    day: int
    moment: int
    clock: int
    wrong: int
    quoted_wrong: int
    day_wrong: int
    head: int
    head_wrong: int
    head_result: int
    money: int
    fixed: int
    percent: int
    percent_wrong: int


def add_formats(book: Any) -> tuple[dict[str, Any], Styles]:
    """Add the looks to the xlsxwriter *book*, always in one order; return them, and their numbers."""
    formats = {
        name: book.add_format({"font_name": FONT, "font_size": 10, **said})
        for name, said in _FORMATS.items()
    }
    # Numbered now, not when a cell first uses one: the rows refer to them by number.
    numbers = {name: each._get_xf_index() for name, each in formats.items()}
    own = {name: numbers[name] for name in Styles.__dataclass_fields__}
    return formats, Styles(**own)
