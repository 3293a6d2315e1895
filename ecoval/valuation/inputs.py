"""An input as an expert gives it: the value, and what stands behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from ..errors import InputError, Spot, nearest


@dataclass(frozen=True)
class Given:
    """A value with its evidence.

    ``evidence`` names a material of the case, ``page`` where in it, ``note`` why this value;
    ``open`` says why the value could not be fixed yet: it is used, and stays visibly open.
    """

    value: Any
    evidence: str = ""
    page: str = ""
    note: str = ""
    open: str = ""

    @classmethod
    def of(cls, given: Any, *, where: str | Spot = "") -> Given:
        """Return *given* (a bare value, a table with ``value``, or a `Given`) as a `Given`.

        Raises
        ------
        InputError
            A table has no ``value``, or an unknown key.
        """
        if isinstance(given, Given):
            return given
        if not isinstance(given, Mapping):
            return cls(given)
        known = [field.name for field in fields(cls)]
        for key, value in given.items():
            if key not in known:
                raise InputError(f"未知的键 {key}", where=where, hint=nearest(key, known))
            if key != "value" and not isinstance(value, str):
                raise InputError(f"{key} 应为文字", where=where, got=repr(value))
        if "value" not in given:
            raise InputError("缺少 value", where=where)
        return cls(**given)

    @property
    def texts(self) -> dict[str, str]:
        """Return what stands behind the value, without what was left empty."""
        return {name: text for name, text in self.as_dict().items() if name != "value"}

    def as_dict(self) -> dict[str, Any]:
        """Return what was given, without what was left empty."""
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) != ""
        }


def given(
    value: Any, *, evidence: str = "", page: str = "", note: str = "", open: str = ""
) -> Given:
    """Return *value* with what stands behind it, for a method's argument in Jupyter."""
    return Given(value, evidence, page, note, open)
