"""Golden cases: figures published elsewhere, at the digits they were printed with."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field

from ..content import folder
from ..errors import ContentError
from ..reading import Model, read_model

# Lists what was published, and has no case itself.
_INVENTORY = "published"


class Golden(Model):
    """A published figure, or an error that must be raised.

    ``expect`` is the figure as printed (``"1441.6776 万元"``): the computed value is rounded to the
    same unit and digits before they are compared. ``reconciles = false`` keeps a figure that does
    not follow from its published inputs, with ``why``; it must go on not following.
    """

    method: str = ""
    name: str
    origin: str
    on: date
    inputs: dict[str, Any]
    jurisdiction: str = "CN"
    id: str = ""
    standing: str = ""
    expect: str = ""
    reconciles: bool = True
    why: str = ""
    raises: str = ""
    match: str = ""
    overrule: dict[str, str] = Field(default_factory=dict)


class _File(Model):
    cases: tuple[Golden, ...] = Field(alias="case", default=())


def read_golden(path: Path) -> tuple[Golden, ...]:
    """Return the cases of the TOML file *path*, which is named for its method.

    Raises
    ------
    ContentError
        A key is unknown or missing; file and line are named.
    """
    held = read_model(path, _File, fault=ContentError)
    return tuple(case.model_copy(update={"method": path.stem}) for case in held.cases)


@cache
def golden_of(method: str) -> tuple[Golden, ...]:
    """Return the golden cases of the *method* of that id; a notebook's method has none."""
    path = folder("cases") / f"{method}.toml"
    return read_golden(path) if path.is_file() and path.stem != _INVENTORY else ()


def golden_cases() -> tuple[Golden, ...]:
    """Return every golden case of every method."""
    return tuple(
        case
        for path in sorted(folder("cases").glob("*.toml"))
        if path.stem != _INVENTORY
        for case in read_golden(path)
    )
