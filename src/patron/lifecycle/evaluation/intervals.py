"""How good predictive intervals were: narrow and right. Judged by the interval score with coverage beside it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def winkler(actual: ArrayLike, low: ArrayLike, high: ArrayLike, level: float = 0.80) -> float:
    """Mean of width + 2/α × the distance outside, α = 1 − level [Winkler 1972; Gneiting & Raftery 2007]."""
    y, a, b = _floats(actual), _floats(low), _floats(high)
    outside = np.maximum(a - y, 0.0) + np.maximum(y - b, 0.0)
    return float(np.mean(b - a + 2.0 / (1.0 - level) * outside))


def coverage(actual: ArrayLike, low: ArrayLike, high: ArrayLike) -> float:
    """Share of outcomes inside their closed interval. Of counts this runs above the level: an end is a lump."""
    y = _floats(actual)
    return float(np.mean((y >= _floats(low)) & (y <= _floats(high))))


def randomised_coverage(
    below: ArrayLike, up_to: ArrayLike, level: float | None = 0.80, *, tau: tuple[ArrayLike, ArrayLike] | None = None
) -> float:
    """Coverage with the ends of a discrete interval counted in part: equals the level where the model is true.

    below, up_to: P(N < outcome) and P(N ≤ outcome) by the model (n). An outcome covers as much of the interval of
    quantile levels (τ_low, τ_high) as its own stretch (below, up_to) lies inside: the expectation of the randomised
    PIT [Czado, Gneiting & Held 2009] over its draw, so nothing is drawn. `tau` gives the two quantile levels where
    they are not (1 ∓ level) ÷ 2.
    """
    if tau is None:
        if level is None:
            raise ValueError("give a level or the two quantile levels")
        tau = ((1 - level) / 2, (1 + level) / 2)
    low, high = _floats(tau[0]), _floats(tau[1])
    a, b = _floats(below), _floats(up_to)
    width = b - a
    overlap = np.minimum(b, high) - np.maximum(a, low)
    lump = np.divide(np.maximum(overlap, 0.0), width, out=np.zeros_like(overlap), where=width > 0)
    return float(np.mean(np.where(width > 0, lump, (a > low) & (a < high))))


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)
