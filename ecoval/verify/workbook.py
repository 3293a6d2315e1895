"""Compare every cell of an audit workbook with the workbook that its case comes to."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..audit import write_audit
from ..audit.reading_back import CARRIED
from ..case.assessment import Assessment
from ..errors import InputError
from .formulas import same_formula, same_number, same_result

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

# What a workbook of ours never has, and what could cover or replace its figures.
_APP = "docProps/app.xml"
_FOREIGN = ("xl/drawings/", "xl/media/", "xl/comments", "xl/externalLinks/", "xl/vbaProject")
LOOKS = (
    "字体、颜色、列宽、条件格式、打印设置等外观未核对；经别的程序保存的，数值核对到十五位有效数字"
)
# In the order of what matters: what was typed, then what follows from it.
_KINDS = ("输入", "公式", "存证值", "文字", "数值", "数字格式", "名称", "计算结果", "工作簿")


@dataclass(frozen=True)
class CellChange:
    """A cell that is not as the case comes to: where, of what kind, from what to what."""

    where: str
    kind: str
    printed: str
    recomputed: str


def workbook_changes(held: bytes, assessment: Assessment) -> list[CellChange]:
    """Return where the workbook *held* is not what *assessment* is written as.

    Inputs first, then formulas, stored values and texts, and last the results that follow from
    them. A workbook that another program saved is compared by what its cells say, not by its bytes.
    """
    with tempfile.TemporaryDirectory() as folder:
        wanted = write_audit(assessment, Path(folder) / "again.xlsx").read_bytes()
    if _parts(held) == _parts(wanted):
        return []
    found = [*_foreign(held), *_Comparison(held, wanted).changes()]
    return sorted(found, key=lambda change: _KINDS.index(change.kind))


def _parts(held: bytes) -> dict[str, bytes]:
    """Return what the package consists of, without who made it and when."""
    with zipfile.ZipFile(BytesIO(held)) as package:
        return {
            name: package.read(name)
            for name in package.namelist()
            if not name.startswith("docProps/")
        }


def _maker(held: bytes) -> bytes:
    """Return what the package says of the program that saved it."""
    with zipfile.ZipFile(BytesIO(held)) as package:
        return package.read(_APP) if _APP in package.namelist() else b""


def _foreign(held: bytes) -> Iterator[CellChange]:
    with zipfile.ZipFile(BytesIO(held)) as package:
        for name in package.namelist():
            if name.startswith(_FOREIGN):
                yield CellChange("工作簿", "工作簿", name, "")


def _read(package: bytes, values: bool) -> Workbook:
    """Return the workbook with its formulas, or with the *values* they had when it was saved."""
    import warnings

    import openpyxl

    try:
        with warnings.catch_warnings():
            # A figure that openpyxl finds odd is compared all the same.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(BytesIO(package), data_only=values)
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"工作簿的单元格已残缺（{type(error).__name__}）",
            where="工作簿",
            hint="单元格的内容或格式被改成不存在的编号。",
        ) from None


class _Comparison:
    def __init__(self, held: bytes, wanted: bytes) -> None:
        # What nobody saved again has every digit as it was written, results too.
        self.is_saved_again = _maker(held) != _maker(wanted)
        self.found, self.wanted = _read(held, False), _read(wanted, False)
        self.found_values, self.wanted_values = _read(held, True), _read(wanted, True)

    def changes(self) -> Iterator[CellChange]:
        """Yield what differs, sheet by sheet."""
        names = [name for name in self.wanted.sheetnames if name != CARRIED]
        for name in self.found.sheetnames:
            if name not in self.wanted.sheetnames:
                yield CellChange(f"工作表“{name}”", "工作簿", name, "")
        for name in names:
            if name not in self.found.sheetnames:
                yield CellChange(f"工作表“{name}”", "工作簿", "", name)
                continue
            yield from self._sheet(name)
        yield from self._names()

    def _sheet(self, name: str) -> Iterator[CellChange]:
        found, wanted = self.found[name], self.wanted[name]
        if found.sheet_state != "visible":
            yield CellChange(f"工作表“{name}”", "工作簿", "已隐藏", "可见")
        yield from _hidden(found)
        footers = [_footer(sheet) for sheet in (found, wanted)]
        if footers[0] != footers[1]:
            yield CellChange(f"工作表“{name}”的页脚", "文字", *footers)
        places = {**_places(wanted), **_places(found)}
        for row, column in sorted(places):
            yield from self._cell(name, row, column)

    def _cell(self, name: str, row: int, column: int) -> Iterator[CellChange]:
        one, other = (book[name].cell(row, column) for book in (self.found, self.wanted))
        where = f"{name}!{other.coordinate}"
        found, wanted = _written(one.value), _written(other.value)
        kind = _kind(wanted, free=not other.protection.locked, live=_is_formula(found))
        if _is_formula(wanted):
            if not (_is_formula(found) and same_formula(str(found), str(wanted))):
                yield CellChange(where, kind, _shown(found), _shown(wanted))
                return
            values = [
                book[name].cell(row, column).value
                for book in (self.found_values, self.wanted_values)
            ]
            # A result that was not stored is computed when the file is opened.
            if values[0] is not None and not self._same_result(*values):
                yield CellChange(where, "计算结果", *map(_shown, values))
        elif not (_same(found, wanted) or (self.is_saved_again and _same_digits(found, wanted))):
            yield CellChange(where, kind, _shown(found), _shown(wanted))
        if not _same_format(one.number_format, other.number_format):
            yield CellChange(where, "数字格式", one.number_format, other.number_format)

    def _same_result(self, found: Any, wanted: Any) -> bool:
        if self.is_saved_again and _is_number(found) and _is_number(wanted):
            return same_result(float(found), float(wanted))
        return _same(found, wanted)

    def _names(self) -> Iterator[CellChange]:
        found, wanted = (_names_of(book) for book in (self.found, self.wanted))
        for name in sorted({*found, *wanted}):
            one, other = found.get(name, ""), wanted.get(name, "")
            if one != other:
                yield CellChange(f"名称“{name}”", "名称", one, other)


def _names_of(book: Workbook) -> Mapping[str, str]:
    return {
        name: "；".join(f"{sheet}!{cells}" for sheet, cells in defined.destinations)
        for name, defined in book.defined_names.items()
        if not name.startswith("_xlnm")
    }


def _places(sheet: Worksheet) -> dict[tuple[int, int], None]:
    return {
        (cell.row, cell.column): None
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in (None, "")
    }


def _hidden(sheet: Worksheet) -> Iterator[CellChange]:
    """Yield the rows and columns that somebody hid."""
    for number, row in sheet.row_dimensions.items():
        if row.hidden:
            yield CellChange(f"{sheet.title} 第 {number} 行", "工作簿", "已隐藏", "可见")
    for letter, column in sheet.column_dimensions.items():
        if column.hidden:
            yield CellChange(f"{sheet.title} {letter} 列", "工作簿", "已隐藏", "可见")


def _footer(sheet: Worksheet) -> str:
    parts = (sheet.oddFooter.left, sheet.oddFooter.center)
    return "　".join(str(part.text) for part in parts if part.text)


def _written(value: Any) -> Any:
    """Return what stands in a cell; an array formula as its text."""
    text = getattr(value, "text", value)
    return text if text is None or not isinstance(text, str) else text.replace("\r\n", "\n")


def _is_formula(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("=")


def _kind(wanted: Any, *, free: bool, live: bool) -> str:
    if free and wanted not in (None, ""):
        return "输入"
    if _is_formula(wanted) or live:
        return "公式"
    if isinstance(wanted, (int, float)):
        return "存证值"
    return "文字"


def _same_digits(found: Any, wanted: Any) -> bool:
    return _is_number(found) and _is_number(wanted) and same_number(float(found), float(wanted))


def _same(found: Any, wanted: Any) -> bool:
    if _is_number(found) and _is_number(wanted):
        return float(found) == float(wanted)
    return type(found or "") is type(wanted or "") and (found or "") == (wanted or "")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _same_format(found: str, wanted: str) -> bool:
    one, other = (
        text.replace("\\", "").replace('"', "").lower().split(";")[0] for text in (found, wanted)
    )
    return one == other


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return format(value, ".17g") if isinstance(value, float) else str(value)
