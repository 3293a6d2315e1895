"""Write the confirmation of damage on a page for each indicator: Word, HTML, PDF or JSON."""

from __future__ import annotations

import base64
import json
import shutil
import tempfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.shared import Cm, Pt

from ..content import folder
from ..errors import OutputError, reason
from ..findings import LEVELS
from ..formula import omml
from ..valuation.confirmation import Confirmation
from ..valuation.confirmations import COLUMNS, Confirmations
from ..valuation.printing import derivation
from .pieces import field, fill, keep_whole, repeat, run
from .rendering import render_page
from .template import blank_document
from .writing import convert

KINDS = (".docx", ".html", ".pdf", ".json")
_WIDTHS = (6.0, 9.6)
_LINES = (2.4, 1.5, 1.5, 2.1, 1.7, 1.4, 2.2, 1.8, 1.0)


def write_confirmation(
    made: Confirmation | Confirmations, path: str | Path, *, force: bool = False
) -> Path:
    """Write *made* to *path* and return it; the ending says the kind: docx, html, pdf or json.

    Each indicator has its page: the sentence for the opinion, the figure, every number, the rules
    with their standing and what is to be noted. Several begin with a table of results.

    Raises
    ------
    OutputError
        The ending is another, the file exists and *force* is not given, it cannot be written,
        LibreOffice is missing for a PDF, or there is no Chinese font for the figure.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise OutputError(
            "不能写成这种文件",
            where=str(path),
            got=kind or "没有扩展名",
            hint=f"可用：{'、'.join(KINDS)}。",
        )
    if path.exists() and not force:
        raise OutputError("文件已存在，未覆盖", where=str(path), hint="确需覆盖请加 --force。")
    several = made if isinstance(made, Confirmations) else Confirmations([made])
    if kind == ".json":
        data = several.as_dict() if isinstance(made, Confirmations) else made.as_dict()
        held = (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
    elif kind == ".html":
        held = _page(several).encode("utf-8")
    else:
        held = _word(several)
    try:
        if kind != ".pdf":
            path.write_bytes(held)
            return path
        with tempfile.TemporaryDirectory(prefix="ecoval-") as directory:
            word = Path(directory) / "confirmation.docx"
            word.write_bytes(held)
            shutil.move(convert(word, "pdf", Path(directory)), path)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"不能写入：{reason(error)}", where=str(path)) from None
    return path


def _picture(of: Confirmation) -> bytes:
    held = BytesIO()
    of.plot().savefig(held, format="png")
    return held.getvalue()


def _alt(of: Confirmation) -> str:
    """Return what the figure shows, for those who do not see it."""
    groups = "、".join(
        f"{sample.title} {len(sample)} 个值"
        for sample in (of.baseline.sample, of.affected)
        if sample is not None
    )
    return (
        f"{of.indicator}各样品值的散点图：{groups}；基线 {of.baseline.written(of.bounds)}；"
        f"{of.conclusion}。"
    )


def _title(several: Confirmations) -> str:
    one = several.made[0]
    return f"{one.indicator}的基线与损害确认" if len(several) == 1 else "基线与损害确认"


def _page(several: Confirmations) -> str:
    return render_page(
        folder("templates") / "confirmation.html",
        {
            "title": _title(several),
            "fingerprint": several.fingerprint,
            "columns": COLUMNS,
            "lines": several.lines() if len(several) > 1 else [],
            "conclusion": several.conclusion,
            "indicators": [
                {
                    "heading": each.heading,
                    "sentence": each.sentence,
                    "picture": base64.b64encode(_picture(each)).decode("ascii"),
                    "alt": _alt(each),
                    "rows": [(title, text) for title, text, _ in each.rows()],
                    "equations": [
                        equation.mathml for equation in (derivation(each.item) if each.item else ())
                    ],
                    "alternatives": _alternatives(each),
                    "measured": _values(each),
                    "rules": each.rule_lines(),
                    "findings": _notes(each),
                    "fingerprint": each.fingerprint,
                }
                for each in several
            ],
        },
    )


def _alternatives(of: Confirmation) -> list[list[str]]:
    if not of.alternatives:
        return []
    table = of.alternatives_table()
    return [list(table.columns), *table.to_numpy().tolist()]


def _values(of: Confirmation) -> list[str]:
    """Return the values of each group in one line, as they were measured."""
    return [
        f"{sample.title}：{'；'.join(f'{each.point} {each.text}' for each in sample.readings)}"
        for sample in (of.affected, of.baseline.sample)
        if sample is not None
    ]


def _notes(of: Confirmation) -> list[str]:
    """Return the findings that the rest of the page does not say already."""
    said = {"later-baseline", "non-detects", "unverified-value", "secondary-value"}
    return [
        f"【{LEVELS[finding.level]}】{finding.text}"
        for finding in of.findings
        if finding.code not in said
    ]


def _word(several: Confirmations) -> bytes:
    document = blank_document()
    # An equation takes its size from the style of its paragraph.
    style = document.styles.add_style("Formula", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.font.size = Pt(9)
    style.paragraph_format.line_spacing = 1.0
    section = document.sections[0]
    section.top_margin = section.bottom_margin = Cm(1.7)
    section.header_distance = section.footer_distance = Cm(1)
    mark = section.header.paragraphs[0]
    mark.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run(mark, f"校验码 {several.fingerprint}", 9)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run(foot, "第 ", 9)
    field(foot, "PAGE")
    run(foot, " 页", 9)
    if len(several) > 1:
        _heading(document, _title(several), first=True)
        _grid(document, [COLUMNS, *several.lines()], _LINES)
        _text(document, several.conclusion, 10.5)
    for place, each in enumerate(several):
        _heading(document, each.heading, first=place == 0 and len(several) == 1)
        if place or len(several) > 1:
            document.paragraphs[-1].paragraph_format.page_break_before = True
        _indicator(document, each)
    document.core_properties.title = _title(several)
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.created = datetime.now(UTC).replace(tzinfo=None)
    document.core_properties.modified = document.core_properties.created
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def _indicator(document: Any, of: Confirmation) -> None:
    sentence = _text(document, of.sentence, 10)
    sentence.paragraph_format.first_line_indent = Pt(21)
    picture = document.add_paragraph()
    picture.alignment = WD_ALIGN_PARAGRAPH.CENTER
    picture.paragraph_format.line_spacing = 1
    shape = picture.add_run().add_picture(BytesIO(_picture(of)), width=Cm(11))
    shape._inline.docPr.set("descr", _alt(of))
    _grid(document, [(title, text) for title, text, _ in of.rows()], _WIDTHS, titled=False)
    for equation in derivation(of.item) if of.item else ():
        formula = document.add_paragraph(style="Formula")
        formula._p.append(parse_xml(omml(equation.layout)))
    if of.alternatives:
        _grid(document, _alternatives(of), (7.2, 2.8, 2.8, 2.8))
    for line in (*_values(of), *of.rule_lines(), *_notes(of), f"校验码 {of.fingerprint}"):
        _text(document, line, 8)


def _heading(document: Any, text: str, *, first: bool) -> None:
    paragraph = document.add_paragraph(text, style="Heading 1")
    if first:
        paragraph.paragraph_format.space_before = Pt(0)


def _text(document: Any, text: str, size: float) -> Any:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = 1.0 if size < 10 else 1.1
    run(paragraph, text, size)
    return paragraph


def _grid(
    document: Any, rows: list[Any], widths: tuple[float, ...], *, titled: bool = True
) -> None:
    table = document.add_table(rows=len(rows), cols=len(widths))
    table.style = "Table Grid"
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for place, texts in enumerate(rows):
        bold = titled and place == 0
        fill(table.rows[place], tuple(texts), widths, bold=bold, center=bold, size=9)
        if bold:
            repeat(table.rows[place])
        else:
            keep_whole(table.rows[place])
        for cell in table.rows[place].cells:
            cell.paragraphs[0].paragraph_format.line_spacing = 1.0
    after = document.add_paragraph()
    after.paragraph_format.line_spacing = Pt(5)
