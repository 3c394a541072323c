"""The whole predictive distribution of a customer's purchases in a coming period, for millions of customers.

Given that the customer is still alive at T, what follows depends on (x, T) only; t_x enters through P(alive) alone:

    P(N ≥ k | x, t_x, T) = Σ_m w_m · P_m(alive | x, t_x, T) · P_m(N ≥ k | alive, x, T)

The sum runs over components: draws of the parameters from their asymptotic distribution (parameter uncertainty),
each with a common shock on the purchase rate (`shocks`). P(N ≥ k | alive, x, T) is smooth in T, so for every x it is
tabulated on few values of T and interpolated (`nodes`). Counts up to 64 are exact, beyond that k runs on a geometric
grid (relative error < 3 %).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from patron.lifecycle.models.purchase import histories
from patron.lifecycle.models.purchase.base import CountFitted
from patron.lifecycle.models.purchase.components import components
from patron.lifecycle.models.purchase.nodes import DENSE, AliveCounts, NodeGrid, Rows
from patron.lifecycle.models.purchase.shocks import NO_SHOCKS, Shocks

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CHUNK = 50_000


class CountPredictive:
    """P(N = 0, 1, 2, …) in the next `horizon` weeks for each of n customers.

    `x` (n) repeat occasions, `t_x`, `T` (n) weeks. Work is done once per distinct (x, t_x, T).
    """

    def __init__(
        self,
        fitted: CountFitted,
        x: Ints,
        t_x: Floats,
        T: Floats,
        horizon: float,
        *,
        shocks: Shocks = NO_SHOCKS,
        seed: int = 0,
        draws: int | None = None,
    ) -> None:
        self.horizon = horizon
        self.components = components(fitted, horizon, shocks, seed=seed, draws=draws)
        self.x, self.t_x, self.T, self.inverse = distinct(x, t_x, T)
        self.grid = NodeGrid(self.x, self.T)
        self.counts = AliveCounts(self.components, self.grid.group, self.grid.T, horizon)
        self.k = self.counts.k
        self.alive = np.stack([c.fitted.p_alive(self.x, self.t_x, self.T) for c in self.components])

    def survival(self, rows: Rows, depth: int | None = None) -> Floats:
        """P(N ≥ k) for the first `depth` (default: all) of the counts `self.k` at these distinct histories."""
        total = np.zeros((depth or len(self.k), len(self.x[rows])))
        for component, table, alive in zip(self.components, self.counts.tables, self.alive, strict=True):
            total += self.grid.at(table[:depth], rows) * (component.weight * alive[rows])
        return total

    def _depth(self, rows: Rows) -> int:
        """How many of the counts `self.k` these histories need: all that can happen, and one more."""
        deepest = int(np.maximum(self._reach[self.grid.low[rows]], self._reach[self.grid.high[rows]]).max())
        return min(deepest + 1, len(self.k))

    @cached_property
    def _reach(self) -> Ints:
        """At each node, how many counts have a probability above 0 in some component."""
        return np.asarray(np.max([self.counts.reach(table) for table in self.counts.tables], axis=0))

    def quantiles(self, levels: Sequence[float]) -> Floats:
        """Smallest count y with P(N ≤ y) ≥ level: (n_levels, n), whole numbers."""
        out = np.zeros((len(levels), len(self.x)))
        for start in range(0, len(self.x), CHUNK):
            rows = slice(start, start + CHUNK)
            survival = self.survival(rows, self._depth(rows))
            for i, level in enumerate(levels):
                out[i, rows] = self._count_where(survival, 1 - level)
        return out[:, self.inverse]

    def _count_where(self, survival: Floats, above: float) -> Floats:
        """The largest k with P(N ≥ k) > `above`; beyond the dense part placed between two grid points."""
        found = (survival > above).sum(axis=0)
        y: Floats = found.astype(float)
        wide = np.flatnonzero(found >= DENSE)
        if len(wide) and len(self.k) > DENSE:
            j = np.minimum(found[wide], len(self.k) - 1)
            before, behind = survival[j - 1, wide], survival[j, wide]
            share = np.divide(before - above, before - behind, out=np.ones(len(j)), where=before > behind)
            y[wide] = np.floor(self.k[j - 1] + np.clip(share, 0, 1) * (self.k[j] - self.k[j - 1]))
        return y

    def cdf_around(self, counts: Ints) -> tuple[Floats, Floats]:
        """P(N < y) and P(N ≤ y) at each customer's count y (n): the two ends of its probability integral transform."""
        below, upto = np.empty(len(counts)), np.empty(len(counts))
        for start in range(0, len(counts), CHUNK):
            rows = slice(start, start + CHUNK)
            distinct_rows, column = np.unique(self.inverse[rows], return_inverse=True)
            survival = self.survival(distinct_rows)
            below[rows] = 1 - self._survival_at(survival, column, counts[rows])
            upto[rows] = 1 - self._survival_at(survival, column, counts[rows] + 1)
        return below, upto

    def _survival_at(self, survival: Floats, column: NDArray[np.intp], k: Ints) -> Floats:
        at = np.clip(np.searchsorted(self.k, k, side="right") - 1, 0, len(self.k) - 1)
        after = np.minimum(at + 1, len(self.k) - 1)
        gap = np.maximum(self.k[after] - self.k[at], 1)
        share = np.clip((k - self.k[at]) / gap, 0, 1)
        values = survival[at, column] * (1 - share) + survival[after, column] * share
        return np.where(k <= 0, 1.0, values)

    def moments(self, component: int) -> tuple[Floats, Floats]:
        """Mean and variance of N in one component: two arrays (n)."""
        step = np.diff(np.r_[0, self.k]).astype(float)
        middle = self.k - (step - 1) / 2
        table, alive = self.counts.tables[component], self.alive[component]
        mean = self.grid.at((table * step[:, None]).sum(axis=0), slice(None)) * alive
        second = self.grid.at((table * (step * (2 * middle - 1))[:, None]).sum(axis=0), slice(None)) * alive
        return mean[self.inverse], np.maximum(second - mean**2, 0)[self.inverse]


def distinct(x: Ints, t_x: Floats, T: Floats) -> tuple[Ints, Floats, Floats, NDArray[np.intp]]:
    """Distinct (x, t_x, T), sorted by x, T, t_x, and for each customer which one it has."""
    (some_x, some_T, some_t_x), inverse = histories.distinct(*(np.asarray(v, dtype=float) for v in (x, T, t_x)))
    return some_x.astype(np.asarray(x).dtype), some_t_x, some_T, inverse
