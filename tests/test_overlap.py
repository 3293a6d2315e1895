"""Losses that a case counts twice, and methods outside their conditions: what is found and said."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import ecoval as ev
from ecoval.case import Assessment, Case
from ecoval.content import folder
from ecoval.errors import ContentError, InputError, OutputError
from ecoval.findings import Finding
from ecoval.rules.cards import read_card
from ecoval.rules.heads import HEADS
from ecoval.valuation.golden import golden_of

CARDS = {id: m.card for id, m in ev.methods().items() if m.__module__.startswith("ecoval.")}


def _item(method: str, head: str = "", **more: Any) -> dict[str, Any]:
    """An item valued by the inputs of a golden case of *method*."""
    case = next(case for case in golden_of(method) if case.expect)
    entry = {"method": method, "head": head or CARDS[method].heads[0], "inputs": case.inputs}
    if entry["head"] == "investigation":
        entry["cost_kind"] = "other"
    return {**entry, "on": case.on, "overrule": case.overrule, **more}


def _assessed(*items: dict[str, Any]) -> Assessment:
    places = [case.jurisdiction for item in items for case in golden_of(item["method"])[:1]]
    place = next((code for code in places if code != "CN"), "CN")
    data = {"title": "某案", "place": place, "on": "2024-06-01", "route": "full"}
    return Case(**data, item=list(items)).assess()


def _double(*items: dict[str, Any]) -> list[Finding]:
    return [each for each in _assessed(*items).findings if each.code == "double-counting"]


WATER = _item("water-virtual-treatment", "restoration")
LEDGER = {"lines": [{"name": "费用", "quantity": "1 项", "unit_price": "9000 元/项"}]}


def _ledger(head: str, medium: str) -> dict[str, Any]:
    return {"method": "cost-ledger", "head": head, "medium": medium, "inputs": LEDGER}


# What is counted twice, which figure goes, and why.
PAIRS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    **{
        f"{method} + restoration": (
            _item(method, "interim"),
            _ledger("restoration", CARDS[method].medium),
            "修复费用可以计算的，应删去第 1 项",
        )
        for method in (
            "water-virtual-treatment",
            "water-solid-waste-virtual-treatment",
            "air-virtual-treatment",
            "air-virtual-treatment-product",
            "water-multiple-2014",
            "air-multiple-2014",
            "groundwater-multiple-2014",
        )
    },
    **{
        f"{method} + clearance": (
            _item(method, "interim"),
            _ledger("clearance", CARDS[method].medium),
            "实际发生的清除、治理费用明确的，不适用虚拟治理成本法；应删去第 1 项",
        )
        for method in ("water-virtual-treatment", "air-virtual-treatment", "air-multiple-2014")
    },
    **{
        f"{method} + emergency": (
            _item(method, "interim"),
            _item("emergency-people", "prevention"),
            "应急处置费用明确的，不适用虚拟治理成本法；应删去第 1 项",
        )
        for method in ("water-virtual-treatment", "air-virtual-treatment", "water-multiple-2014")
    },
    "2020 + the 2014 multiple, water": (
        _item("water-virtual-treatment"),
        _item("water-multiple-2014"),
        "倍数与 2020 年标准的系数不得并用，按损害发生之日择一；只能保留其中一项",
    ),
    "2020 + the 2014 multiple, waste": (
        _item("water-multiple-2014"),
        _item("water-solid-waste-virtual-treatment"),
        "按损害发生之日择一",
    ),
    "2020 + the 2014 multiple, air": (
        _item("air-virtual-treatment"),
        _item("air-multiple-2014"),
        "按损害发生之日择一",
    ),
    "two readings of one coefficient": (
        _item("air-virtual-treatment"),
        _item("air-virtual-treatment-product"),
        "同一排放只能采用一种",
    ),
    "carbon + the climate service of the same trees": (
        _item("carbon-value", "interim"),
        _item("forest-service-loss"),
        "已含固碳（气候调节）.*应从第 2 项中扣除",
    ),
    "carbon stock + the growth forgone": (
        _item("carbon-value", "permanent"),
        _item("carbon-value", "permanent", inputs={"tonnes": "5 tCO2e", "price": "60 元/tCO2e"}),
        "须先扣除补植林木的生长量.*应从第 2 项中扣除",
    ),
    "equivalency + interim loss": (
        _item("equivalency-project-cost", "restoration", medium="forest"),
        _item("interim-loss", medium="forest"),
        "补偿性修复已经补偿同一服务的期间损失.*应删去第 2 项",
    ),
    "equivalency + yearly services": (
        _item("forest-service-loss"),
        _item("equivalency-project-cost", "interim", medium="forest"),
        "应删去第 1 项",
    ),
    "a share of restoration cost + interim loss": (
        _item("restoration-service-loss-share", medium="surface-water"),
        _item("interim-loss", medium="surface-water"),
        "不再按修复费用的比例酌定.*应删去第 1 项",
    ),
    "interim loss + yearly services": (
        _item("interim-loss", medium="forest"),
        _item("forest-service-loss"),
        "计算同一服务功能的期间损失；只能保留其中一项",
    ),
    "permanent + interim of one service": (
        _item("permanent-loss-perpetuity", medium="wetland"),
        _item("interim-loss", medium="wetland"),
        "永久性损失只计不能恢复的部分.*应从第 2 项中扣除",
    ),
    "one permanent loss by two horizons": (
        _item("permanent-loss-perpetuity", medium="wetland"),
        _item("permanent-loss-horizon", medium="wetland"),
        "计算同一永久性损害，只是年限不同",
    ),
    "replanting + itemised works": (
        _item("forest-replanting"),
        _item("restoration-itemised-cost", medium="forest"),
        "如已列补植、抚育.*应从第 2 项中扣除",
    ),
    "a cost + the same cost in today's prices": (
        _item("restoration-itemised-cost", medium="soil"),
        _item("restoration-price-base", "restoration", medium="soil"),
        "不再与换算前的原费用并计；应删去第 1 项",
    ),
    "a multiple of the catch + the catch": (
        _item("fishery-catch-multiple"),
        _item("fishery-catch-value", "permanent"),
        "已含渔获物的直接价值；应删去第 2 项",
    ),
    "fishery + marine services": (
        _item("fishery-density-loss"),
        {**_item("interim-loss"), "medium": "marine"},
        "已含海洋生物资源一项.*应从第 2 项中扣除",
    ),
    "fishery + Shandong's marine loss": (
        _item("marine-project-loss"),
        _item("fishery-once"),
        "已含海洋生物资源一项.*应从第 1 项中扣除",
    ),
    "carbon + the equivalents of the same forest": (
        _item("services-equivalents-2015", "interim", medium="forest"),
        _item("carbon-value", "interim"),
        "已含固碳（气候调节）.*应从第 1 项中扣除",
    ),
    "one water by two fishery rules": (
        _item("fishery-density-loss"),
        _item("fishery-once"),
        "同一水域的同一批生物；只能保留其中一项",
    ),
    "an animal by its value + in the catch": (
        _item("wildlife-aquatic"),
        _item("fishery-catch-multiple"),
        "不再计入渔获物.*应从第 2 项中扣除",
    ),
    "an animal by its value + its restocking": (
        _item("wildlife-aquatic", "permanent"),
        _item("fishery-restocking", "restoration"),
        "修复费用可以计算的，应删去第 1 项",
    ),
}


@pytest.mark.parametrize(("first", "second", "words"), PAIRS.values(), ids=PAIRS)
def test_a_loss_counted_twice_is_found_with_which_to_drop(first, second, words) -> None:
    found = _double(first, second)
    assert any(_says(finding, words) for finding in found), [str(finding) for finding in found]
    assert all(finding.level == "warning" and finding.clause for finding in found)


def _says(finding: Finding, words: str) -> bool:
    return "重复计算同一损害" in finding.text and bool(re.search(words, finding.text))


@pytest.mark.parametrize(("first", "second", "words"), PAIRS.values(), ids=PAIRS)
def test_the_order_of_the_items_does_not_matter(first, second, words) -> None:
    assert len(_double(first, second)) == len(_double(second, first))


@pytest.mark.parametrize(("first", "second", "words"), PAIRS.values(), ids=PAIRS)
def test_two_objects_are_two_losses(first, second, words) -> None:
    assert not _double({**first, "object": "甲地"}, {**second, "object": "乙地"})
    assert _double({**first, "object": "甲地"}, second)


def test_another_medium_is_another_loss() -> None:
    soil = _item("interim-loss", medium="soil")
    share = _item("restoration-service-loss-share", medium="surface-water")
    assert not _double(share, soil)


def test_a_pair_without_its_medium_cannot_be_judged_and_is_not_passed_over() -> None:
    found = _assessed(_item("restoration-service-loss-share"), _item("interim-loss")).findings
    (finding,) = (each for each in found if each.code == "medium-missing")
    assert "未注明环境介质（medium），不能判断" in finding.text and "第 2 项" in finding.text


def test_alone_no_item_counts_anything_twice() -> None:
    for id, card in CARDS.items():
        if card.is_money and card.heads:
            assert not _double(_item(id)), id


@pytest.mark.parametrize(
    "id", sorted(id for id, card in CARDS.items() if card.is_money and not card.heads)
)
def test_what_is_no_ecological_damage_is_kept_out_with_the_reason(id) -> None:
    # Timber is a property: its value is never added to ecological damage.
    note = CARDS[id].note
    with pytest.raises(InputError, match="不属于任何赔偿科目") as caught:
        _assessed(_item(id, "restoration"))
    assert note and note in str(caught.value)


def test_timber_says_that_it_is_no_ecological_damage() -> None:
    with pytest.raises(InputError, match="林木资产价值不是生态环境损害，不与修复费用"):
        _assessed(_item("forest-stumpage", "restoration"))


# Conditions


@pytest.mark.parametrize(
    ("id", "condition"),
    [
        (id, condition)
        for id, card in CARDS.items()
        if card.is_money and card.heads
        for condition in card.conditions
    ],
    ids=lambda each: each if isinstance(each, str) else each.id,
)
def test_a_method_outside_its_conditions_is_a_finding_with_the_clause(id, condition) -> None:
    wrong = {condition.id: condition.kind == "forbids"}
    found = _assessed(_item(id, conditions=wrong)).findings
    code = {"requires": "condition-failed", "forbids": "condition-forbids"}[condition.kind]
    (finding,) = (each for each in found if each.code == code)
    assert finding.level == "warning" and condition.text in finding.text
    assert condition.clause in finding.clause and "按标准不应采用" in finding.text


# Cards


def _spoiled(directory: Path, *, before: str = "", after: str = "") -> Path:
    """A copy of a card with something written before and after it."""
    path = directory / "cost-ledger.toml"
    whole = (folder("methods") / path.name).read_text(encoding="utf-8")
    path.write_text(f"{before}\n{whole}\n{after}", encoding="utf-8")
    return path


def test_what_a_card_declares_names_methods_and_heads_that_are() -> None:
    for id, card in CARDS.items():
        for declared in card.declared_overlaps:
            assert set(declared.heads) <= set(HEADS)
            for pattern in declared.methods:
                assert any(fnmatchcase(other, pattern) for other in CARDS), f"{id}: {pattern}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('drop = "this"', "overlap 须写明 methods、heads 或 media"),
        ('methods = ["a"]\ndrop = "none"', "只能取"),
        ('methods = ["a"]\ndrop = "this"\nextra = 1', "未知的键"),
    ],
)
def test_a_faulty_declaration_is_refused(tmp_path, text, words) -> None:
    rest = 'why = "x"\nsource = "arithmetic"\nclause = ""\nstanding = "verified"\n'
    with pytest.raises(ContentError, match=words):
        read_card(_spoiled(tmp_path, after=f"[[overlap]]\n{text}\n{rest}"))


def test_an_unknown_source_of_a_declaration_is_refused(tmp_path) -> None:
    text = '[[overlap]]\nmethods = ["a"]\ndrop = "this"\nwhy = "x"\nsource = "nobody"\n'
    with pytest.raises(ContentError, match="没有来源 nobody"):
        read_card(_spoiled(tmp_path, after=text + 'clause = ""\nstanding = "verified"\n'))


@pytest.mark.parametrize(("code", "words"), [("999999", "没有这个行政区划"), ("浙江省", "330000")])
def test_the_place_of_a_card_is_a_code(tmp_path, code, words) -> None:
    with pytest.raises(ContentError, match=words):
        read_card(_spoiled(tmp_path, before=f'jurisdiction = "{code}"'))


INTERIM = {
    "quantity": "12 公顷", "loss": "50 %", "unit_value": "2 万元/公顷/年", "rate": "3 %",
    "first_year": 2020, "last_year": 2022, "base_year": 2024,
}  # fmt: skip


def _wetland(method: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"method": method, "head": "interim", "medium": "wetland", "inputs": inputs, **more}


def _pair(route: str, **more: Any) -> Assessment:
    ledger = _item("interim-loss-linear", "interim", medium="wetland", on="2024-06-01", **more)
    data = {"title": "某案", "place": "浙江省金华市", "on": "2024-06-01", "route": route}
    return Case(**data, item=[_wetland("interim-loss", INTERIM), ledger]).assess()


def test_what_is_counted_twice_keeps_an_opinion_a_draft() -> None:
    assessment = _pair("full")
    (point,) = [each for each in assessment.open_points if "重复计算同一损害" in each]
    assert point.endswith("确不重复的，写明理由（apart）")
    assert assessment.is_draft


def test_a_review_that_counts_twice_is_never_final(tmp_path: Path) -> None:
    assessment = _pair("review")
    assert not assessment.is_draft
    with pytest.raises(OutputError, match="不能出具正式文书.*重复计算同一损害"):
        ev.write_opinion(assessment, tmp_path, name="x", pdf=False, final=True)
    assert not list(tmp_path.iterdir())


def test_two_items_kept_apart_print_the_expert_s_reason() -> None:
    assessment = _pair("full", apart="一为湿地，一为其外的河道，分别实测")
    codes = [finding.code for finding in assessment.findings]
    assert "double-counting" not in codes
    (kept,) = [finding for finding in assessment.findings if finding.code == "counted-apart"]
    assert "专家说明两项并不重复：一为湿地" in kept.text
    assert not any("重复计算" in point for point in assessment.open_points)


@pytest.mark.parametrize(
    ("medium", "words"),
    [("foo", "没有这个环境介质，所给为 foo"), ("water", "不止一种环境介质.*surface-water")],
)
def test_a_medium_is_one_that_is_known(medium: str, words: str) -> None:
    item = _wetland("interim-loss", INTERIM) | {"medium": medium}
    with pytest.raises(ValidationError, match=words):
        Case(title="某案", place="CN", on="2024-06-01", route="full", item=[item])


def test_an_item_of_another_day_is_found() -> None:
    item = _wetland("interim-loss", INTERIM, on="2023-06-01")
    assessment = _assessed(item)
    (found,) = [each for each in assessment.findings if each.code == "another-day"]
    assert "按 2023-06-01 的标准与参数计算，案件的损害发生日为 2024-06-01" in found.text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("interim-loss", "interim-loss-linear"),
        ("interim-loss-linear", "permanent-loss-horizon"),
        ("interim-loss-path", "permanent-loss-perpetuity"),
        ("interim-loss-linear", "restoration-service-loss-share"),
        ("fishery-once", "fishery-lasting"),
        ("fishery-once", "fishery-restocking"),
        ("fishery-lasting", "fishery-catch-multiple"),
        ("fishery-pollution-loss", "fishery-restocking"),
        ("fishery-restocking", "fishery-catch-multiple"),
        ("restoration-cost-heads", "restoration-itemised-cost"),
        ("soil-treatment-cost", "restoration-itemised-cost"),
        ("soil-treatment-cost", "restoration-cost-heads"),
    ],
)
def test_a_pair_is_declared_by_one_of_the_two(one: str, other: str) -> None:
    named = [
        declared
        for card, beside in ((CARDS[one], other), (CARDS[other], one))
        for declared in card.declared_overlaps
        if any(fnmatchcase(beside, pattern) for pattern in declared.methods)
    ]
    assert len(named) == 1
