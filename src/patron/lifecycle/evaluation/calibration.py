"""Expected beside actual, group by group: the tables behind the calibration plots, with intervals."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincinv

from patron.lifecycle.evaluation.probability import BINS, equal_count_bins
from patron.lifecycle.maths.wilson import wilson

Floats = NDArray[np.float64]

LAST_GROUP = 7


def by_repeats(
    x: ArrayLike, actual: ArrayLike, expected: ArrayLike, *, last: int = LAST_GROUP, level: float = 0.95
) -> pa.Table:
    """Mean purchases in the hold-out by earlier repeat purchases [Fader, Hardie & Lee 2005, figure 5].

    One row a group 0, 1, … 'last+' that has customers: x, customers, actual, expected, and low, high: the `level`
    interval of the actual mean (Poisson limits widened by the overdispersion seen, so never of width 0).
    """
    group = np.minimum(np.asarray(x, dtype=np.int64), last)
    happened, said = np.asarray(actual, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    n = np.bincount(group)
    some = np.flatnonzero(n)
    count = n[some].astype(np.float64)
    total, squares, forecast = (_sums(group, column)[some] for column in (happened, happened**2, said))
    low, high = _mean_limits(count, total, squares, level)
    return pa.table(
        {
            "x": [f"{last}+" if k == last else str(k) for k in some.tolist()],
            "customers": n[some],
            "actual": total / count,
            "expected": forecast / count,
            "low": low,
            "high": high,
        }
    )


def reliability(happened: ArrayLike, p: ArrayLike, *, bins: int = BINS, level: float = 0.95) -> pa.Table:
    """Rate beside mean p in equal-count bins: predicted, actual, low, high (Wilson), n. Equal p share a bin."""
    y, q = np.asarray(happened, dtype=np.float64), np.asarray(p, dtype=np.float64)
    place = equal_count_bins(q, bins)
    n = np.bincount(place, minlength=bins)
    some = np.flatnonzero(n)
    hits = np.bincount(place, weights=y, minlength=bins)[some]
    low, high = wilson(hits, n[some], level)
    predicted = np.bincount(place, weights=q, minlength=bins)[some] / n[some]
    return pa.table({"predicted": predicted, "actual": hits / n[some], "low": low, "high": high, "n": n[some]})


def _sums(group: NDArray[np.int64], column: Floats) -> Floats:
    return np.asarray(np.bincount(group, weights=column), dtype=np.float64)


def _mean_limits(n: Floats, total: Floats, squares: Floats, level: float) -> tuple[Floats, Floats]:
    """Limits of a mean count: Garwood's Poisson limits of total ÷ dispersion, dispersion = variance ÷ mean ≥ 1."""
    mean = total / n
    variance = np.maximum(squares - n * mean**2, 0.0) / np.maximum(n - 1, 1)
    spread = np.maximum(np.divide(variance, mean, out=np.ones_like(mean), where=mean > 0), 1.0)
    events, tail = total / spread, (1 - level) / 2
    low = np.where(events > 0, gammaincinv(np.maximum(events, 1e-9), tail), 0.0)
    high = gammaincinv(events + 1, 1 - tail)
    return low * spread / n, high * spread / n
