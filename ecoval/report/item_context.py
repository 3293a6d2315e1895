"""What a document prints of one item."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from markupsafe import Markup

from ..case.assessment import AssessedItem
from ..formula import mathml, omml, text
from ..rules.cards import HEADS
from ..rules.sources import STANDINGS, source
from ..valuation.display import amount_line
from ..valuation.gathering import EDITION
from ..valuation.item import Item
from ..valuation.printing import derivation, looked_up
from ..valuation.tabled import input_rows, line_rows, line_titles, notes, sheets


def item_context(assessed: AssessedItem) -> dict[str, Any]:
    """Return the variables of one item."""
    item = assessed.item
    lines = line_rows(item)
    rounding = assessed.entry.round
    own_day = f"，按 {chinese_date(item.on)} 的标准与规则" if assessed.entry.on else ""
    return {
        "place": assessed.place,
        "title": assessed.title,
        "head": HEADS[assessed.entry.head],
        "method": item.card.title,
        "standard": item.card.cited() + own_day,
        "standing": "" if item.card.standard == "arithmetic" else STANDINGS[item.card.standing],
        "inputs": [
            {
                "symbol": subscripted(row.symbol),
                "title": row.title,
                "value": row.value,
                "basis": row.basis,
                "standing": row.standing,
                "open": row.open,
            }
            for row in input_rows(item)
        ],
        "lines": [
            {"place": row.place, "name": row.name, "cells": list(row.cells), "note": row.note}
            for row in lines
        ],
        "line_titles": list(line_titles(item)),
        "sheets": [
            {
                "title": sheet.title,
                "titles": list(sheet.titles),
                "rows": [
                    {
                        "place": row.place,
                        "name": row.name,
                        "cells": list(row.cells),
                        "note": row.note,
                    }
                    for row in sheet.rows
                ],
            }
            for sheet in sheets(item)
            if sheet.title
        ],
        "remarks": list(item.remarks),
        "looked_up": [*notes(item), *looked_up(item)],
        "equations": [
            {
                "omml": Markup(omml(line)),
                "mathml": Markup(mathml(line)),
                "text": text(line),
            }
            for equation in derivation(item)
            for line in equation.lines
        ],
        "amount": amount_line(item),
        "rounding": f"{item.rounding}：{rounding.reason}" if rounding else "",
        "conditions": [
            {
                "text": condition.text,
                "kind": {"requires": "适用", "forbids": "不适用"}[condition.kind],
                "attested": _attested(assessed, condition.id),
                "clause": f"{source(condition.source).short} {condition.clause}",
            }
            for condition in item.card.conditions
        ],
        "overrules": list(_overrules(item)),
        "note": assessed.entry.note,
        "card_note": item.card.note,
        "confirmed": [
            {"name": _confirmed(assessed, name), "text": said.text}
            for name, said in assessed.entry.confirm.items()
        ],
        "fingerprint": item.fingerprint,
    }


def _confirmed(assessed: AssessedItem, name: str) -> str:
    if name == "method":
        return "公式"
    titles = {used.term.name: used.term.title for used in assessed.item.rest_on()}
    return titles.get(name, name)


def _overrules(item: Item) -> Iterator[dict[str, str]]:
    """Yield what was overruled, in the parts first, each once."""
    seen: list[dict[str, str]] = []
    for part in item.parts:
        seen += [row for row in _overrules(part) if row not in seen]
    titles = item.card.titles | EDITION
    seen += [{"name": titles[name], "reason": reason} for name, reason in item.overrule.items()]
    yield from seen


def _attested(assessed: AssessedItem, id: str) -> str:
    said = assessed.entry.conditions.get(id)
    if said is None or said.met is None:
        return f"待说明：{said.open}" if said is not None and said.open else "待说明"
    said_of = [
        text for text in (said.note, f"材料 {said.evidence}" if said.evidence else "") if text
    ]
    return "，".join(["是" if said.met else "否", *said_of])


def subscripted(symbol: str) -> str:
    """Return a card's symbol as a table shows it: ``t_0`` as t₀."""
    letter, _, sub = symbol.partition("_")
    lowered = sub.translate(_SUBSCRIPTS)
    return letter + lowered if all(sign in _LOWERED for sign in lowered) else symbol


_LOWERED = "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
_SUBSCRIPTS = str.maketrans("0123456789aehijklmnoprstuvx", _LOWERED)


def chinese_date(on: date) -> str:
    """Return *on* as documents write it: 2024年12月30日."""
    return f"{on.year}年{on.month}月{on.day}日"
