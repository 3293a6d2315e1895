"""The reasons of an overrule, as a row states them in one cell."""

from __future__ import annotations

from .faults import CellFault
from .layout import Layout, same


def read_reasons(layout: Layout, text: str) -> dict[str, str]:
    """Read ``危害系数：……；日期：……`` as the reasons of an overrule."""
    titles = {same(term.title): term.name for term in layout.method.card.terms}
    titles |= {term.name: term.name for term in layout.method.card.terms}
    titles |= {"日期": "dates", "dates": "dates"}
    reasons: dict[str, str] = {}
    last = ""
    for part in text.replace(";", "；").split("；"):
        if not part.strip():
            continue
        name, found, why = part.replace(":", "：", 1).partition("：")
        if last and same(name) not in titles and not found:
            reasons[last] += f"；{part.strip()}"  # a reason of several clauses
            continue
        if not found or same(name) not in titles or not why.strip():
            raise CellFault("推翻理由应写作“列名：理由；…”", part, f"可写：{'、'.join(titles)}。")
        last = titles[same(name)]
        reasons[last] = why.strip()
    return reasons
