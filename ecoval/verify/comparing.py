"""Print a case again and compare what a document shows with it, text by text."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from ..case.assessment import Assessment
from ..errors import InputError
from ..report.choosing import LANGUAGES, Chosen, Language, choose
from ..report.rendering import render_page, render_word
from ..report.variables import variables
from ..report.writing import convert, office
from .changes import Change
from .texts import Printed, of_page, of_pdf, of_word
from .workbook import LOOKS, workbook_changes

PRINTED = (".docx", ".html", ".htm", ".pdf", ".xlsx")
# What the comparison of each kind never covers.
REMARKS: dict[str, tuple[str, ...]] = {
    ".pdf": ("PDF 只比较文字：公式的排版、图片、页码未核对",),
    ".xlsx": (LOOKS,),
}


def compare_print(
    kind: str,
    held: bytes,
    assessment: Assessment,
    named: Any,
    template: str | Path | None,
) -> tuple[tuple[Change, ...], list[str]]:
    """Return where the document *held* differs from a new print, and what could not be compared.

    *named* is what the document says of its template; *template* goes before it.

    Raises
    ------
    InputError, ContentError
        *template* is missing or faulty.
    """
    if kind == ".xlsx":
        cells = workbook_changes(held, assessment)
        return tuple(
            Change(f"{cell.where}（{cell.kind}）", cell.printed, cell.recomputed) for cell in cells
        ), []
    named = named if isinstance(named, Mapping) else {}
    language = named.get("language", "zh")
    chosen, beside = _chosen(named, template, language if language in LANGUAGES else "zh")
    if chosen is None:
        return (), beside
    if kind in (".html", ".htm") and chosen.page is None:
        return (), [f"没有模板 {chosen.name} 的网页，未逐字比较"]
    source = chosen.page if kind in (".html", ".htm") and chosen.page else chosen.word
    prepared = variables(assessment, source, language=chosen.language)
    if kind == ".docx":
        printed, wanted = of_word(held), of_word(render_word(source, prepared))
    elif kind == ".pdf":
        if office() is None:
            return (), ["未安装 LibreOffice，PDF 所印文字未逐字比较；案卷已复算"]
        printed, wanted = of_pdf(held), of_pdf(_as_pdf(render_word(source, prepared)))
        if _flowing(printed) == _flowing(wanted):
            return (), beside
    else:
        printed = of_page(held.decode("utf-8-sig"))
        wanted = of_page(render_page(source, prepared))
    changes = tuple(compared(printed, wanted))
    if changes and named.get("digest") not in (None, chosen.digest):
        beside.append(f"模板 {chosen.name} 与出具时不同，改动可能出自模板")
    return changes, beside


def _chosen(
    named: Mapping[str, Any], template: str | Path | None, language: Language
) -> tuple[Chosen | None, list[str]]:
    if template is not None:
        return choose(template, language), []
    name = str(named.get("template", "opinion"))
    try:
        found = choose(name, language)
    except InputError:
        return None, [f"找不到模板 {name}，所印文字未逐字比较；请以 --template 指明"]
    return found, []


def _as_pdf(word: bytes) -> bytes:
    with tempfile.TemporaryDirectory(prefix="ecoval-") as made:
        path = Path(made) / "again.docx"
        path.write_bytes(word)
        return convert(path, "pdf", Path(made)).read_bytes()


def _flowing(texts: list[Printed]) -> str:
    """Return the text without its lines and pages, which another machine's fonts set otherwise."""
    return re.sub(r"\s", "", "".join(each.text for each in texts))


def compared(printed: list[Printed], wanted: list[Printed]) -> Iterator[Change]:
    """Yield where the *printed* texts are not the *wanted* ones, text by text."""
    found, right = ([each.text for each in side] for side in (printed, wanted))
    for what, start, end, first, last in SequenceMatcher(
        None, found, right, autojunk=False
    ).get_opcodes():
        if what == "equal":
            continue
        for place in range(max(end - start, last - first)):
            one = printed[start + place] if start + place < end else None
            other = wanted[first + place] if first + place < last else None
            where = (one or other or Printed("", "")).where
            yield Change(where, one.text if one else "", other.text if other else "")
