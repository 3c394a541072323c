"""Which columns are personal, said beside the column, and what erasing a person does to the row.

One declaration feeds export, erasure, masking and the audit:

    name = personal("identity", models.CharField(...))
    privacy = Privacy(subject="record", on_erase=DELETE)

`subject` is the path from the model to customers.SourceRecord or customers.Customer (None: no person's data at all).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from django.apps import apps
from django.db import models

Kind = Literal["identity", "contact", "content", "behaviour"]
OnErase = Literal["delete", "blank", "keep"]
DELETE: OnErase = "delete"
BLANK: OnErase = "blank"
KEEP: OnErase = "keep"

F = TypeVar("F", bound="models.Field[Any, Any]")


@dataclass(frozen=True)
class Privacy:
    """How a model's rows belong to a person. KEEP needs a `reason`; it is for rows in which nobody is named."""

    subject: str | None
    on_erase: OnErase = DELETE
    reason: str = ""


def personal(kind: Kind, field: F) -> F:
    """`field`, marked as personal: who somebody is, how to reach them, what they said, or what they did."""
    field.personal = kind  # type: ignore[attr-defined]
    return field


def personal_fields(model: type[models.Model]) -> dict[str, Kind]:
    """Names of the personal fields of a model and their kinds."""
    marked = {f.name: getattr(f, "personal", None) for f in model._meta.concrete_fields}
    return {name: kind for name, kind in marked.items() if kind is not None}


def privacy_of(model: type[models.Model]) -> Privacy:
    """The model's declaration; LookupError where it has none."""
    found = getattr(model, "privacy", None)
    if not isinstance(found, Privacy):
        raise LookupError(f"{model._meta.label} does not say how its rows belong to a person (privacy = …)")
    return found


def models_of_crm() -> list[type[models.Model]]:
    """Every concrete model of the crm building, in app order."""
    return [m for m in apps.get_models() if m.__module__.startswith("patron.crm.")]
