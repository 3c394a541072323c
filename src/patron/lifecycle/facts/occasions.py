"""From order lines to customer-days to purchase occasions.

A purchase occasion is all of one customer's orders on one calendar day [Fader & Hardie 2005], with at least one
line of quantity > 0 and price > 0; its money is the net of all lines of that day. A day with returns only is no
occasion, but its money counts in the customer's value [definitions.md, Facts].
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from patron.lifecycle.facts.money import micro, money
from patron.lifecycle.facts.returns import is_return


def customer_days(lines: Any, *, key: Sequence[str] = ("customer", "day")) -> Any:
    """One row per `key` of `lines` (Ibis, tables.ORDER_LINES with the columns of `key`), amounts as tables.DAYS."""
    return lines.group_by(*key).aggregate(
        purchase=lines.purchase.any(),
        returned=is_return(lines).any(),
        revenue=micro(lines.revenue).sum().cast("int64"),
        cost=micro(lines.cost).sum().cast("int64"),
        items=micro(lines.quantity).sum(where=lines.item).fill_null(0).cast("int64"),
    )


def merge_days(days: Any) -> Any:
    """One row per customer and day from rows that split a day by when its lines were known (Ibis, tables.DAYS)."""
    return days.group_by("customer", "day").aggregate(
        purchase=days.purchase.any(),
        returned=days.returned.any(),
        revenue=days.revenue.sum().cast("int64"),
        cost=days.cost.sum().cast("int64"),
        items=days["items"].sum().cast("int64"),
    )


def occasions(days: Any, ids: Any) -> Any:
    """tables.OCCASIONS as an Ibis table, from tables.DAYS and the ids (customer, customer_id) of its customers."""
    bought = days.filter(days.purchase).join(ids, "customer")
    return bought.select(
        "customer_id", "day", revenue=money(bought.revenue), cost=money(bought.cost), items=money(bought["items"])
    )
