"""What a group of customers will do together: totals with intervals from joint draws.

The bounds of single customers don't add up. A total's spread has a part that every customer adds for itself and
averages out, and a part that all share (parameters that may be off, shocks that hit everybody) and that does not. So
worlds are drawn first, then everybody's future in each world.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from patron.errors import InputError
from patron.lifecycle.models.purchase.clv import discount_factor
from patron.lifecycle.models.purchase.gamma_gamma import SpendFitted
from patron.lifecycle.models.purchase.predictive import CountPredictive
from patron.study.backtest import Buyers
from patron.study.fits import Fits
from patron.study.money import clv, margin_rates
from patron.study.settings import Settings
from patron.words import Text

if TYPE_CHECKING:
    from patron.study.run import Run

Floats = NDArray[np.float64]

WORLDS = 64
FEW_WORLDS = 16
MANY = 20_000  # customers; from here on fewer worlds and sums of moments
EACH = 16  # futures drawn in a world
ONE_BY_ONE = 2_000  # customers drawn one by one; a larger group's sum is normal in each world
ENDS = (0.1, 0.9, 0.025, 0.975)


@dataclass(frozen=True)
class Total:
    """A group's expected total and the equal-tailed ends of its 80 % and 95 % predictive interval."""

    value: float
    low: float
    high: float
    low95: float
    high95: float


@dataclass(frozen=True)
class Totals:
    """Totals of a group: purchases within the purchase horizon, CLV within the CLV horizon."""

    customers: int
    unknown: Sequence[str]
    expected_purchases: Total
    clv: Total
    horizon_days: int
    clv_horizon_days: int
    value_basis: str


def totals(run: Run, ids: Sequence[str] | None = None, seed: int = 0) -> Totals:
    """Totals of the customers `ids` of a run (of everybody without). Each id counts once.

    Raises InputError if none of the ids is in the run.
    """
    summary = run.summary
    unknown: list[str] = []
    if ids is not None:
        wanted = pa.array(sorted(set(ids)), pa.string())
        unknown = wanted.filter(
            pc.invert(pc.is_in(wanted, run.scores.column("customer_id").combine_chunks()))
        ).to_pylist()
        if len(unknown) == len(wanted):
            raise InputError(
                Text("none of these customers is in the run.", "这些客户都不在此次运行中。"),
                remedy=Text("Use the ids of scores.csv as they stand there.", "请使用 scores.csv 中的客户编号。"),
            )
        summary = summary.filter(pc.is_in(summary.column("customer_id"), wanted))
    count = run.scores.num_rows if ids is None else len(wanted) - len(unknown)
    purchases, value = group_totals(summary, run.fits, run.settings, seed)
    s = run.settings
    return Totals(count, unknown, purchases, value, s.horizon_days, s.clv_horizon_days, run.fits.value_basis)


def group_totals(summary: pa.Table, fits: Fits, settings: Settings, seed: int = 0) -> tuple[Total, Total]:
    """(purchases, CLV) of all customers of a summary together."""
    b = Buyers.of(summary)
    if not len(b.x):
        nothing = Total(0.0, 0.0, 0.0, 0.0, 0.0)
        return nothing, nothing
    order = pc.sort_indices(b.ids).to_numpy()
    b = Buyers.of(b.table.take(order))
    rates = margin_rates(fits.margin, b.table)
    spend = fits.chosen_spend
    plain = float(fits.chosen.expected(b.x, b.t_x, b.T, settings.horizon).sum())
    value = float(clv(fits.chosen, spend, b, rates, settings.clv_horizon, settings.discount).sum())
    n_worlds = WORLDS if len(b.x) < MANY else FEW_WORLDS
    rng = np.random.default_rng(seed)
    near = CountPredictive(
        fits.chosen, b.x, b.t_x, b.T, settings.horizon, shocks=fits.shocks, seed=seed, draws=n_worlds
    )
    counts = np.concatenate([_counts(near, m, rng) for m in range(n_worlds)])
    far = CountPredictive(
        fits.chosen, b.x, b.t_x, b.T, settings.clv_horizon, shocks=fits.shocks, seed=seed, draws=n_worlds
    )
    factor = discount_factor(fits.chosen, b.x, b.T, settings.clv_horizon, settings.discount) * rates
    spends = spend.draws(n_worlds, seed + 1)
    money = np.concatenate([_money(far, m, spends[m], b, factor, rng) for m in range(n_worlds)])
    return _total(plain, counts), _total(value, money)


def _total(value: float, draws: Floats) -> Total:
    return Total(value, *(float(q) for q in np.quantile(draws, ENDS)))


def _draw_counts(predictive: CountPredictive, world: int, rows: NDArray[np.intp], rng: np.random.Generator) -> Floats:
    """EACH futures of the customers `rows` in one world: (EACH, n_rows)."""
    distinct_rows, column = np.unique(predictive.inverse[rows], return_inverse=True)
    table = predictive.grid.at(predictive.counts.tables[world], distinct_rows) * predictive.alive[world, distinct_rows]
    values = np.r_[0, predictive.k].astype(float)
    u = rng.random((EACH, len(rows)))
    out = np.empty_like(u)
    order = np.argsort(column, kind="stable")
    starts = np.searchsorted(column[order], np.arange(len(distinct_rows) + 1))
    for i in range(len(distinct_rows)):
        mine = order[starts[i] : starts[i + 1]]
        out[:, mine] = values[np.searchsorted(-table[:, i], -u[:, mine], side="left")]
    return np.asarray(out)


def _counts(predictive: CountPredictive, world: int, rng: np.random.Generator) -> Floats:
    n = len(predictive.inverse)
    if n <= ONE_BY_ONE:
        return np.asarray(_draw_counts(predictive, world, np.arange(n), rng).sum(axis=1))
    mean, variance = predictive.moments(world)
    return np.asarray(mean.sum() + np.sqrt(variance.sum()) * rng.standard_normal(EACH))


def _money(
    predictive: CountPredictive, world: int, spend: SpendFitted, b: Buyers, factor: Floats, rng: np.random.Generator
) -> Floats:
    """Totals of EACH futures in one world; of a large group from a sample of it, brought to its mean and size."""
    n = len(predictive.inverse)
    rows = np.arange(n) if n <= ONE_BY_ONE else np.sort(rng.choice(n, ONE_BY_ONE, replace=False))
    counts = _draw_counts(predictive, world, rows, rng)
    shape, rate = spend.spend_posterior(b.repeat_n[rows], b.repeat_mean[rows])
    total = rng.standard_gamma(np.maximum(spend.p * counts, 1e-300)) * (counts > 0)
    money = total * rate / rng.standard_gamma(np.broadcast_to(shape, counts.shape)) * factor[rows]
    if n <= ONE_BY_ONE:
        return np.asarray(money.sum(axis=1))
    mean, _ = predictive.moments(world)
    expected = float((mean * factor * spend.conditional_mean(b.repeat_n, b.repeat_mean)).sum())
    return np.asarray(expected + np.sqrt(n * money.var(axis=1).mean()) * rng.standard_normal(EACH))
