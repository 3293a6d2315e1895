"""Whether two formulas say the same, however the program that saved them writes them."""

from __future__ import annotations

import math


def same_number(found: float, wanted: float) -> bool:
    """Tell whether *found* is what a program that keeps fifteen digits makes of *wanted*."""
    if found == wanted or found == 0.0 or wanted == 0.0:
        return found == wanted
    # LibreOffice rounds the sixteenth digit by a float of its own: a little over half is still up.
    reach = 0.6 * 10.0 ** (math.floor(math.log10(abs(wanted))) - 14)
    return float(f"{found:.15g}") == found and abs(found - wanted) <= reach


def same_result(found: float, wanted: float) -> bool:
    """Tell whether another program computed the same: it may add up in another order."""
    return math.isclose(found, wanted, rel_tol=1e-11, abs_tol=1e-11)


def same_formula(one: str, other: str) -> bool:
    """Tell whether two formulas are the same but for spaces, quotes of sheet names, and numerals.

    >>> same_formula("='输入'!$D$4 * 0.50", "=输入!$D$4*0.5"), same_formula("=A1+B1", "=A1-B1")
    (True, False)
    """
    if one == other:
        return True
    mine, wanted = _tokens(one), _tokens(other)
    return len(mine) == len(wanted) and all(map(_same_token, mine, wanted))


def _tokens(formula: str) -> list[tuple[str, str]]:
    from openpyxl.formula import Tokenizer

    found = Tokenizer("=" + formula.lstrip("={").rstrip("}")).items
    return [
        (token.type, token.value if token.subtype == "TEXT" else token.value.replace("'", ""))
        for token in found
        if token.type != "WHITE-SPACE"
    ]


def _same_token(one: tuple[str, str], other: tuple[str, str]) -> bool:
    if one[1].casefold() == other[1].casefold():
        return one[0] == other[0] and (one[1] == other[1] or not one[1].startswith('"'))
    try:
        return same_number(float(one[1]), float(other[1]))
    except ValueError:
        return False
