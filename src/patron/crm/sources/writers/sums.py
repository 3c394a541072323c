"""What an order comes to, counted from its lines: in Python for new ones, in the database for those that grow."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection

from patron.crm.sources.bulk import PART

STATUS = (
    "SELECT CASE WHEN count(*) = 0 THEN o.status "
    "WHEN sum(CASE WHEN l.amount <> 0 AND l.revenue = 0 AND NOT l.purchase THEN 0 ELSE 1 END) = 0 THEN 'cancelled' "
    "WHEN max(l.quantity) < 0 THEN 'returned' ELSE 'placed' END"
)
COST = "SELECT CASE WHEN count(*) = count(l.cost) THEN CAST(sum(l.cost) AS bigint) END"


def status_of(lines: Sequence[Sequence[Any]]) -> str:
    """The state of an order whose lines have the values of orders.VALUES.

    A cancelled line keeps its amount and counts nothing; an order is cancelled where all of its lines are, returned
    where all of them came back.

    >>> status_of([(1, "", 2, 3, 6, 0, None, False, True)]), status_of([(1, "", -2, 3, -6, -6, None, False, True)])
    ('cancelled', 'returned')
    """
    if all(line[4] and not line[5] and not line[7] for line in lines):
        return "cancelled"
    return "returned" if all(line[2] < 0 for line in lines) else "placed"


def total_cost(costs: Iterable[int | None]) -> int | None:
    """The cost of an order; unknown where that of one line is.

    >>> total_cost([1, 2]), total_cost([1, None])
    (3, None)
    """
    known = list(costs)
    return None if None in known else sum(c for c in known if c is not None)


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
