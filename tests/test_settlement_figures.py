"""Punitive damages, apportionment and settlement: hand derivations, laws they obey, what is found."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecoval.case import Assessment, Case
from ecoval.case.amounts import evenly, exact, fens_of, split, written
from ecoval.errors import EcovalError, InputError

WHOLE = Path(__file__).parent.parent / "benchmarks" / "whole.toml"


def _item(amount: str, head: str = "interim", **more: Any) -> dict[str, Any]:
    return {"method": "adopted-amount", "head": head, "inputs": {"amount": amount}, **more}


def _assessed(*items: dict[str, Any], on: str = "2024-06-01", **more: Any) -> Assessment:
    data = {"title": "某案", "place": "江苏省南通市", "on": on, "route": "review"}
    return Case(**{**data, "item": list(items), **more}).assess()


def _settled(*items: dict[str, Any], **more: Any) -> Any:
    place = more.pop("place", "江苏省南通市")
    on = more.pop("on", "2024-06-01")
    assessment = _assessed(*items, on=on, place=place, settlement=more)
    assert assessment.settlement is not None
    return assessment.settlement


def _codes(assessment: Assessment, level: str = "") -> set[str]:
    return {each.code for each in assessment.findings if level in ("", each.level)}


# Numbers as they are written.


@pytest.mark.parametrize(
    ("text", "fens"),
    [
        ("1.2 万元", 1200000),
        ("212587.66 元", 21258766),
        ("1,818.95 万元", 1818950000),
        ("-5 元", -500),
        ("9007199254740.93 元", 900719925474093),
    ],
)
def test_money_is_read_to_the_fen(text: str, fens: int) -> None:
    assert fens_of(text) == fens


@pytest.mark.parametrize(
    "text", ["1.005 元", "3 t", "元", "1/3 元", "1e30 元", "10000000000000 元"]
)
def test_money_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(EcovalError):
        fens_of(text)


def test_a_share_is_read_exactly() -> None:
    assert exact(0.1) + exact(0.2) + exact(0.7) == 1
    assert exact("1/3") * 3 == 1 and exact("40%") == Fraction(2, 5)
    assert written(exact("0.125")) == "0.125"
    for bad in ("", "1/0", "nan", "1e3", True, None, "三分之一"):
        with pytest.raises(ValueError, match="应为数或分数"):
            exact(bad)


# Sums split to the fen.


def test_among_equal_remainders_the_first_comes_first() -> None:
    # 100 ÷ 3 = 33 and a third each; 101 leaves two fen, for the first two.
    thirds = [Fraction(1, 3)] * 3
    assert split(100, thirds) == (34, 33, 33) and split(101, thirds) == (34, 34, 33)


def test_the_largest_remainder_comes_before_the_first() -> None:
    # 10 × 1/4 = 2.5, 10 × 3/4 = 7.5: a tie, so the first; 10 × 0.24 = 2.4, 10 × 0.76 = 7.6: the second.
    assert split(10, [Fraction(1, 4), Fraction(3, 4)]) == (3, 7)
    assert split(10, [Fraction(24), Fraction(76)]) == (2, 8)


WEIGHTS = st.lists(
    st.fractions(min_value=0, max_value=1000, max_denominator=1000), min_size=1, max_size=8
).filter(any)


@settings(deadline=None)
@given(fens=st.integers(0, 10**14), weights=WEIGHTS)
def test_parts_add_up_and_are_within_a_fen_of_their_quota(
    fens: int, weights: list[Fraction]
) -> None:
    parts = split(fens, weights)
    assert sum(parts) == fens
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(fens) * weight / sum(weights)) < 1


@settings(deadline=None)
@given(fens=st.integers(1, 10**12), count=st.integers(1, 60))
def test_equal_parts_differ_by_a_fen_and_never_grow(fens: int, count: int) -> None:
    parts = evenly(fens, count)
    assert sum(parts) == fens and list(parts) == sorted(parts, reverse=True)
    assert parts[0] - parts[-1] <= 1


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(1, 10**9), min_size=1, max_size=5),
    st.integers(0, 10**9),
    st.integers(0, 10**9),
)
def test_the_lines_of_a_settlement_add_up_to_the_total(
    amounts: list[int], spent: int, insured: int
) -> None:
    items = [_item(f"{Decimal(fens).scaleb(-2)} 元") for fens in amounts]
    forms: dict[str, Any] = {}
    if spent:
        forms["spent"] = [{"amount": f"{Decimal(spent).scaleb(-2)} 元"}]
    if insured:
        forms["insurance"] = [{"insurer": "某公司", "limit": f"{Decimal(insured).scaleb(-2)} 元"}]
    settlement = _settled(*items, **forms)
    assert sum(line.fens for line in settlement.lines) == settlement.total == sum(amounts)
    assert min(line.fens for line in settlement.lines) >= 0
    assert settlement.cash == max(0, max(0, sum(amounts) - spent) - insured)


# Punitive damages.


def test_both_bases_are_computed_where_rules_differ() -> None:
    assessment = _assessed(
        _item("100 元"), _item("50 元", "permanent"), _item("850 元", "restoration"),
        punitive={"multiplier": 0.1},
    )  # fmt: skip
    punitive = assessment.punitive
    assert punitive is not None and punitive.amount is None
    # Nantong: 1,000 × 0.1 = 100.00; the nation: (100 + 50) × 0.1 = 15.00.
    assert [(base.code, base.fens, base.amount) for base in punitive.bases] == [
        ("actual_damage", 100000, 10000),
        ("interim_permanent", 15000, 1500),
    ]
    assert "punitive-base-conflict" in _codes(assessment, "warning")
    assert assessment.total == 100000


def test_two_rules_on_one_base_are_both_cited() -> None:
    assessment = _assessed(_item("100 元"), place="浙江省金华市", punitive={"multiplier": 2})
    punitive = assessment.punitive
    assert punitive is not None and punitive.amount == 20000
    assert [rule.place.code for rule in punitive.bases[0].rules] == ["330000", "CN"]


def test_the_day_of_the_claim_chooses_the_rules() -> None:
    claim = {"multiplier": 3, "base": "interim_permanent", "base_reason": "起诉时"}
    early = _assessed(_item("1 元"), on="2021-06-01", punitive=claim)
    assert early.punitive is not None and early.punitive.cap is None
    later = {**claim, "claimed_on": "2022-01-20"}
    with pytest.raises(InputError, match="第十条第一款"):
        _assessed(_item("1 元"), on="2021-06-01", punitive=later)


@pytest.mark.parametrize(
    ("more", "code", "level"),
    [
        ({"conditions": {"intentional": False}}, "punitive-condition-failed", "stop"),
        ({"conditions": {}}, "punitive-condition-open", "warning"),
        ({"conditions": {"serious": True}}, "punitive-condition-bare", "warning"),
        ({"conditions": {"cruel": True}}, "punitive-condition-unknown", "note"),
        ({"marine": True}, "punitive-marine", "stop"),
        (
            {"fine": [{"kind": "criminal", "amount": "5 元"}]},
            "fine-not-considered",
            "note",
        ),
        ({}, "no-factor-sheet", "warning"),
        ({"multiplier": None, "open": "未议定"}, "punitive-open", "warning"),
    ],
)
def test_what_stands_against_punitive_damages_is_found(
    more: dict[str, Any], code: str, level: str
) -> None:
    claim = {"multiplier": 1, "base": "interim_permanent", **more}
    assert code in _codes(_assessed(_item("10 元"), punitive=claim), level)


def test_a_fine_is_never_set_off() -> None:
    fine = {"kind": "administrative", "amount": "1000000 元", "considered": "已考虑"}
    claim = {"multiplier": 1, "base": "interim_permanent", "fine": [fine]}
    punitive = _assessed(_item("10 元"), punitive=claim).punitive
    assert punitive is not None and punitive.amount == 1000


def test_a_base_of_nothing_stops_a_multiplier() -> None:
    claim = {"multiplier": 1, "base": "interim_permanent"}
    assert "punitive-base-zero" in _codes(
        _assessed(_item("9 元", "restoration"), punitive=claim), "stop"
    )


def test_a_multiplier_beyond_the_sheet_is_found() -> None:
    scores = [
        {"expert": "甲", "score": 1, "reason": "轻"},
        {"expert": "乙", "score": 1.5, "reason": "重"},
    ]
    sheet = [{"factor": "malice", "score": scores, "agreed": 1.2}]
    claim = {"multiplier": 1.8, "base": "interim_permanent", "factor": sheet}
    assert "multiplier-outside-sheet" in _codes(_assessed(_item("10 元"), punitive=claim))
    assert "multiplier-outside-sheet" not in _codes(
        _assessed(_item("10 元"), punitive={**claim, "multiplier": 1.2})
    )


def test_the_sheet_shows_every_factor_of_the_rules() -> None:
    punitive = _assessed(_item("10 元"), punitive={"multiplier": 1}).punitive
    assert punitive is not None
    assert [factor.code for factor in punitive.sheet] == [
        "malice", "duration", "seriousness", "gain", "restoration", "means", "sanctions",
    ]  # fmt: skip


# Several obligors.


def _obligors(mode: str, *parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "mode": mode,
        "part": [{"name": f"义务人{n}", **p} for n, p in enumerate(parts)],
        **more,
    }


def test_joint_obligors_each_bear_the_whole() -> None:
    assessment = _assessed(_item("10 元"), obligors=_obligors("joint", {}, {}))
    borne = assessment.performance.apportionment
    assert [part.fens for part in borne.parts] == [1000, 1000] and borne.total == 1000


def test_volumes_of_several_units_are_compared() -> None:
    borne = _assessed(
        _item("10 元"), obligors=_obligors("volume", {"volume": "1000 L"}, {"volume": "3 m³"})
    ).performance.apportionment
    assert [part.fens for part in borne.parts] == [250, 750]


# Forms of performance.


def test_hours_are_rounded_up_from_the_average_wage() -> None:
    # 8,700 ÷ 21.75 ÷ 8 = 50 元/h; 8,000.01 ÷ 50 = 160.0002, so 161 h; 161 ÷ 8 = 20.1, so 21 days.
    labour = {
        "amount": "8000.01 元",
        "basis": "average_wage",
        "monthly_wage": "8700 元",
        "request": True,
    }
    line = _settled(_item("8000.01 元"), labour=[labour]).lines[0]
    assert "每小时 50.00 元，161 小时（21 日，每日 8 小时）" in line.text


def test_spending_beyond_the_interim_loss_is_not_carried_over() -> None:
    items = [_item("100 元"), _item("900 元", "restoration")]
    settlement = _settled(*items, spent=[{"amount": "250 元"}])
    assert [line.fens for line in settlement.lines] == [10000, 90000]
    assert "spent-beyond" in {finding.code for finding in settlement.findings}


@pytest.mark.parametrize(
    ("limit", "deductible", "pays"),
    [
        ("600 元", "100 元", 60000),
        ("2000 元", "100 元", 90000),
        ("600 元", "1000 元", 0),
        ("0 元", "0 元", 0),
    ],
)
def test_the_insurer_pays_above_the_deductible_up_to_the_limit(
    limit: str, deductible: str, pays: int
) -> None:
    insurance = [{"insurer": "某公司", "limit": limit, "deductible": deductible}]
    assert _settled(_item("1000 元"), insurance=insurance).lines[0].fens == pays


def test_carbon_is_for_the_forest_part_only() -> None:
    carbon = {"amount": "50.01 元", "price": "100 元/tCO2e", "certified": True, "certificate": "A1"}
    items = [_item("950 元"), _item("50 元", medium="forest")]
    with pytest.raises(InputError, match="超过可抵的部分 50.00 元（法释〔2022〕16号第二十条）"):
        _settled(*items, carbon=[carbon])
    settlement = _settled(*items, carbon=[{**carbon, "amount": "50 元"}])
    assert settlement.lines[0].text == "0.5 tCO2e × 100 元/tCO2e，注销证书号 A1"
    assert settlement.cash == 95000


def test_restoration_performed_is_not_performed_again() -> None:
    items = [_item("100 元", "restoration", medium="forest")]
    carbon = {"amount": "41 元", "price": "1 元/t", "certified": True, "certificate": "A1"}
    with pytest.raises(InputError, match="超过可抵的部分 40.00 元"):
        _settled(*items, restoration=[{"amount": "60 元"}], carbon=[carbon])


def test_interest_is_simple_on_what_is_still_owed() -> None:
    # 1,000 × 3.65 % × 100 ÷ 365 = 10.00; 500 × 3.65 % × 200 ÷ 365 = 10.00.
    parts = [{"on": "2024-04-10", "amount": "500 元"}, {"on": "2024-10-27", "amount": "500 元"}]
    plan = {"part": parts, "security": True, "rate": "3.65%", "day_basis": 365}
    plan["interest_from"] = "2024-01-01"
    (made,) = _settled(_item("1000 元"), instalments=[plan]).plans
    assert [part.interest for part in made.parts] == [1000, 1000]
    assert sum(part.fens for part in made.parts) == 100000 and made.interest == 2000


def test_a_month_without_the_day_takes_its_last() -> None:
    plan = {"count": 3, "first_on": "2024-01-31", "every_months": 1, "security": True}
    (made,) = _settled(_item("100 元"), instalments=[plan]).plans
    assert [part.on.isoformat() for part in made.parts] == [
        "2024-01-31",
        "2024-02-29",
        "2024-03-31",
    ]
    assert [part.fens for part in made.parts] == [3334, 3333, 3333]


@pytest.mark.parametrize(
    ("place", "level"), [("江苏省南通市", "stop"), ("浙江省金华市", "warning")]
)
def test_instalments_without_security_are_found(place: str, level: str) -> None:
    plan = {"count": 2, "first_on": "2024-07-01", "every_months": 1}
    more = {"place": place, "settlement": {"instalments": [plan]}}
    assert "no-security" in _codes(_assessed(_item("100 元"), **more), level)


def test_a_deferral_is_one_payment_later() -> None:
    plan = {"count": 1, "first_on": "2025-01-01", "security": True}
    (made,) = _settled(_item("100 元"), instalments=[plan]).plans
    assert made.kind == "延期赔付"


@pytest.mark.parametrize(
    ("settled", "used", "refund", "short"),
    [
        ({"outcome": "completed", "deducted": "0 元"}, 0, 5000, 0),
        ({"outcome": "completed", "deducted": "12 元"}, 1200, 3800, 0),
        ({"outcome": "defaulted", "cost": "20 元"}, 2000, 3000, 0),
        ({"outcome": "defaulted", "cost": "80 元"}, 5000, 0, 3000),
    ],
)
def test_a_deposit_is_settled(settled: dict[str, Any], used: int, refund: int, short: int) -> None:
    held = _settled(
        _item("90 元", "restoration"),
        restoration=[{"amount": "90 元"}],
        deposit={"amount": "50 元", "settled": settled},
    ).deposit
    assert (held.used, held.refund, held.shortfall) == (used, refund, short)


def test_punitive_damages_are_paid_last_but_before_fines() -> None:
    assessment = _assessed(
        _item("100 元"),
        punitive={
            "multiplier": 1,
            "base": "interim_permanent",
            "fine": [{"kind": "administrative", "amount": "70 元", "paid": "20 元"}],
        },
        settlement={"punitive": True, "assets": {"available": "150 元"}},
    )
    ranks = assessment.settlement.ranks
    # 150 = 100 of compensation + 50 of 100 punitive + nothing of the 50 of the fine that is unpaid.
    assert [(rank.due, rank.paid) for rank in ranks] == [(10000, 10000), (10000, 5000), (5000, 0)]


def test_no_rule_on_the_order_is_said() -> None:
    with pytest.raises(InputError, match="2021-06-01 未见财产不足时的清偿顺序的规定"):
        _settled(_item("1 元"), on="2021-06-01", assets={"available": "1 元"})


@pytest.mark.parametrize(
    ("place", "on", "words"),
    [
        (
            "浙江省金华市",
            "2024-06-01",
            "赔偿权利人本级国库，《浙江省生态环境损害赔偿管理办法》（二十五）",
        ),
        ("江苏省南通市", "2024-06-01", "赔偿权利人本级国库"),
        ("吉林省长春市", "2017-06-01", "省级国库"),
        ("吉林省长春市", "2018-06-01", "待定"),
        ("北京市", "2024-06-01", "待定"),
    ],
)
def test_the_treasury_is_that_of_the_rule(place: str, on: str, words: str) -> None:
    assert _settled(_item("1 元"), place=place, on=on).destination.startswith(words)


def test_a_substitute_follows_the_code_from_its_day() -> None:
    form = {"amount": "1 元", "grounds": "partly_unrestorable", "lost": "1 亩", "gained": "1 亩"}
    item = _item("1 元", "restoration")
    assert _settled(item, place="北京市", on="2026-08-14", substitute=[form]).cash == 0
    with pytest.raises(InputError, match="第一千零六十五条"):
        _settled(item, place="北京市", on="2026-08-15", substitute=[form])


def test_a_substitute_of_less_is_refused_where_a_rule_asks_for_as_much() -> None:
    form = {"amount": "1 元", "grounds": "naturally_recovered", "lost": "1 公顷", "gained": "9 亩"}
    item = _item("1 元", "restoration")
    with pytest.raises(InputError, match="须等量，所得少于所失的 1 倍（.*（十七）"):
        _settled(
            item, place="浙江省金华市", substitute=[{**form, "grounds": "partly_unrestorable"}]
        )
    found = _assessed(item, place="江苏省南通市", settlement={"substitute": [form]})
    (less,) = [each for each in found.findings if each.code == "substitute-less"]
    assert "之比 0.6" in less.text and "未见替代修复的等量要求的规定" in less.text


def test_a_form_that_no_rule_names_is_found() -> None:
    form = {"spend": "9 元", "cap_ratio": 1, "since": "2020-01-01", "until": "2020-12-31"}
    more = {"settlement": {"upgrade": [form]}, "place": "北京市", "on": "2020-06-01"}
    assert {"form-without-rule", "upgrade-unverified"} <= _codes(_assessed(_item("9 元"), **more))


def test_upgrading_needs_security_in_nantong() -> None:
    form = {"spend": "9 元", "cap_ratio": 1, "since": "2024-01-01", "until": "2024-12-31"}
    form["verified"] = True
    assessment = _assessed(_item("9 元"), settlement={"upgrade": [form]})
    assert "no-security" in _codes(assessment, "stop")


def test_punitive_damages_without_a_sum_are_not_settled() -> None:
    with pytest.raises(InputError, match="履行方案列入惩罚性赔偿，而其数额未定"):
        _assessed(_item("1 元"), settlement={"punitive": True})


# The whole.


def test_an_agreed_value_below_zero_is_none_with_a_reason_either() -> None:
    sheet = [{"factor": "malice", "agreed": -2, "reason": "议定"}]
    punitive = {"multiplier": 1, "factor": sheet, "reason": "议定"}
    with pytest.raises(InputError, match="议定值不得为负"):
        _assessed(_item("100 元"), punitive=punitive)


def test_each_figure_enters_the_fingerprint() -> None:
    data = tomllib.loads(WHOLE.read_text(encoding="utf-8"))
    base = Case(**data).assess()
    seen = {base.fingerprint}
    data["punitive"]["multiplier"] = 1.3
    seen.add(Case(**data).assess().fingerprint)
    data["settlement"]["insurance"][0]["limit"] = "19999.99 元"
    seen.add(Case(**data).assess().fingerprint)
    data["obligors"]["punitive"] = "share"
    seen.add(Case(**data).assess().fingerprint)
    assert len(seen) == 4


def test_a_case_without_these_parts_has_none() -> None:
    assessment = _assessed(_item("1 元"))
    assert assessment.performance is None
    assert not {"punitive", "settlement", "obligors"} & set(assessment.as_dict())


def test_the_assessed_case_does_not_change_with_the_case() -> None:
    case = Case(**tomllib.loads(WHOLE.read_text(encoding="utf-8")))
    assessment = case.assess()
    printed = assessment.fingerprint
    case.items[0].inputs["amount"] = "1 元"
    case.items.clear()
    assert case.punitive is not None
    case.punitive.conditions.clear()
    assert assessment.case.items[0].inputs != {"amount": "1 元"}
    again = Case(**assessment.as_dict()["case"]).assess()
    assert again.fingerprint == printed == assessment.fingerprint


def test_a_settlement_shows_itself() -> None:
    assessment = Case.read(WHOLE).assess()
    settlement = assessment.settlement
    assert settlement is not None
    table = settlement.table()
    assert sum(table["金额（元）"]) == Decimal("430000.07")
    assert "430,000.07" in str(settlement) and "430,000.07" in settlement._repr_html_()
    assert str(settlement) in str(assessment)
    assert settlement._repr_html_() in assessment._repr_html_()
    punitive = assessment.punitive
    assert punitive is not None
    assert list(punitive.table()["金额（元）"]) == [Decimal("516000.08"), Decimal("156000.08")]
    assert "156,000.08" in punitive._repr_html_() and "156,000.08" in str(punitive)


def test_an_unknown_material_is_found() -> None:
    form = {"amount": "1 元", "basis": "agreed", "days": 1, "request": True, "evidence": "M9"}
    assessment = _assessed(_item("1 元"), settlement={"labour": [form]})
    assert any("M9" in finding.text for finding in assessment.findings)


def test_zhongshan_s_schedule_can_be_met() -> None:
    # Zhongshan 2024: 20 sessions, at least three a month, within seven months; 20 × 8 = 160 hours.
    plan = {"since": "2024-01-01", "until": "2024-07-31", "sessions": 20, "least_per_month": 3}
    form = {"amount": "1600 元", "basis": "agreed", "hourly": "10 元/h", "request": True}
    form["schedule"] = {**plan, "hours_per_session": 8}
    line = _settled(_item("1600 元"), place="广东省中山市", labour=[form]).lines[0]
    assert "共 20 次，每次 8 小时，每月不少于 3 次" in line.text


@pytest.mark.parametrize(
    ("since", "until", "sessions", "least", "most", "words"),
    [
        # Five months with four a month: three is a least number, not a most.
        ("2024-10-01", "2025-02-28", 20, 3, None, ""),
        ("2024-10-01", "2025-04-30", 20, 2, None, ""),
        ("2024-10-01", "2025-02-28", 20, 4, 4, ""),
        ("2024-10-01", "2024-10-31", 20, 20, 20, ""),
        # Seven months: six of three and one of two; with 18 the last month has none.
        ("2024-01-01", "2024-07-31", 19, 3, None, ""),
        ("2024-01-01", "2024-07-31", 18, 3, None, "7 个月每月至少 3 次，18 次不到末月即已做完"),
        ("2024-01-01", "2024-01-31", 2, 3, None, "1 个月每月至少 3 次，2 次不到末月"),
        ("2024-10-01", "2025-02-28", 20, 4, 3, "5 个月每月至多 3 次，不足 20 次"),
        ("2024-10-01", "2025-02-28", 15, 4, 3, "每月至少 4 次，多于每月至多 3 次"),
        # A month begun has its own days only: 28 February is one day, with one session.
        ("2025-01-28", "2025-02-28", 31, None, 30, ""),
        ("2025-01-28", "2025-02-28", 32, None, 30, "2 个月每月至多 30 次，不足 32 次"),
    ],
)
def test_a_schedule_is_refused_only_where_it_cannot_be_met(
    since: str, until: str, sessions: int, least: int | None, most: int | None, words: str
) -> None:
    form = {"amount": f"{sessions * 80} 元", "basis": "agreed", "hourly": "10 元/h"}
    plan = {"since": since, "until": until, "sessions": sessions, "hours_per_session": 8}
    plan |= {"least_per_month": least, "most_per_month": most}
    form |= {"request": True, "schedule": plan}
    item = _item(f"{sessions * 80} 元")
    if not words:
        assert f"共 {sessions} 次，每次 8 小时" in _settled(item, labour=[form]).lines[0].text
        return
    with pytest.raises(InputError, match=words):
        _settled(item, labour=[form])


@pytest.mark.parametrize(
    ("on", "medium", "clause"),
    [
        ("2024-06-01", "forest", "法释〔2022〕16号第二十一条"),
        ("2024-06-01", "soil", "约定"),
        ("2022-01-01", "forest", "约定"),
    ],
)
def test_a_request_is_asked_for_by_the_rule_that_asks_for_it(
    on: str, medium: str, clause: str
) -> None:
    form = {"amount": "8 元", "basis": "agreed", "days": 1}
    with pytest.raises(InputError, match=f"自愿申请为前提（{clause}）"):
        _settled(_item("8 元", medium=medium), on=on, labour=[form])


def test_restoration_in_money_alone_is_noted() -> None:
    more = {"settlement": {}}
    assert "restoration-first" in _codes(_assessed(_item("1 元", "restoration"), **more), "note")
    assert "restoration-first" not in _codes(_assessed(_item("1 元"), **more))


@pytest.mark.parametrize(
    ("place", "medium", "basis", "code"),
    [
        ("浙江省金华市", "forest", "法释〔2022〕16号第二十一条", ""),
        ("浙江省金华市", "", "未见劳务代偿的条件的规定", "form-other"),
        ("江苏省南通市", "", "《关于贯彻落实生态环境损害赔偿管理规定的实施意见》三（九）", ""),
    ],
)
def test_labour_rests_on_the_forest_rule_only_for_forest(
    place: str, medium: str, basis: str, code: str
) -> None:
    form = {"amount": "8 元", "basis": "agreed", "days": 1, "request": True}
    item = _item("8 元", medium=medium)
    settlement = _settled(item, place=place, labour=[form])
    assert settlement.lines[0].basis == basis
    assert ("form-other" in {finding.code for finding in settlement.findings}) == bool(code)


def test_an_obligor_is_one_of_the_case() -> None:
    form = {"amount": "1 元", "name": "某人", "obligor": "无此人"}
    parties = [{"role": "obligor", "name": "乙公司"}, {"role": "third", "name": "丙"}]
    words = (
        r"settlement.third_party\[1\].obligor：不是本案的赔偿义务人，所给为 无此人。可写：乙公司。"
    )
    with pytest.raises(InputError, match=words):
        _assessed(_item("2 元"), party=parties, settlement={"third_party": [form]})
    plan = {"obligor": "丙", "count": 1, "first_on": "2025-01-01", "security": True}
    with pytest.raises(InputError, match=r"settlement.instalments\[1\].obligor：不是本案"):
        _assessed(_item("2 元"), party=parties, settlement={"instalments": [plan]})
    form["obligor"] = "乙公司"
    assert _assessed(_item("2 元"), party=parties, settlement={"third_party": [form]}).settlement


def test_money_paid_directly_is_for_restoration_only() -> None:
    item, to = _item("100 元", "restoration"), {"kind": "direct", "payee": "丁公司"}
    at = "浙江省金华市"
    settlement = _settled(item, place=at, destination=to)
    assert settlement.lines[-1].text == "直接支付给丁公司"
    assert settlement.lines[-1].basis == "《浙江省生态环境损害赔偿管理办法》（二十六）"
    assert not {each.code for each in settlement.findings} & {"destination-direct-part"}
    both = _settled(item, _item("30 元"), place=at, destination=to)
    (found,) = [each for each in both.findings if each.code == "destination-direct-part"]
    assert "只是污染清除、生态修复费用 100.00 元，其余 30.00 元应缴入国库" in found.text
    assert "（二十六）" in found.clause and "（二十五）" in found.clause
    other = _settled(item, destination={"kind": "direct"})
    codes = {each.code: each.text for each in other.findings}
    assert "未见 江苏省南通市 2024-06-01 关于修复费用直接支付的规定" in codes["destination-other"]
    assert "destination-no-payee" in codes


def test_outside_every_rule_the_known_days_are_said() -> None:
    labour = {"amount": "8 元", "basis": "agreed", "days": 1, "request": True}
    carbon = {"tonnes": "1 t", "price": "1 元/t", "certified": True, "certificate": "A"}
    third = {"amount": "1 元", "name": "某人"}
    repair = {"amount": "5 元"}
    settlement = _settled(
        _item("90 元", "restoration", medium="forest"),
        on="2009-01-01",
        labour=[labour],
        carbon=[carbon],
        third_party=[third],
        restoration=[repair],
    )
    said = "\n".join(each.text for each in settlement.findings)
    for words in (
        "关于赔偿资金去向的规定。已知：吉林省 2016-12-08 至 2017-12-31",
        "关于劳务代偿的条件的规定。已知：江苏省南通市 2023-05-01 至 2028-04-30",
        "关于森林资源案件劳务代偿的条件的规定。已知：全国 2022-06-15 至 今",
        "关于认购林业碳汇的条件的规定。已知：全国 2022-06-15 至 今；浙江省",
        "关于第三方代为履行的规定。已知：浙江省 2023-05-01 至 今",
        "关于履行的先后的规定。已知：全国 2021-01-01",
        "劳务代偿：未见 江苏省南通市 2009-01-01 关于履行方式的规定。已知：",
    ):
        assert words in said


def test_the_base_of_nantong_is_silent_on_the_costs_its_threshold_leaves_out() -> None:
    items = [
        _item("370000 元"),
        _item("5000 元", "investigation", cost_kind="appraisal"),
        _item("100 元", "investigation", cost_kind="other"),
    ]
    claim = {"multiplier": 2, "base": "actual_damage", "base_reason": "磋商"}
    assessment = _assessed(*items, punitive=claim)
    (found,) = [each for each in assessment.findings if each.code == "punitive-base-costs"]
    # 375,100 × 2 = 750,200; 370,100 × 2 = 740,200.
    assert "三（八）没有写明基数是否包括鉴定评估、监测费用 5,000.00 元，三（六）" in found.text
    assert "计入为 375,100.00 元，不计入为 370,100.00 元" in found.text
    assert "2 倍分别为 750,200.00 元、740,200.00 元" in found.text
    assert "三（八）" in found.clause and "三（六）" in found.clause
    assert "punitive-base-costs" not in _codes(_assessed(items[0], punitive=claim))
    zhejiang = _assessed(*items, place="浙江省金华市", punitive=claim)
    assert "punitive-base-costs" not in _codes(zhejiang)
