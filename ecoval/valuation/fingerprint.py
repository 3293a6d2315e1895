"""Twelve hex digits that stand for a calculation: the same digits, the same calculation."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def fingerprint(content: Any) -> str:
    """Return the fingerprint of *content*, which must be plain JSON data.

    Floats go in with every digit, keys in sorted order, so that neither the machine nor the order
    of a file changes it.
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]
