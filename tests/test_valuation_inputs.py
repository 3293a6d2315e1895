"""What an expert gives: every bad input is refused where it stands, in words that say what would do."""

import re
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pytest

import ecoval as ev
from ecoval.errors import EcovalError, InputError, OutOfScope, ParameterNotFound, UnitError
from ecoval.rules import parameters
from ecoval.valuation.registry import method

WATER = {
    "discharge": "500 t",
    "unit_cost": "8.3 元/t",
    "hazard": 1.5,
    "exceedance": 1.25,
    "function": 2,
}
MULTIPLE = {"quantity": "1 t", "unit_cost": "22 元/t", "multiple": 4.5, "water_class": "Ⅲ"}
INTERIM = {
    "quantity": "10 亩",
    "loss": "50 %",
    "unit_value": "1000 元/亩/年",
    "rate": "3 %",
    "first_year": 2020,
    "last_year": 2024,
    "base_year": 2020,
}
FOREVER = {"quantity": "10 亩", "loss": "50 %", "unit_value": "1000 元/亩/年", "lag": 1}
CONCENTRATION = {"concentration": "270 mg/L", "limit": "100 mg/L"}


def value(id, terms, changes=None, *, without=(), on="2024-06-01", **options):
    given = {**terms, **(changes or {})}
    given = {name: given[name] for name in given if name not in without}
    return method(id).value(given, on=on, **options)


def water(changes=None, **options):
    return value("water-virtual-treatment", WATER, changes, **options)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"discharge": "500 亩"}, UnitError, "排放数量（discharge）：单位须为 t 或 m³，所给为 500 亩"),
        ({"discharge": 500}, UnitError, "排放数量（discharge）：单位须为 t 或 m³，所给为 500"),
        ({"discharge": "500 mu"}, UnitError, "排放数量（discharge）：单位 mu 有歧义"),
        ({"discharge": "500 t/a"}, UnitError, "排放数量（discharge）：单位 a 有歧义"),
        ({"discharge": "500 tt"}, UnitError, "排放数量（discharge）：不认识的单位"),
        ({"discharge": "-500 t"}, InputError, "排放数量（discharge）：应大于零，所给为 -500 t"),
        ({"discharge": "0 t"}, InputError, "排放数量（discharge）：应大于零，所给为 0 t"),
        ({"discharge": "nan t"}, InputError, "排放数量（discharge）：不是有限的数"),
        ({"discharge": "-inf t"}, InputError, "排放数量（discharge）：不是有限的数"),
        ({"discharge": "五百吨"}, InputError, "排放数量（discharge）：读不出数量，所给为 '五百吨'"),
        ({"discharge": "1,5 t"}, InputError, "排放数量（discharge）：读不出数量"),
        ({"discharge": None}, InputError, "排放数量（discharge）：缺少（t 或 m³）"),
        ({"discharge": True}, InputError, "排放数量（discharge）：应为数量，不是真假值"),
        ({"discharge": ["500 t"]}, InputError, "排放数量（discharge）：应为数量，所给为 ['500 t']"),
        ({"unit_cost": "8.3 元"}, UnitError, "单位治理成本（unit_cost）：单位须为 元/t 或 元/m³"),
        ({"unit_cost": "8.3 元/m3"}, UnitError, "排放数量以 t 计，单位治理成本须以 元/t 计"),
        ({"unit_cost": "-8.3 元/t"}, InputError, "单位治理成本（unit_cost）：应大于零"),
        ({"hazard": float("nan")}, InputError, "危害系数（hazard）：不是有限的数"),
        ({"hazard": float("inf")}, InputError, "危害系数（hazard）：不是有限的数"),
        ({"hazard": "1.5 t"}, UnitError, "危害系数（hazard）：单位须为 无量纲，所给为 1.5 t"),
        ({"hazard": -1.5}, InputError, "危害系数（hazard）：应大于零"),
        ({"hazard": 2.01}, OutOfScope, "GB/T 39793.2-2020 表1、表2的取值范围 1–2，所给为 2.01"),
        ({"hazard": 0.99}, OutOfScope, "危害系数（hazard）：超出GB/T 39793.2-2020"),
        ({"exceedance": 2.01}, OutOfScope, "超标系数（exceedance）：超出GB/T 39793.2-2020 表3、表4"),
        ({"function": 1.49}, OutOfScope, "环境功能系数（function）：超出GB/T 39793.2-2020 表5"),
        ({"function": "250 %"}, None, ""),
        ({"dischage": "500 t"}, InputError, "没有输入项 dischage。是否指 discharge"),
        ({"discharge": {"value": "500 t", "evidnce": "M1"}}, InputError, "未知的键 evidnce。是否指 evidence"),
        ({"discharge": {"evidence": "M1"}}, InputError, "排放数量（discharge）：缺少 value"),
        ({"discharge": {"value": "500 t", "page": 3}}, InputError, "page 应为文字，所给为 3"),
        (CONCENTRATION | {"exceedance": 1.5}, OutOfScope, "所给 1.5 与GB/T 39793.2-2020 表3 超标系数查得的 1.25 不符"),
        ({"water_class": "Ⅱ"}, OutOfScope, "所给 2 与GB/T 39793.2-2020 表5 环境功能系数查得的 2.25 不符"),
        ({"water_class": "Ⅵ"}, InputError, "所给为 Ⅵ"),
        ({"concentration": "270 mg/L"}, InputError, "排放限值（limit）：缺少"),
        (CONCENTRATION | {"limit": "0 mg/L"}, InputError, "排放限值（limit）：应大于零"),
        (CONCENTRATION | {"limit": "100 mg"}, UnitError, "排放限值（limit）：单位须为 mg/L，所给为 100 mg"),
    ],
)  # fmt: skip
def test_a_bad_input_is_refused_and_the_place_is_named(changes, error, words):
    if error is None:
        assert water(changes).exact == pytest.approx(500 * 8.3 * 1.5 * 1.25 * 2.5)
        return
    with pytest.raises(EcovalError) as caught:
        water(changes)
    assert type(caught.value) is error
    assert words in str(caught.value), str(caught.value)
    assert re.match(r"water-(virtual-treatment|exceedance-multiple)：", str(caught.value))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("discharge", "排放数量（discharge）：缺少（t 或 m³）"),
        ("unit_cost", "单位治理成本（unit_cost）：缺少（元/t 或 元/m³）"),
        ("hazard", "须自标准表1（废水）或表2（固体废物）查取"),
        (
            "exceedance",
            "或给出浓度 concentration 与限值 limit（几种污染物的，列为 pollutants）由表3查得",
        ),
        ("function", "须自标准表5查取，或给出水域环境功能类别 water_class"),
    ],
)
def test_a_missing_term_is_refused_and_the_table_is_named(name, words):
    with pytest.raises(InputError) as caught:
        water(without=[name])
    assert f"（{name}）：缺少" in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("id", "terms", "changes", "error", "words"),
    [
        ("interim-loss", INTERIM, {"loss": 5}, InputError, '应为 0 到 1 之间的比例，所给为 5。若指百分之 5，请写 "5 %"'),
        ("interim-loss", INTERIM, {"loss": "101 %"}, InputError, "损害程度（loss）：应为 0 到 1 之间的比例"),
        ("interim-loss", INTERIM, {"loss": -0.1}, InputError, "损害程度（loss）：不能为负"),
        ("interim-loss", INTERIM, {"rate": 3}, OutOfScope, "折现率（rate）：超出"),
        ("interim-loss", INTERIM, {"rate": 3}, OutOfScope, "取值范围 2%–5%，所给为 300%"),
        ("interim-loss", INTERIM, {"rate": "1.99 %"}, OutOfScope, "所给为 1.99%"),
        ("interim-loss", INTERIM, {"rate": "5.01 %"}, OutOfScope, "所给为 5.01%"),
        ("interim-loss", INTERIM, {"rate": "3 元"}, UnitError, "折现率（rate）：单位须为 %，所给为 3 元"),
        ("interim-loss", INTERIM, {"last_year": 2019}, InputError, "恢复之年（last_year）：早于受损起始年（2020），所给为 2019"),
        ("interim-loss", INTERIM, {"first_year": 2020.5}, InputError, "受损起始年（first_year）：应为整数"),
        ("interim-loss", INTERIM, {"base_year": 24}, InputError, "评估基准年（base_year）：应为公历年份，如 2024，所给为 24"),
        ("interim-loss", INTERIM, {"unit_value": "1000 元/亩"}, UnitError, "年单位价值（unit_value）：单位须为 元/(亩·年)"),
        ("interim-loss", INTERIM, {"unit_value": "1000 元/亩/天"}, UnitError, "单位须为 元/(亩·年)"),
        ("interim-loss", INTERIM, {"unit_value": "1000 元/t/年"}, UnitError, "所给为 1000 元/t/年"),
        ("permanent-loss-perpetuity", FOREVER, {"rate": 0}, InputError, "折现率（rate）：应大于零"),
        ("permanent-loss-perpetuity", FOREVER, {"lag": 0.5}, InputError, "（lag）：应为整数"),
        ("permanent-loss-perpetuity", FOREVER, {"lag": -1}, InputError, "（lag）：不能为负"),
        ("water-multiple-2014", MULTIPLE, {"multiple": 4.4}, OutOfScope, "取值范围 4.5–6，所给为 4.4"),
        ("water-multiple-2014", MULTIPLE, {"multiple": 6.1}, OutOfScope, "倍数（multiple）：超出"),
        ("water-multiple-2014", MULTIPLE, {"water_class": "劣Ⅴ"}, InputError, "所给为 劣Ⅴ"),
    ],
)  # fmt: skip
def test_a_share_a_year_or_a_rate_out_of_bounds_is_refused(id, terms, changes, error, words):
    with pytest.raises(EcovalError) as caught:
        day = "2018-06-01" if id == "water-multiple-2014" else "2024-06-01"
        value(id, terms, changes, on=day)
    assert type(caught.value) is error
    assert str(caught.value).startswith(f"{id}：")
    assert words in str(caught.value), str(caught.value)


def test_a_multiple_needs_the_class_of_the_water():
    with pytest.raises(InputError, match="水域环境功能类别（water_class）：缺少"):
        value("water-multiple-2014", MULTIPLE, without=["water_class"], on="2018-06-01")


def test_more_than_eight_times_is_not_eight_times():
    # The multiple of class Ⅰ is above 8, as that of class Ⅱ ends with 8.
    with pytest.raises(OutOfScope):
        value("water-multiple-2014", MULTIPLE, {"multiple": 8, "water_class": "Ⅰ"}, on="2018-06-01")


@pytest.mark.parametrize("multiple", [4.5, 6])
def test_both_ends_of_a_range_are_in_it(multiple):
    item = value("water-multiple-2014", MULTIPLE, {"multiple": multiple}, on="2018-06-01")
    assert item.exact == 22 * multiple


def test_a_part_of_the_loss_may_be_all_of_it_or_none():
    assert value("permanent-loss-perpetuity", FOREVER, {"loss": 1, "rate": "4 %"}).exact == 250_000
    assert value("permanent-loss-perpetuity", FOREVER, {"loss": 0}).exact == 0


@pytest.mark.parametrize(
    "discharge",
    [
        500.0 * ev.Q_(1, "t"),
        ev.Q_(500, "t"),
        ev.Q_(Decimal(500), "t"),
        ev.Q_(np.float64(0.5), "千t"),
        "500 吨",
        "５００ ｔ",
        "500t",
        "500,000 kg",
        "0.05 万t",
        {"value": "500 t", "evidence": "M1", "page": "3"},
        ev.given("500 t", evidence="M1", note="台账"),
    ],
)
def test_a_quantity_may_be_given_in_many_ways(discharge):
    assert water({"discharge": discharge}).exact == 15_562.5


# The exceedance, where a digit too many is a quarter of the amount.


@pytest.mark.parametrize(
    ("concentration", "limit", "coefficient"),
    [
        ("110 mg/L", "10 mg/L", 1.25),  # each pair is ten, a hundred or a thousand times exactly
        ("0.33 mg/L", "0.03 mg/L", 1.25),
        ("0.66 mg/L", "0.06 mg/L", 1.25),
        ("1.32 mg/L", "0.12 mg/L", 1.25),
        ("0.909 mg/L", "0.009 mg/L", 1.5),
        ("1.111 mg/L", "0.011 mg/L", 1.5),
        ("700.7 mg/L", "0.7 mg/L", 1.75),
        ("100 mg/L", "0.1 g/L", 1),
        ("0.3301 mg/L", "0.03 mg/L", 1.5),
    ],
)
def test_an_exceedance_on_the_edge_of_a_band_is_in_the_lower_one(concentration, limit, coefficient):
    terms = {"concentration": concentration, "limit": limit}
    item = water(terms, without=["exceedance"])
    assert item.used("exceedance").value == coefficient
    assert item.exact == pytest.approx(500 * 8.3 * 1.5 * coefficient * 2, rel=1e-12)


# Going outside, with a reason and without.


def test_an_overrule_with_a_reason_lets_a_value_outside_its_range_pass_and_is_printed():
    item = water({"hazard": 3}, overrule={"hazard": "毒性鉴定报告载明"})
    assert item.exact == 500 * 8.3 * 3 * 1.25 * 2
    assert dict(item.overrule) == {"hazard": "毒性鉴定报告载明"}
    found = next(found for found in item.findings if found.code == "outside-range")
    assert found.level == "warning"
    assert "取值范围 1–2，取 3" in found.text


@pytest.mark.parametrize(
    ("overrule", "words"),
    [
        ({}, "确需采用的，以 overrule 的 hazard 说明理由"),
        ({"hazard": ""}, "说明理由"),
        ({"hazard": "  "}, "说明理由"),
        ({"function": "x"}, "危害系数（hazard）：超出"),
        ({"hazrd": "x"}, "危害系数（hazard）：超出"),
    ],
)
def test_an_overrule_without_a_reason_or_of_another_term_does_not_help(overrule, words):
    with pytest.raises(OutOfScope) as caught:
        water({"hazard": 3}, overrule=overrule)
    assert words in str(caught.value)


def test_an_overrule_of_nothing_is_refused():
    with pytest.raises(InputError, match=r"overrule\.hazrd：没有可推翻的此项。是否指 hazard"):
        water(overrule={"hazrd": "理由"})
    with pytest.raises(InputError, match=r"overrule\.hazard：须写明理由"):
        water(overrule={"hazard": " "})


def test_an_overrule_that_was_not_needed_is_noted():
    item = water(overrule={"hazard": "理由"})
    assert "overrule-unused" in {found.code for found in item.findings if found.level == "note"}
    assert dict(item.overrule) == {}


def test_no_overrule_makes_a_negative_quantity_or_a_share_above_one_pass():
    with pytest.raises(InputError, match="应大于零"):
        water({"discharge": "-1 t"}, overrule={"discharge": "理由"})
    with pytest.raises(InputError, match="0 到 1"):
        value("interim-loss", INTERIM, {"loss": 2}, overrule={"loss": "理由"})


def test_a_coefficient_against_its_table_passes_with_a_reason_only():
    given = CONCENTRATION | {"exceedance": 1.5}
    item = water(given, overrule={"exceedance": "多种污染物叠加"})
    assert item.exact == 500 * 8.3 * 1.5 * 1.5 * 2
    assert "differs-from-table" in {found.code for found in item.findings}
    assert water(CONCENTRATION).exact == 15_562.5  # the table agrees with what is given


# The day and the place.


def test_the_day_before_the_standard_is_refused_and_the_first_day_is_not():
    assert water(on="2021-01-01").exact == 15_562.5
    with pytest.raises(OutOfScope) as caught:
        water(on="2020-12-31")
    assert "2020-12-31 不在其内" in str(caught.value)
    assert "2021-01-01 至 今" in str(caught.value)
    assert "以 overrule 的 dates 说明理由" in str(caught.value)


def test_a_day_before_the_standard_passes_with_a_reason_which_is_kept():
    item = water(on="2020-12-31", overrule={"dates": "持续性损害跨越施行日"})
    assert item.exact == 15_562.5
    assert "outside-dates" in {found.code for found in item.findings}
    assert dict(item.overrule) == {"dates": "持续性损害跨越施行日"}


def test_the_same_reason_covers_the_exceedance_that_the_method_computes():
    item = water(
        CONCENTRATION,
        without=["exceedance"],
        on="2020-12-31",
        overrule={"dates": "持续性损害跨越施行日"},
    )
    assert item.exact == 15_562.5


def test_a_method_that_was_replaced_names_its_successor():
    with pytest.raises(OutOfScope, match="可用 water-virtual-treatment"):
        value("water-multiple-2014", MULTIPLE, on="2021-01-01")


@pytest.mark.parametrize("on", ["2024-6-1", "2024年6月1日", "", None, 20240601, "2024-02-30"])
def test_a_day_that_is_none_is_refused(on):
    with pytest.raises(
        InputError, match="on：应为日期" if on is not None else "on：缺少损害发生之日"
    ):
        water(on=on)


@pytest.mark.parametrize("id", ["water-virtual-treatment", "cost-ledger"])
def test_an_hour_of_a_day_counts_as_that_day_or_is_refused(id):
    terms = WATER if id.startswith("water") else {"quantity": "1 t", "unit_price": "1 元/t"}
    try:
        item = method(id).value(terms, on=datetime(2024, 6, 1, 12))
    except InputError:
        return
    assert item.on == date(2024, 6, 1)
    assert item.as_dict()["on"] == "2024-06-01"


def test_an_unknown_place_is_refused():
    with pytest.raises(InputError, match="没有这个行政区划，所给为 金冻区。是否指 "):
        water(place="金冻区")


def test_a_rate_is_taken_from_the_rule_and_its_standing_is_said():
    item = value("interim-loss", INTERIM, without=["rate"], place="330703")
    assert item.used("rate").value == 0.03
    assert item.parameters[0].place.code == "CN"
    assert "unverified-value" in {found.code for found in item.findings}
    with pytest.raises(
        ParameterNotFound, match="折现率（discount-rate）在 浙江省金华市金东区 2014-10-23"
    ):
        value(
            "interim-loss",
            INTERIM,
            without=["rate"],
            place="330703",
            on="2014-10-23",
            overrule={"dates": "试"},
        )


def test_a_rate_entered_as_per_cent_is_the_same_rate(tmp_path, monkeypatch):
    path = tmp_path / "rates.toml"
    path.write_text(
        '[discount-rate]\ntitle = "折现率"\nunit = "%"\n[[discount-rate.values]]\n'
        'jurisdiction = "CN"\nsince = 2014-10-24\nvalue = 3\nsource = "civil-code"\n'
        'clause = "一"\nstanding = "verified"\n',
        encoding="utf-8",
    )
    read = parameters.read_parameters([path])
    monkeypatch.setattr(parameters, "_parameters", lambda: read)
    item = value("interim-loss", INTERIM, without=["rate"])
    assert item.exact == value("interim-loss", INTERIM).exact


def test_an_unknown_method_is_refused_with_suggestions():
    with pytest.raises(
        InputError, match="没有方法 water-virtual-treatmnt。是否指 water-virtual-treatment"
    ):
        method("water-virtual-treatmnt")
    with pytest.raises(InputError, match="没有方法 zzz。可用："):
        method("zzz")


def test_what_was_got_is_said_with_the_hyphen_that_is_typed():
    with pytest.raises(InputError, match="所给为 -3 t"):
        method("cost-ledger")(quantity="−3 t", unit_price="1 元/t", on="2024-06-01")


def test_a_method_called_without_its_day_says_what_to_give():
    found = method("adopted-amount")
    for call in (found, found.column):
        with pytest.raises(InputError, match=r'adopted-amount：on：缺少损害发生之日。.*on="2024'):
            call(amount="1 元")
    with pytest.raises(InputError, match="缺少损害发生之日"):
        found.value({"amount": "1 元"})


@pytest.mark.parametrize(("loss", "hinted"), [(1.5, True), ("1.5", True), ("150 %", False)])
def test_only_a_bare_number_may_have_been_meant_in_per_cent(loss, hinted):
    with pytest.raises(InputError, match="应为 0 到 1 之间的比例") as caught:
        method("interim-loss")(**{**INTERIM, "loss": loss}, on="2024-06-01")
    assert ("若指百分之 1.5" in str(caught.value)) is hinted
    assert ("150%" in str(caught.value)) is not hinted


@pytest.mark.parametrize("key", ["label", "remark"])
def test_an_unknown_key_of_a_line_has_the_known_ones_listed(key):
    lines = [{"quantity": "1 t", "unit_price": "1 元/t", key: "甲"}]
    known = "quantity、unit_price、name、voucher、note、open、price_base"
    with pytest.raises(InputError, match=f"未知的键 {key}。可用：{known}。"):
        method("cost-ledger")(lines=lines, on="2024-06-01")
