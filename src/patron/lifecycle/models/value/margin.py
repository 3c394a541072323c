"""Margin rate: what share of a customer's revenue is left after the cost of what was sold, shrunken to the base's.

Margins can be negative, Gamma–Gamma can't: so CLV takes spend × this rate [definitions.md, Value]. With r_i the
customer's own rate on n_i occasions, r_i ~ N(μ, τ² + σ²/n_i); the rate used is (n_i r_i + κ μ) ÷ (n_i + κ) with
κ = σ²/τ² by the method of moments (a random-effects mean, DerSimonian & Laird 1986).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

LARGEST_RATE, LEAST_RATE = 1.0, -2.0
NO_SPREAD = 1e9


@dataclass(frozen=True)
class MarginRate:
    """`rate` of the whole base (money left ÷ revenue); `kappa`: how many occasions the base's rate weighs."""

    rate: float
    kappa: float

    def of(self, revenue: ArrayLike, cost: ArrayLike, orders: ArrayLike) -> Floats:
        """The shrunken margin rate of each customer (n); the base's where nothing of their own is known."""
        own, weight = _own_rate(revenue, cost, orders)
        return np.asarray((weight * own + self.kappa * self.rate) / (weight + self.kappa))


def stated(margin: float) -> MarginRate:
    """The same rate for everybody, as the user states it."""
    return MarginRate(margin, NO_SPREAD)


def fit(table: pa.Table) -> MarginRate:
    """From a SUMMARY table with costs. A base without revenue or spread has one rate for everybody."""
    revenue, cost, orders = (np.asarray(table.column(c).to_numpy(), dtype=float) for c in ("revenue", "cost", "orders"))
    known = ~np.isnan(cost) & (orders > 0)
    total = revenue[known].sum()
    rate = float(np.clip((total - cost[known].sum()) / total, LEAST_RATE, LARGEST_RATE)) if total > 0 else 0.0
    own, n = _own_rate(revenue, cost, orders)
    own, n = own[n > 0], n[n > 0]
    if len(own) < 3 or np.ptp(1 / n) == 0:
        return MarginRate(rate, NO_SPREAD)
    design = np.stack([np.ones(len(n)), 1 / n], axis=1)
    between, within = np.linalg.lstsq(design * n[:, None] ** 0.5, (own - rate) ** 2 * n**0.5, rcond=None)[0]
    if between <= 0:
        return MarginRate(rate, NO_SPREAD)
    return MarginRate(rate, float(np.clip(within / between, 0.5, NO_SPREAD)) if within > 0 else 0.5)


def _own_rate(revenue: ArrayLike, cost: ArrayLike, orders: ArrayLike) -> tuple[Floats, Floats]:
    """Each customer's own rate, and the occasions it rests on (0 where there is none)."""
    income, spent = np.asarray(revenue, dtype=float), np.asarray(cost, dtype=float)
    usable = (income > 0) & ~np.isnan(spent)
    left = np.divide(income - spent, income, out=np.zeros(income.shape), where=usable)
    return np.clip(left, LEAST_RATE, LARGEST_RATE), np.where(usable, np.asarray(orders, dtype=float), 0.0)
