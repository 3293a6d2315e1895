"""Restoration options compared by cost and effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from .. import money
from ..errors import InputError, UnitError, nearest
from ..numerals import grouped, percent, plain, shortened
from ..rules.jurisdictions import NATION, Place, as_place
from ..units import Unit, display, factor, measure, same_kind, unit, unit_text
from .bounds import check_price_bases
from .comparison import Compared, Comparison, check_keys
from .item import Item

Rule = Literal["cost-per-effect", "cost", "effect"]

RULES: dict[Rule, str] = {
    "cost-per-effect": "达到目标的在前，再按单位效果的费用由低到高",
    "cost": "达到目标的在前，再按费用由低到高",
    "effect": "达到目标的在前，再按效果由高到低",
}
_KEYS = ("name", "cost", "effect", "duration", "restored", "price_base", "note")
_COLUMNS = ("次序", "费用", "效果", "单位效果的费用", "工期", "恢复比例", "目标", "劣于", "说明")


@dataclass(frozen=True)
class _Option:
    name: str
    cost: float
    effect: float
    duration: float | None
    restored: float | None
    price_base: str
    note: str
    item: Item | None

    @property
    def ratio(self) -> float | None:
        return self.cost / self.effect if self.effect else None


def compare(
    options: Sequence[Mapping[str, Any]],
    *,
    on: date | str,
    jurisdiction: str | Place = NATION,
    effect_title: str,
    target: Any = None,
    rank_by: Rule = "cost-per-effect",
) -> Comparison:
    """Compare restoration options by cost and effect; the expert chooses, with a reason.

    Each option is a table: ``name``; ``cost``, an amount, an `Item` that is money, or a list of
    lines (``name``, ``quantity``, ``unit_price``) that are added up as a cost ledger; ``effect``, a
    quantity of what *effect_title* names, in one unit for all options, or an `Item` (a discounted
    service gain, say); and where they are known ``duration`` in 年, ``restored``, the share of the
    service that comes back, ``price_base``, the year or day of the prices, and ``note``.

    An option is dominated by another that costs no more and does no less, and is better in one of
    the two. *target* is the effect that must be reached. *rank_by* is the rule of the order, which
    is printed.

    Raises
    ------
    InputError
        There is no option, two have one name, a key or rule is unknown, a cost or an effect is
        missing or negative, or the prices are not of one base.
    UnitError
        A cost is not money, or effects and target are not of one kind.
    """
    if rank_by not in RULES:
        raise InputError("没有这个排序规则", where="rank_by", got=rank_by,
                         hint=nearest(str(rank_by), RULES) or f"可用：{'、'.join(RULES)}。")  # fmt: skip
    if not options:
        raise InputError("没有任何方案", where="options")
    at, measured = as_place(jurisdiction), _Effect()
    read = [_read(given, place, on, at, measured) for place, given in enumerate(options, start=1)]
    names = [option.name for option in read]
    for name in names:
        if names.count(name) > 1:
            raise InputError("方案重名", where="options", got=name)
    check_price_bases({option.name: option.price_base for option in read}, "options")
    wanted = measured.take(target, "target") if target is not None else None
    beaten = {option.name: _better(option, read) for option in read}
    ranked = sorted(read, key=lambda option: _order(option, wanted, rank_by))
    written = measured.written
    rows = tuple(
        _row(place, option, written, wanted, beaten[option.name])
        for place, option in enumerate(ranked, start=1)
    )
    notes = [f"排序规则：{RULES[rank_by]}；相等的按所列先后。效果指{effect_title}。"]
    if wanted is not None:
        notes.append(f"目标：{effect_title}不低于 {grouped(wanted)} {display(written)}。")
    if rank_by != "cost":
        notes.append("劣于：另有方案费用不高于它、效果不低于它，且至少一项更优。")
    if read[0].price_base:
        notes.append(f"价格基准：{read[0].price_base}。")
    costs = {option.name: option.cost for option in ranked}
    title = f"修复方案的费用与效果比较（{at.name}，{on}）"
    return Comparison(title, _COLUMNS, rows, tuple(notes), measured=costs)


class _Effect:
    """The unit of the effects: that of the first, which the others are converted to."""

    def __init__(self) -> None:
        self.unit: Unit | None = None
        self.written = ""

    def take(self, given: Any, where: str) -> float:
        if isinstance(given, Item):
            number, of, text = given.exact, unit(given.unit), given.unit
        else:
            number, of = measure(given, where=where)
            text = unit_text(given, of)
        if self.unit is None:
            self.unit, self.written = of, text
        if not same_kind(of, self.unit):
            raise UnitError(
                f"效果须以 {display(self.written) or '无量纲的数'} 计", where=where, got=given
            )
        if number < 0:
            raise InputError("效果不能为负", where=where, got=given)
        return number * factor(of, self.unit)


def _read(
    given: Mapping[str, Any], place: int, on: date | str, at: Place, effect: _Effect
) -> _Option:
    where = f"方案 {place}"
    if not isinstance(given, Mapping):
        raise InputError("方案应为表", where=where, got=repr(given))
    check_keys(given, _KEYS, where)
    name = str(given.get("name", "")).strip()
    if not name:
        raise InputError("缺少 name", where=where)
    where = f"方案 {name}"
    for key in ("cost", "effect"):
        if given.get(key) is None:
            raise InputError(f"缺少 {key}", where=where)
    cost, item = _cost(given["cost"], where, on, at)
    return _Option(
        name,
        cost,
        effect.take(given["effect"], f"{where} effect"),
        _optional(given.get("duration"), "年", f"{where} duration"),
        _share(given.get("restored"), f"{where} restored"),
        str(given.get("price_base", "")).strip(),
        str(given.get("note", "")),
        item,
    )


def _cost(given: Any, where: str, on: date | str, at: Place) -> tuple[float, Item | None]:
    from .registry import method

    where = f"{where} cost"
    if isinstance(given, Sequence) and not isinstance(given, str):
        try:
            given = method("cost-ledger").value({"lines": list(given)}, on=on, place=at)
        except InputError as error:
            raise error.at(where) from None
    if isinstance(given, Item):
        if given.fens is None:
            raise UnitError("费用须为金额", where=where, got=given.card.title)
        return float(money.yuan(given.fens)), given
    return _optional(given, "元", where) or 0.0, None


def _optional(given: Any, to: str, where: str) -> float | None:
    if given is None:
        return None
    number, of = measure(given, where=where)
    if not same_kind(of, unit(to)):
        raise UnitError(f"单位须为 {to}", where=where, got=given)
    if number < 0:
        raise InputError("不能为负", where=where, got=given)
    return float(plain(number * factor(of, unit(to))))


def _share(given: Any, where: str) -> float | None:
    share = _optional(given, "", where)
    if share is not None and share > 1:
        raise InputError("应为 0 到 1 之间的比例", where=where, got=given)
    return share


def _better(option: _Option, others: Sequence[_Option]) -> list[str]:
    """Return the options that dominate *option*."""
    return [
        other.name
        for other in others
        if other is not option
        and other.cost <= option.cost
        and other.effect >= option.effect
        and (other.cost < option.cost or other.effect > option.effect)
    ]


def _order(option: _Option, target: float | None, rule: Rule) -> tuple[bool, float]:
    missed = target is not None and option.effect < target
    ratio = option.ratio if option.ratio is not None else float("inf")
    by: dict[Rule, float] = {
        "cost-per-effect": ratio,
        "cost": option.cost,
        "effect": -option.effect,
    }
    return missed, by[rule]


def _row(
    place: int, option: _Option, written: str, target: float | None, better: list[str]
) -> Compared:
    of = display(written)
    per = f"元/({of})" if any(sign in of for sign in "·/") else f"元/{of}" if of else "元"
    meets = None if target is None else option.effect >= target
    ratio = "效果为零，无从计算" if option.ratio is None else f"{shortened(option.ratio)[0]} {per}"
    cells = {
        "次序": str(place),
        "费用": f"{grouped(option.cost)} 元",
        "效果": f"{grouped(option.effect)} {of}".strip(),
        "单位效果的费用": ratio,
        "工期": f"{grouped(option.duration)} 年" if option.duration is not None else "",
        "恢复比例": percent(option.restored) if option.restored is not None else "",
        "目标": "" if meets is None else ("达到" if meets else "未达到"),
        "劣于": "、".join(better),
        "说明": option.note,
    }
    values = {
        "次序": place,
        "费用（元）": option.cost,
        f"效果（{of or '无量纲'}）": option.effect,
        f"单位效果的费用（{per}）": option.ratio,
        "工期（年）": option.duration,
        "恢复比例": option.restored,
        "达到目标": meets,
        "劣于": "、".join(better),
        "说明": option.note,
    }
    return Compared(option.name, cells, values, item=option.item)
