"""What an import would do, counted by the same plans that the run makes, without a row written.

A big file is counted by a worker, which says how far it is and can be stopped; a second worker never counts beside it.
"""

from __future__ import annotations

import time

from django.db import transaction

from patron.crm.customers.models import SourceRecord
from patron.crm.kit import audit, clock, stopping
from patron.crm.kit.policy import System
from patron.crm.sources.models import Import
from patron.crm.sources.reading import Progress, prepare, said_of, silent
from patron.crm.sources.running import QUIET, run_of
from patron.crm.sources.writers import writer_of
from patron.crm.sources.writers.base import added
from patron.errors import PatronError

EVERY = 0.5  # seconds between two looks at whether to stop


def count_import(run: Import, progress: Progress = silent) -> dict[str, int]:
    """Rows to create, update, skip and refuse. Exact, as long as nobody writes meanwhile."""
    ready = prepare(run, progress, anew=True)
    writer, here = writer_of(run.kind), run_of(run, ready)
    here.fresh = not SourceRecord.objects.filter(source=run.source_id).exists()
    counts = added({}, {})
    done = 0
    for _, chunk in ready.chunks():
        counts = added(counts, writer.plan(chunk, here).counts(len(chunk.refused)))
        done += chunk.rows
        progress("count", done, ready.rows)
    return counts


class _Stopped(Exception):
    """Somebody asked to stop counting."""


def count_in_background(import_id: int) -> str:
    """Count an import that is 'counting'; the state it ends in. Safe to run twice."""
    run = _claim(import_id)
    if run is not None:
        try:
            _end(import_id, "previewed", count_import(run, _Watched(import_id)))
        except _Stopped:
            _end(import_id, "uploaded")
        except PatronError as error:
            _end(import_id, "uploaded", error=error)
    return Import.objects.values_list("state", flat=True).get(pk=import_id)


def _claim(import_id: int) -> Import | None:
    """The import, now counted here; None where it is not to be counted or is counted elsewhere."""
    with transaction.atomic():
        run = Import.objects.select_for_update(of=("self",)).select_related("source").get(pk=import_id)
        alive = run.beat_at is not None and clock.now() - run.beat_at < QUIET
        if run.state != "counting" or alive:
            return None
        run.beat_at = clock.now()
        run.save(update_fields=["beat_at"])
    return run


class _Watched:
    """Progress that is kept where the page looks for it, and that stops when somebody asked for that."""

    def __init__(self, import_id: int) -> None:
        self.import_id, self.told = import_id, 0.0

    def __call__(self, step: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if now - self.told < EVERY:
            return
        self.told = now
        mine = Import.objects.filter(pk=self.import_id, state="counting")
        if stopping.asked():
            mine.update(beat_at=None)
            raise stopping.Interrupted
        far = {"rows_done": done, "rows_total": total} if step in ("read", "count") else {}
        if not mine.filter(asked="").update(beat_at=clock.now(), **far):
            raise _Stopped


def _end(import_id: int, state: str, counts: dict[str, int] | None = None, error: PatronError | None = None) -> None:
    with transaction.atomic():
        run = Import.objects.select_for_update(of=("self",)).get(pk=import_id)
        if run.state != "counting":
            return
        run.state, run.asked = run.asked or state, ""
        run.counts = counts if counts and run.state == "previewed" else {}
        run.error = said_of(run, error) if error else None
        run.rows_done, run.beat_at = 0, None
        run.finished_at = clock.now() if run.state == "cancelled" else None
        run.save(update_fields=["state", "asked", "counts", "error", "rows_done", "beat_at", "finished_at"])
        if run.counts:
            audit.record(System(), "sources.counted", "import", import_id, **run.counts)
