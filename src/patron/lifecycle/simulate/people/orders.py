"""What the people are made to fit: the orders of each customer, as plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

COLUMNS = ("customer_id", "country", "order_id", "happened_at", "revenue", "product")


@dataclass(frozen=True)
class Order:
    """One order; a return has `revenue` below 0. `product` is the line with the most money in it, empty for fees."""

    number: str
    at: datetime
    revenue: float
    product: str


@dataclass
class Buyer:
    """One customer and what they ordered, in order of time."""

    id: str
    country: str
    orders: list[Order] = field(default_factory=list)

    @property
    def placed(self) -> list[Order]:
        """The orders without the returns."""
        return [order for order in self.orders if order.revenue > 0]

    @property
    def revenue(self) -> float:
        """Net money, in the currency of the orders."""
        return sum(order.revenue for order in self.orders)


def buyers(orders: pa.Table) -> list[Buyer]:
    """Everybody in `orders` (columns COLUMNS, one row an order), by customer id."""
    table = orders.select(list(COLUMNS)).sort_by(
        [("customer_id", "ascending"), ("happened_at", "ascending"), ("order_id", "ascending")]
    )
    return list(_grouped(table))


def _grouped(table: pa.Table) -> Iterator[Buyer]:
    current: Buyer | None = None
    for who, country, number, at, revenue, product in zip(*(table[c].to_pylist() for c in COLUMNS), strict=True):
        if current is None or current.id != who:
            if current is not None:
                yield current
            current = Buyer(who, country or "")
        current.orders.append(Order(number, at, revenue, tidy(product or "")))
    if current is not None:
        yield current


def tidy(product: str) -> str:
    """A product as people write it: 'Regency cakestand 3 tier' for 'REGENCY CAKESTAND 3 TIER '."""
    return " ".join(product.split()).capitalize()
