"""A new case file, with what the place's rule asks for already listed."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, StrictUndefined

from ..content import folder, read_text
from ..errors import OutputError, reason
from ..rules.jurisdictions import as_place
from ..rules.parameters import all_in_force, parameter
from ..valuation.definition import as_day


def write_quick_case(path: Path, *, place: str, on: str = "", force: bool = False) -> None:
    """Write a case file for a quick assessment at *place* to *path*.

    Without the day *on*, every condition known is listed, and the day is left to be filled in.

    Raises
    ------
    OutputError
        The file exists and *force* is not given, or it cannot be written.
    InputError
        The place or the day is not one.
    """
    at = as_place(place)
    topic = "quick-assessment-conditions"
    choices = parameter(topic).choices
    found = all_in_force(topic, on=as_day(on), jurisdiction=at) if on else ()
    codes = found[0].chosen if found else tuple(choices)
    rule = found[0].citation if found else ""
    template = Environment(undefined=StrictUndefined, keep_trailing_newline=True).from_string(
        read_text(folder("templates") / "quick.toml")
    )
    text = template.render(
        place=at.name,
        on=as_day(on).isoformat() if on else "",
        rule=rule,
        limbs=[(code, choices[code]) for code in codes],
    )
    if path.exists() and not force:
        raise OutputError("文件已存在，未覆盖", where=str(path), hint="确需覆盖请加 --force。")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"不能写入：{reason(error)}", where=str(path)) from None
