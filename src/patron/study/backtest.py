"""The temporal backtest: stand on earlier days, predict what is known by now, and measure who did it best.

Every model of the catalogue and every baseline is fitted on what was known at each origin and judged on the outcomes
known by the as-of day. Large bases are judged on a seeded sample of customers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from patron.history.store import History
from patron.history.views import View
from patron.lifecycle.evaluation.counts import mae, mean_log_score, total_ratio
from patron.lifecycle.evaluation.intervals import coverage, winkler
from patron.lifecycle.evaluation.money import deviance
from patron.lifecycle.evaluation.probability import brier
from patron.lifecycle.evaluation.ranking import decile_gain, roc_auc
from patron.lifecycle.features.summary import summarise
from patron.lifecycle.maths.quantiles import equal_tails
from patron.lifecycle.models.catalogue import model, purchase_models, spend_models
from patron.lifecycle.models.purchase.base import CountFitted, CountModel, histories_of
from patron.lifecycle.models.purchase.gamma_gamma import SpendFitted
from patron.lifecycle.models.purchase.predictive import CountPredictive
from patron.study.origins import BacktestPlan
from patron.study.parallel import Submit
from patron.study.tracking import Flow, flow

Floats = NDArray[np.float64]

SAMPLE = 25_000  # customers judged; models are told apart by paired differences of far less than their spread
Progress = Callable[[int, int], None]
Measures = dict[str, float]


@dataclass(frozen=True)
class Buyers:
    """The customers of a summary who have bought, as arrays (n)."""

    ids: pa.ChunkedArray
    table: pa.Table
    x: NDArray[np.int64]
    t_x: Floats
    T: Floats
    repeat_n: NDArray[np.int64]
    repeat_mean: Floats

    @staticmethod
    def of(summary: pa.Table) -> Buyers:
        """From a tables.SUMMARY, whoever has at least one occasion."""
        import pyarrow.compute as pc

        bought = pc.greater(summary.column("orders"), 0)
        table = summary if pc.all(bought).as_py() else summary.filter(bought)
        arrays = [table.column(c).to_numpy() for c in ("x", "t_x", "T", "repeat_n", "repeat_mean")]
        return Buyers(table.column("customer_id"), table, *arrays)


@dataclass(frozen=True)
class Origin:
    """One earlier day: who had bought by then, what they did after, and the models fitted on what was known."""

    day: date
    buyers: Buyers
    purchases: NDArray[np.int64]
    revenue: Floats
    flow: Flow
    counts: dict[str, CountFitted] = field(default_factory=dict)
    spends: dict[str, SpendFitted] = field(default_factory=dict)

    def thinned(self, most: int) -> Origin:
        """With every second, third … customer only, so that no more than `most` are left. The fits stay."""
        step = -(-len(self.purchases) // most)
        if step <= 1:
            return self
        table = self.buyers.table.take(np.arange(0, len(self.purchases), step))
        return replace(self, buyers=Buyers.of(table), purchases=self.purchases[::step], revenue=self.revenue[::step])


@dataclass(frozen=True)
class Judged:
    """How one model did, averaged over the origins."""

    name: str
    measures: dict[str, float]
    by_origin: Sequence[dict[str, float]]


@dataclass(frozen=True)
class Backtest:
    """The plan, the origins with their fits, and every model's measures. Empty lists where the past is too short."""

    plan: BacktestPlan
    origins: Sequence[Origin] = field(default_factory=tuple)
    counts: Sequence[Judged] = field(default_factory=tuple)
    spends: Sequence[Judged] = field(default_factory=tuple)


def run(
    history: History, plan: BacktestPlan, as_of: date, *, seed: int, progress: Progress, submit: Submit
) -> Backtest:
    """Fit and judge every model at every origin of the plan, with outcomes known by `as_of`.

    This thread asks the engine; `submit` has other threads do the arithmetic meanwhile (`parallel.helpers`).
    """
    some = history.sample(SAMPLE, seed=seed)
    trials = []
    for i, day in enumerate(plan.origins):
        origin = _look(some, day, plan.horizon_days, as_of)
        if len(origin.purchases):
            trials.append(_try(origin, plan.horizon_days / 7, seed, submit))
        progress(i + 1, 2 * len(plan.origins))
    origins = [trial.origin() for trial in trials]
    if not origins:
        return Backtest(plan)
    counts = [_judge(name, [trial.measures(trial.counts, name) for trial in trials]) for name in origins[0].counts]
    spends = [_judge(name, [trial.measures(trial.spends, name) for trial in trials]) for name in origins[0].spends]
    return Backtest(plan, origins, counts, spends)


@dataclass(frozen=True)
class _Trial:
    """An origin while other threads fit each model on it and measure how well it did: (fitted, measures)."""

    bare: Origin
    counts: Mapping[str, Future[tuple[CountFitted, Measures]]]
    spends: Mapping[str, Future[tuple[SpendFitted, Measures]]]

    def origin(self) -> Origin:
        """The origin with its fits, once they are there."""
        counts = {name: tried.result()[0] for name, tried in self.counts.items()}
        return replace(
            self.bare, counts=counts, spends={name: tried.result()[0] for name, tried in self.spends.items()}
        )

    @staticmethod
    def measures(tried: Mapping[str, Future[tuple[Any, Measures]]], name: str) -> Measures:
        """How well the model `name` did."""
        return tried[name].result()[1]


def _try(origin: Origin, horizon: float, seed: int, submit: Submit) -> _Trial:
    table = origin.buyers.table
    histories = histories_of(table)

    def counts(name: str) -> tuple[CountFitted, Measures]:
        fitted = _counts_model(name).fit_histories(histories, seed=seed)
        return fitted, _count_measures(origin, fitted, horizon)

    def spends(name: str) -> tuple[SpendFitted, Measures]:
        fitted = cast(SpendFitted, model(name).fit(table, seed=seed))
        return fitted, _spend_measures(origin, fitted)

    return _Trial(
        origin,
        {name: submit(partial(counts, name)) for name in purchase_models()},
        {name: submit(partial(spends, name)) for name in spend_models()},
    )


def _counts_model(name: str) -> CountModel:
    return cast(CountModel, model(name))


def fit_counts(table: pa.Table, seed: int, submit: Submit) -> dict[str, Future[CountFitted]]:
    """Every model of purchase counts in the catalogue, baselines too, while other threads fit them on these buyers."""
    histories = histories_of(table)
    return {
        name: submit(partial(_counts_model(name).fit_histories, histories, seed=seed)) for name in purchase_models()
    }


def fit_spends(table: pa.Table, seed: int, submit: Submit) -> dict[str, Future[SpendFitted]]:
    """Every model of money an occasion in the catalogue, while other threads fit them on these buyers."""
    return {name: submit(partial(model(name).fit, table, seed=seed)) for name in spend_models()}


def first_days(summary: pa.Table) -> NDArray[np.int64]:
    """Ordinals of the first occasions of a summary (customers without one left out)."""
    days = summary.column("first_order").drop_null().cast(pa.int32()).to_numpy()
    return np.asarray(days.astype(np.int64) + date(1970, 1, 1).toordinal())


def _look(history: History, day: date, horizon_days: int, as_of: date) -> Origin:
    """The day as it was, and what came of it; nothing fitted yet."""
    view: View = history.as_of(day)
    summary = summarise(view, with_gaps=False)
    seen = flow(view, first_days(summary))
    outcomes = history.outcomes(day, horizon_days, known_by=as_of).table
    bought = np.asarray(summary.column("orders").to_numpy()) > 0
    purchases, revenue = (outcomes.column(name).to_numpy()[bought] for name in ("purchases", "revenue"))
    return Origin(day, Buyers.of(summary), purchases, revenue, seen)


def _judge(name: str, rows: list[dict[str, float]]) -> Judged:
    return Judged(name, {key: _mean([row[key] for row in rows]) for key in rows[0]}, rows)


def _mean(values: list[float]) -> float:
    """Mean of what is known; NaN where nothing is."""
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")


def _count_measures(origin: Origin, fitted: CountFitted, horizon: float) -> dict[str, float]:
    b, y = origin.buyers, origin.purchases
    expected = fitted.expected(b.x, b.t_x, b.T, horizon)
    p = fitted.p_purchase(b.x, b.t_x, b.T, horizon)
    low, high = CountPredictive(fitted, b.x, b.t_x, b.T, horizon, draws=1).quantiles(equal_tails(0.8))
    return {
        "log_score": mean_log_score(fitted.log_probability(y, b.x, b.t_x, b.T, horizon)),
        "mae": mae(y, expected),
        "total_ratio": total_ratio(y, expected),
        "auc": roc_auc(y > 0, p),
        "brier": brier(y > 0, p),
        "winkler": winkler(y, low, high, 0.8),
        "coverage": coverage(y, low, high),
    }


def _spend_measures(origin: Origin, fitted: SpendFitted) -> dict[str, float]:
    b, y = origin.buyers, origin.purchases
    mean = fitted.conditional_mean(b.repeat_n, b.repeat_mean)
    paid = (y > 0) & (origin.revenue > 0)
    actual = origin.revenue[paid] / y[paid]
    if not paid.any():
        return {"deviance": float("nan"), "total_ratio": float("nan"), "top_decile": float("nan")}
    return {
        "deviance": deviance(actual, mean[paid], power=2),
        "total_ratio": total_ratio(origin.revenue[paid], mean[paid] * y[paid]),
        "top_decile": decile_gain(origin.revenue, mean * (b.x + 1)),
    }


def to_json(backtest: Backtest, chosen: str, spend: str) -> dict[str, Any]:
    """The backtest as the card and the report show it."""
    return {
        "horizon_days": backtest.plan.horizon_days,
        "origins": [o.day.isoformat() for o in backtest.origins],
        "why": {"en": backtest.plan.why.en, "zh": backtest.plan.why.zh},
        "models": [
            {"name": j.name, **j.measures, "chosen": j.name == chosen, "by_origin": list(j.by_origin)}
            for j in backtest.counts
        ],
        "spend": [{"name": j.name, **j.measures, "chosen": j.name == spend} for j in backtest.spends],
    }
