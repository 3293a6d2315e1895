"""Value a block of rows; a row that will not do is marked, and the others go on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..errors import EcovalError, OutOfScope, ParameterNotFound, nearest
from ..rules.cards import HEADS
from ..units import display
from ..valuation import Method, methods
from ..valuation.evidence import Basis
from ..valuation.keyed import Array, Cells, Codes, RowsGiven, combined, ordinals
from ..valuation.lookups import computable
from ..valuation.rows import Rows, further_faults, value_rows
from .books import Block
from .faults import Fault
from .fields import DAY, METHOD
from .gathering import Gathered, Settings, gather
from .layout import Layout, SheetPlan
from .texts import Texts

DONE, FAULTY, EXAMPLE, SKIPPED = "正常", "有误", "示例", "未计算"


@dataclass
class Outcome:
    """The results of a block, row by row; ``fens`` and ``exact`` count only where it is ``DONE``.

    ``on`` counts the days as `datetime.date.toordinal` does.
    """

    rows: Codes
    status: Texts
    fens: Codes
    is_money: Any
    exact: Array
    unit: Texts
    steps: dict[str, Array]
    method: Texts
    rule: Texts
    standing: Texts
    fingerprint: Any
    findings: Texts
    head: Texts
    place: Texts
    on: Codes
    values: dict[str, Array] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: dict[tuple[int, str, str], tuple[int, int]] = field(default_factory=dict)
    used: dict[tuple[str, ...], int] = field(default_factory=dict)

    @classmethod
    def blank(cls, rows: Codes, steps: tuple[str, ...]) -> Outcome:
        """Return the outcome of *rows* of which nothing is known yet."""
        count = len(rows)
        texts = [Texts.same("", count) for _ in range(7)]
        return cls(
            rows, Texts.same(SKIPPED, count), np.zeros(count, dtype=np.int64),
            np.zeros(count, dtype=bool), np.full(count, np.nan), texts[0],
            {name: np.full(count, np.nan) for name in steps}, texts[1], texts[2], texts[3],
            np.zeros(count, dtype="S12"), texts[4], texts[5], texts[6],
            np.zeros(count, dtype=np.int64),
        )  # fmt: skip


def value_block(
    plan: SheetPlan, block: Block, settings: Settings, *, textual: bool = False
) -> Outcome:
    """Return the results of *block* of the sheet of *plan*."""
    steps = step_names(plan)
    made = Outcome.blank(block.rows, steps)
    for name in term_names(plan):
        made.values[name] = np.full(len(block), np.nan)
    if plan.faults or not plan.is_valued:
        return made
    for method, rows in _by_method(plan, block, made):
        layout = plan.layout(method, place=settings.place, on=settings.on)
        if layout.faults:
            continue
        part = block if len(rows) == len(block) else _taken(block, rows)
        gathered = gather(
            layout, part, plan.sheet.name, plan.header_row, plan.sheet.is_1904, settings,
            textual=textual, width=max(
                (at + 1 for at, header in enumerate(plan.headers) if header.text), default=0
            ),
        )  # fmt: skip
        _value(plan, method, layout, gathered, part, rows, made)
    return made


def step_names(plan: SheetPlan) -> tuple[str, ...]:
    """Return the steps that have a column of their own: those of the one method of the sheet."""
    return tuple(step.name for step in plan.method.card.steps) if plan.method else ()


def term_names(plan: SheetPlan) -> tuple[str, ...]:
    """Return the terms whose values as used are kept: those of the one method of the sheet."""
    return tuple(term.name for term in plan.method.card.terms) if plan.method else ()


def _by_method(plan: SheetPlan, block: Block, made: Outcome) -> Iterator[tuple[Method, Codes]]:
    if plan.method is not None:
        yield plan.method, np.arange(len(block))
        return
    column = next(at for at, header in enumerate(plan.headers) if header.name == "方法")
    named = ["" if cell is None else str(cell).strip() for cell in block.cells(column)]
    every = methods()
    titled = {known.card.title: id for id, known in every.items()}
    ids = [titled.get(name, name) for name in named]
    for row, id in enumerate(ids):
        if id not in every or every[id].formula.has_lines:
            made.status[row] = FAULTY
            what = "没有这个方法" if id else "缺少方法"
            hint = nearest(id, every) or "方法编号见 ecoval methods。"
            if id in every:
                what = f"{every[id].card.title}逐项列出各行，不能一行算一项"
                hint = f"请写成案件文件：ecoval new quick 生成样本，输入项见 ecoval show {id}。"
            made.faults.append(
                Fault(plan.sheet.name, int(block.rows[row]), column, METHOD, what, id, hint)
            )
    for id in dict.fromkeys(ids):
        if id in every and not every[id].formula.has_lines:
            yield every[id], np.array([row for row, each in enumerate(ids) if each == id])


def _taken(block: Block, rows: Codes) -> Block:
    import pyarrow as pa

    index, place = pa.array(rows), {int(row): at for at, row in enumerate(rows)}
    columns = [
        [column[row] for row in rows] if isinstance(column, list) else column.take(index)
        for column in block.columns
    ]
    errors = {(place[row], at): said for (row, at), said in block.errors.items() if row in place}
    percents = {(place[row], at) for row, at in block.percents if row in place}
    return Block(block.rows[rows], columns, errors, percents)


def _value(
    plan: SheetPlan, method: Method, layout: Layout, gathered: Gathered, block: Block, rows: Codes,
    made: Outcome,
) -> None:  # fmt: skip
    made.faults += gathered.faults
    for key, (earliest, count) in gathered.notes.items():
        known, before = made.notes.get(key, (earliest, 0))
        made.notes[key] = (min(known, earliest), before + count)
    for fault in gathered.header_faults:
        if fault not in plan.faults:
            made.faults.append(fault)
    for row in gathered.bad:
        made.status[rows[row]] = FAULTY
    for row in np.flatnonzero(gathered.examples).tolist():
        made.status[rows[row]] = EXAMPLE
    skip = gathered.examples.copy()
    skip[list(gathered.bad)] = True
    units = [cleaned.units.codes for cleaned in gathered.numbers.values()]
    kinds, first = combined([skip.astype(np.int64), *units], gathered.rows)
    spare: tuple[dict[str, Any], Any, Any] | None = None
    wrong: list[tuple[int, RowsGiven, int, tuple[EcovalError, ...]]] = []
    for kind, start in enumerate(first):
        if skip[start]:
            continue
        given, own = _given(gathered, int(start)), np.flatnonzero(kinds == kind)
        whole = len(own) == gathered.rows
        if not whole:
            given = given.take(own)
        overrules = {
            place: gathered.overrules[row]
            for place, row in (enumerate(own.tolist()) if gathered.overrules else ())
            if row in gathered.overrules
        }
        result = value_rows(method, given, overrules=overrules)
        _put(made, method, result, rows[own], gathered, own)
        wrong += [(int(own[row]), given, row, errors) for row, errors in result.faults.items()]
        good = np.flatnonzero(result.basis >= 0)
        if spare is None and len(good):
            row = int(good[0])
            spare = given.row(row), given.days.at(row), given.places.at(row)
    for row, _, _, errors in sorted(wrong, key=lambda each: each[0]):
        made.status[rows[row]] = FAULTY
        _blame(plan, layout, made, int(block.rows[row]), errors)
    for row, names in sorted(gathered.bad.items()):
        if row in gathered.odd:
            continue
        _probe(plan, layout, gathered, block, row, names, spare, made)


def _given(gathered: Gathered, row: int) -> RowsGiven:
    """Return what the rows give, in the units that *row* has."""
    numbers = {
        name: Cells(cleaned.numbers, cleaned.units.at(row) or "", cleaned.blank)
        for name, cleaned in gathered.numbers.items()
    }
    return RowsGiven(numbers, gathered.texts, gathered.days, gathered.places)


def _probe(
    plan: SheetPlan, layout: Layout, gathered: Gathered, block: Block, row: int, names: set[str],
    spare: tuple[dict[str, Any], Any, Any] | None, made: Outcome,
) -> None:  # fmt: skip
    """Find what else is wrong with a row of which the cells *names* could not even be read."""
    if spare is None:
        return
    terms_of, day, where = spare
    on, place = gathered.days.at(row) or day, gathered.places.at(row) or where
    terms = {name for name in names if name in gathered.numbers or name in gathered.texts}
    given = _given(gathered, row).row(row)
    if not terms:
        try:
            layout.method.value(given, on=on, place=place, overrule=gathered.overrules.get(row))
        except EcovalError as error:
            _blame(plan, layout, made, int(block.rows[row]), (error,))
        return
    more = further_faults(
        layout.method, given, terms, terms_of, on=on, place=place,
        overrule=gathered.overrules.get(row, {}),
    )  # fmt: skip
    _blame(plan, layout, made, int(block.rows[row]), more)


def _blame(plan: SheetPlan, layout: Layout, made: Outcome, number: int, errors: Any) -> None:
    """Name the cell of each error: the term's, the day's where no rule is known, else the row."""
    for error in errors:
        name = str(error.path[0]) if error.path else ""
        found = layout.found.get(_class_of(layout, name, error)) or layout.found.get(name)
        if found is None and isinstance(error, (OutOfScope, ParameterNotFound)) and not error.path:
            found = layout.found.get(DAY)
        column = found.column if found is not None else -1
        header = found.header.text if found is not None else ""
        fault = Fault.of(error, plan.sheet.name, number, column, header)
        made.faults.append(replace(fault, hint=_OVERRULE.sub(_in_column(layout), fault.hint)))


def _class_of(layout: Layout, name: str, error: EcovalError) -> str:
    """Return the choice that the term *name* was looked up by, where it is the one at fault."""
    cards = [layout.method.card, *(part.card for part in computable(layout.method.card).values())]
    terms = [term for card in cards for term in card.terms if term.name == name]
    keys: dict[str, str] = {}
    for rule in (rule for term in terms for rule in (term.lookup, term.range) if rule is not None):
        keys |= dict(rule.keys)
    fitting = [key for column, key in keys.items() if f"（{column}）不在" in error.what]
    return next((key for key in fitting if key in layout.found), "")


_OVERRULE = re.compile(r"以 overrule 的 (\w+) 说明理由")


def _in_column(layout: Layout) -> Callable[[re.Match[str]], str]:
    titles = layout.method.card.titles | {"dates": "日期"}
    return lambda found: f"在“推翻理由”列写“{titles.get(found[1], found[1])}：理由”"


def _put(
    made: Outcome, method: Method, result: Rows, rows: Codes, gathered: Gathered, own: Codes
) -> None:
    """Take the results of some rows over into the outcome of the block."""
    card, done = method.card, result.basis >= 0
    at: Any = slice(None) if len(rows) == len(made.rows) else rows
    texts = [_Texts.of(basis) for basis in result.bases]
    made.exact[at] = result.exact
    made.fens[at] = result.fens
    made.is_money[at] = card.is_money
    for name in made.values:
        if name in result.values:
            made.values[name][at] = result.values[name]
    for name in made.steps:
        if name in result.steps:
            made.steps[name][at] = result.steps[name]
    made.method[at] = card.id
    made.status[at if done.all() else rows[done]] = DONE
    made.fingerprint[at] = result.fingerprints
    for name in ("unit", "rule", "standing", "findings"):
        getattr(made, name).put(at, result.basis, [getattr(said, name) for said in texts])
    heads = [HEADS[each] for each in gathered.heads.distinct]  # type: ignore[index]
    places = [each.name for each in gathered.places.distinct]
    made.on[at] = ordinals(gathered.days)[gathered.days.codes[own]]
    texts_of = (
        (made.head, heads, gathered.heads),
        (made.place, places, gathered.places),
    )
    for into, known, keys in texts_of:
        into.put(at, keys.codes[own], known)
    counts = np.bincount(result.basis[result.basis >= 0], minlength=len(texts))
    for said, count in zip(texts, counts.tolist(), strict=True):
        for key in said.used:
            made.used[key] = made.used.get(key, 0) + count


@dataclass(frozen=True)
class _Texts:
    """What is printed of a basis, written once for all its rows."""

    unit: str
    rule: str
    standing: str
    findings: str
    used: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, basis: Basis) -> _Texts:
        from ..rules.sources import STANDINGS, source

        item = basis.item
        used = [
            (item.card.id, "公式", item.method.digest, "", item.card.standard, item.card.clause,
             STANDINGS[item.card.standing], item.card.title)
        ]  # fmt: skip
        for each in basis.looked_up:
            known = next((row for row in item.parameters if row.name == each.term.parameter), None)
            where = f"{known.place.name} {known.found.span}" if known is not None else ""
            used.append(
                (item.card.id, f"{each.term.symbol} {each.term.title}", each.text, where,
                 each.source, each.clause, STANDINGS[each.standing] if each.standing else "", each.note)
            )  # fmt: skip
        assert source(item.card.standard)
        said = "；".join(dict.fromkeys(str(finding) for finding in basis.findings))
        return cls(display(item.unit), basis.rule, basis.standing, said, tuple(used))
