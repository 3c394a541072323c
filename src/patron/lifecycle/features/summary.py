"""tables.SUMMARY from an as-of view: one row per customer, sorted by customer_id."""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import pyarrow as pa

from patron.lifecycle.features.base import CustomerDays, Feature
from patron.lifecycle.features.behaviour import BEHAVIOUR, GAPS
from patron.lifecycle.tables import SUMMARY, settled


def behaviour(days: Any, day: date) -> Any:
    """One row per `customer` of tables.DAYS (Ibis) with every feature of the groups "days" and "row"."""
    grouped = days.group_by("customer").aggregate(**_of("days", BEHAVIOUR, days, day))
    return grouped.mutate(**_of("row", BEHAVIOUR, grouped, day))


def gaps(days: Any) -> Any:
    """Purchase occasions but the first of each customer (Ibis): customer, day, gap = days since the one before."""
    bought = days.filter(days.purchase)
    before = bought.day.lag().over(ibis.window(group_by=bought.customer, order_by=bought.day))
    gapped = bought.select("customer", "day", gap=bought.day.delta(before, unit="day"))
    return gapped.filter(gapped.gap.notnull())


def rhythm(days: Any, day: date) -> Any:
    """One row per `customer` with at least two occasions: every feature of the group "gaps"."""
    table = gaps(days)
    return table.group_by("customer").aggregate(**_of("gaps", GAPS, table, day))


def _of(group: str, features: tuple[Feature, ...], table: Any, day: date) -> dict[str, Any]:
    return {f.name: f.expression(table, day) for f in features if f.group == group}


def summarise(view: CustomerDays, *, with_gaps: bool = True) -> pa.Table:
    """tables.SUMMARY of everybody known as of the view's day, sorted by customer_id.

    `with_gaps=False` leaves `usual_gap` and `last_gap_before` empty: they need every occasion in order, which costs
    as much again, and fitting and backtesting do without them.
    """
    table = behaviour(view.days, view.day).join(view.ids, "customer")
    if with_gaps:
        table = table.left_join(rhythm(view.days, view.day), "customer")
    else:
        empty = ibis.null().cast("float64")
        table = table.mutate(usual_gap=empty, last_gap_before=empty)
    rows = view.rows(table.order_by("customer").select(SUMMARY.names))
    return settled(SUMMARY.check(rows))
