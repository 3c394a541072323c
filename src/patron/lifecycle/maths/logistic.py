"""The logistic form P = 1 ÷ (1 + e^−z), and the straight line on the logit scale fitted to outcomes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, log_expit, logit

Floats = NDArray[np.float64]

EDGE = 1e-12
"""Probabilities are kept this far from 0 and 1 before their logit is taken."""
STEPS = 100
ENOUGH = 1e-11
FLAT = 1e-12
"""Relative curvature under which no line is the best one."""
PERFECT = 1e-8
"""Misfit for each outcome under which the outcomes are split perfectly: the steeper, the better, without end."""


def probability(intercept: float, coefficients: ArrayLike, x: ArrayLike) -> Floats:
    """P = 1 ÷ (1 + e^−(β₀ + Σ βᵢ xᵢ)) for one customer (k) or many (n, k); no overflow however large the sum."""
    z = intercept + np.asarray(x, dtype=np.float64) @ np.asarray(coefficients, dtype=np.float64)
    return np.asarray(expit(z))


def safe_logit(p: ArrayLike) -> Floats:
    """log(p ÷ (1−p)), with p kept a hair away from 0 and 1."""
    return np.asarray(logit(np.clip(np.asarray(p, dtype=np.float64), EDGE, 1 - EDGE)))


@dataclass(frozen=True)
class LogitLine:
    """logit P = intercept + slope × logit p."""

    intercept: float
    slope: float

    def apply(self, p: ArrayLike) -> Floats:
        """The probabilities (n) moved along the line."""
        return np.asarray(expit(self.intercept + self.slope * safe_logit(p)))


NO_LINE = LogitLine(float("nan"), float("nan"))


def fit_logit_line(
    p: ArrayLike, happened: ArrayLike, weights: ArrayLike | None = None, ridge: float = 0.0
) -> LogitLine:
    """The line by maximum likelihood, Newton with step halving [Cox 1958; Platt 1999 for the use as calibration].

    `happened` (n) may be 0/1 or shares. `ridge` pulls towards the identity (0, 1) as that many customers' doubt would.
    Where no line is best (outcomes all the same, all p equal, or split perfectly) only a ridge > 0 gives an answer;
    without one the result is NaN.
    """
    x, y = safe_logit(p), np.asarray(happened, dtype=np.float64)
    w = np.ones(x.shape) if weights is None else np.asarray(weights, dtype=np.float64)
    beta = np.array([0.0, 1.0])
    value = _value(beta, x, y, w, ridge)
    for _ in range(STEPS):
        slope, curve = _derivatives(beta, x, y, w, ridge)
        flat = float(np.linalg.det(curve)) <= FLAT * float(curve[0, 0] * curve[1, 1])
        if flat or value > -PERFECT * float(np.sum(w)):
            return NO_LINE
        step = np.asarray(np.linalg.solve(curve, slope), dtype=np.float64)
        if float(slope @ step) < ENOUGH:
            return LogitLine(float(beta[0]), float(beta[1]))
        beta, value = _safeguarded(beta, step, value, (x, y, w, ridge))
    return NO_LINE


def _value(beta: Floats, x: Floats, y: Floats, w: Floats, ridge: float) -> float:
    z = beta[0] + beta[1] * x
    fit = np.sum(w * (y * log_expit(z) + (1 - y) * log_expit(-z)))
    return float(fit - ridge / 2 * (beta[0] ** 2 + (beta[1] - 1) ** 2))


def _derivatives(beta: Floats, x: Floats, y: Floats, w: Floats, ridge: float) -> tuple[Floats, Floats]:
    q = expit(beta[0] + beta[1] * x)
    off, weight = w * (y - q), w * q * (1 - q)
    cross = np.sum(weight * x)
    slope = np.array([np.sum(off), np.sum(off * x)]) - ridge * (beta - np.array([0.0, 1.0]))
    curve = np.array([[np.sum(weight), cross], [cross, np.sum(weight * x * x)]]) + ridge * np.eye(2)
    return slope, curve


def _safeguarded(
    beta: Floats, step: Floats, value: float, data: tuple[Floats, Floats, Floats, float]
) -> tuple[Floats, float]:
    """The longest of the step, half of it, a quarter … that does not make things worse."""
    for halvings in range(40):
        moved = beta + step / 2**halvings
        found = _value(moved, *data)
        if found >= value:
            return moved, found
    return beta + step / 2**40, value
