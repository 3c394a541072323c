"""What happened after a day: the only source of labels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis
import pyarrow as pa

from patron.errors import UsageError
from patron.history.shelf import Shelf
from patron.history.views import View
from patron.lifecycle.facts.money import money
from patron.lifecycle.periods import Period, after
from patron.lifecycle.tables import OUTCOMES, settled
from patron.words import Text


@dataclass(frozen=True)
class Outcomes:
    """tables.OUTCOMES of the customers known at `day` over `period`, sorted by customer_id, known by `known_by`."""

    day: date
    period: Period
    known_by: date
    table: pa.Table


def outcomes(shelf: Shelf, day: date, horizon_days: int, known_by: date | None) -> Outcomes:
    """What the customers known at `day` did in the `horizon_days` after it, as known by `known_by`.

    Without `known_by` it is the last day of the history. Raises UsageError if the period is not over by then: a
    half-seen period would teach that customers stop buying.
    """
    period = after(day, horizon_days)
    seen_to = known_by or shelf.span["last_day"]
    if seen_to is None or (period.end - seen_to).days > 1:
        last = period.end.fromordinal(period.end.toordinal() - 1)
        raise UsageError(
            Text(
                f"The {horizon_days} days after {day} end on {last}, which is not known by {seen_to}.",
                f"{day} 之后的 {horizon_days} 天到 {last} 结束，而数据只到 {seen_to}。",
            ),
            remedy=Text("Choose an earlier day or a shorter horizon.", "请选择更早的日期或更短的期限。"),
        )
    then, now = View(shelf, day).days, View(shelf, seen_to).days
    inside = now.filter((now.day >= ibis.literal(period.start)) & (now.day < ibis.literal(period.end)))
    did = inside.group_by("customer").aggregate(
        purchases=inside.purchase.sum(), revenue=money(inside.revenue.sum()), cost=money(inside.cost.sum())
    )
    rows = then.select("customer").distinct().left_join(did, "customer").join(shelf.ids, "customer")
    rows = rows.order_by("customer").select(
        "customer_id", purchases=rows.purchases.fill_null(0), revenue=rows.revenue.fill_null(0.0), cost=rows.cost
    )
    return Outcomes(day, period, seen_to, settled(OUTCOMES.check(shelf.rows(rows))))
