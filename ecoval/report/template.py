"""Make the Word template of the opinion anew; people may edit the result in Word or WPS instead."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from .pieces import control, field, indented, rows, run, table
from .sections import annexes, closing, front, items, materials, statements

_BODY, _HEADING, _TABLE = "仿宋", "黑体", "宋体"
_LATIN = "Times New Roman"


def make_template(path: Path) -> None:
    """Write the template of the quick-assessment opinion to *path*."""
    document = blank()
    front(document, "{{ title }}")
    body(document)
    items(document)
    closing(document)
    annexes(document)
    keep(document, path, "生态环境损害专家意见")


def blank() -> Any:
    """Return an empty document with page, styles, header and footer."""
    document = blank_document()
    _header_and_footer(document)
    return document


def keep(document: Any, path: Path, title: str) -> None:
    """Write *document* to *path* as a template that is the same whenever it is made."""
    document.core_properties.title = title
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.created = datetime(2026, 1, 1)
    document.core_properties.modified = datetime(2026, 1, 1)
    document.save(str(path))


def blank_document() -> Any:
    """Return an empty document with the page, the fonts and the styles of an opinion."""
    document: Any = Document()
    _drop_unused(document)
    _page(document)
    _styles(document)
    return document


def _drop_unused(document: Any) -> None:
    """Drop the table styles, the second set of styles and the thumbnail of python-docx's own template.

    They are nine tenths of its size, and each opinion would carry, parse and pack them.
    """
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in ("Normal Table", "Table Grid"):
            style.element.getparent().remove(style.element)
    for relations in (document.part.rels, document.part.package.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(("/stylesWithEffects", "/thumbnail")):
                del relations[key]


def _page(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)


def _styles(document: Any) -> None:
    normal = document.styles["Normal"]
    _font(normal, _BODY, 14)
    normal.paragraph_format.line_spacing = 1.5
    normal.paragraph_format.space_after = Pt(0)
    for name, font, size, before in (
        ("Title", _TABLE, 22, 12),
        ("Heading 1", _HEADING, 15, 12),
        ("Heading 2", _HEADING, 14, 8),
    ):
        style = document.styles[name]
        _font(style, font, size)
        style.font.bold = name == "Title"
        style.font.color.rgb = None
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(6)
        style.paragraph_format.keep_with_next = True
    title = document.styles["Title"]
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    border = title.element.find(".//" + qn("w:pBdr"))
    if border is not None:
        border.getparent().remove(border)


def _font(style: Any, name: str, size: int) -> None:
    style.font.name = _LATIN
    style.font.size = Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), name)
    fonts.set(qn("w:hAnsi"), _LATIN)
    language = style.element.rPr.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        style.element.rPr.append(language)
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")


def _header_and_footer(document: Any) -> None:
    section = document.sections[0]
    header = section.header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run(header, "{% if draft %}草稿（{{ draft }}）　{% endif %}校验码 {{ fingerprint }}", 9)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run(footer, "第 ", 9)
    field(footer, "PAGE")
    run(footer, " 页　共 ", 9)
    field(footer, "NUMPAGES")
    run(footer, " 页", 9)


def body(document: Any) -> None:
    """Add what precedes the items: background, route, materials, facts."""
    document.add_paragraph("{{ section() }}、基本情况", style="Heading 1")
    rows(document, "row in basics", ("{{ row.label }}", _OPEN.format("row")), (4.6, 11.0))

    control(document, "{%p if eligibility %}")
    document.add_paragraph("{{ section() }}、简易评估的适用", style="Heading 1")
    indented(
        document,
        "{{ eligibility.sentence }}。按 {{ eligibility.on }} 的规定："
        "{% for rule in eligibility.rules %}{{ rule.place }}，{{ rule.citation }}；{% endfor %}"
        "形式：{{ eligibility.form }}。",
    )
    control(document, "{%p if eligibility.limbs %}")
    table(
        document,
        ("适用条件", "认定", "依据"),
        "limb in eligibility.limbs",
        ("{{ limb.title }}", "{{ limb.text }}", "{{ limb.evidence }}{{ limb.note }}"),
        (5.6, 6.6, 3.4),
    )
    control(document, "{%p endif %}")
    control(document, "{%p for test in eligibility.thresholds %}")
    indented(
        document,
        "金额上限：{{ test.place }}规定{{ test.rule }}，{{ test.citation }}〔{{ test.standing }}〕；"
        "本案 {{ test.text }}。",
    )
    control(document, "{%p endfor %}")
    control(document, "{%p if eligibility.experts %}")
    indented(document, "专家人数：{{ eligibility.experts }}，{{ eligibility.experts_rule }}。")
    control(document, "{%p endif %}")
    control(document, "{%p endif %}")

    control(document, "{%p if materials %}")
    document.add_paragraph("{{ section() }}、依据的材料", style="Heading 1")
    materials(document)
    control(document, "{%p endif %}")
    statements(document, "facts", "违法行为与因果关系")
    statements(document, "damage", "基线与损害确认")


_OPEN = "{{{{ {0}.text }}}}{{% if {0}.open %}}〔待补：{{{{ {0}.open }}}}〕{{% endif %}}"
