"""``value``: a single figure."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .app import app
from .chinese import ChineseCommand, UsageError
from .inputs import pairs, read_file, read_value

if TYPE_CHECKING:
    from ..valuation import Item

MethodId = Annotated[str, typer.Argument(metavar="方法", help="方法的编号，见 ecoval methods。")]


@app.command(cls=ChineseCommand, help='计算一项损失或费用；输入项写作 名称="数值 单位"。')
def value(
    method: MethodId,
    inputs: Annotated[
        list[str] | None, typer.Argument(metavar="名称=值...", help="输入项；列表写作 JSON。")
    ] = None,
    on: Annotated[
        str, typer.Option("--on", metavar="日期", help="损害发生之日，如 2024-06-01；必填。")
    ] = "",
    place: Annotated[
        str, typer.Option("--in", metavar="地点", help="行政区划代码或名称，默认全国。")
    ] = "",
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="文件",
            help="输入项的 TOML 或 JSON 文件，可带 on、in、overrule；- 为标准输入。",
        ),
    ] = "",
    overrule: Annotated[
        list[str] | None,
        typer.Option(metavar="名称=理由", help="超出规定取值的理由，可多次给出。"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象。")] = False,
) -> None:
    """Value one item and print it, or its JSON object."""
    from ..valuation.registry import method as find

    held = read_file(source) if source else {}
    given = {name: read_value(text) for name, text in pairs(inputs or []).items()}
    for name in set(given) & set(held.get("inputs", {})):
        raise typer.BadParameter(f"{name} 给了两次")
    day = on or held.get("on", "")
    if not day:
        raise UsageError("Missing option '--on'.")
    item = find(method).value(
        {**held.get("inputs", {}), **given},
        on=day,
        place=place or str(held.get("in", "CN")),
        overrule={**held.get("overrule", {}), **pairs(overrule or [])},
    )
    if as_json:
        import json

        # A terminal that cannot show every character gets escapes, which say the same.
        narrow = "utf" not in (sys.stdout.encoding or "").lower()
        typer.echo(json.dumps(_as_object(item), ensure_ascii=narrow, indent=2))
    else:
        typer.echo(str(item))


def _as_object(item: Item) -> dict[str, Any]:
    """Return *item* as one JSON object with its printed forms and its fingerprint."""
    from ..valuation.printing import as_written, derivation, excel_formula, substitution

    return {
        **item.as_dict(),
        "formula": as_written(item.method),
        "substitution": substitution(item),
        "derivation": [equation.text for equation in derivation(item)],
        "excel": excel_formula(item.method),
        "fingerprint": item.fingerprint,
    }
