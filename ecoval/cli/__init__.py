"""The command line. Nothing but typer is imported until a command runs."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ..version import VERSION
from .chinese import ChineseGroup, UsageError, in_chinese

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


from . import documents as documents
from . import law as law
from . import valuing as valuing


def main() -> None:
    """Run the command line: 0 done, 1 the case or an input will not do, 2 the command is misused."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = app(standalone_mode=False)
    except UsageError as error:
        if said := in_chinese(error):
            typer.echo(said, err=True)
        code = 2
    except typer.Abort:
        typer.echo("已中止。", err=True)
        code = 1
    except Exception as error:
        from ..errors import EcovalError

        if not isinstance(error, EcovalError):
            raise
        typer.echo(f"错误：{error}", err=True)
        code = 1
    raise SystemExit(code or 0)
