"""Make the template of the comprehensive determination (综合认定) by a department."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from .performance_sections import obligors, punitive, settlement
from .pieces import control, indented, plain, table
from .sections import (
    annexes,
    excluded,
    front,
    items,
    special,
    statements,
    summary,
    uncertainty_and_advice,
)
from .template import blank, body, keep


def make_determination_template(path: Path) -> None:
    """Write the template of the comprehensive determination to *path*."""
    document = blank()
    front(document, "生态环境损害综合认定书")
    body(document)
    items(document)
    statements(document, "restoration", "修复建议")
    _determination(document)
    obligors(document)
    punitive(document)
    settlement(document)
    special(document)
    _department(document)
    annexes(document)
    keep(document, path, "生态环境损害综合认定书")


def _determination(document: Any) -> None:
    document.add_paragraph("{{ section() }}、综合认定", style="Heading 1")
    control(document, "{%p if materials %}")
    indented(
        document,
        "根据{% for row in materials %}《{{ row.title }}》（材料 {{ row.id }}）"
        "{% if not loop.last %}、{% endif %}{% endfor %}，对本案生态环境损害综合认定如下：",
    )
    control(document, "{%p endif %}")
    summary(document)
    total = indented(
        document, "认定本案生态环境损害赔偿金额合计为 {{ total }} 元（{{ capitals }}）。"
    )
    total.runs[0].bold = True
    excluded(document)
    uncertainty_and_advice(document)


def _department(document: Any) -> None:
    document.add_paragraph("{{ section() }}、认定部门", style="Heading 1")
    table(
        document,
        ("职责", "签名", "日期"),
        "row in officers",
        ("{{ row }}", "\n", ""),
        (3.6, 7.4, 4.6),
        height=1.4,
        with_next=True,
    )
    control(document, "{%p for name in claimants %}")
    seal = plain(document, "{{ name }}（盖章）")
    seal.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    seal.paragraph_format.space_before = Pt(24)
    control(document, "{%p endfor %}")
    day = plain(document, "{{ opinion_date }}")
    day.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    mark = plain(document, "校验码 {{ fingerprint }}")
    mark.alignment = WD_ALIGN_PARAGRAPH.RIGHT
