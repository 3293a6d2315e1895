"""The pieces of a Word template: paragraphs that steer, tables that loop, page numbers."""

from __future__ import annotations

from typing import Any

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph


def control(document: Any, text: str) -> None:
    """Add a paragraph that holds a control word of the template only."""
    document.add_paragraph(text)


def plain(document: Any, text: str) -> Any:
    """Add a paragraph of text."""
    return document.add_paragraph(text)


def indented(document: Any, text: str) -> Any:
    """Add a paragraph whose first line is indented by two characters."""
    paragraph = document.add_paragraph(text)
    paragraph.paragraph_format.first_line_indent = Pt(28)
    return paragraph


def small(document: Any, text: str) -> None:
    """Add a paragraph in the size of a table."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = 1.2
    run(paragraph, text, 10.5)


def run(paragraph: Any, text: str, size: float, *, bold: bool = False) -> Any:
    """Add a run of text in *size* points."""
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.bold = bold
    return run


def field(paragraph: Any, code: str) -> None:
    """Add a field that Word computes: PAGE, NUMPAGES."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("shown", "1"), ("end", "")):
        piece = run(paragraph, "", 9)
        if kind in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:t" if kind else "w:instrText")
            mark.text = text
        piece._r.append(mark)


def rows(document: Any, loop: str, cells: tuple[str, ...], widths: tuple[float, ...]) -> None:
    """Add a table without a heading."""
    table(document, (), loop, cells, widths)


def table(
    document: Any,
    titles: tuple[str, ...],
    loop: str,
    cells: tuple[str, ...],
    widths: tuple[float, ...],
    *,
    last: tuple[str, ...] = (),
    right: int | tuple[int, ...] | None = None,
    height: float = 0,
    with_next: bool = False,
    size: float = 10.5,
) -> None:
    """Add a grid table in *size* points: a heading that repeats on each page, a row for each turn."""
    _lead_in(document)
    count = bool(titles) + 3 + bool(last)
    table = document.add_table(rows=count, cols=len(cells))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    at = 0
    if titles:
        fill(table.rows[0], titles, widths, bold=True, center=True, size=size)
        repeat(table.rows[0])
        for cell in table.rows[0].cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
        at = 1
    fill(table.rows[at], (f"{{%tr for {loop} %}}",) + ("",) * (len(cells) - 1), widths)
    row = table.rows[at + 1]
    fill(row, cells, widths, right=right, size=size)
    if height:
        row.height = Cm(height)
    keep_whole(row)
    fill(table.rows[at + 2], ("{%tr endfor %}",) + ("",) * (len(cells) - 1), widths)
    if with_next:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    if last:
        fill(table.rows[at + 3], last, widths, bold=True, right=right, size=size)
    if not with_next:
        small(document, "")


def _lead_in(document: Any) -> None:
    """Keep the text that leads to a table, past the control words between, on the table's page."""
    body = list(document.element.body.iterchildren(qn("w:p"), qn("w:tbl")))
    for part in reversed(body):
        if part.tag == qn("w:tbl"):
            return
        paragraph = Paragraph(part, document)
        if not paragraph.text.startswith("{%p"):
            if paragraph.text and not paragraph.text.startswith("{{ section"):
                paragraph.paragraph_format.keep_with_next = True
            return


def fill(
    row: Any,
    texts: tuple[str, ...],
    widths: tuple[float, ...],
    *,
    bold: bool = False,
    center: bool = False,
    right: int | tuple[int, ...] | None = None,
    size: float = 10.5,
) -> None:
    """Put *texts* into the cells of *row* in *size* points; the cells numbered *right* are flush right."""
    flush = right if isinstance(right, tuple) else (right,)
    for place, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
        cell.width = Cm(width)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.line_spacing = 1.2
        if center:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif place in flush:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run(paragraph, text, size, bold=bold)


def repeat(row: Any) -> None:
    """Have *row* repeated at the head of every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
    keep_whole(row)


def keep_whole(row: Any) -> None:
    """Keep *row* on one page."""
    mark = OxmlElement("w:cantSplit")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
