"""Where a local method holds, what a term falls back on, and what one medium counts twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import ecoval as ev
from ecoval.case import Case
from ecoval.errors import ContentError, InputError, OutOfScope, ParameterNotFound
from ecoval.valuation import Method, registry

ON = "2010-06-01"


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    ev.methods()
    monkeypatch.setattr(registry, "_known", dict(registry._known))
    yield


def _local(jurisdiction: str) -> Method:
    card: dict[str, Any] = {
        "id": "local", "title": "地方法", "title_en": "Local", "standard": "civil-code",
        "clause": "第一条", "standing": "verified", "jurisdiction": jurisdiction,
        "result": {"symbol": "S", "title": "额"},
        "term": [{"name": "price", "symbol": "p", "title": "价", "unit": "元"}],
    }  # fmt: skip

    @ev.method(card)
    def local(price: Any) -> Any:
        return price * 2

    return local


@pytest.mark.parametrize("place", ["370000", "青岛市", "370211"])
def test_a_local_method_holds_in_its_province_and_below(place: str) -> None:
    assert _local("370000")(price="3 元", on=ON, jurisdiction=place).exact == 6


@pytest.mark.parametrize(
    ("place", "words"), [("浙江省", "浙江省（330000） 不在其内"), ("CN", "全国 不在其内")]
)
def test_another_place_is_refused_by_name(place: str, words: str) -> None:
    with pytest.raises(OutOfScope, match="只适用于山东省") as caught:
        _local("370000")(price="3 元", on=ON, jurisdiction=place)
    assert words in str(caught.value) and "overrule 的 jurisdiction" in str(caught.value)


def test_another_place_may_be_overruled_with_a_reason_that_is_printed() -> None:
    item = _local("370000")(
        price="3 元", on=ON, jurisdiction="浙江省", overrule={"jurisdiction": "本省没有标准，参照"}
    )
    assert [finding.code for finding in item.findings if finding.level == "warning"] == [
        "outside-place"
    ]
    assert "超出规定（适用地域），理由：本省没有标准，参照" in str(item)


def test_a_place_of_a_card_is_written_as_its_code() -> None:
    with pytest.raises(ContentError, match="jurisdiction 须写代码 370000"):
        _local("山东省")


EQUIVALENT = ev.services.equivalents_2015
GROUND = {
    "area": "10 公顷", "ecosystem": "湿地", "production": 1, "precipitation": 1,
    "conservation": 1, "loss": "50 %", "duration": "2 年",
}  # fmt: skip
CROPS = {
    "sown_share": ["35 %", "30 %", "35 %"],
    "net_profit": ["3000 元/公顷/年", "2000 元/公顷/年", "3500 元/公顷/年"],
}


def test_a_parameter_stands_in_for_the_method_of_which_nothing_is_given() -> None:
    assert EQUIVALENT(**GROUND, on=ON).used("standard_equivalent").values == (3406.5,)


def test_the_method_goes_before_the_parameter() -> None:
    item = EQUIVALENT(**GROUND, **CROPS, on=ON)
    assert item.used("standard_equivalent").values == (2875.0,)
    assert "标准当量（净利润法）" in str(item)


def test_lines_of_the_method_may_be_given_as_a_list() -> None:
    crops = [
        {"name": "稻谷", "sown_share": share, "net_profit": profit}
        for share, profit in zip(CROPS["sown_share"], CROPS["net_profit"], strict=True)
    ]
    item = EQUIVALENT(**GROUND, crops=crops, on=ON)
    assert item.used("standard_equivalent").values == (2875.0,)


def test_half_of_the_method_is_an_error_not_the_parameter() -> None:
    with pytest.raises(InputError, match="net_profit"):
        EQUIVALENT(**GROUND, sown_share=CROPS["sown_share"], on=ON)


def test_no_parameter_says_where_to_take_the_value() -> None:
    with pytest.raises(ParameterNotFound, match="已知：全国 2010.*净利润计算"):
        EQUIVALENT(**GROUND, on="2024-06-01")


def _item(method: str, medium: str, inputs: dict[str, Any], head: str = "interim") -> Any:
    entry = {"method": method, "head": head, "inputs": inputs}
    return {**entry, "medium": medium} if medium else entry


def _findings(*items: Any, on: str = ON) -> dict[str, str]:
    data = {"title": "某案", "place": "浙江省金华市", "on": on, "route": "full"}
    assessment = Case(**data, item=list(items)).assess()
    return {
        finding.code: str(finding)
        for finding in assessment.findings
        if finding.code in ("double-counting", "medium-missing")
    }


LOSS = {"annual_value": ["1 万元/年"], "loss": [1], "duration": "2 年"}
CARBON = {"tonnes": "10 tCO2e", "price": "60 元/tCO2e"}


def test_equivalents_beside_services_of_the_same_medium_count_twice() -> None:
    found = _findings(
        _item("services-equivalents-2015", "wetland", GROUND),
        _item("services-loss", "wetland", LOSS),
    )
    assert "应删去其一，或从第" in found["double-counting"]


def test_equivalents_beside_services_of_another_medium_do_not() -> None:
    assert not _findings(
        _item("services-equivalents-2015", "wetland", GROUND),
        _item("services-loss", "grassland", LOSS),
    )


def test_equivalents_beside_lost_carbon_count_the_climate_twice() -> None:
    found = _findings(
        _item("services-equivalents-2015", "forest", {**GROUND, "ecosystem": "阔叶", **CROPS}),
        _item("carbon-value", "", CARBON),
        on="2022-06-01",
    )
    assert "碳损失价值" in found["double-counting"]


def test_an_ecosystem_without_a_name_is_asked_for() -> None:
    found = _findings(
        _item("services-equivalents-2015", "", GROUND), _item("services-loss", "wetland", LOSS)
    )
    assert found.keys() == {"medium-missing"}
    assert "第 1 项未注明环境介质（medium）" in found["medium-missing"]


def test_show_says_where_a_local_method_holds() -> None:
    from typer.testing import CliRunner

    from ecoval.cli import app

    shown = CliRunner().invoke(app, ["show", "marine-project-loss"])
    assert "地域  山东省（370000）" in shown.output


def test_a_pair_that_declares_each_other_is_told_once() -> None:
    data = {"title": "某案", "place": "浙江省金华市", "on": ON, "route": "full"}
    transfer = {"area": "1 公顷", "site": "扎龙湿地2010", "price_ratio": 1, "loss": 1}
    items = [
        _item("services-equivalents-2015", "wetland", GROUND),
        _item("wetland-value-transfer", "", {**transfer, "duration": "1 年"}),
    ]
    found = Case(**data, item=items).assess().findings
    assert [finding.code for finding in found].count("double-counting") == 1
