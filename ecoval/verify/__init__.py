"""Check a document against the case that it carries: recompute, compare every printed text."""

from __future__ import annotations

from .changes import Change as Change
from .signing import sign as sign
from .verification import Verification as Verification
from .verification import verify as verify
