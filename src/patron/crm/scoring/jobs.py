"""Background work of scoring: the refresh, the nightly one, few customers scored anew, a person forgotten."""

from __future__ import annotations

from datetime import date, timedelta

from django_tasks import task

from patron.crm.kit import clock
from patron.crm.kit.policy import System
from patron.crm.kit.problems import Conflict
from patron.crm.kit.queues import ASKED_FOR, HEAVY, SHORT
from patron.crm.scoring.models import Refresh

AGAIN = timedelta(seconds=30)


@task(queue_name=HEAVY, priority=ASKED_FOR)  # type: ignore[untyped-decorator]
def refresh(refresh_id: int, as_of: str | None = None) -> None:
    """Do a refresh that was asked for. Nothing is done where it was cancelled or has ended."""
    from patron.crm.scoring import refreshing  # the study's libraries stay out of the web's processes

    if not Refresh.objects.filter(pk=refresh_id, state__in=("queued", "running")).exists():
        return
    try:
        refreshing.run(refresh_id, as_of=date.fromisoformat(as_of) if as_of else None)
    except Conflict:  # another one is at it: this one's turn comes
        later = clock.now() + AGAIN
        refresh.using(run_after=later).enqueue(refresh_id, as_of)


@task(queue_name=HEAVY, priority=SHORT)  # type: ignore[untyped-decorator]
def rescore(customer_ids: list[int]) -> None:
    """Score these customers anew."""
    from patron.crm.scoring.rescoring import rescore as anew

    anew(customer_ids)


@task(queue_name=HEAVY, priority=SHORT)  # type: ignore[untyped-decorator]
def forget_person(record_ids: list[int], customer_ids: list[int]) -> None:
    """Rewrite the history and the runs without a person."""
    from patron.crm.scoring.forgetting import forget

    forget(record_ids, customer_ids)


def nightly() -> None:
    """Score everybody, for the schedule: does nothing while a refresh is running."""
    from patron.crm.scoring import refreshing

    made = Refresh.objects.create(made_at=clock.now(), by_name=System().name)
    try:
        refreshing.run(made.pk)
    except Conflict:
        made.delete()
