"""Make the template of the experts' score sheets (打分表), one for each expert."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from .pieces import control, indented, plain, rows, small, table
from .template import blank, keep

_ROW = (
    "{{ row.label }}",
    "{{ row.text }}{% if row.open %}〔待补：{{ row.open }}〕{% endif %}",
)


def make_score_sheet_template(path: Path) -> None:
    """Write the template of the score sheets to *path*."""
    document = blank()
    control(document, "{%p for sheet in score_sheets %}")
    # Each expert's sheet begins a page; before the first one the page has begun.
    title = document.add_paragraph("专家打分表", style="Title")
    title.paragraph_format.page_break_before = True
    control(document, "{%p if number %}")
    plain(document, "{{ number }}").alignment = WD_ALIGN_PARAGRAPH.CENTER
    control(document, "{%p endif %}")
    control(document, "{%p if sheet.name %}")
    plain(
        document, "专家：{{ sheet.name }}　{{ sheet.unit }}　{{ sheet.title }}　{{ sheet.field }}"
    )
    control(document, "{%p endif %}")
    control(document, "{%p if not sheet.name %}")
    plain(document, "专家：　　　　　　　　　单位：")
    control(document, "{%p endif %}")
    rows(document, "row in basics", _ROW, (4.6, 11.0))
    control(document, "{%p for item in sheet.judged %}")
    document.add_paragraph("（{{ item.place }}）{{ item.title }}", style="Heading 2")
    method = indented(document, "方法：{{ item.method }}。按下列取值计算为 {{ item.amount }}。")
    method.paragraph_format.keep_with_next = True
    control(document, "{%p if item.rows %}")
    table(
        document,
        ("符号", "名称", "计算取值", "规定范围", "本人取值", "理由"),
        "row in item.rows",
        ("{{ row.symbol }}", "{{ row.title }}", "{{ row.value }}", "{{ row.allowed }}", "\n", ""),
        (1.3, 3.4, 2.6, 3.0, 2.2, 3.1),
    )
    control(document, "{%p endif %}")
    control(document, "{%p if not item.rows %}")
    indented(document, "本项没有须由专家判断的系数，请核对凭证和数量：□ 属实　□ 不属实，理由：")
    control(document, "{%p endif %}")
    control(document, "{%p endfor %}")
    document.add_paragraph("对其他问题的意见", style="Heading 2")
    table(
        document,
        ("问题", "意见", "理由"),
        "question in questions",
        ("{{ question }}", "□ 同意　□ 不同意", "\n"),
        (4.6, 4.4, 6.6),
        height=1.2,
    )
    small(document, "本人与本案当事人没有利害关系；以上由本人独立作出。校验码 {{ fingerprint }}")
    signed = plain(document, "签名：　　　　　　　　　　{{ opinion_date }}")
    signed.paragraph_format.space_before = Pt(18)
    signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _mark(document)
    control(document, "{%p endfor %}")
    keep(document, path, "生态环境损害专家打分表")


def _mark(document: Any) -> None:
    code = plain(document, "{{ qr }}")
    code.alignment = WD_ALIGN_PARAGRAPH.RIGHT
