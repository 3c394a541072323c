"""Orders that are told a new rate of exchange, piece by piece: how far it is."""

from __future__ import annotations

from django.db import models

from patron.crm.kit.privacy import KEEP, Privacy


class Rerating(models.Model):
    """Orders of `currency` with days from `first` up to (not including) `until` get the rate of their day.

    `batch` is an import whose orders alone are looked at. Orders up to number `last_id` are done; `orders` changed.
    """

    currency = models.CharField(max_length=3)
    base = models.CharField(max_length=3)
    first = models.DateField(null=True)
    until = models.DateField(null=True)
    batch = models.BigIntegerField(null=True)
    last_id = models.BigIntegerField(default=0)
    orders = models.PositiveBigIntegerField(default=0)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    privacy = Privacy(None, KEEP, "money, not persons")

    def __str__(self) -> str:
        return f"{self.currency} from {self.first} to {self.until}: {self.orders} orders"
