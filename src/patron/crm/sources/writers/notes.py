"""Notes of changed facts, as customers.changes makes them, without a model for each."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models

from patron.crm.customers import changes
from patron.crm.customers.models import FactChange
from patron.crm.sources import bulk


def note(model: type[models.Model], what: str, ids: Collection[int]) -> None:
    """Rows `ids` of `model` were 'added' or 'corrected'."""
    rows = [(model._meta.label, what, low, high) for low, high in changes.runs(ids)]
    bulk.insert(FactChange, ("model", "what", "low", "high"), rows)
