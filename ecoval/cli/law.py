"""``rules``: what holds there and then, and where it comes from."""

from __future__ import annotations

from typing import Annotated

import typer

from .app import app
from .chinese import ChineseCommand


@app.command(cls=ChineseCommand, help="列出某地某日有效的规则与参数，由近及远。")
def rules(
    place: Annotated[str, typer.Option("--in", metavar="地点", help="行政区划代码或名称。")],
    on: Annotated[str, typer.Option("--on", metavar="日期", help="哪一天，如 2024-06-01。")],
    topic: Annotated[str, typer.Argument(metavar="主题", help="主题或参数名；不写则全部。")] = "",
) -> None:
    """Print the rules in force at a place on a day."""
    from ..errors import InputError, nearest
    from ..rules.jurisdictions import as_place
    from ..rules.parameters import all_in_force, parameter, topics
    from ..rules.sources import STANDINGS
    from ..valuation.definition import as_day

    at, day = as_place(place), as_day(on)
    by_topic = topics()
    every = [name for names in by_topic.values() for name in names]
    if topic in by_topic:
        names = list(by_topic[topic])
    elif topic in every or not topic:
        names = [topic] if topic else every
    else:
        hint = nearest(topic, [*by_topic, *every]) or f"主题：{'、'.join(by_topic)}。"
        raise InputError("没有这个主题或参数", where="rules", got=topic, hint=hint)
    typer.echo(f"{at}　{day}")
    missing = []
    for name in names:
        found = all_in_force(name, on=day, jurisdiction=at)
        for rule in found:
            found_in = rule.found
            typer.echo(f"\n{rule.parameter.title}（{name}）：{rule.text}")
            typer.echo(f"    {rule.place.name}　{found_in.span}　{STANDINGS[found_in.standing]}")
            typer.echo(f"    {rule.citation}")
            if found_in.note:
                typer.echo(f"    {found_in.note}")
        if not found:
            missing.append(f"{parameter(name).title}（{name}）")
    if missing:
        typer.echo(f"\n未见规定：{'、'.join(missing)}")
