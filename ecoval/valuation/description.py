"""What there is to know of a method, as plain data: for ``show``, its page and its docstring."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import Signature, signature
from typing import TYPE_CHECKING, Any

from ..numerals import plain
from ..rules.cards import HEADS, Card, Choice, Overlap, Range, Term, bound_unit
from ..rules.jurisdictions import NATION, as_place
from ..rules.media import MEDIA
from ..rules.parameters import parameter
from ..rules.sources import STANDINGS, Standing, source
from ..rules.tables import Table, table
from ..units import display
from .golden import golden_of
from .lookups import computable, names_of
from .printing import excel_formula, formulas

if TYPE_CHECKING:
    from .definition import Method

DROPS: dict[str, str] = {
    "this": "删去本项",
    "other": "删去另一项",
    "either": "两项只留一项，由专家说明理由",
    "part-of-this": "从本项中扣除两项共有的部分",
    "part-of-other": "从另一项中扣除两项共有的部分",
}


def describe(method: Method) -> dict[str, Any]:
    """Return everything that card, formula, tables and golden cases say of *method*, JSON-ready."""
    card = method.card
    return {
        "id": card.id,
        "title": card.title,
        "title_en": card.title_en,
        "summary": card.summary,
        "call": call_of(method),
        "family": method.family,
        "medium": card.medium,
        "medium_title": MEDIA.get(card.medium, card.medium),
        "heads": list(card.heads),
        "serves": serves(card),
        "standard": {
            "id": card.standard,
            "title": str(source(card.standard)),
            "clause": card.clause,
            "address": source(card.standard).address,
        },
        "since": card.since.isoformat() if card.since else None,
        "until": card.until.isoformat() if card.until else None,
        "jurisdiction": card.jurisdiction or NATION,
        "place": str(as_place(card.jurisdiction or NATION)),
        "standing": card.standing,
        "replaced_by": card.replaced_by,
        "formula": [
            {"text": equation.text, "latex": equation.latex} for equation in formulas(method)
        ],
        "excel": excel_formula(method),
        "terms": [term_facts(card, term) for term in card.terms],
        "settings": [term_facts(card, term) for term in card.settings],
        "choices": [
            {
                "name": choice.name,
                "title": choice.title,
                "title_en": choice.title_en,
                "selects": choice_said(choice),
            }
            for choice in card.choices
        ],
        "lines": {"name": card.lines.name, "title": card.lines.title} if card.lines else None,
        "steps": [
            {
                "name": step.name,
                "symbol": step.symbol,
                "title": step.title,
                "unit": unit_said(step.unit),
            }
            for step in card.steps
        ],
        "result": {
            "symbol": card.result.symbol,
            "title": card.result.title,
            "unit": unit_said(card.result.unit),
        },
        "tables": [table_facts(id) for id in tables_of(card)],
        "parameters": [
            _parameter_facts(term.parameter)
            for term in (*card.terms, *card.settings)
            if term.parameter
        ],
        "methods": list(card.computed_by),
        "conditions": [
            {
                "id": condition.id,
                "kind": condition.kind,
                "text": condition.text,
                "source": source(condition.source).short,
                "clause": condition.clause,
                "standing": condition.standing,
            }
            for condition in card.conditions
        ],
        "overlaps": [*map(_short_overlap, card.overlaps), *map(_overlap, card.declared_overlaps)],
        "note": card.note,
        "golden": [
            case.model_dump(mode="json", exclude_defaults=True) for case in golden_of(card.id)
        ],
    }


def call_of(method: Method) -> str:
    """Return how *method* is called in Python: ``ev.water.virtual_treatment``."""
    ours = method.__module__.startswith("ecoval.")
    return f"ev.{method.family}.{method.__name__}" if ours else method.__name__


def serves(card: Card) -> str:
    """Return what the result of *card* is for, as printed."""
    if card.heads:
        return "、".join(HEADS[head] for head in card.heads)
    return "不计入赔偿科目的金额" if card.is_money else "供其他方法使用的系数或数量"


def docstring(method: Method, opening: str) -> str:
    """Return what ``help()`` and ``?`` print of *method*: *opening*, formula, terms, clause."""
    card = method.card
    span = f"，{card.since or '…'} 至 {card.until or '今'}" if card.since or card.until else ""
    lines = [opening, "", f"{card.title}（{card.title_en}；{card.id}）"]
    lines.append(f"依据 {card.cited()}（公式{STANDINGS[card.standing]}{span}）")
    taken = signature(method).replace(return_annotation=Signature.empty)
    lines += [f"调用 {call_of(method)}{taken}", ""]
    lines += [f"    {equation.text}" for equation in formulas(method)]
    lines += ["", "输入", "----"]
    for term in (*card.terms, *card.settings):
        fact = term_facts(card, term)
        bounds = "；".join(part for part in (fact["bounds"], fact["range"]) if part)
        lined = "，逐项" if term.lines else ""
        lines.append(f"{term.name} : {term.symbol} {term.title}（{fact['unit']}{lined}；{bounds}）")
        also = f"亦可写作 {'、'.join(fact['reads'])}" if fact["reads"] else ""
        lines.append("    " + "；".join(part for part in (fact["origin"], term.asks, also) if part))
    lines += [
        f"{choice.name} : {choice.title}（文字，{choice_said(choice)}）" for choice in card.choices
    ]
    if card.lines is not None:
        lines.append(f"{card.lines.name} : {card.lines.title}的列表（每项一个表，代替逐项的各列）")
    for id, part in computable(card).items():
        own = names_of(part.card)
        lines.append(f"{', '.join(own)} : 给出时由 {id} 计算{part.card.result.title}")
    lines += ["on : 损害发生之日，选定标准与规则的版本", "jurisdiction : 行政区划的名称或代码"]
    lines += [
        "overrule : {名称: 理由}，超出规定取值时须写明",
        "rounding, title : 取整规则，项目名称",
    ]
    lines += ["", "结果", "----"]
    result = f"{card.result.symbol} {card.result.title}（{unit_said(card.result.unit)}）"
    lines.append(f"Item : {result}，用于{serves(card)}")
    for condition in card.conditions:
        kind = {"requires": "适用", "forbids": "不适用"}[condition.kind]
        lines.append(f"{kind} : {condition.text}（{condition.clause}）")
    return "\n".join(lines)


def unit_said(text: str) -> str:
    """Return the unit *text* of a card as a reader understands it."""
    if text == "[unit]":
        return "任意单位"
    return display(bound_unit(text, "单位")) or "无量纲"


def term_facts(card: Card, term: Term) -> dict[str, Any]:
    """Return name, symbol, title, unit, bounds and the origin of the value of *term*."""
    return {
        "name": term.name,
        "symbol": term.symbol,
        "title": term.title,
        "title_en": term.title_en,
        "unit": " 或 ".join(dict.fromkeys(unit_said(text) for text in term.unit)),
        "bounds": bounds_of(term),
        "range": _range(term.range) if term.range else "",
        "range_standing": term.range.standing if term.range else None,
        "reads": [
            f"{unit_said(text)}{f'（{said}）' if said else ''}" for text, said in term.reads.items()
        ],
        "origin": origin_of(card, term),
        "lines": term.lines,
        "asks": term.asks,
        "note": term.note,
    }


def choice_said(choice: Choice) -> str:
    """Return what the text of *choice* is for: it selects a row, or must be said."""
    said = "必须写明" if choice.required else "选定表中的行"
    return f"{said}；{choice.asks}" if choice.asks else said


def bounds_of(term: Term) -> str:
    """Return what a value of *term* must be, whatever the standard says."""
    if term.calendar:
        return "公历年份"
    if term.share:
        said = "0–100%" if term.sign == "nonnegative" else "大于 0，不大于 100%"
    else:
        said = {"positive": "大于 0", "nonnegative": "不小于 0", "any": "不限"}[term.sign]
    if term.most is not None:
        said += f"，不大于 {plain(term.most)}"
    return said + ("，整数" if term.whole else "")


def _range(allowed: Range) -> str:
    if allowed.table:
        return f"取值区间查表 {allowed.table}（{table(allowed.table).name}）"
    low = plain(allowed.low) if allowed.low is not None else ""
    high = plain(allowed.high) if allowed.high is not None else ""
    span = f"{low}–{high}" if low and high else (f"不小于 {low}" if low else f"不大于 {high}")
    return f"{span}（{allowed.cited}）"


def origin_of(card: Card, term: Term) -> str:
    """Return where a value of *term* comes from, as printed."""
    ways = ["专家逐项给定" if term.lines else "专家给定"]
    if term.lookup is not None:
        keys = [_key(card, key) for key in term.lookup.keys.values()]
        by = f"，按 {'、'.join(keys)}" if keys else ""
        ways.append(f"查表 {term.lookup.table}{by}")
    if term.method:
        ways.append(f"由 {' 或 '.join(term.method)} 计算")
    if term.parameter:
        ways.append(f"取规则参数 {term.parameter}")
    return "，或".join(ways)


def _key(card: Card, key: str) -> str:
    if key.startswith("="):
        return f"“{key[1:]}”"
    title = card.titles.get(key)
    return f"{title} {key}" if title else key


def tables_of(card: Card) -> tuple[str, ...]:
    """Return the ids of the tables that *card* reads values or ranges off."""
    named = [term.lookup.table for term in card.terms if term.lookup is not None]
    named += [term.range.table for term in card.terms if term.range is not None]
    return tuple(dict.fromkeys(id for id in named if id))


def table_facts(id: str) -> dict[str, Any]:
    """Return the table *id*: whose it is, where it was read, its classes and how its rows stand."""
    held = table(id)
    return {
        "id": id,
        "name": held.name,
        "title": held.heading.title,
        "source": str(source(held.heading.source)),
        "clause": held.heading.clause,
        "rows": len(held.rows),
        "standings": standings_of(held),
        "sources": list(dict.fromkeys(str(source(row.source)) for row in held.rows)),
        "classes": {
            column: {
                "title": held.heading.columns[column].title,
                "values": list(dict.fromkeys(row.texts[column] for row in held.rows)),
            }
            for column in held.heading.classes
        },
        "band": held.heading.band,
        "note": held.heading.note,
    }


def standings_of(held: Table) -> dict[Standing, int]:
    """Return how many rows of a table are verified, second-hand and unverified."""
    counts = {
        standing: sum(row.standing == standing for row in held.rows) for standing in STANDINGS
    }
    return {standing: count for standing, count in counts.items() if count}


def standings_said(counts: Mapping[Standing, int]) -> str:
    """Return the counts of `standings_of` as printed: ``已核对原文 14 行，待核实 4 行``."""
    return "，".join(f"{STANDINGS[standing]} {count} 行" for standing, count in counts.items())


def _parameter_facts(name: str) -> dict[str, Any]:
    held = parameter(name)
    return {
        "name": name,
        "title": held.title,
        "unit": held.unit or "",
        "values": [
            {
                "value": plain(value.value) if isinstance(value.value, float) else value.value,
                "jurisdiction": value.jurisdiction,
                "span": value.span,
                "source": source(value.source).short,
                "clause": value.clause,
                "standing": value.standing,
            }
            for value in held.values
        ],
    }


def _short_overlap(declared: str) -> dict[str, Any]:
    head, _, medium = declared.partition(":")
    return {
        "with": f"{HEADS[head]}（{MEDIA.get(medium, medium)}）",  # type: ignore[index]
        "drop": "this",
        "why": "同一介质的损失已按该科目计算",
        "source": "",
        "clause": "",
        "standing": None,
    }


def _overlap(declared: Overlap) -> dict[str, Any]:
    with_whom = [*declared.methods, *(HEADS[head] for head in declared.heads)]
    if declared.media and declared.media != ("*",):
        with_whom.append(f"介质 {'、'.join(MEDIA.get(one, one) for one in declared.media)}")
    return {
        "with": "；".join(with_whom),
        "drop": declared.drop,
        "why": declared.why,
        "source": source(declared.source).short,
        "clause": declared.clause,
        "standing": declared.standing,
    }
