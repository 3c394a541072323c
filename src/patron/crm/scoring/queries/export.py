"""A list as rows for a file: page after page, never the whole in memory."""

from __future__ import annotations

from collections.abc import Iterator

from patron.crm.kit.doors import query
from patron.crm.kit.policy import Actor
from patron.crm.scoring.queries.filters import Filters
from patron.crm.scoring.queries.lists import MOST_ROWS, list_customers
from patron.crm.scoring.queries.rows import Listed


@query("customers.export")
def export_customers(*, actor: Actor, filters: Filters | None = None, sort: str = "-value_at_risk") -> Iterator[Listed]:
    """Every row of the list in its order. Raises Invalid, Forbidden before the first row."""
    first = list_customers(actor=actor, filters=filters, sort=sort, limit=MOST_ROWS)

    def rows() -> Iterator[Listed]:
        page = first
        while True:
            yield from page.rows
            if page.next is None:
                return
            page = list_customers(actor=actor, filters=filters, sort=sort, after=page.next, limit=MOST_ROWS)

    return rows()
