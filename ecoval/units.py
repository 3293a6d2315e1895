"""One application registry: pint's, with the units that Chinese appraisal files use."""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from numbers import Real
from tokenize import TokenError
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import pint

from .errors import InputError, Spot, UnitError

if TYPE_CHECKING:
    Quantity: TypeAlias = pint.Quantity[Any]
else:
    Quantity = pint.Quantity
Unit: TypeAlias = pint.Unit

ureg: Any = pint.get_application_registry()  # type: ignore[no-untyped-call]

# The second name is the symbol pint prints. A kind of thing counted has a dimension of its own,
# so that a price per tree is never multiplied by a number of fish (the measure words of animals
# are one: which animal it is, the method says); an accounting year has one, so that 2 t/年 is not
# turned into days of 365.25, and so has a month.
_DEFINITIONS = """
千- = 1e3
万- = 1e4
亿- = 1e8
厘- = 1e-2
毫- = 1e-3
微- = 1e-6
CNY = [currency] = 元 = yuan = 人民币元
年 = [accounting_year]
月 = [accounting_month]
工日 = [labour]
工作日 = [working_day]
台班 = [machine_shift]
人 = [person]
株 = [stem]
只 = [animal]
@alias 只 = 头 = 尾 = 羽 = 条
枚 = [egg]
次 = [occasion]
@alias 次 = 人次 = 车次 = 台次
项 = [entry]
@alias 项 = 个 = 套 = 份 = 批 = 点位 = 样品 = 件 = 组 = 台 = 辆 = 艘 = 车 = 袋 = 桶 = 箱 = 瓶 = 双 = 卷 = 张
立方米蓄积 = [standing_volume]
tCO2e = [co2_equivalent]
@alias tCO2e = tCO2 = 吨二氧化碳 = 吨二氧化碳当量 = 吨CO2 = 吨CO2e = 吨CO2当量
tC = [carbon_mass]
@alias tC = 吨碳
亩 = 10000 / 15 * meter ** 2
公顷 = 10000 * meter ** 2
@alias metric_ton = 吨
@alias gram = 克
@alias liter = 升
@alias meter = 米
@alias day = 天 = 日
@alias hour = 小时
公斤 = kilogram
斤 = 0.5 * kilogram
公里 = kilometer
平方米 = meter ** 2
立方米 = meter ** 3
平方公里 = kilometer ** 2
千瓦时 = kilowatt * hour
倍 = 1
"""

# Names that pint would take for something else, or that would bring in a solar year.
_MISREAD = {
    "mu": "亩",
    "a": "年",
    "yr": "年",
    "yrs": "年",
    "year": "年",
    "years": "年",
    "annum": "年",
    "RMB": "元",
    "rmb": "元",
    "Yuan": "元",
    "方": "m³ 或 立方米蓄积",
    "ton": "t",
    "tons": "t",
    "tonne": "t",
    "tonnes": "t",
    "mt": "t",
    "MT": "t",
}

# What may be written, beside the names defined here and their prefixes 千 万 亿 厘 毫 微: pint knows
# thousands of units, and several are not what a Chinese file means (ton is the American one).
_OF_PINT = """
t kg g mg ug μg µg ng kilogram gram milligram microgram nanogram metric_ton
L l mL ml liter milliliter m km cm mm dm hm meter kilometer centimeter millimeter
ha hectare acre h hour min s second day kWh MWh kW W J kJ MJ mol CNY yuan percent permille
"""
_DEFINED = re.sub(r"@alias|=.*\[.*\]", " ", _DEFINITIONS)
_ACCEPTED = frozenset(_OF_PINT.split()) | frozenset(re.findall(r"[^\W\d_]+\w*", _DEFINED))
_PREFIXES = "千万亿厘毫微"

_NUMBER = re.compile(
    r"\s*([+-]?(?:nan|inf(?:inity)?)"
    r"|[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"(?=$|[^\d.,])\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(r"[^\W\d_]+\w*")
# A unit is names and powers of names, multiplied and divided: nothing that pint would compute.
_UNIT = re.compile(r"1(?=/)|[^\W\d_]+\w*|%|‰|\^-?\d(?![\d^])|[*/()]|\s+")
_RAISED = re.compile("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_POWERS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SCIENTIFIC = re.compile(r"(?<=[\d.])\s*[×*xX]\s*10\^(-?\d+)")
_ABOUT = re.compile("[余多约近]|以上|左右")
_POWER = re.compile(r"(?<![A-Za-z])([千万亿]?)([kcmdh]?)m\^?([23])(?![\d\w])")
_BARE_POWER = re.compile(r"(?<![A-Za-z])([kcmdh]?m)([23])(?![\d\w])")
_EXPONENT = re.compile(r"\^(-?\d)")
_SPOKEN = {"2": "平方米", "3": "立方米"}


def _define() -> None:
    for line in _DEFINITIONS.strip().splitlines():
        ureg.define(line)


if "CNY" not in ureg:
    _define()


def tidy(text: str) -> str:
    """Return *text* with full-width signs, ``³``, ``·`` and ``m3`` in the form pint reads.

    万m³ is ten thousand cubic metres, as a Chinese report means it, not the cube of ten kilometres.
    """

    def power(found: re.Match[str]) -> str:
        many, prefix, exponent = found.groups()
        if many and not prefix:
            return many + _SPOKEN[exponent]
        return f"{many}{prefix}m^{exponent}"

    plain = unicodedata.normalize("NFKC", _lowered(text)).replace("**", "^")
    plain = plain.replace("·", "*").replace("×", "*")
    return _POWER.sub(power, plain).strip()


@lru_cache(maxsize=1024)
def unit(text: str) -> Unit:
    """Return the unit that *text* names, dimensionless for an empty text.

    Raises
    ------
    UnitError
        The unit is unknown, or is one of the names that mean something else to pint
        (``mu`` is a milli-atomic-mass unit, ``a`` a solar year of 365.25 days).
    """
    plain = tidy(text)
    for word in _WORD.findall(plain):
        if word in _MISREAD:
            raise UnitError(f"单位 {word} 有歧义", got=text, hint=f"请写 {_MISREAD[word]}。")
    if re.search(r"[千万亿][kcmdh]m\^", plain) or _UNIT.sub("", plain):
        raise _unknown(text)
    for word in _WORD.findall(plain):
        if word not in _ACCEPTED and word.lstrip(_PREFIXES) not in _ACCEPTED:
            raise _unknown(text)
    if _multiplied_below(plain):
        above, _, below = tidy(text).partition("/")
        bracketed = f"{above}/({below.replace('/', '·').replace('*', '·')})"
        hint = f"斜线后的乘积请加括号：若指 {bracketed}，请这样写。"
        raise UnitError("单位有歧义", got=text, hint=hint)
    try:
        return cast(Unit, ureg.Unit(plain.replace("%", "percent").replace("‰", "permille")))
    except (pint.PintError, TokenError, AssertionError, ValueError, TypeError, KeyError):
        raise _unknown(text) from None


def _multiplied_below(plain: str) -> bool:
    """Tell whether a product follows a slash without brackets: 元/m³·年 is read in two ways."""
    depth, below = 0, set()
    for sign in plain:
        depth += (sign == "(") - (sign == ")")
        if sign == "/":
            below.add(depth)
        elif sign == "*" and depth in below:
            return True
        elif sign == ")":
            below.discard(depth + 1)
    return False


def _unknown(text: str) -> UnitError:
    hint = "可写 元、万元、t、m³、亩、公顷、株、工日、年、% 等。"
    if _ABOUT.search(text):
        hint = "约数不能计算：请写所采用的数，并以 note 说明原文是约数，或以 open 标明待定。"
    return UnitError("不认识的单位", got=text, hint=hint)


def quantity(value: object, *, where: str | Spot = "") -> Quantity:
    """Return *value* (``"8.3 元/t"``, a number, a quantity) as a finite quantity of one number.

    A bare number is dimensionless; so is a text without a unit. Whether that will do is for the
    one who asked to decide.

    Raises
    ------
    InputError
        Not a number, or not a finite one.
    UnitError
        The unit is unknown or ambiguous.
    """
    return cast(Quantity, ureg.Quantity(*measure(value, where=where)))


def measure(value: object, *, where: str | Spot = "") -> tuple[float, Unit]:
    """Return the number and the unit of *value*, as `quantity` reads it and with its errors."""
    if isinstance(value, pint.Quantity):
        magnitude, of = value.magnitude, cast(Unit, value.units)
    elif isinstance(value, bool):
        raise InputError("应为数量，不是真假值", where=where, got=value)
    elif isinstance(value, (Real, Decimal)):
        magnitude, of = value, unit("")
    elif isinstance(value, str):
        magnitude, of = _split(value, where)
    else:
        raise InputError("应为数量", where=where, got=repr(value), hint='例如 "500 t"。')
    try:
        number = float(magnitude)
    except OverflowError:
        raise InputError("不是有限的数", where=where, got="过大的整数") from None
    except (TypeError, ValueError):
        raise InputError("应为单个数量", where=where, got=repr(magnitude)) from None
    if not math.isfinite(number):
        raise InputError("不是有限的数", where=where, got=value)
    return number, of


def digits(text: str) -> Decimal:
    """Return the number that a quantity in *text* begins with, to the last digit that is written.

    >>> digits("90,071,992,547,409.93 元")
    Decimal('90071992547409.93')

    Raises
    ------
    InputError
        There is none.
    """
    _split(text, "")
    found = _NUMBER.match(_half_width(text))
    assert found is not None
    return Decimal(found[1].replace(",", ""))


def unit_text(value: object, of: Unit) -> str:
    """Return the unit of *value* as it was written, else *of* as pint writes it."""
    if isinstance(value, str) and (found := _NUMBER.match(_half_width(value))):
        return found[2].strip()
    return "" if of == unit("") else tidy(format(of, "~C"))


def _lowered(text: str) -> str:
    """Return *text* with raised digits as powers: ``10⁴`` as ``10^4``."""
    return _RAISED.sub(lambda run: "^" + run[0].translate(_LOWERED), text)


def _half_width(text: str) -> str:
    """Return *text* with plain signs, ``×10⁴`` written as ``e4`` and other raised digits as powers."""
    plain = unicodedata.normalize("NFKC", _lowered(text).replace("−", "-"))
    return _SCIENTIFIC.sub(r"e\1", plain)


def _split(text: str, where: str | Spot) -> tuple[float, Unit]:
    found = _NUMBER.match(_half_width(text))
    if not found or not found[1] or found[1] in "+-.":
        raise InputError(
            "读不出数量", where=where, got=repr(text), hint='先写数，再写单位，例如 "500 t"。'
        )
    try:
        return float(found[1].replace(",", "")), unit(found[2])
    except UnitError as error:
        raise error.at(where) from None


def factor(of: Unit, to: Unit) -> float:
    """Return what a number in *of* is multiplied by to be one in *to*.

    Raises
    ------
    UnitError
        They measure different things.
    """
    scale = _factor(of, to)
    if scale is None:
        raise UnitError(f"不能由 {of} 换算为 {to}")
    return scale


@lru_cache(maxsize=4096)
def _factor(of: Unit, to: Unit) -> float | None:
    try:
        return float(ureg.Quantity(1.0, of).to(to).magnitude)
    except pint.DimensionalityError:
        return None


@lru_cache(maxsize=4096)
def same_kind(one: Unit, other: Unit) -> bool:
    """Tell whether *one* and *other* measure the same kind of thing."""
    return bool(one.dimensionality == other.dimensionality)


def display(text: str) -> str:
    """Return the unit *text* of a card, or as it was given, as it is printed.

    One over a unit is written as its negative power: ``2 年⁻¹``, not ``2 1/年``.

    >>> display("元/m3"), display("元/公顷/年"), display("1/年")
    ('元/m³', '元/(公顷·年)', '年⁻¹')
    """
    raised = _EXPONENT.sub(
        lambda found: found[1].translate(_POWERS), _BARE_POWER.sub(r"\1^\2", text)
    )
    above, *below = raised.replace("*", "·").split("/")
    if above == "1" and len(below) == 1 and below[0].isalpha():
        return f"{below[0]}⁻¹"
    if len(below) > 1 and "(" not in text:
        return f"{above}/({'·'.join(below)})"
    return "/".join((above, *below))


def Q_(value: Any, of: str = "") -> Quantity:
    """Return *value* (a number, an array, or a text with its unit) in the unit *of*.

    >>> print(Q_("1.5 万元").to("元").magnitude, Q_([1, 2], "亩").to("公顷").magnitude.round(4))
    15000.0 [0.0667 0.1333]
    """
    if isinstance(value, str):
        read = quantity(value)
        return read.to(unit(of)) if of else read
    number = float(value) if isinstance(value, Decimal) else value
    return cast(Quantity, ureg.Quantity(number, unit(of)))
