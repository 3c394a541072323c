"""What an order comes to, counted from its lines: in Python for new ones, in the database for those that grow."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from django.db import connection

from patron.crm.kit.bulk import PART
from patron.crm.sources.writers.base import Chunk

STATUS = (
    "SELECT CASE WHEN count(*) = 0 THEN o.status "
    "WHEN sum(CASE WHEN l.amount <> 0 AND l.revenue = 0 AND NOT l.purchase THEN 0 ELSE 1 END) = 0 THEN 'cancelled' "
    "WHEN max(l.quantity) < 0 THEN 'returned' ELSE 'placed' END"
)
COST = "SELECT CASE WHEN count(*) = count(l.cost) THEN CAST(sum(l.cost) AS bigint) END"


def sums_of(chunk: Chunk, rows: Sequence[int], orders: Sequence[int], many: int) -> list[list[Any]]:
    """Status, revenue, cost and number of lines of new orders 0 … many − 1, from rows of which `orders` says whose.

    A cancelled line keeps its amount and counts nothing; an order is cancelled where all of its lines are, returned
    where all of them came back. Its cost is unknown where that of one line is. No order is without a line.
    """
    group = np.asarray(orders, np.int64)
    by_order = np.argsort(group, kind="stable")
    row = np.asarray(rows, np.int64)[by_order]
    starts = np.searchsorted(group[by_order], np.arange(many))
    amount, revenue, quantity = (chunk.array(name)[0][row] for name in ("amount", "revenue", "quantity"))
    purchase = chunk.array("purchase")[0][row].astype(bool)
    cost, unknown = (part[row] for part in chunk.array("cost"))
    off = np.logical_and.reduceat((amount != 0) & (revenue == 0) & ~purchase, starts)
    back = np.logical_and.reduceat(quantity < 0, starts)
    status = np.where(off, "cancelled", np.where(back, "returned", "placed"))
    unsure = np.logical_or.reduceat(unknown, starts)
    costs = [None if u else c for c, u in zip(np.add.reduceat(cost, starts).tolist(), unsure.tolist(), strict=True)]
    counts = np.diff(np.append(starts, len(row)))
    return [status.tolist(), np.add.reduceat(revenue, starts).tolist(), costs, counts.tolist()]


def recount(orders: Collection[int]) -> None:
    """Sums and state of these orders anew from their lines."""
    ids = sorted(orders)
    for start in range(0, len(ids), PART):
        part = ids[start : start + PART]
        lines = "FROM customers_orderline l WHERE l.order_id = o.id"
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE customers_order AS o SET "
                f"status = ({STATUS} {lines}), revenue = (SELECT CAST(coalesce(sum(l.revenue), 0) AS bigint) {lines}), "
                f"cost = ({COST} {lines}), lines_count = (SELECT count(*) {lines}) "
                f"WHERE o.id IN ({', '.join(['%s'] * len(part))})",
                part,
            )
