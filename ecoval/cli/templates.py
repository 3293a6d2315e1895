"""``template``: which templates there are, and whether one's own is good."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .chinese import ChineseCommand, ChineseGroup

template = typer.Typer(cls=ChineseGroup, help="文书模板：列出、检查。", no_args_is_help=True)
app.add_typer(template, name="template")


@template.callback()
def _template() -> None:
    pass


@template.command("list", cls=ChineseCommand, help="列出可用的模板和自备模板的文件夹。")
def list_templates() -> None:
    """Print the names of the templates and where one's own are looked for."""
    from ..report.choosing import FOLDER_VARIABLE, choose, names, own_folders

    for name, title in names().items():
        typer.echo(f"{name:<14}{title or '自备'}　{choose(name).word}")
    typer.echo(f"自备模板的文件夹（先查，环境变量 {FOLDER_VARIABLE} 在前）：")
    for place in own_folders():
        typer.echo(f"  {place}{'' if place.is_dir() else '（尚不存在）'}")


@template.command(cls=ChineseCommand, help="检查 Word 模板：不存在的变量（注明页码）、未用的变量。")
def check(
    file: Annotated[Path, typer.Argument(metavar="模板", help="Word 模板（.docx）。")],
) -> None:
    """Check a person's own template."""
    from ..report.template_check import check_template

    found = check_template(file)
    typer.echo(str(found))
    if found.unknown:
        raise typer.Exit(1)
