"""How much a measure would move with other customers: percentile bootstrap over customers [Efron 1979]."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from patron.lifecycle.maths.quantiles import equal_tails


def bootstrap_interval(
    measure: Callable[..., float], *columns: ArrayLike, level: float = 0.95, draws: int = 200, seed: int = 0
) -> tuple[float, float]:
    """Ends of the equal-tailed `level` interval of measure(*columns), each column (n) one value a customer.

    The customers are put in order first, so the order of the rows does not matter, and `seed` repeats. Draws of
    which the measure can't be told (NaN) are left out; with none left, or no customer, both ends are NaN.
    """
    arrays = [np.asarray(column) for column in columns]
    n = arrays[0].size
    if not n:
        return float("nan"), float("nan")
    order = np.lexsort(arrays[::-1])
    arrays = [array[order] for array in arrays]
    rng = np.random.default_rng(seed)
    picks = (rng.integers(0, n, n) for _ in range(draws))
    found = np.array([measure(*(array[pick] for array in arrays)) for pick in picks])
    found = found[~np.isnan(found)]
    if not found.size:
        return float("nan"), float("nan")
    low, high = np.quantile(found, equal_tails(level))
    return float(low), float(high)
