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

from .pieces import control, field, indented, plain, rows, run, small, table

_BODY, _HEADING, _TABLE = "仿宋", "黑体", "宋体"
_LATIN = "Times New Roman"


def make_template(path: Path) -> None:
    """Write the template of the quick-assessment opinion to *path*."""
    document: Any = Document()
    _drop_unused(document)
    _page(document)
    _styles(document)
    _header_and_footer(document)
    _front(document)
    _body(document)
    _items(document)
    _closing(document)
    _annexes(document)
    document.core_properties.title = "生态环境损害专家意见"
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.created = datetime(2026, 1, 1)
    document.core_properties.modified = datetime(2026, 1, 1)
    document.save(str(path))


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
    run(header, "{% if draft %}草稿（{{ draft }} 处待补）　{% endif %}校验码 {{ fingerprint }}", 9)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run(footer, "第 ", 9)
    field(footer, "PAGE")
    run(footer, " 页　共 ", 9)
    field(footer, "NUMPAGES")
    run(footer, " 页", 9)


def _front(document: Any) -> None:
    document.add_paragraph("{{ title }}", style="Title")
    control(document, "{%p if number %}")
    number = document.add_paragraph("{{ number }}")
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    control(document, "{%p endif %}")
    control(document, "{%p if draft %}")
    mark = plain(document, "本件为草稿，尚有 {{ draft }} 处待补，列于附件；补齐前不得签署。")
    mark.runs[0].bold = True
    control(document, "{%p endif %}")


def _body(document: Any) -> None:
    document.add_paragraph("{{ section() }}、基本情况", style="Heading 1")
    rows(document, "row in basics", ("{{ row.label }}", _OPEN.format("row")), (4.6, 11.0))

    control(document, "{%p if eligibility %}")
    document.add_paragraph("{{ section() }}、简易评估的适用", style="Heading 1")
    indented(
        document,
        "{{ eligibility.sentence }}。{% if eligibility.rule %}适用{{ eligibility.place }}的规定："
        "{{ eligibility.rule }}。{% endif %}",
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
    table(
        document,
        ("编号", "名称", "出具单位、文号、日期"),
        "row in materials",
        (
            "{{ row.id }}",
            "{{ row.title }}{% if row.open %}〔待补：{{ row.open }}〕{% endif %}",
            "{{ row.issuer }}　{{ row.number }}　{{ row.on }}",
        ),
        (1.8, 7.4, 6.4),
    )
    control(document, "{%p endif %}")
    _statements(document, "facts", "违法行为与因果关系")
    _statements(document, "damage", "基线与损害确认")


def _statements(document: Any, name: str, title: str) -> None:
    control(document, f"{{%p if {name} %}}")
    document.add_paragraph(f"{{{{ section() }}}}、{title}", style="Heading 1")
    control(document, f"{{%p for row in {name} %}}")
    indented(
        document,
        "{{ row.label }}：{{ row.text }}{% if row.evidence %}（材料 {{ row.evidence }}）{% endif %}"
        "{% if row.open %}〔待补：{{ row.open }}〕{% endif %}",
    )
    control(document, "{%p endfor %}")
    control(document, "{%p endif %}")


def _items(document: Any) -> None:
    document.add_paragraph("{{ section() }}、损害价值量化", style="Heading 1")
    control(document, "{%p if open_points %}")
    indented(document, "〔待补〕、待定的各处及其理由汇总于附件。")
    control(document, "{%p endif %}")
    control(document, "{%p for item in items %}")
    document.add_paragraph("（{{ item.place }}）{{ item.title }}", style="Heading 2")
    indented(
        document,
        "科目：{{ item.head }}。方法：{{ item.method }}，{{ item.standard }}〔公式{{ item.standing }}〕。",
    )
    control(document, "{%p if item.note %}")
    indented(document, "{{ item.note }}")
    control(document, "{%p endif %}")
    control(document, "{%p if item.inputs %}")
    table(
        document,
        ("符号", "名称", "取值", "依据", "可信度"),
        "row in item.inputs",
        (
            "{{ row.symbol }}",
            "{{ row.title }}",
            "{{ row.value }}",
            "{{ row.basis }}",
            "{{ row.standing }}",
        ),
        (1.3, 3.2, 2.9, 6.2, 2.0),
    )
    control(document, "{%p endif %}")
    control(document, "{%p if item.lines %}")
    table(
        document,
        ("序号", "名称", "{{ item.line_titles[0] }}", "{{ item.line_titles[1] }}", "凭证与说明"),
        "row in item.lines",
        (
            "{{ row.place }}",
            "{{ row.name }}",
            "{{ row.cells[0] }}",
            "{{ row.cells[1] }}",
            "{{ row.note }}",
        ),
        (1.3, 3.6, 3.2, 3.2, 4.3),
    )
    control(document, "{%p endif %}")
    control(document, "{%p for sentence in item.looked_up %}")
    indented(document, "{{ sentence }}")
    control(document, "{%p endfor %}")
    control(document, "{%p for equation in item.equations %}")
    formula = plain(document, "{{r equation.omml }}")
    formula.paragraph_format.left_indent = Cm(1)
    control(document, "{%p endfor %}")
    amount = indented(document, "{{ item.amount }}。")
    amount.runs[0].bold = True
    control(document, "{%p if item.rounding %}")
    indented(document, "取整：{{ item.rounding }}。")
    control(document, "{%p endif %}")
    control(document, "{%p for row in item.overrules %}")
    indented(document, "超出规定的取值（{{ row.name }}），专家理由：{{ row.reason }}")
    control(document, "{%p endfor %}")
    control(document, "{%p endfor %}")


def _closing(document: Any) -> None:
    _statements(document, "restoration", "修复建议")
    document.add_paragraph("{{ section() }}、结论", style="Heading 1")
    table(
        document,
        ("赔偿科目", "项目", "方法", "金额（元）"),
        "row in summary",
        ("{{ row.head }}", "{{ row.title }}", "{{ row.method }}", "{{ row.amount }}"),
        (4.6, 4.6, 3.4, 3.0),
        last=("合计", "", "", "{{ total }}"),
        right=3,
    )
    total = indented(
        document, "经评估，本案生态环境损害赔偿金额合计为 {{ total }} 元（{{ capitals }}）。"
    )
    total.runs[0].bold = True
    control(document, "{%p if has_excluded %}")
    indented(
        document,
        "其中鉴定评估、监测类费用 {{ excluded }} 元；不含此类费用为 {{ threshold_basis }} 元。",
    )
    control(document, "{%p endif %}")
    control(document, "{%p if has_punitive_basis %}")
    indented(
        document,
        "期间损失与永久性损失合计 {{ punitive_basis }} 元（惩罚性赔偿的计算基数，"
        "法释〔2022〕1号第十二条），惩罚性赔偿不在上述合计之内。",
    )
    control(document, "{%p endif %}")
    control(document, "{%p for text in performance %}")
    indented(document, "履行方式建议：{{ text }}")
    control(document, "{%p endfor %}")
    control(document, "{%p if limits or stop %}")
    document.add_paragraph("{{ section() }}、特别说明", style="Heading 1")
    control(document, "{%p for text in limits %}")
    indented(document, "{{ text }}")
    control(document, "{%p endfor %}")
    control(document, "{%p if stop %}")
    indented(document, "{{ stop }}")
    control(document, "{%p endif %}")
    control(document, "{%p endif %}")
    _signatures(document)


def _signatures(document: Any) -> None:
    control(document, "{%p if experts %}")
    document.add_paragraph("{{ section() }}、专家签署", style="Heading 1")
    control(document, "{%p for row in experts %}")
    control(document, "{%p if row.recusal %}")
    indented(document, "{{ row.name }}的回避声明：{{ row.recusal }}")
    control(document, "{%p endif %}")
    control(document, "{%p endfor %}")
    control(document, "{%p for row in dissents %}")
    indented(document, "{{ row.name }}的不同意见：{{ row.text }}")
    control(document, "{%p endfor %}")
    table(
        document,
        ("姓名", "单位、职称、专业领域", "意见", "签名"),
        "row in experts",
        (
            "{{ row.name }}",
            _EXPERT,
            "{{ row.opinion }}",
            "\n\n校验码 {{ fingerprint }}",
        ),
        (2.4, 5.4, 2.0, 5.8),
        height=1.9,
        with_next=True,
    )
    day = plain(document, "{{ opinion_date }}")
    day.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    day.paragraph_format.space_before = Pt(18)
    control(document, "{%p endif %}")


def _annexes(document: Any) -> None:
    title = document.add_paragraph("附件", style="Heading 1")
    title.paragraph_format.page_break_before = True
    control(document, "{%p for item in items %}")
    control(document, "{%p if item.conditions %}")
    document.add_paragraph(
        "方法的适用条件：第 {{ item.place }} 项 {{ item.method }}", style="Heading 2"
    )
    table(
        document,
        ("条件", "情形", "认定", "条款"),
        "row in item.conditions",
        ("{{ row.text }}", "{{ row.kind }}", "{{ row.attested }}", "{{ row.clause }}"),
        (6.2, 1.8, 4.2, 3.4),
    )
    control(document, "{%p endif %}")
    control(document, "{%p endfor %}")
    control(document, "{%p if rules %}")
    document.add_paragraph("适用的规则与参数", style="Heading 2")
    table(
        document,
        ("名称", "内容", "地域与有效期", "依据", "可信度"),
        "row in rules",
        (
            "{{ row.title }}",
            "{{ row.text }}{% if row.note %}（{{ row.note }}）{% endif %}",
            "{{ row.place }}　{{ row.span }}",
            "{{ row.citation }}",
            "{{ row.standing }}",
        ),
        (2.7, 4.9, 2.9, 3.3, 1.8),
    )
    control(document, "{%p endif %}")
    document.add_paragraph("标准与来源", style="Heading 2")
    table(
        document,
        ("来源", "阅读程度", "说明"),
        "row in standards",
        ("{{ row.title }}", "{{ row.read }}", "{{ row.note }}"),
        (6.6, 2.4, 6.6),
    )
    control(document, "{%p if findings %}")
    document.add_paragraph("需要注意的事项", style="Heading 2")
    table(
        document,
        ("程度", "位置", "内容", "条款"),
        "row in findings",
        ("{{ row.level }}", "{{ row.where }}", "{{ row.text }}", "{{ row.clause }}"),
        (1.7, 2.5, 7.8, 3.6),
    )
    control(document, "{%p endif %}")
    control(document, "{%p if open_points %}")
    document.add_paragraph("待补事项", style="Heading 2")
    control(document, "{%p for point in open_points %}")
    small(document, "{{ loop.index }}. {{ point }}")
    control(document, "{%p endfor %}")
    control(document, "{%p endif %}")
    small(document, "由 ecoval {{ version }} 计算，校验码 {{ fingerprint }}。")


_EXPERT = (
    "{{ row.unit }} {{ row.title }} {{ row.field }}{% if row.pool %}（{{ row.pool }}）{% endif %}"
    "{% if row.open %}〔待补：{{ row.open }}〕{% endif %}"
)
_OPEN = "{{{{ {0}.text }}}}{{% if {0}.open %}}〔待补：{{{{ {0}.open }}}}〕{{% endif %}}"
