"""``value``: a single figure."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .app import app
from .chinese import ChineseCommand

if TYPE_CHECKING:
    from ..valuation import Item

MethodId = Annotated[str, typer.Argument(metavar="方法", help="方法的编号，见 ecoval methods。")]


@app.command(cls=ChineseCommand, help='计算一项损失或费用；输入项写作 名称="数值 单位"。')
def value(
    method: MethodId,
    on: Annotated[str, typer.Option("--on", metavar="日期", help="损害发生之日，如 2024-06-01。")],
    inputs: Annotated[
        list[str] | None, typer.Argument(metavar="名称=值...", help="输入项；列表写作 JSON。")
    ] = None,
    place: Annotated[str, typer.Option("--in", metavar="地点", help="行政区划代码或名称。")] = "CN",
    overrule: Annotated[
        list[str] | None,
        typer.Option(metavar="名称=理由", help="超出规定取值的理由，可多次给出。"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象。")] = False,
) -> None:
    """Value one item and print it, or its JSON object."""
    from ..valuation.registry import method as find

    item = find(method).value(
        {name: read_value(text) for name, text in pairs(inputs or [])},
        on=on,
        place=place,
        overrule=dict(pairs(overrule or [])),
    )
    if as_json:
        import json

        # A terminal that cannot show every character gets escapes, which say the same.
        narrow = "utf" not in (sys.stdout.encoding or "").lower()
        typer.echo(json.dumps(_as_object(item), ensure_ascii=narrow, indent=2))
    else:
        typer.echo(str(item))


def pairs(texts: list[str]) -> list[tuple[str, str]]:
    """Return the names and the texts of ``name=text``, each name once."""
    found: list[tuple[str, str]] = []
    for text in texts:
        name, sign, said = text.partition("=")
        if not sign or not name:
            raise typer.BadParameter(f"应写作 名称=值，所给为 {text}")
        if name.strip() in (known for known, _ in found):
            raise typer.BadParameter(f"{name.strip()} 给了两次")
        found.append((name.strip(), said))
    return found


def read_value(text: str) -> Any:
    """Return *text* as it is, or as the list or table that it writes in JSON."""
    if not text.lstrip().startswith(("[", "{")):
        return text
    import json

    from ..errors import InputError

    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"JSON 写法有误（第 {error.colno} 列：{error.msg}）", got=text) from None


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
