"""The command ``ecoval`` itself; the modules beside this one add what it does."""

from __future__ import annotations

from typing import Annotated

import typer

from ..version import VERSION
from .chinese import ChineseGroup

app = typer.Typer(
    name="ecoval",
    cls=ChineseGroup,
    help="评估生态环境损害，出具专家意见。每个数值都有出处，每个金额都可复算。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"ecoval {VERSION}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本。")
    ] = False,
) -> None:
    pass
