"""Running an import: chunk after chunk, each one transaction with its journal: it can stop anywhere and go on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import NoReturn

from django.db import DatabaseError, connection, transaction

from patron.crm.accounts.models import Organisation
from patron.crm.customers.models import SourceRecord
from patron.crm.customers.rules import region_of
from patron.crm.kit import audit, bulk, clock, stopping
from patron.crm.kit.announcements import announce
from patron.crm.kit.bulk import fewer_checkpoints, time_text
from patron.crm.kit.pace import give_way
from patron.crm.kit.policy import System
from patron.crm.sources.models import Import, ImportChunk
from patron.crm.sources.reading import Ready, chunk_rows, forget_rows, prepare, said_of, silent
from patron.crm.sources.rejects import keep_refused
from patron.crm.sources.writers import Chunk, Run, Writer, writer_of
from patron.crm.sources.writers.base import added
from patron.errors import PatronError
from patron.words import Text

log = logging.getLogger(__name__)
TRIES = 3
QUIET = timedelta(seconds=60)
"""A run that gave no sign of life for so long has died, and may be taken over."""

Progress = Callable[[str, int, int | None], None]


def run_import(import_id: int, *, progress: Progress = silent, take_over: bool = False) -> str:
    """Run (or go on with) an import that was started; the state it ends in.

    Safe to run twice, also at the same time: a chunk is written once. `take_over` does not wait for a run that seems
    to be alive to fall silent.
    """
    run = _claim(import_id, take_over)
    if run is None:
        return Import.objects.values_list("state", flat=True).get(pk=import_id)
    try:
        ready = prepare(run, progress)
        with fewer_checkpoints():
            _run_chunks(run, ready, progress)
    except PatronError as error:
        _fail(run, error)
    except DatabaseError as error:
        log.exception("import %s stopped", import_id)
        _fail(run, PatronError(Text("The database refused a chunk.", "数据库拒绝写入。")))
        raise error
    return Import.objects.values_list("state", flat=True).get(pk=import_id)


def _claim(import_id: int, take_over: bool) -> Import | None:
    """The import, now running here; None where it is not to be run or runs elsewhere."""
    with transaction.atomic():
        run = Import.objects.select_for_update(of=("self",)).get(pk=import_id)
        alive = run.beat_at is not None and clock.now() - run.beat_at < QUIET
        if run.state not in ("queued", "running") or (run.state == "running" and alive and not take_over):
            return None
        run.state, run.error, run.beat_at = "running", None, clock.now()
        run.started_at = run.started_at or clock.now()
        run.save(update_fields=["state", "error", "beat_at", "started_at"])
    return run


def _run_chunks(run: Import, ready: Ready, progress: Progress) -> None:
    writer, here = writer_of(run.kind), run_of(run, ready)
    here.fresh = not SourceRecord.objects.filter(source=run.source_id).exclude(batch=run.pk).exists()
    done = frozenset(run.chunks.values_list("number", flat=True))
    for number, chunk in ready.chunks(done):
        if stopping.asked():
            _let_go(run.pk)
        if not _try_chunk(run.pk, number, chunk, writer, here):
            return
        give_way()
        progress("write", min((number + 1) * chunk_rows(), ready.rows), ready.rows)
    _finish(run.pk, ready.rows)


def run_of(run: Import, ready: Ready) -> Run:
    """What writers have to know of it."""
    house = Organisation.current()
    return Run(
        import_id=run.pk,
        source_id=run.source_id,
        now=time_text(clock.now()) or "",
        columns=ready.columns,
        mapping=ready.mapping,
        region=region_of(house.timezone),
        base=house.base_currency,
    )


def _try_chunk(import_id: int, number: int, chunk: Chunk, writer: Writer, here: Run) -> bool:
    """Write one chunk; somebody else's row in between is met by looking again. Whether to go on."""
    for attempt in range(1, TRIES + 1):
        try:
            return _one_chunk(import_id, number, chunk, writer, here)
        except DatabaseError:
            here.forget()
            if attempt == TRIES:
                raise
    return False


def _let_go(import_id: int) -> NoReturn:
    """The worker has to end: the next one may take the import up at once."""
    Import.objects.filter(pk=import_id, state="running").update(beat_at=None)
    raise stopping.Interrupted


def _one_chunk(import_id: int, number: int, chunk: Chunk, writer: Writer, here: Run) -> bool:
    here.seen = {}
    # Looking up needs no lock. Where somebody wrote meanwhile, it is done again while nobody can.
    seen = bulk.data_version()
    plan = writer.plan(chunk, here) if seen is not None else None
    with transaction.atomic():
        run = Import.objects.select_for_update(of=("self",)).defer("found", "mapping").get(pk=import_id)
        if run.state != "running":
            return False
        if run.asked:
            _stop(run)
            return False
        if ImportChunk.objects.filter(run_id=import_id, number=number).exists():
            return True
        _alone()
        if plan is None or bulk.data_version() != seen:
            here.seen = {}
            plan = writer.plan(chunk, here)
        writer.write(chunk, plan, here)
        keep_refused(chunk, here)
        _journal(run, number, chunk, plan.counts(len(chunk.refused)))
    return True


def _alone() -> None:
    """Imports write one after the other, so that two never make the same customer; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [7_201_001])


def _journal(run: Import, number: int, chunk: Chunk, counts: dict[str, int]) -> None:
    """In the same transaction as the rows: what this chunk was, and how far the import is."""
    now = clock.now()
    ImportChunk.objects.create(
        run=run, number=number, first_row=chunk.first, last_row=chunk.last, counts=counts, done_at=now
    )
    run.counts = added(run.counts, counts)
    run.rows_done += chunk.rows
    run.beat_at = now
    run.save(update_fields=["counts", "rows_done", "beat_at"])


def _stop(run: Import) -> None:
    """Do what was asked for while it ran."""
    run.state, run.asked = run.asked, ""
    if run.state == "cancelled":
        run.finished_at = clock.now()
    run.save(update_fields=["state", "asked", "finished_at"])


def _finish(import_id: int, rows: int) -> None:
    with transaction.atomic():
        run = Import.objects.select_for_update(of=("self",)).get(pk=import_id)
        if run.state != "running":
            return
        if run.rows_done != rows:  # every row is written, skipped or refused: an import reconciles or it is not done
            raise RuntimeError(f"import {import_id} wrote {run.rows_done} of {rows} rows")
        run.state, run.asked, run.finished_at = "done", "", clock.now()
        run.save(update_fields=["state", "asked", "finished_at"])
        audit.record(System(), "sources.imported", "import", run.pk, kind=run.kind, **run.counts)
        announce("sources.imported", import_id=run.pk)
    forget_rows(run)


def _fail(run: Import, error: PatronError) -> None:
    Import.objects.filter(pk=run.pk).update(state="failed", error=said_of(run, error), asked="")
