"""Orders and their lines."""

from __future__ import annotations

from typing import Any

from ninja.responses import Status

from patron.crm.customers import operations, queries
from patron.faces.api.resource import Asked, Key, Resource
from patron.faces.api.schemas import facts as shapes
from patron.faces.api.values import Listed
from patron.words import Text

orders = Resource(Text("Orders", "订单"))
RESOURCES = (orders,)


@orders.post("/customers/{int:customer_id}/orders", shapes.Order, needs="customers.record", zh="记录订单", status=201)
def record_order(request: Asked, customer_id: Key, order: shapes.NewOrder) -> Any:
    """One order with its lines."""
    values = order.model_dump() | {"lines": [line.model_dump(exclude_unset=True) for line in order.lines]}
    return Status(201, operations.record_order(by=request.actor, customer_id=customer_id, **values))


@orders.get("/orders/{int:order_id}/lines", Listed[shapes.OrderLine], needs="customers.view", zh="订单明细")
def list_order_lines(request: Asked, order_id: Key) -> Any:
    """The lines of one order."""
    lines = queries.order_lines(actor=request.actor, order_id=order_id)
    return {"items": [_line(line) for line in lines]}


@orders.patch("/orders/{int:order_id}", shapes.Order, needs="customers.record", zh="取消或恢复订单")
def set_order_status(request: Asked, order_id: Key, change: shapes.Status) -> Any:
    """An order is cancelled, or counts again."""
    return operations.set_order_status(by=request.actor, order_id=order_id, status=change.status)


def _line(line: Any) -> dict[str, Any]:
    names = [name for name in shapes.OrderLine.model_fields if name != "product"]
    code = line.product.code if line.product is not None else None
    return {**{name: getattr(line, name) for name in names}, "product": code}
