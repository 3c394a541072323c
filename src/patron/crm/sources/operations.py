"""Every write about imports: upload, map, count, start, pause, go on, cancel, undo."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction

from patron.crm.accounts.models import Organisation
from patron.crm.customers.models import Source
from patron.crm.kit import audit, clock
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Conflict, Invalid, NotFound
from patron.crm.sources import jobs
from patron.crm.sources.files import Readable, shown_name, store
from patron.crm.sources.models import Import, SavedMapping
from patron.crm.sources.previewing import count_import
from patron.crm.sources.reading import OPTIONS, Progress, file_of, forget_file, read_options, silent
from patron.history.files.glance import glance, guess_columns
from patron.history.files.record_kinds import RECORDS
from patron.words import Text

BUSY = ("queued", "running", "undoing")
OPEN = ("uploaded", "previewed")
AT_ONCE = 1_000_000
"""Bytes of a file that is counted while its person waits: about a second."""
STATE_WORDS = {
    "uploaded": Text("uploaded", "已上传"),
    "counting": Text("being counted", "正在计数"),
    "previewed": Text("counted", "已预览"),
    "queued": Text("waiting", "排队中"),
    "running": Text("running", "导入中"),
    "paused": Text("paused", "已暂停"),
    "cancelled": Text("cancelled", "已取消"),
    "failed": Text("stopped", "已中断"),
    "done": Text("done", "已完成"),
    "undoing": Text("being undone", "撤销中"),
    "undone": Text("undone", "已撤销"),
}


@operation("sources.import")
def upload(
    *,
    by: Actor,
    file: Readable,
    file_name: str,
    source_name: str,
    kind: str,
    options: Mapping[str, Any] | None = None,
    limited: bool = True,
) -> Import:
    """Keep a file and look at it: `found` says what its columns are, `mapping` which is what (as it was last time).

    Raises Invalid, InputError for what is no table, TooLarge beyond UPLOAD_LIMIT unless it is not `limited`.
    """
    name = _source_name(source_name)
    if kind not in RECORDS:
        raise Invalid({"kind": Text(f"One of: {', '.join(RECORDS)}.", f"可选：{'、'.join(RECORDS)}。")})
    stored = store(file, limited=limited)
    source = Source.objects.get_or_create(name=name, defaults={"kind": "file"})[0]
    run = Import.objects.create(
        source=source,
        kind=kind,
        file_name=shown_name(file_name),
        path=stored.name,
        size=stored.size,
        sha256=stored.sha256,
        options=_options(options or {}),
        made_at=clock.now(),
        by_id=by.id,
        by_name=by.name,
    )
    try:
        _look(run)
    except BaseException:
        forget_file(run)
        raise
    audit.record(by, "sources.uploaded", "import", run.pk, kind=kind, source=name, size=stored.size)
    return run


def _source_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > 120:
        wrong = Text("Name the source, in at most 120 characters.", "请填写来源名称，最多 120 个字符。")
        raise Invalid({"source_name": wrong})
    if name == "hand":
        wrong = Text("'hand' stands for what people type here.", "“hand”专指在本系统手工录入的内容。")
        raise Invalid({"source_name": wrong})
    return name


def _options(options: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(options) - set(OPTIONS))
    if unknown:
        raise Invalid({n: Text(f"There is no option '{n}'.", f"没有选项“{n}”。") for n in unknown})
    return {name: value for name, value in options.items() if value not in (None, "")}


def _look(run: Import) -> None:
    """Fill in `found`, and the mapping: the remembered one for these columns, else what the names say."""
    seen = glance(file_of(run), run.kind, read_options(run), today=clock.today(Organisation.current().timezone))
    names = [column.name for column in seen.columns]
    run.found = {
        "columns": [asdict(column) for column in seen.columns],
        "told": [asdict(text) for text in seen.told],
        "hash": columns_hash(names),
    }
    guess = seen.guess
    saved = SavedMapping.objects.filter(source=run.source, kind=run.kind, columns_hash=run.found["hash"]).first()
    if saved is not None and not run.mapping:
        run.options = {**saved.options, **run.options}
        guess = guess_columns(names, saved.mapping, run.kind)
        run.found["remembered"] = True
    run.mapping = {role: _column(names, guess.get(role)) for role in RECORDS[run.kind]}
    run.save(update_fields=["found", "mapping", "options"])


def _column(names: list[str], index: int | None) -> str | int:
    """A column by its name, or by its position where the name is blank or stands twice; '' for none."""
    if index is None:
        return ""
    name = names[index]
    return name if name and names.count(name) == 1 and not name.isdigit() else index + 1


def columns_hash(names: list[str]) -> str:
    """What tells one table of a source from another: its column names, in whatever order."""
    return hashlib.sha256("\x1f".join(sorted(names)).encode()).hexdigest()


@operation("sources.import")
def set_mapping(
    *, by: Actor, import_id: int, mapping: Mapping[str, str | int], options: Mapping[str, Any] | None = None
) -> Import:
    """Say which column is what, and how the file is read. A role that is not named is left out.

    Raises Invalid, UsageError or InputError for columns that are not there or lacking; Conflict once it has started.
    """
    run = _locked(import_id)
    _require_state(run, OPEN)
    if options is not None:
        read = _options(options)
        if read != run.options:
            run.options, run.mapping = read, {}
            _look(run)
    unknown = sorted(set(mapping) - RECORDS[run.kind].keys())
    if unknown:
        raise Invalid({n: Text(f"There is nothing called '{n}'.", f"没有“{n}”这一项。") for n in unknown})
    run.mapping = {role: mapping.get(role, "") for role in RECORDS[run.kind]}
    names = [column["name"] for column in run.found["columns"]]
    guess_columns(names, run.mapping, run.kind, run.file_name)
    run.state, run.counts, run.error = "uploaded", {}, None
    run.save(update_fields=["mapping", "options", "state", "counts", "error"])
    audit.record(by, "sources.mapped", "import", run.pk)
    return run


@operation("sources.import", chunked=True)
def preview(*, by: Actor, import_id: int, progress: Progress = silent) -> dict[str, int]:
    """Count exactly what the run would create, update, skip and refuse, without writing a record."""
    run = Import.objects.filter(pk=import_id).select_related("source").first()
    if run is None:
        raise NotFound(Text("import", "导入"), import_id)
    _require_state(run, OPEN)
    counts = count_import(run, progress)
    with transaction.atomic():
        kept = _locked(import_id)
        if kept.state in OPEN and kept.mapping == run.mapping and kept.options == run.options:
            kept.state, kept.counts = "previewed", counts
            kept.save(update_fields=["state", "counts"])
            audit.record(by, "sources.counted", "import", import_id, **counts)
    return counts


@operation("sources.import", chunked=True)
def preview_soon(*, by: Actor, import_id: int) -> Import:
    """`preview` of a small file now, of a bigger one in the background: its state is 'counting' meanwhile."""
    run = Import.objects.filter(pk=import_id).first()
    if run is None:
        raise NotFound(Text("import", "导入"), import_id)
    if run.size <= AT_ONCE:
        preview(by=by, import_id=import_id)
        return Import.objects.select_related("source").get(pk=import_id)
    with transaction.atomic():
        run = _locked(import_id)
        _require_state(run, OPEN)
        file_of(run)
        run.state, run.counts, run.error, run.asked = "counting", {}, None, ""
        run.rows_done, run.rows_total, run.beat_at = 0, None, None
        run.save(update_fields=["state", "counts", "error", "asked", "rows_done", "rows_total", "beat_at"])
        audit.record(by, "sources.count_asked", "import", run.pk)
        jobs.count_import_later.enqueue(run.pk)
    return run


@operation("sources.import")
def stop_counting(*, by: Actor, import_id: int) -> Import:
    """Count no further; the columns may be chosen anew."""
    return _ask(by, import_id, "uploaded", ("counting",), "sources.count_stopped")


@operation("sources.import")
def start(*, by: Actor, import_id: int, enqueue: bool = True) -> Import:
    """Begin in the background; the mapping is remembered for the next file with these columns of this source.

    `enqueue` False leaves the running to the caller (the command line). Raises Conflict while another import of the
    source is on its way.
    """
    run = _locked(import_id)
    _require_state(run, OPEN)
    file_of(run)
    _refuse_busy(run)
    SavedMapping.objects.update_or_create(
        source=run.source,
        kind=run.kind,
        columns_hash=run.found["hash"],
        defaults={"mapping": run.mapping, "options": run.options, "saved_at": clock.now()},
    )
    run.found = {**run.found, "preview": run.counts}
    run.options = {**run.options, "today": str(clock.today(Organisation.current().timezone))}
    run.state, run.counts, run.rows_done = "queued", {}, 0
    run.save(update_fields=["found", "options", "state", "counts", "rows_done"])
    audit.record(by, "sources.started", "import", run.pk)
    if enqueue:
        jobs.run_import_later.enqueue(run.pk)
    return run


@operation("sources.import")
def pause(*, by: Actor, import_id: int) -> Import:
    """Stop after the chunk that is being written; `resume` goes on behind it."""
    return _ask(by, import_id, "paused", ("queued", "running"), "sources.paused")


@operation("sources.import")
def cancel(*, by: Actor, import_id: int) -> Import:
    """Stop for good after the chunk that is being written. What was written stays until it is undone."""
    states = ("uploaded", "counting", "previewed", "queued", "running", "paused", "failed")
    return _ask(by, import_id, "cancelled", states, "sources.cancelled")


def _ask(by: Actor, import_id: int, wanted: str, states: tuple[str, ...], verb: str) -> Import:
    run = _locked(import_id)
    _require_state(run, states)
    if run.state == "running" or (run.state == "counting" and run.beat_at is not None):
        run.asked = wanted
    else:
        run.state, run.asked = wanted, ""
        run.finished_at = clock.now() if wanted == "cancelled" else None
    run.save(update_fields=["state", "asked", "finished_at"])
    audit.record(by, verb, "import", run.pk)
    return run


@operation("sources.import")
def resume(*, by: Actor, import_id: int, enqueue: bool = True) -> Import:
    """Go on where it stopped: paused, stopped by a mistake, or left behind by a worker that died."""
    run = _locked(import_id)
    died = run.state == "running" and (run.beat_at is None or clock.now() - run.beat_at >= jobs.QUIET)
    if not died and not (run.state in ("running", "queued") and not enqueue):
        _require_state(run, ("paused", "failed"))
        _refuse_busy(run)
    run.state, run.asked, run.error = "queued", "", None
    run.save(update_fields=["state", "asked", "error"])
    audit.record(by, "sources.resumed", "import", run.pk)
    if enqueue:
        jobs.run_import_later.enqueue(run.pk)
    return run


@operation("sources.import")
def undo(*, by: Actor, import_id: int, enqueue: bool = True) -> Import:
    """Take back what the import made and changed, in the background. Repeated, it goes on where it was."""
    run = _locked(import_id)
    if run.state == "undoing":
        audit.nothing()
    else:
        _require_state(run, ("done", "cancelled", "paused", "failed"))
        _refuse_busy(run)
        run.state, run.asked = "undoing", ""
        run.save(update_fields=["state", "asked"])
        audit.record(by, "sources.undo_asked", "import", run.pk)
    if enqueue:
        jobs.undo_import_later.enqueue(run.pk)
    return run


def _locked(import_id: int) -> Import:
    run = Import.objects.select_for_update(of=("self",)).select_related("source").filter(pk=import_id).first()
    if run is None:
        raise NotFound(Text("import", "导入"), import_id)
    return run


def _require_state(run: Import, states: tuple[str, ...]) -> None:
    if run.state not in states:
        now = STATE_WORDS[run.state]
        raise Conflict(
            Text(f"This import is {now.en}: that can't be done now.", f"该导入{now.zh}，当前无法执行此操作。"),
            remedy=Text("Look at its page for what can.", "请在导入页面查看可执行的操作。"),
        )


def _refuse_busy(run: Import) -> None:
    other = Import.objects.filter(source=run.source, state__in=BUSY).exclude(pk=run.pk).first()
    if other is not None:
        raise Conflict(
            Text(f"Import {other.pk} of the same source is on its way.", f"同一来源的导入 {other.pk} 正在进行。"),
            remedy=Text("Wait until it is done, or cancel it.", "请等待其完成，或将其取消。"),
        )
