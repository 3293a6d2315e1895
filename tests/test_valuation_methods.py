"""Methods: laws they obey, the bare function, a card and a function that must agree, public names."""

import inspect
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import ecoval as ev
from ecoval.errors import ContentError, InputError
from ecoval.formula import log, step, total
from ecoval.valuation import families, registry
from ecoval.valuation.printing import as_written, excel_formula

ON = "2024-06-01"
few = settings(max_examples=40, deadline=None)
amounts = st.integers(1, 10**9).map(lambda n: n / 1000)
coefficients = st.integers(100, 200).map(lambda n: n / 100)
per_cents = st.integers(200, 500).map(lambda n: n / 100)


def water(discharge, unit_cost, *coefficients):
    hazard, exceedance, function = coefficients or (1.5, 1.25, 2)
    return ev.water.virtual_treatment(
        discharge=discharge, unit_cost=unit_cost, hazard=hazard, exceedance=exceedance,
        function=function, on=ON, overrule={"function": "试算"},
    ).exact  # fmt: skip


def interim(first, last, base, *, quantity="10 亩", unit_value="1000 元/亩/年", loss=0.5, rate=3):
    return ev.interim.interim_loss(
        quantity=quantity, loss=loss, unit_value=unit_value, rate=f"{rate} %",
        first_year=first, last_year=last, base_year=base, on=ON,
    ).exact  # fmt: skip


def forever(lag, *, rate=3, quantity="10 亩", unit_value="1000 元/亩/年"):
    return ev.permanent.permanent_loss_perpetuity(
        quantity=quantity, loss=0.5, unit_value=unit_value, rate=f"{rate} %", lag=lag, on=ON
    ).exact


def horizon(lag, years, *, rate=3):
    return ev.permanent.permanent_loss_horizon(
        quantity="10 亩", loss=0.5, unit_value="1000 元/亩/年", rate=f"{rate} %", lag=lag,
        horizon=years, on=ON,
    ).exact  # fmt: skip


def close(expected):
    return pytest.approx(expected, rel=1e-12)


# What every method obeys.


@few
@given(amounts, amounts, st.tuples(coefficients, coefficients, coefficients))
def test_twice_the_quantity_is_twice_the_amount(quantity, price, three):
    assert water(f"{2 * quantity} t", f"{price} 元/t", *three) == close(
        2 * water(f"{quantity} t", f"{price} 元/t", *three)
    )
    for value in (
        lambda twice: interim(2020, 2030, 2024, quantity=f"{twice * quantity} 亩"),
        lambda twice: forever(1, quantity=f"{twice * quantity} 亩"),
        lambda twice: ev.ledger.cost_ledger(
            quantity=[f"{twice * quantity} t", f"{twice} 项"], unit_price=["3 元/t", "5 元/项"], on=ON
        ).exact,
    ):  # fmt: skip
        assert value(2) == close(2 * value(1))


@few
@given(amounts, amounts)
def test_changing_the_unit_does_not_change_the_amount(quantity, price):
    expected = water(f"{quantity} t", f"{price} 元/t")
    exactly = Fraction(str(quantity)) * Fraction(str(price)) * Fraction("3.75")
    assert expected == close(float(exactly))

    def written(number, power):
        return f"{Decimal(str(number)).scaleb(power):f}"

    for discharge in (f"{written(quantity, 3)} kg", f"{written(quantity, -4)} 万t"):
        for unit_cost in (
            f"{price} 元/t",
            f"{written(price, -4)} 万元/t",
            f"{written(price, -3)} 元/kg",
        ):
            assert water(discharge, unit_cost) == close(expected)


@few
@given(amounts, amounts)
def test_an_area_in_another_unit_is_the_same_area(area, value):
    # 1 公顷 = 15 亩 = 10,000 m²
    expected = interim(2020, 2030, 2024, quantity=f"{area} 公顷", unit_value=f"{value} 元/公顷/年")
    for quantity, unit_value in (
        (f"{area * 15} 亩", f"{value} 元/公顷/年"),
        (f"{area * 10_000} m^2", f"{value} 元/公顷/年"),
        (f"{area} 公顷", f"{value / 15} 元/亩/年"),
        (f"{area} 公顷", f"{value / 10_000} 元/(m²·年)"),
    ):
        assert interim(2020, 2030, 2024, quantity=quantity, unit_value=unit_value) == close(
            expected
        )


@few
@given(st.tuples(coefficients, coefficients, coefficients), st.integers(0, 2), coefficients)
def test_a_larger_coefficient_is_a_larger_amount(three, place, other):
    assume(other > three[place])
    larger = [*three[:place], other, *three[place + 1 :]]
    assert water("500 t", "8.3 元/t", *larger) > water("500 t", "8.3 元/t", *three)


@few
@given(st.integers(0, 40), st.integers(-20, 60), per_cents)
def test_a_longer_or_a_greater_loss_is_a_larger_amount(span, base, rate):
    terms = {"first": 2020, "last": 2020 + span, "base": 2020 + base, "rate": rate}
    of = interim(**terms)
    assert interim(**{**terms, "last": 2021 + span}) > of
    assert interim(**terms, loss=0.6) > of
    assert interim(**{**terms, "base": 2021 + base}) > of  # a year nearer, or a year longer past


@few
@given(per_cents, per_cents)
def test_a_higher_rate_lowers_what_is_to_come_and_raises_what_is_past(one, other):
    assume(one < other)
    assert interim(2025, 2040, 2024, rate=one) > interim(2025, 2040, 2024, rate=other)
    assert interim(2000, 2023, 2024, rate=one) < interim(2000, 2023, 2024, rate=other)
    assert forever(1, rate=one) > forever(1, rate=other)
    assert horizon(1, 30, rate=one) > horizon(1, 30, rate=other)


@few
@given(st.integers(1950, 2050), st.integers(0, 120), st.integers(1950, 2150), per_cents)
def test_the_sum_over_the_years_is_its_closed_form(first, span, base, rate):
    last = first + span
    growth = 1 + Fraction(str(rate)) / 100
    # Σ g^(T−t), t = a…b, is (g^(T−a+1) − g^(T−b)) ÷ (g − 1), here in exact fractions.
    closed = (growth ** (base - first + 1) - growth ** (base - last)) / (growth - 1)
    assert interim(first, last, base, rate=rate) == close(float(5000 * closed))


@few
@given(st.integers(0, 5), st.integers(1, 300), per_cents)
def test_a_horizon_is_perpetuity_less_what_comes_after(lag, years, rate):
    growth = 1 + Fraction(str(rate)) / 100
    whole = 5000 * growth ** (1 - lag) / (growth - 1)
    assert forever(lag, rate=rate) == close(float(whole))
    assert horizon(lag, years, rate=rate) == close(float(whole * (1 - growth**-years)))


@pytest.mark.parametrize("lag", [0, 1, 3])
def test_perpetuity_is_the_limit_of_the_horizon(lag):
    gaps = [forever(lag) - horizon(lag, years) for years in (50, 100, 200, 400)]
    assert gaps == sorted(gaps, reverse=True) and gaps[-1] > 0
    assert horizon(lag, 1500) == close(forever(lag))


def test_a_horizon_without_discounting_is_years_times_loss():
    item = ev.permanent.permanent_loss_horizon(
        quantity="10 亩", loss=0.5, unit_value="1000 元/亩/年", rate=0, lag=1, horizon=20, on=ON,
        overrule={"rate": "不折现的对照"},
    )  # fmt: skip
    assert item.exact == 20 * 5000


@few
@given(amounts, amounts, coefficients, per_cents, st.integers(0, 150), st.integers(0, 3))
def test_the_bare_function_on_floats_gives_the_exact_amount(q, p, c, rate, span, lag):
    share = float(Decimal(str(rate)) / 100)
    assert ev.water.virtual_treatment.function(q, p, c, 1.25, 2) == water(
        f"{q} t", f"{p} 元/t", c, 1.25, 2
    )
    terms = {"quantity": f"{q} 亩", "unit_value": f"{p} 元/亩/年", "rate": rate}
    bare = ev.interim.interim_loss.function(q, 0.5, p, share, 2020, 2020 + span, 2024)
    assert bare == pytest.approx(interim(2020, 2020 + span, 2024, **terms), rel=1e-14)
    # A bare float has a power routine of its own, which may differ in the last bit.
    bare = ev.permanent.permanent_loss_perpetuity.function(q, 0.5, p, share, lag)
    assert bare == pytest.approx(forever(lag, **terms), rel=1e-15)


# A method defined where it is used.

CARD = """\
id = "noise-days"
title = "噪声日数法"
title_en = "Noise days"
standard = "civil-code"
clause = "第一条"
standing = "verified"

[[term]]
name = "days"
symbol = "n"
title = "日数"
unit = "次"

[[term]]
name = "price"
symbol = "p"
title = "每日价"
unit = "元/次"

[[step]]
name = "doubled"
symbol = "N"
title = "加倍日数"
unit = "次"

[result]
symbol = "S"
title = "噪声损失"
"""


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch):
    """Let a test define methods without leaving them behind."""
    ev.methods()
    monkeypatch.setattr(registry, "_known", dict(registry._known))


def define():
    @ev.method(CARD)
    def noise_days(days, price):
        """Value days of noise."""
        return step("doubled", 2 * days) * price

    return noise_days


def test_a_method_of_a_notebook_is_known_prints_and_values():
    noise_days = define()
    assert ev.methods()["noise-days"] is noise_days
    assert repr(noise_days) == "<method noise-days 噪声日数法>"
    assert as_written(noise_days) == "S = N × p；N = 2 × n"
    assert excel_formula(noise_days) == "=2*days*price"
    item = noise_days(days="3 次", price="0.5 万元/次", on=ON)
    assert item.amount == Decimal("30000.00")
    assert "S = N × p = 6 次 × 5,000 元/次 = 30,000 元" in str(item)
    assert "Value days of noise." in noise_days.__doc__


def test_a_cell_may_be_run_twice():
    define()
    again = define()
    assert ev.methods()["noise-days"] is again


def test_a_card_may_be_a_dictionary():
    card = {
        "id": "plain", "title": "单项", "title_en": "Plain", "standard": "civil-code",
        "clause": "第一条", "standing": "verified", "result": {"symbol": "S", "title": "额"},
        "term": [{"name": "price", "symbol": "p", "title": "价", "unit": "元"}],
    }  # fmt: skip

    @ev.method(card)
    def plain(price):
        return price * 2

    assert plain(price="3 元", on=ON).exact == 6


def test_a_notebook_does_not_replace_a_method_of_the_package():
    def another(discharge, unit_cost, hazard, exceedance, function):
        return discharge * unit_cost * step("adjustment", hazard * exceedance * function)

    with pytest.raises(ContentError, match=r"已在 ecoval\.valuation\.water 中定义"):
        ev.method("water-virtual-treatment")(another)
    assert ev.methods()["water-virtual-treatment"] is ev.water.virtual_treatment


def doubled(days):
    return step("doubled", 2 * days)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda day, price: doubled(day) * price, "参数 ['day', 'price'] 与卡片 ['days', 'price']"),
        (lambda price, days: doubled(days) * price, "不一致（名称或次序）"),
        (lambda days, price: 2 * days * price, "步骤 [] 与卡片 ['doubled'] 不一致"),
        (
            lambda days, price: doubled(days) * step("more", 1 * price),
            "步骤 ['doubled', 'more'] 与卡片 ['doubled'] 不一致",
        ),
        (lambda days, price: doubled(days), "公式没有用到 price"),
        (lambda days, price: doubled(days) * price * price, "噪声损失按公式为"),
        (lambda days, price: doubled(days * price), "加倍日数按公式为"),
        (lambda days, price: doubled(days) + price, "公式单位有误： + 两侧单位不同"),
        (lambda days, price: doubled(days) * price * 2**days, "公式单位有误：指数须无量纲"),
        (lambda days, price: doubled(days) * price * log(days), "公式单位有误：log须无量纲"),
        (lambda days, price: doubled(days) * price if days > 3 else price, "公式有误"),
        (lambda days, price: 5.0, "公式有误"),
        (lambda days, price: total(doubled(days) * price), "公式有误"),
    ],
)
def test_a_function_that_does_not_agree_with_its_card_is_refused(function, words):
    with pytest.raises(ContentError) as caught:
        ev.method(CARD)(function)
    assert str(caught.value).startswith("noise-days：")
    assert words in str(caught.value), str(caught.value)
    assert "noise-days" not in ev.methods()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('unit = "元/次"', 'unit = "万元/次"', "噪声损失按公式为"),
        ('title = "噪声损失"', 'title = "噪声损失"\nunit = "t"', "噪声损失按公式为"),
        ('title = "噪声损失"', 'title = "噪声损失"\nunit = "tt"', "不认识的单位"),
        ('symbol = "p"', 'symbl = "p"', "第 16 行：term[2].symbl 未知的键。是否指 symbol"),
        ('"civil-code"', '"civil-cod"', "没有来源 civil-cod。是否指 civil-code"),
        ('title = "日数"', 'title = "日数', "TOML 写法有误：第 11 行"),
    ],
)
def test_a_faulty_card_in_a_notebook_is_refused_with_its_line(old, new, words):
    with pytest.raises(ContentError) as caught:
        ev.method(CARD.replace(old, new))(lambda days, price: step("doubled", 2 * days) * price)
    assert words in str(caught.value), str(caught.value)


def test_a_term_may_not_be_called_what_every_method_is_told():
    card = CARD.replace('name = "price"', 'name = "jurisdiction"')
    with pytest.raises(ContentError):
        ev.method(card)(lambda days, jurisdiction: step("doubled", 2 * days) * jurisdiction)


def test_an_unknown_card_is_refused_with_the_nearest():
    with pytest.raises(ContentError, match="没有方法卡片 interim-los。是否指 interim-loss"):
        ev.method("interim-los")(lambda: 0)


def test_a_result_that_is_not_finite_is_refused():
    with pytest.raises(InputError, match="结果不是有限的数"):
        ev.ledger.cost_ledger(quantity="1e300 t", unit_price="1e300 元/t", on=ON)


# What stands open to a caller.


@pytest.mark.parametrize("id", sorted(ev.methods()))
def test_a_method_is_a_name_of_its_family_with_signature_and_docstring(id):
    made = ev.methods()[id]
    assert getattr(getattr(ev, made.family), made.__name__) is made
    signature = inspect.signature(made)
    assert [term.name for term in made.card.terms] == list(signature.parameters)[
        : len(made.card.terms)
    ]
    assert {"on", "jurisdiction", "overrule", "rounding", "title"} <= set(signature.parameters)
    assert signature.parameters["on"].default is inspect.Parameter.empty
    first, *rest = made.__doc__.splitlines()
    assert first.endswith(".")
    for term in made.card.terms:
        assert any(row.startswith(f"{term.name} : {term.symbol} {term.title}") for row in rest)


def test_a_signature_names_everything_the_method_takes():
    water_terms = inspect.signature(ev.water.virtual_treatment).parameters
    assert {"water_class", "concentration", "limit"} <= set(water_terms)
    assert "lines" in inspect.signature(ev.ledger.cost_ledger).parameters
    assert "pollutants" in inspect.signature(ev.water.multiple_2014).parameters


def test_the_default_of_a_signature_may_be_passed():
    terms = {"discharge": "1 t", "unit_cost": "1 元/t", "hazard": 1, "exceedance": 1, "function": 2}
    given = ev.water.virtual_treatment(**terms, water_class=None, on=ON)
    assert given.exact == 2


def test_a_column_has_the_findings_of_all_its_rows():
    terms = {
        "discharge": "500 t", "unit_cost": "8.3 元/t", "exceedance": 1.25, "function": 2, "on": "2024-06-01",
    }  # fmt: skip
    overrule = {"hazard": "专家论证"}
    column = ev.water.virtual_treatment.column(
        hazard=np.array([1.5, 3.0]), overrule=overrule, **terms
    )
    codes = [finding.code for finding in column.findings]
    assert "outside-range" in codes and "overrule-unused" not in codes
    alone = ev.water.virtual_treatment.column(
        hazard=np.array([1.5, 1.75]), overrule=overrule, **terms
    )
    assert "overrule-unused" in [finding.code for finding in alone.findings]


def test_a_column_holds_a_term_to_what_it_can_be_at_most():
    @ev.method("""
id = "test-at-most"
title = "测试"
title_en = "Test"
standard = "arithmetic"
clause = ""
standing = "verified"
[[term]]
name = "amount"
symbol = "A"
title = "数额"
unit = "元"
most = 10
[result]
symbol = "F"
title = "费用"
""")
    def at_most(amount):
        return amount * 1

    column = at_most.column(amount=ev.Q_(np.array([10.0, 100.0]), "元"), on="2024-06-01")
    assert column.exact[0] == 10 and np.isnan(column.exact[1])
    assert "不能大于 10" in str(column.faults[1])


def test_the_public_names_are_these():
    # The families are whatever modules hold methods; all else is listed here.
    # fmt: off
    assert [name for name in dir(ev) if name not in families()] == [
        "Assessment", "Case", "EcovalError", "Expert", "Finding", "Given", "Item", "Method", "Q_",
        "Rounding", "__version__", "batch", "given", "method", "methods", "simulate", "write_opinion",
        "write_settlement",
    ]
    # fmt: on
    assert {"water", "ledger", "interim", "permanent"} <= set(families()) <= set(dir(ev))
    for name in dir(ev):
        assert getattr(ev, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'watter'"):
        _ = ev.watter


def test_nothing_heavy_is_imported_before_it_is_asked_for():
    code = (
        "import sys, ecoval; print([m for m in ('pint', 'numpy', 'pydantic') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
