"""Who may be the same person: the same normalised phone, e-mail or name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import DenseRank

from patron.crm.customers.models import Customer, Identity
from patron.crm.customers.scope import visible
from patron.crm.kit.doors import query
from patron.crm.kit.pages import Page, bookmark, read_bookmark
from patron.crm.kit.policy import Actor, Scope
from patron.crm.kit.problems import Invalid
from patron.words import Text

WHYS = ("phone", "email", "name")
SHOWN = 10  # customers of one group; namesakes can be thousands


@dataclass(frozen=True)
class Group:
    """Customers that agree in `why` (phone, email, name), whose normal form is `value`; `count` of them in all."""

    why: str
    value: str
    count: int
    customers: Sequence[Customer]


@query("customers.merge")
def duplicates(*, actor: Actor, why: str | None = None, after: str | None = None, limit: int = 20) -> Page[Group]:
    """A page of groups of two customers or more, by phone, then e-mail, then name (or by one of them, `why`)."""
    if why is not None and why not in WHYS:
        raise Invalid({"why": Text(f"One of: {', '.join(WHYS)}.", f"可选：{'、'.join(WHYS)}。")})
    reason, value = read_bookmark(after, str, str) if after else (WHYS[0], "")
    if reason not in WHYS:
        raise Invalid({"after": Text("This place in the list is not known.", "列表位置无效。")})
    limit, groups = min(max(limit, 1), 100), list[Group]()
    for one in WHYS:
        if (why is None and WHYS.index(one) >= WHYS.index(reason)) or one == why:
            behind = value if one == reason else ""
            groups += _groups(actor, one, behind, limit + 1 - len(groups))
        if len(groups) > limit:
            return Page(groups[:limit], bookmark(groups[limit - 1].why, groups[limit - 1].value))
    return Page(groups)


def _groups(actor: Actor, why: str, behind: str, limit: int) -> list[Group]:
    rows, field, customer = _rows(actor, why)
    counted = rows.filter(**{f"{field}__gt": behind}).values(field).annotate(n=Count(customer, distinct=True))
    found = dict(counted.filter(n__gt=1).order_by(field).values_list(field, "n")[:limit])
    members = _members(rows.filter(**{f"{field}__in": list(found)}), field, customer)
    return [Group(why, value, n, members[value]) for value, n in found.items()]


def _rows(actor: Actor, why: str) -> tuple[QuerySet[Any], str, str]:
    """(rows, the column that agrees, the column that says whose they are).

    Who reaches everybody need not be asked about each: merged and erased customers have neither name nor identities,
    and so an index alone answers.
    """
    everybody = actor.scope == Scope.ALL
    if why == "name":
        return Customer.objects.all() if everybody else visible(actor), "name_key", "pk"
    rows = Identity.objects.filter(kind=why)
    return rows if everybody else rows.filter(customer__in=visible(actor)), "value", "customer_id"


def _members(rows: QuerySet[Any], field: str, customer: str) -> dict[str, list[Customer]]:
    """The first customers of each group, in two queries."""
    place = Window(DenseRank(), partition_by=F(field), order_by=customer)
    pairs = rows.annotate(place=place).filter(place__lte=SHOWN).values_list(field, customer)
    of_group: dict[str, list[int]] = {}
    for value, number in sorted(set(pairs)):
        of_group.setdefault(value, []).append(number)
    wanted = {number for numbers in of_group.values() for number in numbers}
    there = {c.pk: c for c in Customer.objects.filter(pk__in=wanted).select_related("owner")}
    return {value: [there[number] for number in numbers if number in there] for value, numbers in of_group.items()}
