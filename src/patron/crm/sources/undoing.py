"""Undoing an import: what it changed is restored field for field, what it made is taken away.

In small transactions that leave nothing half done: what is still there is what is still to do, so that an undo that was
stopped goes on where it was, and one that is repeated finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.db import models, transaction

from patron.crm.customers import changes
from patron.crm.customers.golden import recompute
from patron.crm.customers.models import Correction, Order, OrderLine, Product, RecordVersion, SourceRecord
from patron.crm.kit import audit, bulk, clock
from patron.crm.kit.announcements import announce
from patron.crm.kit.policy import System
from patron.crm.sources.leaving import remove_customers, remove_records
from patron.crm.sources.models import Import, RejectedCell
from patron.crm.sources.reading import forget_rows
from patron.crm.sources.restoring import restore
from patron.crm.sources.running import QUIET
from patron.crm.sources.writers.facts import FACTS
from patron.crm.sources.writers.sums import recount

PART = 1_000


@dataclass
class Undone:
    """What an undo came to, in rows and customers.

    `overtaken` rows were changed again by something later and stay; customers are `kept` where others speak of them.
    """

    removed: int = 0
    restored: int = 0
    overtaken: int = 0
    customers_removed: int = 0
    customers_kept: int = 0


def undo_import(import_id: int, *, take_over: bool = False) -> str:
    """Undo an import that is 'undoing'; the state it ends in. Safe to run twice."""
    run = _claim(import_id, take_over)
    if run is None:
        return Import.objects.values_list("state", flat=True).get(pk=import_id)
    undone = Undone(**run.found.get("undone", {}))
    for step in (_restore, _lines, _orders, _facts, _versions, _records, _customers, _products, _rejected):
        while _one(run, step, undone):
            pass
    _finish(run, undone)
    return "undone"


def _claim(import_id: int, take_over: bool) -> Import | None:
    with transaction.atomic():
        run = Import.objects.select_for_update(of=("self",)).get(pk=import_id)
        alive = run.beat_at is not None and clock.now() - run.beat_at < QUIET
        if run.state != "undoing" or (run.asked == "undoing" and alive and not take_over):
            return None
        run.asked, run.beat_at = "undoing", clock.now()
        run.save(update_fields=["asked", "beat_at"])
    return run


Step = Callable[[Import, Undone], bool]


def _one(run: Import, step: Step, undone: Undone) -> bool:
    """One transaction of a step; whether it has more to do. What was counted is kept with it."""
    before = asdict(undone)
    try:
        with transaction.atomic():
            more = step(run, undone)
            run.found = {**run.found, "undone": asdict(undone)}
            run.beat_at = clock.now()
            run.save(update_fields=["found", "beat_at"])
    except BaseException:
        vars(undone).update(before)
        raise
    return more


def _ids(model: type[models.Model], run: Import, **more: object) -> list[int]:
    return list(model._default_manager.filter(batch=run.pk, **more).order_by("id").values_list("id", flat=True)[:PART])


def _restore(run: Import, undone: Undone) -> bool:
    """The newest changes first, so that a row changed twice ends as it was before the first."""
    part = list(Correction.objects.filter(batch=run.pk).order_by("-id")[:PART])
    restored, overtaken = restore(part)
    undone.restored += restored
    undone.overtaken += overtaken
    return len(part) == PART


def _lines(run: Import, undone: Undone) -> bool:
    ids = _ids(OrderLine, run)
    if run.kind != "orders" or not ids:
        return False
    orders = {row[0] for row in bulk.fetch(OrderLine, ("order",), "id", ids)}
    _take(OrderLine, ids)
    recount(orders)
    changes.note(Order, "corrected", orders)
    undone.removed += len(ids)
    return len(ids) == PART


def _orders(run: Import, undone: Undone) -> bool:  # noqa: ARG001 — its lines have been counted
    """Orders without a line; one in which another import put lines stays, as that import's."""
    empty = Order.objects.filter(batch=run.pk).exclude(lines__isnull=False).order_by("id")
    ids = list(empty.values_list("id", flat=True)[:PART]) if run.kind == "orders" else []
    _take(Order, ids)
    return len(ids) == PART


def _facts(run: Import, undone: Undone) -> bool:
    if run.kind not in FACTS:
        return False
    model = FACTS[run.kind][0]
    ids = _ids(model, run)
    _take(model, ids)
    undone.removed += len(ids)
    return len(ids) == PART


def _take(model: type[models.Model], ids: list[int]) -> None:
    """Remove rows, and what later imports had noted of them."""
    Correction.objects.filter(model=model._meta.label, row_id__in=ids).delete()
    bulk.delete(model, "id", ids)
    changes.note(model, "removed", ids)


def _versions(run: Import, undone: Undone) -> bool:
    """What this import said of records is unsaid; golden records follow."""
    ids = _ids(RecordVersion, run)
    records = {row[0] for row in bulk.fetch(RecordVersion, ("record",), "id", ids)}
    bulk.delete(RecordVersion, "id", ids)
    owners = {row[1] for row in bulk.fetch(SourceRecord, ("id", "customer"), "id", records)}
    recompute(owners)
    if run.kind == "customers":
        undone.removed += len(ids)
    return len(ids) == PART


def _records(run: Import, undone: Undone) -> bool:  # noqa: ARG001 — a record alone is nothing to count
    return remove_records(run, PART)


def _customers(run: Import, undone: Undone) -> bool:
    removed, more = remove_customers(run, PART)
    undone.customers_removed += removed
    return more


def _products(run: Import, undone: Undone) -> bool:
    """Products that only this import knew and no order line names."""
    free = Product.objects.filter(batch=run.pk, lines__isnull=True).order_by("id")
    ids = list(free.values_list("id", flat=True)[:PART])
    Correction.objects.filter(model=Product._meta.label, row_id__in=ids).delete()
    bulk.delete(Product, "id", ids)
    if run.kind == "products":
        undone.removed += len(ids)
    return len(ids) == PART


def _rejected(run: Import, undone: Undone) -> bool:  # noqa: ARG001 — they never were records
    ids = list(RejectedCell.objects.filter(run=run).order_by("id").values_list("id", flat=True)[:PART])
    bulk.delete(RejectedCell, "id", ids)
    return len(ids) == PART


def _finish(run: Import, undone: Undone) -> None:
    from patron.crm.customers.models import Customer

    now = clock.now()
    with transaction.atomic():
        undone.customers_kept = Customer.objects.filter(batch=run.pk).count()
        run.found = {**run.found, "undone": asdict(undone)}
        run.state, run.asked, run.undone_at, run.rows_done = "undone", "", now, 0
        run.save(update_fields=["found", "state", "asked", "undone_at", "rows_done"])
        run.chunks.filter(undone_at__isnull=True).update(undone_at=now)
        audit.record(System(), "sources.undone", "import", run.pk, **asdict(undone))
        announce("sources.undone", import_id=run.pk)
    forget_rows(run)
