"""What a result rests on, as rows of a printed table: inputs, choices, lines."""

from __future__ import annotations

from dataclasses import dataclass

from ..numerals import shortened
from ..rules.sources import STANDINGS, source
from .inputs import Given
from .item import ORIGINS, Item, Used


@dataclass(frozen=True)
class InputRow:
    """A term as a row of a printed table."""

    symbol: str
    title: str
    value: str
    basis: str
    standing: str
    open: str = ""


def input_rows(item: Item) -> tuple[InputRow, ...]:
    """Return the choices and terms of *item* (and of its parts) as they are tabled.

    Their lines stand in tables of their own, see `sheets`.
    """
    rows = [row for part in item.parts for row in input_rows(part)]
    for name, chosen in item.chosen.items():
        standing = "待定" if chosen.open else ""
        rows.append(
            InputRow(
                "", item.card.titles[name], str(chosen.value), _said(chosen), standing, chosen.open
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
                used.term.symbol, used.term.title, used.text, basis(used), standing, given_open
            )
        )
    return tuple(rows)


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
    """Return the titles of the line terms of *item*."""
    return tuple(used.term.title for used in item.inputs if used.term.lines)


def line_rows(item: Item) -> tuple[LineRow, ...]:
    """Return the lines of *item* as they are tabled."""
    listed = [used for used in item.inputs if used.term.lines]
    if not listed:
        return ()
    rows = []
    for place in range(len(listed[0].values)):
        texts = item.lines[place] if place < len(item.lines) else {}
        cells = tuple(_cell(item, used, place) for used in listed)
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
    """The lines of an item, or of a part of it, as one table."""

    title: str
    titles: tuple[str, ...]
    rows: tuple[LineRow, ...]


def sheets(item: Item) -> tuple[Sheet, ...]:
    """Return the tables of lines of *item*, those of its parts first, each with its title."""
    found = [
        sheet if sheet.title else Sheet(part.title or part.card.title, sheet.titles, sheet.rows)
        for part in item.parts
        for sheet in sheets(part)
    ]
    rows = line_rows(item)
    return (*found, *((Sheet("", line_titles(item), rows),) if rows else ()))


def _cell(item: Item, used: Used, place: int) -> str:
    """Return a value of a line as it is tabled; one that a path unfolded to is cut to six digits."""
    lines = item.card.lines
    number, of = used.written(place)
    if lines is not None and lines.unfold and lines.name in item.chosen:
        number = shortened(used.values[place])[0]
    return f"{number} {of}".strip()
