"""Functions that scipy has not, or not where the arguments are extreme; everything in log space, nothing overflows."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, betaln, gammaln, xlog1py, xlogy

Vector = npt.NDArray[np.float64]
"""An array of floats of any shape."""

NEGLIGIBLE = 40.0
"""A factor exp(−40) = 4e-18 of the whole is left out."""
TINY = 1e-280
"""A chance below this has lost digits, or will when it is multiplied."""


@lru_cache(maxsize=16)
def gauss_legendre(nodes: int) -> tuple[Vector, Vector]:
    """Nodes and weights of Gauss-Legendre quadrature on [0, 1], each (nodes,)."""
    at, weight = np.polynomial.legendre.leggauss(nodes)
    return 0.5 * (at + 1.0), 0.5 * weight


def log_of(values: Vector) -> Vector:
    """log(values) with log(0) = −inf and no warning."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(values))


def log_negative_binomial(k: Vector, shape: Vector, z: Vector) -> Vector:
    """log P(N = k), N negative binomial: z^k (1−z)^shape Γ(k+shape) / (Γ(shape) k!)."""
    ways = -np.log(np.maximum(k + shape, 1e-300)) - betaln(shape, k + 1.0)
    return np.asarray(ways + xlogy(k, z) + xlog1py(shape, -z))


def negative_binomial_tail(k: Vector, shape: Vector, z: Vector) -> Vector:
    """P(N ≥ k), k ≥ 1: the regularised incomplete beta function I_z(k, shape)."""
    return np.asarray(betainc(k, shape, z))


def negative_binomial_tails(most: int, shape: Vector, z: Vector) -> Vector:
    """P(N ≥ k) for k = 1 … `most`, (most, n), of `shape` (n) and `z` (n) as in `negative_binomial_tail`.

    The tail beyond is worked once and the probabilities of the counts below are added to it, from the small ones to
    the large ones: a tenth of the time of `most` incomplete beta functions. Where not even N = 0 has a probability
    that a number can hold, each is worked for itself.
    """
    counts = np.arange(1.0, most + 1.0)
    one = np.exp(shape * np.log1p(-z))
    sure = one > TINY
    if not sure.all():
        out = np.empty((most, len(one)))
        out[:, sure] = negative_binomial_tails(most, shape[sure], z[sure])
        out[:, ~sure] = negative_binomial_tail(counts[:, None], shape[~sure], z[~sure])
        return out
    chances = np.empty((most, len(one)))
    for k in range(1, most):
        one = one * (z * (shape + (k - 1.0)) / k)
        chances[k - 1] = one
    chances[most - 1] = negative_binomial_tail(counts[-1:], shape, z)
    return np.minimum(np.cumsum(chances[::-1], axis=0)[::-1], 1.0)  # the last sums may pass 1 by a rounding


def log_negative_binomial_tail(k: Vector, shape: Vector, z: Vector) -> Vector:
    """log P(N ≥ k), k ≥ 1, also where the chance itself is below the smallest float.

    There it is the first term times a continued fraction [DLMF 8.17.22], which converges fast because k lies far
    above the mean.
    """
    k, shape, z = np.broadcast_arrays(*(np.asarray(v, float) for v in (k, shape, z)))
    tail = negative_binomial_tail(k, shape, z)
    out = log_of(tail)
    deep = (tail < 1e-280) & (z > 0)
    if deep.any():
        out[deep] = _log_deep_tail(k[deep], shape[deep], z[deep])
    return out


def _log_deep_tail(k: Vector, shape: Vector, z: Vector) -> Vector:
    """log I_z(k, shape) by DLMF 8.17.22, evaluated by Lentz's method."""
    front = k * np.log(z) + xlog1py(shape, -z) - np.log(k) - betaln(k, shape)
    fraction = np.ones_like(z)
    c, d = np.ones_like(z), np.zeros_like(z)
    for n in range(1, 200):
        m = n // 2
        if n % 2:
            term = -(k + m) * (k + shape + m) * z / ((k + 2 * m) * (k + 2 * m + 1))
        else:
            term = m * (shape - m) * z / ((k + 2 * m - 1) * (k + 2 * m))
        d = 1.0 / (1.0 + term * d)
        c = 1.0 + term / c
        fraction = fraction * c * d
        if np.all(np.abs(c * d - 1.0) < 1e-14):
            break
    return np.asarray(front - np.log(fraction))


def log_beta_step(a: float, b: Vector, k: Vector) -> Vector:
    """log B(a, b+k) − log B(a, b): the chance of k survivals in a row when the chance of an end is Beta(a, b)."""
    return np.asarray(gammaln(b + k) - gammaln(b) - (gammaln(a + b + k) - gammaln(a + b)))


def beta_nodes(a: float, b: Vector) -> tuple[Vector, Vector]:
    """Nodes p and weights (len(b), m) so that (weights · f(p)) is the mean of f under Beta(a, b) for smooth f.

    The trapezoidal rule after log(p/(1−p)) = c + s·sinh(v): both ends fall off doubly exponentially, whatever
    a and b [Takahasi & Mori 1974]. 80 nodes give 1e-10 for f with a pole at −1/100; more are taken where a or b
    is small. Weights are divided by their sum, so no beta function is needed.
    """
    b = np.asarray(b, float)[:, None]
    nodes = 80 if min(a, float(b.min())) >= 0.2 else 200
    centre = np.log(a / b)
    spread = 1.5 * np.minimum(np.sqrt(1.0 / a + 1.0 / b), 2.0)
    top = -a * np.logaddexp(0.0, -centre) - b * np.logaddexp(0.0, centre)
    left = np.arcsinh((_log_expm1((NEGLIGIBLE - top) / a) + centre) / spread)
    right = np.arcsinh((_log_expm1((NEGLIGIBLE - top) / b) - centre) / spread)
    v = -left + (left + right) * np.linspace(0.0, 1.0, nodes)
    q = centre + spread * np.sinh(v)
    log_p, log_rest = -np.logaddexp(0.0, -q), -np.logaddexp(0.0, q)
    weight = np.exp(a * log_p + b * log_rest - top) * np.cosh(v)
    return np.exp(np.maximum(log_p, -690.0)), weight / weight.sum(axis=1, keepdims=True)


def _log_expm1(t: Vector) -> Vector:
    return np.asarray(np.where(t > 30.0, t, np.log(np.expm1(np.minimum(t, 30.0)))))
