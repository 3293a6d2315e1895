"""What is printed is what is computed: golden prints, and prints read back and evaluated."""

import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ecoval.formula import (
    excel,
    exp,
    highest,
    largest,
    latex,
    lay_out,
    log,
    mathml,
    omml,
    per_year,
    smallest,
    step,
    text,
    total,
    where,
    years,
)
from ecoval.formula.evaluate import evaluate
from ecoval.formula.layout import RELATION, Chain, Numeral, Symbol, symbol
from ecoval.formula.tree import (
    Binary,
    Call,
    Comparison,
    Constant,
    Negative,
    Operand,
    Step,
    Where,
    walk,
)

a, b, c, r, n = (Operand(name) for name in "abcrn")
q, p = Operand("q_i", "lines"), Operand("p_i", "lines")
first, last, base = Operand("t_0"), Operand("t_1"), Operand("T")
cost = step("C_u", a / b)


def _show(leaf):
    if isinstance(leaf, Step):
        return symbol(leaf.name) if leaf.name == "C_u" else None
    return symbol(leaf.name) if isinstance(leaf, Operand) else Symbol(leaf.symbol)


def _laid(formula):
    return lay_out(formula, _show)


def _name(leaf):
    return leaf.name if isinstance(leaf, Operand) or leaf.name == "C_u" else None


# formula, text, LaTeX, Excel; None where the form is tested elsewhere
GOLDEN = [
    (a * b * c, "a × b × c", r"a \times b \times c", "a*b*c"),
    (a + b - c, "a + b − c", "a + b - c", "a+b-c"),
    (a - (b - c), "a − (b − c)", r"a - \left(b - c\right)", "a-(b-c)"),
    (a - (b + c), "a − (b + c)", r"a - \left(b + c\right)", "a-(b+c)"),
    (a / b * c, "a ÷ b × c", r"\frac{a}{b} \times c", "a/b*c"),
    (a / (b * c), "a ÷ (b × c)", r"\frac{a}{b \times c}", "a/(b*c)"),
    (a * (b / c), "a × (b ÷ c)", r"a \times \frac{b}{c}", "a*(b/c)"),
    (a / (b / c), "a ÷ (b ÷ c)", r"\frac{a}{\frac{b}{c}}", "a/(b/c)"),
    (a / b / c, "(a ÷ b) ÷ c", r"\frac{\frac{a}{b}}{c}", "a/b/c"),
    ((a + b) / c, "(a + b) ÷ c", r"\frac{a + b}{c}", "(a+b)/c"),
    ((a + b) * (b - c), "(a + b) × (b − c)", None, "(a+b)*(b-c)"),
    ((-a) ** 2, "(−a)^2", r"\left(- a\right)^{2}", "(-a)^2"),
    (-(a**2), "−a^2", r"- a^{2}", "-(a^2)"),
    (a ** (b**c), "a^(b^c)", r"a^{b^{c}}", "a^(b^c)"),
    ((a**b) ** c, "(a^b)^c", r"\left(a^{b}\right)^{c}", "a^b^c"),
    ((a * b) ** 2, "(a × b)^2", r"\left(a \times b\right)^{2}", "(a*b)^2"),
    (a ** (b + 1), "a^(b + 1)", "a^{b + 1}", "a^(b+1)"),
    (a**-2, "a^(−2)", "a^{-2}", "a^(-2)"),
    (2**-a, "2^(−a)", "2^{- a}", "2^(-a)"),
    (a * -2, "a × (−2)", r"a \times \left(-2\right)", "a*(-2)"),
    (a - (-b), "a − (−b)", r"a - \left(- b\right)", "a-(-b)"),
    (-(a + b), "−(a + b)", r"- \left(a + b\right)", "-(a+b)"),
    (1000 * a + 0.5, "1,000 × a + 0.5", r"1{,}000 \times a + 0.5", "1000*a+0.5"),
    (a / (1 + r) ** n, "a ÷ (1 + r)^n", r"\frac{a}{\left(1 + r\right)^{n}}", "a/(1+r)^n"),
    (a / per_year(r), "a ÷ r", r"\frac{a}{r}", "a/r"),
    (a / per_year(b + r), "a ÷ (b + r)", r"\frac{a}{b + r}", "a/(b+r)"),
    (exp(-r * n), "exp((−r) × n)", r"\exp\left(\left(- r\right) \times n\right)", "EXP((-r)*n)"),
    (log(a / b) * c, "ln(a ÷ b) × c", r"\ln\left(\frac{a}{b}\right) \times c", "LN(a/b)*c"),
    (smallest(a, 1000, b), "min(a, 1,000, b)", r"\min\left(a, 1{,}000, b\right)", "MIN(a,1000,b)"),
    (largest(a - b, 0) ** 2, "max(a − b, 0)^2", r"\max\left(a - b, 0\right)^{2}", "MAX(a-b,0)^2"),
    (
        where(a <= b, a - b, 0) * c,
        "{a − b（a ≤ b）；0（其他）} × c",
        r"\begin{cases}a - b & a \le b \\ 0 & \text{其他}\end{cases} \times c",
        "IF(a<=b,a-b,0)*c",
    ),
    (cost * c, "C_u × c", r"C_{u} \times c", "C_u*c"),
    (a - step("other", b - c), "a − (b − c)", r"a - \left(b - c\right)", "a-(b-c)"),
    (total(q * p), "Σ_i q_i × p_i", r"\sum_{i} q_{i} \times p_{i}", "SUMPRODUCT(q_i*p_i)"),
    (total(q + a), "Σ_i (q_i + a)", r"\sum_{i} \left(q_{i} + a\right)", "SUMPRODUCT(q_i+a)"),
    (total(q) + a, "(Σ_i q_i) + a", r"\left(\sum_{i} q_{i}\right) + a", "SUMPRODUCT(q_i)+a"),
    (a + total(q), "a + Σ_i q_i", r"a + \sum_{i} q_{i}", "a+SUMPRODUCT(q_i)"),
    (a * total(q), "a × Σ_i q_i", r"a \times \sum_{i} q_{i}", "a*SUMPRODUCT(q_i)"),
    (total(q) * a, "(Σ_i q_i) × a", r"\left(\sum_{i} q_{i}\right) \times a", "SUMPRODUCT(q_i)*a"),
    (a * total(q) * b, "a × (Σ_i q_i) × b", None, "a*SUMPRODUCT(q_i)*b"),
    (a * total(q) + b, "a × (Σ_i q_i) + b", r"a \times \left(\sum_{i} q_{i}\right) + b", None),
    (b - a * total(q) + c, "b − a × (Σ_i q_i) + c", None, "b-a*SUMPRODUCT(q_i)+c"),
    (total(q) / a, "(Σ_i q_i) ÷ a", r"\frac{\sum_{i} q_{i}}{a}", "SUMPRODUCT(q_i)/a"),
    (a * total(q) / b, "a × (Σ_i q_i) ÷ b", r"\frac{a \times \sum_{i} q_{i}}{b}", None),
    (a / total(q), "a ÷ (Σ_i q_i)", r"\frac{a}{\sum_{i} q_{i}}", "a/SUMPRODUCT(q_i)"),
    (total(q) ** 2, "(Σ_i q_i)^2", r"\left(\sum_{i} q_{i}\right)^{2}", "SUMPRODUCT(q_i)^2"),
    (-total(q) + a, "−(Σ_i q_i) + a", r"- \left(\sum_{i} q_{i}\right) + a", None),
    (highest(q), "max(q_i)", r"\max\left(q_{i}\right)", "SUMPRODUCT(MAX(q_i))"),
    (
        highest((q - p) / p) * a,
        "max((q_i − p_i) ÷ p_i) × a",
        r"\max\left(\frac{q_{i} - p_{i}}{p_{i}}\right) \times a",
        "SUMPRODUCT(MAX((q_i-p_i)/p_i))*a",
    ),
    (
        total(a * (1 + r) ** (base - years(first, last))),
        "Σ[t=t_0…t_1] a × (1 + r)^(T − t)",
        r"\sum_{t=t_{0}}^{t_{1}} a \times \left(1 + r\right)^{T - t}",
        None,
    ),
]


@pytest.mark.parametrize(
    ("formula", "plain", "tex", "cells"), [pytest.param(*row, id=row[1]) for row in GOLDEN]
)
def test_a_formula_is_printed_as_a_person_writes_it(formula, plain, tex, cells):
    assert text(_laid(formula)) == plain
    if tex:
        assert latex(_laid(formula)) == tex
    if cells:
        assert excel(formula, _name) == cells


SHEETS = [
    (a / (b * c), "((a)÷(b×c))"),
    (a * (b / c), "a×((b)÷(c))"),
    (a - (b - c), "a−(b−c)"),
    ((-a) ** 2, "((−a))^(2)"),
    (-(a**2), "−(a)^(2)"),
    (a ** (b**c), "(a)^((b)^(c))"),
    ((a**b) ** c, "(((a)^(b)))^(c)"),
    (exp(-a) * smallest(b, 1000), "exp(−a)×min(b, 1,000)"),
    (where(a > b, a, 0) * c, "{a（a>b）；0（其他）}×c"),
    (cost * c, "C_u×c"),
    (total(q * p) + a, "(Σ_i q_i×p_i)+a"),
    (total(a * r ** years(first, last)), "Σ[t=t_0…t_1] a×(r)^(t)"),
]


@pytest.mark.parametrize(("formula", "read"), [pytest.param(*row, id=row[1]) for row in SHEETS])
def test_equations_of_word_and_of_html_say_the_same(formula, read):
    assert _read_mathml(mathml(_laid(formula))) == read
    assert _read_omml(omml(_laid(formula))) == read


@pytest.mark.parametrize(
    "formula", [a + (-3 + b), a + (-3 - b), a * (-3 * b), a + -3, a - (-3 + b), a + (-b + c)]
)
def test_no_two_signs_stand_side_by_side(formula):
    for printed in (
        text(_laid(formula)),
        latex(_laid(formula)).replace(r"\times", "×").replace("-", "−"),
        _read_mathml(mathml(_laid(formula))),
        _read_omml(omml(_laid(formula))),
    ):
        assert not re.search(r"[+−×] *−", printed), printed


def test_one_equation_is_written_out_in_full():
    space = "http://www.w3.org/1998/Math/MathML"
    assert mathml(_laid(a / 2)) == (
        f'<math xmlns="{space}" display="block"><mrow><mfrac><mrow><mi>a</mi></mrow>'
        "<mrow><mn>2</mn></mrow></mfrac></mrow></math>"
    )


def test_greek_letters_units_and_signs_are_printed_in_each_form():
    shown = {"a": Symbol("γ", "水"), "b": Numeral("1,000.5", "元/m³"), "c": Numeral("5", "%")}
    laid = lay_out(a * b * c, lambda leaf: shown[leaf.name])
    assert text(laid) == "γ_水 × 1,000.5 元/m³ × 5%"
    assert latex(laid) == r"\gamma_{\text{水}} \times 1{,}000.5\,\text{元/m³} \times 5\,\text{\%}"
    assert _read_mathml(mathml(laid)) == "γ_水×1,000.5元/m³×5%"
    assert _read_omml(omml(laid)) == "γ_水×1,000.5 元/m³×5 %"
    squared = lay_out(c**2 / b, lambda leaf: shown[leaf.name])
    assert text(squared) == "(5%)^2 ÷ 1,000.5 元/m³"


def test_xml_signs_in_a_name_are_escaped():
    laid = lay_out(where(a < b, a, b), lambda leaf: Symbol(f"<{leaf.name}&>"))
    assert _read_mathml(mathml(laid)) == "{<a&>（<a&><<b&>）；<b&>（其他）}"
    assert _read_omml(omml(laid)) == "{<a&>（<a&><<b&>）；<b&>（其他）}"


def test_latex_signs_in_a_unit_are_escaped():
    laid = lay_out(a * 1, lambda leaf: Numeral("5", "a_b#^{%}"))
    assert latex(laid) == r"5\,\text{a\_b\#\^{}\{\%\}} \times 1"


def test_a_term_without_a_cell_or_a_look_is_refused():
    with pytest.raises(TypeError, match="no cell for a"):
        excel(a + b, lambda leaf: None)
    with pytest.raises(TypeError, match="nothing to show for Operand"):
        lay_out(a + b, lambda leaf: None)


@pytest.mark.parametrize(
    ("value", "digits"), [(0.1, "0.1"), (1e-7, "0.0000001"), (np.float64(0.05), "0.05"), (3, "3")]
)
def test_a_constant_is_printed_in_full(value, digits):
    assert text(_laid(a * value)) == f"a × {digits}"
    assert excel(a * value, _name) == f"a*{digits}"


# Random formulas, printed, read back by the readers below, and evaluated.

X = [Operand(name) for name in "xyzw"]
NUMBERS = st.sampled_from([-3, -1.5, -1, 0.5, 1, 2, 2.5, 12, 1000, 1234.5])
LEAVES = st.sampled_from(X) | st.sampled_from(X) | NUMBERS.map(Constant)
POWERS = st.sampled_from([-2, -1, 0, 0.5, 1, 2, 3]).map(Constant)


def _larger(inner):
    compared = st.builds(Comparison, st.sampled_from(["<", "<=", ">", ">="]), inner, inner)
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Binary, st.sampled_from("+-*/"), inner, inner),
        st.builds(Binary, st.sampled_from("+-*/"), inner, inner),
        st.builds(Binary, st.just("^"), inner, POWERS | inner),
        st.builds(Negative, inner),
        st.builds(Call, st.sampled_from(["smallest", "largest"]), several),
        st.builds(Call, st.sampled_from(["exp", "log", "per_year"]), inner.map(lambda one: (one,))),
        st.builds(Where, compared, inner, inner),
    )


TREES = st.recursive(LEAVES, _larger, max_leaves=16)
VALUES = st.fixed_dictionaries(
    {name: st.integers(30, 500).map(lambda i: i / 97) for name in "xyzw"}
)
MANY = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def _tame(tree, values):
    """Tell whether rounding differences stay small: no part huge, tiny or undecided."""
    for part in walk(tree):
        if isinstance(part, Comparison):
            left, right = (evaluate(side, values)[0] for side in (part.left, part.right))
            if math.isclose(left, right, rel_tol=1e-6):
                return False
        elif isinstance(part, Constant):
            continue
        elif not 1e-5 < abs(float(evaluate(part, values)[0])) < 1e6:
            return False
    return True


@MANY
@given(TREES, VALUES)
def test_the_printed_forms_read_back_give_the_computed_number(tree, values):
    assume(_tame(tree, values))
    expected = pytest.approx(float(evaluate(tree, values)[0]), rel=1e-9)
    laid = _laid(tree)
    for printed in (text(laid), _read_mathml(mathml(laid)), _read_omml(omml(laid))):
        assert _read(printed, values) == expected, printed
    assert latex(laid).count("{") == latex(laid).count("}")


@MANY
@given(TREES, VALUES)
def test_the_excel_text_gives_the_computed_number(tree, values):
    formulas = pytest.importorskip("formulas", reason="needs the PyPI package formulas")
    assume(_tame(tree, values))
    cells = dict(zip("xyzw", ("A1", "B1", "C1", "D1"), strict=True))
    written = excel(tree, lambda leaf: cells[leaf.name])
    computed = formulas.Parser().ast(f"={written}")[1].compile()
    given_cells = {cells[name]: value for name, value in values.items() if cells[name] in written}
    result = float(np.asarray(computed(**given_cells)).item())
    assert result == pytest.approx(float(evaluate(tree, values)[0]), rel=1e-9), written


def test_the_excel_reader_takes_signs_and_powers_as_excel_does():
    formulas = pytest.importorskip("formulas", reason="needs the PyPI package formulas")
    for written, expected in [("-2^2", 4), ("2^3^2", 64), ("1-2^2", -3), ("2*-3^2", 18)]:
        assert formulas.Parser().ast(f"={written}")[1].compile()() == expected


def _read(line, values):
    """Evaluate a printed line by the rules taught at school, which are Python's too.

    What a person could read in two ways (a^b^c, a × −b) is an error.
    """
    assert not re.search(r"[×÷+−^] ?−|\^[\w.]+\^|\^\([^()]*\)\^", line), line
    python = re.sub(r"(?<=\d),(?=\d{3})", "", line)
    for printed, meant in [
        ("×", "*"),
        ("÷", "/"),
        ("−", "-"),
        ("^", "**"),
        ("≤", "<="),
        ("≥", ">="),
    ]:
        python = python.replace(printed, meant)
    # {then（condition）；otherwise（其他）}
    for printed, meant in [("（其他）}", ")"), ("{", "cases("), ("）；", ","), ("（", ",")]:
        python = python.replace(printed, meant)
    return eval(python, {"__builtins__": {}}, KNOWN | values)


def _cases(then, condition, otherwise):
    return then if condition else otherwise


KNOWN = {"exp": math.exp, "ln": math.log, "min": min, "max": max, "cases": _cases}


def _read_mathml(xml):
    """Return MathML as a line of text, with brackets for what its layout holds together."""

    def read(element):
        parts = [read(child) for child in element]
        match element.tag.rpartition("}")[2]:
            case "mfrac":
                return f"(({parts[0]})÷({parts[1]}))"
            case "msup":
                return f"({parts[0]})^({parts[1]})"
            case "msub":
                return "_".join(parts)
            case "munder":
                return f"Σ_{parts[1]} "
            case "munderover":
                return f"Σ[{parts[1]}…{parts[2]}] "
            case "mtable":
                return "；".join(parts) + "}"
            case "mtr":
                return f"{parts[0]}（{parts[1]}）"
            case "mo" if element.text == ",":
                return ", "
            case "mi" | "mn" | "mo" | "mtext":
                return element.text.replace("\u2061", "")
            case "math" | "mrow" | "mtd" | "mspace":
                return "".join(parts)
        raise AssertionError(f"unexpected {element.tag}")

    return read(ElementTree.fromstring(xml))


def _read_omml(xml):
    """Return Office Math as a line of text, with brackets for what its layout holds together."""

    def read(element):
        parts = [read(child) for child in element if not child.tag.endswith("Pr")]
        match element.tag.rpartition("}")[2]:
            case "f":
                return f"(({parts[0]})÷({parts[1]}))"
            case "sSup":
                return f"({parts[0]})^({parts[1]})"
            case "sSub":
                return "_".join(parts)
            case "nary":
                below, above, body = parts
                return f"Σ[{below}…{above}] {body}" if above else f"Σ_{below} {body}"
            case "eqArr":
                (then, condition), (otherwise, rest) = (part.split("，") for part in parts)
                return f"{then}（{condition}）；{otherwise}（{rest}）}}"
            case "d":
                marks = [
                    mark for sign in element.iterfind("{*}dPr/*") for mark in sign.attrib.values()
                ]
                return f"{marks[0]}{parts[0]}" if marks else f"({parts[0]})"
            case "t":
                return element.text
            case "oMath" | "r" | "e" | "num" | "den" | "sup" | "sub" | "func" | "fName":
                return "".join(parts)
        raise AssertionError(f"unexpected {element.tag}")

    return read(ElementTree.fromstring(xml))


def test_a_line_that_opens_with_a_relation_is_no_equation_without_a_left_side():
    # LibreOffice shows an inverted question mark where "=" has nothing before it.
    broken = Chain((("=", symbol("D")), ("≈", symbol("E"))), RELATION)
    written = omml(broken)
    assert re.search(r"<m:nor/>.*?>= <", written)
    assert written.count("<m:nor/>") == 1
