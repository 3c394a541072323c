"""Customer lifetime value: expected purchases week by week, discounted, times expected money an occasion.

CLV = Σ over weeks w of E[purchases in week w | history] · E[money an occasion | history] · (1+d)^(−(w−½)/52.1775),
d per year [definitions.md, Value; Fader, Hardie & Lee 2005].
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from patron.lifecycle.models.purchase.base import CountFitted
from patron.lifecycle.models.purchase.nodes import NodeGrid
from patron.lifecycle.periods import WEEKS_A_YEAR

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def discount_factor(fitted: CountFitted, x: Ints, T: Floats, horizon: float, discount: float) -> Floats:
    """What one purchase of the next `horizon` weeks counts today, (n): Σ E[week] (1+d)^(−(w−½)/52.1775) ÷ Σ E[week].

    It depends on when a living customer's purchases fall, which is smooth in T: taken on few nodes per x.
    """
    if not discount:
        return np.ones(len(x))
    grid = NodeGrid(x, T)
    ends = np.append(np.arange(1, np.ceil(horizon)), horizon)
    starts = np.r_[0.0, ends[:-1]]
    weights = (1 + discount) ** (-((starts + ends) / 2) / WEEKS_A_YEAR)
    before = np.zeros(len(grid.group))
    counted = np.zeros(len(grid.group))
    for end, weight in zip(ends, weights, strict=True):
        upto = fitted.expected_alive(grid.group.astype(float), grid.T, np.full(len(grid.T), end), 1.0)
        counted += weight * (upto - before)
        before = upto
    flat = float(np.average(weights, weights=ends - starts))
    ratio = np.divide(counted, before, out=np.full(len(before), flat), where=before > 1e-12)
    return grid.at(ratio, slice(None))
