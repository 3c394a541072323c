"""Metrics of a calendar month: one declared object each; `months` is the table of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from patron.lifecycle.metrics.activity import Activity, CustomerDays, activity
from patron.words import Text

Array = np.ndarray


@dataclass(frozen=True)
class Metric:
    """One figure of each month. `expression(activity)` gives an array of shape (months,); nan where undefined."""

    name: str
    unit: str
    about: Text
    type: pa.DataType
    expression: Callable[[Activity], Array]


def _customers(seen: Activity) -> Array:
    return np.array([int(seen.bought(m).sum()) for m in range(seen.months)], np.int64)


def _retention_rate(seen: Activity) -> Array:
    rates = np.full(seen.months, np.nan)
    if seen.months:
        now = seen.bought(0)
    for m in range(1, seen.months):
        before, now = now, seen.bought(m)
        active = np.count_nonzero(before)
        if active:
            rates[m] = np.count_nonzero(now & before) / active
    return rates


METRICS = (
    Metric(
        "revenue",
        "money",
        Text("net money of all lines of the month, returns and fees included", "当月全部明细的净收入，含退货与费用"),
        pa.float64(),
        lambda seen: seen.revenue,
    ),
    Metric("orders", "occasions", Text("purchase occasions", "购买次数"), pa.int64(), lambda seen: seen.orders),
    Metric(
        "customers",
        "customers",
        Text("customers with at least one occasion", "至少购买一次的客户数"),
        pa.int64(),
        _customers,
    ),
    Metric(
        "new",
        "customers",
        Text("customers whose first occasion it was", "首次购买的客户数"),
        pa.int64(),
        lambda seen: np.bincount(seen.cohort, minlength=seen.months),
    ),
    Metric(
        "retention_rate",
        "share",
        Text(
            "active in both the month before and this one ÷ active in the month before",
            "上月与本月均有购买的客户数 ÷ 上月有购买的客户数",
        ),
        pa.float64(),
        _retention_rate,
    ),
)


def months(view: CustomerDays, seen: Activity | None = None) -> pa.Table:
    """One row per calendar month from the first line to the as-of day, in order, months without a line included.

    Columns: month (2011-12), complete (whether the as-of day is past its end), and each of METRICS; rates are empty
    where there is nobody to divide by. `seen` is `activity(view)`, to share it with `cohorts`.
    """
    seen = seen or activity(view)
    columns: dict[str, pa.Array] = {
        "month": pa.array(seen.names(), pa.string()),
        "complete": pa.array(_complete(seen.months, view.day), pa.bool_()),
    }
    for metric in METRICS:
        columns[metric.name] = pa.array(metric.expression(seen), metric.type, from_pandas=True)
    return pa.table(columns)


def _complete(months: int, day: date) -> list[bool]:
    ended = (day + timedelta(days=1)).day == 1
    return [m < months - 1 or ended for m in range(months)]
