"""Lists of customers with where they stand, filtered and sorted as on screen."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query

from patron.crm.scoring import queries
from patron.faces.api.customers.records import customers, in_list
from patron.faces.api.resource import After, Asked, Limit
from patron.faces.api.schemas import scoring as shapes
from patron.faces.api.values import Listed

FilterQuery = Annotated[shapes.FilterParams, Query()]


@customers.get("/customers", Listed[shapes.Ranked], needs="customers.view", zh="客户列表（筛选、排序）")
def list_customers(
    request: Asked,
    filters: FilterQuery,
    sort: Annotated[
        shapes.Sort, Query(description="falling with '-' in front; customers without a value come last")
    ] = ("-value_at_risk"),
    after: After = None,
    limit: Limit = 50,
) -> Any:
    """Customers for whom all filters hold, with where they stand."""
    page = queries.list_customers(actor=request.actor, filters=filters.filters(), sort=sort, after=after, limit=limit)
    items = [{**in_list(row.customer, row.tags), "standing": row.standing} for row in page.rows]
    return {"items": items, "next": page.next}


@customers.get("/customers/count", shapes.HowMany, needs="customers.view", zh="符合条件的客户数")
def count_customers(request: Asked, filters: FilterQuery) -> Any:
    """How many customers a list has: exact up to 10,000, else estimated."""
    return queries.count_customers(actor=request.actor, filters=filters.filters())
