"""What a workbook says of itself: its sheets and their parts, its date system, and how it was made."""

from __future__ import annotations

import posixpath
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError
from .guards import open_package

_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}"


_QUOTED = re.compile(r'"[^"]*"|\\.')


@dataclass(frozen=True)
class SheetPart:
    """A worksheet: its name, where it lies in the package, and whether it is hidden."""

    name: str
    part: str
    hidden: bool


@dataclass
class Package:
    """An opened workbook."""

    path: Path
    archive: zipfile.ZipFile
    sheets: tuple[SheetPart, ...]
    is_1904: bool
    never_calculated: bool
    percent_styles: frozenset[int] = frozenset()

    @classmethod
    def of(cls, path: Path) -> Package:
        """Open the workbook *path*; macros are never looked at.

        Raises
        ------
        InputError
            It is no workbook, or a part of it is missing or broken.
        """
        archive = open_package(path)
        try:
            return cls._read(path, archive)
        except BaseException:
            archive.close()
            raise

    @classmethod
    def _read(cls, path: Path, archive: zipfile.ZipFile) -> Package:
        book = _parse(archive, "xl/workbook.xml", path)
        relations = _parse(archive, "xl/_rels/workbook.xml.rels", path)
        targets = {each.get("Id", ""): each.get("Target", "") for each in relations}
        sheets = []
        for each in book.iter():
            if _local(each) != "sheet":
                continue
            target = targets.get(each.get(f"{_RELATIONS}id") or each.get(f"{_STRICT}id") or "", "")
            part = posixpath.normpath(posixpath.join("xl", target)).lstrip("/")
            if target.startswith("/"):
                part = target.lstrip("/")
            if "worksheets/" in part:
                hidden = each.get("state", "visible") != "visible"
                sheets.append(SheetPart(each.get("name", ""), part, hidden))
        for sheet in sheets:
            if sheet.part not in archive.namelist():
                raise InputError(
                    f"工作簿缺少工作表 {sheet.name} 的内容", where=str(path), got=sheet.part
                )
        settings = {_local(each): each for each in book}
        general, calculation = settings.get("workbookPr"), settings.get("calcPr")
        is_1904 = general is not None and general.get("date1904", "0") in ("1", "true")
        on_load = calculation is not None and calculation.get("fullCalcOnLoad", "0") in (
            "1",
            "true",
        )
        return cls(path, archive, tuple(sheets), is_1904, on_load, _percent_styles(archive, path))

    def read(self, part: str) -> bytes | None:
        """Return the whole *part*, None where there is none."""
        if part not in self.archive.namelist():
            return None
        try:
            return self.archive.read(part)
        except (zipfile.BadZipFile, EOFError, OSError, ValueError) as error:
            raise broken(self.path, part, error) from None


def _percent_styles(archive: zipfile.ZipFile, path: Path) -> frozenset[int]:
    """Return the numbers of the looks that show a number in per cent."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    styles = _parse(archive, "xl/styles.xml", path)
    formats = {"9", "10"} | {
        each.get("numFmtId", "")
        for each in styles.iter()
        if _local(each) == "numFmt" and "%" in _QUOTED.sub("", each.get("formatCode", ""))
    }
    looks = next((each for each in styles if _local(each) == "cellXfs"), ())
    return frozenset(at for at, look in enumerate(looks) if look.get("numFmtId") in formats)


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _parse(archive: zipfile.ZipFile, part: str, path: Path) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(archive.read(part))
    except KeyError:
        raise InputError(
            "不是 Excel 工作簿", where=str(path), got=f"缺少 {part}", hint="请另存为 .xlsx。"
        ) from None
    except (zipfile.BadZipFile, ElementTree.ParseError, EOFError, OSError, ValueError) as error:
        raise broken(path, part, error) from None
    except RuntimeError:
        raise InputError(
            "工作簿的压缩包有密码", where=str(path), hint="请取消密码后再交。"
        ) from None


def broken(path: Path, part: str, error: Exception) -> InputError:
    """Return the error for a *part* of the workbook *path* that cannot be read."""
    return InputError(
        "工作簿损坏，读不出来", where=f"{path} {part}", got=str(error), hint="请从原件另存一份。"
    )
