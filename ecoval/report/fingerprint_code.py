"""The fingerprint as a QR code, so that a printed page can be compared by a telephone."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

from ..case.assessment import Assessment
from .pictures import Picture

PREFIX = "urn:ecoval:fingerprint:"


def fingerprint_code(assessment: Assessment) -> Picture:
    """Return the QR code of the fingerprint of *assessment*: the text ``urn:ecoval:fingerprint:…``."""
    return _code(assessment.fingerprint)


@lru_cache(maxsize=16)
def _code(fingerprint: str) -> Picture:
    import segno

    written = BytesIO()
    segno.make(f"{PREFIX}{fingerprint}", error="m", micro=False).save(
        written, kind="png", scale=4, border=2
    )
    return Picture(written.getvalue(), 1.8, f"QR {fingerprint}")
