"""The customers' own past cut in two, so that a rule of thumb can learn what tends to follow what.

Everybody's history is cut h weeks before its end (h a third of the median age): what was known then, what followed. A
history (x, t_x, T) gives the last purchase and the number of those before it, which are taken as spread evenly over
(0, t_x), as they are for a customer who buys at random; so the number known at the cut is binomial, and cells of
customers get expected counts, without any drawing of lots.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, xlogy

from patron.lifecycle.maths.special import Vector
from patron.lifecycle.models.purchase.fitting import HALF_A_YEAR
from patron.lifecycle.models.purchase.histories import Histories

TOP = 7
"""Customers with so many repeat purchases or more are one cell."""
SMOOTHING = 1.0
"""Customers of the overall kind that are added to every cell."""


@dataclass(frozen=True, eq=False)
class CutHistories:
    """Histories cut `weeks` before their end: those that had begun by then.

    x, t_x, age: history as it stands at the end, and age at the cut; n customers; `before` (rows, TOP+1) chance of
    having made 0 … TOP-or-more repeat purchases by the cut, `known` (rows,) their mean, `after` (rows, TOP+1) mean
    purchases after it, each in that case and counted with that chance; `bought` whether there were any.
    """

    weeks: float
    x: Vector
    t_x: Vector
    age: Vector
    n: Vector
    before: Vector
    after: Vector
    known: Vector

    @staticmethod
    def of(histories: Histories) -> CutHistories:
        """Cut by a third of the median age, at least a day."""
        weeks = max(histories.typical_age / 3.0, 1.0 / 7.0)
        old = weeks < histories.T
        x, t_x, age, n = histories.x[old], histories.t_x[old], histories.T[old] - weeks, histories.n[old]
        bought = t_x > age
        share = np.where(bought, age / np.maximum(t_x, 1e-12), 1.0)
        trials = np.where(bought, x - 1.0, x)[:, None]
        counts = np.arange(TOP)
        chance = _binomial(counts, trials, share[:, None])
        left = x[:, None] - counts
        rest = 1.0 - chance.sum(axis=1, keepdims=True)
        mean = trials[:, 0] * share
        rest_after = (x - mean)[:, None] - (chance * left).sum(axis=1, keepdims=True)
        return CutHistories(
            weeks, x, t_x, age, n,
            np.maximum(np.hstack([chance, rest]), 0.0),
            np.maximum(np.hstack([chance * left, rest_after]), 0.0),
            mean,
        )  # fmt: skip

    @property
    def bought(self) -> npt.NDArray[np.bool_]:
        """Whether there were purchases after the cut."""
        return self.t_x > self.age


def _binomial(k: npt.NDArray[np.int64], trials: Vector, share: Vector) -> Vector:
    """P(k of `trials` succeed), 0 where there are fewer (scipy.stats says the same and takes seconds to import)."""
    failed = np.maximum(trials - k, 0.0)
    log_factorial = gammaln(np.arange(max(float(trials.max(initial=0.0)), float(k.max())) + 1.0) + 1.0)
    ways = gammaln(trials + 1.0) - gammaln(k + 1.0) - log_factorial[failed.astype(np.int64)]
    with np.errstate(divide="ignore"):
        hit, miss = np.log(share), np.log1p(-share)
    return np.where(k <= trials, np.exp(ways + _times(k, hit) + _times(failed, miss)), 0.0)


def _times(count: npt.ArrayLike, log_chance: Vector) -> Vector:
    """count · log chance, 0 where nothing is counted, also if the chance is 0."""
    count, logs = np.broadcast_arrays(count, log_chance)
    return np.asarray(np.multiply(count, logs, out=np.zeros(count.shape), where=count > 0))


@dataclass(frozen=True)
class Cell:
    """Customers of a cell at the cut, those who bought after it, and how often (expected counts)."""

    customers: float
    buyers: float
    purchases: float

    def smoothed(self, like: Cell) -> Cell:
        """With `SMOOTHING` customers of the kind of `like` added."""
        add = SMOOTHING / like.customers
        return Cell(self.customers + SMOOTHING, self.buyers + like.buyers * add, self.purchases + like.purchases * add)

    def share_and_mean(self) -> tuple[float, float]:
        """Share that buys at all and mean count of those, by maximum likelihood of 0-or-geometric counts."""
        buys = self.buyers / self.customers
        mean = self.purchases / self.buyers - 1.0
        if mean <= 0 or buys * (1.0 + mean) >= mean:
            return 1.0, self.purchases / self.customers
        return buys * (1.0 + mean) / mean, mean

    def log_likelihood(self, share: float, mean: float) -> float:
        """Of these counts at that share and mean."""
        more = mean / (1.0 + mean)
        return float(
            xlogy(self.customers - self.buyers, 1.0 - share * more)
            + self.buyers * np.log(share / (1.0 + mean))
            + self.purchases * np.log(more)
        )


def everybody(cut: CutHistories, histories: Histories) -> Cell:
    """All customers as one cell, with one more who buys at the mean rate: so a share and a rate always exist."""
    rate = (histories.purchases + 1.0) / (histories.exposure + HALF_A_YEAR)
    mean = rate * cut.weeks
    return Cell(
        float(cut.n.sum()) + 1.0,
        float(cut.n @ cut.bought) + mean / (1.0 + mean),
        float(cut.n @ cut.after.sum(axis=1)) + mean,
    )


def chance_recent(cut: CutHistories) -> Vector:
    """P(the last purchase before the cut, if only the first of all, fell within `weeks` before it), (rows,)."""
    since = np.maximum(cut.age - cut.weeks, 0.0)
    earlier = (1.0 - np.minimum(cut.weeks, cut.age) / np.maximum(cut.t_x, cut.age)) ** np.maximum(cut.x - 1.0, 0.0)
    by_chance = np.where(since > 0, 1.0 - earlier, 1.0)
    return np.where(cut.bought, by_chance, (cut.t_x >= since).astype(float))


def by_recency(cut: CutHistories) -> tuple[Cell, Cell]:
    """Those who had bought within `weeks` before the cut, and the others."""
    late = chance_recent(cut)
    after = cut.after.sum(axis=1)
    # of an old customer none of the earlier purchases fell in the window, so more of them lie after the cut
    outside = np.maximum(cut.t_x - np.minimum(cut.weeks, cut.age), 1e-12)
    after_old = np.where(cut.bought, 1.0 + (cut.x - 1.0) * np.clip((cut.t_x - cut.age) / outside, 0.0, 1.0), 0.0)
    old = Cell(
        float(cut.n @ (1.0 - late)),
        float((cut.n * cut.bought) @ (1.0 - late)),
        float(cut.n @ ((1.0 - late) * after_old)),
    )
    recent_after = float(cut.n @ after) - old.purchases
    buyers = float((cut.n * cut.bought) @ late)
    return Cell(float(cut.n @ late), buyers, max(recent_after, buyers)), old
