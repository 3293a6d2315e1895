"""``deadlines``: the time limits of a case, as a table and as a calendar."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import app
from .chinese import ChineseCommand
from .documents import CaseFile, Force

if TYPE_CHECKING:
    from ..case import Deadlines


@app.command(cls=ChineseCommand, help="由案件文件的 [dates] 推算各项期限，列表，并可写出日历文件。")
def deadlines(
    case: CaseFile,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="文件", help="日历文件（.ics）。")
    ] = None,
    on: Annotated[
        str, typer.Option("--on", metavar="日期", help="截至哪一天判断逾期；不写则为今天。")
    ] = "",
    force: Force = False,
) -> None:
    """Print what is due when in a case, and write it as a calendar."""
    from datetime import date

    from ..case import Case, deadlines_of
    from ..errors import InputError
    from ..report.calendar import write_calendar
    from ..valuation.definition import as_day

    read = Case.read(case)
    found = deadlines_of(read, as_day(on) if on else read.opinion_on or date.today())
    if not found.rows and found.findings:
        for finding in found.findings:
            typer.echo(str(finding), err=True)
        raise typer.Exit(1)
    if not found.rows:
        waiting = "；".join(f"{title}（{'、'.join(events)}）" for title, events in found.waiting)
        raise InputError(
            "案件没有可推算的期限",
            where=f"{case} [dates]",
            hint=f"可填的起算日：{waiting or '见 docs/deadlines.md'}。",
        )
    _print(found)
    if output is not None:
        write_calendar(read, found, output, force=force)
        typer.echo(f"已写 {output}")


def _print(found: Deadlines) -> None:
    from rich.console import Console
    from rich.table import Table

    from ..case.dates import EVENTS
    from ..rules.sources import STANDINGS
    from .wrapping import Wrapped

    table = Table(title=f"截至 {found.as_of}", padding=0)
    for title in ("步骤", "期限", "起算"):
        table.add_column(title)
    for title in ("至迟", "完成"):
        table.add_column(title, no_wrap=True, min_width=10)
    for title in ("情形", "依据"):
        table.add_column(title)
    for row in found.rows:
        table.add_row(
            Wrapped(row.step),
            Wrapped(row.rule.text),
            Wrapped(row.counted_from),
            row.due.isoformat() if row.due else "—",
            row.done.isoformat() if row.done else "—",
            Wrapped(row.text),
            Wrapped(f"{row.rule.citation}〔{STANDINGS[row.rule.found.standing]}〕"),
        )
    Console().print(table)
    for finding in found.findings:
        typer.echo(str(finding))
    for title, events in found.waiting:
        named = "、".join(f"{EVENTS[event]}（{event}）" for event in events)
        typer.echo(f"未起算  {title}：填 {named} 后推算")
    if found.counting is not None:
        typer.echo(f"计算方法  {found.counting.citation}：{found.counting.text}")
