"""Make the Word template of the settlement sheet for the negotiation anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH

from .performance_sections import obligors, punitive, settlement
from .pieces import control, indented, rows, small, table
from .sections import rules_table, summary
from .template import blank, keep


def make_settlement_template(path: Path) -> None:
    """Write the template of the settlement sheet to *path*."""
    document = blank()
    _front(document)
    document.add_paragraph("{{ section() }}、基本情况", style="Heading 1")
    rows(
        document,
        "row in basics",
        ("{{ row.label }}", "{{ row.text }}{% if row.open %}〔待补：{{ row.open }}〕{% endif %}"),
        (4.6, 11.0),
    )
    _total(document)
    obligors(document)
    settlement(document)
    punitive(document)
    _matters(document)
    _signatures(document)
    _rules(document)
    keep(document, path, "生态环境损害赔偿磋商方案")


def _front(document: Any) -> None:
    document.add_paragraph("生态环境损害赔偿磋商方案", style="Title")
    use = document.add_paragraph("（磋商用）")
    use.alignment = WD_ALIGN_PARAGRAPH.CENTER
    control(document, "{%p if draft %}")
    mark = document.add_paragraph("本件所据的评估为草稿（{{ draft }}）。")
    mark.runs[0].bold = True
    control(document, "{%p endif %}")


def _total(document: Any) -> None:
    document.add_paragraph("{{ section() }}、赔偿金额", style="Heading 1")
    summary(document)
    indented(document, "合计 {{ total }} 元（{{ capitals }}）。")


def _matters(document: Any) -> None:
    control(document, "{%p if matters or matters_open %}")
    document.add_paragraph("{{ section() }}、须商定或注意的事项", style="Heading 1")
    control(document, "{%p if matters %}")
    table(
        document,
        ("程度", "内容", "条款"),
        "row in matters",
        ("{{ row.level }}", "{{ row.text }}", "{{ row.clause }}"),
        (2.0, 9.2, 4.4),
    )
    control(document, "{%p endif %}")
    control(document, "{%p for point in matters_open %}")
    indented(document, "待补：{{ point }}")
    control(document, "{%p endfor %}")
    control(document, "{%p endif %}")


def _signatures(document: Any) -> None:
    document.add_paragraph("{{ section() }}、磋商意见与签署", style="Heading 1")
    table(
        document,
        ("当事人", "意见", "签名或盖章", "日期"),
        "row in signers",
        ("{{ row }}", "", "", "　年　月　日"),
        (5.0, 3.8, 3.6, 3.2),
        height=1.6,
        with_next=True,
    )
    small(document, "本方案供磋商使用，以双方签订的赔偿协议为准。")


def _rules(document: Any) -> None:
    control(document, "{%p if performance_rules %}")
    document.add_paragraph("附：所据的规定", style="Heading 2")
    rules_table(document, "performance_rules")
    control(document, "{%p endif %}")
    small(document, "由 ecoval {{ version }} 计算，校验码 {{ fingerprint }}。")
