"""Money ahead for every customer: CLV and its predictive interval from the fitted parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from patron.lifecycle.maths.conformal import ConformalLevels
from patron.lifecycle.models.purchase.base import CountFitted
from patron.lifecycle.models.purchase.components import components
from patron.lifecycle.models.purchase.gamma_gamma import SpendFitted
from patron.lifecycle.models.purchase.predictive import distinct
from patron.lifecycle.models.purchase.shocks import NO_SHOCKS, Shocks
from patron.lifecycle.models.purchase.spending import Buyer, money_quantiles
from patron.lifecycle.models.value.margin import MarginRate
from patron.study.backtest import Backtest, Buyers, Origin
from patron.study.parallel import each
from patron.study.tracking import common_shocks

Floats = NDArray[np.float64]

TAUGHT_BY = 6_000  # customers of an origin; a level is then known to half a per cent
CURVE = np.concatenate([[0.005], np.arange(1, 40) / 40, [0.995]])


def margin_rates(rate: MarginRate | None, table: pa.Table) -> Floats:
    """What share of revenue counts for each customer of a summary (n): 1 without margins."""
    if rate is None:
        return np.ones(table.num_rows)
    return rate.of(*(table.column(name).to_numpy() for name in ("revenue", "cost", "orders")))


def clv(counts: CountFitted, spend: SpendFitted, buyers: Buyers, worth: Floats, horizon: float) -> Floats:
    """Expected money of the next `horizon` weeks (n). `worth`: what a unit of it counts, discount × margin rate (n)."""
    b = buyers
    return counts.expected(b.x, b.t_x, b.T, horizon) * worth * spend.conditional_mean(b.repeat_n, b.repeat_mean)


def money_at(
    counts: CountFitted,
    spend: SpendFitted,
    buyers: Buyers,
    worth: Floats,
    horizon: float,
    levels: Sequence[float],
    *,
    shocks: Shocks = NO_SHOCKS,
    seed: int = 0,
    draws: int | None = None,
) -> Floats:
    """Quantiles of that money (n_levels, n). Where a unit counts less than nothing the ends are turned round."""
    b = buyers
    worlds = components(counts, horizon, shocks, seed=seed, draws=draws)
    spends = spend.draws(len(worlds), seed + 1) if len(worlds) > 1 else [spend]
    x, t_x, T, inverse = distinct(b.x, b.t_x, b.T)
    alive = np.mean([w.fitted.p_alive(x, t_x, T) for w in worlds], axis=0)[inverse]
    buyer = Buyer(b.x, b.T, b.repeat_n, b.repeat_mean, alive, worth)
    found = money_quantiles(worlds, spends, spend, buyer, horizon, levels, seed=seed)
    return np.where(worth < 0, found[::-1], found)


def learn_money_levels(backtest: Backtest, counts: str, spend: str, seed: int) -> ConformalLevels:
    """What the backtest teaches about the ends of money intervals (revenue, undiscounted, over its horizon)."""
    few = [origin.thinned(TAUGHT_BY) for origin in backtest.origins]
    horizon = backtest.plan.horizon_days / 7
    ends = each(lambda origin: _transform(origin, counts, spend, horizon, seed), few)
    if not ends:
        return ConformalLevels.identity()
    below, upto = (np.concatenate(side) for side in zip(*ends, strict=True))
    return ConformalLevels.fit(below, upto, customers=max(len(o.purchases) for o in few))


def _transform(origin: Origin, counts: str, spend: str, horizon: float, seed: int) -> tuple[Floats, Floats]:
    """Both ends of each customer's place in its predictive distribution; what is not above 0 lies on the lump at 0."""
    b, fitted = origin.buyers, origin.counts[counts]
    shocks = common_shocks(fitted, origin.flow)
    curve = money_at(
        fitted, origin.spends[spend], b, np.ones(len(b.x)), horizon, CURVE.tolist(), shocks=shocks, seed=seed, draws=1
    )
    lump = 1 - fitted.p_purchase(b.x, b.t_x, b.T, horizon)
    paid = origin.revenue > 0
    level = np.clip(np.maximum(_level_of(origin.revenue, curve), lump), 0, 1)
    return np.where(paid, level, 0.0), np.where(paid, level, lump)


def _level_of(money: Floats, curve: Floats) -> Floats:
    """At which of the levels CURVE each customer's quantile curve (n_levels, n) passes `money` (n)."""
    above = np.clip((curve < money).sum(axis=0), 1, len(CURVE) - 1)
    column = np.arange(len(money))
    low, high = curve[above - 1, column], curve[above, column]
    share = np.divide(money - low, high - low, out=np.ones(len(money)), where=high > low)
    return np.asarray(CURVE[above - 1] + np.clip(share, 0, 1) * (CURVE[above] - CURVE[above - 1]))
