"""What a value of a term must be, told alike for one number, a column of them, and draws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..numerals import plain
from ..rules.cards import Term

# Years that a case can be about.
FIRST_YEAR, LAST_YEAR = 1900, 2300
# A sum over years lays out a place for each; what claims more is looked at by itself.
MOST_YEARS = 1000


def demands(term: Term, value: Any) -> Iterator[tuple[Any, str]]:
    """Yield what *value*, a number or an array in the unit of the card, must be for *term*.

    Each comes as whether it is so (element by element) and the words that say it; NaN meets none.
    """
    if term.sign == "positive" and not term.calendar:
        yield value > 0, "应大于零"
    if term.sign == "nonnegative":
        yield value >= 0, "不能为负"
    if term.share:
        yield value <= 1, "应为 0 到 1 之间的比例"
    if term.most is not None:
        yield value <= term.most, f"不能大于 {plain(term.most)}"
    if term.whole or term.calendar:
        yield value % 1 == 0, "应为整数"
    if term.calendar:
        yield (value >= FIRST_YEAR) & (value <= LAST_YEAR), "应为公历年份，如 2024"
