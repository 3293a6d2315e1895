"""A method and a table in plain text, as ``ecoval show`` prints them."""

from __future__ import annotations

from typing import Any

from ..rules.jurisdictions import NATION
from ..rules.parameters import Parameter
from ..rules.sources import STANDINGS, source
from ..rules.tables import Table
from ..units import display
from .description import DROPS, standings_of, standings_said

KINDS = {"requires": "适用", "forbids": "不适用"}


def method_text(facts: dict[str, Any]) -> str:
    """Return what `describe` knows of a method in plain text."""
    lines = [f"{facts['title']}  {facts['title_en']}  （{facts['id']}）"]
    lines += [facts["summary"]] if facts["summary"] else []
    lines += ["", *(f"  {equation['text']}" for equation in facts["formula"]), ""]
    lines.append(f"依据  {_standard(facts)}")
    lines.append(f"用于  {facts['serves']}")
    if facts["medium"]:
        lines.append(f"介质  {facts['medium_title']}（{facts['medium']}）")
    if facts["since"] or facts["until"]:
        lines.append(f"时效  {facts['since'] or '…'} 至 {facts['until'] or '今'}")
    if facts["jurisdiction"] != NATION:
        lines.append(f"地域  {facts['place']}")
    if facts["replaced_by"]:
        lines.append(f"后续  {facts['replaced_by']}")
    lines.append(f'调用  {facts["call"]}(…, on="日期", jurisdiction="地点")')
    lines.append("输入")
    for term in facts["terms"]:
        lines += _term(term)
    for setting in facts["settings"]:
        lines += _term(setting)
    for choice in facts["choices"]:
        lines.append(f"  {'':<5} {choice['name']}  {choice['title']}（{choice['selects']}）")
    if facts["lines"]:
        lines.append(f"  {'':<5} {facts['lines']['name']}  {facts['lines']['title']}的列表")
    result = facts["result"]
    lines.append(f"结果  {result['symbol']}  {result['title']}（{result['unit']}）")
    for held in facts["tables"]:
        lines.append(f"用表  {held['id']}  {held['name']}：{held['rows']} 行，"
                     f"{standings_said(held['standings'])}；全表见 ecoval show --table {held['id']}")  # fmt: skip
        lines += [f"      {_values(each)}" for each in held["classes"].values()]
    for held in facts["parameters"]:
        lines.append(f"参数  {held['name']}  {held['title']}")
        lines += [
            f"      {value['value']} {held['unit']}（{value['jurisdiction']}，{value['span']}；"
            f"{value['source']} {value['clause']}；{STANDINGS[value['standing']]}）"
            for value in held["values"]
        ]
    for condition in facts["conditions"]:
        cited = f"{condition['source']} {condition['clause']}"
        lines.append(
            f"{KINDS[condition['kind']]}  {condition['text']}（{cited}；{condition['id']}）"
        )
    for overlap in facts["overlaps"]:
        lines.append(f"重复  与 {overlap['with']}：{overlap['why']}；{DROPS[overlap['drop']]}")
    if facts["note"]:
        lines.append(f"说明  {facts['note']}")
    lines += _golden(facts["golden"])
    lines.append(f"Excel  {facts['excel']}")
    return "\n".join(lines)


def _standard(facts: dict[str, Any]) -> str:
    standard = facts["standard"]
    return f"{standard['title']}{standard['clause']}〔{STANDINGS[facts['standing']]}〕"


def _term(term: dict[str, Any]) -> list[str]:
    bounds = "，".join(part for part in (term["unit"], term["bounds"]) if part)
    line = f"  {term['symbol']:<5} {term['name']}  {term['title']}（{bounds}）{term['origin']}"
    lines = [f"{line}；{term['asks']}" if term["asks"] else line]
    if term["reads"]:
        lines.append(f"        亦可写作 {'、'.join(term['reads'])}")
    if term["range"]:
        standing = f"〔{STANDINGS[term['range_standing']]}〕"
        lines.append(f"        取值范围 {term['range']}{standing}")
    return lines


def _values(of: dict[str, Any], *, most: int = 12) -> str:
    values = of["values"]
    shown = "、".join(values[:most])
    return f"{of['title']}：{shown}" + (f" 等 {len(values)} 种" if len(values) > most else "")


def _golden(cases: list[dict[str, Any]]) -> list[str]:
    lines = []
    for case in cases:
        if not case.get("expect"):
            continue
        # What a case is called is written for its tests; its origin says what it is.
        lines.append(f"验证  {case['expect']}（{case['on']}）")
        read = f"（{case['standing']}）" if case.get("standing") else ""
        lines.append(f"      出处 {case['origin']}{read}")
        if not case.get("reconciles", True):
            lines.append(f"      不能复算：{case['why']}")
    refused = sum(not case.get("expect") for case in cases)
    return [*lines, *([f"      另有 {refused} 例验证应予拒绝的输入"] if refused else [])]


def table_text(held: Table) -> str:
    """Return a table with every row, its source and its standing, in plain text."""
    heading = held.heading
    names = list(heading.columns)
    lines = [f"{held.name}  （{held.id}）"]
    lines.append(f"来源  {source(heading.source)}{heading.clause}")
    lines.append(f"可信度  {standings_said(standings_of(held))}")
    if heading.note:
        lines.append(f"说明  {heading.note}")
    listed = [[*(_column(heading.columns[name]) for name in names), "可信度", "说明"]]
    for row in held.rows:
        cells = [row.texts[name] or "—" for name in names]
        other = "" if row.source == heading.source else source(row.source).short
        note = "；".join(part for part in (row.note, other) if part)
        listed.append([*cells, STANDINGS[row.standing], note])
    return "\n".join([*lines, *_aligned(listed)])


def _aligned(rows: list[list[str]]) -> list[str]:
    """Return *rows* with their columns under each other; a Chinese character is two places wide."""
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _column(of: Any) -> str:
    return f"{of.title}（{display(of.unit)}）" if of.unit else str(of.title)


def parameter_text(name: str, held: Parameter) -> str:
    """Return a parameter with the codes of its choices and every value it has had, in plain text."""
    lines = [f"{held.title}  （{name}）"]
    lines += [f"  {code}  {title}" for code, title in held.choices.items()]
    for value in held.values:
        shown = value.value if not isinstance(value.value, tuple) else "；".join(
            held.choices.get(code, code) for code in value.value
        )  # fmt: skip
        cited = f"{source(value.source)}{value.clause}"
        lines.append(f"  {value.jurisdiction}  {value.span}  {shown} {held.unit or ''}".rstrip())
        lines.append(f"      {cited}〔{STANDINGS[value.standing]}〕{value.note}")
    return "\n".join(lines)
