"""What scoring does when customers change: sums at once where they are exact, the rest in the background."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from patron.crm.customers.models import Customer
from patron.crm.kit import clock
from patron.crm.kit.announcements import subscribe
from patron.crm.kit.policy import System
from patron.crm.scoring import jobs, places
from patron.crm.scoring.counting import recount
from patron.crm.scoring.models import Refresh, Standing

AT_ONCE = 2_000  # customers scored anew by one task; more wait for the next refresh


@subscribe("customers.merged")
def merged(*, survivor_id: int, absorbed_id: int, **_more: object) -> None:
    """What both bought is one sum at once; the absorbed customer's standing goes."""
    places.leave([absorbed_id])
    Standing.objects.filter(pk=absorbed_id).delete()
    recount(survivor_id)
    _anew([survivor_id])


@subscribe("customers.unmerged")
def unmerged(*, survivor_id: int, absorbed_id: int, **_more: object) -> None:
    """What was one sum is two again."""
    recount(survivor_id)
    _anew([survivor_id, absorbed_id])


@subscribe("customers.changed")
def changed(*, customer_ids: Collection[int], **_more: object) -> None:
    """Something about these customers is new: they are scored anew."""
    _anew(customer_ids)


@subscribe("customers.erased")
def erased(*, customer_id: int, record_ids: Collection[int], **_more: object) -> None:
    """History and runs are rewritten without the person."""
    ids = [customer_id, *Customer.objects.filter(merged_into_id=customer_id).values_list("pk", flat=True)]
    records = [int(number) for number in record_ids]
    places.leave(ids)
    Standing.objects.filter(pk__in=ids).delete()
    transaction.on_commit(lambda: jobs.forget_person.enqueue(records, ids) and None)


@subscribe("sources.imported")
@subscribe("sources.undone")
@subscribe("customers.rerated")
def imported(**_more: object) -> None:
    """Many facts came or went: everybody is scored anew, unless that waits to be done already."""
    if Refresh.objects.filter(state="queued").exists():
        return
    made = Refresh.objects.create(made_at=clock.now(), by_name=System().name)
    transaction.on_commit(lambda: jobs.refresh.enqueue(made.pk) and None)


def _anew(customer_ids: Collection[int]) -> None:
    ids = sorted(int(number) for number in customer_ids)
    if ids and len(ids) <= AT_ONCE and Refresh.objects.filter(state="done").exists():
        transaction.on_commit(lambda: jobs.rescore.enqueue(ids) and None)


@subscribe("server.updated")
def updated(**_more: object) -> None:
    """A database of an earlier Patron gets the orders of its lists."""
    places.catch_up()


@subscribe("server.restored")
def restored(**_more: object) -> None:
    """The orders of lists are made anew from the standings."""
    places.rebuild()
