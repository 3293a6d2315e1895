"""Cells of a terminal table: broken between Chinese characters, never inside a date or a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.measure import Measurement

# A run of letters, digits and what joins them stays whole; every other character may end a line.
_PIECE = re.compile(r"[0-9A-Za-z_.,:%+\-/]+|.", re.DOTALL)
# What cannot begin a line.
_CLOSING = "，。；：、？！）》”〕"
# What cannot end one.
_OPENING = "（《“〔"


class Wrapped:
    """A text that a table wraps as Chinese is read."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        from rich.cells import cell_len
        from rich.measure import Measurement

        widths = [cell_len(piece) for piece in _PIECE.findall(self.text)]
        most = min(cell_len(self.text), options.max_width)
        return Measurement(min(max(widths, default=0), most), most)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.text import Text

        for line in wrapped(self.text, options.max_width):
            yield Text(line, no_wrap=True, overflow="fold")


def wrapped(text: str, width: int) -> Iterator[str]:
    """Yield *text* in lines of at most *width* cells; only a piece wider than that is cut."""
    from rich.cells import cell_len

    line = ""
    for piece in _PIECE.findall(text):
        if line and cell_len(line + piece) > width:
            carries = line[-1] in _OPENING or (piece in _CLOSING and not line[-1].isascii())
            carries = carries and len(line) > 1 and cell_len(line[-1] + piece) <= width
            line, carried = (line[:-1], line[-1]) if carries else (line, "")
            yield line.rstrip()
            line = carried
        line += piece if line else piece.lstrip()
        while cell_len(line) > width and len(line) > 1:
            cut = next(n for n in range(len(line), 0, -1) if n == 1 or cell_len(line[:n]) <= width)
            yield line[:cut]
            line = line[cut:]
    if line:
        yield line.rstrip()
