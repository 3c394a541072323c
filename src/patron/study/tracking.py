"""Actual and expected repeat purchases by calendar week: the tracking plot, and what common shocks are learned from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from patron.history.views import View
from patron.lifecycle.models.purchase.base import CountFitted
from patron.lifecycle.models.purchase.shocks import Shocks, learn

Floats = NDArray[np.float64]

FORTNIGHT = 14
MOST_BUCKETS = 40
WEEK = 7
EPOCH = date(1970, 1, 1).toordinal()
NEVER = np.int32(2**31 - 1)


@dataclass(frozen=True)
class Flow:
    """Births and repeat occasions by day as of `day`: ordinals of days and how many on each."""

    day: date
    birth_days: NDArray[np.int64]
    births: NDArray[np.int64]
    repeat_days: NDArray[np.int64]
    repeats: NDArray[np.int64]

    @property
    def first(self) -> int:
        """Ordinal of the first day with a birth."""
        return int(self.birth_days[0]) if len(self.birth_days) else self.day.toordinal()


def flow(view: View, first_orders: NDArray[np.int64]) -> Flow:
    """Births (`first_orders`: ordinals of the customers' first days) and repeat occasions known to the view."""
    birth_days, births = counted(first_orders)
    bought = view.days.filter(view.days.purchase)
    by_day = view.rows(bought.group_by("day").aggregate(n=bought.count()).order_by("day"))
    days = np.array([d.toordinal() for d in by_day.column("day").to_pylist()], dtype=np.int64)
    occasions = by_day.column("n").to_numpy().astype(np.int64)
    first_ones = dict(zip(birth_days.tolist(), births.tolist(), strict=True))
    repeats = occasions - np.array([first_ones.get(d, 0) for d in days.tolist()], dtype=np.int64)
    return Flow(view.day, birth_days, births, days, repeats)


def expected_between(fitted: CountFitted, births: Flow, edges: NDArray[np.int64]) -> Floats:
    """Repeat purchases expected between consecutive `edges` (ordinals; a day counts to the stretch that ends on it)."""
    ages = np.maximum(edges[:, None] - births.birth_days[None, :], 0)
    distinct, inverse = np.unique(ages, return_inverse=True)
    each = fitted.expected_from_start(distinct / WEEK)[inverse.reshape(ages.shape)]
    return np.asarray(np.diff(each @ births.births.astype(float)))


def actual_between(seen: Flow, edges: NDArray[np.int64]) -> Floats:
    """Repeat purchases after each edge up to and with the next one."""
    cumulative = np.r_[0, np.cumsum(seen.repeats)]
    at = cumulative[np.searchsorted(seen.repeat_days, edges, side="right")]
    return np.asarray(np.diff(at), dtype=float)


def common_shocks(fitted: CountFitted, seen: Flow) -> Shocks:
    """Shocks learned from the fitting window in stretches of a fortnight (longer where there would be over 40)."""
    last = seen.day.toordinal()
    span = last - seen.first + 1
    buckets = int(np.clip(span // FORTNIGHT, 1, MOST_BUCKETS))
    edges = np.unique(np.round(np.linspace(seen.first - 1, last, buckets + 1)).astype(np.int64))
    middle = ((edges[1:] + edges[:-1]) / 2 - last) / WEEK
    return learn(middle, actual_between(seen, edges), expected_between(fitted, seen, edges))


def tracking(fitted: CountFitted, known: Flow, later: Flow | None = None) -> list[dict[str, Any]]:
    """Weekly and cumulative repeat purchases: what happened and what the model expected, as in Fader & Hardie.

    `known`: the flow the model was fitted on; `later`: the flow as of a later day, whose further weeks of the same
    customers are marked as hold-out.
    """
    seen = later or known
    start, end = known.first - 1, seen.day.toordinal()
    edges = np.arange(start, end + 1, WEEK)
    if len(edges) < 2:
        return []
    expected, actual = expected_between(fitted, known, edges), actual_between(seen, edges)
    rows = []
    for edge, a, e, ca, ce in zip(edges[1:], actual, expected, np.cumsum(actual), np.cumsum(expected), strict=True):
        day = date.fromordinal(int(edge))
        rows.append(
            {
                "day": day.isoformat(),
                "actual": int(a),
                "expected": float(e),
                "cumulative_actual": int(ca),
                "cumulative_expected": float(ce),
                "holdout": day > known.day,
            }
        )
    return rows


def cohort_flow(view: View, known: Flow) -> Flow:
    """The flow as of a later view of the customers born up to `known.day` only, for the tracking of a hold-out."""
    table = view.rows(view.days.filter(view.days.purchase).select("customer", "day"))
    customer, day = table.column("customer").to_numpy(), table.column("day").cast(pa.int32()).to_numpy()
    born = np.full(int(customer.max(initial=-1)) + 1, NEVER)
    np.minimum.at(born, customer, day)
    last = known.day.toordinal() - EPOCH
    days, occasions = counted(day[(born <= last)[customer]].astype(np.int64) + EPOCH)
    return Flow(view.day, known.birth_days, known.births, days, occasions - _births_on(days, known))


def _births_on(days: NDArray[np.int64], known: Flow) -> NDArray[np.int64]:
    """How many of the customers of a flow were born on each of `days` (ordinals)."""
    first_ones = dict(zip(known.birth_days.tolist(), known.births.tolist(), strict=True))
    return np.array([first_ones.get(d, 0) for d in days.tolist()], dtype=np.int64)


def counted(days: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct days (ordinals, rising) and how often each occurs: there are few, so a table of them is quick."""
    first = int(days.min()) if len(days) else 0
    table = np.bincount(days - first)
    kept = np.flatnonzero(table)
    return kept + first, table[kept]
