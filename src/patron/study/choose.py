"""Choice by proof: the model that gave the highest probability to what really happened is the one in use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from patron.lifecycle.maths.conformal import ConformalLevels
from patron.lifecycle.models.purchase.predictive import CountPredictive
from patron.study.backtest import Backtest, Judged
from patron.study.tracking import common_shocks

UNTESTED = "mbg_nbd"
"""In use where no backtest is possible: right for one-time buyers too, and stable under its prior."""
UNTESTED_SPEND = "gamma_gamma"
TAUGHT_BY = 10_000  # customers of an origin; a level is then known to half a per cent


def best(judged: Sequence[Judged], measure: str, *, highest: bool, otherwise: str) -> str:
    """Name of the model with the best `measure`; a tie goes to the first; `otherwise` where nothing was measured."""
    known = [j for j in judged if np.isfinite(j.measures[measure])]
    if not known:
        return otherwise
    sign = 1 if highest else -1
    return max(known, key=lambda j: sign * j.measures[measure]).name


def choose(backtest: Backtest) -> tuple[str, str]:
    """(purchase model, spend model): by mean log predictive probability of counts, and by deviance of money."""
    return (
        best(backtest.counts, "log_score", highest=True, otherwise=UNTESTED),
        best(backtest.spends, "deviance", highest=False, otherwise=UNTESTED_SPEND),
    )


def learn_levels(backtest: Backtest, name: str, seed: int) -> ConformalLevels:
    """What the backtest teaches about the interval ends of model `name`, with shocks as known at each origin."""
    below, upto, customers = [], [], 0
    horizon = backtest.plan.horizon_days / 7
    for origin in (origin.thinned(TAUGHT_BY) for origin in backtest.origins):
        b, fitted = origin.buyers, origin.counts[name]
        shocks = common_shocks(fitted, origin.flow)
        predictive = CountPredictive(fitted, b.x, b.t_x, b.T, horizon, shocks=shocks, seed=seed)
        low, high = predictive.cdf_around(origin.purchases)
        below.append(low)
        upto.append(high)
        customers = max(customers, len(low))
    if not customers:
        return ConformalLevels.identity()
    lows, highs = np.clip(np.concatenate(below), 0, 1), np.clip(np.concatenate(upto), 0, 1)
    return ConformalLevels.fit(np.minimum(lows, highs), highs, customers=customers)
