"""Cases for the audit workbook: composed at random of published inputs, and moved at random."""

from __future__ import annotations

import copy
import random
import re
from functools import cache
from typing import Any

from ecoval.case import Assessment, Case
from ecoval.errors import EcovalError
from ecoval.reading import check
from ecoval.valuation.registry import method

from .golden import Golden, golden_cases

_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?)(?=\s|$|[^\d\-/.])(.*)", re.DOTALL)
_TEXTS = ("name", "note", "evidence", "page", "open", "title", "price_base", "path", "profile")
_PLACES = ("浙江省金华市", "江苏省南通市", "贵州省铜仁市江口县", "重庆市", "北京市")


@cache
def published() -> tuple[Golden, ...]:
    """Return the golden cases that come to money."""
    return tuple(
        case
        for case in golden_cases()
        if case.expect and not case.overrule and method(case.method).card.is_money
    )


def case_at_random(dice: random.Random) -> Case:
    """Return a case of several random items with random inputs, settled at random."""
    place, items = dice.choice(_PLACES), []
    wanted = dice.randint(1, 5)
    while len(items) < wanted:
        golden = dice.choice(published())
        item = {
            "method": golden.method,
            "head": dice.choice(["prevention", "clearance", "restoration", "interim", "permanent"]),
            "on": golden.on.isoformat(),
            "inputs": moved(dice, golden.inputs),
        }
        if dice.random() < 0.3:
            to = dice.choice(["分", "角", "元", "百元"])
            rule = dice.choice(["half-up", "half-even", "down"])
            item["round"] = {"to": to, "rule": rule, "reason": "试验"}
        if assessed(_data(place, [item])) is not None:
            items.append(item)
    data = _data(place, items)
    found = assessed(data)
    assert found is not None
    parts = [part for part in (_obligors, _punitive) if dice.random() < 0.6]
    for make in (*parts, *[_settlement] * 4):
        part = make(dice, found)
        if part.keys().isdisjoint(data) and assessed({**data, **part}) is not None:
            data |= part
            found = assessed(data) or found
    return Case(**data)


def _data(place: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    on = "2024-06-01"
    return {"title": "随机案", "place": place, "on": on, "route": "review", "item": items}


def assessed(data: dict[str, Any]) -> Assessment | None:
    """Return the assessment of the case *data*, None where it is refused by name."""
    try:
        found = check(copy.deepcopy(data), Case, where="随机案").assess()
    except EcovalError:
        return None
    return found if all(item.fens > 0 for item in found.items) else None


def moved_case(dice: random.Random, case: Case) -> Assessment:
    """Return the assessment of *case* with its numbers moved, as far as it is not refused then."""
    data = case.as_dict()
    for place, item in enumerate(data["item"]):
        other = copy.deepcopy(data)
        other["item"][place]["inputs"] = moved(dice, item["inputs"])
        data = other if assessed(other) is not None else data
    for name in ("punitive", "obligors", "settlement"):
        if data.get(name):
            other = {**data, name: moved(dice, data[name], floor=0.9)}
            data = other if assessed(other) is not None else data
    found = assessed(data)
    assert found is not None
    return found


def moved(dice: random.Random, given: Any, key: str = "", floor: float = 0.7) -> Any:
    """Return *given* with some of its numbers a little smaller, or a little greater."""
    if isinstance(given, dict):
        return {name: moved(dice, each, name, floor) for name, each in given.items()}
    if isinstance(given, (list, tuple)):
        return [moved(dice, each, key, floor) for each in given]
    if key in _TEXTS or isinstance(given, bool) or dice.random() < 0.4:
        return given
    if isinstance(given, float):
        return _near(dice, given, floor)
    if isinstance(given, str) and (found := _NUMBER.fullmatch(given)):
        number, rest = float(found[1]), found[2]
        if rest.strip() in ("", "人", "只", "头", "株", "年") and number == int(number):
            return given
        near = _near(dice, number, floor, upwards="%" not in rest)
        # Money that somebody wrote down has fen at most.
        near = (
            round(near, 2) if rest.strip() == "元" and number * 100 == int(number * 100) else near
        )
        return f"{near!r}{rest}"
    return given


def _near(dice: random.Random, number: float, floor: float, *, upwards: bool = True) -> float:
    most = 1.3 if upwards and number > 1 else 1.0
    return float(f"{number * dice.uniform(floor, most):.7g}")


def _obligors(dice: random.Random, found: Assessment) -> dict[str, Any]:
    names = [f"义务人{place}" for place in range(1, dice.randint(2, 6))]
    mode = dice.choice(["joint", "share", "quantity", "volume"])
    if mode == "share":
        parts = [{"name": name, "share": f"1/{len(names)}"} for name in names]
    else:
        unit = {"quantity": "t", "volume": "m3"}.get(mode, "")
        parts = [{"name": name} for name in names]
        for part in parts:
            if unit:
                part[mode] = f"{dice.uniform(1, 90):.{dice.randint(0, 3)}f} {unit}"
    return {"obligors": {"mode": mode, "part": parts}}


def _punitive(dice: random.Random, found: Assessment) -> dict[str, Any]:
    base = {"base": "actual_damage", "base_reason": "试验", "reason": "试验", "clause": "试验"}
    if dice.random() < 0.3:
        return {"punitive": {**base, "lump_sum": f"{dice.uniform(1e3, 1e6):.2f} 元"}}
    times = dice.choice(["1/3", "2/3", f"{dice.uniform(0.1, 2):.3f}", "2", "1.5"])
    return {"punitive": {**base, "multiplier": times}}


def _settlement(dice: random.Random, found: Assessment) -> dict[str, Any]:
    """Return a settlement of some forms, each for a part of the total."""
    each = found.total / 100 / 12
    met = {"met": True, "note": "试验"}

    def some(least: float = 0.1) -> str:
        return f"{max(0.01, each * dice.uniform(least, 1)):.2f} 元"

    forms: dict[str, Any] = {
        "restoration": [{"amount": some(), "heads": []}],
        "spent": [{"amount": some()}],
        "labour": [
            {"amount": some(), "request": met, **rate, "title": f"劳务{place}"}
            for place, rate in enumerate(
                (
                    {"basis": "minimum_hourly", "hourly": "21 元/h"},
                    {"basis": "average_wage", "monthly_wage": "6543.21 元"},
                    {"basis": "agreed", "daily": "150 元/工日"},
                    {"basis": "agreed", "days": 17},
                )
            )
            if dice.random() < 0.6
        ],
        "upgrade": [
            {"spend": some(), "cap_ratio": "0.07", "since": "2024-06-01", "until": "2025-06-01"}
        ],
        "insurance": [{"insurer": "某保险公司", "limit": some(), "deductible": some(0.0)}],
        "third_party": [{"name": "某基金会", "amount": some()}],
    }
    obligors = found.case.obligors
    apart = obligors is not None and obligors.mode != "joint"
    names = [part.name for part in obligors.parts] if obligors is not None and apart else [""]
    chosen = {name: form for name, form in forms.items() if form and dice.random() < 0.6}
    for form in chosen.values():
        for each in form:
            each["obligor"] = dice.choice(names)
    if dice.random() < 0.6:
        plan = {"count": dice.randint(2, 7), "first_on": "2024-08-31", "every_months": 1}
        if dice.random() < 0.5:
            plan |= {"rate": "3.45%", "day_basis": 365, "interest_from": "2024-07-01"}
        chosen["instalments"] = [{**plan, "security": met, "obligor": dice.choice(names)}]
    if dice.random() < 0.4:
        chosen["assets"] = {
            "available": f"{found.total / 100 * dice.uniform(0.2, 1.2):.2f} 元",
            "fine": [{"kind": "administrative", "amount": "50000.5 元", "paid": "1234.56 元"}],
        }
    if found.punitive is not None and found.punitive.amount and dice.random() < 0.5:
        chosen["punitive"] = True
    return {"settlement": chosen}
