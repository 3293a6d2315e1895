"""Classes are found as documents write them, and no class stands in for another."""

from decimal import Decimal

import pytest

from ecoval.errors import ContentError, InputError, UnitError
from ecoval.rules.classes import class_key
from ecoval.rules.tables import read_table, table
from ecoval.units import quantity
from ecoval.valuation import carbon

WATER = (
    "Ⅲ",
    "III",
    "iii类",
    "Ⅲ类",
    "三类",
    "第三类",
    "3类",
    "地表水Ⅲ类",
    "地表水环境质量Ⅲ类标准",
    "Ⅲ类水域",
)


@pytest.mark.parametrize("written", WATER)
def test_a_water_class_is_found_as_it_is_printed(written):
    assert table("water-function-2020").row({"water_class": written}).number("coefficient") == 2


@pytest.mark.parametrize("written", ["二类区", "Ⅱ类", "环境空气二类功能区", "环境空气质量二类区"])
def test_a_class_of_the_air_is_found_as_it_is_printed(written):
    row = table("multiples-2014").row({"medium": "环境空气", "medium_class": written})
    assert row.number("high") == 5


@pytest.mark.parametrize("written", ["地下水Ⅲ类", "海水三类", "劣Ⅴ类", "三", "3"])
def test_a_class_of_another_medium_is_no_class_of_surface_water(written):
    with pytest.raises(InputError, match="不在GB/T 39793.2-2020 表5"):
        table("water-function-2020").row({"water_class": written})


@pytest.mark.parametrize(
    ("written", "multiple"),
    [
        ("国家一级保护野生动物", 10),
        ("国家Ⅱ级重点保护", 5),
        ("国家二级重点保护野生动物", 5),
        ("“三有”动物", 1),
        ("省重点保护", 1),
    ],
)
def test_a_protection_class_has_its_other_names(written, multiple):
    row = table("wildlife-land-multiple").row({"protection_class": written})
    assert row.number("multiple") == multiple


def test_the_row_keeps_its_own_name():
    row = table("carbon-allometry").row({"region": "安徽", "species": "黄山松"})
    assert row.texts["species"] == "台湾松"
    assert row.standing == "unverified"


def test_what_is_no_numbered_class_is_compared_as_it_stands():
    assert class_key("含林下植物") == "含林下植物"
    assert class_key("44/12") == "44/12"


@pytest.mark.parametrize(
    "aliases", ['"丙" = ["乙二"]', '"甲" = ["乙"]', '"甲" = ["丙"]\n"乙" = ["丙"]']
)
def test_an_alias_names_one_class_that_is_there(tmp_path, aliases):
    (tmp_path / "kinds.csv").write_text("kind,share\n甲,1\n乙,2\n", encoding="utf-8")
    path = tmp_path / "kinds.toml"
    path.write_text(
        'title = "表"\nsource = "arithmetic"\nstanding = "verified"\nclasses = ["kind"]\n'
        f'[columns.kind]\ntitle = "类"\n[columns.kind.aliases]\n{aliases}\n'
        '[columns.share]\ntitle = "份"\nunit = ""\n',
        encoding="utf-8",
    )
    with pytest.raises(ContentError, match="别名重复，或所指的类别不在表中"):
        read_table(path)


def bef(volume):
    return carbon.volume_bef(volume=volume, species="杉木", conversion="3.67", on="2024-06-01")


def test_a_unit_that_is_read_as_the_cards_is_said():
    plain, own = bef("10 m³"), bef("10 立方米蓄积")
    assert plain.exact == own.exact
    assert [finding.code for finding in plain.findings if finding.code == "unit-read-as"]
    said = next(finding.text for finding in plain.findings if finding.code == "unit-read-as")
    assert said == "立木蓄积以 m³ 给出，按立木蓄积计；原木材积须先除以出材率"
    assert not [finding for finding in own.findings if finding.code == "unit-read-as"]


def test_a_prefix_is_kept_when_a_unit_is_read_as_the_cards():
    assert bef("0.001 万m³").exact == bef("10 立方米蓄积").exact


def test_what_is_not_read_as_the_cards_is_refused():
    with pytest.raises(UnitError, match="单位须为 立方米蓄积，所给为 10 t"):
        bef("10 t")


def test_a_column_is_read_as_a_single_value_is():
    import numpy as np

    from ecoval.units import Q_

    given = {"species": "杉木", "conversion": "3.67", "on": "2024-06-01"}
    plain = carbon.volume_bef.column(volume=Q_(np.array([10.0, 20.0]), "m^3"), **given)
    own = carbon.volume_bef.column(volume=Q_(np.array([10.0, 20.0]), "立方米蓄积"), **given)
    assert plain.exact.tolist() == own.exact.tolist()
    assert [finding.code for finding in plain.findings].count("unit-read-as") == 1


@pytest.mark.parametrize(
    ("written", "number", "of"),
    [
        ("8933×10²hm²", 893_300, "公顷"),
        ("1.5 × 10⁻³ t", 0.0015, "t"),
        ("4.5倍", 4.5, ""),
        ("135 万人次", 1_350_000, "次"),
        ("3.24 x 10^9 kg", 3.24e9, "kg"),
        ("623.55㎡", 623.55, "m^2"),
        ("5车次", 5, "次"),
    ],
)
def test_numbers_are_read_as_they_are_printed(written, number, of):
    assert quantity(written).m_as(of) == pytest.approx(number, rel=1e-12)


@pytest.mark.parametrize("written", ["10余亩", "110.5 万余元", "20 多只", "3 吨左右", "5 万元以上"])
def test_what_is_only_about_a_number_is_refused_as_such(written):
    with pytest.raises(UnitError, match="约数不能计算"):
        quantity(written)


def test_the_brackets_that_are_missing_are_shown():
    with pytest.raises(UnitError, match=r"若指 元/\(亩·年\)，请这样写"):
        quantity("2354 元/亩·年")


def test_a_year_may_say_that_it_is_one():
    from ecoval.valuation import interim

    given = {"quantity": "10 亩", "loss": "50 %", "unit_value": "1 元/亩/年", "rate": "3 %"}
    spoken = interim.interim_loss(
        first_year="2024年", last_year="2028年", base_year="2024年", on="2024-06-01", **given
    )
    bare = interim.interim_loss(
        first_year=2024, last_year=2028, base_year=2024, on="2024-06-01", **given
    )
    assert spoken.exact == bare.exact
    assert not [finding for finding in spoken.findings if finding.code == "unit-read-as"]


def test_tonnes_of_published_carbon_prices_carry_their_standing():
    item = carbon.value(tonnes="10 吨", price_context="国家核证自愿减排量重启首日", on="2024-06-01")
    assert item.amount == Decimal("635.10")
    assert "unverified-value" in {finding.code for finding in item.findings}


def test_a_class_of_plankton_has_a_range_of_its_own():
    rows = table("fishery-loss-rate").rows
    kinds = {row.texts["biota"] for row in rows}
    assert kinds == {"鱼卵和仔稚鱼", "成体", "浮游动物", "浮游植物"}
    assert {row.standing for row in rows} == {"unverified"}
