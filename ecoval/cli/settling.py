"""``settle``: how the total is performed, and the sheet for the negotiation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import app
from .chinese import ChineseCommand
from .documents import CaseFile, Force, Scores, scored

if TYPE_CHECKING:
    from rich.table import Table

    from ..case.obligors import Apportionment
    from ..case.performance import Performance
    from ..case.settled import Settlement
    from ..report.choosing import Language


@app.command(cls=ChineseCommand, help="列出赔偿责任的履行方案；可写成磋商用的 Word 文件。")
def settle(
    case: CaseFile,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="文件", help="写出磋商方案（.docx）。"),
    ] = None,
    force: Force = False,
    template: Annotated[
        str, typer.Option(metavar="模板", help="自备模板的名称或 Word 文件。")
    ] = "settlement",
    lang: Annotated[str, typer.Option(metavar="语言", help="磋商方案的语言：zh 或 en。")] = "zh",
    scores: Scores = None,
) -> None:
    """Print the settlement of a case, and write its sheet."""
    if lang not in ("zh", "en"):
        raise typer.BadParameter("只有 zh 和 en", param_hint="--lang")
    from ..case import Case
    from ..errors import InputError
    from ..report import write_settlement

    assessment = scored(Case.read(case), scores).assess()
    performance = assessment.performance
    if performance is None:
        raise InputError(
            "案件文件没有履行方案（settlement），也没有 [obligors] 和 [punitive]",
            where=str(case),
            hint="全部以货币赔付的，写一个空的 [settlement]。",
        )
    if output is not None:
        if output.suffix.lower() != ".docx":
            raise InputError(
                "磋商方案写成 Word 文件", where="-o", got=output, hint="扩展名须为 .docx。"
            )
        language: Language = "en" if lang == "en" else "zh"
        write_settlement(assessment, output, force=force, template=template, language=language)
    if performance.settlement is not None:
        _print(performance.settlement)
    if performance.apportionment is not None and not (
        performance.settlement and performance.settlement.dues
    ):
        print_borne("责任分担", performance.apportionment)
    print_punitive(performance)
    for finding in performance.findings:
        typer.echo(str(finding))
    typer.echo(f"校验码 {assessment.fingerprint}")
    typer.echo(f"已写 {output}" if output else "加 -o 文件.docx 写出磋商方案。")


def print_punitive(performance: Performance) -> None:
    """Print the bases and the sum of punitive damages, and who bears them, where there are any."""
    punitive = performance.punitive
    if punitive is None:
        return
    typer.echo(str(punitive))
    if punitive.apportionment is not None:
        print_borne("惩罚性赔偿的分担", punitive.apportionment)


def print_borne(title: str, borne: Apportionment) -> None:
    """Print the part of each obligor, and below them the whole."""
    from rich.console import Console
    from rich.table import Table

    from ..money import printed
    from .wrapping import Wrapped

    table = Table(title=title, title_justify="left")
    for name in ("赔偿义务人", "分担的依据"):
        table.add_column(name)
    table.add_column("金额（元）", justify="right", no_wrap=True)
    for name, by, amount in borne.rows():
        table.add_row(Wrapped(name), Wrapped(by), amount)
    table.add_section()
    table.add_row("共同承担" if borne.mode == "joint" else "合计", "", printed(borne.total))
    Console().print(table)
    typer.echo(borne.sentence)


def _print(settlement: Settlement) -> None:
    from rich.console import Console
    from rich.table import Table

    from ..money import capitals, printed
    from .wrapping import Wrapped

    table = Table(title=f"履行方案（{settlement.on.isoformat()}）")
    for title in ("履行方式", "义务人", "计算与内容", "依据"):
        table.add_column(title)
    table.add_column("金额（元）", justify="right", no_wrap=True)
    for line, (title, text, basis, amount) in zip(settlement.lines, settlement.rows(), strict=True):
        table.add_row(Wrapped(title), Wrapped(line.obligor), Wrapped(text), Wrapped(basis), amount)
    table.add_section()
    table.add_row("合计", "", "", "", printed(settlement.total))
    console = Console()
    console.print(table)
    if settlement.punitive:
        typer.echo(f"另付惩罚性赔偿 {printed(settlement.punitive)} 元")
    typer.echo(f"须支付货币 {printed(settlement.payable)} 元　{capitals(settlement.payable)}")
    if settlement.dues:
        console.print(_dues(settlement))
    for plan in settlement.plans:
        typer.echo(f"{plan.obligor}{plan.kind}　{plan.terms}")
        for on, amount, interest in plan.rows():
            extra = f"　利息 {interest} 元" if plan.interest else ""
            typer.echo(f"  {on}　{amount} 元{extra}")
    if settlement.deposit:
        typer.echo(settlement.deposit.text)
    for rank in settlement.ranks:
        typer.echo(f"清偿 {rank.title}：应付 {printed(rank.due)} 元，可付 {printed(rank.paid)} 元")
    typer.echo(f"资金去向：{settlement.destination}")


def _dues(settlement: Settlement) -> Table:
    """Return the table of the obligors, the last row the sums."""
    from rich.table import Table

    from ..case.settled import DUE_COLUMNS
    from .wrapping import Wrapped

    table = Table(title="各义务人的责任", title_justify="left", padding=0)
    for place, title in enumerate(DUE_COLUMNS):
        # The unit on a line of its own: the figures need the room.
        heading = title.replace("（元）", "\n（元）").replace("履行\n", "\n履行")
        table.add_column(heading, justify="right" if place else "left", no_wrap=bool(place))
    *rows, whole = settlement.due_rows()
    for name, *sums in rows:
        table.add_row(Wrapped(name), *sums)
    table.add_section()
    table.add_row(*whole)
    return table
