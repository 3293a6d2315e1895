"""Twelve hex digits that stand for a calculation: the same digits, the same calculation."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def fingerprint(content: Any) -> str:
    """Return the fingerprint of *content*, which must be plain JSON data.

    Floats go in with every digit, keys in sorted order, so that the order of a file does not
    change it.
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


def settled(number: float) -> str:
    """Return a computed *number* with twelve significant digits, for a fingerprint.

    The last bits of a power differ between processors; the calculation does not.
    """
    return format(number, ".12g")
