"""The score sheet of each expert: what is to be judged, with the value used and room for one's own."""

from __future__ import annotations

from typing import Any

from .. import money
from ..case.assessment import AssessedItem, Assessment
from ..case.entries import FACTS
from ..rules.cards import Range
from ..valuation.item import Item
from ..valuation.printing import printed_amount
from .catalogue import in_language, title_of, value_text
from .choosing import Language
from .item_context import subscripted


def score_sheets(assessment: Assessment, language: Language = "zh") -> list[dict[str, Any]]:
    """Return a sheet for each expert, or a single one without a name where no panel is named.

    Each has ``place``, ``name``, ``unit``, ``title``, ``field`` and ``judged``, the items of the case; each has
    ``place``, ``title``, ``method``, ``amount`` and ``rows`` (``symbol``, ``title``, ``value``,
    ``allowed``) of what an expert judges: choices and coefficients, not bills and prices.
    """
    items = [_item(item, language) for item in assessment.items]
    people: list[Any] = list(assessment.case.experts) or [None]
    return [
        {
            "place": place,
            "name": expert.name if expert else "",
            "unit": expert.unit if expert else "",
            "title": expert.title if expert else "",
            "field": expert.field if expert else "",
            "last": place == len(people),
            "judged": items,
        }
        for place, expert in enumerate(people, start=1)
    ]


def questions(assessment: Assessment, language: Language = "zh") -> list[str]:
    """Return what each expert is asked beside the figures: the facts stated, and the total."""
    asked = ("causation", "baseline", "damage", "restoration", "substitute")
    stated = [FACTS[name] for name in asked if getattr(assessment.case.facts, name) is not None]
    total = f"{in_language('赔偿金额合计', language)} {money.printed(assessment.total)}"
    unit = in_language("元", language)
    return [*(in_language(label, language) for label in stated), f"{total} {unit}"]


def _item(assessed: AssessedItem, language: Language) -> dict[str, Any]:
    item = assessed.item
    title = assessed.entry.title or title_of(item.card, language)
    return {
        "place": assessed.place,
        "title": title,
        "method": title_of(item.card, language),
        "amount": value_text(printed_amount(item), language),
        "rows": [row for part in (*item.parts, item) for row in _rows(part, language)],
    }


def _rows(item: Item, language: Language) -> list[dict[str, str]]:
    rows = []
    for choice in item.card.choices:
        if choice.name in item.choices:
            chosen = str(item.choices[choice.name])
            rows.append(_row("", title_of(choice, language), chosen, ""))
    for used in item.inputs:
        term = used.term
        if term.lines or used.origin == "method" or not (term.range or term.lookup or _bare(term)):
            continue
        allowed = _allowed(term.range, language) if term.range else ""
        value = value_text(used.text, language)
        rows.append(_row(subscripted(term.symbol), title_of(term, language), value, allowed))
    return rows


def _bare(term: Any) -> bool:
    """Tell whether *term* is a number without a unit, or a share: what experts judge by scoring."""
    return term.share or term.unit in (("",), ("%",))


def _row(symbol: str, title: str, value: str, allowed: str) -> dict[str, str]:
    return {"symbol": symbol, "title": title, "value": value, "allowed": allowed}


def _allowed(allowed: Range, language: Language) -> str:
    if allowed.low is not None and allowed.high is not None:
        span = f"{allowed.low:g}–{allowed.high:g}"
    elif allowed.low is not None:
        span = f"≥ {allowed.low:g}"
    elif allowed.high is not None:
        span = f"≤ {allowed.high:g}"
    else:
        span = in_language("查表", language)
    return f"{span}　{allowed.cited}" if allowed.cited else span
