"""What an import would do, counted by the same plans that the run makes, without a row written."""

from __future__ import annotations

from patron.crm.customers.models import SourceRecord
from patron.crm.sources.models import Import
from patron.crm.sources.reading import Progress, prepare, silent
from patron.crm.sources.running import run_of
from patron.crm.sources.writers import writer_of
from patron.crm.sources.writers.base import added


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
