"""Orders and their lines."""

from __future__ import annotations

from django.db import models

from patron.crm.customers.models.fact import Fact
from patron.crm.customers.models.product import Product
from patron.crm.kit.fields import MoneyField
from patron.crm.kit.privacy import BLANK, Privacy, personal


class Order(Fact):
    """One order, return or cancellation. `revenue` and `cost` are the sums of its lines in base currency."""

    STATUSES = ("placed", "cancelled", "returned")

    status = models.CharField(max_length=9, choices=[(s, s) for s in STATUSES], default="placed")
    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=9, default=1)  # base units for one of `currency`
    revenue = MoneyField(default=0)
    cost = MoneyField(null=True)
    lines_count = models.PositiveIntegerField(default=0)

    privacy = Privacy("customer", BLANK, "sums stay when a person is erased: the order then belongs to nobody named")

    class Meta(Fact.Meta):
        indexes = [*Fact.Meta.indexes, models.Index(fields=["happened_at", "id"])]


class OrderLine(models.Model):
    """One line of an order: amounts in the order's currency, and in base currency (`revenue`, `cost`).

    `purchase` says that it makes its day a purchase occasion, `item` that it is a product and no postage or fee.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="lines")
    description = personal("behaviour", models.CharField(max_length=300, blank=True))
    quantity = MoneyField(default=1)
    unit_price = MoneyField(null=True)
    amount = MoneyField()
    revenue = MoneyField()
    cost = MoneyField(null=True)
    purchase = models.BooleanField(default=True)
    item = models.BooleanField(default=True)
    # True: the cost is its product's own, in base currency, and no rate of exchange moves it.
    cost_in_base = models.BooleanField(null=True)
    row_key = models.BinaryField(max_length=16, unique=True)
    batch = models.BigIntegerField(null=True, db_index=True)
    row = models.BigIntegerField(null=True)

    privacy = Privacy("order__customer", BLANK, "belongs to its order, which names nobody after an erasure")

    def __str__(self) -> str:
        return f"line {self.pk} of order {self.order_id}"
