"""``form``, ``map``, ``batch``: sheets of cases, from the empty form to the results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .chinese import ChineseCommand

Book = Annotated[Path, typer.Argument(metavar="工作簿", help=".xlsx、.xlsm、.csv 或 .parquet。")]
Force = Annotated[bool, typer.Option("--force", help="覆盖已有的文件。")]
At = Annotated[str, typer.Option("--in", metavar="地点", help="没有地点列时的行政区划代码或名称。")]
On = Annotated[str, typer.Option("--on", metavar="日期", help="没有日期列时的损害发生之日。")]


@app.command(cls=ChineseCommand, help="按方法卡片生成 Excel 表单：每个方法一张表。")
def form(
    methods: Annotated[list[str], typer.Argument(metavar="方法...", help="方法的编号。")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="文件", help="写到哪个文件。")],
    force: Force = False,
) -> None:
    """Write a form for some methods."""
    from ..batch.forms import write_form

    write_form(output, methods, force=force)
    typer.echo(f"已写 {output}；填好后运行：ecoval batch {_quoted(output)} -o 结果.xlsx")


@app.command(
    "map", cls=ChineseCommand, help="为自备的工作簿提出映射文件：哪一列是哪个输入项、什么单位。"
)
def map_book(
    book: Book,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="文件", help="写到哪个文件。")
    ] = Path("map.toml"),
    method: Annotated[str, typer.Option(metavar="方法", help="各表所用的方法编号。")] = "",
    force: Force = False,
) -> None:
    """Propose a mapping file for an office's own workbook."""
    from ..batch.proposing import write_mapping

    for line in write_mapping(book, output, method=method, force=force):
        typer.echo(line)
    typer.echo(
        f"已写 {output}；核对后运行：ecoval batch {_quoted(book)} --map {_quoted(output)} -o 结果.xlsx"
    )


@app.command(cls=ChineseCommand, help="逐行重算工作簿，写出结果、错误、汇总和所用参数。")
def batch(
    book: Book,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="文件", help="结果 .xlsx 或 .parquet。")
    ],
    mapping: Annotated[
        Path | None,
        typer.Option("--map", metavar="文件", help="ecoval map 提出、经核对的映射文件。"),
    ] = None,
    method: Annotated[str, typer.Option(metavar="方法", help="各表所用的方法编号。")] = "",
    place: At = "",
    on: On = "",
    live: Annotated[bool, typer.Option("--live", help="结果写成 Excel 可重算的公式。")] = False,
    fill: Annotated[
        bool, typer.Option("--fill", help="把结果列写入原工作簿的副本，保留其样式。")
    ] = False,
    against: Annotated[
        Path | None, typer.Option(metavar="文件", help="上次的结果，逐项说明变动的原因。")
    ] = None,
    opinions: Annotated[
        Path | None, typer.Option(metavar="文件夹", help="为每个案件写一份简易评估的专家意见。")
    ] = None,
    scheduler: Annotated[
        str,
        typer.Option(
            metavar="地址", help="在 Dask 集群上按分区计算 .parquet，如 tcp://主机:8786。"
        ),
    ] = "",
    workers: Annotated[
        int, typer.Option(metavar="个数", min=0, help="在本机以这么多个 Dask 进程按分区计算。")
    ] = 0,
    force: Force = False,
) -> None:
    """Value every row of a workbook."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from ..batch import value_book
    from ..batch.partitions import value_partitions
    from ..errors import InputError

    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.completed:,.0f} 行"), TextColumn("{task.fields[rate]}"), BarColumn(),
        TextColumn("剩余"), TimeRemainingColumn(), console=console, transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task("", total=None, rate="")

        def progress(rows: int, share: float | None) -> None:
            took = bar.tasks[0].elapsed or 0.0
            rate = f"{rows / took:,.0f} 行/秒" if took else ""
            bar.update(task, completed=rows, total=rows / share if share else None, rate=rate)

        try:
            if scheduler or workers:
                if live or fill or against or opinions:
                    raise InputError(
                        "--scheduler、--workers 不与 --live、--fill、--against、--opinions 同用"
                    )
                report = value_partitions(
                    book, output, map_file=mapping, method=method, place=place, on=on,
                    scheduler=scheduler, workers=workers, force=force, progress=progress,
                )  # fmt: skip
            else:
                report = value_book(
                    book, output, map_file=mapping, method=method, place=place, on=on, live=live,
                    fill=fill, against=against, opinions=opinions, force=force, progress=progress,
                )  # fmt: skip
        except KeyboardInterrupt:
            bar.stop()
            typer.echo("已中断；再次运行同一命令将接着未完成的部分计算。", err=True)
            raise typer.Exit(130) from None
    if report.resumed:
        typer.echo(f"接续上次未完成的计算（已有 {report.resumed} 块）。")
    typer.echo(report.text)
    for line in report.said:
        typer.echo(line)
    for fault in report.faults[:10]:
        typer.echo(f"  {fault}")
    if len(report.faults) > 10:
        where = "“错误”表" if report.target.suffix == ".xlsx" else "“错误”列"
        typer.echo(f"  ……其余见结果中的{where}。")
    typer.echo(f"已写 {report.target}")
    if report.faults:
        raise typer.Exit(1)


def _quoted(path: Path) -> str:
    """Return *path* as a shell takes it: in double quotes, which cmd knows too, where it has spaces."""
    return f'"{path}"' if " " in str(path) else str(path)
