"""A layout in LaTeX, for Jupyter."""

from __future__ import annotations

import re

from .layout import (
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
)

_SIGNS = {
    "×": r" \times ",
    "−": " - ",
    "+": " + ",
    "≤": r" \le ",
    "≥": r" \ge ",
    "<": " < ",
    ">": " > ",
    "=": " = ",
    "≈": r" \approx ",
}
_GREEK = {
    "α": r"\alpha",
    "β": r"\beta",
    "γ": r"\gamma",
    "δ": r"\delta",
    "η": r"\eta",
    "κ": r"\kappa",
    "λ": r"\lambda",
    "μ": r"\mu",
    "π": r"\pi",
    "ρ": r"\rho",
    "σ": r"\sigma",
    "τ": r"\tau",
    "φ": r"\varphi",
    "ω": r"\omega",
}
_SPECIAL = re.compile(r"([#$%&_{}])")


def latex(of: Layout) -> str:
    """Return *of* as LaTeX mathematics, without dollar signs."""
    match of:
        case Symbol(letter, sub):
            return _letter(letter) + (f"_{{{_letter(sub)}}}" if sub else "")
        case Numeral(number, unit):
            digits = number.replace(",", "{,}").replace("−", "-").replace("%", r"\%")
            return digits + (rf"\,\text{{{escape(unit)}}}" if unit else "")
        case Chain(parts, _):
            return "".join(
                _SIGNS.get(sign, sign).lstrip(" " if place == 0 else "") + latex(part)
                for place, (sign, part) in enumerate(parts)
            )
        case Fraction(above, below):
            return rf"\frac{{{latex(above)}}}{{{latex(below)}}}"
        case Raised(base, exponent):
            return f"{latex(base)}^{{{latex(exponent)}}}"
        case Bracket(inner):
            return rf"\left({latex(inner)}\right)"
        case BigSum(index, first, last, body):
            if first is None or last is None:
                return rf"\sum_{{{latex(index)}}} {latex(body)}"
            return rf"\sum_{{{latex(index)}={latex(first)}}}^{{{latex(last)}}} {latex(body)}"
        case Applied(name, arguments):
            return rf"\{name}\left({', '.join(map(latex, arguments))}\right)"
        case Cases(then, condition, otherwise):
            return (
                rf"\begin{{cases}}{latex(then)} & {latex(condition)} \\ "
                rf"{latex(otherwise)} & \text{{其他}}\end{{cases}}"
            )
        case Taken(condition, then):
            return rf"\left\{{{latex(condition)}\text{{，故 }}{latex(then)}\right\}}"
    raise TypeError(f"no LaTeX for {type(of).__name__}")


def escape(text: str) -> str:
    """Return *text* with LaTeX's own characters made harmless."""
    harmless = _SPECIAL.sub(r"\\\1", text.replace("\\", r"\textbackslash "))
    return harmless.replace("^", r"\^{}").replace("~", r"\~{}")


def _letter(text: str) -> str:
    if text in _GREEK:
        return _GREEK[text]
    return text if len(text) == 1 and text.isascii() else rf"\text{{{escape(text)}}}"
