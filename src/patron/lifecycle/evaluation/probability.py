"""How good predicted probabilities were: sharp, honest, and useful at a threshold [definitions.md, "Churn"]."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from patron.lifecycle.maths.logistic import LogitLine, fit_logit_line

Floats = NDArray[np.float64]

BINS = 10
EDGE = 1e-15


def brier(happened: ArrayLike, p: ArrayLike) -> float:
    """Mean squared distance of probability and outcome [Brier 1950]: smaller is better."""
    return float(np.mean((_floats(p) - _floats(happened)) ** 2))


def log_loss(happened: ArrayLike, p: ArrayLike) -> float:
    """Mean of − log P(what happened); p is kept 1e-15 away from 0 and 1."""
    y, q = _floats(happened), np.clip(_floats(p), EDGE, 1 - EDGE)
    return float(-np.mean(y * np.log(q) + (1 - y) * np.log1p(-q)))


def equal_count_bins(p: ArrayLike, bins: int = BINS) -> NDArray[np.int64]:
    """Bin 0 … bins−1 of each customer: floor(bins × number strictly lower ÷ n). Equal p share a bin."""
    ordered = np.sort(_floats(p))
    lower = np.searchsorted(ordered, _floats(p), side="left")
    return np.asarray(bins * lower // max(ordered.size, 1), dtype=np.int64)


def ece(happened: ArrayLike, p: ArrayLike, bins: int = BINS) -> float:
    """Expected calibration error: |mean p − rate| of the equal-count bins, weighted by size [Naeini et al. 2015]."""
    gap = np.bincount(equal_count_bins(p, bins), weights=_floats(p) - _floats(happened))
    return float(np.sum(np.abs(gap)) / np.size(p))


def calibration_line(happened: ArrayLike, p: ArrayLike) -> LogitLine:
    """Intercept and slope of the outcome on logit p: (0, 1) is calibrated, a slope < 1 overconfident [Cox 1958].

    NaN where no line is best: all outcomes or all probabilities the same, or split perfectly.
    """
    return fit_logit_line(p, happened)


@dataclass(frozen=True)
class AtThreshold:
    """What deciding at a threshold would have given, beside the base rate. NaN: nobody to divide by."""

    threshold: float
    base_rate: float
    flagged: float
    accuracy: float
    precision: float
    recall: float
    f1: float


def at_threshold(happened: ArrayLike, p: ArrayLike, threshold: float) -> AtThreshold:
    """Accuracy, precision, recall and F1 of 'p ≥ threshold', the share flagged, and the base rate."""
    y, flagged = np.asarray(happened).astype(np.bool_), _floats(p) >= threshold
    hits, n = int(np.sum(y & flagged)), y.size
    wrong = int(np.sum(y != flagged))
    return AtThreshold(
        threshold=threshold,
        base_rate=_ratio(int(y.sum()), n),
        flagged=_ratio(int(flagged.sum()), n),
        accuracy=_ratio(n - wrong, n),
        precision=_ratio(hits, int(flagged.sum())),
        recall=_ratio(hits, int(y.sum())),
        f1=_ratio(2 * hits, int(y.sum()) + int(flagged.sum())),
    )


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)
