"""Convert what is given for a term to the unit of the card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..errors import InputError, Spot, UnitError
from ..findings import Finding
from ..numerals import plain
from ..rules.cards import Term, bound_unit
from ..units import Unit, display, factor, measure, same_kind, unit, unit_text
from .gathering import Gathering
from .inputs import Given
from .item import Used, plain_data


def take(gathering: Gathering, term: Term, given: Given) -> None:
    """Convert what is given for *term* to the unit of the card.

    Raises
    ------
    InputError
        Not a number, or a list where one value is asked.
    UnitError
        The unit is unknown, of another kind, or does not go with the other terms'.
    """
    cells: list[Given] = []
    if term.lines:
        listed = given.value
        many = isinstance(listed, Sequence) and not isinstance(listed, str)
        places = range(len(listed)) if many else range(1)
        cells = [
            Given.of(listed[place], where=gathering.where(term.name, place)) if many else given
            for place in places
        ]
        if not cells:
            raise InputError("列表为空", where=gathering.where(term.name))
        entries = [cell.value for cell in cells]
    else:
        entries = [given.value]
    values, units = [], []
    for place, entry in enumerate(entries):
        at = gathering.where(term.name, place if term.lines and len(entries) > 1 else None)
        number, of = _read(gathering, term, *measure(entry, where=at))
        _check_percent(term, number, of, at)
        to = target_unit(gathering, term, of, entry, place, at)
        values.append(_converted(number, of, to, entry, at))
        units.append(to)
    # A copy: what the caller does to a list afterwards is not what was computed.
    kept = replace(given, value=plain_data(given.value))
    gathering.values[term.name] = Used(
        term, tuple(values), tuple(units), "given", kept, cells=tuple(cells)
    )


def _check_percent(term: Term, number: float, of: Unit, where: Spot) -> None:
    """Refuse a bare number above one for a percentage: 4 may be meant for 4 % or for 400 %."""
    if is_bare_percent(term, of) and number > 1:
        raise InputError(
            f"{plain(number)} 是百分之 {plain(number)} 还是 {plain(number)} 倍，不能确定",
            where=where,
            got=plain(number),
            hint=f'请写 "{plain(number)} %"，或 "{plain(number * 100)} %"。',
        )


def is_bare_percent(term: Term, of: Unit) -> bool:
    """Tell whether a number without a unit is given for a percentage that nothing bounds."""
    return term.unit == ("%",) and not (term.share or term.range) and of == unit("")


def _read(gathering: Gathering, term: Term, number: float, of: Unit) -> tuple[float, Unit]:
    """Return a value in a unit that the card reads as its own in that, and say so once."""
    text = term.read_as(of)
    if text is None:
        return number, of
    scale = factor(of, unit(text))
    number = number if scale == 1.0 else float(plain(number * scale))
    if not term.reads.get(text):
        return number, unit(term.unit[0])
    said = f"{term.title}以 {display(text) or '无量纲的数'} 给出，{term.reads[text]}"
    finding = Finding("unit-read-as", "warning", said, gathering.say(term.name))
    if finding not in gathering.findings:
        gathering.findings.append(finding)
    return number, unit(term.unit[0])


_OPEN, _OPEN_YEARS = "[unit]", "[unit]·年"


def target_unit(
    gathering: Gathering, term: Term, of: Unit, entry: object, place: int, where: Spot
) -> str:
    """Return the unit of the card that a value in *of* is converted to.

    Raises
    ------
    UnitError
        It measures something else, or does not go with the other terms'.
    """
    if any("[unit]" in text for text in term.unit):
        return _wildcard(gathering, term, of, entry, place, where)
    return parallel_unit(gathering, term, of, entry, where, place)


def parallel_unit(
    gathering: Gathering,
    term: Term,
    of: Unit,
    entry: object,
    where: Spot | None = None,
    place: int = 0,
) -> str:
    """Return which of the parallel units of *term* a value in *of* goes with.

    Raises
    ------
    UnitError
        None, or not the one that the other terms were given in.
    """
    at = where or gathering.where(term.name)
    fitting = [index for index, text in enumerate(term.unit) if same_kind(of, _plain_unit(text))]
    if not fitting:
        raise _wrong_kind(term.unit, entry, at, term.note)
    if len(term.unit) == 1:
        return term.unit[0]
    # Each line may be counted in its own way, by number or by weight; what is no line binds them all.
    line = place if term.lines else None
    if term.lines:
        held = gathering.alternatives.get(line) or gathering.alternatives.get(None)
    else:
        held = next(iter(gathering.alternatives.values()), None)
    if held is None:
        gathering.alternatives[line] = (fitting[0], term)
        return term.unit[fitting[0]]
    index, first = held
    if index not in fitting:
        raise UnitError(
            f"{first.title}以 {display(first.unit[index])} 计，"
            f"{term.title}须以 {display(term.unit[index])} 计",
            where=at,
            got=entry,
            hint="不同计量方式之间不能自行换算，请统一单位。",
        )
    return term.unit[index]


def _plain_unit(text: str) -> Unit:
    return unit("" if text == "%" else text)


def _wildcard(
    gathering: Gathering, term: Term, of: Unit, entry: object, place: int, where: Spot
) -> str:
    """Return the unit for a term whose unit is what the first such term is given in.

    A percentage is a number: 50 % at 元 is half of it, there is no price per percent.
    """
    text = term.unit[0]
    if text in (_OPEN, _OPEN_YEARS) and len(gathering.bound) <= place:
        written = "" if same_kind(of, unit("")) else unit_text(entry, of)
        if text == _OPEN_YEARS:
            whole = written
            written = written.removesuffix("年").rstrip("*·")
            if written == whole:
                raise UnitError("单位须为 …·年，如 公顷·年", where=where, got=entry)
        gathering.bound.append(written)
    if len(gathering.bound) <= place:
        raise InputError("比前一列的项数多", where=where)
    if "[unit]" in gathering.card.result.unit:
        # What is summed in its own unit has one unit: 公顷 and m² are not added as they stand.
        gathering.bound[place] = gathering.bound[0]
    to = bound_unit(text, gathering.bound[place])
    if not same_kind(of, unit(to)):
        raise _wrong_kind((to,), entry, where, term.note)
    return to


def _wrong_kind(units: tuple[str, ...], entry: object, where: Spot, note: str = "") -> UnitError:
    wanted = " 或 ".join(dict.fromkeys(display(text) or "无量纲" for text in units))
    return UnitError(f"单位须为 {wanted}", where=where, got=entry, hint=note)


def _converted(number: float, of: Unit, to: str, entry: object, where: Spot) -> float:
    """Return *number* in the unit *to*; a percentage is kept as a share."""
    try:
        scale = factor(of, unit("" if to == "%" else to))
    except UnitError:
        raise _wrong_kind((to,), entry, where) from None
    # 1.1 万元 are 11,000 元, not 11,000.000000000002: a converted number is cleared of float noise.
    return number if scale == 1.0 else float(plain(number * scale))
