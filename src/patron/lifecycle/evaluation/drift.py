"""Whether later cases are other cases: the population stability index, with what chance alone would make of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2

Floats = NDArray[np.float64]

BINS = 10
LARGE = 0.2
"""Above it a shift is worth a look, whatever the number of cases."""
CHANCE = 0.999
LEAST = 200
"""Cases below which nothing is flagged."""
FLOOR = 0.5
"""Counts of a bin are at least this, so that an empty bin is no infinity."""


@dataclass(frozen=True)
class Drift:
    """`psi` of `n` later cases; `chance`: the 99.9 % quantile that the same population gives; None below 200."""

    psi: float
    n: int
    chance: float

    @property
    def flagged(self) -> bool:
        """Above both .2 and chance, of at least 200 cases."""
        return self.n >= LEAST and self.psi > max(LARGE, self.chance)


def edges(values: ArrayLike, bins: int = BINS) -> Floats:
    """The inner edges (≤ bins − 1) of bins of like counts; equal values share a bin."""
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known)]
    return np.unique(np.quantile(known, np.arange(1, bins) / bins)) if known.size else np.zeros(0)


def psi(before: ArrayLike, later: ArrayLike) -> Drift:
    """Σ (q − p) ln(q ÷ p) over bins, p and q the shares of counts `before` and `later` [Siddiqi 2006].

    Counts below ½ count as ½. Were both of one population, n m ÷ (n + m) × PSI would be about chi-square with
    bins − 1 degrees of freedom [Yurdakul & Naranjo 2020], which gives `chance`.
    """
    old, new = np.asarray(before, dtype=np.float64), np.asarray(later, dtype=np.float64)
    m, n = float(old.sum()), float(new.sum())
    used = (old > 0) | (new > 0)
    if not m or not n or used.sum() < 2:
        return Drift(0.0, int(n), 0.0)
    p, q = (np.maximum(counts[used], FLOOR) for counts in (old, new))
    p, q = p / p.sum(), q / q.sum()
    found = float(np.sum((q - p) * np.log(q / p)))
    return Drift(found, int(n), float(chi2.ppf(CHANCE, int(used.sum()) - 1)) * (1 / n + 1 / m))
