"""How good predicted purchase counts were: one row a customer of the hold-out.

Models are chosen by the mean log predictive probability; MAE is reported only, since predicting zero for everybody
does well by it [definitions.md, "Value"].
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def mean_log_score(log_probability: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Mean of log P(what happened) (n): larger is better; −inf if a model had ruled out what happened."""
    return float(np.average(_floats(log_probability), weights=None if weights is None else _floats(weights)))


def mae(actual: ArrayLike, expected: ArrayLike) -> float:
    """Mean absolute error."""
    return float(np.mean(np.abs(_floats(actual) - _floats(expected))))


def rmse(actual: ArrayLike, expected: ArrayLike) -> float:
    """Root mean squared error."""
    return float(np.sqrt(np.mean((_floats(actual) - _floats(expected)) ** 2)))


def total_ratio(actual: ArrayLike, expected: ArrayLike) -> float:
    """Expected total ÷ actual total: 1 is right, .88 is 12 % short; NaN where nothing happened."""
    total = float(np.sum(_floats(actual)))
    return float(np.sum(_floats(expected))) / total if total else float("nan")


def bias(actual: ArrayLike, expected: ArrayLike) -> float:
    """Expected total ÷ actual total − 1: −.12 is 12 % short."""
    return total_ratio(actual, expected) - 1.0


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)
