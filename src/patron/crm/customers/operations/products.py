"""Products and exchange rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from patron.crm.accounts.models import Organisation
from patron.crm.customers.jobs import ask_for
from patron.crm.customers.models import ExchangeRate, Product, Rerating
from patron.crm.customers.rerating import concerned, until_of
from patron.crm.customers.rules import is_item
from patron.crm.kit import audit, clock
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Invalid
from patron.words import Text

SAVED = ("name", "category", "price", "cost", "currency", "item", "extra")


@operation("products.edit")
def save_product(*, by: Actor, code: str, **fields: Any) -> Product:
    """Make the product with this code, or change the given fields of it (name, category, price, cost, currency, item).

    Orders that were recorded keep the cost they were recorded with. Raises Invalid.
    """
    code = code.strip()
    wrong = {name: Text(f"A product has no {name}.", f"商品没有“{name}”字段。") for name in fields if name not in SAVED}
    if not code or len(code) > 120:
        wrong["code"] = Text("A code has 1 to 120 characters.", "编码应为 1 到 120 个字符。")
    for name, longest in (("name", 300), ("category", 120), ("currency", 3)):
        if len(str(fields.get(name) or "")) > longest:
            wrong[name] = Text(f"At most {longest} characters.", f"最多 {longest} 个字符。")
    if wrong:
        raise Invalid(wrong)
    product, made = Product.objects.get_or_create(code=code, defaults={"item": is_item(code, fields.get("name") or "")})
    before = {name: getattr(product, name) for name in fields}
    for name, value in fields.items():
        setattr(product, name, _tidy(name, value))
    after = {name: getattr(product, name) for name in fields}
    if not made and before == after:
        audit.nothing()
        return product
    product.save()
    changed = audit.changes({} if made else before, after, frozenset())
    audit.record(by, "products.added" if made else "products.edited", "product", product.pk, changes=changed)
    return product


def _tidy(name: str, value: Any) -> Any:
    if name in ("price", "cost"):
        return None if value in (None, "") else Decimal(str(value))
    if name == "currency":
        return str(value or "").strip().upper()
    return value.strip() if isinstance(value, str) else value


@dataclass(frozen=True)
class SavedRate:
    """A rate as it was saved; `orders` in its days will be told it in the background (they may have it already)."""

    id: int
    day: date
    currency: str
    base: str
    rate: Decimal
    orders: int


@operation("products.edit", chunked=True)
def save_rate(*, by: Actor, day: date, currency: str, rate: Decimal) -> SavedRate:
    """One unit of `currency` is worth `rate` of the base currency from `day` on, until the next day with a rate.

    Orders recorded for these days are told it in the background (`customers.rerating`). Raises Invalid.
    """
    base, currency = Organisation.current().base_currency, currency.strip().upper()
    if len(currency) != 3 or not currency.isalpha():
        raise Invalid({"currency": Text("A currency has three letters.", "币种为三个字母。")})
    if currency == base:
        raise Invalid({"currency": Text("This is the base currency.", "该币种即本位币。")})
    if not Decimal("0.000000001") <= rate < Decimal(10) ** 9:
        raise Invalid({"rate": Text("A rate is above zero.", "汇率须大于零。")})
    until = until_of(currency, base, day)
    told = Rerating(currency=currency, base=base, first=day, until=until, made_at=clock.now())
    orders = concerned(told).exclude(rate=rate).count()  # before the transaction: it may take a moment
    with transaction.atomic():
        saved, _ = ExchangeRate.objects.update_or_create(day=day, currency=currency, base=base, defaults={"rate": rate})
        details = {"day": str(day), "currency": currency, "rate": str(rate), "orders": orders}
        audit.record(by, "rates.saved", "rate", saved.pk, **details)
        ask_for(told)
    return SavedRate(saved.pk, day, currency, base, rate, orders)


def products_by_code(names: Mapping[str, str]) -> dict[str, Product]:
    """Code → product, for codes with the name they get if the product has to be made."""
    Product.objects.bulk_create(
        (Product(code=code, name=name, item=is_item(code, name)) for code, name in names.items()),
        ignore_conflicts=True,
        batch_size=500,
    )
    return {product.code: product for product in Product.objects.filter(code__in=names)}
