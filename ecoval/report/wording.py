"""Texts as a document can hold them: no control characters, no braces that a template would read."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape

# XML has no place for these, and a text pasted from elsewhere may hold them.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# docxtpl reads these as a way to write double braces; here they are what somebody wrote.
_BRACES = re.compile(r"\{_([{%])|([}%])_\}")


def plain_text(text: str) -> str:
    """Return *text* without the control characters that no document can hold."""
    plain = _CONTROL.sub("", text)
    if not _BRACES.search(plain):
        return plain
    return Markup(str(escape(plain)).replace("_", "&#95;"))


def clean(value: Any) -> Any:
    """Return *value* with every text in it as a document can hold it."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, dict):
        return {key: clean(part) for key, part in value.items()}
    if isinstance(value, list):
        return [clean(part) for part in value]
    return value
