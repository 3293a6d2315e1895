"""The rounding of a printed amount as a live formula."""

from __future__ import annotations

from ..money import Rounding

_DIGITS = {"分": 2, "角": 1, "元": 0, "百元": -2, "万元": -4}


def rounded(cell: str, rounding: Rounding) -> str:
    """Return the formula that rounds *cell* (yuan) as `ecoval.money.fen` does.

    Excel and LibreOffice round half away from zero, on the shortest decimal of the number; five to
    even and cutting off are written out, each cleared of the float's noise first.

    >>> rounded("A1", Rounding()), rounded("A1", Rounding("元", "down"))
    ('ROUND(A1,2)', 'TRUNC(ROUND(A1,8),0)')
    """
    digits = _DIGITS[rounding.to]
    if rounding.rule == "half-up":
        return f"ROUND({cell},{digits})"
    if rounding.rule == "down":
        return f"TRUNC(ROUND({cell},8),{digits})"
    steps = f"ROUND({cell}*10^{digits},6)"
    is_tie = f"ROUND(ABS({steps})-INT(ABS({steps})),6)=0.5"
    return f"IF({is_tie},2*ROUND({steps}/2,0),ROUND({steps},0))/10^{digits}"
