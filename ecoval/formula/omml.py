"""A layout in Office Math, the native equation of Word and WPS."""

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

_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FONTS = (
    '<w:rPr><w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math" w:eastAsia="宋体"/></w:rPr>'
)


def omml(of: Layout) -> str:
    """Return *of* as an ``m:oMath`` element that can stand between the runs of a paragraph."""
    return f'<m:oMath xmlns:m="{_MATH}" xmlns:w="{_WORD}">{_of(of)}</m:oMath>'


def _of(of: Layout) -> str:
    match of:
        case Symbol(letter, sub):
            if not sub:
                return _run(letter)
            return f"<m:sSub><m:e>{_run(letter)}</m:e><m:sub>{_run(sub)}</m:sub></m:sSub>"
        case Numeral(number, unit):
            return _run(number, upright=True) + (_words(f" {unit}") if unit else "")
        case Chain(parts, _):
            return "".join(
                _sign(sign, first=place == 0) + _of(part)
                for place, (sign, part) in enumerate(parts)
            )
        case Fraction(above, below):
            return f"<m:f><m:num>{_of(above)}</m:num><m:den>{_of(below)}</m:den></m:f>"
        case Raised(base, exponent):
            return f"<m:sSup><m:e>{_of(base)}</m:e><m:sup>{_of(exponent)}</m:sup></m:sSup>"
        case Bracket(inner):
            return f"<m:d><m:e>{_of(inner)}</m:e></m:d>"
        case BigSum(index, first, last, body):
            return _sum(index, first, last, body)
        case Applied(name, arguments):
            inside = _run(", ", upright=True).join(map(_of, arguments))
            return (
                f"<m:func><m:fName>{_run(name, upright=True)}</m:fName>"
                f"<m:e><m:d><m:e>{inside}</m:e></m:d></m:e></m:func>"
            )
        case Cases(then, condition, otherwise):
            gap = _run("，", upright=True)
            return (
                '<m:d><m:dPr><m:begChr m:val="{"/><m:endChr m:val=""/></m:dPr><m:e><m:eqArr>'
                f"<m:e>{_of(then)}{gap}{_of(condition)}</m:e>"
                f"<m:e>{_of(otherwise)}{gap}{_words('其他')}</m:e>"
                "</m:eqArr></m:e></m:d>"
            )
        case Taken(condition, then):
            return (
                '<m:d><m:dPr><m:begChr m:val="{"/><m:endChr m:val="}"/></m:dPr>'
                f"<m:e>{_of(condition)}{_words('，故 ')}{_of(then)}</m:e></m:d>"
            )
    raise TypeError(f"no Office Math for {type(of).__name__}")


def _sum(index: Layout, first: Layout | None, last: Layout | None, body: Layout) -> str:
    if first is None or last is None:
        below, above, hidden = _of(index), "", '<m:supHide m:val="1"/>'
    else:
        below, above, hidden = _of(index) + _run("=", upright=True) + _of(first), _of(last), ""
    return (
        f'<m:nary><m:naryPr><m:chr m:val="∑"/><m:limLoc m:val="undOvr"/>{hidden}</m:naryPr>'
        f"<m:sub>{below}</m:sub><m:sup>{above}</m:sup><m:e>{_of(body)}</m:e></m:nary>"
    )


def _sign(sign: str, *, first: bool) -> str:
    """Return *sign*; a relation that opens a line is words, for LibreOffice misses its left side."""
    if first and sign in ("=", "≈"):
        return _words(f"{sign} ")
    return _run(sign, upright=True) if sign else ""


def _words(text: str) -> str:
    """Return *text* as words inside the equation: upright, not spaced like letters multiplied."""
    return (
        f'<m:r><m:rPr><m:nor/></m:rPr>{_FONTS}<m:t xml:space="preserve">{escape(text)}</m:t></m:r>'
    )


def _run(text: str, *, upright: bool = False) -> str:
    style = '<m:rPr><m:sty m:val="p"/></m:rPr>' if upright else ""
    return f'<m:r>{style}{_FONTS}<m:t xml:space="preserve">{escape(text)}</m:t></m:r>'
