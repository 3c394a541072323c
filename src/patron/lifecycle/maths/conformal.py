"""Quantile levels recalibrated by what backtests taught [Gneiting, Balabdaoui & Raftery 2007; Kuleshov et al. 2018].

Where an outcome falls in its own predictive distribution (the PIT) is uniform if the model is true. If, in a
backtest, only 84 % of outcomes fell below the model's 90 % quantile, then the quantile wanted is a higher one of the
model: the level u at which the share of outcomes below reached 90 %. `ConformalLevels` keeps that map, and moves
from the identity towards it as far as the number of customers supports.

A count falls on a stretch (P(N < y), P(N ≤ y)) of levels, not on a point. The share of outcomes below a level is
then the expectation over a draw along that stretch [Czado, Gneiting & Held 2009], so nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

TAILS = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075)
GRID = np.array([0.0, *TAILS, *np.arange(1, 100) / 100, *(1 - np.array(TAILS))[::-1], 1.0])
"""Levels at which the map is kept; straight lines in between."""
CELLS = GRID.size - 1
PRIOR_CUSTOMERS = 100.0
"""The identity weighs as much as this many customers."""


@dataclass(frozen=True)
class ConformalLevels:
    """The map: at the model's level `levels[i]`, `share[i]` of outcomes are expected below. Both rise from 0 to 1."""

    levels: tuple[float, ...]
    share: tuple[float, ...]
    n: float

    @staticmethod
    def identity() -> ConformalLevels:
        """The map that changes nothing, as without a backtest."""
        return ConformalLevels((0.0, 1.0), (0.0, 1.0), 0.0)

    @staticmethod
    def fit(
        below: ArrayLike,
        up_to: ArrayLike,
        *,
        weights: ArrayLike | None = None,
        customers: float | None = None,
        prior: float = PRIOR_CUSTOMERS,
    ) -> ConformalLevels:
        """The map from the outcomes of a backtest.

        below, up_to: P(N < outcome) and P(N ≤ outcome) by the model (n; equal for a continuous outcome). `weights`
        (n) are numbers of equal rows. `customers`: how many independent ones the rows come from, fewer than rows if
        several days judge the same people; default the total weight. `prior` > 0: how many customers the identity
        is worth. Raises ValueError for levels out of order.
        """
        low, high = np.asarray(below, dtype=np.float64), np.asarray(up_to, dtype=np.float64)
        if np.any(~((low >= 0) & (low <= high) & (high <= 1))):
            raise ValueError("levels must satisfy 0 ≤ P(N < outcome) ≤ P(N ≤ outcome) ≤ 1")
        w = np.ones(low.shape) if weights is None else np.asarray(weights, dtype=np.float64)
        total = float(np.sum(w))
        if not total > 0:
            return ConformalLevels.identity()
        n = total if customers is None else float(customers)
        trust = n / (n + prior)
        seen = np.cumsum(_mass(low, high, w)) / total
        share = np.minimum(trust * np.concatenate([[0.0], seen]) + (1 - trust) * GRID, 1.0)
        share[-1] = 1.0
        return ConformalLevels(tuple(GRID.tolist()), tuple(share.tolist()), n)

    def adjust(self, tau: ArrayLike) -> Floats:
        """The model's quantile level to read off so that a share `tau` (any shape, 0 … 1) of outcomes is below.

        Rises with tau, so recalibrated quantiles never cross.
        """
        return np.interp(np.asarray(tau, dtype=np.float64), self.share, self.levels)

    def cdf(self, level: ArrayLike) -> Floats:
        """The recalibrated P(N ≤ y) where the model says `level`: the inverse of `adjust`."""
        return np.interp(np.asarray(level, dtype=np.float64), self.levels, self.share)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON of the map."""
        return {"levels": list(self.levels), "share": list(self.share), "n": self.n}

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> ConformalLevels:
        """The map that gave `kept`."""
        levels: Sequence[float] = kept["levels"]
        share: Sequence[float] = kept["share"]
        return ConformalLevels(tuple(levels), tuple(share), float(kept["n"]))


def _mass(low: Floats, high: Floats, w: Floats) -> Floats:
    """How much weight falls in each cell of GRID when each outcome is spread evenly over its stretch.

    Only the two end cells of a stretch are told apart; those between get the same density, added up as steps, so the
    work is one pass over the outcomes. A stretch that reaches past a cell is at least that cell wide: no overflow.
    """
    first = np.clip(np.searchsorted(GRID, low, side="right") - 1, 0, CELLS - 1)
    last = np.clip(np.searchsorted(GRID, high, side="left") - 1, first, CELLS - 1)
    inside = first == last
    mass = _sums(first[inside], w[inside])
    a, b, i, j, w = low[~inside], high[~inside], first[~inside], last[~inside], w[~inside]
    mass += _sums(i, w * ((GRID[i + 1] - a) / (b - a)))
    mass += _sums(j, w * ((b - GRID[j]) / (b - a)))
    between = j > i + 1
    density = w[between] / (b - a)[between]
    steps = _sums(i[between] + 1, density) - _sums(j[between], density)
    return np.asarray(mass + np.maximum(np.cumsum(steps), 0.0) * np.diff(GRID))


def _sums(cell: NDArray[np.intp], w: Floats) -> Floats:
    # of no outcomes bincount gives whole numbers, whatever the weights
    return np.bincount(cell, weights=w, minlength=CELLS).astype(np.float64)
