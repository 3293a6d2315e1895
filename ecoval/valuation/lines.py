"""The lines of a method: as they are listed, or unfolded from a service path into its years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..errors import InputError, Spot, nearest
from ..findings import Finding
from .bounds import check_price_bases
from .described import read_path
from .discounting import CONVENTION, take_conventions, take_rate
from .gathering import Gathering
from .inputs import Given
from .lifetable import LifeTable, read_life_table
from .paths import Path
from .yeartable import year_table

_FEW = 6
_PATH = '例如 { path = "linear", first = 1, last = 0, years = 10 }。'
_EXAMPLES = {
    "loss": _PATH,
    "gain": '例如 { path = "ramp", plateau = 1, years = 5, life = 30 }。',
    "life": "例如 { killed = [[2, 10]], survival = [0.5, 0.8], oldest = 30, … }。",
}
_TEXTS = ("name", "voucher", "note", "open", "price_base")
# What a path's level is a share of, where it is given as services.
DENOMINATOR, REFERENCE = "gain_denominator", "reference_baseline"


def unfold_lines(gathering: Gathering, raw: dict[str, Any]) -> dict[str, Any]:
    """Turn a list of lines, or a path, into one list of values a term, and keep the lines' texts.

    Raises
    ------
    InputError
        The list or one of its lines will not do, or a path lacks what it is read by.
    """
    lines = gathering.card.lines
    if lines is None or lines.name not in raw:
        return raw
    given = raw.pop(lines.name)
    if lines.unfold in ("loss", "gain") and isinstance(given, (Mapping, Path)):
        given = _years(gathering, given, raw)
    elif lines.unfold == "life" and isinstance(given, (Mapping, LifeTable)):
        given = _lives(gathering, given, raw)
    elif lines.unfold and not isinstance(given, (list, tuple)):
        raise InputError(
            f"{lines.title}应为表，或逐行的列表",
            where=gathering.where(lines.name),
            got=repr(given),
            hint=_EXAMPLES[lines.unfold],
        )
    elif given:
        shaping = [term.name for term in gathering.card.settings]
        shaping += [CONVENTION] if lines.unfold else []
        for name in shaping:
            if name in raw:
                raise InputError(
                    "逐行给出的不另用此项",
                    where=gathering.where(name),
                    hint="已折现的系数在各行内。",
                )
    return _unfolded(gathering, given, raw)


def _unfolded(gathering: Gathering, listed: Any, raw: dict[str, Any]) -> dict[str, Any]:
    card = gathering.card
    assert card.lines is not None
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
            elif key in _TEXTS and isinstance(value, str):
                texts[key] = value
            else:
                at = Spot(where.text, (*where.path, key))
                known = [*names, *_TEXTS]
                hint = nearest(key, known) or f"可用：{'、'.join(known)}。"
                raise InputError(f"未知的键 {key}", where=at, hint=hint)
        for name in names:
            if name not in line:
                raise InputError(f"缺少 {name}", where=where)
        gathering.lines.append(texts)
    if card.lines.apart:
        _check_called(gathering)
    bases = {
        f"第 {place} 项": texts.get("price_base", "").strip()
        for place, texts in enumerate(gathering.lines, start=1)
    }
    check_price_bases(bases, f"{card.id}：{card.lines.title}")
    return raw


def called(lines: Sequence[Mapping[str, str]], place: int) -> str:
    """Return the name of a line, else its place counted from one."""
    name = lines[place].get("name") if place < len(lines) else ""
    return name or f"第 {place + 1} 项"


def _check_called(gathering: Gathering) -> None:
    """Make sure that no two lines that are named beside their sum have one name."""
    card, lines = gathering.card, gathering.card.lines
    assert lines is not None
    seen: dict[str, int] = {}
    for place in range(len(gathering.lines)):
        name = called(gathering.lines, place)
        if name in seen:
            raise InputError(
                f"名称与第 {seen[name] + 1} 项相同",
                where=Spot(
                    f"{card.id}：{lines.title}第 {place + 1} 项", (lines.name, place, "name")
                ),
                got=name,
                hint="各项另起名称，以便逐项列出。",
            )
        seen[name] = place


def _years(gathering: Gathering, given: Any, raw: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the years of a path as lines, and record how they were read."""
    lines = gathering.card.lines
    assert lines is not None
    where = gathering.where(lines.name)
    path = read_path(given, where=where, side="gain" if lines.unfold == "gain" else "loss")
    conventions = take_conventions(gathering, raw)
    rate = take_rate(gathering, raw, conventions)
    try:
        table = year_table(path, conventions, rate, negative="rate" in gathering.overruled)
    except InputError as error:
        raise error.at(where) from None
    _take_baseline(gathering, path, raw)
    said = "，".join([path.name, *_spans(path)])
    gathering.chosen[lines.name] = Given(said)
    gathering.choices[lines.name] = said
    return [
        {"name": name, "level": float(level), "factor": f"{float(factor)!r} 年"}
        for name, level, factor in zip(table.names, table.levels, table.factors, strict=True)
    ]


def _spans(path: Path) -> list[str]:
    """Return from when and to when a path is counted, as printed."""
    start = path.start if isinstance(path.start, int) else path.start.isoformat()
    spans = [f"起始 {start}{' 年' if isinstance(start, int) else ''}"] if start else []
    if path.horizon is not None:
        spans += ["计至永续" if path.horizon == "perpetuity" else f"计 {path.horizon:g} 年"]
    return spans


def _lives(gathering: Gathering, given: Any, raw: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the years of each generation of a life table as lines."""
    lines = gathering.card.lines
    assert lines is not None
    where = gathering.where(lines.name)
    table = read_life_table(given, where=where)
    conventions = take_conventions(gathering, raw)
    rate = take_rate(gathering, raw, conventions)
    try:
        years = table.years_of(conventions, rate, negative="rate" in gathering.overruled)
    except InputError as error:
        raise error.at(where) from None
    gathering.chosen[lines.name] = Given(table.name)
    gathering.choices[lines.name] = table.name
    found = []
    for generation, levels in enumerate(table.levels(conventions.level_at)):
        called = f"第 {generation} 代" if generation else "直接损失"
        for year, ages, factor in zip(years.names, levels, years.factors, strict=True):
            living = [f"{age} 龄 {number:.6g}" for age, number in enumerate(ages) if number]
            found.append(
                {
                    "name": f"{called} {year}",
                    "alive": f"{float(ages.sum())!r} {table.unit}",
                    "factor": f"{float(factor)!r} 年",
                    # The whole table of ages is LifeTable.table(); a row names a few of them.
                    "note": f"年初年龄：{'，'.join(living)}" if 0 < len(living) <= _FEW else "",
                }
            )
    return found


def check_nothing(gathering: Gathering) -> None:
    """Say where the rows of a loss, or of a gain, are nothing: a zero is never silent.

    Raises
    ------
    InputError
        A gain is nothing: no project is scaled by it.
    """
    lines = gathering.card.lines
    if lines is None or not lines.unfold:
        return
    for term in gathering.card.terms:
        if not term.lines or any(gathering.values[term.name].values):
            continue
        by = [f"{lines.title}：{said}" for said in [gathering.choices.get(lines.name)] if said]
        by += [f"口径：{said}" for said in [gathering.choices.get(CONVENTION)] if said]
        why = f"（{'；'.join(by)}）" if by else ""
        text = f"各年的{term.title}均为 0，{gathering.card.result.title}为 0{why}"
        if lines.unfold == "gain":
            hint = "没有收益的修复不能折抵损失，请核对路径与口径。"
            raise InputError(text, where=gathering.where(lines.name), hint=hint)
        gathering.findings.append(
            Finding("nothing-lost", "warning", text, gathering.say(lines.name))
        )


def _take_baseline(gathering: Gathering, path: Path, raw: dict[str, Any]) -> None:
    """Say what the levels are divided by: 1 where they are shares, else a baseline."""
    lines = gathering.card.lines
    assert lines is not None
    name = "injured_baseline" if lines.unfold == "loss" else "gain_baseline"
    for given in (name, *(() if path.baseline is not None else (DENOMINATOR, REFERENCE))):
        if given in raw:
            raise InputError(
                "由路径得出，不另给出",
                where=gathering.where(given),
                hint="水平以服务而不以占基线的比例给出的，路径写 service 与 baseline。",
            )
    if path.baseline is None:
        raw[name] = Given(1, note="路径的水平已是占基线的比例")
        return
    if path.baseline <= 0:
        raise InputError("起始的基线应大于零", where=gathering.where(lines.name))
    if lines.unfold == "loss":
        raw[name] = Given(path.baseline, note="受损区基线起始的水平")
        return
    allowed = {"injured": "受损区基线", "project": "修复区基线"}
    chosen = raw.pop(DENOMINATOR, None)
    where = gathering.where(DENOMINATOR)
    if chosen not in allowed:
        raise InputError(
            "收益按哪个基线折算，须说明",
            where=where,
            got=chosen,
            hint="；".join(f"{key} {title}" for key, title in allowed.items()) + "。",
        )
    gathering.chosen[DENOMINATOR] = Given(allowed[chosen])
    gathering.choices[DENOMINATOR] = chosen
    if chosen == "project":
        raw[name] = Given(path.baseline, note="修复区基线起始的水平")
        return
    if REFERENCE not in raw:
        raise gathering.missing(gathering.card.term(REFERENCE))
    given = Given.of(raw.pop(REFERENCE), where=gathering.where(REFERENCE))
    raw[name] = replace(given, note=given.note or "受损区基线的水平")
