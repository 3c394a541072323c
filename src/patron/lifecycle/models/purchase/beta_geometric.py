"""What BG/NBD and MBG/NBD share: buying at a gamma-distributed rate, leaving with a beta-distributed chance.

While alive a customer buys at rate λ ~ Gamma(r, α); at each of its chances to leave it does so with probability
p ~ Beta(a, b). In BG/NBD [Fader, Hardie & Lee 2005] the chances are the repeat purchases, in MBG/NBD [Batislam,
Denizel & Filiztekin 2007] the first purchase is one as well. With y = x + (0 | 1) chances survived so far:

    L = Γ(r+x) αʳ / Γ(r) · B(a, b+y) / B(a, b) · [ (α+T)^-(r+x) + [y>0] · a/(b+y−1) · (α+t_x)^-(r+x) ]

and for a customer alive at T: λ ~ Gamma(r+x, α+T), p ~ Beta(a, b+y), so that with H weeks to go

    P(N ≥ k | alive) = I_z(k, r+x) · B(a, b+y+k−1) / B(a, b+y),   z = H ÷ (α+T+H)
    E[N | alive]     = E_p[ (1 − (1 + p·H/(α+T))^-(r+x)) ÷ p ],   p ~ Beta(a, b+y)

The usual closed form of the mean, with ₂F₁, divides 0 by 0 at a = 1 and loses all digits near it; the mean over p is
a sum of positive terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, digamma, gammaln, polygamma

from patron.lifecycle.maths.newton import Derivatives
from patron.lifecycle.maths.special import (
    Vector,
    beta_nodes,
    log_beta_step,
    log_negative_binomial,
    log_negative_binomial_tail,
    log_of,
    negative_binomial_tail,
    negative_binomial_tails,
)
from patron.lifecycle.models.purchase.base import CountFitted, CountModel, in_blocks
from patron.lifecycle.models.purchase.fitting import estimate
from patron.lifecycle.models.purchase.histories import Histories

NAMES = ("r", "alpha", "a", "b")
STARTS = [
    {"r": 0.25, "alpha": 0.15, "a": 0.8, "b": 2.5},
    {"r": 1.0, "alpha": 0.3, "a": 0.5, "b": 3.0},
    {"r": 3.0, "alpha": 1.0, "a": 2.0, "b": 10.0},
    {"r": 0.1, "alpha": 0.02, "a": 0.1, "b": 0.3},
]
"""Occasional, middling, regular and split customers; α in mean ages."""
CHUNK = 8_192
WIDE = 1_024


@dataclass(frozen=True, eq=False)
class BetaGeometricFitted(CountFitted):
    """A fitted BG/NBD or MBG/NBD, params r, alpha (weeks), a, b."""

    first_chance: ClassVar[int] = 0
    """Chances to leave at the first purchase: 0 in BG/NBD, 1 in MBG/NBD."""

    def p_alive(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike) -> Vector:
        """1 ÷ (1 + [y>0] · a/(b+y−1) · ((α+T)/(α+t_x))^(r+x))."""
        r, alpha, a, b = self.params.values()

        def alive(x: Vector, t_x: Vector, T: Vector) -> Vector:
            y = x + self.first_chance
            with np.errstate(over="ignore"):
                odds = np.exp((r + x) * (np.log(alpha + T) - np.log(alpha + t_x))) * a
                share = 1.0 / (1.0 + odds / np.where(y > 0, b + (y - 1.0), 1.0))
            return np.where(y > 0, share, 1.0)

        return in_blocks(alive, x, t_x, T)

    def tail_alive(self, k: Vector, x: Vector, T: Vector, horizon: Vector, rate: float) -> Vector:
        """I_z(k, r+x) · B(a, b+y+k−1) / B(a, b+y)."""
        r, alpha, a, b = self.params.values()
        weeks = horizon * rate
        tail = negative_binomial_tail(k, r + x, weeks / (alpha + T + weeks))
        return np.asarray(tail * np.exp(log_beta_step(a, b + x + self.first_chance, k - 1.0)))

    def survival_alive(
        self, k: npt.ArrayLike, x: npt.ArrayLike, T: npt.ArrayLike, horizon: npt.ArrayLike, rate: float = 1.0
    ) -> Vector:
        """`tail_alive` of each k; for k = 1, 2, 3, … worked from one to the next."""
        counts = np.atleast_1d(np.asarray(k, float))
        if len(counts) == 1 or not np.array_equal(counts, np.arange(1.0, len(counts) + 1.0)):
            return super().survival_alive(k, x, T, horizon, rate)
        x, T, horizon = np.broadcast_arrays(*(np.atleast_1d(np.asarray(v, float)) for v in (x, T, horizon)))
        r, alpha, a, b = self.params.values()
        weeks = horizon * rate
        tails = negative_binomial_tails(len(counts), r + x, weeks / (alpha + T + weeks))
        survived = b + x + self.first_chance + (counts[:-1] - 1.0)[:, None]
        tails[1:] *= np.cumprod(survived / (a + survived), axis=0)
        return tails

    def expected_alive(self, x: Vector, T: Vector, horizon: Vector, rate: float) -> Vector:
        """E_p[(1 − (1 + p·H/(α+T))^-(r+x)) ÷ p], the nodes of p made once for each distinct x."""
        r, alpha, a, b = self.params.values()
        w = np.asarray(horizon * rate / (alpha + T), float)
        distinct_x, which = np.unique(x, return_inverse=True)
        p, weight = beta_nodes(a, b + distinct_x + self.first_chance)
        out = np.empty(len(x))
        for start in range(0, len(x), WIDE):
            rows = slice(start, start + WIDE)
            out[rows] = _mean_count(p[which[rows]], weight[which[rows]], w[rows, None], (r + x[rows])[:, None])
        return out

    def log_probability_alive(self, k: Vector, x: Vector, T: Vector, horizon: Vector, rate: float) -> Vector:
        """log of: k purchases and still there, or k purchases of which the last was the end."""
        r, alpha, a, b = self.params.values()
        weeks = horizon * rate
        z = weeks / (alpha + T + weeks)
        b_now = b + x + self.first_chance
        there = log_negative_binomial(k, r + x, z) + log_beta_step(a, b_now, k)
        before = np.maximum(k, 1.0)
        left = log_negative_binomial_tail(before, r + x, z) + log_beta_step(a, b_now, before - 1.0)
        left = left + np.log(a) - np.log(a + b_now + before - 1.0)
        return np.asarray(np.logaddexp(there, np.where(k > 0, left, -np.inf)))

    def expected_from_start(self, t: npt.ArrayLike) -> Vector:
        """The mean of a brand-new customer; in MBG/NBD it may have left at its first purchase."""
        _, _, a, b = self.params.values()
        t = np.asarray(t, float)
        zero = np.zeros(t.size)
        stays = b / (a + b) if self.first_chance else 1.0
        return (stays * self.expected_alive(zero, zero, t.ravel(), 1.0)).reshape(t.shape)


class BetaGeometricModel(CountModel):
    """Fits r, α, a, b by maximum likelihood."""

    fitted: type[BetaGeometricFitted]

    def fit_histories(self, histories: Histories, *, seed: int) -> BetaGeometricFitted:  # noqa: ARG002 (no chance in it)
        """Maximum likelihood, or the mode under the prior of `fitting` where the data can't decide."""
        first_chance = self.fitted.first_chance

        def objective(params: Vector, rows: Histories) -> Derivatives:
            return log_likelihood(params, rows, first_chance)

        found = estimate(objective, NAMES, STARTS, histories)
        return self.fitted(
            name=self.name,
            params=found.params,
            std_errors=found.std_errors,
            log_likelihood=found.log_likelihood,
            n=histories.customers,
            covariance=found.covariance,
            shrunken=found.shrunken,
            notes=found.notes,
            typical_T=histories.typical_age,
        )


def _mean_count(p: Vector, weight: Vector, w: Vector, shape: Vector) -> Vector:
    """Σ weight · (1 − (1+pw)^-shape) ÷ p along the last axis; where p is tiny the limit, to second order."""
    grown = shape * np.log1p(p * w)
    value = np.where(grown > 1e-8, -np.expm1(-grown) / p, shape * w * (1.0 - 0.5 * grown))
    return np.asarray(np.einsum("ij,ij->i", weight, value))


def log_likelihood(params: Vector, rows: Histories, first_chance: int) -> Derivatives:
    """Log-likelihood of `rows` at (r, α, a, b), its gradient (4,) and Hessian (4, 4)."""
    value, gradient, hessian = _gammas(params, rows, first_chance)
    for start in range(0, len(rows.x), CHUNK):
        part = slice(start, start + CHUNK)
        more = _bracket(params, rows.x[part], rows.t_x[part], rows.T[part], rows.n[part], first_chance)
        value, gradient, hessian = value + more[0], gradient + more[1], hessian + more[2]
    return value, gradient, hessian


def _bracket(params: Vector, x: Vector, t_x: Vector, T: Vector, n: Vector, first_chance: int) -> Derivatives:
    """Σ n · log of the bracket: alive at T, or left at the last purchase. δ is the log odds of the second."""
    r, alpha, a, b = (float(v) for v in params)
    k, y = r + x, x + first_chance
    at_T, at_last = 1.0 / (alpha + T), 1.0 / (alpha + t_x)
    log_T = np.log(alpha + T)
    gap = log_T - np.log(alpha + t_x)
    per_b = np.where(y > 0, 1.0 / np.where(y > 0, b + (y - 1.0), 1.0), 0.0)
    odds = k * gap + log_of(a * per_b)
    small = np.exp(-np.abs(odds))
    left = n * np.where(odds > 0, 1.0, small) / (1.0 + small)
    unsure = n * small / (1.0 + small) ** 2
    apart = at_T - at_last
    slopes = np.stack([gap, k * apart, np.full_like(gap, 1.0 / a), -per_b])
    value = float(n @ (np.maximum(odds, 0.0) + np.log(1.0 + small) - k * log_T))
    gradient = slopes @ left - np.array([n @ log_T, n @ (k * at_T), 0.0, 0.0])
    hessian = (slopes * unsure) @ slopes.T
    cross = float(left @ apart - n @ at_T)
    hessian[0, 1] += cross
    hessian[1, 0] += cross
    hessian[1, 1] += float((left * k) @ (at_last**2 - at_T**2) + n @ (k * at_T**2))
    hessian[2, 2] -= float(left.sum()) / a**2
    hessian[3, 3] += float(left @ per_b**2)
    return value, gradient, hessian


def _gammas(params: Vector, rows: Histories, first_chance: int) -> Derivatives:
    """Σ log[Γ(r+x) αʳ/Γ(r) · B(a, b+y)/B(a, b)], worked once for each distinct x."""
    r, alpha, a, b = (float(v) for v in params)
    x, n = rows.count_by_x
    total = float(n.sum())
    b_now, both = b + x + first_chance, a + b + x + first_chance
    value = n @ (gammaln(r + x) + betaln(a, b_now)) + total * (r * np.log(alpha) - gammaln(r) - betaln(a, b))
    beta_slope = digamma(a + b) - digamma(a), digamma(a + b) - digamma(b)
    gradient = np.array(
        [
            n @ digamma(r + x) + total * (np.log(alpha) - digamma(r)),
            total * r / alpha,
            n @ (digamma(a) - digamma(both)) + total * beta_slope[0],
            n @ (digamma(b_now) - digamma(both)) + total * beta_slope[1],
        ]
    )
    shared = total * polygamma(1, a + b) - n @ polygamma(1, both)
    hessian = np.zeros((4, 4))
    hessian[0, 0] = n @ polygamma(1, r + x) - total * polygamma(1, r)
    hessian[0, 1] = hessian[1, 0] = total / alpha
    hessian[1, 1] = -total * r / alpha**2
    hessian[2, 2] = shared
    hessian[2, 3] = hessian[3, 2] = shared
    hessian[3, 3] = shared + n @ polygamma(1, b_now) - total * polygamma(1, b)
    return float(value), gradient, hessian
