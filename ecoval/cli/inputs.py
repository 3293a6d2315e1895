"""The inputs of ``value``: name=value on the line, or a TOML or JSON file."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

_KEYS = ("inputs", "on", "in", "overrule")


def pairs(texts: list[str]) -> dict[str, str]:
    """Return ``name=value`` texts as a dictionary; a name that comes twice is misuse."""
    found: dict[str, str] = {}
    for text in texts:
        name, sign, said = text.partition("=")
        name = name.strip()
        if not sign or not name:
            raise typer.BadParameter(f"应写作 名称=值，所给为 {text}")
        if name in found:
            raise typer.BadParameter(f"{name} 给了两次")
        found[name] = said
    return found


def read_value(text: str) -> Any:
    """Return *text* as it is, or as the list or table that it writes in JSON."""
    return _json(text, "") if text.lstrip().startswith(("[", "{")) else text


def read_file(name: str) -> dict[str, Any]:
    """Return the ``inputs`` of the file *name* (``-`` is what is piped in), with what stands beside them.

    The file is a table of the inputs, or has them under ``inputs`` beside ``on``, ``in`` and
    ``overrule``. JSON is told from TOML by its first brace.

    Raises
    ------
    ContentError
        There is no such file, or it is neither TOML nor JSON.
    InputError
        It has a key beside ``inputs`` that is unknown, or ``inputs`` or ``overrule`` is no table.
    """
    from ..content import parse_toml, read_text
    from ..errors import InputError, nearest

    text = sys.stdin.read() if name == "-" else read_text(Path(name))
    where = "标准输入" if name == "-" else name
    held = _json(text, where) if text.lstrip().startswith("{") else parse_toml(text, where=where)
    if "inputs" not in held:
        return {"inputs": held}
    for key in held:
        if key not in _KEYS:
            raise InputError(f"未知的键 {key}", where=where, hint=nearest(key, _KEYS))
    for key in ("inputs", "overrule"):
        if not isinstance(held.get(key, {}), Mapping):
            raise InputError("应为表", where=f"{where} {key}")
    return dict(held)


def _json(text: str, where: str) -> Any:
    import json

    from ..content import broken
    from ..errors import InputError

    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        said = broken("JSON", text, error.lineno, error.colno, error.msg)
        raise InputError(said, where=where) from None
