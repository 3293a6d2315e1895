"""What a result rests on, as rows of a printed table: inputs, choices, lines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..rules.sources import STANDINGS, source
from .inputs import Given
from .item import ORIGINS, Item, Used
from .summands import LineSum, YearSum, line_sums, year_sums

# So many years of a sum are listed in full; of more, the first and the last.
MOST_YEARS = 60


@dataclass(frozen=True)
class InputRow:
    """A term as a row of a printed table; *behind* is the choice or the term that it shows."""

    symbol: str
    title: str
    value: str
    basis: str
    standing: str
    open: str = ""
    behind: Given | Used | None = field(default=None, compare=False, repr=False)


def input_rows(item: Item) -> tuple[InputRow, ...]:
    """Return the choices and terms of *item* (and of its parts) as they are tabled.

    Their lines stand in tables of their own, see `sheets`.
    """
    rows = [row for part in item.parts for row in input_rows(part)]
    for name, chosen in item.chosen.items():
        standing = "待定" if chosen.open else ""
        rows.append(
            InputRow(
                "",
                item.card.titles[name],
                str(chosen.value),
                _said(chosen),
                standing,
                chosen.open,
                chosen,
            )
        )
    for used in item.inputs:
        if used.term.lines:
            continue
        standing = STANDINGS[used.standing] if used.standing else ""
        given_open = used.given.open if used.given is not None else ""
        if given_open:
            standing = "待定"
        rows.append(
            InputRow(
                used.term.symbol,
                used.term.title,
                used.text,
                basis(used),
                standing,
                given_open,
                used,
            )
        )
    # A rate or a convention that a part and the item share is one input.
    return tuple(dict.fromkeys(rows))


def basis(used: Used) -> str:
    """Return where a value comes from, as printed."""
    if used.origin == "table":
        return used.note
    if used.origin == "method":
        return f"按“{used.note}”计算"
    if used.origin == "parameter":
        return f"{source(used.source)} {used.clause}".strip()
    return _said(used.given) if used.given is not None else ORIGINS[used.origin]


def _said(given: Given) -> str:
    """Return what stands behind a given value, as printed."""
    parts = []
    page = f"第 {given.page} 页" if given.page else ""
    if given.evidence:
        parts.append(f"材料 {given.evidence} {page}".strip())
    elif page:
        parts.append(page)
    parts += [part for part in (given.note, given.open and f"待定：{given.open}") if part]
    return "；".join(parts) or ORIGINS["given"]


@dataclass(frozen=True)
class LineRow:
    """One line of a ledger as a row of a printed table."""

    place: int
    name: str
    cells: tuple[str, ...]
    note: str


def line_titles(item: Item) -> tuple[str, ...]:
    """Return the titles of the line terms of *item*, and of what each line adds to a sum."""
    own = (used.term.title for used in item.inputs if used.term.lines)
    return (*own, *(each.column.title for each in _line_sums(item)))


def line_rows(item: Item) -> tuple[LineRow, ...]:
    """Return the lines of *item* as they are tabled."""
    listed = [used for used in item.inputs if used.term.lines]
    if not listed:
        return ()
    rows, added = [], [each.column.printed for each in _line_sums(item)]
    for place in range(len(listed[0].values)):
        texts = item.lines[place] if place < len(item.lines) else {}
        cells = (
            *(_cell(item, used, place) for used in listed),
            *(column[place] for column in added),
        )
        said = [texts[key] for key in ("voucher", "note") if texts.get(key)]
        if texts.get("price_base"):
            said.append(f"价格基准 {texts['price_base']}")
        if texts.get("open"):
            said.append(f"待定：{texts['open']}")
        behind = (used.cells[place] for used in listed if place < len(used.cells))
        said += [_said(cell) for cell in behind if cell.texts]
        note = "；".join(dict.fromkeys(said))
        rows.append(LineRow(place + 1, texts.get("name", ""), cells, note))
    return tuple(rows)


def line_count(item: Item) -> int:
    """Return how many lines the lists of *item* have."""
    return max((len(used.values) for used in item.inputs if used.term.lines), default=0)


@dataclass(frozen=True)
class Sheet:
    """The lines or the years of an item, or of a part of it, as one table.

    ``notes`` are what is said under it, such as that its rows are rounded.
    """

    title: str
    titles: tuple[str, ...]
    rows: tuple[LineRow, ...]
    notes: tuple[str, ...] = ()


def sheets(item: Item) -> tuple[Sheet, ...]:
    """Return the tables of lines and of years of *item*, those of its parts first.

    Each has its title; only the item's own lines have none.
    """
    found = [
        sheet if sheet.title else replace(sheet, title=part.title or part.card.title)
        for part in item.parts
        for sheet in sheets(part)
    ]
    rows = line_rows(item)
    if rows:
        notes = tuple(note for each in _line_sums(item) for note in each.notes)
        found.append(Sheet("", line_titles(item), rows, notes))
    years = year_sums(item)
    return (*found, *(_year_sheet(item, each) for each in years if each.years))


def notes(item: Item) -> tuple[str, ...]:
    """Return what is said under the tables of *item* and its parts, with the table's title."""
    return tuple(
        f"{sheet.title}：{note}" if sheet.title else note
        for sheet in sheets(item)
        for note in sheet.notes
    )


def _line_sums(item: Item) -> tuple[LineSum, ...]:
    return line_sums(item) if line_count(item) else ()


def _year_sheet(item: Item, summed: YearSum) -> Sheet:
    """Return the table of a sum over years; of many years the first and the last."""
    count = len(summed.years)
    columns = [*summed.factors, summed.column]
    printed = [each.printed for each in columns]
    places = list(range(count))
    said = summed.notes
    if count > MOST_YEARS:
        places = [*places[: MOST_YEARS // 2], *places[-(MOST_YEARS // 2) :]]
        said = (f"共 {count} 年，只列首尾各 {MOST_YEARS // 2} 年；合计含全部各年。", *said)
    rows = tuple(
        LineRow(place + 1, summed.name(place), tuple(column[place] for column in printed), "")
        for place in places
    )
    title = f"{item.title or item.card.title}，逐年计算"
    return Sheet(title, tuple(each.title for each in columns), rows, said)


def written(item: Item, used: Used, place: int = 0) -> tuple[str, str, bool]:
    """Return number and unit of a value of *item* as printed, and whether no digit was cut.

    What another method computed, or a path unfolded to, is cut to six decimals; what was given is not.
    """
    if _is_unfolded(item, used) or (used.term.name, place) in item.computed:
        return used.cut(place)
    return *used.written(place), not used.is_cut(place)


def _is_unfolded(item: Item, used: Used) -> bool:
    lines = item.card.lines
    return bool(lines and lines.unfold and lines.name in item.chosen and used.term.lines)


def _cell(item: Item, used: Used, place: int) -> str:
    """Return a value of a line as it is tabled, with ≈ before it where digits were cut.

    The rows that a path unfolded to are all cut alike, and say nothing of it.
    """
    number, of, whole = written(item, used, place)
    about = "" if whole or _is_unfolded(item, used) else "≈ "
    return about + f"{number} {of}".strip()
