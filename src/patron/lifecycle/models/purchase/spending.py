"""The predictive distribution of a customer's money in a coming period: how often, times how much, discounted.

Given N purchases and the customer's rate ν, their sum is Gamma(pN, ν), and ν | history ~ Gamma(q + p n, γ + n m̄)
[Fader & Hardie 2013]. So the sum is (γ + n m̄) · R with R = Gamma(pN, 1) ÷ Gamma(q + p n, 1), and given that the
customer is alive R depends on (x, n, T) only. Its quantiles are drawn once per node of T and interpolated; being
dead adds a lump at 0. The draws run over the components, so they carry parameter uncertainty and common shocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from patron.lifecycle.maths.quantiles import quantiles_by_row
from patron.lifecycle.models.purchase.components import Component
from patron.lifecycle.models.purchase.gamma_gamma import SpendFitted
from patron.lifecycle.models.purchase.histories import distinct
from patron.lifecycle.models.purchase.nodes import AliveCounts, NodeGrid, Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_TAIL = np.array([0.0005, 0.001, 0.0025, 0.005])
LEVELS = np.concatenate([[0.0], _TAIL, np.arange(1, 100) / 100, 1 - _TAIL[::-1]])
MOST_DRAWS = 8_000
LEAST_DRAWS = 1_000
BUDGET = 4_000_000  # draws in all
CHUNK = 100_000
MOST_GROUPS = 1_500


@dataclass(frozen=True)
class Buyer:
    """What the spread of a customer's money depends on (arrays of n): repeat occasions, age, paid repeat occasions
    and their mean, P(alive), and what one unit of money counts (discount × margin rate)."""

    x: Ints
    T: Floats
    repeat_n: Ints
    repeat_mean: Floats
    alive: Floats
    worth: Floats


def money_quantiles(
    worlds: Sequence[Component],
    spends: Sequence[SpendFitted],
    spend: SpendFitted,
    buyer: Buyer,
    horizon: float,
    levels: Sequence[float],
    *,
    seed: int = 0,
) -> Floats:
    """Quantiles of the money of the next `horizon` weeks: (n_levels, n).

    `spends`: one draw of the spend model a component; `spend`: the fitted one, which sets the scale.
    """
    group, keys = _groups(buyer.x, buyer.repeat_n)
    grid = NodeGrid(group, buyer.T)
    x, repeat_n = keys[:, 0][grid.group], keys[:, 1][grid.group]
    drawn = _conditional_quantiles(worlds, spends, spend, (x, repeat_n, grid.T), horizon, seed)
    _, scale = spend.spend_posterior(buyer.repeat_n, buyer.repeat_mean)
    out = np.zeros((len(levels), len(buyer.x)))
    for start in range(0, len(buyer.x), CHUNK):
        rows = slice(start, start + CHUNK)
        for i, level in enumerate(levels):
            given_alive = 1 - (1 - level) / np.maximum(buyer.alive[rows], 1e-12)
            out[i, rows] = _interpolate(grid, drawn, rows, given_alive) * scale[rows] * buyer.worth[rows]
    return out


def _groups(x: Ints, repeat_n: Ints) -> tuple[Ints, Ints]:
    """Which distinct (x, repeat_n) each customer has: group (n), keys (n_groups, 2).

    With very many (thousands of purchases a customer) neighbours within 5 % are taken together.
    """
    pairs = [np.asarray(column, dtype=float) for column in (x, repeat_n)]
    keys, group = distinct(*pairs)
    if len(keys[0]) > MOST_GROUPS:
        keys, group = distinct(*(np.where(column > 40, _rounded(column), column) for column in pairs))
    return group, np.stack(keys, axis=1).astype(np.int64)


def _rounded(counts: Floats) -> Floats:
    """Counts to within 5 %."""
    return np.asarray(np.round(np.exp(np.round(np.log(np.maximum(counts, 1)) / 0.05) * 0.05)))


def _conditional_quantiles(
    worlds: Sequence[Component],
    spends: Sequence[SpendFitted],
    spend: SpendFitted,
    nodes: tuple[Ints, Ints, Floats],
    horizon: float,
    seed: int,
) -> Floats:
    """Quantiles at LEVELS of R given alive, on every node: (n_levels, n_nodes)."""
    x, repeat_n, T = nodes
    per_world = int(np.clip(BUDGET // max(len(x), 1), LEAST_DRAWS, MOST_DRAWS)) // len(worlds) + 1
    rng = np.random.default_rng(seed)
    mean = np.full(len(x), spend.mean)
    _, scale = spend.spend_posterior(repeat_n, mean)
    counts = AliveCounts(worlds, x, T, horizon)
    out = np.empty((len(LEVELS), len(x)))
    size = max(1, 4_000_000 // (per_world * len(worlds)))
    for start in range(0, len(x), size):
        part = slice(start, start + size)
        draws = []
        for world_spend, table in zip(spends, counts.tables, strict=True):
            u = (rng.permutation(per_world)[:, None] + rng.random((per_world, 1))) / per_world
            n = _invert(table[:, part], counts.k, u[:, 0])
            shape, rate = world_spend.spend_posterior(repeat_n[part], mean[part])
            total = rng.standard_gamma(np.maximum(world_spend.p * n, 1e-300)) * (n > 0)
            draws.append(total / rng.standard_gamma(np.broadcast_to(shape, n.shape)) * (rate / scale[part]))
        out[:, part] = quantiles_by_row(np.concatenate(draws).T, LEVELS).T
    return out


def _invert(survival: Floats, k: Ints, u: Floats) -> Floats:
    """The count with P(N ≥ count) > u ≥ P(N ≥ next), for draws u (J) at every node: (J, n_nodes).

    The few probabilities are looked up among the many draws: that says how many draws have each count.
    """
    values = np.r_[0, k].astype(float)[::-1]
    order = np.argsort(u)
    below = np.minimum.accumulate(np.searchsorted(u[order], survival, side="left"), axis=0)[::-1]
    many = np.diff(below, axis=0, prepend=0, append=len(u))
    out = np.empty((len(u), survival.shape[1]))
    for node in range(survival.shape[1]):
        out[order, node] = np.repeat(values, many[:, node])
    return out


def _interpolate(grid: NodeGrid, table: Floats, rows: Rows, level: Floats) -> Floats:
    """Quantile at `level` (n_rows) of these customers from the quantiles of the nodes (n_levels, n_nodes); 0 at or
    below level 0."""
    at = np.clip(np.searchsorted(LEVELS, level, side="right") - 1, 0, len(LEVELS) - 2)
    share = np.clip((level - LEVELS[at]) / (LEVELS[at + 1] - LEVELS[at]), 0, 1)
    found = grid.pick(table, at, rows) * (1 - share) + grid.pick(table, at + 1, rows) * share
    return np.where(level <= 0, 0.0, found)
