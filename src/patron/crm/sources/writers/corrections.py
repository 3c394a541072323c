"""What stood in rows before an import changed them, kept so that undoing it restores them field for field."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import models

from patron.crm.customers.models import Correction
from patron.crm.kit import bulk
from patron.crm.sources.writers.base import Run

NAMES = ("id", "model", "row_id", "record", "before", "known_at", "batch")


def keep(
    run: Run, model: type[models.Model], names: Sequence[str], rows: Sequence[tuple[int, int | None, Sequence[Any]]]
) -> None:
    """`rows`: (number, record or None, values of the fields `names` as they stood)."""
    ids = bulk.next_ids(Correction, len(rows))
    label = model._meta.label
    bulk.insert(
        Correction,
        NAMES,
        [
            (i, label, number, record, as_before(names, values), run.now, run.import_id)
            for i, (number, record, values) in zip(ids, rows, strict=True)
        ],
    )


def as_before(names: Sequence[str], values: Sequence[Any]) -> str:
    """The fields as JSON; what they hold is plain already."""
    return json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False)
