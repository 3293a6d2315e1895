"""An item valued again for columns of drawn inputs, by the formulas that the item was valued by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import numpy as np

from ..errors import InputError, OutOfScope, Spot, nearest
from ..formula.evaluate import evaluate
from ..rules.cards import Range
from ..rules.tables import table
from ..units import factor, unit
from .conventions import Conventions
from .demands import demands
from .described import read_path
from .item import Item, Used
from .lifetable import read_life_table
from .lines import called
from .paths import Array
from .profiles import read_conventions
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
    size, plan = len(next(iter(drawn.values()))), _Plan(item)
    block = max(64, _BLOCK // plan.rows)
    result = np.empty(size)
    for first in range(0, size, block):
        piece = {name: column[first : first + block] for name, column in drawn.items()}
        result[first : first + block] = plan.value(piece, {})
    if not np.isfinite(result).all():
        place = int(np.flatnonzero(~np.isfinite(result))[0])
        got = "，".join(f"{name} = {column[place]:.6g}" for name, column in drawn.items())
        raise InputError(f"第 {place + 1} 次抽样的结果不是有限的数", where=item.card.id, got=got)
    return result


def reread(item: Item, others: Iterable[Conventions]) -> Iterator[tuple[Conventions, float]]:
    """Yield the result of *item* by each of *others*, where they can read its paths."""
    plan = _Plan(item)
    for conventions in others:
        try:
            result = float(np.ravel(plan.value({}, {}, conventions))[0])
        except InputError:
            continue
        # A gain that is read as nothing has no project.
        if np.isfinite(result):
            yield conventions, result


class _Plan:
    """What it takes to value an item again: put together once, carried out for each block."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.names = {used.term.name: _names(item, used) for used in item.inputs}
        self.made = {
            (used.term.name, place): (prefix, _shared(part), _Plan(part), _scale(used, place, part))
            for used in item.inputs
            for place, (prefix, part) in _made_of(item, used.term.name)
        }
        lines = item.card.lines
        self.unfold = lines.unfold if lines is not None and lines.name in item.chosen else ""
        self.conventions = read_conventions(item.given["convention"])[0] if self.unfold else None
        self.rows: int = max(
            [len(used.values) for used in item.inputs]
            + [part.rows for _, _, part, _ in self.made.values()]
        )

    def value(
        self, drawn: Mapping[str, Array], kept: Kept, conventions: Conventions | None = None
    ) -> Array:
        """Return the result for the *drawn* inputs, or by other *conventions*, or both."""
        item, values = self.item, dict[str, Any]()
        for used in item.inputs:
            name, lined = used.term.name, used.term.lines
            if set(drawn) & _keys(used):
                raise InputError(
                    "查表所用的输入项不能抽样",
                    where=f"{item.card.id} {name}",
                    hint="请直接抽样查得的系数。",
                )
            if self.unfold and lined:
                continue
            listed: list[Any] = []
            for place, key in enumerate(self.names[name]):
                if (name, place) in self.made:
                    prefix, shared, part, scale = self.made[name, place]
                    own = {
                        each.removeprefix(prefix): column
                        for each, column in drawn.items()
                        if each.startswith(prefix) or each in shared
                    }
                    listed.append(part.value(own, kept, conventions) * scale)
                elif key in drawn:
                    listed.append(_checked(item, used, drawn[key]))
                else:
                    listed.append(used.values[place])
            values[name] = (
                np.stack(np.broadcast_arrays(*map(np.atleast_1d, listed))) if lined else listed[0]
            )
        if self.unfold:
            values |= self.unfolded(values, drawn, kept, conventions or self.conventions)
        if drawn:
            _check_order(item, values)
        formula = item.method.formula
        result, _ = evaluate(formula.root, {name: values[name] for name in formula.operands})
        return np.asarray(result)

    def unfolded(
        self,
        values: Mapping[str, Any],
        drawn: Mapping[str, Array],
        kept: Kept,
        held: Conventions | None,
    ) -> dict[str, Any]:
        """Return the rows of the path, or of the life table, with their drawn parameters."""
        item, lines = self.item, self.item.card.lines
        assert lines is not None and held is not None
        name, given = lines.name, item.given[lines.name]
        rate, negative = values.get("rate", 0.0), "rate" in item.overrule
        if self.unfold == "life":
            life = read_life_table(given, where=Spot(name))
            table = life.years_of(held, rate, negative=negative)
            alive = life.levels(held.level_at).sum(axis=2)
            return {
                "alive": alive.reshape(-1, 1),
                "factor": np.tile(_tall(table.factors), (len(alive), 1)),
            }
        changed = {
            key.partition(".")[2]: column
            for key, column in drawn.items()
            if key.startswith(f"{name}.")
        }
        side: Literal["loss", "gain"] = "gain" if self.unfold == "gain" else "loss"
        path = read_path({**given, **changed}, where=Spot(name), side=side)
        table = year_table(path, held, rate, negative=negative, kept=kept)
        return {"level": _tall(table.levels), "factor": _tall(table.factors)}


def _tall(rows: Array) -> Array:
    """Return *rows* with the draws, or one column for all of them, along the second axis."""
    return rows if rows.ndim > 1 else rows[:, None]


def _made(item: Item) -> dict[tuple[str, int], tuple[str, Item]]:
    """Return the parts of *item* by the term and the line that each computed, and that line's name."""
    names = {used.term.name: _names(item, used) for used in item.inputs}
    found = {}
    for (term, place), part in item.computed.items():
        prefix, _, _ = names[term][place].rpartition(".")
        found[term, place] = (f"{prefix}." if prefix else "", part)
    return found


def _made_of(item: Item, term: str) -> list[tuple[int, tuple[str, Item]]]:
    """Return the parts that computed *term*, each with its line."""
    return [(place, found) for (name, place), found in _made(item).items() if name == term]


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
    return [f"{called(item.lines, at)}.{name}" for at in range(count)]


def _shared(part: Item) -> set[str]:
    """Return the names that all parts share: the settings, like the discount rate."""
    return {term.name for term in part.card.settings} | {
        name for inner in part.parts for name in _shared(inner)
    }


def _keys(used: Used) -> set[str]:
    """Return what the value of *used*, or its range, is looked up by."""
    term = used.term
    keys = set(term.lookup.keys.values()) if used.origin == "table" and term.lookup else set()
    return keys | (set(term.range.keys.values()) if term.range is not None else set())


# The end of a distribution is a sum of floats and may miss the limit that was meant by its last bit.
_NOISE = 1e-12


def _checked(item: Item, used: Used, column: Array) -> Array:
    """Return *column* if each of its values is one that the term can have."""
    term = used.term
    for good, words in demands(term, column):
        if not np.all(good):
            raise InputError(
                f"抽样值{words}",
                where=f"{item.card.id} {term.name}",
                got=f"{column[~good][0]:.6g}（本批 {len(column)} 次中 {np.sum(~good)} 次）",
                hint="请改用有界的分布。",
            )
    if term.range is None or term.name in item.overrule:
        return column
    low, high, above = _limits(item, term.range)
    outside = (column < low - _NOISE) | (column > high + _NOISE) | (column <= above)
    if outside.any():
        raise OutOfScope(
            f"抽样值超出{term.range.cited}的取值范围 {max(low, above):g}–{high:g}",
            where=f"{item.card.id} {term.name}",
            got=f"{column[outside][0]:.6g}",
            hint=f"请截断分布，或在计算该项时以 overrule 的 {term.name} 说明理由。",
        )
    return column


def _limits(item: Item, allowed: Range) -> tuple[float, float, float]:
    """Return the lowest, the highest and the excluded lower limit, by the row the item took."""
    low, high, above = allowed.low, allowed.high, None
    if allowed.table:
        classes, band = {}, None
        for column, key in allowed.keys.items():
            if key.startswith("="):
                classes[column] = key[1:]
            elif key in item.choices:
                classes[column] = item.choices[key]
            else:
                band = item.used(key).values[0]
        row = table(allowed.table).row(classes, band)
        low, high, above = (
            row.number(column) if column else None
            for column in (allowed.low_column, allowed.high_column, allowed.above_column)
        )
    return (
        -np.inf if low is None else low,
        np.inf if high is None else high,
        -np.inf if above is None else above,
    )


def _check_order(item: Item, values: Mapping[str, Any]) -> None:
    """Make sure that no drawn year or number comes before the one it must not come before."""
    for used in item.inputs:
        term = used.term
        if term.not_before and term.name in values:
            late = np.asarray(values[term.name]) >= np.asarray(values[term.not_before])
            if not np.all(late):
                raise InputError(
                    f"抽样值小于{item.used(term.not_before).term.title}",
                    where=f"{item.card.id} {term.name}",
                    hint="请改用不重叠的分布。",
                )
