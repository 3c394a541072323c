"""What a model has to beat: three rules of thumb that learn from the customers' own past and nothing else.

A rule sorts customers into cells, each with a share that will buy at all and, for those, a mean rate: counts are 0 or
geometric, P(N ≥ k) = share · (w/(1+w))^k with w = rate · horizon. The two are learned from the past cut in two
(`cuts`). Their `p_alive` is that share: never empty, and not to be shown as a probability of being alive.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, TypeVar

import numpy as np
import numpy.typing as npt
from scipy.special import xlogy

from patron.lifecycle.maths.special import Vector
from patron.lifecycle.models.purchase.base import CountFitted, CountModel
from patron.lifecycle.models.purchase.cuts import (
    SMOOTHING,
    TOP,
    Cell,
    CutHistories,
    by_recency,
    chance_recent,
    everybody,
)
from patron.lifecycle.models.purchase.fitting import FEW
from patron.lifecycle.models.purchase.histories import Histories
from patron.words import Text


@dataclass(frozen=True, eq=False)
class RuleFitted(CountFitted):
    """A fitted rule of thumb: 0-or-geometric counts with a share and a rate for each customer."""

    shows_p_alive: ClassVar[bool] = False

    @abstractmethod
    def rate_alive(self, x: Vector, T: Vector) -> Vector:
        """Purchases a week of a customer who buys at all, of the broadcast shape."""

    def tail_alive(self, k: Vector, x: Vector, T: Vector, horizon: Vector, rate: float) -> Vector:
        """(w/(1+w))^k."""
        w = self.rate_alive(x, T) * horizon * rate
        return np.asarray((w / (1.0 + w)) ** k)

    def expected_alive(self, x: Vector, T: Vector, horizon: Vector, rate: float) -> Vector:
        """w = rate · horizon."""
        return np.asarray(self.rate_alive(x, T) * horizon * rate)

    def log_probability_alive(self, k: Vector, x: Vector, T: Vector, horizon: Vector, rate: float) -> Vector:
        """log of the geometric probability."""
        w = self.rate_alive(x, T) * horizon * rate
        return np.asarray(xlogy(k, w / (1.0 + w)) - np.log1p(w))

    def expected_from_start(self, t: npt.ArrayLike) -> Vector:
        """That of a customer who has just bought for the first time, at its constant rate."""
        t, zero = np.asarray(t, float), np.zeros(1)
        return np.asarray(self.p_alive(zero, zero, zero)[0] * self.rate_alive(zero, zero)[0] * t)


Rule = TypeVar("Rule", bound=RuleFitted)


class MeanByXFitted(RuleFitted):
    """A fitted `MeanByX`: params active_0 … active_7 and rate_0 … rate_7 a week."""

    def _of_cell(self, what: str, x: Vector) -> Vector:
        values = np.array([self.params[f"{what}_{cell}"] for cell in range(TOP + 1)])
        return np.asarray(values[np.minimum(np.floor(x), TOP).astype(int)])

    def p_alive(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike) -> Vector:
        """The share of the cell, whatever t_x and T."""
        x, _, _ = np.broadcast_arrays(*(np.asarray(v, float) for v in (x, t_x, T)))
        return np.asarray(np.minimum(self._of_cell("active", x), 1.0))

    def rate_alive(self, x: Vector, T: Vector) -> Vector:
        """The rate of the cell."""
        x, _ = np.broadcast_arrays(x, T)
        return self._of_cell("rate", x)


class RecencyFitted(RuleFitted):
    """A fitted `Recency`: params window (weeks), active_recent, active_old, rate a week."""

    def p_alive(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike) -> Vector:
        """One share for those who bought in the window, one for the others."""
        _, t_x, T = np.broadcast_arrays(*(np.asarray(v, float) for v in (x, t_x, T)))
        recent = T - t_x <= self.params["window"]
        return np.minimum(np.where(recent, self.params["active_recent"], self.params["active_old"]), 1.0)

    def rate_alive(self, x: Vector, T: Vector) -> Vector:
        """The same for everybody."""
        x, _ = np.broadcast_arrays(x, T)
        return np.full(x.shape, self.params["rate"])


class LastPeriodFitted(RecencyFitted):
    """A fitted `LastPeriod`: params window (weeks), active_recent, active_old, factor."""

    def rate_alive(self, x: Vector, T: Vector) -> Vector:
        """The customer's own rate so far, (x+1)/(T+window), times the factor that makes the total right."""
        return np.asarray(self.params["factor"] * (x + 1.0) / (T + self.params["window"]))


class MeanByX(CountModel):
    """Zero-inflated mean by x: customers with as many repeat purchases so far go on alike.

    Works where how often says it all. Fails where long-lost regulars look like fresh ones. Higher is more.

    >>> from patron.lifecycle.models.purchase.histories import Histories
    >>> some = Histories.of([0, 2, 5, 0, 1], [0, 30, 38, 0, 4], [39, 39, 39, 20, 30])
    >>> fitted = MeanByX().fit_histories(some, seed=0)
    >>> bool(fitted.expected([5], [38.0], [39.0], 10.0)[0] == fitted.expected([5], [9.0], [39.0], 10.0)[0])
    True
    """

    name = "baseline_mean_by_x"
    fitted = MeanByXFitted

    def fit_histories(self, histories: Histories, *, seed: int) -> MeanByXFitted:  # noqa: ARG002 (no chance in it)
        """Shares and rates of the cells, each smoothed by one customer of the overall kind."""
        cut = CutHistories.of(histories)
        whole = everybody(cut, histories)
        cells = [
            Cell(float(cut.n @ p), float((cut.n * cut.bought) @ p), float(cut.n @ a)).smoothed(whole)
            for p, a in zip(cut.before.T, cut.after.T, strict=True)
        ]
        found = [cell.share_and_mean() for cell in cells]
        params = {f"active_{i}": share for i, (share, _) in enumerate(found)}
        params |= {f"rate_{i}": mean / cut.weeks for i, (_, mean) in enumerate(found)}
        spread = [1.0 / cell.customers for cell in cells] + [1.0 / cell.purchases for cell in cells]
        fit = sum(cell.log_likelihood(*pair) for cell, pair in zip(cells, found, strict=True))
        return _fitted(MeanByXFitted, self.name, histories, params, spread, fit, cut)


class Recency(CountModel):
    """Recency rule: who bought in the last h weeks goes on at everybody's rate, of the others a smaller share does.

    The rule most shops use. Fails where customers differ in how often they come. Higher is more.

    >>> from patron.lifecycle.models.purchase.histories import Histories
    >>> some = Histories.of([0, 8] * 20, [0, 38] * 20, [39, 39] * 20)
    >>> fitted = Recency().fit_histories(some, seed=0)
    >>> bool(fitted.expected([5], [38.0], [39.0], 10.0)[0] > fitted.expected([5], [9.0], [39.0], 10.0)[0])
    True
    """

    name = "baseline_recency"
    fitted = RecencyFitted

    def fit_histories(self, histories: Histories, *, seed: int) -> RecencyFitted:  # noqa: ARG002 (no chance in it)
        """One rate from those who bought after the cut, a share for recent and for old customers."""
        cut = CutHistories.of(histories)
        whole = everybody(cut, histories)
        recent, old = (cell.smoothed(whole) for cell in by_recency(cut))
        _, mean = whole.share_and_mean()
        likely = mean / (1.0 + mean)
        shares = [min(cell.buyers / cell.customers / likely, 1.0) for cell in (recent, old)]
        params = {
            "window": cut.weeks, "active_recent": shares[0], "active_old": shares[1], "rate": mean / cut.weeks
        }  # fmt: skip
        spread = [0.0, 1.0 / recent.customers, 1.0 / old.customers, 1.0 / whole.purchases]
        fit = recent.log_likelihood(shares[0], mean) + old.log_likelihood(shares[1], mean)
        return _fitted(RecencyFitted, self.name, histories, params, spread, fit, cut)


class LastPeriod(CountModel):
    """Last period: who bought in the last h weeks goes on at its own rate so far, of the others a smaller share does.

    Fails where yesterday's regulars leave: nobody who bought lately is ever given up. Higher is more.

    >>> from patron.lifecycle.models.purchase.histories import Histories
    >>> some = Histories.of([0, 2, 5, 0, 1], [0, 30, 38, 0, 4], [39, 39, 39, 20, 30])
    >>> fitted = LastPeriod().fit_histories(some, seed=0)
    >>> bool(fitted.expected([5], [38.0], [39.0], 10.0)[0] > fitted.expected([2], [38.0], [39.0], 10.0)[0])
    True
    """

    name = "baseline_last_period"
    fitted = LastPeriodFitted

    def fit_histories(self, histories: Histories, *, seed: int) -> LastPeriodFitted:  # noqa: ARG002 (no chance in it)
        """The factor makes recent customers' total right, the share of old ones theirs."""
        cut = CutHistories.of(histories)
        whole = everybody(cut, histories)
        recent, old = (cell.smoothed(whole) for cell in by_recency(cut))
        own = cut.weeks * (cut.known + 1.0) / (cut.age + cut.weeks)
        late = chance_recent(cut)
        usual = float(cut.n @ own) / float(cut.n.sum()) if len(own) else 0.5
        expected_recent = float((cut.n * late) @ own) + usual * SMOOTHING
        expected_old = float((cut.n * (1.0 - late)) @ own) + usual * SMOOTHING
        factor = recent.purchases / expected_recent
        share = min(old.purchases / (factor * expected_old), 1.0)
        params = {"window": cut.weeks, "active_recent": 1.0, "active_old": share, "factor": factor}
        spread = [0.0, 0.0, 1.0 / old.customers, 1.0 / recent.purchases]
        fit = recent.log_likelihood(1.0, factor * expected_recent / recent.customers)
        fit += old.log_likelihood(share, factor * expected_old / old.customers)
        return _fitted(LastPeriodFitted, self.name, histories, params, spread, fit, cut)


def _fitted(
    kind: type[Rule],
    name: str,
    histories: Histories,
    params: dict[str, float],
    spread: list[float],
    log_likelihood: float,
    cut: CutHistories,
) -> Rule:
    """`spread` are variances of the log-parameters."""
    buyers = float(cut.n @ cut.bought)
    notes = (
        Text(
            f"Only {buyers:.0f} customers bought in the later part of their history: the rule leans on the mean rate.",
            f"只有 {buyers:.0f} 位客户在其历史的后段购买：该规则借助平均购买率。",
        ),
    )
    return kind(
        name=name,
        params=params,
        std_errors={key: value * v**0.5 for (key, value), v in zip(params.items(), spread, strict=True)},
        log_likelihood=log_likelihood,
        n=histories.customers,
        covariance=np.diag(spread),
        shrunken=buyers < FEW,
        notes=notes if buyers < FEW else (),
        typical_T=histories.typical_age,
    )
