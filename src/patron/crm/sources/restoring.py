"""Putting back what stood in rows before an import changed them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db import models

from patron.crm.customers import changes
from patron.crm.customers.models import Correction, Order, OrderLine
from patron.crm.kit import bulk
from patron.crm.sources.writers.sums import recount


def restore(corrections: Sequence[Correction]) -> tuple[int, int]:
    """Undo these changes, the newest first; (rows restored, rows that something later has changed again).

    Where something later changed the row, the row stays, and what that later change remembers as its past becomes
    what ours remembered: undoing it restores the right thing.
    """
    restored = overtaken = 0
    by_model: dict[str, list[Correction]] = defaultdict(list)
    for correction in corrections:
        by_model[correction.model].append(correction)
    for label, ours in by_model.items():
        later = _later(label, ours)
        newest = {c.row_id: c for c in ours if c.row_id not in later}  # of several of a row the oldest is left
        _put_back(label, list(newest.values()))
        restored += len(newest)
        for row_id, theirs in later.items():
            _splice(theirs, [c for c in ours if c.row_id == row_id][-1])
            overtaken += 1
    Correction.objects.filter(pk__in=[c.pk for c in corrections]).delete()
    return restored, overtaken


def _later(label: str, ours: Sequence[Correction]) -> dict[int, Correction]:
    """Row → the first change of it after ours by somebody else."""
    last = {c.row_id: c.pk for c in reversed(ours)}
    batch = ours[0].batch
    found: dict[int, Correction] = {}
    rows = Correction.objects.filter(model=label, row_id__in=last, pk__gt=min(last.values()))
    for other in rows.exclude(batch=batch).order_by("-id"):
        if other.pk > last[other.row_id]:
            found[other.row_id] = other
    return found


def _splice(theirs: Correction, ours: Correction) -> None:
    theirs.before = {**theirs.before, **ours.before}
    theirs.save(update_fields=["before"])


def _put_back(label: str, ours: Sequence[Correction]) -> None:
    model = apps.get_model(label)
    by_names: dict[tuple[str, ...], list[list[Any]]] = defaultdict(list)
    for correction in ours:
        names = tuple(correction.before)
        by_names[names].append([*(_kept(model, n, correction.before[n]) for n in names), correction.row_id])
    for names, rows in by_names.items():
        bulk.update(model, names, rows)
    ids = [c.row_id for c in ours]
    if model is OrderLine:
        orders = {row[0] for row in bulk.fetch(OrderLine, ("order",), "id", ids)}
        recount(orders)
        changes.note(Order, "corrected", orders)
    if label != "customers.Product":
        changes.note(model, "corrected", ids)


def _kept(model: type[models.Model], name: str, value: Any) -> Any:
    """A remembered value as the database keeps it."""
    if isinstance(model._meta.get_field(name), models.JSONField) and not isinstance(value, str):
        return bulk.to_json(value)
    return value
