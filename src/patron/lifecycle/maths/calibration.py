"""Probabilities moved to what was observed: Platt's line for little data, the isotonic steps for much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import isotonic_regression

from patron.lifecycle.maths.logistic import LogitLine, fit_logit_line

Floats = NDArray[np.float64]

RIDGE = 1.0


def platt(p: ArrayLike, happened: ArrayLike, weights: ArrayLike | None = None) -> LogitLine:
    """The line logit P = intercept + slope × logit p, held near the identity while the data say little [Platt 1999]."""
    return fit_logit_line(p, happened, weights, ridge=RIDGE)


@dataclass(frozen=True)
class Isotonic:
    """A rising map of probabilities: `rate[i]` at `p[i]`, straight between, level outside."""

    p: tuple[float, ...]
    rate: tuple[float, ...]

    def apply(self, p: ArrayLike) -> Floats:
        """The probabilities (any shape) moved; never out of order."""
        return np.interp(np.asarray(p, dtype=np.float64), self.p, self.rate)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON of the map."""
        return {"p": list(self.p), "rate": list(self.rate)}

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> Isotonic:
        """The map that gave `kept`."""
        return Isotonic(tuple(kept["p"]), tuple(kept["rate"]))


def isotonic(p: ArrayLike, happened: ArrayLike, weights: ArrayLike | None = None) -> Isotonic:
    """The rising steps closest to the outcomes in squares, by pooling neighbours out of order [Ayer et al. 1955].

    Equal p are one observation with their mean, so row order does not matter. Raises ValueError without any row.
    """
    x, y = np.asarray(p, dtype=np.float64), np.asarray(happened, dtype=np.float64)
    if not x.size:
        raise ValueError("an isotonic map needs at least one outcome")
    w = np.ones(x.shape) if weights is None else np.asarray(weights, dtype=np.float64)
    at, place = np.unique(x, return_inverse=True)
    held = np.bincount(place, weights=w)
    known = held > 0
    mean = np.bincount(place, weights=w * y)[known] / held[known]
    fitted = np.asarray(isotonic_regression(mean, weights=held[known]).x, dtype=np.float64)
    at = at[known]
    edge = np.r_[True, np.diff(fitted) != 0]
    corner = edge | np.r_[edge[1:], True]
    return Isotonic(tuple(at[corner].tolist()), tuple(fitted[corner].tolist()))
