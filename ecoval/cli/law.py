"""``rules``: what holds there and then, where it comes from, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .app import app
from .chinese import ChineseCommand

if TYPE_CHECKING:
    from datetime import date

    from ..rules.cards import Card
    from ..rules.jurisdictions import Place
    from ..rules.parameters import InForce


@app.command(
    cls=ChineseCommand, help="列出某地某日有效的规则与参数，由近及远；或者两日之间的变化。"
)
def rules(
    topic: Annotated[str, typer.Argument(metavar="主题", help="主题或参数名；不写则全部。")] = "",
    place: Annotated[
        str, typer.Option("--in", metavar="地点", help="行政区划代码或名称；不写则各地。")
    ] = "",
    on: Annotated[
        str, typer.Option("--on", metavar="日期", help="哪一天，如 2024-06-01；不写则历次。")
    ] = "",
    diff: Annotated[
        tuple[str, str] | None,
        typer.Option("--as-of-diff", metavar="日期 日期", help="两日之间新增、失效、变更的规则。"),
    ] = None,
) -> None:
    """Print the rules in force at a place on a day, all there are, or what changed."""
    from ..rules.jurisdictions import as_place
    from ..rules.parameters import all_in_force, parameter
    from ..valuation.definition import as_day

    if diff is not None and any(text.startswith("-") for text in diff):
        raise typer.BadParameter("后面要有两个日期", param_hint="--as-of-diff")
    names = _names(topic)
    at = as_place(place) if place else None
    if diff is not None:
        if at is None or on:
            raise typer.BadParameter("须以 --in 写明地点，且不写 --on", param_hint="--as-of-diff")
        _print_changes(as_day(diff[0]), as_day(diff[1]), at, names, methods=not topic)
        return
    if not on or at is None:
        _print_all(names, at, as_day(on) if on else None)
        return
    day = as_day(on)
    typer.echo(f"{at}　{day}")
    missing = []
    for name in names:
        found = all_in_force(name, on=day, jurisdiction=at)
        for rule in found:
            typer.echo(f"\n{rule.parameter.title}（{name}）：{rule.text}")
            _print_origin(rule)
        if not found:
            missing.append(name)
    if missing:
        listed = "、".join(f"{parameter(name).title}（{name}）" for name in missing)
        typer.echo(f"\n未见规定：{listed}")
    if len(missing) == len(names):
        _print_known(names, at)


def _names(topic: str) -> list[str]:
    """Return the parameters that *topic* names."""
    from ..errors import InputError, nearest
    from ..rules.parameters import topics

    by_topic = topics()
    every = [name for names in by_topic.values() for name in names]
    if topic in by_topic:
        return list(by_topic[topic])
    if topic in every or not topic:
        return [topic] if topic else every
    hint = nearest(topic, [*by_topic, *every]) or f"主题：{'、'.join(by_topic)}。"
    raise InputError("没有这个主题或参数", where="rules", got=topic, hint=hint)


def _print_origin(rule: InForce) -> None:
    """Print the codes that a case file writes, with their titles, and where the rule comes from."""
    from ..rules.sources import STANDINGS

    found = rule.found
    for code in rule.chosen if rule.parameter.choices else ():
        typer.echo(f"      {code}  {rule.parameter.choices[code]}")
    typer.echo(f"    {rule.place.name}　{found.span}　{STANDINGS[found.standing]}")
    typer.echo(f"    {rule.citation}")
    if found.note:
        typer.echo(f"    {found.note}")


def _print_all(names: list[str], at: Place | None, on: date | None) -> None:
    """Print every value: of the levels above *at* if there is one, in force *on* if it is given."""
    from ..rules.jurisdictions import place
    from ..rules.parameters import InForce, parameter

    codes = {step.code for step in at.way_up} if at is not None else None
    for name in names:
        held = parameter(name)
        for value in held.values:
            if codes is not None and value.jurisdiction not in codes:
                continue
            if on is not None and not value.holds(on):
                continue
            rule = InForce(name, held, value, at or place(value.jurisdiction), on or value.since)
            typer.echo(f"\n{held.title}（{name}）：{rule.text}")
            _print_origin(rule)


def _print_known(names: list[str], at: Place) -> None:
    """Print when the rules asked for hold at *at*, where none does on the day."""
    from ..rules.jurisdictions import place
    from ..rules.parameters import parameter

    codes = {step.code for step in at.way_up}
    known = [
        f"{place(value.jurisdiction).name} {value.span}"
        for name in names
        for value in parameter(name).values
        if value.jurisdiction in codes
    ]
    typer.echo(f"已知：{'；'.join(dict.fromkeys(known)) or '无'}")


def _print_changes(
    first: date, second: date, at: Place, names: list[str], *, methods: bool
) -> None:
    from ..rules.changes import KINDS, card_changes, changes
    from ..rules.sources import STANDINGS

    found = changes(first, second, jurisdiction=at, names=names)
    cards = card_changes(_cards(), first, second) if methods else ()
    typer.echo(f"{at}　{first} 至 {second}")
    if not found and not cards:
        typer.echo("没有变化。")
    for change in found:
        typer.echo(f"\n【{KINDS[change.kind]}】{change.title}（{change.name}）")
        for label, rule in (("原", change.before), ("现", change.after)):
            if rule is not None:
                typer.echo(f"  {label}：{rule.text}")
                _print_origin(rule)
    for kind, card in cards:
        typer.echo(f"\n【{KINDS[kind]}】方法 {card.title}（{card.id}）")
        typer.echo(f"    {card.since or '…'} 至 {card.until or '今'}　{STANDINGS[card.standing]}")
        typer.echo(f"    {card.cited()}")


def _cards() -> list[Card]:
    from ..valuation import methods

    return [found.card for found in methods().values()]
