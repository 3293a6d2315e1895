"""Yuan as they are printed: one rounding, exact sums in fen, amounts in capital characters."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Literal

from .errors import InputError
from .numerals import signed

Rule = Literal["half-up", "half-even", "down"]
Place = Literal["分", "角", "元", "百元", "万元"]

_MODES = {"half-up": ROUND_HALF_UP, "half-even": ROUND_HALF_EVEN, "down": ROUND_DOWN}
_EXPONENTS = {"分": -2, "角": -1, "元": 0, "百元": 2, "万元": 4}
_RULE_NAMES = {"half-up": "四舍五入", "half-even": "四舍六入五成双", "down": "舍去尾数"}

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_LARGEST_IN_WORDS = 10**18
# Yuan from which on a float no longer holds the fen.
LARGEST = 10**13


@dataclass(frozen=True)
class Rounding:
    """To which place, and by which rule, an amount is rounded, once, when it is printed.

    ``half-even`` is GB/T 8170's (five to even); ``half-up`` is the habit of settlements.
    """

    to: Place = "分"
    rule: Rule = "half-up"

    @property
    def step(self) -> int:
        """The fen of one step of the place: 1 for 分, 100 for 元."""
        return int(10 ** (_EXPONENTS[self.to] + 2))

    def __str__(self) -> str:
        return f"{_RULE_NAMES[self.rule]}至{self.to}"


def fen(amount: float, rounding: Rounding = Rounding()) -> int:
    """Return *amount* (yuan) in whole fen, rounded by *rounding*.

    The shortest decimal that stands for the float is what is rounded, so 2.675 is 2.68 as on
    paper, not 2.67 as in binary. An amount within a few units of the float's last bit of a tie is
    taken for the tie: 1.005 × 100 is a hair below 100.5 only because of the float.

    >>> fen(2.675), fen(2.665, Rounding(rule="half-even")), fen(15562.5, Rounding(to="元"))
    (268, 266, 1556300)

    Raises
    ------
    InputError
        The amount is not finite, or beyond what a float holds to the fen.
    """
    if not math.isfinite(amount):
        raise InputError("金额不是有限的数", got=amount)
    if abs(amount) >= LARGEST:
        raise InputError("金额超出可精确到分的范围（十万亿元）", got=amount)
    step = Decimal(1).scaleb(_EXPONENTS[rounding.to])
    exact = _cleared(amount, step / 2)
    rounded = (exact / step).quantize(Decimal(1), _MODES[rounding.rule]) * step
    return int(rounded * 100)


def _cleared(amount: float, half: Decimal) -> Decimal:
    """Return *amount* as a decimal, moved onto a multiple of *half* a step if float noise is all between."""
    exact = Decimal(repr(float(amount)))
    tie = (exact / half).quantize(Decimal(1)) * half
    return tie if abs(exact - tie) <= 4 * Decimal(math.ulp(amount)) else exact


def is_exact(amount: float, fens: int) -> bool:
    """Tell whether *fens* are all of *amount* (yuan), float noise aside: nothing was rounded.

    >>> is_exact(1.1 + 2.2, 330), is_exact(2.675, 268)
    (True, False)
    """
    return math.isclose(amount * 100, fens, rel_tol=1e-14, abs_tol=5e-7)


def yuan(fens: int) -> Decimal:
    """Return *fens* as yuan with two decimals."""
    return Decimal(fens).scaleb(-2)


def printed(fens: int) -> str:
    """Return *fens* as printed: ``15,562.50``.

    >>> printed(1556250), printed(-2800000)
    ('15,562.50', '−28,000.00')
    """
    return signed(f"{yuan(fens):,.2f}")


def total(parts: Iterable[int]) -> int:
    """Return the sum of *parts* in fen, exact, so that printed lines add up to their total."""
    return sum(parts)


def capitals(fens: int) -> str:
    """Return *fens* in the capital characters of a negotiable instrument.

    《支付结算办法》附一《正确填写票据和结算凭证的基本规定》: several zeros in a row are written once, 整 stands after 元 or 角 and
    never after 分.

    >>> capitals(1556250)
    '人民币壹万伍仟伍佰陆拾贰元伍角整'

    Raises
    ------
    InputError
        The amount is beyond the characters in use.
    """
    if abs(fens) >= _LARGEST_IN_WORDS:
        raise InputError("金额超出大写所能表示的范围", got=fens)
    sign = "负" if fens < 0 else ""
    whole, cents = divmod(abs(fens), 100)
    jiao, last = divmod(cents, 10)
    text = _whole(whole) + "元" if whole else ""
    if not cents:
        return f"人民币{sign}{text or '零元'}整"
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif whole:
        text += "零"
    return f"人民币{sign}{text}{_DIGITS[last] + '分' if last else '整'}"


def _whole(number: int) -> str:
    """Write a positive integer: so many 亿, so many 万, and the rest."""
    for power, name in ((10**8, "亿"), (10**4, "万")):
        if number >= power:
            above, below = divmod(number, power)
            gap = below and (below < power // 10 or not above % 10)
            return _whole(above) + name + ("零" if gap else "") + (_whole(below) if below else "")
    return _group(number)


def _group(number: int) -> str:
    """Write one to four digits with 仟, 佰, 拾."""
    text, gap = "", False
    for power, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit, number = divmod(number, power)
        if not digit:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + _DIGITS[digit] + name
        gap = False
    return text
