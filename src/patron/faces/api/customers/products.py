"""What is sold, and what money was worth."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query
from ninja.responses import Status

from patron.crm.customers import operations, queries
from patron.faces.api.resource import After, Asked, Key, Limit, Resource
from patron.faces.api.schemas import customers as shapes
from patron.faces.api.values import Listed
from patron.words import Text

products = Resource(Text("Products and rates", "商品与汇率"))
RESOURCES = (products,)


@products.get("/products", Listed[shapes.Product], needs="customers.view", zh="商品列表，按编码")
def list_products(
    request: Asked,
    category: Annotated[str, Query(max_length=120)] = "",
    start: Annotated[str, Query(max_length=120, description="codes that begin so")] = "",
    after: After = None,
    limit: Limit = 50,
) -> Any:
    """Products by code."""
    page = queries.find_products(actor=request.actor, category=category, start=start, after=after, limit=limit)
    return {"items": page.rows, "next": page.next}


@products.get("/products/{int:product_id}", shapes.Product, needs="customers.view", zh="单个商品")
def get_product(request: Asked, product_id: Key) -> Any:
    """One product."""
    return queries.get_product(actor=request.actor, product_id=product_id)


@products.put("/products/by-code/{path:code}", shapes.Product, needs="products.edit", zh="新建或修改商品")
def save_product(request: Asked, code: str, product: shapes.ProductFields) -> Any:
    """Make the product with this code, or change what is given of it."""
    return operations.save_product(by=request.actor, code=code, **product.model_dump(exclude_unset=True))


@products.get("/rates", Listed[shapes.ExchangeRate], needs="customers.view", zh="汇率，由新到旧")
def list_rates(
    request: Asked, currency: Annotated[str, Query(pattern="^([A-Za-z]{3})?$")] = "", limit: Limit = 100
) -> Any:
    """Exchange rates, newest first."""
    return {"items": queries.exchange_rates(actor=request.actor, currency=currency, limit=limit)}


@products.post("/rates", shapes.SavedRate, needs="products.edit", zh="保存汇率", status=201)
def save_rate(request: Asked, rate: shapes.NewRate) -> Any:
    """What one unit of a currency is worth from a day on; orders of its days are told it in the background."""
    return Status(201, operations.save_rate(by=request.actor, **rate.model_dump()))
