"""Background steps: counting, running and undoing imports. All are safe to run twice; the last two are resumable."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django_tasks import task

from patron.crm.kit import clock
from patron.crm.kit.queues import NOW, WAITED_FOR
from patron.crm.sources.models import Import
from patron.crm.sources.previewing import count_in_background
from patron.crm.sources.running import QUIET, run_import
from patron.crm.sources.undoing import undo_import

__all__ = [
    "QUIET",
    "count_import_later",
    "run_import",
    "run_import_later",
    "undo_import",
    "undo_import_later",
    "wake_imports",
]


@task(queue_name=NOW, priority=WAITED_FOR)  # type: ignore[untyped-decorator]
def count_import_later(import_id: int) -> str:
    """`count_in_background` by a worker."""
    return count_in_background(import_id)


@task(queue_name=NOW, priority=WAITED_FOR)  # type: ignore[untyped-decorator]
def run_import_later(import_id: int) -> str:
    """`run_import` by a worker."""
    return run_import(import_id)


@task(queue_name=NOW, priority=WAITED_FOR)  # type: ignore[untyped-decorator]
def undo_import_later(import_id: int) -> str:
    """`undo_import` by a worker."""
    return undo_import(import_id)


def wake_imports(quiet: timedelta = QUIET) -> list[int]:
    """Enqueue imports whose worker has died; for a minutely job. The numbers of those."""
    silent = Q(beat_at__lt=clock.now() - quiet)
    woken = []
    later = {"counting": count_import_later, "running": run_import_later, "undoing": undo_import_later}
    for pk, state in Import.objects.filter(silent, state__in=later).values_list("pk", "state"):
        later[state].enqueue(pk)
        woken.append(pk)
    return woken
