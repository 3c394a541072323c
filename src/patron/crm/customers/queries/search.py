"""The search box: any part of a name, phone or e-mail."""

from __future__ import annotations

from patron.crm.customers import search
from patron.crm.customers.models import Customer
from patron.crm.customers.queries.customers import MOST_ROWS, with_tags
from patron.crm.customers.scope import visible
from patron.crm.customers.search.grams import plain
from patron.crm.kit.doors import query
from patron.crm.kit.policy import Actor, Scope

CANDIDATES = 400


@query("customers.view")
def search_customers(*, actor: Actor, text: str, limit: int = 20) -> list[Customer]:
    """Customers whose name, phone, e-mail or number at a source holds `text`: names that begin with it first.

    One character finds names that begin with it. Of a text that very many have, the newest customers are looked at.
    """
    # Who reaches everybody need not look at all who match; others may own one of the older ones.
    matching = search.matching(text, CANDIDATES if actor.scope == Scope.ALL else None)
    if matching is None:
        return []
    limit = min(max(limit, 1), MOST_ROWS)
    found = visible(actor).filter(pk__in=matching).order_by("-pk").values_list("pk", "name")[:CANDIDATES]
    word = plain(text)
    best = [pk for _, _, pk in sorted((_distance(word, name), -pk, pk) for pk, name in found)][:limit]
    rows = {customer.pk: customer for customer in with_tags(Customer.objects.filter(pk__in=best))}
    return [rows[pk] for pk in best if pk in rows]


def _distance(word: str, name: str) -> int:
    """0 the name itself, 1 begins with it, 2 holds it, 3 something else does."""
    called = plain(name)
    if called == word:
        return 0
    return 1 if called.startswith(word) else 2 if word in called else 3
