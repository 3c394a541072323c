"""The schedule of this server, and the task that does a piece of it. A worker looks at it every few seconds."""

from __future__ import annotations

from datetime import time, timedelta
from importlib import import_module

from django.db import transaction
from django_tasks import task

from patron.crm.accounts.models import Organisation
from patron.crm.kit import clock
from patron.crm.kit.models import ScheduledRun
from patron.crm.kit.queues import ANY_TIME, HEAVY, NOW, SHORT
from patron.crm.kit.schedule import Entry, claim
from patron.words import Text

ENTRIES = (
    Entry(
        "nightly",
        "patron.crm.scoring.jobs:nightly",
        Text("everybody is scored anew", "重新为所有客户评分"),
        at=time(2, 30),
    ),
    Entry(
        "imports",
        "patron.crm.sources.jobs:wake_imports",
        Text("imports whose worker died go on", "恢复因进程中断而停止的导入"),
        every=timedelta(minutes=1),
        short=True,
    ),
    Entry("tidy", "patron.crm.kit.jobs:tidy", Text("old diaries are forgotten", "清理过期记录"), at=time(4, 0)),
    Entry(
        "tidy-accounts",
        "patron.crm.accounts.jobs:tidy",
        Text("ended sessions and links are forgotten", "清理失效的会话与链接"),
        at=time(4, 10),
    ),
)


def enqueue_due(entries: tuple[Entry, ...] = ENTRIES) -> int:
    """Puts what is due into the queue, each run once however many workers ask; returns how many."""
    timezone, number = Organisation.current().timezone, 0
    for entry in entries:
        with transaction.atomic():  # the claim and the task are there together, or neither
            run = claim(entry, clock.now(), timezone)
            if run is not None:
                (soon if entry.short else scheduled).enqueue(run.pk, entry.job)
                number += 1
    return number


@task(queue_name=HEAVY, priority=ANY_TIME)  # type: ignore[untyped-decorator]
def scheduled(run_id: int, job: str) -> None:
    """Does one scheduled piece of work and notes how it ended."""
    module, _, function = job.partition(":")
    runs = ScheduledRun.objects.filter(pk=run_id)
    try:
        getattr(import_module(module), function)()
    except Exception as error:
        runs.update(finished_at=clock.now(), error=type(error).__name__)
        raise
    runs.update(finished_at=clock.now(), error="")


soon = scheduled.using(queue_name=NOW, priority=SHORT)
