"""The Pareto/NBD likelihood without ₂F₁, with exact derivatives.

    L = Γ(r+x)/Γ(r) α^r β^s [ (α+T)^-(r+x) (β+T)^-s + s ∫_{t_x}^{T} (α+u)^-(r+x) (β+u)^-(s+1) du ]

[Schmittlein, Morrison & Colombo 1987, before the integral is written as hypergeometric functions, whose differences
lose all digits for large x]. With m = min(α, β) and u = (m+t_x)·e^v − m both factors are smooth in v (the nearest
singularity is π away), so Gauss-Legendre nodes in v converge fast; the range ends where the integrand has fallen by
e^-45. Derivatives are moments under the same nodes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from patron.lifecycle.maths.newton import Derivatives
from patron.lifecycle.maths.special import Vector, gauss_legendre, log_of
from patron.lifecycle.models.purchase.histories import Histories

NODES = 28
CHUNK = 512
FALL = 45.0


@dataclass(frozen=True, eq=False)
class Departures:
    """Nodes of the time of departure u in [t_x, T], (rows, NODES): log(α+u), log(β+u), weights that sum to 1 a row.

    `log_integral` (rows,) is the log of the integral, −inf where t_x = T.
    """

    log_alpha_u: Vector
    log_beta_u: Vector
    weight: Vector
    log_integral: Vector

    @staticmethod
    def of(params: Vector, x: Vector, t_x: Vector, T: Vector) -> Departures:
        """The integral at (r, α, s, β) for histories (rows,)."""
        r, alpha, s, beta = (float(v) for v in params)
        least = min(alpha, beta)
        start = least + t_x
        whole = np.log1p((T - t_x) / start)
        slope = (r + x) * start / (alpha + t_x) + (s + 1.0) * start / (beta + t_x) - 1.0
        span = np.minimum(whole, FALL / np.maximum(slope, 1e-3))
        at, share = gauss_legendre(NODES)
        v = span[:, None] * at
        passed = start[:, None] * (np.exp(v) - 1.0)
        log_alpha_u = np.log((alpha + t_x)[:, None] + passed)
        log_beta_u = np.log((beta + t_x)[:, None] + passed)
        height = v - (r + x)[:, None] * log_alpha_u - (s + 1.0) * log_beta_u
        top = height.max(axis=1, keepdims=True)
        weight = share * np.exp(height - top)
        total = weight.sum(axis=1, keepdims=True)
        log_integral = (np.log(total) + top)[:, 0] + np.log(start) + log_of(span)
        return Departures(log_alpha_u, log_beta_u, weight / total, log_integral)


def log_odds_departed(params: Vector, x: Vector, t_x: Vector, T: Vector) -> Vector:
    """log of P(departed by T | history) ÷ P(alive | history), (rows,)."""
    r, alpha, s, beta = (float(v) for v in params)
    out = np.empty(len(x))
    for start in range(0, len(x), CHUNK):
        rows = slice(start, start + CHUNK)
        gone = np.log(s) + Departures.of(params, x[rows], t_x[rows], T[rows]).log_integral
        out[rows] = gone + (r + x[rows]) * np.log(alpha + T[rows]) + s * np.log(beta + T[rows])
    return out


def log_likelihood(params: Vector, rows: Histories) -> Derivatives:
    """Log-likelihood of `rows` at (r, α, s, β), its gradient (4,) and Hessian (4, 4)."""
    value, gradient, hessian = _gammas(params, rows)
    for start in range(0, len(rows.x), CHUNK):
        part = slice(start, start + CHUNK)
        more = _mixture(params, rows.x[part], rows.t_x[part], rows.T[part], rows.n[part])
        value, gradient, hessian = value + more[0], gradient + more[1], hessian + more[2]
    return value, gradient, hessian


def _mixture(params: Vector, x: Vector, t_x: Vector, T: Vector, n: Vector) -> Derivatives:
    """Σ n · log of the bracket: alive at T, or departed in between."""
    value_here, slope_here, bend_here = _alive(params, x, T)
    value_gone, slope_gone, bend_gone = _departed(params, x, t_x, T)
    value = np.logaddexp(value_here, value_gone)
    gone = np.exp(value_gone - value)
    here = np.exp(value_here - value)
    slope = here * slope_here + gone * slope_gone
    apart = slope_here - slope_gone
    hessian = np.einsum("klr,r->kl", bend_here, n * here) + np.einsum("klr,r->kl", bend_gone, n * gone)
    hessian += (apart * (n * here * gone)) @ apart.T
    return float(n @ value), slope @ n, hessian


def _alive(params: Vector, x: Vector, T: Vector) -> tuple[Vector, Vector, Vector]:
    """log[(α+T)^-(r+x) (β+T)^-s] with gradient (4, rows) and Hessian (4, 4, rows)."""
    r, alpha, s, beta = (float(v) for v in params)
    k, a, b = r + x, 1.0 / (alpha + T), 1.0 / (beta + T)
    log_a, log_b = np.log(alpha + T), np.log(beta + T)
    bend = np.zeros((4, 4, len(x)))
    bend[0, 1] = bend[1, 0] = -a
    bend[1, 1] = k * a**2
    bend[2, 3] = bend[3, 2] = -b
    bend[3, 3] = s * b**2
    return -k * log_a - s * log_b, np.stack([-log_a, -k * a, -log_b, -s * b]), bend


def _departed(params: Vector, x: Vector, t_x: Vector, T: Vector) -> tuple[Vector, Vector, Vector]:
    """log[s ∫ …] with gradient (4, rows) and Hessian (4, 4, rows): mean and covariance of the integrand's slopes."""
    s = float(params[2])
    nodes = Departures.of(params, x, t_x, T)
    k = float(params[0]) + x
    inverse = np.exp(-nodes.log_alpha_u), np.exp(-nodes.log_beta_u)
    slopes = (-nodes.log_alpha_u, -k[:, None] * inverse[0], -nodes.log_beta_u, -(s + 1.0) * inverse[1])
    weighted = [nodes.weight * slope for slope in slopes]
    mean = np.stack([w.sum(axis=1) for w in weighted])
    bend = np.empty((4, 4, len(x)))
    for i in range(4):
        for j in range(i, 4):
            both = np.einsum("rj,rj->r", weighted[i], slopes[j])
            bend[i, j] = bend[j, i] = both - mean[i] * mean[j]
            if i == j == 1:
                bend[1, 1] += both / k
            elif i == j == 3:
                bend[3, 3] += both / (s + 1.0)
    bend[0, 1] += mean[1] / k
    bend[1, 0] = bend[0, 1]
    bend[2, 3] += mean[3] / (s + 1.0)
    bend[3, 2] = bend[2, 3]
    bend[2, 2] -= 1.0 / s**2
    mean[2] += 1.0 / s
    return np.log(s) + nodes.log_integral, mean, bend


def _gammas(params: Vector, rows: Histories) -> Derivatives:
    """Σ log[Γ(r+x)/Γ(r) α^r β^s], worked once for each distinct x."""
    r, alpha, s, beta = (float(v) for v in params)
    x, n = rows.count_by_x
    total = float(n.sum())
    value = n @ gammaln(r + x) + total * (r * np.log(alpha) + s * np.log(beta) - gammaln(r))
    gradient = np.array(
        [
            n @ digamma(r + x) + total * (np.log(alpha) - digamma(r)),
            total * r / alpha,
            total * np.log(beta),
            total * s / beta,
        ]
    )
    hessian = np.zeros((4, 4))
    hessian[0, 0] = n @ polygamma(1, r + x) - total * polygamma(1, r)
    hessian[0, 1] = hessian[1, 0] = total / alpha
    hessian[1, 1] = -total * r / alpha**2
    hessian[2, 3] = hessian[3, 2] = total / beta
    hessian[3, 3] = -total * s / beta**2
    return float(value), gradient, hessian
