"""Common shocks: what moves everybody's purchases at once, learned from how the past strayed from the model.

A buy-till-you-die model says customers buy independently of each other. Real bases do not: a season, a
competitor or a campaign lifts or lowers everybody for weeks. One customer's interval hardly notices; the total of a
group does, and a group interval without it promises far too much (on CDNOW the totals of 300 customers are covered
55 % of the time instead of 80 %).

The log ratio of actual to expected repeat purchases by fortnight is read as a stationary Gaussian process with
standard deviation s and correlation length l (weeks), seen through Poisson noise and relative to its own mean over
the fitting window, because the fit has taken that mean as the base's level:

    r_i = s_i - mean(s) + noise,  Cov(s_i, s_j) = s² exp(-|t_i - t_j| / l),  Var(noise_i) = 1 / expected_i.

(s, l) are summed over a grid under a prior that gives half its weight to s = 0, so that a base which really is
independent keeps its narrow intervals. What is wanted is the log factor of a coming period against the fitted
level; it is used as a random factor on the purchase rate. When it does not work: a history of less than four
fortnights says nothing about l, and the prior decides; a season that is yet to come for the first time is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from patron.lifecycle.maths.normal import normal_grid

Floats = NDArray[np.float64]

S_GRID = np.concatenate([[0.0], np.exp(np.linspace(np.log(0.01), np.log(0.6), 14))])
LENGTH_GRID = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0])
PRIOR_NO_SHOCKS = 0.5
MIN_EXPECTED = 5.0
AHEAD_POINTS = 40


@dataclass(frozen=True)
class Shocks:
    """The posterior over (s, l), and what it says of any period ahead.

    `weeks`, `log_ratio`, `noise`: middle of each past bucket (weeks before the as-of day, negative), log of actual
    to expected, and its sampling variance. `weight`, `s`, `length`: the grid and its posterior weights.
    """

    weeks: Floats
    log_ratio: Floats
    noise: Floats
    s: Floats
    length: Floats
    weight: Floats

    def sd(self, horizon: float) -> float:
        """Root mean square of the log factor on the next `horizon` weeks, against the fitted level.

        Taken about zero, not about its mean: point predictions stay those of the model's parameters, and the
        interval has to hold what they miss.
        """
        total = 0.0
        for s, length, weight in zip(self.s, self.length, self.weight, strict=True):
            if weight > 1e-6 and s > 0:
                mean, variance = _ahead(self.weeks, self.log_ratio, self.noise, s, length, horizon)
                total += weight * (variance + mean * mean)
        return float(np.sqrt(total))

    def factors(self, horizon: float, n: int) -> tuple[Floats, Floats]:
        """`n` log factors for the period ahead and their weights (Gauss–Hermite nodes; one zero where sd is 0)."""
        sd = self.sd(horizon)
        if sd < 1e-6 or n == 1:
            return np.zeros(1), np.ones(1)
        nodes, weights = normal_grid(n)
        return sd * nodes, weights

    def to_json(self) -> dict[str, Any]:
        """Plain lists, for the card and for `--use`."""
        keep = self.weight > 1e-6
        return {
            "weeks": self.weeks.tolist(),
            "log_ratio": self.log_ratio.tolist(),
            "noise": self.noise.tolist(),
            "s": self.s[keep].tolist(),
            "length": self.length[keep].tolist(),
            "weight": self.weight[keep].tolist(),
        }

    @staticmethod
    def from_json(saved: dict[str, Any]) -> Shocks:
        """The inverse of `to_json`."""
        return Shocks(**{name: np.array(values, dtype=float) for name, values in saved.items()})


_EMPTY = np.zeros(0)
NO_SHOCKS = Shocks(_EMPTY, _EMPTY, _EMPTY, np.zeros(1), np.ones(1), np.ones(1))


def learn(weeks: Floats, actual: Floats, expected: Floats) -> Shocks:
    """The posterior from buckets of the fitting window.

    `weeks` (n): middle of each bucket in weeks relative to the as-of day, so below 0; `actual`, `expected` (n):
    repeat purchases in it and what the fitted model expected. Buckets with fewer than five expected are left out;
    under four buckets there is nothing to learn from and the answer is `NO_SHOCKS`.
    """
    enough = expected >= MIN_EXPECTED
    weeks, actual, expected = weeks[enough], actual[enough], expected[enough]
    if len(weeks) < 4:
        return NO_SHOCKS
    log_ratio = np.log((actual + 0.5) / (expected + 0.5))
    noise = 1.0 / (expected + 0.5)
    pairs = [(0.0, 1.0)] + [(s, length) for s in S_GRID[1:] for length in LENGTH_GRID]
    log_prior = np.full(len(pairs), np.log((1 - PRIOR_NO_SHOCKS) / (len(pairs) - 1)))
    log_prior[0] = np.log(PRIOR_NO_SHOCKS)
    log_post = log_prior + np.array([_log_likelihood(weeks, log_ratio, noise, s, length) for s, length in pairs])
    weight = np.exp(log_post - log_post.max())
    s_values, lengths = np.array(pairs).T
    return Shocks(weeks, log_ratio, noise, s_values, lengths, weight / weight.sum())


def _contrasts(noise: Floats) -> tuple[Floats, Floats]:
    """Weights of the fitted level (by information) and an orthonormal basis of what is left once it is taken off."""
    level = (1 / noise) / (1 / noise).sum()
    centred = np.eye(len(noise)) - level
    basis = np.linalg.svd(centred)[0][:, : len(noise) - 1].T
    return level, basis


def _covariance(times: Floats, s: float, length: float) -> Floats:
    return s * s * np.exp(-np.abs(times[:, None] - times[None, :]) / length)


def _log_likelihood(weeks: Floats, log_ratio: Floats, noise: Floats, s: float, length: float) -> float:
    level, basis = _contrasts(noise)
    centre = basis @ (np.eye(len(noise)) - level)
    covariance = centre @ (_covariance(weeks, s, length) + np.diag(noise)) @ centre.T
    y = centre @ log_ratio
    chol = np.linalg.cholesky(covariance)
    white = np.linalg.solve(chol, y)
    return float(-0.5 * white @ white - np.log(np.diag(chol)).sum())


def _ahead(
    weeks: Floats, log_ratio: Floats, noise: Floats, s: float, length: float, horizon: float
) -> tuple[float, float]:
    """Mean and variance of (average shock ahead − average shock of the fitting window), given the residuals."""
    level, basis = _contrasts(noise)
    centre = basis @ (np.eye(len(noise)) - level)
    ahead = (np.arange(AHEAD_POINTS) + 0.5) * horizon / AHEAD_POINTS
    full = _covariance(np.concatenate([weeks, ahead]), s, length)
    n = len(weeks)
    target = np.concatenate([-level, np.full(AHEAD_POINTS, 1 / AHEAD_POINTS)])
    covariance = centre @ (full[:n, :n] + np.diag(noise)) @ centre.T
    cross = centre @ (full[:n] @ target)
    solved = np.linalg.solve(covariance, cross)
    return float(solved @ (centre @ log_ratio)), max(float(target @ full @ target - cross @ solved), 0.0)
