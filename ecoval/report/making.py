"""Make every shipped Word template anew, the English ones from the Chinese by the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from .catalogue import template_text
from .determination_template import make_determination_template
from .report_template import make_report_template
from .score_sheet_template import make_score_sheet_template
from .settlement_template import make_settlement_template
from .template import make_template

MAKERS: dict[str, Callable[[Path], None]] = {
    "opinion": make_template,
    "report": make_report_template,
    "determination": make_determination_template,
    "settlement": make_settlement_template,
    "score-sheet": make_score_sheet_template,
}


def make_templates(directory: Path) -> None:
    """Write every shipped Word template, Chinese and English, into *directory*."""
    for name, make in MAKERS.items():
        path = directory / f"{name}.docx"
        make(path)
        make_english(path, directory / f"{name}-en.docx")


def make_english(chinese: Path, path: Path) -> None:
    """Write the English of the Word template *chinese* to *path*, text by text.

    Raises
    ------
    NoEnglish
        A text of the template has none in ``templates/english.toml``.
    """
    document: Any = Document(str(chinese))
    section = document.sections[0]
    for root in (document.element, section.header._element, section.footer._element):
        for text in root.iter(qn("w:t")):
            text.text = template_text(text.text or "")
            text.set(qn("xml:space"), "preserve")
        for size in root.iter(qn("w:sz"), qn("w:szCs")):
            if int(size.get(qn("w:val"))) > _SMALL:
                size.set(qn("w:val"), str(round(int(size.get(qn("w:val"))) * _SMALLER)))
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.size = Pt(round(style.font.size.pt * _SMALLER))
    properties = document.core_properties
    properties.title = template_text(properties.title)
    properties.created = properties.modified = datetime(2026, 1, 1)
    document.save(str(path))


# English runs longer than Chinese; the same text fits the same pages in a smaller size.
_SMALLER = 0.85
# In half points; header and footer are small enough.
_SMALL = 18
