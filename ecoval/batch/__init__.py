"""Sheets of cases valued again: forms, reading, running, results, comparing.

``ecoval.batch(frame, method=…)`` values a data frame; see `ecoval.batch.frames.value_frame`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from .doors import value_book as value_book
from .frames import value_frame as value_frame
from .runs import Report as Report


class _Room(ModuleType):
    """This module, which can be called like the one thing most asked of it."""

    def __call__(self, frame: Any, **more: Any) -> Any:
        return value_frame(frame, **more)


sys.modules[__name__].__class__ = _Room
