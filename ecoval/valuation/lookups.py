"""Take a term's value from a table of the standard, or from a parameter in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import EcovalError, InputError, OutOfScope, ParameterNotFound
from ..findings import Finding
from ..numerals import plain
from ..rules.cards import Card, Term
from ..rules.jurisdictions import NATION, as_place
from ..rules.parameters import InForce, in_force
from ..rules.tables import Row, table
from ..units import factor, unit
from .gathering import EDITION, OVERRULE, Gathering
from .inputs import Given
from .intake import target_unit
from .item import Item, Used


def computable(card: Card) -> dict[str, Any]:
    """Return the methods that compute a number some term of *card* is looked up by."""
    if not card.computed_by:
        return {}
    from .registry import method

    return {key: method(key) for key in card.computed_by}


def names_of(card: Card) -> list[str]:
    """Return every name that a method takes: its own, and those of the methods behind its terms."""
    names = [term.name for term in card.terms]
    names += [choice.name for choice in card.choices] + [term.name for term in card.settings]
    names += [card.lines.name] if card.lines is not None else []
    for part in computable(card).values():
        names += names_of(part.card)
    return list(dict.fromkeys(names))


def take_parameter(gathering: Gathering, term: Term) -> None:
    """Take *term* from the parameter in force there and then.

    Raises
    ------
    ParameterNotFound
        No value is known there and then; the message says what is, and where to take one.
    """
    try:
        found = in_force(term.parameter, on=gathering.on, jurisdiction=gathering.place)
    except ParameterNotFound as error:
        asks = f"{term.asks}。" if term.asks else ""
        raise ParameterNotFound(
            error.what, where=gathering.where(term.name), hint=error.hint + asks
        ) from None
    gathering.parameters.append(found)
    _say_local(gathering, term, found)
    to = term.unit[0]
    scale = factor(unit(found.parameter.unit or ""), unit("" if to == "%" else to))
    gathering.values[term.name] = Used(
        term,
        (found.number if scale == 1.0 else float(plain(found.number * scale)),),
        (to,),
        "parameter",
        None,
        found.found.source,
        found.found.clause,
        found.found.standing,
        found.found.note,
    )


def _say_local(gathering: Gathering, term: Term, found: InForce) -> None:
    """Say where a place of its own would have given another value than the nation's."""
    if gathering.place.code != NATION:
        return
    local = [
        value.jurisdiction
        for value in found.parameter.values
        if value.jurisdiction != NATION and value.holds(gathering.on)
    ]
    if local:
        names = "、".join(as_place(code).name for code in dict.fromkeys(local))
        text = f"{term.title}取全国的值；{names}另有规定，损害发生在该地的须写明地点"
        gathering.findings.append(Finding("place-not-said", "note", text, gathering.say(term.name)))


@dataclass(frozen=True)
class Key:
    """What a row is looked up by: the texts of its classes, and the number in its band."""

    classes: Mapping[str, str]
    band: float | None = None
    computed: Item | None = None


def keys_for(
    gathering: Gathering, keys: Mapping[str, str], raw: Mapping[str, Any], parts: Mapping[str, Any]
) -> Key | None:
    """Return what to look a row up by, None if it is not given."""
    classes: dict[str, str] = {}
    band: float | None = None
    computed: Item | None = None
    for column, key in keys.items():
        if key.startswith("="):
            classes[column] = key[1:]
        elif key in gathering.choices:
            classes[column] = gathering.choices[key]
        elif key in gathering.values:
            band = gathering.values[key].values[0]
        elif key in parts:
            computed = _compute(gathering, parts[key], raw)
            if computed is None:
                return None
            # (0.33 − 0.03) ÷ 0.03 is 10, not 10.000000000000002 in the band above.
            band = float(plain(computed.exact))
        else:
            return None
    return Key(classes, band, computed)


def own_terms(part: Any, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of *raw* the method *part*, or a method behind its terms, takes."""
    return {name: raw[name] for name in names_of(part.card) if name in raw}


def _compute(
    gathering: Gathering, part: Any, raw: Mapping[str, Any], title: str = ""
) -> Item | None:
    """Return the item of the method *part* for its own terms in *raw*, None if none is given.

    A rate or a convention alone says nothing of *part*: it may be there for another term.
    """
    names = names_of(part.card)
    own = own_terms(part, raw)
    shaping = {term.name for term in part.card.settings}
    shaping |= {choice.name for choice in part.card.choices} if part.card.settings else set()
    if not set(own) - shaping:
        return None
    overrule = {name: why for name, why in gathering.overrule.items() if name in {*names, *EDITION}}
    item: Item = part.value(
        own, on=gathering.on, place=gathering.place, overrule=overrule, title=title
    )
    gathering.consumed |= set(own)
    gathering.passed |= {name for name, _ in item.overrules()}
    return item


def take_computed(
    gathering: Gathering, term: Term, raw: Mapping[str, Any], parts: Mapping[str, Any]
) -> None:
    """Take *term* from the method that computes it, for that method's own terms.

    Raises
    ------
    InputError
        Neither the term nor any term of a method is given, or the lines of two methods are.
    """
    candidates = [parts[id] for id in term.method]
    if len(candidates) > 1:
        lined = [part for part in candidates if part.card.lines.name in raw]
        if len(lined) > 1:
            listed = "、".join(part.card.lines.name for part in lined)
            raise InputError(f"只能给出 {listed} 之一", where=gathering.where(term.name))
        candidates = lined
    computed = _compute(gathering, candidates[0], raw) if candidates else None
    if computed is None:
        raise gathering.missing(term)
    gathering.parts.append(computed)
    gathering.computed[term.name, 0] = computed
    card, written = computed.card, f"{computed.exact!r} {computed.unit}".strip()
    at = gathering.where(term.name)
    to = target_unit(gathering, term, unit(computed.unit), written, 0, at)
    scale = factor(unit(computed.unit), unit("" if to == "%" else to))
    number = computed.exact if scale == 1.0 else float(plain(computed.exact * scale))
    gathering.values[term.name] = Used(
        term,
        (number,),
        (to,),
        "method",
        None,
        card.standard,
        card.clause,
        card.standing,
        card.title,
    )


def compute_cells(
    gathering: Gathering, term: Term, raw: Mapping[str, Any], parts: Mapping[str, Any]
) -> Any:
    """Return what is given for *term*, each line that gives the terms of a method as its result.

    What a line does not say itself (the rate, the convention) it takes from what all lines share.
    """
    given = raw[term.name]
    if not (term.lines and term.method and isinstance(given, list)):
        return given
    cells = []
    for place, cell in enumerate(given):
        if not isinstance(cell, Mapping) or "value" in cell:
            cells.append(cell)
            continue
        part = parts[term.method[0]]
        for id in term.method:
            lines = parts[id].card.lines
            part = parts[id] if lines is not None and lines.name in cell else part
        own = {name: raw[name] for name in names_of(part.card) if name in raw}
        at = gathering.where(term.name, place)
        try:
            said = gathering.lines[place].get("name") if place < len(gathering.lines) else ""
            title = f"{said}：{part.card.title}" if said else ""
            computed = _compute(gathering, part, {**own, **cell}, title)
        except EcovalError as error:
            raise error.at(at) from None
        if computed is None:
            raise InputError("缺少", where=at)
        for name in cell:
            if name not in names_of(part.card):
                raise InputError(f"未知的键 {name}", where=at)
        gathering.parts.append(computed)
        gathering.computed[term.name, place] = computed
        note = f"按“{computed.title or computed.card.title}”计算"
        cells.append(Given(f"{computed.exact!r} {computed.unit}".strip(), note=note))
    return cells


def look_up(
    gathering: Gathering, term: Term, raw: Mapping[str, Any], parts: Mapping[str, Any]
) -> None:
    """Take *term* from its table, by the choices and the computed number that are given.

    Raises
    ------
    InputError
        What the table is looked up by is not given, or is not in it.
    """
    found = _row_for(gathering, term, raw, parts)
    if found is None:
        raise gathering.missing(term)
    row, computed = found
    assert term.lookup is not None
    number = row.number(term.lookup.column)
    if number is None:
        raise InputError("表中该格为空", where=gathering.where(term.name))
    if computed is not None:
        gathering.parts.append(computed)
    gathering.rows.append(row)
    heading = table(row.table).heading
    gathering.values[term.name] = Used(
        term,
        (number,),
        (term.unit[0],),
        "table",
        None,
        row.source,
        heading.clause,
        row.standing,
        f"{table(row.table).name}第 {row.place} 行",
    )


def _row_for(
    gathering: Gathering, term: Term, raw: Mapping[str, Any], parts: Mapping[str, Any]
) -> tuple[Row, Item | None] | None:
    assert term.lookup is not None
    keys = keys_for(gathering, term.lookup.keys, raw, parts)
    if keys is None:
        return None
    try:
        return table(term.lookup.table).row(keys.classes, keys.band), keys.computed
    except EcovalError as error:
        raise error.at(gathering.where(term.name)) from None


def compare_lookup(
    gathering: Gathering, term: Term, raw: Mapping[str, Any], parts: Mapping[str, Any]
) -> None:
    """Refuse a value that is not the table's, when what the table is read by is given too."""
    found = _row_for(gathering, term, raw, parts)
    if found is None:
        return
    row, computed = found
    assert term.lookup is not None
    number, own = row.number(term.lookup.column), gathering.values[term.name].values[0]
    if computed is not None:
        gathering.parts.append(computed)
    gathering.rows.append(row)
    if number is not None and number != own:
        what = f"所给 {plain(own)} 与{table(row.table).name}查得的 {plain(number)} 不符"
        gathering.may(
            term.name,
            Finding("differs-from-table", "warning", what, gathering.say(term.name)),
            OutOfScope(what, where=gathering.where(term.name), hint=OVERRULE.format(term.name)),
        )
