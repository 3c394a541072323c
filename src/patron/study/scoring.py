"""One row for every customer: what it has been worth, will be worth, whether it is still there, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from patron.lifecycle.decisions.keep import churn_risk, label, next_step, value_at_risk
from patron.lifecycle.decisions.moments import earlier_moments, health
from patron.lifecycle.decisions.reasons import ReasonFacts, reasons
from patron.lifecycle.decisions.stages import HandSet, StageFacts, stage
from patron.lifecycle.maths.quantiles import equal_tails
from patron.lifecycle.models.purchase.clv import discount_factor
from patron.lifecycle.models.purchase.predictive import CountPredictive
from patron.study.backtest import Buyers
from patron.study.fits import Fits, with_whole_cost
from patron.study.money import clv, margin_rates, money_at
from patron.study.parallel import beside
from patron.study.settings import Settings

Floats = NDArray[np.float64]

COLUMNS = [
    "customer_id",
    "orders",
    "first_order",
    "last_order",
    "revenue",
    "margin",
    "value_basis",
    "recency_days",
    "r",
    "f",
    "m",
    "rfm_segment",
    "abc",
    "stage",
    "expected_purchases",
    "expected_purchases_low",
    "expected_purchases_high",
    "p_purchase",
    "p_alive",
    "clv",
    "clv_low",
    "clv_high",
    "churn_risk",
    "value_at_risk",
    "label",
    "reason_en",
    "reason_zh",
]
WIDE = ["expected_purchases_low95", "expected_purchases_high95", "clv_low95", "clv_high95"]
"""The 95 % intervals, beside the others in the Parquet file only."""
MORE = [
    "health",
    "health_before",
    "usual_gap",
    "last_gap",
    "tenure_days",
    "came_while_lapsed",
    "interest",
    "by_hand",
    "next_step",
]
"""What the stage was judged by and what to do next: kept in the database, not in the files of a run."""


@dataclass(frozen=True)
class Beside:
    """What is known of the customers of a summary beside their orders (n): signs of interest, stages set by hand."""

    interest: NDArray[np.bool_]
    hand: HandSet | None = None


@dataclass(frozen=True)
class Predicted:
    """What is predicted of the customers who have bought, in the order of the summary's buyers (n)."""

    expected: Floats
    counts: Floats  # (4, n): low80, high80, low95, high95
    p: Floats
    p_alive: Floats
    clv: Floats
    money: Floats  # (4, n)


def predict(fits: Fits, buyers: Buyers, settings: Settings) -> Predicted:
    """Purchases, chances and money ahead, with the interval ends that the backtest recalibrated."""
    b, chosen, h = buyers, fits.chosen, settings.horizon
    tails = [*equal_tails(0.8), *equal_tails(0.95)]

    def counts() -> Floats:
        ahead = CountPredictive(chosen, b.x, b.t_x, b.T, h, shocks=fits.shocks, seed=settings.seed)
        return ahead.quantiles(fits.count_levels.adjust(tails).tolist())

    with beside(counts) as counting:
        horizon = settings.clv_horizon
        worth = discount_factor(chosen, b.x, b.T, horizon, settings.discount) * margin_rates(fits.margin, b.table)
        levels = fits.value_levels.adjust(tails).tolist()
        money = money_at(chosen, fits.chosen_spend, b, worth, horizon, levels, shocks=fits.shocks, seed=settings.seed)
        return Predicted(
            chosen.expected(b.x, b.t_x, b.T, h),
            counting.result(),
            chosen.p_purchase(b.x, b.t_x, b.T, h),
            fits.alive.p_alive(b.x, b.t_x, b.T),
            clv(chosen, fits.chosen_spend, b, worth, horizon),
            money,
        )


def score(summary: pa.Table, fits: Fits, settings: Settings, beside_orders: Beside | None = None) -> pa.Table:
    """The scores of everybody in a tables.SUMMARY, in its order: COLUMNS, then WIDE, then MORE."""
    known = beside_orders or Beside(np.zeros(summary.num_rows, dtype=np.bool_))
    buyers = Buyers.of(summary)
    orders = summary.column("orders").to_numpy()
    bought = np.asarray(orders) > 0
    ahead = predict(fits, buyers, settings)
    spread = _Spread(bought)
    rfm = fits.rfm.predict(summary)
    abc = fits.abc.predict(_for_abc(summary, fits))
    p, value = spread(ahead.p), spread(ahead.clv)
    recency = _recency(summary, settings.as_of)
    before, lapsed_before = _eve(buyers, fits, settings)
    came_back = spread(lapsed_before.astype(np.float64)) == 1
    f_score = _filled(rfm.column("f"))
    facts = StageFacts.of(
        orders=orders,
        recency_days=recency,
        tenure_days=np.round(summary.column("T").to_numpy() * 7),
        f=f_score,
        health=spread(_health(fits, buyers, ahead.p, settings)),
        came_while_lapsed=came_back,
        interest=known.interest,
    )
    stages = stage(facts, settings.horizon_days, settings=settings.stages, hand=known.hand)
    said = reasons(
        ReasonFacts.of(
            orders=orders,
            recency_days=recency,
            usual_gap=_floats(summary, "usual_gap"),
            last_gap=_floats(summary, "last_gap_before"),
            return_days=_floats(summary, "return_days"),
            f=f_score,
            m=_filled(rfm.column("m")),
            came_while_lapsed=came_back,
            interest=known.interest,
        )
    )
    columns = {
        "customer_id": summary.column("customer_id"),
        "orders": summary.column("orders"),
        "first_order": summary.column("first_order"),
        "last_order": summary.column("last_order"),
        "revenue": summary.column("revenue"),
        "margin": _margin(summary, fits),
        "value_basis": pa.repeat(fits.value_basis, summary.num_rows),
        "recency_days": pa.array(np.nan_to_num(recency).astype(np.int64), mask=~bought),
        "r": rfm.column("r"),
        "f": rfm.column("f"),
        "m": rfm.column("m"),
        "rfm_segment": _plain(rfm.column("rfm_segment")),
        "abc": _plain(abc.column("abc")),
        "stage": _plain(stages.column()),
        "expected_purchases": _column(spread(ahead.expected)),
        "p_purchase": _column(p),
        "p_alive": _column(spread(ahead.p_alive)),
        "clv": _column(value),
        "churn_risk": _column(churn_risk(p)),
        "value_at_risk": _column(value_at_risk(p, value)),
        "label": _plain(label(orders, shrunken=bool(fits.too_little))),
        "reason_en": said.en,
        "reason_zh": said.zh,
    }
    for name, ends in (("expected_purchases", ahead.counts), ("clv", ahead.money)):
        for suffix, row in zip(("_low", "_high", "_low95", "_high95"), ends, strict=True):
            columns[name + suffix] = _column(spread(row))
    columns |= {
        "health": _column(facts.health),
        "health_before": _column(spread(before)),
        "usual_gap": summary.column("usual_gap"),
        "last_gap": summary.column("last_gap_before"),
        "tenure_days": pa.array(facts.tenure_days.astype(np.int64), mask=~bought),
        "came_while_lapsed": pa.array(came_back),
        "interest": pa.array(known.interest),
        "by_hand": pa.array(stages.by_hand),
        "next_step": _plain(next_step(stages.code, _worth_a_call(columns["abc"]))),
    }
    return pa.table({name: columns[name] for name in (*COLUMNS, *WIDE, *MORE)})


def stage_facts(scores: pa.Table) -> StageFacts:
    """What the stages of these scores (with MORE) were judged by."""
    return StageFacts.of(
        orders=_floats(scores, "orders"),
        recency_days=_floats(scores, "recency_days"),
        tenure_days=_floats(scores, "tenure_days"),
        f=_filled(scores.column("f")),
        health=_floats(scores, "health"),
        came_while_lapsed=scores.column("came_while_lapsed").to_numpy(),
        interest=scores.column("interest").to_numpy(),
    )


def _worth_a_call(abc: pa.Array | pa.ChunkedArray) -> NDArray[np.bool_]:
    """Class A and B are worth a person's time."""
    return np.asarray(pc.is_in(abc, pa.array(["A", "B"])).to_numpy(zero_copy_only=False))


class _Spread:
    """Values of those who bought, put back among everybody; NaN for the others."""

    def __init__(self, bought: NDArray[np.bool_]) -> None:
        self.bought = bought

    def __call__(self, values: Floats) -> Floats:
        out = np.full(len(self.bought), np.nan)
        out[self.bought] = values
        return out


def _health(fits: Fits, b: Buyers, p_now: Floats, settings: Settings) -> Floats:
    return health(p_now, fits.chosen.p_purchase(b.x, b.t_x, b.t_x, settings.horizon))


def _eve(b: Buyers, fits: Fits, settings: Settings) -> tuple[Floats, NDArray[np.bool_]]:
    """Health on the eve of the last occasion (n; NaN for one-time buyers), and whether that occasion ended a lapse."""
    before = earlier_moments(b.x, b.t_x, _floats(b.table, "last_gap_before"))
    eve, then = (
        fits.chosen.p_purchase(moment.x, moment.t_x, moment.T, settings.horizon)
        for moment in (before.eve, before.occasion_before)
    )
    out = np.full(len(b.x), np.nan)
    out[before.rows] = health(eve, then)
    return out, before.came_while_lapsed(eve, then, settings.horizon_days, settings.stages)


def _recency(summary: pa.Table, as_of: date) -> Floats:
    """Days from the last occasion to the as-of day (n); NaN without one."""
    last = summary.column("last_order").cast(pa.int32()).cast(pa.float64()).to_numpy(zero_copy_only=False)
    return np.asarray((as_of - date(1970, 1, 1)).days - last)


def _margin(summary: pa.Table, fits: Fits) -> pa.Array | pa.ChunkedArray:
    """Money left so far: revenue − cost where costs are known, the stated share of revenue, else empty."""
    if fits.margin is None:
        return pa.nulls(summary.num_rows, pa.float64())
    if summary.column("cost").null_count < summary.num_rows:
        return pc.subtract(summary.column("revenue"), summary.column("cost"))
    return pc.multiply(summary.column("revenue"), fits.margin.rate)


def _for_abc(summary: pa.Table, fits: Fits) -> pa.Table:
    if fits.abc.of == "revenue" or fits.margin is None:
        return summary
    return with_whole_cost(summary, fits.margin)


def _floats(table: pa.Table, name: str) -> Floats:
    return np.asarray(table.column(name).cast(pa.float64()).to_numpy(zero_copy_only=False))


def _filled(scores: pa.ChunkedArray) -> NDArray[np.int64]:
    return np.asarray(scores.fill_null(0).cast(pa.int64()).to_numpy())


def _column(values: Floats) -> pa.Array:
    return pa.array(values, from_pandas=True)


def _plain(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    return column.cast(pa.string())
