"""A layout in one line of plain text, as it is typed into a letter."""

from __future__ import annotations

from .layout import (
    ADDITIVE,
    ATOM,
    MULTIPLICATIVE,
    POWER,
    Applied,
    BigSum,
    Bracket,
    Cases,
    Chain,
    Fraction,
    Layout,
    Numeral,
    Raised,
    Symbol,
    Taken,
    closed,
)


def text(of: Layout) -> str:
    """Return *of* as text; what a fraction bar or a raised exponent held together is bracketed."""
    match of:
        case Symbol(letter, sub):
            return f"{letter}_{sub}" if sub else letter
        case Numeral(number, unit):
            return f"{number} {unit}" if unit and unit != "%" else number + unit
        case Chain(parts, _):
            return _chain(parts)
        case Fraction(above, below):
            return f"{_held(closed(above), MULTIPLICATIVE)} ÷ {_held(below, POWER)}"
        case Raised(base, exponent):
            return f"{_held(base, ATOM)}^{_held(exponent, ATOM)}"
        case Bracket(inner):
            return f"({text(inner)})"
        case BigSum(index, first, last, body):
            if first is None or last is None:
                return f"Σ_{text(index)} {text(body)}"
            return f"Σ[{text(index)}={text(first)}…{text(last)}] {text(body)}"
        case Applied(name, arguments):
            return f"{name}({', '.join(text(argument) for argument in arguments)})"
        case Cases(then, condition, otherwise):
            return f"{{{text(then)}（{text(condition)}）；{text(otherwise)}（其他）}}"
        case Taken(condition, then):
            return f"{{{text(condition)}，故 {text(then)}}}"
    raise TypeError(f"no text for {type(of).__name__}")


def _chain(parts: tuple[tuple[str, Layout], ...]) -> str:
    written: list[str] = []
    for place, (sign, part) in enumerate(parts):
        # a ÷ b × c reads as (a ÷ b) × c; after a sign, a fraction is bracketed: a × (b ÷ c).
        inner = text(part)
        if isinstance(part, Fraction) and place and sign == "×":
            inner = f"({inner})"
        if place == 0:
            written.append(sign + inner)
        else:
            written.append(f" {sign} {inner}")
    return "".join(written)


def _held(of: Layout, tightness: int) -> str:
    inner = text(of)
    bare = of.tightness > tightness or (
        of.tightness == tightness and not isinstance(of, (Fraction, BigSum))
    )
    if isinstance(of, Numeral) and of.tightness > ADDITIVE:
        bare = tightness < ATOM or not of.unit
    return inner if bare else f"({inner})"
