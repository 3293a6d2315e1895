"""From what an expert gives to the numbers that a formula takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ..errors import InputError, OutOfScope, Spot, nearest
from ..findings import Finding
from ..rules.cards import Card, Term
from ..rules.jurisdictions import Place, as_place
from ..rules.sources import source
from .bounds import check_bounds, check_price_bases
from .gathering import EDITION, Gathering
from .inputs import Given
from .intake import take
from .lookups import (
    compare_lookup,
    computable,
    look_up,
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
    raw = _unfold_lines(gathering, raw)
    _check_names(gathering, raw, parts)
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
            take(gathering, term, Given.of(raw[term.name], where=gathering.where(term.name)))
        elif term.lookup is not None:
            look_up(gathering, term, raw, parts)
        elif term.method and not (term.parameter and not own_terms(parts[term.method], raw)):
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
    return gathering


def _check_day(gathering: Gathering) -> None:
    card, on = gathering.card, gathering.on
    if card.holds_on(on):
        return
    late = card.until is not None and on > card.until
    span = f"{card.since or '…'} 至 {card.until or '今'}"
    what = f"{card.title}所据{source(card.standard)}适用于 {span}，{on.isoformat()} 不在其内"
    hint = f"可用 {card.replaced_by}；" if late and card.replaced_by else ""
    gathering.may(
        "dates",
        Finding("outside-dates", "warning", what, card.id, card.clause),
        OutOfScope(what, where=card.id, hint=f"{hint}确需适用的，以 overrule 的 dates 说明理由。"),
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


def _unfold_lines(gathering: Gathering, raw: dict[str, Any]) -> dict[str, Any]:
    """Turn a list of lines into one list of values a term, and keep the lines' texts."""
    card = gathering.card
    if card.lines is None or card.lines.name not in raw:
        return raw
    listed = raw.pop(card.lines.name)
    gathering.unfolded = True
    names = [term.name for term in card.terms if term.lines]
    if not isinstance(listed, Sequence) or isinstance(listed, str) or not listed:
        raise InputError(f"{card.lines.title}应为非空列表", where=gathering.where(card.lines.name))
    for name in names:
        if name in raw:
            raise InputError("与逐项列表重复给出", where=gathering.where(name))
        raw[name] = []
    for place, line in enumerate(listed, start=1):
        where = Spot(f"{card.id}：{card.lines.title}第 {place} 项", (card.lines.name, place - 1))
        if not isinstance(line, Mapping):
            raise InputError("应为表", where=where, got=repr(line))
        texts: dict[str, str] = {}
        for key, value in line.items():
            if key in names:
                raw[key].append(value)
            elif key in _LINE_TEXTS and isinstance(value, str):
                texts[key] = value
            else:
                known = [*names, *_LINE_TEXTS]
                at = Spot(where.text, (*where.path, key))
                raise InputError(f"未知的键 {key}", where=at, hint=nearest(key, known))
        for name in names:
            if name not in line:
                raise InputError(f"缺少 {name}", where=where)
        gathering.lines.append(texts)
    bases = {
        f"第 {place} 项": texts.get("price_base", "").strip()
        for place, texts in enumerate(gathering.lines, start=1)
    }
    check_price_bases(bases, f"{card.id}：{card.lines.title}")
    return raw


_LINE_TEXTS = ("name", "voucher", "note", "open", "price_base")


def _check_names(gathering: Gathering, raw: Mapping[str, Any], parts: Mapping[str, Any]) -> None:
    card = gathering.card
    known = [term.name for term in card.terms] + [choice.name for choice in card.choices]
    known += [term.name for part in parts.values() for term in part.card.terms]
    known += [choice.name for part in parts.values() for choice in part.card.choices]
    known += [part.card.lines.name for part in parts.values() if part.card.lines is not None]
    if card.lines is not None:
        known.append(card.lines.name)
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
    also = [each.name for each in parts[term.method].card.terms if each.name in raw]
    also = [name for name in also if name not in own]
    if also:
        raise InputError(
            f"既给出了数值，又给出了计算它的 {'、'.join(also)}", where=gathering.where(term.name)
        )


def _check_overrules(gathering: Gathering) -> None:
    """Make sure that each overrule names something, has a reason, and was needed."""
    known = [*(term.name for term in gathering.card.terms), *EDITION]
    for name, reason in gathering.overrule.items():
        where = f"{gathering.card.id}：overrule.{name}"
        if name not in known:
            raise InputError("没有可推翻的此项", where=where, hint=nearest(name, known))
        if not isinstance(reason, str) or not reason.strip():
            raise InputError("须写明理由", where=where)
        if name not in gathering.overruled:
            text = f"{gathering.say(name)}在规定范围内，所写推翻理由未用到"
            gathering.findings.append(Finding("overrule-unused", "note", text))
