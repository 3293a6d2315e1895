"""``factors``: the form on which the panel scores the factors of punitive damages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .chinese import ChineseCommand
from .documents import CaseFile, Force


@app.command(cls=ChineseCommand, help="写出惩罚性赔偿的因素评分表（Excel），由各专家填写。")
def factors(
    case: CaseFile,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="文件", help="写到哪个文件（.xlsx）。")
    ],
    force: Force = False,
) -> None:
    """Write the factor form of a case."""
    from ..case import Case
    from ..errors import InputError
    from ..report.factor_form import write_factor_form

    if output.suffix.lower() != ".xlsx":
        raise InputError("评分表写成 Excel 文件", where="-o", got=output, hint="扩展名须为 .xlsx。")
    write_factor_form(Case.read(case), output, force=force)
    typer.echo(f"已写 {output}；填好后：ecoval settle {case} --scores {output}")
