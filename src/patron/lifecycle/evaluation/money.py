"""How good predicted money was. Total ratio and bias are in `counts`, the share of the top decile is `decile_gain`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

COMPOUND_POISSON = 1.5


def deviance(actual: ArrayLike, expected: ArrayLike, power: float = COMPOUND_POISSON) -> float:
    """Mean Tweedie deviance of money [Tweedie 1984; Dunn & Smyth 2005]: smaller is better, 0 is exact.

    power 1.5 (compound Poisson) suits totals of which many are 0; 1 is the Poisson, 2 the gamma deviance (actual > 0).
    A negative total (more returned than bought) counts as 0. Infinite if 0 was expected where something happened.
    Raises ValueError for an expectation below 0, another power, or a zero under the gamma deviance.
    """
    y, mu = np.maximum(np.asarray(actual, dtype=np.float64), 0.0), np.asarray(expected, dtype=np.float64)
    if np.any(mu < 0) or not 1 <= power <= 2 or (power == 2 and np.any(y == 0)):
        raise ValueError("the deviance needs expectations ≥ 0, a power from 1 to 2, and actual values > 0 for power 2")
    if np.any((mu == 0) & (y > 0)):
        return float("inf")
    known = mu > 0
    return float(np.sum(_unit_deviance(y[known], mu[known], power)) / y.size)


def _unit_deviance(y: Floats, mu: Floats, power: float) -> Floats:
    ratio = np.where(y > 0, y, 1.0) / mu
    if power == 1:
        return 2 * (y * np.where(y > 0, np.log(ratio), 0.0) - y + mu)
    if power == 2:
        return 2 * (ratio - 1 - np.log(ratio))
    near = y ** (2 - power) / ((1 - power) * (2 - power))
    return np.asarray(2 * (near - y * mu ** (1 - power) / (1 - power) + mu ** (2 - power) / (2 - power)))
