"""The printed texts of a document in the order they are read, each with its place."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_HEADERS = re.compile(r"word/(header|footer)\d*\.xml")
_BLOCKS = ("p", "h1", "h2", "h3", "h4", "td", "th", "li", "caption", "title")


@dataclass(frozen=True)
class Printed:
    """A printed text and how its place is named."""

    where: str
    text: str


def of_word(held: bytes) -> list[Printed]:
    """Return the texts of a Word document: paragraphs, table rows cell by cell, headers, footers."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    texts: list[Printed] = []
    with zipfile.ZipFile(BytesIO(held)) as package:
        names = [name for name in package.namelist() if _HEADERS.fullmatch(name)]
        body = etree.fromstring(package.read("word/document.xml"), parser)
        texts += _body(body)
        margins: set[str] = set()
        for name in names:
            root = etree.fromstring(package.read(name), parser)
            margins |= {text for part in root.iter(f"{_W}p") if (text := _paragraph(part))}
    # LibreOffice writes one header for each kind of page: the same text counts once.
    texts += [Printed("页眉页脚", text) for text in sorted(margins)]
    return texts


def _body(body: Any) -> Iterator[Printed]:
    """Yield the paragraphs outside tables, and the cells of tables, in their order."""
    place, tables = 0, 0
    for part in body.iter(f"{_W}p", f"{_W}tbl"):
        if part.tag == f"{_W}tbl":
            if not _inside_table(part):
                tables += 1
                yield from _table(part, tables)
        elif not _inside_table(part):
            place += 1
            if text := _paragraph(part):
                yield Printed(f"第 {place} 段", text)


def _inside_table(part: Any) -> bool:
    return any(above.tag == f"{_W}tbl" for above in part.iterancestors())


def _table(table: Any, number: int) -> Iterator[Printed]:
    for row, line in enumerate(table.iterchildren(f"{_W}tr"), start=1):
        for column, cell in enumerate(line.iterchildren(f"{_W}tc"), start=1):
            text = "\n".join(filter(None, (_paragraph(part) for part in cell.iter(f"{_W}p"))))
            if text:
                yield Printed(f"表 {number} 第 {row} 行第 {column} 列", text)


def _paragraph(part: Any) -> str:
    """Return the text of a paragraph with its equations; fields such as page numbers are left out."""
    pieces: list[str] = []
    field = 0
    for at in part.iter():
        if at.tag == f"{_W}fldChar":
            kind = at.get(f"{_W}fldCharType")
            field += {"begin": 1, "end": -1}.get(kind, 0)
        elif any(above.tag == f"{_W}fldSimple" for above in at.iterancestors()):
            continue
        elif at.tag in (f"{_W}t", f"{_M}t") and not field:
            pieces.append(at.text or "")
        elif at.tag == f"{_W}tab":
            pieces.append(" ")
        elif at.tag in (f"{_W}br", f"{_W}cr"):
            pieces.append("\n")
    return settled("".join(pieces))


def of_page(page: str) -> list[Printed]:
    """Return the texts of an HTML page, block by block."""
    from lxml import html

    root = html.fromstring(page)
    for hidden in root.xpath("//script|//style"):
        hidden.drop_tree()
    counts: dict[str, int] = {}
    texts = []
    for block in root.iter(*_BLOCKS):
        # A paragraph in a cell is the cell's text.
        if any(above.tag in _BLOCKS for above in block.iterancestors()):
            continue
        counts[block.tag] = counts.get(block.tag, 0) + 1
        if text := settled("".join(block.itertext())):
            texts.append(Printed(f"{block.tag} {counts[block.tag]}", text))
    # What stands outside every block, were it only one figure, is printed too.
    loose = settled("".join(_loose(root)))
    return [*texts, Printed("其余文字", loose)] if loose else texts


def of_pdf(held: bytes) -> list[Printed]:
    """Return the texts of a PDF, line by line; what stands at the head and foot of pages once."""
    from pypdf import PdfReader

    pages = [page.extract_text().split("\n") for page in PdfReader(BytesIO(held)).pages]
    settled_pages = [[settled(line) for line in lines] for lines in pages]
    margins: set[str] = set()
    texts = []
    for number, lines in enumerate(settled_pages, start=1):
        place = 0
        for line in lines:
            if not line or _PAGE_OF.fullmatch(line):
                continue
            if len(pages) > 1 and all(line in other for other in settled_pages):
                margins.add(line)
                continue
            place += 1
            texts.append(Printed(f"第 {number} 页第 {place} 行", line))
    return [*texts, *(Printed("页眉页脚", line) for line in sorted(margins))]


_PAGE_OF = re.compile(r"第 ?\d+ ?页 ?共 ?\d+ ?页|Page ?\d+ ?of ?\d+")


def _loose(root: Any) -> Iterator[str]:
    if root.tag in _BLOCKS:
        return
    yield root.text or ""
    for child in root:
        if isinstance(child.tag, str):
            yield from _loose(child)
        yield child.tail or ""


def settled(text: str) -> str:
    """Return *text* without the spaces that programs set as they please."""
    lines = (
        re.sub(r"[ \t\u00a0\u2009\u200b\u3000]+", " ", line).strip() for line in text.split("\n")
    )
    return "\n".join(line for line in lines if line)
