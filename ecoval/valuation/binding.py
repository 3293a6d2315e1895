"""From what an expert gives to the numbers that a formula takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ..errors import InputError, OutOfScope, Spot, nearest
from ..findings import Finding
from ..rules.cards import Card, Term
from ..rules.jurisdictions import Place, as_place
from ..rules.sources import source
from .bounds import check_bounds
from .gathering import EDITION, Gathering
from .inputs import Given
from .intake import take
from .lines import unfold_lines
from .lookups import (
    compare_lookup,
    computable,
    compute_cells,
    look_up,
    names_of,
    own_terms,
    take_computed,
    take_parameter,
)


def bind(
    card: Card,
    given: Mapping[str, Any],
    *,
    on: date,
    at: Place,
    overrule: Mapping[str, str],
) -> Gathering:
    """Return the values of the terms of *card* for what is *given*.

    Raises
    ------
    InputError
        A term is unknown, missing, not finite, negative, not a share.
    UnitError
        A unit is unknown, measures something else, or does not go with the others.
    OutOfScope
        The day or the place is outside the standard's, or a value outside its range, and not
        overruled.
    ParameterNotFound
        A parameter is not given and not known there and then.
    """
    gathering = Gathering(card, on, at, overrule)
    _check_day(gathering)
    _check_place(gathering)
    parts = computable(card)
    raw = {name: value for name, value in given.items() if value is not None}
    _check_names(gathering, raw)
    raw = unfold_lines(gathering, raw)
    for choice in card.choices:
        if choice.name in raw:
            chosen = Given.of(raw[choice.name], where=gathering.where(choice.name))
            gathering.chosen[choice.name] = chosen
            gathering.choices[choice.name] = str(chosen.value)
        if choice.required and not gathering.choices.get(choice.name, "").strip():
            hint = f"{choice.asks}。" if choice.asks else ""
            raise InputError("缺少", where=gathering.where(choice.name), hint=hint)
    for term in card.terms:
        if term.name in raw and term.method:
            _refuse_both(gathering, term, raw, parts)
        if term.name in raw:
            cells = compute_cells(gathering, term, raw, parts)
            take(gathering, term, Given.of(cells, where=gathering.where(term.name)))
        elif term.lookup is not None:
            look_up(gathering, term, raw, parts)
        elif term.method and not (
            term.parameter and not any(own_terms(parts[id], raw) for id in term.method)
        ):
            take_computed(gathering, term, raw, parts)
        elif term.parameter:
            take_parameter(gathering, term)
        else:
            raise gathering.missing(term)
    _check_lines(gathering)
    for term in card.terms:
        check_bounds(gathering, term)
        if term.name in raw and term.lookup is not None:
            compare_lookup(gathering, term, raw, parts)
    _check_overrules(gathering)
    _check_used(gathering, raw)
    return gathering


def _check_day(gathering: Gathering) -> None:
    card, on = gathering.card, gathering.on
    if card.holds_on(on):
        return
    late = card.until is not None and on > card.until
    span = f"{card.since or '…'} 至 {card.until or '今'}"
    what = f"{card.title}所据{source(card.standard)}适用于 {span}，{on.isoformat()} 不在其内"
    use = card.replaced_by if late else _before(gathering)
    hint = f"可用 {use}；" if use else ""
    gathering.may(
        "dates",
        Finding("outside-dates", "warning", what, card.id, card.clause),
        OutOfScope(what, where=card.id, hint=f"{hint}确需适用的，以 overrule 的 dates 说明理由。"),
    )


def _before(gathering: Gathering) -> str:
    """Return the method that this one replaced, if it holds on the day."""
    from .registry import methods

    own, on = gathering.card.id, gathering.on
    return next(
        (
            each.id
            for each in methods().values()
            if each.card.replaced_by == own and each.card.holds_on(on)
        ),
        "",
    )


def _check_place(gathering: Gathering) -> None:
    card, at = gathering.card, gathering.place
    if card.holds_at(at):
        return
    home = as_place(card.jurisdiction)
    what = f"{card.title}所据{source(card.standard)}只适用于{home.name}，{at} 不在其内"
    gathering.may(
        "jurisdiction",
        Finding("outside-place", "warning", what, card.id, card.clause),
        OutOfScope(
            what,
            where=card.id,
            hint=f"在{home.name}的，请写明地点；确需参照的，以 overrule 的 jurisdiction 说明理由。",
        ),
    )


def _check_names(gathering: Gathering, raw: Mapping[str, Any]) -> None:
    card = gathering.card
    known = names_of(card)
    for name in raw:
        if name not in known:
            raise InputError(
                f"没有输入项 {name}",
                where=Spot(card.id, (name,)),
                hint=nearest(name, known) or f"可用：{'、'.join(known)}。",
            )


def _check_lines(gathering: Gathering) -> None:
    lengths = {
        used.term.name: len(used.values) for used in gathering.values.values() if used.term.lines
    }
    if len(set(lengths.values())) > 1:
        listed = "、".join(f"{name} {count} 项" for name, count in lengths.items())
        raise InputError("各列项数不同", where=gathering.card.id, got=listed)


def _refuse_both(
    gathering: Gathering, term: Term, raw: Mapping[str, Any], parts: Mapping[str, Any]
) -> None:
    """A term and what computes it cannot both be given: one of them would be dropped unsaid."""
    own = [part.name for part in gathering.card.terms]
    # A rate or a convention may be there for another term.
    shared = {each for id in term.method for each in _shaping(parts[id].card)}
    also = [
        name
        for id in term.method
        for name in names_of(parts[id].card)
        if name in raw and name not in own and name not in shared
    ]
    if also:
        raise InputError(
            f"既给出了数值，又给出了计算它的 {'、'.join(also)}", where=gathering.where(term.name)
        )


def _check_overrules(gathering: Gathering) -> None:
    """Make sure that each overrule names something, has a reason, and was needed."""
    known = [*names_of(gathering.card), *EDITION]
    for name, reason in gathering.overrule.items():
        where = f"{gathering.card.id}：overrule.{name}"
        if name not in known:
            raise InputError("没有可推翻的此项", where=where, hint=nearest(name, known))
        if not isinstance(reason, str) or not reason.strip():
            raise InputError("须写明理由", where=where)
        if name not in gathering.overruled and name not in gathering.passed:
            text = f"{gathering.say(name)}在规定范围内，所写推翻理由未用到"
            gathering.findings.append(Finding("overrule-unused", "note", text))


def _check_used(gathering: Gathering, raw: Mapping[str, Any]) -> None:
    """Refuse what was given for a method that computes a term, and that none of them took."""
    card = gathering.card
    own = {term.name for term in card.terms} | {choice.name for choice in card.choices}
    unused = [name for name in raw if name not in own and name not in gathering.consumed]
    if unused:
        raise InputError(f"没有用到 {'、'.join(unused)}", where=Spot(card.id, (unused[0],)))


def _shaping(card: Card) -> list[str]:
    return [term.name for term in card.settings] + [choice.name for choice in card.choices]
