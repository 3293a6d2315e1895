"""An item valued again for columns of drawn inputs, by the formulas that the item was valued by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from ..errors import InputError, OutOfScope, Spot, nearest
from ..formula.evaluate import evaluate
from ..rules.cards import Term
from ..units import factor, unit
from .conventions import Conventions, read_conventions
from .described import read_path
from .item import Item, Used
from .lifetable import read_life_table
from .paths import Array
from .yeartable import Kept, year_table

# So many numbers (rows of a year table times draws) are computed at once, to bound the memory.
_BLOCK = 1 << 20
# What of a path is no number that could be drawn, and what a path says instead of the expert.
_FIXED = ("path", "start", "horizon", "after", "rescaled")
_SET_BY_PATH = ("injured_baseline", "gain_baseline")


def drawable(item: Item) -> dict[str, str]:
    """Return the inputs of *item* that can be drawn, by name, each with the unit it is used in.

    A term, a setting, a parameter of a path (``loss.years``); the inputs of a line are named by it
    (``芦苇.quantity``) where there are several.
    """
    made = _made(item)
    found = {
        name: of
        for used in item.inputs
        for place, (name, of) in enumerate(zip(_names(item, used), used.units, strict=True))
        if (used.term.name, place) not in made
    }
    lines = item.card.lines
    if lines is not None and lines.unfold and lines.name in item.chosen:
        # The rows follow from the path, or from the life table.
        rows = {each.term.name for each in item.inputs if each.term.lines}
        found = {
            name: of
            for name, of in found.items()
            if name.rpartition(".")[2] not in rows and name not in _SET_BY_PATH
        }
    if lines is not None and _is_path(item):
        for name, value in item.given[lines.name].items():
            if name not in _FIXED and isinstance(value, (int, float)):
                found[f"{lines.name}.{name}"] = ""
    for prefix, part in made.values():
        for name, of in drawable(part).items():
            found[name if name in _shared(part) else f"{prefix}{name}"] = of
    return found


def revalue(item: Item, drawn: Mapping[str, Array]) -> Array:
    """Return the result of *item* for columns of *drawn* inputs, in the units they are used in.

    Raises
    ------
    InputError
        A name is no input that can be drawn, or a drawn value is none that the input can have.
    OutOfScope
        A drawn value is outside the standard's range, and the item did not overrule it.
    """
    known = drawable(item)
    for name in drawn:
        if name not in known:
            hint = nearest(name, known) or f"可用：{'、'.join(known)}。"
            raise InputError("不是可以抽样的输入项", where=item.card.id, got=name, hint=hint)
    size = len(next(iter(drawn.values())))
    rows = max((len(used.values) for part in _all(item) for used in part.inputs), default=1)
    block = max(64, _BLOCK // rows)
    result = np.empty(size)
    for first in range(0, size, block):
        piece = {name: column[first : first + block] for name, column in drawn.items()}
        result[first : first + block] = _value(item, piece, {})
    if not np.isfinite(result).all():
        place = int(np.flatnonzero(~np.isfinite(result))[0])
        got = "，".join(f"{name} = {column[place]:.6g}" for name, column in drawn.items())
        raise InputError(f"第 {place + 1} 次抽样的结果不是有限的数", where=item.card.id, got=got)
    return result


def reread(item: Item, conventions: Conventions) -> float:
    """Return the result of *item* with its paths read by other *conventions*.

    Raises
    ------
    InputError, OutOfScope
        They cannot read one of its paths.
    """
    return float(np.ravel(_value(item, {}, {}, conventions))[0])


def _value(
    item: Item,
    drawn: Mapping[str, Array],
    kept: Kept,
    conventions: Conventions | None = None,
) -> Array:
    """Return the result of *item* for its *drawn* inputs, or by other *conventions*, or both."""
    values: dict[str, Any] = {}
    made = _made(item)
    lines = item.card.lines
    unfolded = lines is not None and lines.unfold and lines.name in item.chosen
    for used in item.inputs:
        name = used.term.name
        if used.origin == "table" and set(drawn) & _keys(used.term):
            raise InputError(
                "查表所用的输入项不能抽样",
                where=f"{item.card.id} {name}",
                hint="请直接抽样查得的系数。",
            )
        listed: list[Any] = []
        for place, key in enumerate(() if unfolded and used.term.lines else _names(item, used)):
            if (name, place) in made:
                prefix, part = made[name, place]
                own = {
                    each.removeprefix(prefix): column
                    for each, column in drawn.items()
                    if each.startswith(prefix) or each in _shared(part)
                }
                listed.append(_value(part, own, kept, conventions) * _scale(used, place, part))
            elif key in drawn:
                listed.append(_checked(item, used, drawn[key]))
            else:
                listed.append(np.float64(used.values[place]))
        if used.term.lines:
            values[name] = (
                np.stack([np.atleast_1d(each) for each in np.broadcast_arrays(*listed)])
                if listed
                else None
            )
        else:
            values[name] = listed[0]
    if unfolded:
        values |= _unfolded(item, values, drawn, kept, conventions)
    wanted = item.method.formula.operands
    result, _ = evaluate(
        item.method.formula.root, {name: values[name] for name in values if name in wanted}
    )
    return np.asarray(result)


def _unfolded(
    item: Item,
    values: Mapping[str, Any],
    drawn: Mapping[str, Array],
    kept: Kept,
    conventions: Conventions | None,
) -> dict[str, Any]:
    """Return the rows of the path, or of the life table, of *item* with its drawn parameters."""
    lines = item.card.lines
    assert lines is not None
    name, given = lines.name, item.given[lines.name]
    held = conventions or read_conventions(item.given["convention"])[0]
    rate, negative = values.get("rate", 0.0), "rate" in item.overrule
    if lines.unfold == "life":
        life = read_life_table(given, where=Spot(name))
        table = life.years_of(held, rate, negative=negative)
        alive = life.levels(held.level_at).sum(axis=2)
        return {
            "alive": alive.reshape(-1, 1),
            "factor": np.tile(_tall(table.factors), (len(alive), 1)),
        }
    changed = {
        key.partition(".")[2]: column for key, column in drawn.items() if key.startswith(f"{name}.")
    }
    side: Literal["loss", "gain"] = "gain" if lines.unfold == "gain" else "loss"
    path = read_path({**given, **changed}, where=Spot(name), side=side)
    table = year_table(path, held, rate, negative=negative, kept=kept)
    return {"level": _tall(table.levels), "factor": _tall(table.factors)}


def _tall(rows: Array) -> Array:
    """Return *rows* with the draws, or one column for all of them, along the second axis."""
    return rows if rows.ndim > 1 else rows[:, None]


def _made(item: Item) -> dict[tuple[str, int], tuple[str, Item]]:
    """Return the parts of *item* by the term and the line that each computed, and that line's name.

    Parts come in the order of the terms and their lines; a line that was given as a number has none.
    """
    queue, found = list(item.parts), {}
    for used in item.inputs:
        if not used.term.method:
            continue
        for place, name in enumerate(_names(item, used)):
            for part in queue:
                if part.card.id in used.term.method:
                    own = used.values[place]
                    if abs(part.exact * _scale(used, place, part) - own) <= 1e-9 * abs(own):
                        queue.remove(part)
                        prefix, _, _ = name.rpartition(".")
                        found[used.term.name, place] = (f"{prefix}." if prefix else "", part)
                    break
    return found


def _scale(used: Used, place: int, part: Item) -> float:
    to = used.units[place]
    return factor(unit(part.unit), unit("" if to == "%" else to))


def _is_path(item: Item) -> bool:
    """Tell whether the lines of *item* are the years of a path."""
    lines = item.card.lines
    return lines is not None and lines.unfold in ("loss", "gain") and lines.name in item.chosen


def _names(item: Item, used: Used) -> list[str]:
    """Return what each value of a term is named by: the term, and the line where there are several."""
    name, count = used.term.name, len(used.values)
    if count == 1:
        return [name]
    said = [item.lines[at].get("name", "") if at < len(item.lines) else "" for at in range(count)]
    return [f"{line or f'第 {at + 1} 项'}.{name}" for at, line in enumerate(said)]


def _shared(part: Item) -> set[str]:
    """Return the names that all parts share: the settings, like the discount rate."""
    return {term.name for term in part.card.settings} | {
        name for inner in part.parts for name in _shared(inner)
    }


def _all(item: Item) -> list[Item]:
    return [item, *(inner for part in item.parts for inner in _all(part))]


def _keys(term: Term) -> set[str]:
    return set(term.lookup.keys.values()) if term.lookup is not None else set()


def _checked(item: Item, used: Used, column: Array) -> Array:
    """Return *column* if each of its values is one that the term can have."""
    term = used.term
    faults = [
        (term.sign == "positive" and not term.calendar, column > 0, "应大于零"),
        (term.sign == "nonnegative", column >= 0, "不能为负"),
        (term.share, column <= 1, "应为 0 到 1 之间的比例"),
        (term.most is not None, column <= (term.most or 0), f"不能大于 {term.most}"),
        (term.whole or term.calendar, column == np.floor(column), "应为整数"),
    ]
    for asked, good, words in faults:
        if asked and not good.all():
            raise InputError(
                f"抽样值{words}",
                where=f"{item.card.id} {term.name}",
                got=f"{column[~good][0]:.6g}（本批 {len(column)} 次中 {np.sum(~good)} 次）",
                hint="请改用有界的分布。",
            )
    bounds = term.range
    if bounds is None or bounds.table or term.name in item.overrule:
        return column
    low = -np.inf if bounds.low is None else bounds.low
    high = np.inf if bounds.high is None else bounds.high
    outside = (column < low - 1e-12) | (column > high + 1e-12)
    if outside.any():
        raise OutOfScope(
            f"抽样值超出{bounds.cited}的取值范围 {low:g}–{high:g}",
            where=f"{item.card.id} {term.name}",
            got=f"{column[outside][0]:.6g}",
            hint=f"请截断分布，或在计算该项时以 overrule 的 {term.name} 说明理由。",
        )
    return column
