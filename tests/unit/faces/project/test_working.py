"""The worker takes tasks, gives back what it could not finish, and keeps a schedule that no two workers do twice."""

from __future__ import annotations

import logging
import os
import signal
import socket
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from patron.crm.kit import clock, jobs, stopping
from patron.crm.kit.models import IdempotencyKey, ScheduledRun, Worker
from patron.crm.kit.queues import ANY_TIME, ASKED_FOR, HEAVY, NOW, SHORT, WAITED_FOR
from patron.crm.kit.schedule import Entry, claim, claim_all, last_due
from patron.faces.project import schedule, working
from patron.faces.project.working import PatronWorker, Pulse, alive, take_over, work
from patron.words import Text

ABOUT = Text("x", "x")
NIGHTLY = Entry("test-nightly", f"{__name__}:note", ABOUT, at=time(2, 30))
DONE: list[str] = []


def note() -> None:
    DONE.append("nightly")


@task()
def greet(name: str) -> str:
    DONE.append(name)
    return name


@task()
def interrupted_once() -> None:
    DONE.append("tried")
    if DONE.count("tried") == 1:
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)


@pytest.fixture(autouse=True)
def _fresh():
    DONE.clear()
    stopping.forget()
    yield
    stopping.forget()


# ---- when ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "now, due",
    [
        ("2026-11-22T02:29", "2026-11-20T18:30"),  # 10:29 in Shanghai: this morning's
        ("2026-11-21T18:29", "2026-11-20T18:30"),
        ("2026-11-21T18:30", "2026-11-21T18:30"),
    ],
)
def test_a_time_of_day_is_the_organisation_s(now: str, due: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    expected = datetime.fromisoformat(due).replace(tzinfo=UTC)
    if now == "2026-11-22T02:29":
        expected = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
    assert last_due(NIGHTLY, moment, "Asia/Shanghai") == expected


def test_a_time_that_summer_time_leaves_out_is_due_once() -> None:
    moments = [datetime(2026, 3, 28, 12, tzinfo=UTC) + timedelta(minutes=10 * n) for n in range(288)]
    assert len({last_due(NIGHTLY, moment, "Europe/Berlin") for moment in moments}) == 3


def test_an_interval_begins_on_the_clock() -> None:
    entry = Entry("often", "x:y", ABOUT, every=timedelta(minutes=15))
    now = datetime(2026, 11, 22, 10, 44, 59, tzinfo=UTC)
    assert last_due(entry, now, "UTC") == datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="either"):
        Entry("both", "x:y", ABOUT, at=time(1), every=timedelta(1))


@pytest.mark.django_db
def test_a_run_is_claimed_once_and_the_first_look_claims_nothing() -> None:
    day = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert claim(NIGHTLY, day, "UTC") is None, "due before this Patron was there"
    assert claim(NIGHTLY, day, "UTC") is None
    tomorrow = day + timedelta(days=1)
    assert claim(NIGHTLY, tomorrow, "UTC") is not None
    assert claim(NIGHTLY, tomorrow, "UTC") is None
    assert claim_all([NIGHTLY], tomorrow + timedelta(days=5), "UTC")[0].due_at.day == 28, "what was missed is done once"


def test_every_entry_of_the_schedule_can_be_called() -> None:
    from importlib import import_module

    for entry in schedule.ENTRIES:
        module, _, function = entry.job.partition(":")
        assert callable(getattr(import_module(module), function)), entry.job


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_do_it_twice() -> None:
    """Many processes ask at the same moment; one of them gets the run."""
    from concurrent.futures import ThreadPoolExecutor

    now = clock.now()
    ScheduledRun.objects.create(name=NIGHTLY.name, due_at=now - timedelta(days=9), claimed_at=now, finished_at=now)

    def ask(_: int) -> int:
        try:
            return schedule.enqueue_due((NIGHTLY,))
        finally:
            connection.close()

    if connection.vendor == "sqlite":  # the tests' database is in memory and belongs to one connection
        counts = [ask_here() for ask_here in [lambda: schedule.enqueue_due((NIGHTLY,))] * 5]
    else:
        with ThreadPoolExecutor(5) as pool:
            counts = list(pool.map(ask, range(5)))
    assert sum(counts) == 1
    assert DBTaskResult.objects.count() == 1
    work(PatronWorker(batch=True, interval=0))
    assert DONE == ["nightly"]
    assert ScheduledRun.objects.filter(name=NIGHTLY.name).latest("due_at").finished_at is not None


@pytest.mark.django_db
def test_a_piece_that_fails_is_noted() -> None:
    run = ScheduledRun.objects.create(name="x", due_at=clock.now(), claimed_at=clock.now())
    with pytest.raises(ModuleNotFoundError):
        schedule.scheduled.call(run.pk, "patron.nothing:at_all")
    run.refresh_from_db()
    assert run.error == "ModuleNotFoundError"
    assert run.finished_at is not None


# ---- tasks ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_waits_is_done_and_the_worker_signs_off() -> None:
    greet.enqueue("李雷")
    work(PatronWorker(batch=True, interval=0))
    assert DONE == ["李雷"]
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL
    assert not Worker.objects.exists()


def waits(name: str, queue: str, priority: int) -> None:
    greet.using(queue_name=queue, priority=priority).enqueue(name)


def a_full_queue() -> None:
    waits("night", HEAVY, ANY_TIME)
    waits("refresh", HEAVY, ASKED_FOR)
    greet.enqueue("no queue")
    waits("import", NOW, WAITED_FOR)
    waits("count", NOW, SHORT)


@pytest.mark.django_db(transaction=True)
def test_a_worker_alone_does_first_what_somebody_waits_for() -> None:
    a_full_queue()
    work(PatronWorker(batch=True, interval=0))
    assert DONE == ["count", "import", "refresh", "no queue", "night"]


@pytest.mark.django_db(transaction=True)
def test_each_of_two_workers_keeps_to_its_queue() -> None:
    a_full_queue()
    work(PatronWorker(batch=True, interval=0, queue=NOW))
    assert DONE == ["count", "import"]
    DONE.clear()
    work(PatronWorker(batch=True, interval=0, queue=HEAVY))
    assert DONE == ["refresh", "no queue", "night"]


@pytest.mark.django_db
def test_what_people_wait_for_is_in_the_quick_queue() -> None:
    from patron.crm.accounts.jobs import mail_reset
    from patron.crm.scoring.jobs import forget_person, refresh, rescore
    from patron.crm.sources.jobs import run_import_later, undo_import_later

    assert {t.queue_name for t in (run_import_later, undo_import_later, mail_reset, schedule.soon)} == {NOW}
    assert {t.queue_name for t in (refresh, rescore, forget_person, schedule.scheduled)} == {HEAVY}
    assert min(run_import_later.priority, undo_import_later.priority) > refresh.priority > schedule.scheduled.priority


@pytest.mark.django_db(transaction=True)
def test_short_work_of_the_schedule_does_not_wait_for_the_heavy() -> None:
    now = clock.now()
    often = Entry("test-often", f"{__name__}:note", ABOUT, every=timedelta(minutes=1), short=True)
    for entry in (often, NIGHTLY):
        past = now - timedelta(days=9)
        ScheduledRun.objects.create(name=entry.name, due_at=past, claimed_at=now, finished_at=now)
    assert schedule.enqueue_due((NIGHTLY, often)) == 2
    assert sorted(DBTaskResult.objects.values_list("queue_name", "priority")) == [(HEAVY, ANY_TIME), (NOW, SHORT)]


@pytest.mark.django_db(transaction=True)
def test_a_task_that_was_interrupted_is_done_by_the_next_worker() -> None:
    interrupted_once.enqueue()
    work(PatronWorker(batch=True, interval=0))
    result = DBTaskResult.objects.get()
    assert (DONE, result.status) == (["tried"], TaskResultStatus.READY)
    stopping.forget()
    work(PatronWorker(batch=True, interval=0))
    result.refresh_from_db()
    assert (DONE, result.status, len(result.worker_ids)) == (["tried", "tried"], TaskResultStatus.SUCCESSFUL, 2)


def a_worker(name: str, *, pid: int, host: str, age: timedelta = timedelta(0)) -> Worker:
    beat = clock.now() - age
    return Worker.objects.create(name=name, pid=pid, host=host, started_at=beat, beat_at=beat)


@pytest.mark.django_db
def test_tasks_of_the_dead_are_taken_over() -> None:
    a_worker("here", pid=os.getpid(), host=socket.gethostname())
    a_worker("gone", pid=2**22 + 5, host=socket.gethostname())
    a_worker("silent", pid=1, host="elsewhere", age=timedelta(minutes=4))
    a_worker("far", pid=1, host="elsewhere", age=timedelta(minutes=1))
    results = {}
    for name, tries in (("here", 1), ("gone", 1), ("silent", 1), ("far", 1), ("unknown", 1), ("gone-often", 5)):
        greet.enqueue(name)
        result = DBTaskResult.objects.get(args_kwargs__args__0=name)
        result.status, result.worker_ids = TaskResultStatus.RUNNING, [name] * tries
        result.save()
        results[name] = result
    assert {worker.name for worker in alive(clock.now())} == {"here", "far"}
    assert take_over(clock.now()) == 4
    states = {}
    for name, result in results.items():
        result.refresh_from_db()
        states[name] = result.status
    ready, running = TaskResultStatus.READY, TaskResultStatus.RUNNING
    assert states == {
        "here": running, "far": running, "gone": ready, "silent": ready, "unknown": ready,
        "gone-often": TaskResultStatus.FAILED,
    }  # fmt: skip
    assert {worker.name for worker in Worker.objects.all()} == {"here", "far"}


@pytest.mark.django_db
def test_a_pulse_gives_a_sign_of_life(caplog) -> None:
    pulse = Pulse("w", parent=None)
    pulse.beat()
    first = Worker.objects.get()
    pulse.beat()
    assert Worker.objects.get().beat_at > first.beat_at
    assert Worker.objects.get().started_at == first.started_at
    told: list[int] = []
    with pytest.MonkeyPatch.context() as patch, caplog.at_level(logging.WARNING, "patron.worker"):
        patch.setattr(os, "kill", lambda _pid, number: told.append(number) if number else None)
        Pulse("w", parent=-1).beat()
    assert told == [signal.SIGTERM], "the supervisor is gone"
    assert working.SILENT.total_seconds() / 3 > working.BEAT


@pytest.mark.django_db
def test_old_diaries_are_forgotten_but_not_the_newest_claim() -> None:
    now = clock.now()
    for days in (200, 100, 1):
        ScheduledRun.objects.create(name="a", due_at=now - timedelta(days=days), claimed_at=now)
    ScheduledRun.objects.create(name="b", due_at=now - timedelta(days=300), claimed_at=now)
    IdempotencyKey.objects.create(key="k", actor_id=1, path="/", body_hash="", made_at=now - timedelta(days=2))
    a_worker("old", pid=1, host="x", age=timedelta(days=2))
    jobs.tidy()
    assert sorted((run.name, (now - run.due_at).days) for run in ScheduledRun.objects.all()) == [("a", 1), ("b", 300)]
    assert not IdempotencyKey.objects.exists()
    assert not Worker.objects.exists()
