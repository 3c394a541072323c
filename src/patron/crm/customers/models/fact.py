"""What every fact has: whose it is, when it happened, when it was known, and where it came from."""

from __future__ import annotations

from django.db import models

from patron.crm.customers.models.customer import Customer
from patron.crm.customers.models.source import SourceRecord
from patron.crm.kit.privacy import personal


class Fact(models.Model):
    """Something that happened with a customer.

    `record` never changes; `customer` is derived from it. `row_key` names the fact in its source for ever: the hash of
    its external id, or of its contents and its ordinal among equal rows, so that the same file twice changes nothing.
    `batch` and `row` say which import and row brought it; hand-made facts have none.
    """

    record = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="%(class)ss")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="%(class)ss")
    external_id = personal("behaviour", models.CharField(max_length=200, blank=True))
    happened_at = models.DateTimeField()
    known_at = models.DateTimeField()
    row_key = models.BinaryField(max_length=16, unique=True)
    batch = models.BigIntegerField(null=True)
    row = models.BigIntegerField(null=True)

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["customer", "-happened_at", "-id"], name="%(class)s_of_customer"),
            models.Index(fields=["batch"], name="%(class)s_of_batch"),
        ]

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk} of {self.customer_id}"
