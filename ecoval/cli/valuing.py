"""``value``, ``methods``, ``show``: a single figure, and what there is to choose from."""

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
        {name: _read(text) for name, text in _pairs(inputs or [])},
        on=on,
        place=place,
        overrule=dict(_pairs(overrule or [])),
    )
    if as_json:
        import json

        # A terminal that cannot show every character gets escapes, which say the same.
        narrow = "utf" not in (sys.stdout.encoding or "").lower()
        typer.echo(json.dumps(_as_object(item), ensure_ascii=narrow, indent=2))
    else:
        typer.echo(str(item))


@app.command(cls=ChineseCommand, help="列出全部方法；可按赔偿科目或环境介质筛选。")
def methods(
    head: Annotated[str, typer.Option(metavar="科目", help="赔偿科目，如 interim。")] = "",
    medium: Annotated[str, typer.Option(metavar="介质", help="环境介质，如 surface-water。")] = "",
) -> None:
    """List the methods that there are."""
    from rich.console import Console
    from rich.table import Table

    from ..errors import InputError, nearest
    from ..rules.cards import HEADS
    from ..rules.sources import STANDINGS, source
    from ..valuation import methods as every

    if head and head not in HEADS:
        hint = nearest(head, HEADS) or f"可用：{'、'.join(HEADS)}。"
        raise InputError("没有这个赔偿科目", where="--head", got=head, hint=hint)
    table = Table(box=None, padding=(0, 1))
    table.add_column("编号", no_wrap=True)
    for title in ("名称", "标准", "科目", "可信度"):
        table.add_column(title, overflow="fold")
    for id, found in every().items():
        card = found.card
        if (head and head not in card.heads) or (medium and medium not in card.medium):
            continue
        heads = " ".join(card.heads) or "（系数）"
        table.add_row(id, card.title, source(card.standard).short, heads, STANDINGS[card.standing])
    Console().print(table)


@app.command(cls=ChineseCommand, help="显示一个方法：公式、输入项、条件、出处。")
def show(method: MethodId) -> None:
    """Show one method: formula, terms, conditions, source."""
    from ..rules.sources import STANDINGS, source
    from ..units import display
    from ..valuation.printing import excel_formula, formulas
    from ..valuation.registry import method as find

    found = find(method)
    card = found.card
    lines = [f"{card.title}  {card.title_en}  （{card.id}）", card.summary, ""]
    lines += [f"  {equation.text}" for equation in formulas(found)]
    lines += ["", f"依据  {card.cited()}〔{STANDINGS[card.standing]}〕"]
    if card.since or card.until:
        lines.append(f"适用  {card.since or '…'} 至 {card.until or '今'}")
    lines.append("输入")
    for term in (*card.terms, *card.settings):
        units = " 或 ".join(
            display(text.replace("[unit]", "单位")) or "无量纲" for text in term.unit
        )
        extra = f"，查表 {term.lookup.table}" if term.lookup else ""
        extra += f"，参数 {term.parameter}" if term.parameter else ""
        if term.range is not None:
            extra += f"，取值范围据 {term.range.cited}"
        lines.append(f"  {term.symbol:<4}{term.name}  {term.title}（{units}{extra}）{term.asks}")
    lines += [f"      {choice.name}  {choice.title}" for choice in card.choices]
    if card.lines:
        lines.append(f"      {card.lines.name}  {card.lines.title}的列表")
    for condition in card.conditions:
        kind = {"requires": "适用", "forbids": "不适用"}[condition.kind]
        cited = f"{source(condition.source).short} {condition.clause}"
        lines.append(f"{kind}  {condition.text}（{cited}；{condition.id}）")
    if card.note:
        lines.append(f"说明  {card.note}")
    lines.append(f"Excel  {excel_formula(found)}")
    typer.echo("\n".join(lines))


def _pairs(texts: list[str]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for text in texts:
        name, found, said = text.partition("=")
        if not found or not name:
            raise typer.BadParameter(f"应写作 名称=值，所给为 {text}")
        if name.strip() in (known for known, _ in pairs):
            raise typer.BadParameter(f"{name.strip()} 给了两次")
        pairs.append((name.strip(), said))
    return pairs


def _read(text: str) -> Any:
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
