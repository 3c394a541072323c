"""The worker: takes tasks from its queues one after the other; beside them it keeps the schedule and shows it is alive.

A task whose worker died goes back into the queue; every task can be run twice without harm. When told to end, the
worker lets the work at hand come to the end of a piece; told twice, it leaves at once and the task goes back, too.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from datetime import datetime, timedelta
from secrets import token_hex
from types import FrameType

from django.db import close_old_connections, connection
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as Queue
from django_tasks_db.models import DBTaskResult

from patron.crm.kit import clock, stopping
from patron.crm.kit.models import Worker
from patron.crm.kit.queues import NOW
from patron.faces.project import schedule

LOG = logging.getLogger("patron.worker")
BEAT = 10.0  # seconds between two signs of life, and two looks at the schedule
SILENT = timedelta(minutes=3)  # a worker that gave no sign for so long is taken for dead
TRIES = 5  # a task that killed so many workers is given up


class PatronWorker(Queue):  # type: ignore[misc]
    """django-tasks' worker that gives back what it could not finish.

    It serves every queue, or only `queue`: 'now', or 'heavy', which is everything but 'now'.
    """

    running: bool
    running_task: bool

    def __init__(self, *, interval: float = 1.0, batch: bool = False, queue: str | None = None) -> None:
        super().__init__(
            queue_names=[NOW] if queue == NOW else ["*"],
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"{os.getpid()}-{token_hex(6)}",
            excluded_queue_names=[] if queue in (None, NOW) else [NOW],
        )

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """The first signal ends the work after this piece, the second at once."""
        del frame
        again = not self.running
        self.running = False
        stopping.ask()
        LOG.info("told to end", extra={"signal": signal.Signals(signum).name, "task": self.running_task})
        if again or not self.running_task:
            raise stopping.Interrupted

    def run_task(self, db_task_result: DBTaskResult) -> None:
        """One task; interrupted, it goes back into the queue."""
        interrupted = f"{stopping.Interrupted.__module__}.{stopping.Interrupted.__qualname__}"
        super().run_task(db_task_result)
        if db_task_result.exception_class_path == interrupted:
            give_back(db_task_result)
            self.running = False


def give_back(result: DBTaskResult) -> None:
    """The task as if it had never been taken, but for who tried."""
    result.status = TaskResultStatus.READY
    result.started_at = result.finished_at = None
    result.exception_class_path = result.traceback = ""
    result.save(update_fields=["status", "started_at", "finished_at", "exception_class_path", "traceback"])


def take_over(now: datetime) -> int:
    """Gives back the tasks whose worker is dead, and gives up those that killed too many; returns how many."""
    dead = {worker.name for worker in Worker.objects.all() if is_dead(worker, now)}
    Worker.objects.filter(name__in=dead).delete()
    living = set(Worker.objects.values_list("name", flat=True))
    orphans = 0
    for result in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING):
        if result.worker_ids[-1:] and result.worker_ids[-1] not in living:
            orphans += 1
            if len(result.worker_ids) >= TRIES:
                result.set_failed(RuntimeError(f"{TRIES} workers died of it"))
            else:
                give_back(result)
            LOG.warning("a task's worker died", extra={"task": str(result.id), "path": result.task_path})
    return orphans


def is_dead(worker: Worker, now: datetime) -> bool:
    """Whether the worker gave no sign of life for long, or is a process of this machine that is gone."""
    if now - worker.beat_at > SILENT:
        return True
    if worker.host != socket.gethostname():
        return False
    try:
        os.kill(worker.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def alive(now: datetime) -> list[Worker]:
    """The workers that gave a sign of life lately, the newest first."""
    return [worker for worker in Worker.objects.order_by("-beat_at") if not is_dead(worker, now)]


class Pulse(threading.Thread):
    """Beside the tasks: signs of life, the schedule, and the tasks of workers that died."""

    def __init__(self, name: str, *, parent: int | None = None) -> None:
        super().__init__(name="pulse", daemon=True)
        self.worker, self.parent = name, parent
        self.over = threading.Event()

    def run(self) -> None:
        """Until `over` is set; a mistake is logged and tried again with the next beat."""
        while True:
            try:
                self.beat()
            except Exception:
                LOG.exception("the pulse missed a beat")
            finally:
                close_old_connections()
            if self.over.wait(BEAT):
                connection.close()
                return

    def beat(self) -> None:
        """One sign of life and one look at the schedule."""
        now = clock.now()
        values = {"host": socket.gethostname(), "pid": os.getpid(), "beat_at": now}
        Worker.objects.update_or_create(name=self.worker, defaults=values, create_defaults=values | {"started_at": now})
        take_over(now)
        if not stopping.asked():
            schedule.enqueue_due()
        if self.parent is not None and os.getppid() != self.parent:
            LOG.warning("the supervisor is gone; ending")
            os.kill(os.getpid(), signal.SIGTERM)


def work(worker: PatronWorker, *, supervised: bool = False) -> None:
    """Works until told to end, or with `batch` until nothing is left."""
    pulse = Pulse(worker.worker_id, parent=os.getppid() if supervised else None)
    pulse.beat()
    pulse.start()
    try:
        worker.configure_signals()
        worker.run()
    except stopping.Interrupted:
        pass  # it was idle
    finally:
        worker.reset_signals()
        pulse.over.set()
        pulse.join(BEAT)
        Worker.objects.filter(name=worker.worker_id).delete()
