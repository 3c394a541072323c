"""Choice by proof: the model that gave the highest probability to what really happened is the one in use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from patron.lifecycle.maths.conformal import ConformalLevels
from patron.lifecycle.models.purchase.predictive import CountPredictive
from patron.study.backtest import Backtest, Judged, Origin
from patron.study.parallel import each
from patron.study.tracking import common_shocks

Floats = NDArray[np.float64]

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
    few = [origin.thinned(TAUGHT_BY) for origin in backtest.origins]
    horizon = backtest.plan.horizon_days / 7
    ends = each(lambda origin: _transform(origin, name, horizon, seed), few)
    if not ends:
        return ConformalLevels.identity()
    lows, highs = (np.clip(np.concatenate(side), 0, 1) for side in zip(*ends, strict=True))
    return ConformalLevels.fit(np.minimum(lows, highs), highs, customers=max(len(o.purchases) for o in few))


def _transform(origin: Origin, name: str, horizon: float, seed: int) -> tuple[Floats, Floats]:
    """Both ends of each customer's place in its predictive distribution."""
    b, fitted = origin.buyers, origin.counts[name]
    shocks = common_shocks(fitted, origin.flow)
    predictive = CountPredictive(fitted, b.x, b.t_x, b.T, horizon, shocks=shocks, seed=seed)
    return predictive.cdf_around(origin.purchases)
