"""What is sold, and what money was worth."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from patron.crm.kit.fields import MoneyField
from patron.crm.kit.privacy import KEEP, Privacy


class Product(models.Model):
    """Something that can be ordered. `item` is False for postage, fees and adjustments."""

    code = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=300, blank=True)
    category = models.CharField(max_length=120, blank=True)
    price = MoneyField(null=True)
    cost = MoneyField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    item = models.BooleanField(default=True)
    extra = models.JSONField(default=dict)
    batch = models.BigIntegerField(null=True, db_index=True)

    privacy = Privacy(None, KEEP, "things, not persons")

    class Meta:
        indexes = [models.Index(fields=["category", "code"])]

    def __str__(self) -> str:
        return self.name or self.code


class ExchangeRate(models.Model):
    """One unit of `currency` was worth `rate` units of `base` from `day` on, until the next day with a rate."""

    day = models.DateField()
    currency = models.CharField(max_length=3)
    base = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=9)

    privacy = Privacy(None, KEEP, "money, not persons")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "base", "day"], name="rate_once"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.day} 1 {self.currency} = {self.rate} {self.base}"
