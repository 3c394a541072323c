"""Evaluate a smooth function of (group, T) on few nodes of T and interpolate: what makes a million customers cheap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from patron.lifecycle.models.purchase.components import Component
from patron.lifecycle.models.purchase.histories import distinct

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rows = slice | NDArray[np.intp]

NODES = 24
DENSE = 64
TAIL = 1e-5
LARGEST = 1e7


class NodeGrid:
    """Which (group, T) to evaluate, and between which two of them, with what weight, each customer lies.

    `group` (n) whole numbers, `T` (n) weeks. A group with at most `NODES` distinct T keeps them all (exact), a larger
    one gets `NODES` of its quantiles, denser at the ends.
    """

    def __init__(self, group: Ints, T: Floats) -> None:
        (some_groups, times), back = distinct(np.asarray(group, dtype=float), np.asarray(T, dtype=float))
        groups = some_groups.astype(np.int64)
        n = len(groups)
        starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]][:n])
        node_group, node_time = [], []
        low, share = np.zeros(n, dtype=np.int64), np.zeros(n)
        first = 0
        for start, end in zip(starts, np.r_[starts[1:], n][: len(starts)], strict=True):
            values = times[start:end]
            nodes = _nodes(values)
            at = np.clip(np.searchsorted(nodes, values, side="right") - 1, 0, max(len(nodes) - 2, 0))
            low[start:end] = first + at
            gap = nodes[np.minimum(at + 1, len(nodes) - 1)] - nodes[at]
            share[start:end] = np.divide(values - nodes[at], gap, out=np.zeros(end - start), where=gap > 0)
            node_group.append(np.full(len(nodes), groups[start]))
            node_time.append(nodes)
            first += len(nodes)
        self.group: Ints = np.concatenate(node_group) if n else np.zeros(0, dtype=np.int64)
        self.T: Floats = np.concatenate(node_time) if n else np.zeros(0)
        self.low, self.share, self.high = low[back], share[back], (low + (share > 0))[back]

    def at(self, values: Floats, rows: Rows) -> Floats:
        """`values` (…, n_nodes) interpolated at these customers: (…, n_rows)."""
        low, high, share = self.low[rows], self.high[rows], self.share[rows]
        mixed: Floats = values[..., low] * (1 - share) + values[..., high] * share
        return mixed

    def pick(self, values: Floats, which: Ints, rows: Rows) -> Floats:
        """`values` (m, n_nodes) interpolated at these customers, of each only its row `which` (n_rows)."""
        low, high, share = self.low[rows], self.high[rows], self.share[rows]
        mixed: Floats = values[which, low] * (1 - share) + values[which, high] * share
        return mixed


def _nodes(ages: Floats) -> Floats:
    """Nodes for distinct ages (n ≥ 1) that come in order."""
    if len(ages) <= NODES:
        return ages
    return np.unique(np.quantile(ages, (1 - np.cos(np.linspace(0, np.pi, NODES))) / 2))


def count_grid(largest: float) -> Ints:
    """Counts k = 1 … DENSE, then steps of 5 % until `largest` is passed."""
    dense = np.arange(1, DENSE + 1)
    if largest <= DENSE:
        return dense
    steps = int(np.ceil(np.log(largest / DENSE) / np.log(1.05))) + 1
    return np.concatenate([dense, np.unique(np.round(DENSE * 1.05 ** np.arange(1, steps + 1)).astype(np.int64))])


class AliveCounts:
    """P(N ≥ k | alive) at nodes (x, T), one table (K, n_nodes) for each component, averaged over its shocks."""

    def __init__(self, worlds: Sequence[Component], x: Ints, T: Floats, horizon: float) -> None:
        self.x, self.T, self.horizon = x, T, horizon
        self.k = count_grid(self._largest(worlds))
        self.tables = [self._table(world) for world in worlds]

    @staticmethod
    def reach(table: Floats) -> Ints:
        """Up to which count each node of a table has a probability above 0: how many of `k`."""
        above = table > 0
        return np.where(above.any(axis=0), len(table) - np.argmax(above[::-1], axis=0), 0)

    def _largest(self, worlds: Sequence[Component]) -> float:
        """A count that no node passes with more than TAIL probability, found by doubling."""
        top = float(DENSE)
        if not len(self.x):
            return top
        busiest = np.unique(np.r_[np.argsort(-(self.x + 1) / (self.T + 1))[:NODES], np.argsort(-self.x)[:NODES]])
        while top < LARGEST and any(
            w.fitted.survival_alive(
                np.array([int(top)]), self.x[busiest], self.T[busiest], self.horizon, float(w.rates.max())
            ).max()
            > TAIL
            for w in worlds
        ):
            top *= 2
        return top

    def _table(self, world: Component) -> Floats:
        out = np.zeros((len(self.k), len(self.x)))
        for rate, weight in zip(world.rates, world.rate_weights, strict=True):
            for rows, size in self._blocks(world, float(rate)):
                out[:size, rows] += weight * world.fitted.survival_alive(
                    self.k[:size], self.x[rows], self.T[rows], self.horizon, float(rate)
                )
        return out

    def _blocks(self, world: Component, rate: float) -> Iterator[tuple[NDArray[np.intp], int]]:
        """Nodes grouped by how many counts they need, so that a quiet customer costs few evaluations."""
        need = np.full(len(self.x), len(self.k))
        for size in reversed([s for s in (8, 16, 32, DENSE, DENSE + 16) if s < len(self.k)]):
            tail = world.fitted.survival_alive(self.k[size - 1 : size], self.x, self.T, self.horizon, rate)[0]
            need[tail < TAIL] = size
        for size in np.unique(need):
            yield np.flatnonzero(need == size), int(size)
