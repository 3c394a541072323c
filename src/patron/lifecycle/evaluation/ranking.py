"""How well a score puts customers in order. Equal scores share their place, so row order never matters."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from patron.lifecycle.maths.gains import gains

Floats = NDArray[np.float64]

TOP = 0.10


def roc_auc(happened: ArrayLike, score: ArrayLike) -> float:
    """P(score of one to whom it happened > score of one to whom it did not), ties ½ [Mann & Whitney 1947].

    Counted in whole numbers, so exact. NaN where it happened to all or to none.
    """
    hits, misses = _by_score(happened, score)
    pairs = int(hits.sum()) * int(misses.sum())
    if not pairs:
        return float("nan")
    misses_below = np.cumsum(misses) - misses
    halves = int(np.sum(hits * (2 * misses_below + misses)))
    return halves / (2 * pairs)


def average_precision(happened: ArrayLike, score: ArrayLike) -> float:
    """Σ (recall gained at a threshold) × precision there, over all distinct scores. NaN where it happened to none."""
    hits, misses = (column[::-1] for column in _by_score(happened, score))
    total = int(hits.sum())
    if not total:
        return float("nan")
    found = np.cumsum(hits)
    return float(np.sum(hits / total * found / (found + np.cumsum(misses))))


def lift(happened: ArrayLike, score: ArrayLike, top: float = TOP) -> float:
    """Rate among the first `top` share by score ÷ rate among all: 1 is no better than chance. NaN without any."""
    actual = np.asarray(happened, dtype=np.float64)
    return decile_gain(actual, score, top) / top if actual.sum() > 0 else float("nan")


def decile_gain(value: ArrayLike, score: ArrayLike, top: float = TOP) -> float:
    """Share of all `value` (outcomes, or money of the hold-out; below 0 counts as 0) held by the first `top`."""
    return gains(score, value).at(top)


def ranking_gini(value: ArrayLike, score: ArrayLike) -> float:
    """Gini of `value` in the order of `score` ÷ Gini in its own order: 1 is the perfect order, 0 says nothing."""
    best = gains(value, value).area() - 0.5
    return (gains(score, value).area() - 0.5) / best if best > 0 else float("nan")


def _by_score(happened: ArrayLike, score: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How often it happened and how often not, at each distinct score from low to high."""
    yes = np.asarray(happened).astype(np.bool_)
    _, place = np.unique(np.asarray(score, dtype=np.float64), return_inverse=True)
    n = int(place.max()) + 1 if place.size else 0
    hits = np.bincount(place[yes], minlength=n)
    return hits, np.bincount(place, minlength=n) - hits
