"""One customer and everything that says who they are; lists of customers by what the records say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Prefetch, Q, QuerySet

from patron.crm.customers import search
from patron.crm.customers.models import Customer, CustomerTag, Identity, Merge, Relation, SourceRecord, Tag
from patron.crm.customers.scope import reach, visible
from patron.crm.kit.doors import query
from patron.crm.kit.pages import Page, beyond, bookmark, read_bookmark
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Invalid
from patron.words import Text

Q_ = TypeVar("Q_", bound="QuerySet[Any]")
MOST_ROWS = 200
MOST_FOUND = 20_000  # of a text that more customers have, a list shows the newest so many


@query("customers.view")
def get_customer(*, actor: Actor, customer_id: int) -> Customer:
    """The customer that a number stands for now: numbers of merged customers lead on. Raises NotFound."""
    return reach(actor, customer_id, erased=True)


@dataclass(frozen=True)
class Profile:
    """Who a customer is: what they are known by, their tags, ties, and the records they are made of."""

    customer: Customer
    identities: Sequence[Identity]
    tags: Sequence[str]
    relations: Sequence[Relation]  # from this customer to others
    related_by: Sequence[Relation]  # from others to this customer
    records: Sequence[SourceRecord]
    merges: Sequence[Merge]  # that can be undone


@query("customers.view")
def get_profile(*, actor: Actor, customer_id: int) -> Profile:
    """One customer with all that says who they are. Ties to customers out of the actor's reach are left out."""
    customer = reach(actor, customer_id, erased=True)
    seen = visible(actor)
    merged = Merge.objects.filter(undone_at__isnull=True, survivor=customer)
    return Profile(
        customer,
        list(customer.identities.order_by("kind", "id")),
        sorted(set(customer.tags.values_list("tag__name", flat=True))),
        list(customer.relations.filter(other__in=seen).exclude(other=customer).select_related("other").order_by("id")),
        list(customer.related_by.filter(customer__in=seen).exclude(customer=customer).select_related("customer")),
        list(customer.records.select_related("source").order_by("id")),
        list(merged.order_by("-id")),
    )


@dataclass(frozen=True)
class Filters:
    """Which customers: every one that is given must hold. `created_from` … `created_before` is half-open."""

    text: str = ""
    kind: str = ""
    owner_id: int | None = None
    team_id: int | None = None
    tag: str = ""
    country: str = ""
    created_from: datetime | None = None
    created_before: datetime | None = None

    def apply(self, customers: Q_, path: str = "") -> Q_:
        """The rows for which all hold. `path` leads from a row to its customer ('customer__'), '' for itself."""
        equal = {
            "kind": self.kind,
            "owner_id": self.owner_id,
            "team_id": self.team_id,
            "country": self.country,
            "created_at__gte": self.created_from,
            "created_at__lt": self.created_before,
        }
        given: dict[str, Any] = {f"{path}{name}": value for name, value in equal.items() if value not in ("", None)}
        found = customers.filter(**given)
        if self.tag:
            tagged = CustomerTag.objects.filter(tag__name=self.tag).values("customer_id")
            found = found.filter(**{f"{path}pk__in": tagged})
        if self.text.strip():
            matching = search.matching(self.text, MOST_FOUND)
            found = found.filter(**{f"{path}pk__in": matching}) if matching is not None else found.none()
        return found


SORTS = {"name": ("name", False), "-name": ("name", True), "created": ("created_at", False)}
SORTS["-created"] = ("created_at", True)


def with_tags(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """With owners and tags of a page's rows, in a fixed number of queries."""
    tags = Prefetch("tags", CustomerTag.objects.select_related("tag"))
    return customers.select_related("owner").prefetch_related(tags)


@query("customers.view")
def find_customers(
    *, actor: Actor, filters: Filters | None = None, sort: str = "-created", after: str | None = None, limit: int = 50
) -> Page[Customer]:
    """A page of customers by `sort` (name, created; with '-' the other way round). Raises Invalid."""
    if sort not in SORTS:
        raise Invalid({"sort": Text(f"One of: {', '.join(SORTS)}.", f"可选：{'、'.join(SORTS)}。")})
    field, descending = SORTS[sort]
    found = (filters or Filters()).apply(visible(actor))
    if after:
        found = found.filter(_behind(field, after, descending))
    sign, limit = "-" if descending else "", min(max(limit, 1), MOST_ROWS)
    rows = list(with_tags(found).order_by(f"{sign}{field}", f"{sign}pk")[: limit + 1])
    if len(rows) <= limit:
        return Page(rows)
    last = rows[limit - 1]
    value = getattr(last, field)
    return Page(rows[:limit], bookmark(value.isoformat() if isinstance(value, datetime) else value, last.pk))


def _behind(field: str, after: str, descending: bool) -> Q:
    value, number = read_bookmark(after, str, int)
    if field == "created_at":
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise Invalid({"after": Text("This place in the list is not known.", "列表位置无效。")}) from None
    return beyond(field, value, number, descending=descending)


@query("customers.view")
def tags(*, actor: Actor) -> list[str]:
    """Every tag there is: words of the organisation, for choosing from."""
    del actor
    return list(Tag.objects.order_by("name").values_list("name", flat=True))
