"""``settle``: how the total is performed, and the sheet for the negotiation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import app
from .chinese import ChineseCommand
from .documents import CaseFile, Force, Scores, scored

if TYPE_CHECKING:
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
    settlement = assessment.settlement
    if settlement is None:
        raise InputError(
            "案件文件没有履行方案（settlement）",
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
    _print(settlement)
    if assessment.punitive is not None:
        typer.echo(str(assessment.punitive))
    for finding in assessment.performance.findings if assessment.performance else ():
        typer.echo(str(finding))
    typer.echo(f"校验码 {assessment.fingerprint}")
    typer.echo(f"已写 {output}" if output else "加 -o 文件.docx 写出磋商方案。")


def _print(settlement: Settlement) -> None:
    from rich.console import Console
    from rich.table import Table

    from ..money import capitals, printed

    table = Table(title=f"履行方案（{settlement.on.isoformat()}）")
    for title in ("履行方式", "计算与内容", "依据"):
        table.add_column(title, overflow="fold")
    table.add_column("金额（元）", justify="right", no_wrap=True)
    for row in settlement.rows():
        table.add_row(*row)
    table.add_section()
    table.add_row("合计", "", "", printed(settlement.total))
    console = Console()
    console.print(table)
    if settlement.punitive:
        console.print(f"另付惩罚性赔偿 {printed(settlement.punitive)} 元")
    console.print(f"须支付货币 {printed(settlement.payable)} 元　{capitals(settlement.payable)}")
    for due in settlement.dues:
        console.print(f"{due.name}：应承担 {printed(due.borne)} 元，货币 {printed(due.cash)} 元")
    for plan in settlement.plans:
        console.print(f"{plan.obligor}{plan.kind}　{plan.terms}")
        for on, amount, interest in plan.rows():
            extra = f"　利息 {interest} 元" if plan.interest else ""
            console.print(f"  {on}　{amount} 元{extra}")
    if settlement.deposit:
        console.print(settlement.deposit.text)
    for rank in settlement.ranks:
        console.print(
            f"清偿 {rank.title}：应付 {printed(rank.due)} 元，可付 {printed(rank.paid)} 元"
        )
    console.print(f"资金去向：{settlement.destination}")
