"""The five routes from wood to carbon dioxide, compared on one stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ..errors import EcovalError, InputError, nearest
from ..numerals import grouped, plain
from ..rules.jurisdictions import NATION, Place, as_place
from ..rules.sources import STANDINGS, Standing
from ..units import factor, measure, unit
from .comparison import Compared, Comparison, differences_said
from .item import Item, Used
from .printing import basis, printed_amount

# Each route, and what it is called beside the others.
ROUTES: dict[str, str] = {
    "carbon-volume-bef": "生物量扩展因子法",
    "carbon-volume-bcef": "生物量转换与扩展系数法",
    "carbon-volume-line": "生物量与蓄积线性关系法",
    "carbon-allometry": "单株生物量方程法",
    "carbon-expansion-factor": "森林蓄积量扩展法",
}
_COLUMNS = ("方法", "结果", "每立方米蓄积", "与其他路线之差", "参数", "公式可信度", "条件")
_VOLUME, _AREA, _PER_AREA = "立方米蓄积", "公顷", "立方米蓄积/公顷"


def compare(
    *,
    on: date | str,
    jurisdiction: str | Place = NATION,
    volume: Any = None,
    area: Any = None,
    stand_volume: Any = None,
    trees: Sequence[Mapping[str, Any]] | None = None,
    species: str | None = None,
    zone: str | None = None,
    region: str | None = None,
    root_type: str | None = None,
    pools: str | None = None,
    carbon_basis: str | None = None,
    carbon_fraction: Any = None,
    conversion: str | None = None,
    routes: Mapping[str, Mapping[str, Any]] | None = None,
) -> Comparison:
    """Compare all routes from standing volume to carbon dioxide on one stand.

    The stand is described once: *volume* (立方米蓄积), *area* and *stand_volume* (立方米蓄积/公顷), of
    which two give the third, *trees* as a list of ``count``, ``diameter``, ``height``, and the
    classes that the tables are read by. What one route alone asks for (the two tables of forest
    types differ, and so do the densities), or takes another value for, stands in *routes* by its
    id: ``{"carbon-volume-line": {"forest_type": "杉木林"}}``, with ``overrule`` beside its terms.

    The result has each route with its parameters, their source and standing, tonnes, and how far
    it is from the others; a route that cannot be run stays in the table with the reason. None is
    chosen. `differences` has the matrix; ``comparison["carbon-volume-bef"]`` is a route's item.

    Raises
    ------
    InputError, UnitError
        *routes* names no route, or volume and area cannot be read.
    """
    from .registry import method

    own = {name: dict(given) for name, given in (routes or {}).items()}
    for name in own:
        if name not in ROUTES:
            hint = nearest(name, ROUTES) or f"可用：{'、'.join(ROUTES)}。"
            raise InputError("没有这条路线", where="routes", got=name, hint=hint)
    at = as_place(jurisdiction)
    notes: list[str] = []
    stand = {"volume": volume, "area": area, "stand_volume": stand_volume}
    shared = _completed(stand, notes)
    shared |= {"trees": trees, "species": species, "zone": zone, "region": region}
    shared |= {"root_type": root_type, "pools": pools, "carbon_basis": carbon_basis}
    shared |= {"carbon_fraction": carbon_fraction, "conversion": conversion}
    shared = {name: value for name, value in shared.items() if value is not None}
    found: dict[str, Item | EcovalError] = {}
    for name in ROUTES:
        route = method(name)
        given = own.get(name, {})
        overrule = given.pop("overrule", {})
        known = _known(route)
        # A fraction that is given stands for itself, not beside the basis it would be read by.
        terms = {term: value for term, value in shared.items() if term in known} | given
        if "carbon_fraction" in terms and "carbon_basis" not in given:
            terms.pop("carbon_basis", None)
        try:
            found[name] = route.value(terms, on=on, place=at, overrule=overrule)
        except EcovalError as error:
            found[name] = error
    items = {name: item for name, item in found.items() if isinstance(item, Item)}
    measured = {name: item.exact for name, item in items.items()}
    cubic = _number(shared.get("volume"), _VOLUME, "volume")
    rows = tuple(_row(name, found[name], measured, cubic) for name in ROUTES)
    notes.append(
        f"共 {len(ROUTES)} 条路线，可计算 {len(items)} 条。各路线所计的碳库、参数的来源地区与时期不同，"
        "差异不是误差；报告须写明所用路线与全部参数。"
    )
    title = f"同一林分碳损失量的各条路线（{at.name}，{on}）"
    return Comparison(title, _COLUMNS, rows, tuple(notes), measured=measured)


def _known(route: Any) -> set[str]:
    """Return the names that a route takes, those of what computes its terms among them."""
    from inspect import signature

    return set(signature(route).parameters)


def _completed(stand: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    """Return volume, area and volume per area, the third from the other two."""
    volume = _number(stand["volume"], _VOLUME, "volume")
    area = _number(stand["area"], _AREA, "area")
    per_area = _number(stand["stand_volume"], _PER_AREA, "stand_volume")
    done = dict(stand)
    if volume is not None and area and per_area is None:
        done["stand_volume"] = f"{plain(volume / area)} {_PER_AREA}"
        notes.append(
            f"单位面积蓄积由立木蓄积除以面积得出：{grouped(volume)} ÷ {grouped(area)} = "
            f"{grouped(volume / area)} {_PER_AREA}。"
        )
    elif volume is None and area and per_area is not None:
        done["volume"] = f"{plain(per_area * area)} {_VOLUME}"
        notes.append(
            f"立木蓄积由单位面积蓄积乘以面积得出：{grouped(per_area)} × {grouped(area)} = "
            f"{grouped(per_area * area)} {_VOLUME}。"
        )
    elif volume is not None and area and per_area is not None:
        product = per_area * area
        if plain(product) != plain(volume):
            notes.append(
                f"所给的立木蓄积 {grouped(volume)} 与面积乘以单位面积蓄积 {grouped(product)} 不等，"
                "各路线各用其所给的数。"
            )
    return done


def _number(given: Any, to: str, name: str) -> float | None:
    """Return *given* as a number of the unit *to*, None where it is not given."""
    if given is None:
        return None
    from .inputs import Given

    number, of = measure(Given.of(given, where=name).value, where=name)
    try:
        return number * factor(of, unit(to))
    except EcovalError:
        from ..errors import UnitError

        raise UnitError(f"单位须为 {to}", where=name, got=given) from None


def _row(
    name: str, found: Item | EcovalError, measured: Mapping[str, float], cubic: float | None
) -> Compared:
    shown = {"路线": ROUTES[name]}
    if isinstance(found, EcovalError):
        return Compared(name, {"方法": ROUTES[name]}, shown, refused=found)
    ratio = found.exact / cubic if cubic else None
    used = [each for each in found.rest_on() if not each.term.lines]
    listed = [each for each in found.inputs if each.term.lines]
    said = _said(used)
    said += [f"{each.term.title} {len(each.values)} 项" for each in listed]
    standing = STANDINGS[found.card.standing]
    cells = {
        "方法": f"{ROUTES[name]}（{found.card.cited()}）",
        "结果": printed_amount(found),
        "每立方米蓄积": f"{ratio:.4f} tCO2e" if ratio is not None else "",
        "与其他路线之差": differences_said(measured, name, ROUTES),
        "参数": "；".join(said),
        "公式可信度": standing,
        "条件": "；".join(condition.text for condition in found.card.conditions),
    }
    values = {
        **shown,
        "碳损失量（tCO2e）": found.exact,
        "每立方米蓄积（tCO2e）": ratio,
        "参数": cells["参数"],
        "公式可信度": standing,
        "参数最低可信度": _weakest(used),
        "校验码": found.fingerprint,
    }
    return Compared(name, cells, values, item=found)


def _said(used: Sequence[Used]) -> list[str]:
    """Return the parameters, those from one row of one table together with its standing."""
    together: dict[str, list[str]] = {}
    for each in used:
        standing = f"，{STANDINGS[each.standing]}" if each.standing else ""
        written = f"{each.term.symbol} {each.term.title} {each.text}"
        together.setdefault(f"{basis(each)}{standing}", []).append(written)
    return [f"{'，'.join(written)}（{why}）" for why, written in together.items()]


def _weakest(used: Sequence[Used]) -> str:
    """Return the weakest standing of what is not the expert's own."""
    order: list[Standing] = list(STANDINGS)
    known = [each.standing for each in used if each.standing]
    return STANDINGS[max(known, key=order.index)] if known else "专家给定"
