"""The command line. Nothing but typer is imported until a command runs."""

from __future__ import annotations

import codecs
import sys

import typer

from . import batching as batching
from . import comparing as comparing
from . import confirming as confirming
from . import discovery as discovery
from . import documents as documents
from . import factors as factors
from . import law as law
from . import procedure as procedure
from . import settling as settling
from . import templates as templates
from . import valuing as valuing
from .app import app as app
from .chinese import UsageError, in_chinese

_SPELLINGS = {"−": "-", "²": "^2", "³": "^3", "µ": "μ"}


def _spelled(error: UnicodeError) -> tuple[str, int]:
    """Write what a stream has no character for (GBK has no ³ and no −) in another way, never as ?."""
    assert isinstance(error, UnicodeEncodeError)
    missing = error.object[error.start : error.end]
    return "".join(_SPELLINGS.get(sign, f"\\u{ord(sign):04x}") for sign in missing), error.end


def main() -> None:
    """Run the command line: 0 done, 1 the case or an input will not do, 2 the command is misused."""
    codecs.register_error("ecoval", _spelled)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="ecoval")
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
