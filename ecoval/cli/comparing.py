"""``compare``: ways of doing one thing side by side; none is chosen for the expert."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .app import app
from .chinese import ChineseCommand
from .inputs import pairs, read_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..valuation.comparison import Comparison

_WHAT = "carbon 各碳换算路线，restoration 修复方案，pollutants 废水各污染物，waste 固体废物各污染物"


@app.command(
    cls=ChineseCommand, help="并列比较：碳换算路线、修复方案、几种污染物中由哪种决定系数。"
)
def compare(
    what: Annotated[str, typer.Argument(metavar="什么", help=f"{_WHAT}。")],
    on: Annotated[str, typer.Option("--on", metavar="日期", help="损害发生之日，如 2024-06-01。")],
    inputs: Annotated[
        list[str] | None, typer.Argument(metavar="名称=值...", help="输入项；列表和表写作 JSON。")
    ] = None,
    place: Annotated[str, typer.Option("--in", metavar="地点", help="行政区划代码或名称。")] = "CN",
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象。")] = False,
) -> None:
    """Print a comparison, or its JSON object."""
    from inspect import Parameter, signature

    from ..errors import InputError, nearest

    kinds = _kinds()
    if what not in kinds:
        raise InputError("没有这种比较", got=what, hint=nearest(what, kinds) or f"可用：{_WHAT}。")
    given = {name: read_value(text) for name, text in pairs(inputs or []).items()}
    taken = {
        name: each
        for name, each in signature(kinds[what]).parameters.items()
        if name not in ("on", "jurisdiction")
    }
    for name in given:
        if name not in taken:
            hint = nearest(name, taken) or f"可用：{'、'.join(taken)}。"
            raise InputError(f"没有输入项 {name}", where=f"compare {what}", hint=hint)
    for name, each in taken.items():
        if each.default is Parameter.empty and name not in given:
            raise InputError(f"缺少 {name}", where=f"compare {what}")
    found = kinds[what](**given, on=on, jurisdiction=place)
    if as_json:
        import json

        narrow = "utf" not in (sys.stdout.encoding or "").lower()
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=narrow, indent=2))
    else:
        typer.echo(str(found))


def _kinds() -> dict[str, Callable[..., Comparison]]:
    from ..valuation import carbon_routes, options, pollutants

    found: dict[str, Any] = {
        "carbon": carbon_routes.compare,
        "restoration": options.compare,
        "pollutants": pollutants.governing_discharge,
        "waste": pollutants.governing_waste,
    }
    return found
