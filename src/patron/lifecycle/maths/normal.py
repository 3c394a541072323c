"""The normal distribution on a few points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def normal_grid(n: int) -> tuple[Floats, Floats]:
    """`n` Gauss–Hermite nodes of the standard normal and their weights (sum 1): exact for polynomials to 2n − 1."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(n)
    return nodes, weights / weights.sum()
