"""The later sections of the Word template: items, conclusion, signatures, annexes."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from .performance_sections import obligors, punitive, settlement
from .pieces import control, indented, plain, small, table


def front(document: Any, title: str) -> None:
    """Add the *title*, the number, and the mark of a draft."""
    document.add_paragraph(title, style="Title")
    control(document, "{%p if number %}")
    number = document.add_paragraph("{{ number }}")
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    control(document, "{%p endif %}")
    control(document, "{%p if draft %}")
    mark = plain(document, "本件为草稿（{{ draft }}），详见附件；处理完毕前不得签署。")
    mark.runs[0].bold = True
    control(document, "{%p endif %}")


def materials(document: Any) -> None:
    """Add the table of the materials relied on."""
    table(
        document,
        ("编号", "名称", "出具单位、文号、日期"),
        "row in materials",
        (
            "{{ row.id }}",
            "{{ row.title }}{% if row.open %}〔待补：{{ row.open }}〕{% endif %}",
            "{{ row.issuer }}" + _AFTER,
        ),
        (1.8, 7.4, 6.4),
    )


def statements(document: Any, name: str, title: str) -> None:
    """Add a section of statements, if there are any."""
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


def items(document: Any) -> None:
    """Add the section that values each item."""
    document.add_paragraph("{{ section() }}、损害价值量化", style="Heading 1")
    control(document, "{%p if legal_basis %}")
    indented(
        document,
        "赔偿范围的依据：{% for rule in legal_basis %}{{ rule.citation }}〔{{ rule.standing }}〕"
        "{% if not loop.last %}；{% endif %}{% endfor %}。",
    )
    control(document, "{%p endif %}")
    control(document, "{%p if open_points %}")
    indented(document, "〔待补〕、待定的各处及其理由汇总于附件。")
    control(document, "{%p endif %}")
    control(document, "{%p for item in items %}")
    document.add_paragraph("（{{ item.place }}）{{ item.title }}", style="Heading 2")
    indented(
        document,
        "科目：{{ item.head }}。方法：{{ item.method }}，{{ item.standard }}"
        "{% if item.standing %}〔公式{{ item.standing }}〕{% endif %}。",
    )
    control(document, "{%p if item.note %}")
    indented(document, "{{ item.note }}")
    control(document, "{%p endif %}")
    control(document, "{%p if item.card_note %}")
    indented(document, "方法说明：{{ item.card_note }}")
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
    _lines(document, "item.line_titles", "item.lines")
    control(document, "{%p endif %}")
    control(document, "{%p for sheet in item.sheets %}")
    plain(document, "{{ sheet.title }}").paragraph_format.keep_with_next = True
    _lines(document, "sheet.titles", "sheet.rows")
    control(document, "{%p endfor %}")
    control(document, "{%p for sentence in item.looked_up %}")
    indented(document, "{{ sentence }}")
    control(document, "{%p endfor %}")
    control(document, "{%p for equation in item.equations %}")
    formula = plain(document, "{{r equation.omml }}")
    formula.paragraph_format.left_indent = Cm(1)
    control(document, "{%p endfor %}")
    amount = indented(document, "{{ item.amount }}。")
    amount.runs[0].bold = True
    control(document, "{%p for remark in item.remarks %}")
    indented(document, "{{ remark }}。")
    control(document, "{%p endfor %}")
    control(document, "{%p if item.rounding %}")
    indented(document, "取整：{{ item.rounding }}。")
    control(document, "{%p endif %}")
    control(document, "{%p for row in item.confirmed %}")
    indented(document, "已核对原文（{{ row.name }}）：{{ row.text }}")
    control(document, "{%p endfor %}")
    control(document, "{%p for row in item.overrules %}")
    indented(document, "超出规定的取值（{{ row.name }}），专家理由：{{ row.reason }}")
    control(document, "{%p endfor %}")
    control(document, "{%p endfor %}")


def _lines(document: Any, titles: str, rows: str) -> None:
    """Add the table of lines with one to four columns of figures; more of them share a column."""
    widths = {1: (6.4,), 2: (3.2, 3.2), 3: (2.7, 2.7, 2.7), 4: (2.4, 2.2, 2.2, 2.2)}
    for count, figures in widths.items():
        control(document, f"{{%p if {titles}|length == {count} %}}")
        places = range(count)
        left = 15.6 - 1.2 - sum(figures)
        table(
            document,
            ("序号", "名称", *(f"{{{{ {titles}[{place}] }}}}" for place in places), "凭证与说明"),
            f"row in {rows}",
            (
                "{{ row.place }}",
                "{{ row.name }}",
                *(f"{{{{ row.cells[{place}] }}}}" for place in places),
                _NOTE,
            ),
            (1.2, left * 0.48, *figures, left * 0.52),
            right=tuple(place + 2 for place in places),
        )
        control(document, "{%p endif %}")
    control(document, f"{{%p if {titles}|length > {len(widths)} %}}")
    table(
        document,
        ("序号", "名称", f"{{{{ {titles}|join('；') }}}}", "凭证与说明"),
        f"row in {rows}",
        ("{{ row.place }}", "{{ row.name }}", "{{ row.cells|join('；') }}", _NOTE),
        (1.2, 3.4, 7.4, 3.6),
    )
    control(document, "{%p endif %}")


def summary(document: Any) -> None:
    """Add the table of the items by head, with the total."""
    table(
        document,
        ("赔偿科目", "项目", "方法", "金额（元）"),
        "row in summary",
        ("{{ row.head }}", "{{ row.title }}", "{{ row.method }}", "{{ row.amount }}"),
        (4.6, 4.6, 3.4, 3.0),
        last=("合计", "", "", "{{ total }}"),
        right=3,
    )


def excluded(document: Any) -> None:
    """Add what of the total a threshold leaves out, if there is any."""
    control(document, "{%p if has_excluded %}")
    indented(
        document,
        "其中鉴定评估、监测类费用 {{ excluded }} 元；不含此类费用为 {{ threshold_basis }} 元。",
    )
    control(document, "{%p endif %}")


def uncertainty_and_advice(document: Any) -> None:
    """Add what is uncertain, and how the experts would have it performed."""
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


def special(document: Any) -> None:
    """Add the section of limits and of what stops the route, if there are any."""
    control(document, "{%p if limits or stop %}")
    document.add_paragraph("{{ section() }}、特别说明", style="Heading 1")
    control(document, "{%p for text in limits %}")
    indented(document, "{{ text }}")
    control(document, "{%p endfor %}")
    control(document, "{%p if stop %}")
    indented(document, "{{ stop }}")
    control(document, "{%p endif %}")
    control(document, "{%p endif %}")


def rules_table(document: Any, loop: str) -> None:
    """Add the table of the rules in *loop*, each with its place, span, clause and standing."""
    table(
        document,
        ("名称", "内容", "地域与有效期", "依据", "可信度"),
        f"row in {loop}",
        (
            "{{ row.title }}",
            "{{ row.text }}{% if row.note %}（{{ row.note }}）{% endif %}",
            "{{ row.place }}\n{{ row.span }}",
            "{{ row.citation }}",
            "{{ row.standing }}",
        ),
        (2.5, 4.4, 2.8, 4.3, 1.6),
        size=9,
    )


def closing(document: Any) -> None:
    """Add what follows the items, down to the signatures."""
    statements(document, "restoration", "修复建议")
    document.add_paragraph("{{ section() }}、结论", style="Heading 1")
    summary(document)
    total = indented(
        document, "经评估，本案生态环境损害赔偿金额合计为 {{ total }} 元（{{ capitals }}）。"
    )
    total.runs[0].bold = True
    indented(
        document,
        "其中：{% for head in heads %}{{ head.title }} {{ head.amount }} 元"
        "{% if not loop.last %}；{% endif %}{% endfor %}。",
    )
    excluded(document)
    control(document, "{%p for base in punitive_bases %}")
    indented(
        document,
        "惩罚性赔偿的计算基数（{{ base.place }}，{{ base.citation }}：{{ base.text }}）"
        "{{ base.amount }} 元；惩罚性赔偿不在上述合计之内。",
    )
    control(document, "{%p endfor %}")
    uncertainty_and_advice(document)
    obligors(document)
    punitive(document)
    settlement(document)
    special(document)
    _signatures(document)


def _signatures(document: Any) -> None:
    control(document, "{%p if experts %}")
    document.add_paragraph("{{ section() }}、专家签署", style="Heading 1")
    control(document, "{%p for row in experts %}")
    control(document, "{%p if row.recusal %}")
    said = indented(document, "{{ row.name }}的回避声明：{{ row.recusal }}")
    said.paragraph_format.keep_with_next = True
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


def annexes(document: Any) -> None:
    """Add the annexes: conditions, rules, sources, findings, what is open."""
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
        (6.2, 1.6, 4.2, 3.6),
        size=9,
    )
    control(document, "{%p endif %}")
    control(document, "{%p endfor %}")
    control(document, "{%p if deadlines %}")
    document.add_paragraph("办案期限", style="Heading 2")
    table(
        document,
        ("步骤与期限", "起算", "至迟", "情形", "依据"),
        "row in deadlines",
        (
            "{{ row.step }}{{ row.limit }}",
            "{{ row.start }}",
            "{{ row.due }}",
            "{{ row.text }}",
            "{{ row.citation }}〔{{ row.standing }}〕",
        ),
        (3.2, 2.7, 2.1, 3.5, 4.1),
        size=9,
    )
    control(document, "{%p endif %}")
    control(document, "{%p if rules %}")
    document.add_paragraph("适用的规则与参数", style="Heading 2")
    rules_table(document, "rules")
    control(document, "{%p endif %}")
    document.add_paragraph("标准与来源", style="Heading 2")
    table(
        document,
        ("来源", "阅读程度", "说明"),
        "row in standards",
        ("{{ row.title }}", "{{ row.read }}", "{{ row.note }}"),
        (6.6, 2.2, 6.8),
        size=9,
    )
    control(document, "{%p if findings %}")
    document.add_paragraph("需要注意的事项", style="Heading 2")
    table(
        document,
        ("程度", "位置", "内容", "条款"),
        "row in findings",
        ("{{ row.level }}", "{{ row.where }}", "{{ row.text }}", "{{ row.clause }}"),
        (1.5, 3.2, 7.1, 3.8),
        size=9,
    )
    control(document, "{%p endif %}")
    control(document, "{%p if open_points %}")
    document.add_paragraph("待补事项", style="Heading 2")
    control(document, "{%p for point in open_points %}")
    small(document, "{{ loop.index }}. {{ point }}")
    control(document, "{%p endfor %}")
    control(document, "{%p endif %}")
    small(document, "由 ecoval {{ version }} 计算，校验码 {{ fingerprint }}。")
    plain(document, "{{ qr }}")


_NOTE = "{{ row.note }}"
# What stands after the issuer of a material.
_AFTER = "{% if row.number %}　{{ row.number }}{% endif %}{% if row.on %}　{{ row.on }}{% endif %}"
_EXPERT = (
    "{{ row.unit }} {{ row.title }} {{ row.field }}{% if row.pool %}（{{ row.pool }}）{% endif %}"
    "{% if row.open %}〔待补：{{ row.open }}〕{% endif %}"
)
