"""``methods`` and ``show``: what there is to choose from, and all that is known of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .app import app
from .chinese import ChineseCommand

if TYPE_CHECKING:
    from ..rules.cards import Card


@app.command(
    cls=ChineseCommand, help="列出方法；可按赔偿科目、环境介质、日期、地点筛选，或写出说明页。"
)
def methods(
    head: Annotated[
        str, typer.Option(metavar="科目", help="赔偿科目的编号或名称，如 interim、期间损失。")
    ] = "",
    medium: Annotated[
        str, typer.Option(metavar="介质", help="环境介质的编号或名称，如 water、地表水。")
    ] = "",
    on: Annotated[str, typer.Option("--on", metavar="日期", help="只列该日适用的方法。")] = "",
    place: Annotated[str, typer.Option("--in", metavar="地点", help="只列该地适用的方法。")] = "",
    pages: Annotated[
        Path | None, typer.Option(metavar="文件夹", help="把每个方法的说明页和索引写到文件夹。")
    ] = None,
) -> None:
    """List the methods that there are, or write their pages."""
    from ..errors import EcovalError
    from ..rules.heads import heads_named
    from ..rules.jurisdictions import as_place
    from ..rules.media import media_named
    from ..valuation import methods as every
    from ..valuation.definition import as_day

    cards = {id: found.card for id, found in every().items()}
    try:
        wanted = heads_named(head) if head else ()
    except EcovalError as error:
        raise error.at("--head") from None
    try:
        media = media_named(medium, known=_media(cards)) if medium else ()
    except EcovalError as error:
        raise error.at("--medium") from None
    if pages is not None:
        if head or medium or on or place:
            raise typer.BadParameter("说明页不分科目与介质，不能与筛选并用", param_hint="--pages")
        from ..report.method_pages import write_pages

        written = write_pages(pages)
        typer.echo(f"已写 {pages}：{len(written)} 页")
        return
    day, at = as_day(on) if on else None, as_place(place) if place else None
    kept = [
        card
        for card in cards.values()
        if (not wanted or set(wanted) & set(card.heads))
        and (day is None or card.holds_on(day))
        and (at is None or card.holds_at(at))
    ]
    if not media:
        _print(kept, "")
        return
    own = [card for card in kept if card.medium in media]
    _print(own, f"{medium} 的方法")
    # Without a head, what serves any medium is everything else that has none.
    _print([card for card in kept if not card.medium], "不限介质的方法")


def _media(cards: dict[str, Card]) -> set[str]:
    return {card.medium for card in cards.values()}


def _print(cards: list[Card], title: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from ..rules.sources import STANDINGS, source

    console = Console()
    if not cards:
        console.print(f"{title}：没有符合条件的" if title else "没有符合条件的方法")
        return
    listed = Table(title=title, title_justify="left", box=None, padding=(0, 1, 0, 0))
    listed.add_column("编号", no_wrap=True)
    for column in ("名称", "标准"):
        listed.add_column(column, overflow="fold")
    # Codes are copied: a narrow terminal breaks the line between them, not within one.
    longest = max((len(head) for card in cards for head in card.heads), default=0)
    listed.add_column("科目", overflow="fold", min_width=longest)
    listed.add_column("可信度", overflow="fold", min_width=len("可信度") * 2)
    for card in cards:
        heads = " ".join(card.heads) or ("（财产价值）" if card.is_money else "（系数）")
        standard = source(card.standard).short
        listed.add_row(card.id, card.title, standard, heads, STANDINGS[card.standing])
    console.print(listed)


@app.command(cls=ChineseCommand, help="显示一个方法、一张表或一个参数：公式、取值、条件、出处。")
def show(
    id: Annotated[str, typer.Argument(metavar="编号", help="方法、表或规则参数的编号。")],
    as_table: Annotated[
        bool, typer.Option("--table", help="显示这个编号的表，而不是同名的方法。")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象。")] = False,
) -> None:
    """Show one method, table or parameter with its sources."""
    from ..rules.tables import table
    from ..valuation.showing import method_text, parameter_text, table_text

    found: tuple[str, Any] = ("table", table(id)) if as_table else _found(id)
    kind, held = found
    if as_json:
        import json
        import sys

        narrow = "utf" not in (sys.stdout.encoding or "").lower()
        typer.echo(json.dumps(_as_object(kind, held), ensure_ascii=narrow, indent=2))
    elif kind == "method":
        from ..valuation.description import describe

        typer.echo(method_text(describe(held)))
    elif kind == "table":
        typer.echo(table_text(held))
    else:
        typer.echo(parameter_text(id, held))


def _found(id: str) -> tuple[str, Any]:
    """Return what *id* names, and what kind of thing it is."""
    from ..errors import InputError, nearest
    from ..rules.parameters import parameter, topics
    from ..rules.tables import table, table_ids
    from ..valuation import methods as every

    known, parameters = every(), [name for names in topics().values() for name in names]
    if id in known:
        return "method", known[id]
    if id in table_ids():
        return "table", table(id)
    if id in parameters:
        return "parameter", parameter(id)
    hint = nearest(id, [*known, *table_ids(), *parameters])
    raise InputError(f"没有方法 {id}，也没有这个表或参数", hint=hint or "方法见 ecoval methods。")


def _as_object(kind: str, held: Any) -> dict[str, Any]:
    from ..valuation.description import describe, table_facts

    if kind == "method":
        return describe(held)
    if kind == "table":
        return {**table_facts(held.id), "cells": [row.as_dict() for row in held.rows]}
    shown: dict[str, Any] = held.model_dump(mode="json")
    return shown
