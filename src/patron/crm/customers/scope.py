"""Which customers an actor reaches: the one helper that every read and write of customers goes through."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from patron.crm.customers.models import Customer
from patron.crm.kit.policy import Actor, Scope
from patron.crm.kit.problems import NotFound
from patron.words import Text

CUSTOMER = Text("customer", "客户")


def visible(actor: Actor, *, erased: bool = False) -> QuerySet[Customer]:
    """The customers of the actor's scope, without signposts of merged ones; with `erased`, nameless ones too.

    own: the actor is the owner. team: besides, the owner or the customer belongs to one of the actor's teams.
    all: everybody.
    """
    found = Customer.objects.filter(merged_into__isnull=True)
    if not erased:
        found = found.filter(erased_at__isnull=True)
    return found if actor.scope == Scope.ALL else found.filter(_reached(actor))


def _reached(actor: Actor) -> Q:
    mine = Q(owner_id=actor.id) if actor.id is not None else Q(pk__in=())
    if actor.scope == Scope.OWN or not actor.team_ids:
        return mine
    colleagues = get_user_model().objects.filter(teams__in=actor.team_ids).values("pk")
    return mine | Q(team_id__in=actor.team_ids) | Q(owner_id__in=colleagues)


def resolve(customer_id: int) -> int:
    """Who a number stands for now: signposts of merged customers are followed, however many."""
    found = customer_id
    while (leads_to := Customer.objects.filter(pk=found).values_list("merged_into_id", flat=True).first()) is not None:
        found = leads_to
    return found


def reach(actor: Actor, customer_id: int, *, erased: bool = False, lock: bool = False) -> Customer:
    """The customer that `customer_id` stands for now. Raises NotFound for one the actor may not know of.

    `lock` keeps others from changing it until the end of the transaction.
    """
    seen = visible(actor, erased=erased)
    if lock:
        seen = seen.select_for_update(of=("self",))
    customer = seen.filter(pk=customer_id).first()
    if customer is None and (now := resolve(customer_id)) != customer_id:
        customer = seen.filter(pk=now).first()
    if customer is None:
        raise NotFound(CUSTOMER, customer_id)
    return customer


def reached(actor: Actor, customer_id: int, *, erased: bool = False) -> int:
    """The number of the customer that `reach` finds, for reads that need no more of it. Raises NotFound."""
    found = visible(actor, erased=erased).filter(pk=customer_id).values_list("pk", flat=True).first()
    return found if found is not None else reach(actor, customer_id, erased=erased).pk


def family(customer_id: int) -> list[int]:
    """A customer's number and those of all that were merged into it, directly or through others."""
    found, fresh = [customer_id], [customer_id]
    while fresh:
        fresh = list(Customer.objects.filter(merged_into__in=fresh).order_by("pk").values_list("pk", flat=True))
        found += fresh
    return found


def reach_many(actor: Actor, customer_ids: Collection[int]) -> list[int]:
    """The numbers of these customers, signposts followed. Raises NotFound for the first one out of reach."""
    asked = sorted(set(customer_ids))
    found: set[int] = set()
    for low in range(0, len(asked), 1_000):
        ids = asked[low : low + 1_000]
        there = set(visible(actor).filter(pk__in=ids).values_list("pk", flat=True))
        found |= there
        found |= {reach(actor, number).pk for number in ids if number not in there}
    return sorted(found)
