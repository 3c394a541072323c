"""Who customers are: reading, adding, changing, assigning, tags, ties, one person's data and erasure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from ninja import Query
from ninja.responses import Status

from patron.crm.customers import operations, queries
from patron.faces.api.resource import Asked, Key, Limit, Resource
from patron.faces.api.schemas import customers as shapes
from patron.faces.api.values import Listed
from patron.words import Text

customers = Resource(Text("Customers", "客户"))
RESOURCES = (customers,)


@customers.post("/customers", shapes.Customer, needs="customers.edit", zh="新建客户", status=201)
def create_customer(request: Asked, customer: shapes.NewCustomer) -> Any:
    """A new customer."""
    made = operations.add_customer(
        by=request.actor, kind=customer.kind, fields=customer.said(), owner_id=customer.owner_id
    )
    return Status(201, made)


@customers.get("/customers/search", Listed[shapes.Found], needs="customers.view", zh="按姓名、电话或邮箱搜索客户")
def search_customers(
    request: Asked,
    text: Annotated[str, Query(min_length=1, max_length=200, description="any part of a name, phone or e-mail")],
    limit: Limit = 20,
) -> Any:
    """Customers by any part of a name, phone or e-mail, the nearest first."""
    found = queries.search_customers(actor=request.actor, text=text, limit=limit)
    return {"items": [in_list(one, {tagged.tag.name for tagged in one.tags.all()}) for one in found]}


@customers.get("/customers/{int:customer_id}", shapes.Profile, needs="customers.view", zh="单个客户")
def get_customer(request: Asked, customer_id: Key) -> Any:
    """One customer; the number of a merged one leads to who they are now."""
    found = queries.get_profile(actor=request.actor, customer_id=customer_id)
    known = shapes.Customer.model_validate(found.customer).model_dump(mode="python")
    ties = [_tie(one, one.other, True) for one in found.relations]
    ties += [_tie(one, one.customer, False) for one in found.related_by]
    return {
        **known,
        "identities": found.identities,
        "tags": found.tags,
        "relations": ties,
        "records": found.records,
        "merges": found.merges,
    }


@customers.patch("/customers/{int:customer_id}", shapes.Customer, needs="customers.edit", zh="修改客户")
def change_customer(request: Asked, customer_id: Key, change: shapes.CustomerChange) -> Any:
    """Say something else of a customer."""
    return operations.edit_customer(by=request.actor, customer_id=customer_id, fields=change.said())


@customers.post("/customers/assign", shapes.Changed, needs="customers.assign", zh="更改客户的负责人或团队")
def assign_customers(request: Asked, assignment: shapes.Assignment) -> Any:
    """Another owner or team for up to 1,000 customers."""
    values = assignment.model_dump(exclude_unset=True)
    return {"changed": operations.assign_customers(by=request.actor, **values)}


@customers.get("/tags", Listed[str], needs="customers.view", zh="全部标签")
def list_tags(request: Asked) -> Any:
    """Every tag."""
    return {"items": queries.tags(actor=request.actor)}


@customers.post("/customers/tags/add", shapes.Changed, needs="customers.edit", zh="为客户添加标签")
def tag_customers(request: Asked, tagging: shapes.Tagging) -> Any:
    """Put a tag on up to 1,000 customers."""
    return {"changed": operations.tag_customers(by=request.actor, **tagging.model_dump())}


@customers.post("/customers/tags/remove", shapes.Changed, needs="customers.edit", zh="移除客户标签")
def untag_customers(request: Asked, tagging: shapes.Tagging) -> Any:
    """Take a tag off up to 1,000 customers."""
    return {"changed": operations.untag_customers(by=request.actor, **tagging.model_dump())}


@customers.post(
    "/customers/{int:customer_id}/relations", shapes.Relation, needs="customers.edit", zh="添加关系", status=201
)
def relate(request: Asked, customer_id: Key, relation: shapes.NewRelation) -> Any:
    """A tie to another customer."""
    made = operations.relate(by=request.actor, customer_id=customer_id, **relation.model_dump())
    return Status(201, _tie(made, made.other, True))


@customers.delete("/relations/{int:relation_id}", needs="customers.edit", zh="移除关系")
def unrelate(request: Asked, relation_id: Key) -> Any:
    """Take a tie away."""
    operations.unrelate(by=request.actor, relation_id=relation_id)
    return Status(204, None)


@customers.get(
    "/customers/{int:customer_id}/data", shapes.PersonData, needs="customers.export", zh="导出个人的全部数据"
)
def export_person(request: Asked, customer_id: Key) -> Any:
    """Everything that is kept about one person."""
    return queries.export_person(actor=request.actor, customer_id=customer_id)


@customers.post("/customers/{int:customer_id}/erase", None, needs="customers.erase", zh="永久删除个人资料", status=204)
def erase_customer(request: Asked, customer_id: Key, erasure: shapes.Erasure) -> Any:
    """Erase a person for good; it can't be undone."""
    operations.erase_customer(by=request.actor, customer_id=customer_id, confirm_name=erasure.confirm_name)


@customers.post(
    "/customers/{int:customer_id}/lift-erasure", None, needs="customers.erase", zh="允许导入带回已删除者", status=204
)
def lift_erasure(request: Asked, customer_id: Key) -> Any:
    """Imports may bring an erased person back, as somebody new."""
    operations.lift_erasure(by=request.actor, customer_id=customer_id)
    return Status(204, None)


def in_list(customer: Any, tags: Iterable[str]) -> dict[str, Any]:
    """A customer with its owner and tags, both fetched with the page."""
    owner = customer.owner
    return {
        **{name: getattr(customer, name) for name in ("id", "kind", "name", "email", "phone", "city", "country")},
        "owner": None if owner is None else {"id": owner.pk, "name": str(owner)},
        "team_id": customer.team_id,
        "tags": sorted(tags),
        "created_at": customer.created_at,
    }


def _tie(relation: Any, other: Any, towards: bool) -> dict[str, Any]:
    named = {name: getattr(relation, name) for name in ("id", "kind", "note", "created_at")}
    return {**named, "towards": towards, "other": other}
