"""Which columns say whose a row is, found in the models of every app: merge and un-merge rewrite them.

A row's record never changes; its customer is derived from it. A column `record` goes with `customer`, a column
`other_record` with `other`, and so on. Nobody lists them by hand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from django.db import models

from patron.crm.customers.golden import chunked
from patron.crm.customers.models import Customer, SourceRecord
from patron.crm.kit.privacy import models_of_crm


@dataclass(frozen=True)
class Pointer:
    """In rows of `model`, the customer column `customer` follows from the record column `record`."""

    model: type[models.Model]
    record: str
    customer: str


@cache
def pointers() -> tuple[Pointer, ...]:
    """Every pair of columns of every app."""
    return tuple(found for model in models_of_crm() for found in _of(model))


def _of(model: type[models.Model]) -> Iterator[Pointer]:
    keys = {f.name: f.related_model for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey)}
    for name, target in keys.items():
        if target is SourceRecord:
            partner = "customer" if name == "record" else name.removesuffix("_record")
            if keys.get(partner) is Customer:
                yield Pointer(model, f"{name}_id", f"{partner}_id")


def move(record_ids: Collection[int], customer_id: int) -> None:
    """These records, and with them everything that points at them, are of this customer from now on."""
    for ids in chunked(sorted(record_ids)):
        SourceRecord.objects.filter(pk__in=ids).update(customer_id=customer_id)
        for pointer in pointers():
            rows = pointer.model._base_manager.filter(**{f"{pointer.record}__in": ids})
            rows.update(**{pointer.customer: customer_id})
