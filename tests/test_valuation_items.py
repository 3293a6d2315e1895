"""Items: lines of a ledger, what is printed, what is frozen, the fingerprint, the one rounding."""

import dataclasses
import os
import re
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecoval as ev
from ecoval.errors import EcovalError, InputError, UnitError
from ecoval.money import Rounding
from ecoval.valuation.printing import derivation, substitution

ON = "2024-06-01"
WATER = {
    "discharge": "500 t",
    "unit_cost": "8.3 元/t",
    "hazard": 1.5,
    "exceedance": 1.25,
    "function": 2,
}
INTERIM = {
    "quantity": "10 亩",
    "loss": "50 %",
    "unit_value": "1000 元/亩/年",
    "rate": "3 %",
    "first_year": 2020,
    "last_year": 2024,
    "base_year": 2022,
}


def water(**changes):
    return ev.water.virtual_treatment(**{"on": ON, "jurisdiction": "330703", **WATER, **changes})


def ledger(*lines, **columns):
    given = {"lines": list(lines)} if lines else columns
    return ev.ledger.cost_ledger(**given, on=ON)


def line(quantity, unit_price, **texts):
    return {"quantity": quantity, "unit_price": unit_price, **texts}


def comes_to(text):
    """Return what each side of a printed line ``D = 500 t × 8.3 元/t = 4,150 元`` comes to."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    unit = r"(?<=\d) (?:[^\W\d_]|[/·³²])+(?:\([^)]*\))?"
    plain = re.sub(r"(\d[\d.]*)%", r"(\1/100)", re.sub(unit, "", plain))
    for sign, python in (("×", "*"), ("÷", "/"), ("−", "-"), ("^", "**")):
        plain = plain.replace(sign, python)
    sides = []
    for side in re.split(r" [=≈] ", plain):
        if years := re.fullmatch(r"Σ\[t=(\d+)…(\d+)\] (.*)", side):
            first, last, body = int(years[1]), int(years[2]), years[3]
            sides.append(sum(eval(body, {"t": t}) for t in range(first, last + 1)))
        elif re.fullmatch(r"[\d\s.+*/()-]+", side):
            sides.append(eval(side))
    return sides


# The lines of a ledger.


def test_lines_are_multiplied_and_added():
    # 3 × 2 + 1 × 20,000 + 0.5 × 300
    item = ledger(line("3 t", "2 元/t"), line("1 项", "2 万元/项"), line("500 kg", "0.3 元/kg"))
    assert item.exact == 6 + 20_000 + 150


def test_lines_may_be_given_as_columns():
    item = ledger(quantity=["3 t", "1 项"], unit_price=["2 元/t", "2 万元/项"])
    assert item.exact == ledger(line("3 t", "2 元/t"), line("1 项", "2 万元/项")).exact == 20_006


@pytest.mark.parametrize("half", ["50 %", "0.5", 0.5, "500 ‰"])
def test_a_share_of_an_amount_is_that_share(half):
    # The court's shortcut: half of 36,379,000 for the services lost until restoration.
    assert ledger(quantity=half, unit_price="36379000 元").amount == Decimal("18189500.00")


@pytest.mark.parametrize(
    ("quantity", "unit_price"),
    [
        ("100 t·km", "0.5 元/(t·km)"),
        ("100 t*km", "0.5 元/(t*km)"),
        ("100 t·km", "0.5 元/t/km"),
        ("100 台班", "0.5 元/台班"),
        ("100 t/天", "0.5 元/(t/天)"),
    ],
)
def test_a_price_for_each_unit_of_a_compound_is_understood(quantity, unit_price):
    assert ledger(quantity=quantity, unit_price=unit_price).exact == 50


def test_a_price_for_less_than_the_compound_is_refused():
    with pytest.raises(UnitError):
        ledger(quantity="100 t*km", unit_price="0.5 元/t*km")


@pytest.mark.parametrize(
    ("lines", "error", "words"),
    [
        ([line("3 t", "2 元/t"), line("1 株", "2 元/t")], UnitError, ("单价（unit_price）", "第 2 项", "元/株", "2 元/t")),
        ([line("3 t", "2 元/t"), line("1 tt", "2 元/t")], UnitError, ("数量（quantity）第 2 项", "不认识的单位")),
        ([line("3 t", "2 元/t"), line("-1 t", "2 元/t")], InputError, ("数量（quantity）第 2 项", "应大于零")),
        ([line("3 t", "2 元/t"), line("nan t", "2 元/t")], InputError, ("第 2 项", "不是有限的数")),
        ([line("3 t", "2 元/t"), {"quantity": "3 t"}], InputError, ("费用项第 2 项：缺少 unit_price",)),
        ([{"quantity": "3 t", "unit_prize": "2 元/t"}], InputError, ("费用项第 1 项：未知的键 unit_prize。是否指 unit_price",)),
        ([line("3 t", "2 元/t", vouchr="M1")], InputError, ("费用项第 1 项：未知的键 vouchr。是否指 voucher",)),
        ([line("3 t", "2 元/t", voucher=7)], InputError, ("费用项第 1 项", "voucher")),
        (["3 t"], InputError, ("费用项第 1 项：应为表，所给为 '3 t'",)),
        ([], InputError, ("费用项应为非空列表",)),
        ("3 t", InputError, ("费用项应为非空列表",)),
    ],
)  # fmt: skip
def test_a_bad_line_is_refused_and_named(lines, error, words):
    with pytest.raises(EcovalError) as caught:
        ev.ledger.cost_ledger(lines=lines, on=ON)
    assert type(caught.value) is error
    assert str(caught.value).startswith("cost-ledger：")
    for part in words:
        assert part in str(caught.value), str(caught.value)


def test_columns_of_unequal_length_are_refused():
    with pytest.raises(InputError, match="各列项数不同，所给为 quantity 2 项、unit_price 1 项"):
        ledger(quantity=["1 t", "2 t"], unit_price=["3 元/t"])
    with pytest.raises(InputError, match="单价（unit_price）第 2 项：比前一列的项数多"):
        ledger(quantity=["1 t"], unit_price=["3 元/t", "4 元/t"])
    with pytest.raises(InputError, match="数量（quantity）：列表为空"):
        ledger(quantity=[], unit_price=[])
    with pytest.raises(InputError, match="数量（quantity）：与逐项列表重复给出"):
        ev.ledger.cost_ledger(lines=[line("1 t", "2 元/t")], quantity="1 t", on=ON)


@pytest.mark.parametrize(
    "item",
    [
        lambda: water(discharge=ev.given("500 t", open="台账未取得")),
        lambda: ledger(line("3 t", "2 元/t", open="台账未取得")),
        lambda: ledger(line({"value": "3 t", "open": "台账未取得"}, "2 元/t")),
        lambda: ledger(quantity=[ev.given("3 t", open="台账未取得")], unit_price=["2 元/t"]),
        lambda: ev.water.virtual_treatment(
            **{name: WATER[name] for name in WATER if name != "function"},
            water_class={"value": "Ⅲ", "open": "台账未取得"},
            on=ON,
        ),
    ],
    ids=["term", "line", "cell of a line", "cell of a column", "choice"],
)
def test_what_is_given_as_open_stays_visibly_open(item):
    made = item()
    assert "open-value" in {found.code for found in made.findings}
    assert "台账未取得" in str(made)
    assert "台账未取得" in made._repr_html_()


# What is printed.


@pytest.mark.parametrize(
    ("item", "printed"),
    [
        (lambda: water(), "D = 500 t × 8.3 元/t × 3.75 = 15,562.5 元"),
        (lambda: ledger(line("3 t", "2 元/t"), line("1 项", "2 万元/项")), "F = 3 t × 2 元/t + 1 项 × 20,000 元/项 = 20,006 元"),
        (lambda: ev.permanent.permanent_loss_perpetuity(
            quantity="10 亩", loss=0.5, unit_value="1000 元/亩/年", rate="4 %", lag=1, on=ON),
         "W = 5,000 元/年 × (1 + 4%)^(1 − 1) ÷ 4% = 125,000 元"),
    ],
)  # fmt: skip
def test_the_substitution_is_printed_with_its_numbers_and_units(item, printed):
    assert substitution(item()) == printed
    *_, left, right = comes_to(printed)
    assert left == pytest.approx(right, rel=1e-12)


thousandths = st.integers(1, 10**7).map(lambda n: n / 1000)
coefficient = st.integers(100, 200).map(lambda n: n / 100)


@settings(max_examples=40, deadline=None)
@given(thousandths, thousandths, coefficient, coefficient, coefficient)
def test_every_printed_line_of_a_water_case_evaluates_to_what_it_says(e, c, alpha, tau, omega):
    item = water(
        discharge=f"{e} t", unit_cost=f"{c} 元/t", hazard=alpha, exceedance=tau,
        function=omega, overrule={"function": "试算"},
    )  # fmt: skip
    for equation in derivation(item):
        *_, left, right = comes_to(equation.text)
        # γ has six decimals, so nothing here is cut but an amount of more than six.
        assert left == pytest.approx(right, rel=1e-12, abs=1e-6)
    assert comes_to(substitution(item))[-1] == pytest.approx(item.exact, rel=1e-12, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(thousandths, coefficient, st.integers(2, 5), st.integers(0, 30), st.integers(-20, 20))
def test_a_printed_sum_over_years_evaluates_to_what_it_says(value, quantity, rate, span, base):
    item = ev.interim.interim_loss(
        quantity=f"{quantity} 公顷", loss="37.5 %", unit_value=f"{value} 元/公顷/年",
        rate=f"{rate} %", first_year=2020, last_year=2020 + span, base_year=2020 + base, on=ON,
    )  # fmt: skip
    left, right = comes_to(substitution(item))
    assert left == pytest.approx(right, rel=1e-12, abs=1e-6)
    assert right == pytest.approx(item.exact, rel=1e-12, abs=1e-6)


def test_the_text_holds_the_figures_their_sources_and_the_day():
    item = water(
        title="试算",
        discharge=ev.given("500 t", evidence="M1", page="3", note="运行台账"),
    )
    text = str(item)
    for part in (
        "试算（浙江省金华市金东区，2024-06-01）",
        "GB/T 39793.2-2020",
        "E  排放数量 500 t  材料 M1 第 3 页；运行台账",
        "γ = α × τ × ω = 1.5 × 1.25 × 2 = 3.75",
        "D = E × C × γ = 500 t × 8.3 元/t × 3.75 = 15,562.5 元",
        "生态环境损害数额 15,562.50 元",
        f"校验码 {item.fingerprint}",
    ):
        assert part in text, part


def test_a_coefficient_off_a_table_says_which_row_and_how_well_it_is_known():
    given = {name: WATER[name] for name in ("discharge", "unit_cost", "hazard")}
    item = ev.water.virtual_treatment(
        **given, concentration="270 mg/L", limit="100 mg/L", water_class="III类", on=ON
    )
    text = str(item)
    assert item.exact == 15_562.5
    assert "κ = (Z − B) ÷ B = (270 mg/L − 100 mg/L) ÷ 100 mg/L = 1.7" in text
    assert "由 κ = 1.7 查GB/T 39793.2-2020 表3 超标系数第 2 行，得 τ = 1.25" in text
    assert "表5 环境功能系数第 3 行，得 ω = 2" in text
    assert "〔待核实〕" in text and "〔据二手资料〕" in text


def test_html_and_latex_hold_the_figures_and_html_is_escaped():
    item = water(title="<script>alert(1)</script>")
    html, latex = item._repr_html_(), item._repr_latex_()
    for part in ("500 t", "8.3 元/t", "<mn>3.75</mn>", "15,562.50 元", item.fingerprint):
        assert part in html
    assert "<script>" not in html and "&lt;script&gt;" in html
    for part in (r"500\,\text{t}", r"\times", "3.75", "15{,}562.5"):
        assert part in latex
    assert latex.startswith("$$") and latex.endswith("$$")


def test_latex_escapes_the_sign_of_per_cent():
    latex = ev.interim.interim_loss(**INTERIM, on=ON)._repr_latex_()
    assert r"3\%" in latex
    assert not re.search(r"(?<!\\)%", latex)


def test_a_repr_names_the_method_and_the_amount():
    assert "water-virtual-treatment" in repr(water()) and "15562.5" in repr(water())
    assert (
        repr(ev.water.virtual_treatment) == "<method water-virtual-treatment 水污染虚拟治理成本法>"
    )


def test_a_ledger_of_many_lines_prints_each_once_and_the_sum():
    item = ledger(
        *(line(f"{n} t", "2 元/t", name=f"第{n}车", voucher=f"V{n}") for n in range(1, 8))
    )
    text = str(item)
    assert item.exact == 56
    assert "  7. 第7车 数量 7 t，单价 2 元/t，小计 14.00 元 V7" in text
    assert "F = Σ_i Q_i × P_i = Σ小计（见上表） = 56 元" in text


# Rounded once, at the end.


@pytest.mark.parametrize(
    ("price", "half_up", "half_even"),
    [
        ("2.675", "2.68", "2.68"),
        ("2.665", "2.67", "2.66"),
        ("1.005", "1.01", "1.00"),
        ("0.004", "0.00", "0.00"),
        ("2.6749", "2.67", "2.67"),
    ],
)
def test_half_a_fen_goes_up_or_to_the_even(price, half_up, half_even):
    terms = {"quantity": "1 项", "unit_price": f"{price} 元/项", "on": ON}
    assert ev.ledger.cost_ledger(**terms).amount == Decimal(half_up)
    even = Rounding(rule="half-even")
    assert ev.ledger.cost_ledger(**terms, rounding=even).amount == Decimal(half_even)


@pytest.mark.parametrize(
    ("discharge", "unit_cost", "three", "amount"),
    [
        # 8,396,654.806 × 26.91 × 4.921875 = 1,112,117,249.3949984375
        ("8396654.806 t", "26.91 元/t", (1.25, 1.75, 2.25), "1112117249.39"),
        # 4,210,244.319 × 6,508.56 × 3.75 = 102,759,854,118.2649
        ("4210244.319 t", "6508.56 元/t", (1.5, 1.25, 2), "102759854118.26"),
    ],
)
def test_less_than_half_a_fen_is_not_rounded_twice(discharge, unit_cost, three, amount):
    terms = dict(zip(("hazard", "exceedance", "function"), three, strict=True))
    assert water(discharge=discharge, unit_cost=unit_cost, **terms).amount == Decimal(amount)


def test_half_a_yuan_goes_up_or_to_the_even():
    assert water(rounding=Rounding("元")).amount == Decimal("15563.00")
    assert water(rounding=Rounding("元", "half-even")).amount == Decimal("15562.00")
    assert water(rounding=Rounding("元")).exact == 15_562.5
    assert "15,563.00 元（四舍五入至元）" in str(water(rounding=Rounding("元")))


def test_a_multiple_has_no_amount_in_yuan():
    item = ev.water.exceedance_multiple(concentration="270 mg/L", limit="100 mg/L", on=ON)
    assert item.fens is None
    assert "超标倍数 1.7" in str(item)
    with pytest.raises(InputError, match=r"结果是超标倍数（无量纲），不是金额。请用 exact 与 unit"):
        _ = item.amount


# Frozen, and the same digits for the same calculation.


@pytest.mark.parametrize("name", ["exact", "inputs", "on", "place", "rounding", "overrule"])
def test_an_item_is_frozen(name):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(water(), name, None)


def test_what_is_changed_after_the_call_does_not_change_the_item():
    quantity, lines = ["1 t"], [line("1 t", "2 元/t", name="甲")]
    columns = ledger(quantity=quantity, unit_price=["2 元/t"])
    rows = ev.ledger.cost_ledger(lines=lines, on=ON)
    quantity.append("9 t")
    lines[0]["name"] = "乙"
    assert columns.fingerprint == ledger(quantity=["1 t"], unit_price=["2 元/t"]).fingerprint
    assert rows.fingerprint == ledger(line("1 t", "2 元/t", name="甲")).fingerprint


def test_the_fingerprint_is_twelve_hex_digits_and_the_same_in_another_process():
    code = (
        "import ecoval as ev; print(ev.water.virtual_treatment(function=2, exceedance=1.25,"
        " hazard=1.5, unit_cost='8.3 元/t', discharge='500 t', on='2024-06-01',"
        " jurisdiction='金东区').fingerprint)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONUTF8": "1"}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert re.fullmatch(r"[0-9a-f]{12}", run.stdout.strip())
    assert run.stdout.strip() == water().fingerprint


@pytest.mark.parametrize(
    "changes",
    [
        {"discharge": "500.001 t"},
        {"unit_cost": "8.31 元/t"},
        {"hazard": 1.51},
        {"exceedance": 1.5},
        {"function": 1.5},
        {"hazard": 2, "function": 1.5},  # the same amount by other coefficients
        {"discharge": "500 m^3", "unit_cost": "8.3 元/m^3"},  # by another unit
        {"water_class": "Ⅲ"},
        {"concentration": "270 mg/L", "limit": "100 mg/L"},
        {"on": "2024-06-02"},
        {"jurisdiction": "330702"},
        {"jurisdiction": "CN"},
        {"rounding": Rounding("元")},
    ],
    ids=str,
)
def test_the_fingerprint_changes_with_whatever_is_changed(changes):
    assert water(**changes).fingerprint != water().fingerprint


@pytest.mark.parametrize(
    "prose",
    [{"discharge": ev.given("500 t", evidence="M1", note="见")}, {"title": "另一项"}],
    ids=str,
)
def test_the_fingerprint_is_of_the_calculation_and_not_of_the_prose(prose):
    assert water(**prose).fingerprint == water().fingerprint


def test_the_reason_of_an_overrule_is_in_the_fingerprint():
    one = water(hazard=3, overrule={"hazard": "甲"})
    assert one.fingerprint != water(hazard=3, overrule={"hazard": "乙"}).fingerprint
