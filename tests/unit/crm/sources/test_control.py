"""Starting, stopping, going on, waking, refusing; files and their forgetting; keys and plain words."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from importing import BY, everything, imported, mapped, uploaded

from patron.crm.customers.models import Customer, Source, SourceRecord
from patron.crm.kit import clock
from patron.crm.kit.announcements import announce
from patron.crm.kit.models import AuditEntry
from patron.crm.kit.policy import Nobody, System
from patron.crm.kit.problems import Conflict, Forbidden, Invalid, NotFound, TooLarge
from patron.crm.sources import files, jobs, operations, previewing, queries, reading, running
from patron.crm.sources.models import Import, ImportChunk, RejectedCell
from patron.errors import InputError, PatronError, ResourceError, UsageError
from patron.faces.api import problems
from patron.faces.project import environment

pytestmark = pytest.mark.django_db
FILE = "order no,customer id,order date,sku,quantity,unit price\n" + "".join(
    f"{i},C{i % 7},2024-03-01,K{i % 5},1,{i}\n" for i in range(1, 26)
)


@pytest.fixture
def small(monkeypatch):
    """Chunks of ten rows."""
    monkeypatch.setattr(reading, "CHUNK", 10)


def begun(text=FILE, kind="orders"):
    run = uploaded(text, kind)
    operations.start(by=BY, import_id=run.pk, enqueue=False)
    return run


def ask_in_the_middle(number, ask):
    """Call `ask` once, as soon as the first chunk is written."""
    asked = []

    def step(name, done, _total):
        if name == "write" and not asked:
            asked.append(done)
            ask(by=BY, import_id=number)

    return step


@pytest.mark.usefixtures("small")
def test_paused_it_goes_on_where_it_stopped():
    run = begun()
    assert jobs.run_import(run.pk, progress=ask_in_the_middle(run.pk, operations.pause)) == "paused"
    run.refresh_from_db()
    assert (run.rows_done, ImportChunk.objects.count()) == (10, 1)
    operations.resume(by=BY, import_id=run.pk, enqueue=False)
    assert jobs.run_import(run.pk) == "done"
    run.refresh_from_db()
    assert (run.rows_done, run.counts["create"], ImportChunk.objects.count()) == (25, 25, 3)


@pytest.mark.usefixtures("small")
def test_cancelled_it_keeps_what_was_written_until_it_is_undone():
    before = everything(leave=("customers.FactChange",))
    run = begun()
    assert jobs.run_import(run.pk, progress=ask_in_the_middle(run.pk, operations.cancel)) == "cancelled"
    assert SourceRecord.objects.exists()
    with pytest.raises(Conflict, match="cancelled"):
        operations.resume(by=BY, import_id=run.pk, enqueue=False)
    operations.undo(by=BY, import_id=run.pk, enqueue=False)
    jobs.undo_import(run.pk)
    jobs.undo_import(run.pk)
    assert everything(leave=("customers.FactChange",)) == before


@pytest.mark.usefixtures("small")
def test_a_run_that_fails_says_why_and_can_go_on(monkeypatch):
    run = begun()
    with monkeypatch.context() as patch:
        patch.setattr(running, "keep_refused", lambda *_: (_ for _ in ()).throw(PatronError("the disk is full")))
        assert jobs.run_import(run.pk) == "failed"
    run.refresh_from_db()
    assert run.error == {"en": "the disk is full", "zh": "the disk is full"}
    assert not SourceRecord.objects.exists()  # a chunk is whole or not there
    operations.resume(by=BY, import_id=run.pk, enqueue=False)
    assert jobs.run_import(run.pk) == "done"


def test_a_run_that_is_alive_is_left_alone_and_a_dead_one_woken():
    run = begun()
    Import.objects.filter(pk=run.pk).update(state="running", beat_at=clock.now())
    assert jobs.run_import(run.pk) == "running"
    assert jobs.wake_imports() == []
    Import.objects.filter(pk=run.pk).update(beat_at=clock.now() - timedelta(minutes=5))
    assert jobs.wake_imports() == [run.pk]
    assert jobs.run_import_later.call(run.pk) == "done"
    operations.undo(by=BY, import_id=run.pk)
    assert jobs.undo_import_later.call(run.pk) == "undone"


def test_one_import_of_a_source_at_a_time():
    begun()
    other = uploaded(FILE, "orders")
    with pytest.raises(Conflict, match="same source"):
        operations.start(by=BY, import_id=other.pk)


def test_what_was_mapped_is_remembered_for_the_same_columns():
    text = "who,when,worth\nC1,2024-03-01,5\n"
    run = uploaded(text, "orders")
    with pytest.raises(InputError, match="customer"):
        operations.preview(by=BY, import_id=run.pk)
    mapped(run, customer="who", date=2, amount="worth")
    operations.start(by=BY, import_id=run.pk, enqueue=False)
    again = uploaded(text.replace("C1", "C2"), "orders")
    assert (again.mapping["customer"], again.mapping["date"]) == ("who", "when")


def test_wrong_words_are_refused():
    run = uploaded(FILE, "orders")
    with pytest.raises(Invalid, match="custmer"):
        mapped(run, custmer="x")
    with pytest.raises(Invalid, match="no option"):
        operations.set_mapping(by=BY, import_id=run.pk, mapping={}, options={"speed": 3})
    with pytest.raises(Invalid, match="One of"):
        uploaded(FILE, "dreams")
    with pytest.raises(Invalid, match="hand"):
        uploaded(FILE, "orders", "hand")
    with pytest.raises(NotFound):
        operations.start(by=BY, import_id=0)
    with pytest.raises(Forbidden):
        operations.start(by=Nobody(), import_id=run.pk)


def test_a_file_name_is_only_shown_and_a_file_too_large_not_kept(settings):
    run = uploaded(FILE, "orders", name="../../etc/cron.d/x")
    assert run.file_name == "x"
    assert Path(settings.UPLOADS, run.path).read_text() == FILE
    there = set(Path(settings.UPLOADS).iterdir())
    settings.UPLOAD_LIMIT = 100
    with pytest.raises(ResourceError, match="larger"):
        files.store(io.BytesIO(FILE.encode()))
    assert set(Path(settings.UPLOADS).iterdir()) == there
    kept = files.store(io.BytesIO(FILE.encode()), limited=False)
    assert kept.size == len(FILE), "who stands at the server may"


@pytest.mark.parametrize(
    "told, size", [("", 7), ("500 MB", 500 << 20), ("2GB", 2 << 30), ("10 gib", 10 << 30), ("1000", 1000)]
)
def test_the_limit_of_files_is_told_in_words(monkeypatch, told, size):
    monkeypatch.setenv("PATRON_UPLOAD_LIMIT", told)
    assert environment.size("PATRON_UPLOAD_LIMIT", 7) == size


@pytest.mark.parametrize("told", ["much", "-1", "0", "1.5 GB"])
def test_a_limit_that_is_no_size_is_refused(monkeypatch, told):
    monkeypatch.setenv("PATRON_UPLOAD_LIMIT", told)
    with pytest.raises(UsageError, match="no size"):
        environment.size("PATRON_UPLOAD_LIMIT", 7)


def test_the_api_refuses_a_file_too_large_with_413():
    assert problems.of(TooLarge("x")).status == 413


def test_erasing_somebody_forgets_the_files_they_came_in(settings, django_capture_on_commit_callbacks):
    run = imported(FILE + "99,,2024-03-01,K1,1,1\n", "orders")
    other = imported("customer id,name\nX,Y\n", "customers", "elsewhere")
    assert RejectedCell.objects.filter(run=run).exists()
    customer = Customer.objects.get(external_id="C1")
    with django_capture_on_commit_callbacks(execute=True):
        announce("customers.erased", customer_id=customer.pk, record_ids=[customer.records.get().pk])
    run.refresh_from_db()
    other.refresh_from_db()
    assert run.path == ""
    assert not RejectedCell.objects.filter(run=run).exists()
    assert Path(settings.UPLOADS, other.path).exists()


def test_every_step_leaves_an_audit_entry_without_personal_values():
    imported("customer id,name\nC1,王小明\n", "customers")
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["sources.uploaded", "sources.counted", "sources.started", "sources.imported"]
    assert "王小明" not in str(list(AuditEntry.objects.values()))


def test_imports_are_listed_newest_first():
    for _ in range(3):
        uploaded(FILE, "orders")
    page = queries.list_imports(actor=BY, limit=2)
    rest = queries.list_imports(actor=BY, limit=2, after=page.next)
    assert [run.pk for run in page.rows] == sorted((run.pk for run in page.rows), reverse=True)
    assert (len(rest.rows), rest.next) == (1, None)
    assert queries.source_names(actor=BY) == ["shop"]
    assert Source.objects.get().kind == "file"
    with pytest.raises(NotFound):
        queries.get_import(actor=BY, import_id=0)


@pytest.fixture
def big(monkeypatch):
    """Every file is big, and every step of its counting is looked at."""
    monkeypatch.setattr(operations, "AT_ONCE", 0)
    monkeypatch.setattr(previewing, "EVERY", 0)
    monkeypatch.setattr(reading, "CHUNK", 10)


def test_a_small_file_is_counted_while_its_person_waits():
    run = operations.preview_soon(by=BY, import_id=uploaded(FILE, "orders").pk)
    assert (run.state, run.counts["create"]) == ("previewed", 25)


@pytest.mark.usefixtures("big")
def test_a_big_file_is_counted_in_the_background_as_it_would_be_at_once():
    run = operations.preview_soon(by=BY, import_id=uploaded(FILE, "orders").pk)
    assert (run.state, run.counts) == ("counting", {})
    for refused in (operations.start, operations.undo, operations.pause):
        with pytest.raises(Conflict, match="being counted"):
            refused(by=BY, import_id=run.pk)
    assert jobs.count_import_later.func(run.pk) == "previewed"
    run.refresh_from_db()
    counts = run.counts
    assert (run.rows_done, run.beat_at, run.rows_total) == (0, None, 25)
    assert counts == operations.preview(by=BY, import_id=run.pk)
    actions = list(AuditEntry.objects.order_by("id").values_list("action", "actor_name"))
    assert actions[1:3] == [("sources.count_asked", BY.name), ("sources.counted", System().name)]
    assert jobs.count_import_later.func(run.pk) == "previewed"  # a task that comes twice finds nothing to do


@pytest.mark.usefixtures("big")
@pytest.mark.parametrize("way, state", [("stop_counting", "uploaded"), ("cancel", "cancelled")])
def test_counting_is_stopped_in_its_middle_and_before_it_begins(monkeypatch, way, state):
    run = operations.preview_soon(by=BY, import_id=uploaded(FILE, "orders").pk)
    stop, steps, of_running = getattr(operations, way), [], previewing.prepare

    def prepare(run, progress, **more):
        stop(by=BY, import_id=run.pk)
        steps.append(Import.objects.get(pk=run.pk).state)
        return of_running(run, progress, **more)

    monkeypatch.setattr(previewing, "prepare", prepare)
    assert jobs.count_import_later.func(run.pk) == state
    run.refresh_from_db()
    assert (steps, run.counts, run.asked, run.beat_at) == (["counting"], {}, "", None)
    if state == "uploaded":
        operations.preview_soon(by=BY, import_id=run.pk)
        assert stop(by=BY, import_id=run.pk).state == state  # no worker has begun
        assert jobs.count_import_later.func(run.pk) == state


@pytest.mark.usefixtures("big")
def test_what_stops_the_counting_is_said_with_the_name_of_the_file():
    run = uploaded(FILE, "orders")
    operations.preview_soon(by=BY, import_id=run.pk)
    reading.file_of(run).write_bytes(b"")
    assert jobs.count_import_later.func(run.pk) == "uploaded"
    run.refresh_from_db()
    assert run.error["en"].startswith(run.file_name)
    assert run.path not in run.error["en"]


@pytest.mark.usefixtures("big")
def test_counting_that_a_dead_worker_left_is_taken_up_again_and_a_living_one_is_let_be(monkeypatch):
    run = operations.preview_soon(by=BY, import_id=uploaded(FILE, "orders").pk)
    Import.objects.filter(pk=run.pk).update(beat_at=clock.now())
    assert (jobs.wake_imports(), jobs.count_import_later.func(run.pk)) == ([], "counting")
    Import.objects.filter(pk=run.pk).update(beat_at=clock.now() - 2 * jobs.QUIET)
    assert jobs.wake_imports() == [run.pk]
    monkeypatch.setattr(previewing.stopping, "asked", lambda: True)
    with pytest.raises(previewing.stopping.Interrupted):
        jobs.count_import_later.func(run.pk)
    monkeypatch.undo()
    run.refresh_from_db()
    assert (run.state, run.beat_at) == ("counting", None)
    assert jobs.count_import_later.func(run.pk) == "previewed"
