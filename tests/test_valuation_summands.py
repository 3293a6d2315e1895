"""What each line and each year adds, and how it is printed."""

import re
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecoval as ev
from ecoval.case import Case
from ecoval.report.item_context import item_context
from ecoval.valuation import methods
from ecoval.valuation.golden import golden_cases
from ecoval.valuation.printing import derivation, substitution
from ecoval.valuation.summands import line_sums, year_sums
from ecoval.valuation.tabled import input_rows, notes, sheets

ON = "2024-06-01"


def line(quantity, unit_price, **texts):
    return {"quantity": quantity, "unit_price": unit_price, **texts}


def ledger(*lines):
    return ev.ledger.cost_ledger(lines=list(lines), on=ON)


def interim(**changed):
    given = {
        "quantity": "10 亩", "loss": "50 %", "unit_value": "1000 元/(亩·年)", "rate": "3 %",
        "first_year": 2022, "last_year": 2025, "base_year": 2024,
    }  # fmt: skip
    return ev.interim.interim_loss(**{**given, **changed}, on=ON)


def printed_money(cell):
    return Decimal(cell.removesuffix(" 元").replace(",", "").replace("−", "-"))


# Lines.


def test_each_line_of_a_ledger_prints_what_it_comes_to():
    # 3 × 2.5 = 7.5 and 0.5 × 300 = 150, which makes 157.5.
    (sheet,) = sheets(ledger(line("3 t", "2.5 元/t"), line("500 kg", "0.3 元/kg")))
    assert sheet.titles == ("数量", "单价", "小计")
    assert [row.cells[-1] for row in sheet.rows] == ["7.50 元", "150.00 元"]
    assert sheet.notes == ()


def test_lines_that_do_not_add_up_when_printed_are_said_not_to():
    # 3 × 0.335 = 1.005, printed 1.01 (and twice 1.01 is 2.02); the sum is 2.01.
    item = ledger(line("3 m3", "0.335 元/m3"), line("3 m3", "0.335 元/m3"))
    said = "各行小计为四舍五入后的值，合计按未舍入的值计。"
    assert [row.cells[-1] for row in sheets(item)[0].rows] == ["1.01 元", "1.01 元"]
    assert str(item.amount) == "2.01"
    assert notes(item) == (said,)
    assert said in str(item)
    assert said in item._repr_html_()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9999), st.integers(1, 99999)), min_size=1, max_size=9))
def test_printed_lines_add_up_or_it_is_said(pairs):
    item = ledger(*(line(f"{q / 100} t", f"{p / 100} 元/t") for q, p in pairs))
    cells = [printed_money(row.cells[-1]) for row in sheets(item)[0].rows]
    assert bool(notes(item)) == (sum(cells) != item.amount)


def test_a_sum_inside_a_product_prints_what_its_lines_come_to():
    # 2 km² × (100 kg/km² × 50 % × 20 元/kg + 30 kg/km² × 10 % × 5 元/kg) = 2 × 1,015 元.
    item = methods()["fishery-density-loss"](
        area="2 km2", density=["100 kg/km2", "30 kg/km2"], loss_rate=["50 %", "10 %"],
        price=["20 元/kg", "5 元/kg"], on=ON,
    )  # fmt: skip
    (sheet,) = sheets(item)
    assert item.exact == 2030
    assert [row.cells[-1] for row in sheet.rows] == ["1,000 元/km²", "15 元/km²"]
    assert sheet.notes == ("小计之和 1,015 元/km²。",)


# Years.


def test_a_sum_over_years_prints_its_years():
    # 5,000 元/年 at 3 %: 2022 × 1.0609, 2023 × 1.03, 2024 × 1, 2025 ÷ 1.03.
    item = interim()
    (sheet,) = sheets(item)
    assert sheet.title == "期间服务功能损失（逐年折现），逐年计算"
    assert sheet.titles == ("R × d × v", "(1 + r)^(T − t)", "小计")
    assert [(row.name, *row.cells) for row in sheet.rows] == [
        ("2022 年", "5,000 元/年", "1.0609", "5,304.50 元"),
        ("2023 年", "5,000 元/年", "1.03", "5,150.00 元"),
        ("2024 年", "5,000 元/年", "1", "5,000.00 元"),
        ("2025 年", "5,000 元/年", "0.970874", "4,854.37 元"),
    ]
    assert sum(printed_money(row.cells[-1]) for row in sheet.rows) == item.amount
    assert "1. 2022 年 R × d × v 5,000 元/年，(1 + r)^(T − t) 1.0609，小计 5,304.50 元" in str(item)
    assert "<td>2025 年</td>" in item._repr_html_()


def test_many_years_print_the_first_and_the_last_and_their_number():
    (sheet,) = sheets(interim(first_year=2024, last_year=2123))
    assert len(sheet.rows) == 60
    assert [sheet.rows[place].name for place in (0, 29, 30, 59)] == [
        "2024 年", "2053 年", "2094 年", "2123 年",
    ]  # fmt: skip
    assert sheet.rows[30].place == 71
    assert sheet.notes[0] == "共 100 年，只列首尾各 30 年；合计含全部各年。"
    (sheet,) = sheets(interim(first_year=2024, last_year=2083))
    assert len(sheet.rows) == 60
    assert not any("只列" in note for note in sheet.notes)


@pytest.mark.parametrize(
    "case", [case for case in golden_cases() if not case.raises], ids=lambda case: case.method
)
def test_the_summands_add_up_to_the_sum_to_the_last_bit(case):
    found = methods()[case.method]
    item = found.value(case.inputs, on=case.on, place=case.jurisdiction, overrule=case.overrule)
    for each in (*line_sums(item), *year_sums(item)):
        total = float(np.add.accumulate(each.column.values)[-1]) if each.column.values else 0.0
        values = [item.exact, *(step.value for step in item.steps)]
        assert each.inside or total in values
    for equation in derivation(item):
        parts = re.split(r" [=≈] ", equation.text)
        assert all(one != other for one, other in pairwise(parts))
    rows = input_rows(item)
    assert len(set(rows)) == len(rows)
    # One minus sign: the printed numbers have no hyphen before a digit (dates and ids have).
    assert not re.search(r"(?:^|[=≈×÷(，]) ?-\d", "\n".join(e.text for e in derivation(item)))


# Signs and units.


def test_a_value_with_every_digit_is_equal_and_a_shortened_number_is_near():
    # 1,000 × 0.01044 × 0.5 × 44/12 is 19.14 exactly; 44/12 is not 3.666667.
    case = next(case for case in golden_cases() if case.method == "carbon-bamboo")
    item = methods()["carbon-bamboo"].value(
        case.inputs, on=case.on, place=case.jurisdiction, overrule=case.overrule
    )
    assert " ≈ 1,000 株 × 0.01044 t/株 × 0.5 tC/t × 3.666667 tCO2e/tC = 19.14 tCO2e" in str(item)
    assert "得 k ≈ 3.666667 tCO2e/tC" in str(item)
    assert "3.66666666666667" not in str(item)


def test_a_number_is_not_said_to_be_equal_to_itself():
    item = ev.ledger.adopted_amount(amount="30000 元", on=ON)
    assert derivation(item)[-1].text == "F = A = 30,000 元"
    assert substitution(item) == "F = 30,000 元"


def test_a_unit_is_printed_alike_however_it_was_given():
    text = str(ledger(line("10 m3", "33.335 元/m3"), line("10 m²", "2 元/m^2")))
    assert "数量 10 m³，单价 33.335 元/m³" in text
    assert "数量 10 m²，单价 2 元/m²" in text
    assert "m3" not in text


def test_a_condition_prints_the_branch_that_was_taken():
    item = methods()["dust-erosion-factor"](
        erosion_multiplier=0.5, friction_velocity=["0.8 m/s", "1.2 m/s"], threshold="1.12 m/s",
        quadratic="58 g*s^2/m^4", linear="25 g*s/m^3", erosion_control=0, on=ON,
    )  # fmt: skip
    first = derivation(item)[0]
    assert "{0.8 m/s ≤ 1.12 m/s，故 0} + {1.2 m/s > 1.12 m/s，故 58 g·s²/m⁴ ×" in first.text
    for form in (first.latex, first.mathml, first.omml):
        assert "，故 " in form
    assert "0.8 m/s > 1.12 m/s" not in first.text


def test_the_opinion_has_the_summands_the_years_and_what_is_said_of_them():
    lines = [line("3 m3", "0.335 元/m3", name="甲"), line("3 m3", "0.335 元/m3", name="乙")]
    years = {
        "quantity": "10 亩", "loss": "50 %", "unit_value": "1000 元/(亩·年)", "rate": "3 %",
        "first_year": 2022, "last_year": 2025, "base_year": 2024,
    }  # fmt: skip
    case = Case(
        title="某案", place="浙江省金华市", on=ON, route="full",
        item=[
            {"method": "cost-ledger", "head": "clearance", "inputs": {"lines": lines}},
            {"method": "interim-loss", "head": "interim", "inputs": years},
        ],
    )  # fmt: skip
    costs, loss = (item_context(each) for each in case.assess().items)
    assert costs["line_titles"] == ["数量", "单价", "小计"]
    assert [row["cells"] for row in costs["lines"]] == [["3 m³", "0.335 元/m³", "1.01 元"]] * 2
    assert costs["looked_up"] == ["各行小计为四舍五入后的值，合计按未舍入的值计。"]
    (sheet,) = loss["sheets"]
    assert sheet["titles"] == ["R × d × v", "(1 + r)^(T − t)", "小计"]
    assert [row["name"] for row in sheet["rows"]] == ["2022 年", "2023 年", "2024 年", "2025 年"]
