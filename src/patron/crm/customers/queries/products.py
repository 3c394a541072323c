"""Products and exchange rates."""

from __future__ import annotations

from patron.crm.customers.models import ExchangeRate, Product
from patron.crm.customers.queries.customers import MOST_ROWS
from patron.crm.kit.doors import query
from patron.crm.kit.pages import Page, bookmark, read_bookmark
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import NotFound
from patron.words import Text


@query("customers.view")
def find_products(
    *, actor: Actor, category: str = "", start: str = "", after: str | None = None, limit: int = 50
) -> Page[Product]:
    """A page of products by code, of one `category` or all, whose code begins with `start`."""
    del actor
    found = Product.objects.filter(category=category) if category else Product.objects.all()
    if start:
        found = found.filter(code__startswith=start)
    if after:
        found = found.filter(code__gt=read_bookmark(after, str)[0])
    limit = min(max(limit, 1), MOST_ROWS)
    rows = list(found.order_by("code")[: limit + 1])
    return Page(rows[:limit], bookmark(rows[limit - 1].code) if len(rows) > limit else None)


@query("customers.view")
def get_product(*, actor: Actor, product_id: int) -> Product:
    """One product. Raises NotFound."""
    del actor
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        raise NotFound(Text("product", "商品"), product_id)
    return product


@query("customers.view")
def exchange_rates(*, actor: Actor, currency: str = "", limit: int = 200) -> list[ExchangeRate]:
    """The newest exchange rates, of one `currency` or all."""
    del actor
    found = ExchangeRate.objects.filter(currency=currency.upper()) if currency else ExchangeRate.objects.all()
    return list(found.order_by("-day", "currency")[: min(max(limit, 1), 1_000)])
