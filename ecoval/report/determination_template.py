"""Make the template of the comprehensive determination (综合认定) by a department."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from .performance_sections import obligors, punitive, settlement
from .pieces import control, indented, plain, table
from .sections import annexes, items, statements
from .template import blank, body, keep


def make_determination_template(path: Path) -> None:
    """Write the template of the comprehensive determination to *path*."""
    document = blank()
    _front(document)
    body(document)
    items(document)
    statements(document, "restoration", "修复建议")
    _determination(document)
    obligors(document)
    punitive(document)
    settlement(document)
    _special(document)
    _department(document)
    annexes(document)
    keep(document, path, "生态环境损害综合认定书")


def _front(document: Any) -> None:
    document.add_paragraph("生态环境损害综合认定书", style="Title")
    control(document, "{%p if number %}")
    number = plain(document, "{{ number }}")
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    control(document, "{%p endif %}")
    control(document, "{%p if draft %}")
    mark = plain(document, "本件为草稿（{{ draft }}），详见附件；处理完毕前不得签署。")
    mark.runs[0].bold = True
    control(document, "{%p endif %}")


def _determination(document: Any) -> None:
    document.add_paragraph("{{ section() }}、综合认定", style="Heading 1")
    control(document, "{%p if materials %}")
    indented(
        document,
        "根据{% for row in materials %}《{{ row.title }}》（材料 {{ row.id }}）"
        "{% if not loop.last %}、{% endif %}{% endfor %}，对本案生态环境损害综合认定如下：",
    )
    control(document, "{%p endif %}")
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
        document, "认定本案生态环境损害赔偿金额合计为 {{ total }} 元（{{ capitals }}）。"
    )
    total.runs[0].bold = True
    control(document, "{%p if has_excluded %}")
    indented(
        document,
        "其中鉴定评估、监测类费用 {{ excluded }} 元；不含此类费用为 {{ threshold_basis }} 元。",
    )
    control(document, "{%p endif %}")
    control(document, "{%p if uncertainty %}")
    indented(
        document,
        "不确定性：{{ uncertainty.text }}"
        "{% if uncertainty.open %}〔待补：{{ uncertainty.open }}〕{% endif %}",
    )
    control(document, "{%p endif %}")
    control(document, "{%p for text in performance %}")
    indented(document, "履行方式建议：{{ text }}")
    control(document, "{%p endfor %}")


def _special(document: Any) -> None:
    control(document, "{%p if limits or stop %}")
    document.add_paragraph("{{ section() }}、特别说明", style="Heading 1")
    control(document, "{%p for text in limits %}")
    indented(document, "{{ text }}")
    control(document, "{%p endfor %}")
    control(document, "{%p if stop %}")
    indented(document, "{{ stop }}")
    control(document, "{%p endif %}")
    control(document, "{%p endif %}")


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
