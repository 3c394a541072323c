"""Which rows of which models are about a person, by the models' own privacy declarations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import models
from django.db.models import Q

from patron.crm.customers.models import Customer, SourceRecord
from patron.crm.customers.pointers import pointers
from patron.crm.kit.privacy import models_of_crm, privacy_of


def models_of_persons() -> Iterator[type[models.Model]]:
    """Every model of the crm whose rows belong to a person."""
    return (model for model in models_of_crm() if privacy_of(model).subject is not None)


def rows_about(model: type[models.Model], customer_ids: Sequence[int]) -> models.QuerySet[models.Model]:
    """The rows of `model` about these customers: by its declared path, and by every column that names a customer."""
    about = Q(**{_path(model): customer_ids})
    for pointer in pointers():
        if pointer.model is model:
            about |= Q(**{f"{pointer.customer}__in": customer_ids})
    return model._base_manager.filter(about)


def _path(model: type[models.Model]) -> str:
    """The lookup from a row to its customer's number. LookupError for a path that leads to nobody."""
    path = privacy_of(model).subject or ""
    if model is Customer:
        return "pk__in"
    target: type[models.Model] = model
    for step in path.split("__"):
        related = target._meta.get_field(step).related_model
        if not isinstance(related, type):
            raise LookupError(f"{model._meta.label}: {path} leads to no model")
        target = related
    if target is SourceRecord:
        return f"{path}__customer__in"
    if target is Customer:
        return f"{path}__in"
    raise LookupError(f"{model._meta.label}: {path} leads to {target._meta.label}, not to a customer")
