"""Background steps: running and undoing imports. Both are resumable and safe to run twice."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django_tasks import task

from patron.crm.kit import clock
from patron.crm.kit.queues import NOW, WAITED_FOR
from patron.crm.sources.models import Import
from patron.crm.sources.running import QUIET, run_import
from patron.crm.sources.undoing import undo_import

__all__ = ["QUIET", "run_import", "run_import_later", "undo_import", "undo_import_later", "wake_imports"]


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
    for pk, state in Import.objects.filter(silent, state__in=("running", "undoing")).values_list("pk", "state"):
        (run_import_later if state == "running" else undo_import_later).enqueue(pk)
        woken.append(pk)
    return woken
