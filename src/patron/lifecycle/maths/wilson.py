"""Wilson's interval of a share [Wilson 1927]: sound for small n, and for shares of 0 and 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]


def wilson(successes: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Lower and upper end of the `level` interval of successes ÷ n (any shapes that broadcast).

    Where n = 0 nothing is known: 0 to 1. Raises ValueError for successes outside 0 … n.
    """
    hits, tries = np.broadcast_arrays(np.asarray(successes, dtype=np.float64), np.asarray(n, dtype=np.float64))
    if np.any((hits < 0) | (hits > tries)):
        raise ValueError("successes must lie between 0 and n")
    z2 = float(ndtri(0.5 + level / 2)) ** 2
    safe = np.where(tries > 0, tries, 1.0)
    share = hits / safe
    middle = (share + z2 / (2 * safe)) / (1 + z2 / safe)
    half = np.sqrt(z2 * (share * (1 - share) / safe + z2 / (4 * safe**2))) / (1 + z2 / safe)
    low = np.where(hits == 0, 0.0, np.clip(middle - half, 0.0, 1.0))
    high = np.where(hits == tries, 1.0, np.clip(middle + half, 0.0, 1.0))
    return np.where(tries > 0, low, 0.0), np.where(tries > 0, high, 1.0)
