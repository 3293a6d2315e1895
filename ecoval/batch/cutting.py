"""Cut the rows of a worksheet into pieces, and give each to the reader as a small workbook.

A whole sheet of a million rows takes more than 2 GB in any reader; a piece takes what a piece
takes, and rows can be worked on, and written, while the next are read.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import InputError
from .package import Package, SheetPart, broken

PIECE = 16 << 20
_READ = 1 << 20
_PEEKED = 40
# A cell far below the others would have the reader lay out every row between.
_GAP = 2000
_START = re.compile(rb"<sheetData\s*(/?)>")
_ROW = re.compile(rb"<row\b[^>]*>")
_NUMBER = re.compile(rb'\br="(\d+)"')

_TYPES = (
    b'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    b'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    b'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATION = '<Relationship Id="rId{0}" Type="' + _OFFICE + '/{1}" Target="{2}"/>'
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/'
    'package/2006/relationships">{0}</Relationships>'
)
_BOOK = (
    '<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/'
    'spreadsheetml/2006/main" xmlns:r="' + _OFFICE + '"><workbookPr date1904="{0}"/>'
    '<sheets><sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_SHEET = (
    b'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/'
    b'spreadsheetml/2006/main"><sheetData>'
)


@dataclass(frozen=True)
class Piece:
    """The XML of some rows of a sheet, and the number of the first."""

    xml: bytes
    first: int
    numbered: bool


class Cutter:
    """The rows of one worksheet, piece by piece; each run through them unpacks the part anew."""

    def __init__(self, package: Package, sheet: SheetPart) -> None:
        self.package = package
        self.sheet = sheet
        self._shared = package.read("xl/sharedStrings.xml")
        self._styles = package.read("xl/styles.xml")
        self.size = max(package.archive.getinfo(sheet.part).file_size, 1)
        self.share = 0.0
        self._last = 0

    def peeked(self) -> Piece | None:
        """Return the first rows, None where the sheet has none."""
        return next(self.pieces(size=_READ, peek=True), None)

    def pieces(self, *, after: int = 0, size: int = PIECE, peek: bool = False) -> Iterator[Piece]:
        """Yield the rows below row *after* in pieces of about *size* bytes.

        Raises
        ------
        InputError
            The sheet is broken, or not written the way that Excel and its kin write it.
        """
        held, count, self._last = b"", 0, 0
        for read, last in self._read():
            held += read
            if len(held) < size and not last and not peek:
                continue
            end = len(held) if last else held.rfind(b"<row")
            if end <= 0:
                if last or len(held) <= 64 * _READ:
                    continue
                raise InputError("一行过长，读不出来", where=self._where)
            xml, held = held[:end], held[end:]
            for piece, rows in self._split(xml, count):
                if peek:
                    yield self._top(piece)
                    return
                below = self._below(piece, after)
                count += rows
                if below is not None:
                    yield below

    @property
    def _where(self) -> str:
        return f"{self.package.path} {self.sheet.name}"

    def _read(self) -> Iterator[tuple[bytes, bool]]:
        """Yield the text between the tags of the sheet's data, and whether it is the last."""
        try:
            with self.package.archive.open(self.sheet.part) as part:
                start = b""
                while not (found := _START.search(start)):
                    more = part.read(_READ)
                    start += more
                    if not more or len(start) > 16 * _READ:
                        raise InputError(
                            "读不出工作表的内容",
                            where=self._where,
                            hint="请用 Excel 打开后另存为 .xlsx。",
                        )
                if found[1]:
                    yield b"", True
                    return
                text = start[found.end() :]
                while True:
                    end = text.find(b"</sheetData>")
                    if end >= 0:
                        yield text[:end], True
                        return
                    more = part.read(_READ)
                    self.share = part.tell() / self.size
                    if not more:
                        raise InputError("工作表不完整，在中间断了", where=self._where)
                    # The closing tag may lie across two readings.
                    yield text[:-16], False
                    text = text[-16:] + more
        except (zipfile.BadZipFile, EOFError, OSError, zlib.error, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise broken(self.package.path, self.sheet.part, error) from None

    def _split(self, xml: bytes, count: int) -> Iterator[tuple[Piece, int]]:
        """Yield *xml* in pieces without long gaps between the rows, and how many rows each has."""
        tags = list(_ROW.finditer(xml))
        if not tags:
            return
        start, before, first, rows = tags[0].start(), None, 0, 0
        for tag in tags:
            number = _NUMBER.search(tag[0])
            own = int(number[1]) if number else count + rows + 1
            if own <= self._last:
                raise InputError(
                    "工作表的行号次序错乱或重复", where=self._where, got=f"第 {own} 行",
                    hint="请用 Excel 打开后另存为 .xlsx。",
                )  # fmt: skip
            self._last = own
            if before is None:
                first = own
            elif own > before + _GAP:
                yield Piece(xml[start : tag.start()], first, True), rows
                count, rows = count + rows, 0
                start, first = tag.start(), own
            before, rows = own, rows + 1
        yield Piece(xml[start:], first, _NUMBER.search(tags[0][0]) is not None), rows

    @staticmethod
    def _top(piece: Piece) -> Piece:
        tags = list(_ROW.finditer(piece.xml))
        end = tags[_PEEKED].start() if len(tags) > _PEEKED else len(piece.xml)
        return Piece(piece.xml[:end], piece.first, piece.numbered)

    @staticmethod
    def _below(piece: Piece, after: int) -> Piece | None:
        """Return what of *piece* lies below row *after*."""
        if piece.first > after:
            return piece
        for place, tag in enumerate(_ROW.finditer(piece.xml)):
            number = _NUMBER.search(tag[0])
            own = int(number[1]) if number else piece.first + place
            if own > after:
                return Piece(piece.xml[tag.start() :], own, piece.numbered)
        return None

    def workbook(self, piece: Piece, width: int = 0) -> bytes:
        """Return *piece* as a workbook, below a row that names *width* columns ``c0``, ``c1`` …"""
        top = b""
        if width:
            cells = "".join(
                f'<c{{0}} t="inlineStr"><is><t>c{at}</t></is></c>' for at in range(width)
            )
            number = f' r="{piece.first - 1}"' if piece.numbered else ""
            for at in range(width):
                own = f' r="{letters(at)}{piece.first - 1}"' if piece.numbered else ""
                cells = cells.replace("{0}", own, 1)
            top = f"<row{number}>{cells}</row>".encode()
        relations = _RELATION.format(1, "worksheet", "worksheets/sheet1.xml")
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:
            made.writestr("[Content_Types].xml", _TYPES)
            root = _RELATION.format(1, "officeDocument", "xl/workbook.xml")
            made.writestr("_rels/.rels", _RELATIONS.format(root))
            if self._styles is not None:
                relations += _RELATION.format(2, "styles", "styles.xml")
                made.writestr("xl/styles.xml", self._styles)
            if self._shared is not None:
                relations += _RELATION.format(3, "sharedStrings", "sharedStrings.xml")
                made.writestr("xl/sharedStrings.xml", self._shared)
            made.writestr("xl/workbook.xml", _BOOK.format(int(self.package.is_1904)))
            made.writestr("xl/_rels/workbook.xml.rels", _RELATIONS.format(relations))
            sheet = b"".join((_SHEET, top, piece.xml, b"</sheetData></worksheet>"))
            made.writestr("xl/worksheets/sheet1.xml", sheet)
        return target.getvalue()


def letters(column: int) -> str:
    """Return the letters of a *column* counted from zero.

    >>> letters(0), letters(25), letters(26), letters(701), letters(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_of(text: str) -> int:
    """Return the column of its letters, counted from zero.

    >>> column_of("A"), column_of("AA"), column_of("AAA")
    (0, 26, 702)
    """
    number = 0
    for letter in text:
        number = number * 26 + ord(letter) - 64
    return number - 1
