"""Health, and the earlier moments of a customer's life it is measured against: bookkeeping, no model.

The caller asks its purchase model for p_purchase at each `Moment` and hands the answers back here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from patron.lifecycle.decisions.rules import DEFAULT, StageSettings, lapsed
from patron.lifecycle.periods import DAYS_A_WEEK

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def health(p_now: ArrayLike, p_on_last_day: ArrayLike) -> Floats:
    """p_purchase now ÷ p_purchase on the day of the last occasion (n). 1 where that was 0: nothing has been lost."""
    now, then = np.asarray(p_now, dtype=np.float64), np.asarray(p_on_last_day, dtype=np.float64)
    return np.divide(now, then, out=np.ones(np.broadcast(now, then).shape), where=then > 0)


@dataclass(frozen=True)
class Moment:
    """A customer's (x, t_x, T) at some moment, in weeks, ready for a purchase model's p_purchase."""

    x: NDArray[np.int64]
    t_x: Floats
    T: Floats


@dataclass(frozen=True)
class EarlierMoments:
    """The three moments beside today at which p_purchase is needed; `rows` are the customers of the last two."""

    last_day: Moment
    rows: NDArray[np.int64]
    eve: Moment
    occasion_before: Moment
    silence_days: Floats
    n: int

    def came_while_lapsed(
        self, p_eve: ArrayLike, p_then: ArrayLike, horizon_days: float, settings: StageSettings = DEFAULT
    ) -> Mask:
        """Who was lapsed on the eve of the last occasion (n), from p_purchase at `eve` and `occasion_before`."""
        out = np.zeros(self.n, dtype=np.bool_)
        out[self.rows] = lapsed(self.silence_days, health(p_eve, p_then), settings, float(horizon_days))
        return out


def earlier_moments(x: ArrayLike, t_x: ArrayLike, last_gap: ArrayLike) -> EarlierMoments:
    """Where each customer stood on the day of the last occasion, and on its eve; pure bookkeeping, no model.

    x: repeat occasions, t_x: weeks from the first to the last, last_gap: days between the last two (NaN without).
    The eve is the day before the last occasion: the last day as of which somebody could have been called lapsed.
    Only repeat buyers have one.
    """
    count, age = np.asarray(x, dtype=np.int64), np.asarray(t_x, dtype=np.float64)
    gap = np.asarray(last_gap, dtype=np.float64)
    rows = np.flatnonzero((count > 0) & ~np.isnan(gap))
    before = np.maximum(age[rows] - gap[rows] / DAYS_A_WEEK, 0.0)
    fewer = count[rows] - 1
    before[fewer == 0] = 0.0
    eve = np.maximum(age[rows] - 1 / DAYS_A_WEEK, before)
    return EarlierMoments(
        Moment(count, age, age),
        rows,
        Moment(fewer, before, eve),
        Moment(fewer, before, before),
        gap[rows] - 1,
        count.size,
    )
