"""What ecoval raises: one base, and under it the builtin a caller would expect."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class EcovalError(Exception):
    """Say what is wrong, where it stands, what was got and what would do.

    The parts are kept apart so that a batch can put sheet, row and column before *where* and a
    document can show the hint on a line of its own; ``str()`` joins them for a person.
    """

    def __init__(self, what: str, *, where: str = "", got: object = None, hint: str = "") -> None:
        self.what = what
        self.where = where
        self.got = got
        self.hint = hint
        super().__init__(what)

    def __str__(self) -> str:
        text = f"{self.where}：{self.what}" if self.where else self.what
        if self.got is not None:
            text += f"，所给为 {self.got}"
        return f"{text}。{self.hint}" if self.hint else text

    def at(self, where: str) -> EcovalError:
        """Return the same error with *where* put before the place it already names."""
        place = f"{where} {self.where}".strip()
        moved = type(self)(self.what, where=place, got=self.got, hint=self.hint)
        return moved.with_traceback(self.__traceback__)


class InputError(EcovalError, ValueError):
    """An input that cannot be used: missing, unknown, not finite, of the wrong kind."""


class UnitError(InputError):
    """An input whose unit is unknown or measures something else."""


class OutOfScope(InputError):
    """An input or a day outside what the standard allows, and no overrule with a reason."""


class ParameterNotFound(EcovalError, LookupError):
    """A rule, a price or a coefficient that is not known there and then."""


class ContentError(EcovalError, ValueError):
    """A card, a data file or a template of ecoval's own that cannot be trusted."""


class OutputError(EcovalError, OSError):
    """A document that could not be written, or would have overwritten one."""


def nearest(word: str, known: Iterable[str], *, most: int = 3) -> str:
    """Return a hint that offers the *known* words closest to *word*, or an empty one."""
    close = difflib.get_close_matches(word, list(known), n=most, cutoff=0.5)
    return f"是否指 {'、'.join(close)}？" if close else ""
