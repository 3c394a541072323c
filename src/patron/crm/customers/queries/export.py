"""Everything that is kept about one person, for the person."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models

from patron.crm.customers.scope import family, reach
from patron.crm.customers.subject import models_of_persons, rows_about
from patron.crm.kit import clock
from patron.crm.kit.doors import query
from patron.crm.kit.policy import Actor
from patron.crm.kit.privacy import privacy_of


@query("customers.export")
def export_person(*, actor: Actor, customer_id: int) -> dict[str, Any]:
    """All rows of all models about a customer, as plain JSON: {'customer', 'made_at', 'rows': {model: [row …]}}.

    Which rows those are is read from the models' privacy declarations. Raises NotFound.
    """
    customer = reach(actor, customer_id, erased=True)
    ids = family(customer.pk)
    rows = {model._meta.label: _rows(model, ids) for model in models_of_persons()}
    return {"customer": customer.pk, "made_at": clock.now().isoformat(), "rows": {k: v for k, v in rows.items() if v}}


def _rows(model: type[models.Model], customer_ids: list[int]) -> list[dict[str, Any]]:
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.BinaryField)]
    named = [f.name for f in fields if isinstance(f, models.ForeignKey) and _is_a_thing(f)]
    found = rows_about(model, customer_ids).select_related(*named).order_by("pk")
    return [
        {f.name: str(getattr(row, f.name)) if _shown(row, f, named) else _plain(row, f) for f in fields}
        for row in found
    ]


def _is_a_thing(field: models.ForeignKey[Any, Any]) -> bool:
    """It leads to a row about nobody, such as a product or a source: its name says more than its number."""
    target = field.related_model
    return isinstance(target, type) and hasattr(target, "privacy") and privacy_of(target).subject is None


def _shown(row: models.Model, field: models.Field[Any, Any], named: list[str]) -> bool:
    return field.name in named and getattr(row, field.attname) is not None


def _plain(row: models.Model, field: models.Field[Any, Any]) -> Any:
    value = getattr(row, field.attname)
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, (str, int, float, bool, dict, list, type(None))) else str(value)
