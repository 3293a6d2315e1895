"""Make the template of the full appraisal report, in the order of chapters of GB/T 39791.1."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from .pieces import control, indented, plain, rows, run, table
from .sections import annexes, closing, items, materials
from .template import blank, keep

_CHAPTERS = (
    ("基本情况", ""),
    ("鉴定评估方案", ""),
    ("鉴定评估过程与分析", ""),
    ("损害价值量化", ""),
    ("修复建议", "restoration"),
    ("结论", ""),
    ("责任分担", "obligors"),
    ("惩罚性赔偿", "punitive"),
    ("赔偿责任的履行", "settlement"),
    ("特别说明", "limits or stop"),
    ("专家签署", "experts"),
)
_ROW = (
    "{{ row.label }}",
    "{{ row.text }}{% if row.open %}〔待补：{{ row.open }}〕{% endif %}",
)
_STATEMENT = (
    "{{ row.label }}：{{ row.text }}{% if row.evidence %}（材料 {{ row.evidence }}）{% endif %}"
    "{% if row.open %}〔待补：{{ row.open }}〕{% endif %}"
)


def make_report_template(path: Path) -> None:
    """Write the template of the full appraisal report to *path*."""
    document = blank()
    _cover(document)
    _statement(document)
    _contents(document)
    _basics(document)
    _plan(document)
    _process(document)
    items(document)
    _charts(document)
    closing(document)
    _seal(document)
    annexes(document)
    keep(document, path, "生态环境损害鉴定评估报告")


def _cover(document: Any) -> None:
    title = document.add_paragraph("生态环境损害鉴定评估报告", style="Title")
    title.paragraph_format.space_before = Pt(120)
    control(document, "{%p if number %}")
    _middle(document, "{{ number }}")
    control(document, "{%p endif %}")
    control(document, "{%p if draft %}")
    _middle(document, "草稿（{{ draft }}）").runs[0].bold = True
    control(document, "{%p endif %}")
    first = _middle(document, "{{ case_title }}")
    first.paragraph_format.space_before = Pt(60)
    first.paragraph_format.space_after = Pt(150)
    control(document, "{%p for row in appraisal.who %}")
    control(document, "{%p if loop.first and row.text %}")
    _middle(document, "{{ row.text }}")
    control(document, "{%p endif %}")
    control(document, "{%p endfor %}")
    _middle(document, "{{ opinion_date }}")


def _middle(document: Any, text: str) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run(paragraph, text, 16)
    return paragraph


def _statement(document: Any) -> None:
    title = document.add_paragraph("声明", style="Heading 1")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.page_break_before = True
    for text in (
        "1. 本报告依据所列材料、规则与标准作出；材料的真实性、完整性由提供者负责。",
        "2. 本报告所印金额由所列公式和取值计算得出，可凭文中校验码和随附案卷复算核对。",
        "3. 本报告仅用于所载案件；擅自改动、部分摘用，或材料、规则变化后，其结论不再适用。",
        "4. 鉴定评估人员与案件当事人的利害关系及不同意见，载于签署部分。",
    ):
        indented(document, text)


def _contents(document: Any) -> None:
    title = document.add_paragraph("目录", style="Heading 1")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_before = Pt(36)
    for name, condition in _CHAPTERS:
        if condition:
            control(document, f"{{%p if {condition} %}}")
        plain(document, f"{{{{ contents() }}}}、{name}")
        if condition:
            control(document, "{%p endif %}")
    plain(document, "附件")


def _basics(document: Any) -> None:
    title = document.add_paragraph("{{ section() }}、基本情况", style="Heading 1")
    title.paragraph_format.page_break_before = True
    _part(document, "委托与案件")
    rows(document, "row in appraisal.who", _ROW, (4.6, 11.0))
    control(document, "{%p if appraisal.licence %}")
    indented(document, "鉴定评估机构的许可或登记：{{ appraisal.licence }}")
    control(document, "{%p endif %}")
    rows(document, "row in basics", _ROW, (4.6, 11.0))
    _group(document, "region", "区域概况")
    control(document, "{%p if eligibility %}")
    _part(document, "简易评估的适用")
    indented(document, "{{ eligibility.sentence }}。")
    control(document, "{%p endif %}")


def _plan(document: Any) -> None:
    document.add_paragraph("{{ section() }}、鉴定评估方案", style="Heading 1")
    _group(document, "aim", "目的")
    _part(document, "依据")
    control(document, "{%p for row in standards %}")
    indented(document, "{{ loop.index }}. {{ row.title }}〔{{ row.read }}〕")
    control(document, "{%p endfor %}")
    control(document, "{%p if materials %}")
    _part(document, "依据的材料")
    materials(document)
    control(document, "{%p endif %}")
    _group(document, "bounds", "原则、范围与内容")
    _part(document, "方法")
    table(
        document,
        ("序号", "项目", "方法", "标准"),
        "item in items",
        ("{{ item.place }}", "{{ item.title }}", "{{ item.method }}", "{{ item.standard }}"),
        (1.4, 4.4, 4.4, 5.4),
    )


def _process(document: Any) -> None:
    document.add_paragraph("{{ section() }}、鉴定评估过程与分析", style="Heading 1")
    _group(document, "survey", "调查")
    _rows_part(document, "facts", "违法行为与因果关系")
    _rows_part(document, "damage", "基线与损害确认")
    _group(document, "finding", "分析结论")


def _charts(document: Any) -> None:
    control(document, "{%p for chart in charts %}")
    figure = plain(document, "{{ chart.picture }}")
    figure.alignment = WD_ALIGN_PARAGRAPH.CENTER
    figure.paragraph_format.keep_with_next = True
    figure.paragraph_format.space_before = Pt(8)
    caption = document.add_paragraph()
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.space_after = Pt(8)
    run(caption, "图 {{ loop.index }}　{{ chart.title }}", 10.5)
    control(document, "{%p endfor %}")


def _seal(document: Any) -> None:
    control(document, "{%p for row in appraisal.who %}")
    control(document, "{%p if loop.first %}")
    seal = plain(document, "{{ row.label }}（盖章）：{{ row.text }}")
    seal.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    seal.paragraph_format.space_before = Pt(24)
    control(document, "{%p endif %}")
    control(document, "{%p endfor %}")


def _part(document: Any, title: str) -> None:
    document.add_paragraph(f"（{{{{ section.part() }}}}）{title}", style="Heading 2")


def _group(document: Any, name: str, title: str) -> None:
    """Add a part for the texts of a group, if there are any."""
    _rows_part(document, f"appraisal.{name}", title)


def _rows_part(document: Any, name: str, title: str) -> None:
    control(document, f"{{%p if {name} %}}")
    _part(document, title)
    control(document, f"{{%p for row in {name} %}}")
    indented(document, _STATEMENT)
    control(document, "{%p endfor %}")
    control(document, "{%p endif %}")
