"""Who may be the same person, merging and taking apart."""

from __future__ import annotations

from typing import Any, Literal

from ninja.responses import Status

from patron.crm.customers import operations, queries
from patron.faces.api.resource import After, Asked, Key, Limit, Resource
from patron.faces.api.schemas import customers as shapes
from patron.faces.api.values import Listed
from patron.words import Text

merges = Resource(Text("Duplicates and merges", "重复与合并"))
RESOURCES = (merges,)


@merges.get("/duplicates", Listed[shapes.Duplicates], needs="customers.merge", zh="可能重复的客户")
def list_duplicates(
    request: Asked, why: Literal["phone", "email", "name"] | None = None, after: After = None, limit: Limit = 20
) -> Any:
    """Customers with the same phone, e-mail or name."""
    page = queries.duplicates(actor=request.actor, why=why, after=after, limit=limit)
    return {"items": page.rows, "next": page.next}


@merges.post("/merges", shapes.Merge, needs="customers.merge", zh="合并两位客户", status=201)
def merge_customers(request: Asked, merging: shapes.Merging) -> Any:
    """Two customers are one: all of `absorbed` moves to `survivor`."""
    return Status(201, operations.merge_customers(by=request.actor, **merging.model_dump()))


@merges.get("/merges/{int:merge_id}/undo", shapes.Unmerging, needs="customers.merge", zh="预览撤销合并的结果")
def look_at_unmerge(request: Asked, merge_id: Key) -> Any:
    """What taking a merge back would do."""
    return queries.unmerging(actor=request.actor, merge_id=merge_id)


@merges.post("/merges/{int:merge_id}/undo", shapes.Customer, needs="customers.merge", zh="撤销合并")
def unmerge(request: Asked, merge_id: Key) -> Any:
    """Take a merge back; the customer that stands on its own again."""
    return operations.unmerge(by=request.actor, merge_id=merge_id)
