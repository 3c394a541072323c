"""Background steps of the records."""

from __future__ import annotations

from django.db import transaction
from django_tasks import task

from patron.crm.customers.models import Rerating
from patron.crm.customers.rerating import rerate


@task()  # type: ignore[untyped-decorator]
def rerate_later(rerating_id: int) -> int:
    """`rerate` by a worker."""
    return rerate(rerating_id)


def ask_for(what: Rerating) -> None:
    """Keep what is to be done, and put it into the queue together with what made it necessary."""
    what.save(force_insert=True)
    transaction.on_commit(lambda: rerate_later.enqueue(what.pk) and None)
