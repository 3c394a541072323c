"""The worlds a prediction averages over: draws of the parameters, each with a common shock on the purchase rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from patron.lifecycle.models.purchase.base import CountFitted
from patron.lifecycle.models.purchase.shocks import NO_SHOCKS, Shocks

Floats = NDArray[np.float64]

DRAWS = 32
SHOCK_NODES = 5
PLUG_IN_FROM = 10_000  # customers; beyond, parameter uncertainty is below what can be seen of it


@dataclass(frozen=True)
class Component:
    """One possible world: parameters, the factors on their purchase rate with weights, and how likely it is."""

    fitted: CountFitted
    rates: Floats
    rate_weights: Floats
    weight: float


def components(
    fitted: CountFitted, horizon: float, shocks: Shocks = NO_SHOCKS, *, seed: int = 0, draws: int | None = None
) -> list[Component]:
    """One world with several shocks for a big base, many worlds with one shock each for a small one.

    The shocks of a small base are stratified (every draw has its own slice of the normal), so that 32 draws carry
    the spread of the shock exactly rather than by luck. `draws` overrides how many.
    """
    if draws is None:
        draws = 1 if fitted.n >= PLUG_IN_FROM else DRAWS
    if draws == 1:
        logs, weights = shocks.factors(horizon, SHOCK_NODES)
        return [Component(fitted, np.exp(logs), weights, 1.0)]
    strata = ndtri((np.arange(draws) + 0.5) / draws)
    strata /= np.sqrt(np.mean(strata**2))
    order = np.random.default_rng(seed).permutation(draws)
    rates = np.exp(shocks.sd(horizon) * strata[order])
    one = np.ones(1)
    return [Component(drawn, rates[i : i + 1], one, 1 / draws) for i, drawn in enumerate(fitted.draws(draws, seed))]
