"""From order lines to customer-days to purchase occasions.

A purchase occasion is all of one customer's orders on one calendar day [Fader & Hardie 2005], with at least one
line of quantity > 0 and price > 0; its money is the net of all lines of that day. A day with returns only is no
occasion, but its money counts in the customer's value [definitions.md, Facts].
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis

from patron.lifecycle.facts.money import micro, money, total
from patron.lifecycle.facts.returns import is_return


def line_amounts(lines: Any, *, key: Sequence[str]) -> Any:
    """`key` and what each of `lines` (Ibis, tables.ORDER_LINES) adds to its day, as the columns of tables.DAYS."""
    return lines.select(
        *key,
        purchase=lines.purchase,
        returned=is_return(lines),
        revenue=micro(lines.revenue),
        cost=micro(lines.cost),
        items=micro(ibis.ifelse(lines.item, lines.quantity, 0.0)),
    )


def customer_days(lines: Any, *, key: Sequence[str] = ("customer", "day"), bounded: bool = False) -> Any:
    """One row per `key` of `lines` (Ibis, tables.ORDER_LINES with the columns of `key`), amounts as tables.DAYS.

    `bounded`: no sum of the amounts of `lines` passes money.BOUND.
    """
    return merge_days(line_amounts(lines, key=key), key=key, bounded=bounded)


def merge_days(days: Any, *, key: Sequence[str] = ("customer", "day"), bounded: bool = False) -> Any:
    """One row per `key` from rows with the amounts of tables.DAYS (Ibis): sums, and flags joined by "or"."""
    return days.group_by(*key).aggregate(
        purchase=days.purchase.any(),
        returned=days.returned.any(),
        revenue=total(days.revenue, bounded=bounded),
        cost=total(days.cost, bounded=bounded),
        items=total(days["items"], bounded=bounded),
    )


def occasions(days: Any, ids: Any) -> Any:
    """tables.OCCASIONS as an Ibis table, from tables.DAYS and the ids (customer, customer_id) of its customers."""
    bought = days.filter(days.purchase).join(ids, "customer")
    return bought.select(
        "customer_id", "day", revenue=money(bought.revenue), cost=money(bought.cost), items=money(bought["items"])
    )
