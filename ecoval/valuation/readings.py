"""A standard that can be read in two ways: what the other reading comes to, said beside the result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..errors import EcovalError

if TYPE_CHECKING:
    from .item import Item


def other_reading(item: Item) -> Iterator[str]:
    """Yield what *item* comes to by the other reading of its standard, if its card names one."""
    from .printing import printed_amount
    from .registry import method

    card = item.card
    if not card.other_reading:
        return
    other = method(card.other_reading)
    names = {term.name for term in other.card.terms}
    overrule = {
        name: why for name, why in item.overrule.items() if name in names or name == "dates"
    }
    said = f"同一标准另有一种读法（{other.card.title}，{other.id}）"
    try:
        beside = other.value(
            item.given, on=item.on, place=item.place, overrule=overrule, rounding=item.rounding
        )
    except EcovalError:
        yield f"{said}，以本项的输入不能计算；采用前须核对标准原文"
        return
    yield f"{said}，以同样的输入为 {printed_amount(beside)}；采用前须核对标准原文"
