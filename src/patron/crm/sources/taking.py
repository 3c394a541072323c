"""Rows that a program hands over, up to a thousand at once: an import without a file, done before it is answered.

They are read, judged, planned and written by the same hands as a file's, so the same row twice changes nothing, and
what they brought can be undone. Reading takes about half a second and comes first; what is written is one transaction.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import IntegrityError, transaction

from patron.crm.accounts.models import Organisation
from patron.crm.customers.models import Source, SourceRecord
from patron.crm.kit import audit, clock
from patron.crm.kit.announcements import announce
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Invalid
from patron.crm.sources.models import Import
from patron.crm.sources.reading import Ready, read_options, silent
from patron.crm.sources.rejects import WORDS, keep_refused
from patron.crm.sources.running import TRIES, _alone, _journal, run_of
from patron.crm.sources.writers import Chunk, writer_of
from patron.crm.sources.writers.base import ERROR
from patron.history.files.reasons import ROLE_OF
from patron.history.files.record_kinds import RECORDS
from patron.history.files.records import prepare_records
from patron.words import Text

MOST = 1_000


@dataclass(frozen=True)
class Outcome:
    """What became of a row: create, update, skip, or error with what is wrong by field."""

    outcome: str
    wrong: Mapping[str, Text]


@dataclass(frozen=True)
class Taken:
    """The import that brought the rows, and what became of each, in their order."""

    run: Import
    outcomes: Sequence[Outcome]


@operation("sources.import", chunked=True)
def take_rows(*, by: Actor, source_name: str, kind: str, rows: Sequence[Mapping[str, str | None]]) -> Taken:
    """Take in up to 1,000 rows of one kind, their values as texts named by role (record_kinds.RECORDS).

    Raises Invalid for a kind or role that does not exist, InputError where no row has what this kind can't do without.
    """
    names = _names(kind, rows)
    source = _source(source_name)
    run = Import(kind=kind, file_name="API", mapping={role: role for role in names}, options={"decimal": "."})
    with tempfile.TemporaryDirectory() as folder:
        ready = _read(run, names, rows, Path(folder))
        table = pq.read_table(ready.path)
    for attempt in range(1, TRIES + 1):
        try:
            return _write(by, run, source, ready, Chunk(table))
        except IntegrityError:  # somebody else's row in between is met by looking again
            if attempt == TRIES:
                raise
            run = Import(kind=kind, file_name="API", mapping=run.mapping, options=run.options)
    raise AssertionError("the last attempt returns or raises")


def _names(kind: str, rows: Sequence[Mapping[str, str | None]]) -> list[str]:
    """The roles that the rows name, in the order of their declaration."""
    if kind not in RECORDS:
        raise Invalid({"kind": Text(f"One of: {', '.join(RECORDS)}.", f"可选：{'、'.join(RECORDS)}。")})
    if not 1 <= len(rows) <= MOST:
        raise Invalid({"rows": Text(f"1 to {MOST:,} rows at once.", f"每次 1 到 {MOST:,} 行。")})
    told = {name for row in rows for name in row}
    if unknown := sorted(told - RECORDS[kind].keys()):
        raise Invalid({n: Text(f"There is nothing called '{n}'.", f"没有“{n}”这一项。") for n in unknown})
    return [name for name in RECORDS[kind] if name in told]


def _source(name: str) -> Source:
    name = name.strip()
    if not 1 <= len(name) <= 120 or name == "hand":
        raise Invalid(
            {"source": Text("Name the source, in at most 120 characters.", "请填写来源名称，最多 120 个字符。")}
        )
    return Source.objects.get_or_create(name=name, defaults={"kind": "api"})[0]


def _read(run: Import, names: list[str], rows: Sequence[Mapping[str, str | None]], folder: Path) -> Ready:
    """The rows made ready as those of a file are."""
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
    pq.write_table(pa.table(columns), folder / "rows.parquet")
    today = clock.today(Organisation.current().timezone)
    made = prepare_records(
        folder / "rows.parquet", run.kind, read_options(run), folder / "ready.parquet", today=today, progress=silent
    )
    return Ready(made.path, made.rows, made.columns, made.mapping, [])


@transaction.atomic
def _write(by: Actor, run: Import, source: Source, ready: Ready, chunk: Chunk) -> Taken:
    now = clock.now()
    run.source, run.state, run.by_id, run.by_name = source, "done", by.id, by.name
    run.made_at = run.started_at = run.finished_at = now
    run.rows_total, run.found = ready.rows, {"prepared": {"columns": ready.columns}}
    run.save(force_insert=True)
    _alone()
    writer, here = writer_of(run.kind), run_of(run, ready)
    here.fresh = not SourceRecord.objects.filter(source=source).exists()
    plan = writer.plan(chunk, here)
    writer.write(chunk, plan, here)
    keep_refused(chunk, here)
    _journal(run, 0, chunk, plan.counts(len(chunk.refused)))
    audit.record(by, "sources.rows_taken", "import", run.pk, kind=run.kind, source=source.name, **run.counts)
    announce("sources.imported", import_id=run.pk)
    return Taken(run, _outcomes(chunk, plan.outcomes))


def _outcomes(chunk: Chunk, outcomes: Sequence[str]) -> list[Outcome]:
    """By row, those that can be used and those that can't together again."""
    found = {row: Outcome(outcome, {}) for row, outcome in zip(chunk["row"], outcomes, strict=True)}
    for refused in chunk.refused:
        found[refused["row"]] = Outcome(ERROR, _wrong(refused["reasons"]))
    return [found[row] for row in sorted(found)]


def _wrong(reasons: Sequence[str]) -> dict[str, Text]:
    wrong = {}
    for coded in reasons:
        code, _, role = coded.partition(":")
        wrong[role or ROLE_OF.get(code, "")] = WORDS[code]
    return wrong
