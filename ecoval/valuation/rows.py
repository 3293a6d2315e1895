"""What a result rests on, as rows of a printed table: inputs, choices, lines."""

from __future__ import annotations

from dataclasses import dataclass

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

    The lines of *item* itself have a table of their own, those of its parts are rows.
    """
    rows = [row for part in item.parts for row in (*input_rows(part), *_part_lines(part))]
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


def _part_lines(part: Item) -> list[InputRow]:
    """Return the lines of a *part* as rows: one for each value, named for its line."""
    lined = [used for used in part.inputs if used.term.lines]
    rows = []
    for place in range(line_count(part)):
        texts = part.lines[place] if place < len(part.lines) else {}
        for used in lined:
            cell = used.cells[place] if place < len(used.cells) else None
            alone = len(used.values) == 1
            called = texts.get("name", "")
            name = f"（{called or place + 1}）" if not alone or called else ""
            note = "；".join(texts[key] for key in ("voucher", "note") if texts.get(key))
            behind = [each for each in (used.given, cell) if each is not None]
            left = texts.get("open", "") or next((each.open for each in behind if each.open), "")
            rows.append(
                InputRow(
                    used.term.symbol if alone else f"{used.term.symbol}_{place + 1}",
                    f"{used.term.title}{name}",
                    " ".join(used.written(place)).strip(),
                    _said(cell) if cell is not None and cell.texts else (note or basis(used)),
                    "待定" if left else "",
                    left,
                )
            )
    return rows


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
        cells = tuple(" ".join(used.written(place)).strip() for used in listed)
        said = [texts[key] for key in ("voucher", "note") if texts.get(key)]
        if texts.get("price_base"):
            said.append(f"价格基准 {texts['price_base']}")
        if texts.get("open"):
            said.append(f"待定：{texts['open']}")
        behind = (used.cells[place] for used in listed if place < len(used.cells))
        said += [_said(cell) for cell in behind if cell.texts]
        note = "；".join(said)
        rows.append(LineRow(place + 1, texts.get("name", ""), cells, note))
    return tuple(rows)


def line_count(item: Item) -> int:
    """Return how many lines the lists of *item* have."""
    return max((len(used.values) for used in item.inputs if used.term.lines), default=0)
