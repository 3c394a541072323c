"""Records and customers that only one import knew of, taken away; whoever else speaks of them keeps them.

What refers to a customer is found from the models: what is protected keeps them, what only follows goes with them.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from patron.crm.customers import search
from patron.crm.customers.golden import recompute
from patron.crm.customers.models import Correction, Customer, Identity, RecordVersion, SourceRecord
from patron.crm.kit import bulk
from patron.crm.kit.announcements import announce
from patron.crm.sources.models import Import

OWN = (Identity, RecordVersion, Correction)
"""What belongs to a record and says nothing of its own."""


def remove_records(run: Import, most: int) -> bool:
    """Records this import made and nothing speaks of any more; whether there may be more of them."""
    free = SourceRecord.objects.filter(batch=run.pk)
    for model, name in _referring(SourceRecord, protected=None):
        if model not in OWN:
            free = free.exclude(Exists(model._default_manager.filter(**{name: OuterRef("pk")})))
    # A version that another import added keeps the record; those of this import are gone by now.
    free = free.exclude(Exists(RecordVersion.objects.filter(record=OuterRef("pk"))))
    rows = list(free.order_by("id").values_list("id", "customer_id")[:most])
    ids = [record for record, _ in rows]
    for model in OWN:
        bulk.delete(model, "record", ids)
    bulk.delete(SourceRecord, "id", ids)
    recompute({customer for _, customer in rows})
    return len(rows) == most


def remove_customers(run: Import, most: int) -> tuple[int, bool]:
    """Customers this import made whom nothing speaks of any more: (how many, whether there may be more)."""
    ids = list(_forsaken(run).order_by("id").values_list("id", flat=True)[:most])
    for model, name in _referring(Customer, protected=False):
        bulk.delete(model, name, ids)
    search.forget(ids)
    bulk.delete(Customer, "id", ids)
    if ids:
        announce("customers.removed", customer_ids=ids)
    return len(ids), len(ids) == most


def _forsaken(run: Import) -> QuerySet[Customer]:
    alone = Customer.objects.filter(
        batch=run.pk, merged_into__isnull=True, erased_at__isnull=True, owner__isnull=True, team__isnull=True
    )
    for model, name in _referring(Customer, protected=True):
        alone = alone.exclude(Exists(model._default_manager.filter(**{name: OuterRef("pk")})))
    return alone


def _referring(to: type[models.Model], protected: bool | None) -> Iterator[tuple[type[models.Model], str]]:
    """(model, field) of everything that points at `to`: what protects it, what goes with it, or (None) both."""
    for relation in to._meta.related_objects:
        follows = relation.on_delete is models.CASCADE
        if protected is None or follows is not protected:
            yield relation.related_model, relation.field.name
