"""What the full appraisal report prints beside the figures: plan, survey, institution."""

from __future__ import annotations

from typing import Any

from ..case.assessment import Assessment
from ..case.entries import Statement
from ..case.openings import UNWRITTEN
from .choosing import Language

LABELS = {
    "institution": "鉴定评估机构",
    "matter": "委托事项",
    "region": "区域概况",
    "purpose": "鉴定评估目的",
    "principles": "鉴定评估原则",
    "scope": "鉴定评估范围",
    "content": "鉴定评估内容",
    "plan": "调查方案",
    "survey": "调查过程",
    "results": "调查结果",
    "finding": "分析结论",
    "goal": "修复目标",
    "options": "备选方案",
    "recommended": "推荐方案",
}
# Without these a report is not one.
NEEDED = ("institution", "matter", "purpose", "scope", "survey")
_RESTORATION = ("goal", "options", "recommended")
_GROUPS = {
    "who": ("institution", "matter"),
    "region": ("region",),
    "aim": ("purpose",),
    "bounds": ("principles", "scope", "content"),
    "survey": ("plan", "survey", "results"),
    "finding": ("finding",),
}


def appraisal(assessment: Assessment, language: Language = "zh") -> dict[str, Any]:
    """Return the rows (``label``, ``text``, ``evidence``, ``open``) of each part of the report.

    ``methods`` has each item with its method and standard.
    """
    prepared: dict[str, Any] = {
        group: [_row(label, said, language) for label, said in _said(assessment, names)]
        for group, names in _GROUPS.items()
    }
    prepared["licence"] = assessment.case.appraisal.licence
    return prepared


def restoration_rows(assessment: Assessment) -> list[dict[str, str]]:
    """Return the rows that the report adds to the proposal of restoration."""
    return [_row(label, said, "zh") for label, said in _said(assessment, _RESTORATION)]


def missing_parts(assessment: Assessment) -> list[str]:
    """Return what the report leaves open: the parts it needs, and those that say why not yet."""
    points = []
    for name, label in LABELS.items():
        said: Statement | None = getattr(assessment.case.appraisal, name)
        if said is not None and said.open:
            points.append(f"{label}：{said.open}")
        elif name in NEEDED and (said is None or not said.text):
            points.append(f"{label}：{UNWRITTEN}")
    return points


def _said(assessment: Assessment, names: tuple[str, ...]) -> list[tuple[str, Statement]]:
    rows = []
    for name in names:
        said: Statement | None = getattr(assessment.case.appraisal, name)
        if said is not None and (said.text or said.open):
            rows.append((LABELS[name], said))
        elif name in NEEDED:
            rows.append((LABELS[name], Statement(open=UNWRITTEN)))
    return rows


def _row(label: str, said: Statement, language: Language) -> dict[str, str]:
    from .catalogue import in_language

    return {
        "label": in_language(label, language),
        "text": said.text,
        "evidence": said.evidence,
        "open": in_language(said.open, language) if said.open == UNWRITTEN else said.open,
    }
