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
FEW_WORLDS = 32
MANY = 4_000  # customers; from here on fewer worlds
SAMPLE = 20_000  # customers whose sums stand for a larger group's; its own mean is exact
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
    return purchases_total(summary, fits, settings, seed), value_total(summary, fits, settings, seed)


def purchases_total(summary: pa.Table, fits: Fits, settings: Settings, seed: int = 0) -> Total:
    """Purchases within the purchase horizon of all customers of a summary."""
    group = _Group.of(summary, fits, settings.horizon, seed)
    if group is None:
        return NOTHING
    rng = np.random.default_rng(seed)
    b = group.buyers
    each = fits.chosen.expected(b.x, b.t_x, b.T, settings.horizon)
    ahead = group.predictive
    if group.small:
        everyone = np.arange(len(b.x))
        draws = [_draw_counts(ahead, m, everyone, rng).sum(axis=1) for m in range(group.worlds)]
    else:
        moments = [ahead.moments(m) for m in range(group.worlds)]
        draws = [group.sums(float(each[group.rows].sum()), mean.sum(), var.sum(), rng) for mean, var in moments]
    return _total(float(each.sum()), np.concatenate(draws), small=group.small)


def value_total(summary: pa.Table, fits: Fits, settings: Settings, seed: int = 0) -> Total:
    """CLV within the CLV horizon of all customers of a summary."""
    group = _Group.of(summary, fits, settings.clv_horizon, seed)
    if group is None:
        return NOTHING
    rng = np.random.default_rng(seed)
    b, spend = group.buyers, fits.chosen_spend
    rates = margin_rates(fits.margin, b.table)
    factor = discount_factor(fits.chosen, b.x, b.T, settings.clv_horizon, settings.discount)
    each = clv(fits.chosen, spend, b, factor * rates, settings.clv_horizon)
    some = Buyers.of(b.table.take(group.rows))
    worth = discount_factor(fits.chosen, some.x, some.T, settings.clv_horizon, settings.discount) * rates[group.rows]
    draws = []
    for m, drawn in enumerate(spend.draws(group.worlds, seed + 1)):
        rows = np.arange(len(some.x))
        if not group.small:
            rows = np.sort(rng.choice(len(rows), ONE_BY_ONE, replace=False))
        money = _draw_money(group.predictive, m, drawn, some, worth, rows, rng)
        if group.small:
            draws.append(money.sum(axis=1))
            continue
        mean = group.predictive.moments(m)[0] * worth * drawn.conditional_mean(some.repeat_n, some.repeat_mean)
        variance = len(some.x) * float(money.var(axis=0).mean())
        draws.append(group.sums(float(each[group.rows].sum()), float(mean.sum()), variance, rng))
    return _total(float(each.sum()), np.concatenate(draws), small=group.small)


NOTHING = Total(0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class _Group:
    """The buyers of a group in order of id, and the worlds drawn for them; of a large group, for the sample `rows`."""

    buyers: Buyers
    rows: NDArray[np.int64]
    predictive: CountPredictive
    worlds: int

    @staticmethod
    def of(summary: pa.Table, fits: Fits, horizon: float, seed: int) -> _Group | None:
        b = Buyers.of(_by_id(summary))
        n = len(b.x)
        if not n:
            return None
        rows = np.arange(n)
        if n > SAMPLE:
            rows = np.sort(np.random.default_rng(seed).choice(n, SAMPLE, replace=False))
        worlds = WORLDS if n <= MANY else FEW_WORLDS
        ahead = CountPredictive(
            fits.chosen, b.x[rows], b.t_x[rows], b.T[rows], horizon, shocks=fits.shocks, seed=seed, draws=worlds
        )
        return _Group(b, rows, ahead, worlds)

    @property
    def small(self) -> bool:
        """Drawn one by one; else the sum is normal in each world."""
        return len(self.buyers.x) <= ONE_BY_ONE

    def sums(self, plain: float, mean: float, variance: float, rng: np.random.Generator) -> Floats:
        """EACH totals of the whole group in one world, from plain expectation, mean and variance of the sample's.

        What all share moves the total in proportion, what each adds for itself by the square root.
        """
        scale = len(self.buyers.x) / len(self.rows)
        return np.asarray(scale * (mean - plain) + np.sqrt(scale * variance) * rng.standard_normal(EACH))


def _by_id(summary: pa.Table) -> pa.Table:
    """The summary in order of id, as most of them come."""
    ids = summary.column("customer_id")
    rising = pc.all(pc.less_equal(ids.slice(0, max(len(ids) - 1, 0)), ids.slice(1))).as_py()
    return summary if rising else summary.sort_by("customer_id")


def _total(value: float, draws: Floats, *, small: bool) -> Total:
    """A large group's draws are differences from its expectation, a small one's are totals."""
    ends = np.quantile(draws, ENDS) + (0.0 if small else value)
    return Total(value, *(float(end) for end in ends))


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


def _draw_money(
    predictive: CountPredictive,
    world: int,
    spend: SpendFitted,
    b: Buyers,
    worth: Floats,
    rows: NDArray[np.intp],
    rng: np.random.Generator,
) -> Floats:
    """Money of EACH futures of the customers `rows` in one world: (EACH, n_rows)."""
    counts = _draw_counts(predictive, world, rows, rng)
    shape, rate = spend.spend_posterior(b.repeat_n[rows], b.repeat_mean[rows])
    total = rng.standard_gamma(np.maximum(spend.p * counts, 1e-300)) * (counts > 0)
    return np.asarray(total * rate / rng.standard_gamma(np.broadcast_to(shape, counts.shape)) * worth[rows])
