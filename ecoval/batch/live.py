"""The formulas of a live results sheet: each row's result from its own cells."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import money
from ..errors import EcovalError
from ..formula.excel import excel, number
from ..formula.tree import Node, Operand, Step, Sum, Where, walk
from ..rules.cards import Card
from ..units import factor, same_kind, unit
from ..valuation import Method
from ..valuation.keyed import Array, Mask
from ..valuation.noise import cleared
from .books import Block
from .cutting import letters
from .layout import Found
from .running import Outcome

_DIGITS = {"分": 2, "角": 1, "元": 0, "百元": -2, "万元": -4}


def row_formulas(
    method: Method, terms: dict[str, int], steps: dict[str, int]
) -> dict[str, tuple[str, bool]]:
    """Return the pattern of each step and of the result (``""``), and if it must be an array formula.

    *terms* and *steps* have the columns that the formulas refer to.
    """

    def reference(part: Operand | Step) -> str | None:
        columns = terms if isinstance(part, Operand) else steps
        return f"${letters(columns[part.name])}{{row}}" if part.name in columns else None

    def written(at: Node) -> tuple[str, bool]:
        return excel(at, reference), any(
            isinstance(part, Sum) and any(isinstance(each, Where) for each in walk(part.body))
            for part in walk(at)
        )

    made = {step.name: written(step.definition) for step in method.formula.steps}
    return made | {"": written(method.formula.root)}


def rounded(card: Card, cell: str) -> str:
    """Return the formula that rounds the amount in *cell* as the card says."""
    digits = _DIGITS[card.rounding_to]
    if card.rounding_rule == "down":
        return f"ROUNDDOWN(ROUND({cell},{digits + 6}),{digits})"
    up = f"ROUND({cell},{digits})"
    if card.rounding_rule == "half-up":
        return up
    scale = f"10^{digits}" if digits >= 0 else f"10^({digits})"
    even = f"2*ROUND({cell}*{scale}/2,0)/{scale}"
    return f"IF(ROUND(ABS({cell}*{scale}-TRUNC({cell}*{scale}))-0.5,6)=0,{even},{up})"


def amount_of(fens: int) -> float:
    """Return *fens* in yuan, as a cell holds it."""
    return float(money.yuan(fens))


def taken_from(
    found: Found | None, block: Block, outcome: Outcome, name: str
) -> tuple[str, Mask | None]:
    """Return the pattern by which the cell of *found* gives the value of the term *name*.

    With it comes in which rows it does: those whose cell is a plain number in the unit of the
    header. The others have the value itself; so has every row where the pattern is empty.
    """
    if found is None or not 0 <= found.column < len(block.columns) or found.unit_column >= 0:
        return "", None
    numbers, values = _numbers(block.columns[found.column]), outcome.values[name]
    best, rows = "", np.zeros(len(block), dtype=bool)
    place = f"${letters(found.column)}{{row}}"
    for scale in _scales(found):
        fits = (numbers if scale == 1.0 else cleared(numbers * scale)) == values
        if fits.sum() > rows.sum():
            best, rows = place if scale == 1.0 else f"{place}*{number(scale)}", fits
    return best, rows


def _numbers(cells: Any) -> Array:
    """Return the plain numbers in *cells*, not a number where there is none."""
    if isinstance(cells, list):
        plain = [
            float(cell) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else np.nan
            for cell in cells
        ]
        return np.array(plain, dtype=float)
    if str(cells.type) != "double":
        return np.full(len(cells), np.nan)
    return np.asarray(cells.to_numpy(zero_copy_only=False), dtype=float)


def _scales(found: Found) -> list[float]:
    """Return what a cell may be multiplied by: the factor to each unit that the term may have."""
    term = found.field.term
    assert term is not None
    scales = [1.0]
    try:
        of = unit(found.unit)
    except EcovalError:
        return scales
    for text in term.unit:
        if "[" not in text and same_kind(of, to := unit("" if text == "%" else text)):
            scales.append(factor(of, to))
    return scales
