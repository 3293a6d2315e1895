"""The sections of a Word template on obligors, punitive damages and settlement."""

from __future__ import annotations

from typing import Any

from ..case.settled import DUE_COLUMNS
from .pieces import control, indented, small, table

_DUE = ("name", "borne", "otherwise", "cash", "punitive", "payable")
_SECTION = "{{{{ section() }}}}、{0}"
_CONTENT = (
    "{{ row.text }}{% if row.note %}；{{ row.note }}{% endif %}"
    "{% if row.open %}〔待补：{{ row.open }}〕{% endif %}"
)


def obligors(document: Any) -> None:
    """Add the section on how several obligors bear the total, where there are several."""
    control(document, "{%p if obligors %}")
    document.add_paragraph(_SECTION.format("责任分担"), style="Heading 1")
    _borne(document, "obligors")
    control(document, "{%p if obligors_reason %}")
    indented(document, "理由：{{ obligors_reason }}")
    control(document, "{%p endif %}")
    control(document, "{%p endif %}")


def _borne(document: Any, name: str) -> None:
    indented(document, f"{{{{ {name}.sentence }}}}。")
    table(
        document,
        ("赔偿义务人", "分担的依据", "金额（元）"),
        f"row in {name}.rows",
        ("{{ row.name }}", "{{ row.by }}", "{{ row.amount }}"),
        (6.4, 5.6, 3.6),
        with_next=True,
        last=(
            f"{{% if {name}.joint %}}共同承担{{% else %}}合计{{% endif %}}",
            "",
            f"{{{{ {name}.total }}}}",
        ),
        right=2,
    )
    small(document, "")


def punitive(document: Any) -> None:
    """Add the section on punitive damages, where the case asks for them."""
    control(document, "{%p if punitive %}")
    document.add_paragraph(_SECTION.format("惩罚性赔偿"), style="Heading 1")
    said = indented(document, "{{ punitive.sentence }}。")
    said.runs[0].bold = True
    indented(document, "适用 {{ punitive.on }} 的规定。")
    table(
        document,
        ("条件", "认定", "依据", "条款"),
        "row in punitive.conditions",
        ("{{ row.title }}", "{{ row.text }}", "{{ row.basis }}", "{{ row.clause }}"),
        (3.6, 2.4, 5.4, 4.2),
    )
    table(
        document,
        ("计算基数", "基数（元）", "倍数或总额", "金额（元）", "依据"),
        "row in punitive.bases",
        (
            "{{ row.title }}",
            "{{ row.base }}",
            "{{ row.measure }}",
            "{{ row.amount }}",
            "{{ row.cited }}",
        ),
        (3.6, 2.9, 2.3, 2.9, 3.9),
        right=(1, 3),
    )
    control(document, "{%p for reason in punitive.reasons %}")
    indented(document, "{{ reason }}。")
    control(document, "{%p endfor %}")
    factors(document)
    control(document, "{%p for fine in punitive.fines %}")
    indented(document, "已受处罚：{{ fine }}")
    control(document, "{%p endfor %}")
    control(document, "{%p for rule in punitive.rules %}")
    indented(document, "{{ rule }}。")
    control(document, "{%p endfor %}")
    control(document, "{%p if punitive.obligors %}")
    _lead(document, "惩罚性赔偿的分担：")
    _borne(document, "punitive.obligors")
    control(document, "{%p endif %}")
    control(document, "{%p endif %}")


def factors(document: Any) -> None:
    """Add the factor sheet: each expert's score and reason, the spread, the agreed value."""
    control(document, "{%p if punitive.is_scored %}")
    _lead(document, "因素评分（{{ punitive.unit }}）：")
    table(
        document,
        ("因素", "各专家的评分与理由", "评分范围", "议定", "说明"),
        "row in punitive.factors",
        (
            "{{ row.title }}",
            "{{ row.scores }}",
            "{{ row.spread }}",
            "{{ row.agreed }}",
            "{{ row.reason }}",
        ),
        (2.9, 6.4, 2.0, 1.7, 2.6),
    )
    control(document, "{%p endif %}")


def settlement(document: Any) -> None:
    """Add the section on how the total is performed, where the case says so."""
    control(document, "{%p if settlement %}")
    document.add_paragraph(_SECTION.format("赔偿责任的履行"), style="Heading 1")
    indented(document, "按 {{ settlement.on }} 的规定，赔偿总额以下列方式履行，各项之和等于总额。")
    table(
        document,
        ("序号", "履行方式", "计算与内容", "依据", "金额（元）"),
        "row in settlement.lines",
        (
            "{{ row.place }}",
            "{{ row.title }}{% if row.obligor %}（{{ row.obligor }}）{% endif %}",
            _CONTENT,
            "{{ row.basis }}",
            "{{ row.amount }}",
        ),
        (1.2, 2.8, 5.2, 3.6, 2.8),
        last=("", "合计", "", "", "{{ settlement.total }}"),
        right=4,
    )
    _money(document)
    control(document, "{%p if settlement.dues %}")
    table(
        document,
        DUE_COLUMNS,
        "row in settlement.dues",
        tuple(f"{{{{ row.{cell} }}}}" for cell in _DUE),
        (2.8, 2.6, 2.6, 2.6, 2.5, 2.5),
        last=("合计", *(f"{{{{ settlement.dues_total.{cell} }}}}" for cell in _DUE[1:])),
        right=(1, 2, 3, 4, 5),
        with_next=True,
    )
    small(document, "")
    control(document, "{%p endif %}")
    _plans(document)
    control(document, "{%p if settlement.deposit %}")
    indented(document, "{{ settlement.deposit }}。")
    control(document, "{%p endif %}")
    control(document, "{%p if settlement.ranks %}")
    _lead(document, "财产不足时的清偿：")
    table(
        document,
        ("顺序", "应付（元）", "可付（元）", "尚欠（元）", "依据"),
        "row in settlement.ranks",
        (
            "{{ row.title }}",
            "{{ row.due }}",
            "{{ row.paid }}",
            "{{ row.short }}",
            "{{ row.clause }}",
        ),
        (3.4, 2.9, 2.9, 2.9, 3.5),
        right=(1, 2, 3),
    )
    control(document, "{%p endif %}")
    control(document, "{%p if settlement.note %}")
    indented(document, "{{ settlement.note }}")
    control(document, "{%p endif %}")
    control(document, "{%p endif %}")


def _lead(document: Any, text: str) -> None:
    indented(document, text).paragraph_format.keep_with_next = True


def _money(document: Any) -> None:
    said = indented(
        document,
        "{% if settlement.has_punitive %}货币赔付 {{ settlement.cash }} 元，惩罚性赔偿 "
        "{{ settlement.punitive }} 元，{% endif %}共须支付货币 {{ settlement.payable }} 元"
        "（{{ settlement.payable_capitals }}）。",
    )
    said.runs[0].bold = True
    indented(document, "资金去向：{{ settlement.destination }}。")


def _plans(document: Any) -> None:
    control(document, "{%p for plan in settlement.plans %}")
    indented(
        document,
        "{% if plan.obligor %}{{ plan.obligor }}：{% endif %}{{ plan.kind }}（{{ plan.basis }}）"
        "{% if plan.terms %}，{{ plan.terms }}{% endif %}。",
    )
    table(
        document,
        ("期", "支付日", "金额（元）", "利息（元）"),
        "row in plan.rows",
        ("{{ row.place }}", "{{ row.on }}", "{{ row.amount }}", "{{ row.interest }}"),
        (1.8, 5.4, 4.4, 4.0),
        last=("", "合计", "{{ plan.total }}", "{{ plan.interest }}"),
        right=(2, 3),
    )
    control(document, "{%p endfor %}")
