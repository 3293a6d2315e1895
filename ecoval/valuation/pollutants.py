"""Several pollutants in one discharge: which of them decides the coefficient, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ..errors import InputError, OutOfScope
from ..numerals import plain, shortened
from ..rules.cards import card
from ..rules.jurisdictions import NATION, Place, as_place
from ..rules.sources import STANDINGS, source
from ..rules.tables import Row, table
from ..units import measure, same_kind, unit
from .comparison import Compared, Comparison, check_keys
from .inputs import Given

_WATER, _WASTE = "water-virtual-treatment", "water-solid-waste-virtual-treatment"
_TABLE = "water-exceedance-2020"
_HAZARD = (
    "几种污染物并存时危害系数 α 如何取，未见标准原文；所列只供对照，须由专家据{0}确定并注明页码。"
)
_LIKE = "表4 未见原文，取最大值系比照废水，须核对。"
_DECIDED = "超标系数按上述规则取定；未替专家确定危害系数和环境功能系数。"
_COLUMNS = ("超标倍数 κ", "超标系数 τ", "危害系数 α", "决定 τ", "依据", "说明")


def governing_discharge(
    pollutants: Sequence[Mapping[str, Any]],
    *,
    on: date | str,
    jurisdiction: str | Place = NATION,
) -> Comparison:
    """Tell which pollutant of a waste water decides the exceedance coefficient, and why.

    Each pollutant is a table: ``name``, ``concentration``, ``limit``, and where they are known
    ``hazard`` (α off table 1) and ``note``. κ = (Z − B) ÷ B of each; the largest decides
    (GB/T 39793.2-2020, table 3), and the row it falls in is τ. The same list is the
    ``pollutants`` of `virtual_treatment` in a case file, which takes the largest itself.

    Raises
    ------
    InputError, UnitError
        There is no pollutant, two have one name, a key is unknown, a concentration cannot be read.
    OutOfScope
        The day is before the standard.
    """
    from .registry import method

    at, named = as_place(jurisdiction), _named(pollutants, ("concentration", "limit"))
    of = method("water-exceedance-multiple")
    multiples: dict[str, float] = {}
    for name, given in named.items():
        terms = {key: given[key] for key in ("concentration", "limit")}
        try:
            multiples[name] = of.value(terms, on=on, place=at).exact
        except InputError as error:
            raise error.at(f"污染物 {name}") from None
    bands = {name: table(_TABLE).row({}, float(plain(kappa))) for name, kappa in multiples.items()}
    rows = []
    for name in sorted(named, key=lambda each: -multiples[each]):
        row, kappa = bands[name], shortened(multiples[name])[0]
        decides = multiples[name] == max(multiples.values())
        cells = {
            "超标倍数 κ": kappa,
            "超标系数 τ": row.texts["coefficient"],
            "依据": f"{table(_TABLE).name}第 {row.place} 行，{STANDINGS[row.standing]}",
        }
        values = {"超标倍数 κ": multiples[name], "超标系数 τ": _coefficient(row)}
        rows.append(_compared(name, named[name], cells, values, decides=decides, of=_WATER))
    first = rows[0]
    tau = first.cells["超标系数 τ"]
    why = (
        f"{_deciding(rows)}的超标倍数最大（κ = {first.cells['超标倍数 κ']}），"
        f"查{table(_TABLE).name}得 τ = {tau}。"
    )
    same = [row.name for row in rows if row.cells["超标系数 τ"] == tau and not row.values["决定 τ"]]
    if same:
        why += f"{'、'.join(same)}与之同档，单独计算 τ 亦为 {tau}。"
    notes = (why, *_hazards(rows, "GB/T 39793.2-2020 表1（废水）"))
    title = f"决定超标系数的污染物（{at.name}，{on}）"
    return Comparison(title, _COLUMNS, tuple(rows), notes, measured=multiples, undecided=_DECIDED)


def governing_waste(
    pollutants: Sequence[Mapping[str, Any]],
    *,
    on: date | str,
    jurisdiction: str | Place = NATION,
) -> Comparison:
    """Tell which pollutant of dumped solid waste decides the exceedance coefficient, and why.

    Each pollutant is a table: ``name``, ``exceedance`` (τ off table 4, whose text was not seen: it
    is given with its page in ``note``), and where it is known ``hazard`` (α off table 2). The
    largest τ decides.

    Raises
    ------
    InputError
        There is no pollutant, two have one name, a key is unknown, a coefficient is no number.
    OutOfScope
        The day is before the standard, or τ outside its range.
    """
    from .definition import as_day

    held, at = card(_WASTE), as_place(jurisdiction)
    if not held.holds_on(as_day(on)):
        raise OutOfScope(f"{source(held.standard)}自 {held.since} 起适用", where="on", got=on)
    named = _named(pollutants, ("exceedance",))
    taus = {
        name: _within(given["exceedance"], _WASTE, "exceedance", f"污染物 {name}")
        for name, given in named.items()
    }
    rows = []
    for name in sorted(named, key=lambda each: -taus[each]):
        decides = taus[name] == max(taus.values())
        cells = {"超标系数 τ": plain(taus[name]), "依据": "专家自 GB/T 39793.2-2020 表4 查取"}
        values = {"超标系数 τ": taus[name]}
        rows.append(_compared(name, named[name], cells, values, decides=decides, of=_WASTE))
    notes = (
        f"{_deciding(rows)}的超标系数最大（τ = {rows[0].cells['超标系数 τ']}），以它为准；{_LIKE}",
        *_hazards(rows, "GB/T 39793.2-2020 表2（固体废物）"),
    )
    title = f"决定超标系数的污染物（固体废物，{at.name}，{on}）"
    return Comparison(title, _COLUMNS, tuple(rows), notes, measured=taus, undecided=_DECIDED)


def _named(
    pollutants: Sequence[Mapping[str, Any]], needed: tuple[str, ...]
) -> dict[str, Mapping[str, Any]]:
    """Return the pollutants by name, each with what is *needed*."""
    if not isinstance(pollutants, Sequence) or isinstance(pollutants, str) or not pollutants:
        raise InputError("应为非空列表", where="pollutants")
    named: dict[str, Mapping[str, Any]] = {}
    for place, given in enumerate(pollutants, start=1):
        where = f"pollutants 第 {place} 项"
        if not isinstance(given, Mapping):
            raise InputError("应为表", where=where, got=repr(given))
        check_keys(given, ("name", *needed, "hazard", "note"), where)
        name = str(given.get("name", "")).strip()
        if not name:
            raise InputError("缺少 name", where=where)
        if name in named:
            raise InputError("污染物重名", where=where, got=name)
        for key in needed:
            if given.get(key) is None:
                raise InputError(f"缺少 {key}", where=f"污染物 {name}")
        named[name] = given
    return named


def _within(given: Any, of: str, term: str, where: str) -> float:
    """Return a coefficient that lies in the range that the card of the method *of* gives it."""
    allowed = card(of).term(term).range
    number, kind = measure(Given.of(given, where=where).value, where=where)
    if not same_kind(kind, unit("")):
        raise InputError("系数无量纲", where=where, got=given)
    assert allowed is not None
    low, high = allowed.low or 0.0, allowed.high or float("inf")
    if not low <= number <= high:
        what = f"{card(of).term(term).title}超出{allowed.cited}的取值范围"
        raise OutOfScope(f"{what} {plain(low)}–{plain(high)}", where=where, got=plain(number))
    return number


def _compared(
    name: str,
    given: Mapping[str, Any],
    cells: dict[str, str],
    values: dict[str, Any],
    *,
    decides: bool,
    of: str,
) -> Compared:
    hazard = given.get("hazard")
    alpha = None if hazard is None else _within(hazard, of, "hazard", f"污染物 {name}")
    cells |= {
        "危害系数 α": plain(alpha) if alpha is not None else "",
        "决定 τ": "是" if decides else "否",
        "说明": str(given.get("note", "")),
    }
    values |= {"危害系数 α": alpha, "决定 τ": decides, "说明": cells["说明"]}
    return Compared(name, cells, values)


def _coefficient(row: Row) -> float | None:
    return row.number("coefficient")


def _deciding(rows: Sequence[Compared]) -> str:
    return "、".join(row.name for row in rows if row.values["决定 τ"])


def _hazards(rows: Sequence[Compared], whose: str) -> tuple[str, ...]:
    """Return what is to be said of the hazard coefficients, nothing where none is given."""
    given = {row.name: row.values["危害系数 α"] for row in rows}
    known = {name: value for name, value in given.items() if value is not None}
    if not known:
        return ()
    top = max(known.values())
    most = "、".join(name for name, value in known.items() if value == top)
    bare = [name for name in given if name not in known]
    lacking = f"{'、'.join(bare)}没有给出。" if bare else ""
    return (f"危害系数最大的是{most}（α = {plain(top)}）。{lacking}{_HAZARD.format(whose)}",)
