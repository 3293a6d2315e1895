"""Clear computed numbers of float noise: fifteen significant digits, a column like each of its rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

_EXACT_POWERS = 22


def cleared(numbers: Any, digits: int = 15) -> npt.NDArray[np.float64]:
    """Return *numbers* as `ecoval.numerals.plain` writes each of them, to the last bit.

    Another number of *digits* keeps so many significant ones.

    >>> float(cleared(0.1 + 0.2)), cleared(np.array([1.1 * 1e4, 2.0])).tolist()
    (0.3, [11000.0, 2.0])
    """
    given = np.asarray(numbers, dtype=float)
    flat = np.atleast_1d(given)
    result = flat.copy()
    with np.errstate(all="ignore"):
        places = digits - 1 - np.floor(np.log10(np.abs(flat)))
    doubtful = np.isfinite(places) & ((places < 0) | (places > _EXACT_POWERS))
    for place in np.unique(places[np.isfinite(places) & ~doubtful]).astype(int):
        rows = np.flatnonzero(places == place)
        scaled = flat[rows] * 10.0**place
        whole = np.round(scaled)
        # Division by an exact power of ten is right to the last bit; what the product lost is not
        # enough to matter unless it stands near a tie, or the logarithm missed a power of ten.
        result[rows] = whole / 10.0**place
        near = np.abs(np.abs(scaled - np.floor(scaled)) - 0.5) <= 0.26 * 10.0 ** (digits - 15)
        missed = (np.abs(whole) < 10.0 ** (digits - 1)) | (np.abs(whole) >= 10.0**digits)
        doubtful[rows[near | missed]] = True
    for row in np.flatnonzero(doubtful):
        result[row] = float(format(flat[row], f".{digits}g"))
    return result.reshape(given.shape)
