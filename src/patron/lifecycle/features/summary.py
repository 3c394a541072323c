"""tables.SUMMARY from an as-of view: one row per customer, sorted by customer_id."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from patron.lifecycle.features.base import CustomerDays, Feature
from patron.lifecycle.features.behaviour import BEHAVIOUR, GAPS
from patron.lifecycle.features.rhythm import Gaps, gaps
from patron.lifecycle.tables import SUMMARY, settled


def behaviour(days: Any, day: date) -> Any:
    """One row per `customer` of tables.DAYS (Ibis) with every feature of the groups "days" and "row"."""
    grouped = days.group_by("customer").aggregate(**_of("days", BEHAVIOUR, days, day))
    return grouped.mutate(**_of("row", BEHAVIOUR, grouped, day))


def _of(group: str, features: tuple[Feature, ...], table: Any, day: date) -> dict[str, Any]:
    return {f.name: f.expression(table, day) for f in features if f.group == group}


def summarise(view: CustomerDays, *, with_gaps: bool = True, seen: Gaps | None = None) -> pa.Table:
    """tables.SUMMARY of everybody known as of the view's day, sorted by customer_id.

    `with_gaps=False` leaves `usual_gap` and `last_gap_before` empty: they need every occasion in order, which costs
    half as much again, and fitting and backtesting do without them. `seen` is `gaps(view)`, to share it.
    """
    table = behaviour(view.days, view.day).join(view.ids, "customer")
    found = [name for name in SUMMARY.names if name not in _GAPS]
    rows = view.rows(table.order_by("customer").select("customer", *found))
    rhythm = (seen or gaps(view)).features() if with_gaps else None
    for name in _GAPS:
        values = _nothing(rows) if rhythm is None else _beside(rows.column("customer"), rhythm, name)
        rows = rows.append_column(name, values)
    return settled(SUMMARY.check(rows))


_GAPS = [feature.name for feature in GAPS]


def _nothing(rows: pa.Table) -> pa.Array:
    return pa.nulls(rows.num_rows, pa.float64())


def _beside(customers: pa.ChunkedArray, rhythm: pa.Table, name: str) -> pa.Array:
    """A column of `rhythm` for each of these customers, rising; empty for whoever is not in it."""
    everybody = customers.to_numpy()
    rows = np.searchsorted(everybody, rhythm.column("customer").to_numpy())
    values, known = np.zeros(len(everybody)), np.zeros(len(everybody), dtype=np.bool_)
    values[rows], known[rows] = rhythm.column(name).to_numpy(), True
    return pa.array(values, mask=~known)
