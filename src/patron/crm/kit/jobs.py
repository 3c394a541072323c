"""Tidying of what the kit remembers."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command

from patron.crm.kit import clock
from patron.crm.kit.models import IdempotencyKey, ScheduledRun, Worker

TASKS_DAYS, RUNS_DAYS, KEYS_DAYS, WORKERS_DAYS = 14, 90, 1, 1


def tidy() -> None:
    """Forgets results of tasks, claims of the schedule, answers of the API and dead workers that nobody asks for."""
    now = clock.now()
    call_command("prune_db_task_results", queue_name="*", min_age_days=TASKS_DAYS, verbosity=0)
    IdempotencyKey.objects.filter(made_at__lt=now - timedelta(days=KEYS_DAYS)).delete()
    Worker.objects.filter(beat_at__lt=now - timedelta(days=WORKERS_DAYS)).delete()
    # The newest claim of an entry stays, however old: without it the entry would look new.
    newest = ScheduledRun.objects.filter(name__in=_names()).order_by("name", "-due_at")
    keep = {run.name: run.pk for run in reversed(newest)}
    ScheduledRun.objects.filter(due_at__lt=now - timedelta(days=RUNS_DAYS)).exclude(pk__in=keep.values()).delete()


def _names() -> list[str]:
    return list(ScheduledRun.objects.values_list("name", flat=True).distinct().order_by())
