"""Newton's method that cannot run away: a trust region around every step.

The log-likelihoods here have two to four parameters and exact derivatives, so a step costs one pass over the
data and an eigen-decomposition of a 4 × 4 matrix. A step leaves the region where the quadratic picture was good
only as far as that picture proved itself [Nocedal & Wright 2006, ch. 4].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from patron.lifecycle.maths.special import Vector

Derivatives = tuple[float, Vector, Vector]
"""Value, gradient (k,) and Hessian (k, k)."""

IDLE = 1e-3
PATIENCE = 4
"""So many steps in a row that gain less than `IDLE` without coming to rest: a ridge without a top."""

Objective = Callable[[Vector], Derivatives]

ENOUGH = 1e-8
"""Gain still to be had, in units of the objective, below which one more step is the last: it squares the error."""


@dataclass(frozen=True)
class Optimum:
    """Where the search ended. `converged` also says that the Hessian is negative definite; `hessian` is that of the
    last evaluation, which differs from the one at `point` by no more than the error of the last step."""

    point: Vector
    value: float
    hessian: Vector
    converged: bool
    steps: int


def maximise(objective: Objective, start: Vector, *, max_steps: int = 60, radius: float = 1.0) -> Optimum:
    """The maximum of `objective` near `start` (k,), found within `max_steps` evaluations.

    Never raises for a badly shaped objective: where no maximum is found `converged` is False and `point` is the
    best one seen. `start` must have a finite value.
    """
    point = np.asarray(start, float)
    value, gradient, hessian = objective(point)
    idle = 0
    for step in range(max_steps):
        curvature, axes = np.linalg.eigh(-hessian)
        slope = axes.T @ gradient
        if curvature[0] > 0 and (left := 0.5 * float(slope @ (slope / curvature))) <= ENOUGH:
            return Optimum(point + axes @ (slope / curvature), value + left, hessian, True, step)
        move = axes @ _step(slope, curvature, radius)
        length = float(np.linalg.norm(move))
        predicted = float(gradient @ move + 0.5 * move @ hessian @ move)
        trial_value, trial_gradient, trial_hessian = objective(point + move)
        gain = trial_value - value
        rounding = 1e-13 * abs(value)
        usable = _finite(trial_value, trial_gradient, trial_hessian)
        if not usable or gain < 0.1 * predicted - rounding:
            radius = 0.25 * length
        elif gain > 0.7 * predicted and length > 0.8 * radius:
            radius = min(2.0 * radius, 8.0)
        if usable and gain > -rounding:
            point, value, gradient, hessian = point + move, trial_value, trial_gradient, trial_hessian
        idle = idle + 1 if usable and abs(gain) < IDLE else 0
        if radius < 1e-4 or idle == PATIENCE:
            break
    return Optimum(point, value, hessian, False, max_steps)


def best(found: list[Optimum]) -> Optimum:
    """The highest optimum; of those that differ by rounding only the first, so that rounding decides nothing."""
    highest = max(optimum.value for optimum in found)
    return next(optimum for optimum in found if optimum.value >= highest - 1e-6)


def _step(slope: Vector, curvature: Vector, radius: float) -> Vector:
    """The best step of length ≤ `radius` in the eigen-basis: (curvature + shift)⁻¹ slope with the least shift ≥ 0."""
    lowest = float(curvature[0])
    floor = 1e-10 * max(1.0, float(np.abs(curvature).max()))
    shift = 0.0 if lowest > floor else floor - lowest
    if np.linalg.norm(slope / (curvature + shift)) <= radius:
        return slope / (curvature + shift)
    low, high = shift, shift + float(np.linalg.norm(slope)) / radius
    for _ in range(60):
        shift = 0.5 * (low + high)
        if np.linalg.norm(slope / (curvature + shift)) > radius:
            low = shift
        else:
            high = shift
        if high - low <= 1e-3 * high:
            break
    return slope / (curvature + high)


def _finite(value: float, gradient: Vector, hessian: Vector) -> bool:
    return bool(np.isfinite(value) and np.isfinite(gradient).all() and np.isfinite(hessian).all())
