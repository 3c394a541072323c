"""Ways to import a file in a test and to see what came of it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection

from patron.crm.kit.policy import System
from patron.crm.sources import jobs, operations
from patron.crm.sources.models import Import

BY = System()
KEPT = (
    "customers.Customer",
    "customers.SourceRecord",
    "customers.RecordVersion",
    "customers.Identity",
    "customers.Product",
    "customers.Order",
    "customers.OrderLine",
    "customers.Interaction",
    "customers.Event",
    "customers.Feedback",
    "customers.Subscription",
    "customers.FactChange",
    "customers.Correction",
)


def uploaded(
    content: str | bytes | Path, kind: str, source: str = "shop", name: str = "file.csv", **options: Any
) -> Import:
    """A file on its way in, its columns recognised."""
    if isinstance(content, Path):
        content, name = content.read_bytes(), content.name
    data = content if isinstance(content, bytes) else content.encode()
    return operations.upload(
        by=BY, file=io.BytesIO(data), file_name=name, source_name=source, kind=kind, options=options
    )


def mapped(run: Import, **changed: Any) -> Import:
    """The mapping with some roles changed."""
    return operations.set_mapping(by=BY, import_id=run.pk, mapping={**run.mapping, **changed})


def ran(run: Import) -> Import:
    """Counted, run to its end, and checked: the preview said what came."""
    counted = operations.preview(by=BY, import_id=run.pk)
    operations.start(by=BY, import_id=run.pk, enqueue=False)
    assert jobs.run_import(run.pk) == "done", Import.objects.get(pk=run.pk).error
    run.refresh_from_db()
    assert run.counts == counted
    assert run.rows_done == run.rows_total == sum(counted.values())
    return run


def imported(content: str | bytes | Path, kind: str, source: str = "shop", **options: Any) -> Import:
    """All of it in one."""
    return ran(uploaded(content, kind, source, **options))


def undone(run: Import) -> Import:
    """Undone to its end."""
    operations.undo(by=BY, import_id=run.pk, enqueue=False)
    assert jobs.undo_import(run.pk) == "undone"
    run.refresh_from_db()
    return run


TIMES = ("created_at", "updated_at", "received_at", "known_at")


def everything(*, leave: tuple[str, ...] = (), times: bool = True) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table an import writes, in order; `leave` out some tables, or moments of writing."""
    found = {}
    for label in KEPT:
        if label in leave:
            continue
        model = apps.get_model(label)
        names = [f.attname for f in model._meta.concrete_fields if times or f.attname not in TIMES]
        rows = model._default_manager.order_by("pk").values_list(*names)
        found[label] = [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in rows]
    return found


def sqlite() -> bool:
    """Whether the tests run on SQLite."""
    return connection.vendor == "sqlite"
