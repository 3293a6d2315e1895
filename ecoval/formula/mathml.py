"""A layout in MathML, for the HTML opinion."""

from __future__ import annotations

from xml.sax.saxutils import escape

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


def mathml(of: Layout) -> str:
    """Return *of* as a ``<math>`` element."""
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">{_row(of)}</math>'


def _row(of: Layout) -> str:
    return f"<mrow>{_inner(of)}</mrow>"


def _inner(of: Layout) -> str:
    match of:
        case Symbol(letter, sub):
            name = f"<mi>{escape(letter)}</mi>"
            return f"<msub>{name}<mi>{escape(sub)}</mi></msub>" if sub else name
        case Numeral(number, unit):
            spaced = f'<mspace width="0.17em"/><mtext>{escape(unit)}</mtext>' if unit else ""
            return f"<mn>{escape(number)}</mn>{spaced}"
        case Chain(parts, _):
            return "".join(
                (f"<mo>{escape(sign)}</mo>" if sign else "") + _row(part) for sign, part in parts
            )
        case Fraction(above, below):
            return f"<mfrac>{_row(above)}{_row(below)}</mfrac>"
        case Raised(base, exponent):
            return f"<msup>{_row(base)}{_row(exponent)}</msup>"
        case Bracket(inner):
            return f"<mo>(</mo>{_row(inner)}<mo>)</mo>"
        case BigSum(index, first, last, body):
            if first is None or last is None:
                return f"<munder><mo>∑</mo>{_row(index)}</munder>{_row(body)}"
            start = f"<mrow>{_inner(index)}<mo>=</mo>{_inner(first)}</mrow>"
            return f"<munderover><mo>∑</mo>{start}{_row(last)}</munderover>{_row(body)}"
        case Applied(name, arguments):
            inside = "<mo>,</mo>".join(map(_row, arguments))
            return f"<mi>{name}</mi><mo>&#x2061;</mo><mo>(</mo>{inside}<mo>)</mo>"
        case Cases(then, condition, otherwise):
            return (
                "<mo>{</mo><mtable>"
                f"<mtr><mtd>{_row(then)}</mtd><mtd>{_row(condition)}</mtd></mtr>"
                f"<mtr><mtd>{_row(otherwise)}</mtd><mtd><mtext>其他</mtext></mtd></mtr></mtable>"
            )
        case Taken(condition, then):
            words = "<mtext>，故 </mtext>"
            return f"<mo>{{</mo>{_row(condition)}{words}{_row(then)}<mo>}}</mo>"
    raise TypeError(f"no MathML for {type(of).__name__}")
