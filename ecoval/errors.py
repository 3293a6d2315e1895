"""What ecoval raises: one base, and under it the builtin a caller would expect."""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Spot:
    """A place in what was given: how a message names it, and the keys that lead there."""

    text: str
    path: tuple[int | str, ...] = ()

    def __str__(self) -> str:
        return self.text


class EcovalError(Exception):
    """Say what is wrong, where it stands, what was got and what would do.

    The parts are kept apart so that a batch can put sheet, row and column before *where* and a
    document can show the hint on a line of its own; ``str()`` joins them for a person. ``path``
    has the keys that lead to the place, where *where* is a `Spot`, so that a file can name the line.
    """

    def __init__(
        self, what: str, *, where: str | Spot = "", got: object = None, hint: str = ""
    ) -> None:
        self.what = what
        self.where = str(where)
        self.path = where.path if isinstance(where, Spot) else ()
        self.got = got
        self.hint = hint
        super().__init__(what)

    def __str__(self) -> str:
        text = f"{self.where}：{self.what}" if self.where else self.what
        if self.got is not None:
            # What was got is said with the hyphen that is typed, so that it can be found again.
            text += f"，所给为 {self.got}".replace("−", "-")
        return f"{text}。{self.hint}" if self.hint else text

    def at(self, where: str | Spot) -> EcovalError:
        """Return the same error with *where* put before the place it already names."""
        text = f"{where} {self.where}".strip()
        path = (where.path if isinstance(where, Spot) else ()) + self.path
        moved = type(self)(self.what, where=Spot(text, path), got=self.got, hint=self.hint)
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


_REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EEXIST: "已有同名的文件",
    errno.ENOENT: "路径不存在",
    errno.ENOTDIR: "路径中有一段是文件而不是文件夹",
    errno.EISDIR: "这是一个文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘只读",
    errno.ENAMETOOLONG: "文件名太长",
}


def reason(error: OSError) -> str:
    """Return in Chinese why the system refused."""
    return _REASONS.get(error.errno or 0, str(error.strerror or error))
