"""Lists of customers with where they stand, filtered and sorted as on screen."""

from __future__ import annotations

from decimal import Decimal
from operator import attrgetter
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query
from pydantic_core import to_json

from patron.crm.scoring import queries
from patron.faces.api.customers.records import customers
from patron.faces.api.resource import After, Asked, Limit
from patron.faces.api.schemas import scoring as shapes
from patron.faces.api.values import JSON, Listed, plain

OF_CUSTOMER = ("id", "kind", "name", "email", "phone", "city", "country", "team_id", "created_at")
OF_STANDING = tuple(shapes.Standing.model_fields)
_customer, _standing = attrgetter(*OF_CUSTOMER), attrgetter(*OF_STANDING)

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
    answer = {"items": [_shown(row) for row in page.rows], "next": page.next}
    # Written as it is: checking 2,500 values of our own against the shape takes longer than finding them. That they
    # fit it is tested.
    return HttpResponse(to_json(answer, inf_nan_mode="null"), content_type=JSON)


def _shown(row: queries.Listed) -> dict[str, Any]:
    """A row as shapes.Ranked."""
    who, owner, standing = row.customer, row.customer.owner, row.standing
    return {
        **dict(zip(OF_CUSTOMER, _customer(who), strict=True)),
        "owner": None if owner is None else {"id": owner.id, "name": str(owner)},
        "tags": row.tags,
        "standing": None
        if standing is None
        else {
            name: plain(value) if type(value) is Decimal else value
            for name, value in zip(OF_STANDING, _standing(standing), strict=True)
        },
    }


@customers.get("/customers/count", shapes.HowMany, needs="customers.view", zh="符合条件的客户数")
def count_customers(request: Asked, filters: FilterQuery) -> Any:
    """How many customers a list has: exact up to 10,000, else estimated."""
    return queries.count_customers(actor=request.actor, filters=filters.filters())
