"""Clear computed numbers of float noise: fifteen significant digits, a column like each of its rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_EXACT_POWERS = 22
_POWERS = np.array([10.0**place for place in range(_EXACT_POWERS + 1)])
# So many numbers, and what is made of them on the way, stay in the cache.
_AT_ONCE = 8192


def cleared(numbers: Any, digits: int = 15) -> Array:
    """Return *numbers* as `ecoval.numerals.plain` writes each of them, to the last bit.

    Another number of *digits* keeps so many significant ones.

    >>> float(cleared(0.1 + 0.2)), cleared(np.array([1.1 * 1e4, 2.0])).tolist()
    (0.3, [11000.0, 2.0])
    """
    given = np.asarray(numbers, dtype=float)
    flat = np.atleast_1d(given).ravel()
    result = np.empty_like(flat)
    for start in range(0, len(flat), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        _clear(flat[part], digits, result[part])
    return result.reshape(given.shape)


def _clear(flat: Array, digits: int, result: Array) -> None:
    with np.errstate(all="ignore"):
        places = digits - 1 - np.floor(np.log10(np.abs(flat)))
        kept = np.isfinite(places)
        exact = kept & (places >= 0) & (places <= _EXACT_POWERS)
        powers = _POWERS[np.where(exact, places, 0).astype(np.int64)]
        scaled = flat * powers
        whole = np.round(scaled)
        # Division by an exact power of ten is right to the last bit; what the product lost is not
        # enough to matter unless it stands near a tie, or the logarithm missed a power of ten.
        result[:] = np.where(exact, whole / powers, flat) + 0.0  # a zero has no sign
        near = np.abs(np.abs(scaled - np.floor(scaled)) - 0.5) <= 0.26 * 10.0 ** (digits - 15)
        size = np.abs(whole)
        missed = (size < 10.0 ** (digits - 1)) | (size >= 10.0**digits)
    for row in np.flatnonzero(kept & (~exact | near | missed)):
        result[row] = float(format(flat[row], f".{digits}g"))
