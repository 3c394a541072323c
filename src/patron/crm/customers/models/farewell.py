"""What is remembered of an erased person: enough to know them again in a file, not enough to know who they were."""

from __future__ import annotations

from django.db import models

from patron.crm.customers.models.customer import Customer
from patron.crm.kit.privacy import KEEP, Privacy


class Farewell(models.Model):
    """A keyed hash of one thing an erased person was known by: what a source called them, an e-mail, a phone.

    Without the server's secret key nobody can tell what it is the hash of, or try names against it.
    """

    KINDS = ("record", "email", "phone")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="farewells")
    kind = models.CharField(max_length=6, choices=[(k, k) for k in KINDS])
    mark = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()

    privacy = Privacy("customer", KEEP, "a keyed hash, so that an import does not bring the person back; names nobody")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mark", "customer"], name="farewell_once")]

    def __str__(self) -> str:
        return f"{self.kind} of #{self.customer_id}"
