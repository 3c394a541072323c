"""Which customers an actor reaches: the one helper that every read and write of customers goes through."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from patron.crm.customers.models import Customer
from patron.crm.kit.policy import Actor, Scope


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
