"""Pareto/NBD: the customer may leave at any moment, purchase or not.

While alive a customer buys at rate λ ~ Gamma(r, α); it leaves at rate μ ~ Gamma(s, β) [Schmittlein, Morrison &
Colombo 1987]. For one alive at T: λ ~ Gamma(r+x, α+T) and μ ~ Gamma(s, β+T), independent, so that with H weeks to go
and y = log(1 + u/(α+T)) running over the times u of the k-th purchase

    P(N ≥ k | alive) = ∫ ((β+T)/(β+T+u))^s · (1−e^−y)^(k−1) e^−(r+x)y ÷ B(k, r+x) dy,   y up to log(1 + H/(α+T))
    E[N | alive]     = (r+x)/(α+T) · (β+T)/(s−1) · (1 − ((β+T)/(β+T+H))^(s−1))

and P(N = k | alive) is that of a negative binomial over the time the customer stays. The integrals run over the part
of y that matters, which is known because the integrand's logarithm is concave.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, expit, logsumexp

from patron.lifecycle.maths.special import Vector, gauss_legendre, log_negative_binomial, log_of
from patron.lifecycle.models.purchase.base import CountFitted, CountModel, in_blocks
from patron.lifecycle.models.purchase.fitting import estimate
from patron.lifecycle.models.purchase.histories import Histories, distinct
from patron.lifecycle.models.purchase.pareto_likelihood import log_likelihood, log_odds_departed

ENOUGH = 150_000
"""Customers that parameters are fitted on at most."""
NAMES = ("r", "alpha", "s", "beta")
STARTS = [
    {"r": 0.5, "alpha": 0.35, "s": 0.6, "beta": 0.4},
    {"r": 1.0, "alpha": 0.3, "s": 1.0, "beta": 1.0},
    {"r": 3.0, "alpha": 1.0, "s": 2.0, "beta": 5.0},
    {"r": 0.2, "alpha": 0.1, "s": 0.3, "beta": 0.1},
]
"""Like CDNOW, middling, regular and lasting, occasional and fleeting customers; α and β in mean ages."""
NODES = 48
FALL = 40.0


@dataclass(frozen=True, eq=False)
class ParetoNbdFitted(CountFitted):
    """A fitted Pareto/NBD, params r, alpha (weeks), s, beta (weeks)."""

    def p_alive(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike) -> Vector:
        """The alive part of the likelihood's two, worked once for each distinct history."""
        x, t_x, T = np.broadcast_arrays(*(np.atleast_1d(np.asarray(v, float)) for v in (x, t_x, T)))
        rows, back = distinct(x, t_x, T)
        return np.asarray(expit(-log_odds_departed(self._vector, *rows)))[back]

    def tail_alive(self, k: Vector, x: Vector, T: Vector, horizon: Vector, rate: float) -> Vector:
        """The integral over the time of the k-th purchase: still there when it comes."""
        r, alpha, s, beta = self.params.values()

        def tail(k: Vector, x: Vector, T: Vector, horizon: Vector) -> Vector:
            shape = r + x
            y, weight = _purchase_times(k, shape, np.log1p(horizon * rate / (alpha + T)))
            waited = (alpha + T)[:, None] * np.expm1(y) / rate
            height = (k - 1.0)[:, None] * log_of(-np.expm1(-y)) - shape[:, None] * y - betaln(k, shape)[:, None]
            stays = -s * np.log1p(waited / (beta + T)[:, None])
            return np.asarray(np.minimum(np.einsum("ij,ij->i", weight, np.exp(height + stays)), 1.0))

        return in_blocks(tail, k, x, T, horizon)

    def expected_alive(self, x: Vector, T: Vector, horizon: Vector, rate: float) -> Vector:
        """(r+x)/(α+T) · E[time the customer stays within the horizon]."""
        r, alpha, s, beta = self.params.values()
        return np.asarray(rate * (r + x) / (alpha + T) * _stay(s, beta + T, horizon))

    def log_probability_alive(self, k: Vector, x: Vector, T: Vector, horizon: Vector, rate: float) -> Vector:
        """log of: k purchases and there to the end, or k purchases before leaving on the way."""
        r, alpha, s, beta = self.params.values()

        def log_probability(k: Vector, x: Vector, T: Vector, horizon: Vector) -> Vector:
            shape, aged = r + x, alpha + T
            weeks = horizon * rate
            there = log_negative_binomial(k, shape, weeks / (aged + weeks)) - s * np.log1p(horizon / (beta + T))
            y, weight = _purchase_times(k + 1.0, shape, np.log1p(weeks / aged))
            gone = aged[:, None] * np.expm1(y) / rate
            leaves = np.log(s) - np.log((beta + T)[:, None] + gone) - s * np.log1p(gone / (beta + T)[:, None])
            jacobian = np.log(aged / rate)[:, None] + y
            bought = log_negative_binomial(k[:, None], shape[:, None], -np.expm1(-y))
            return np.logaddexp(there, logsumexp(leaves + bought + jacobian, axis=1, b=weight))

        return in_blocks(log_probability, k, x, T, horizon)

    def expected_from_start(self, t: npt.ArrayLike) -> Vector:
        """r/α · E[time a brand-new customer stays within t]."""
        r, alpha, s, beta = self.params.values()
        return np.asarray(r / alpha * _stay(s, np.asarray(beta), np.asarray(t, float)))

    @property
    def _vector(self) -> Vector:
        return np.array(list(self.params.values()))


class ParetoNbd(CountModel):
    """Pareto / negative binomial [Schmittlein, Morrison & Colombo 1987], for shops without a contract.

    Good where leaving has nothing to do with buying; its P(alive) can be shown. Does not work where customers buy at
    fixed intervals or where seasons dominate; slower to fit than BG/NBD. Higher scores mean more purchases.

    >>> from patron.lifecycle.models.purchase.histories import Histories
    >>> some = Histories.of([0, 2, 5, 0, 1], [0, 30, 38, 0, 4], [39, 39, 39, 20, 30])
    >>> fitted = ParetoNbd().fit_histories(some, seed=0)
    >>> recent, long_ago = fitted.p_alive([2, 2], [38.0, 10.0], [39.0, 39.0])
    >>> bool(recent > long_ago)
    True
    """

    name = "pareto_nbd"
    fitted = ParetoNbdFitted

    def fit_histories(self, histories: Histories, *, seed: int) -> ParetoNbdFitted:  # noqa: ARG002 (no chance in it)
        """Maximum likelihood, or the mode under the prior of `fitting` where the data can't decide.

        Of a larger base a fair sample of `ENOUGH` customers: its quadrature costs twenty times the other models'
        formulas, and the parameters are known to a per cent by then. `n` and the log-likelihood are the sample's.
        """
        histories = histories.sample(ENOUGH)
        found = estimate(log_likelihood, NAMES, STARTS, histories)
        return ParetoNbdFitted(
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


def _stay(s: float, aged: Vector, horizon: Vector) -> Vector:
    """E[weeks the customer stays within the horizon], leaving at rate μ ~ Gamma(s, aged); smooth at s = 1."""
    ratio = np.log1p(horizon / aged)
    bent = (s - 1.0) * ratio
    share = np.where(np.abs(bent) < 1e-9, 1.0 - 0.5 * bent, -np.expm1(-bent) / np.where(bent == 0.0, 1.0, bent))
    return np.asarray(aged * ratio * share)


def _purchase_times(k: Vector, shape: Vector, last: Vector) -> tuple[Vector, Vector]:
    """Nodes y in [0, last] (rows, NODES) where (1−e^−y)^(k−1) e^−shape·y matters, and their quadrature weights.

    Its logarithm is concave with mode log(1 + (k−1)/shape): to the left it falls at least like a normal of the
    curvature there, to the right at last like e^−shape·y; if the mode lies beyond `last`, at least with the slope
    at `last`.
    """
    mode = np.log1p((k - 1.0) / shape)
    sd = np.sqrt((k - 1.0) / (shape * (shape + k - 1.0)))
    upper = np.minimum(last, mode + 9.0 * sd + FALL / shape)
    with np.errstate(divide="ignore", over="ignore"):
        slope = (k - 1.0) / np.expm1(last) - shape
        rising = np.where(slope > 0, FALL / np.maximum(slope, 1e-300), np.inf)
    reach = np.where(
        last < mode, np.minimum(rising, 9.0 * sd + (mode - last)), 9.0 * sd + np.maximum(upper - mode, 0.0)
    )
    lower = np.maximum(upper - reach, 0.0)
    at, share = gauss_legendre(NODES)
    return lower[:, None] + (upper - lower)[:, None] * at, (upper - lower)[:, None] * share
