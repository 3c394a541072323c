"""Everything that is known to have happened with a customer, newest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from patron.crm.customers.kinds import KINDS
from patron.crm.customers.models import Order, OrderLine
from patron.crm.customers.models.fact import Fact
from patron.crm.customers.queries.customers import MOST_ROWS
from patron.crm.customers.scope import reach, visible
from patron.crm.kit.doors import query
from patron.crm.kit.pages import Page, bookmark, read_bookmark
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Invalid, NotFound
from patron.words import Text

ORDER = list(KINDS)  # which kind comes first of those that happened at the same moment


@dataclass(frozen=True)
class Entry:
    """One fact in the timeline. An order's `fact` has its count of lines and its money."""

    kind: str
    fact: Fact
    source: str

    @property
    def place(self) -> tuple[datetime, int, int]:
        """Where it stands: later ones first."""
        return (self.fact.happened_at, -ORDER.index(self.kind), self.fact.pk)


@query("customers.view")
def timeline(
    *,
    actor: Actor,
    customer_id: int,
    kinds: Collection[str] | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Entry]:
    """A page of a customer's facts of these `kinds` (all), newest first: one query for each kind, whatever the rows."""
    customer = reach(actor, customer_id, erased=True)
    wanted = ORDER if kinds is None else _known(kinds)
    limit = min(max(limit, 1), MOST_ROWS)
    entries: list[Entry] = []
    for kind in wanted:
        facts = KINDS[kind]._base_manager.filter(customer=customer)
        if after:
            facts = facts.filter(_behind(kind, after))
        rows = facts.select_related("record__source").order_by("-happened_at", "-pk")[: limit + 1]
        entries += [Entry(kind, fact, fact.record.source.name) for fact in rows]
    entries.sort(key=lambda entry: entry.place, reverse=True)
    if len(entries) <= limit:
        return Page(entries)
    last = entries[limit - 1]
    return Page(entries[:limit], bookmark(last.fact.happened_at.isoformat(), last.kind, last.fact.pk))


def _known(kinds: Collection[str]) -> list[str]:
    unknown = sorted(set(kinds) - KINDS.keys())
    if unknown:
        wrong = Text(f"There are no facts of kind {', '.join(unknown)}.", f"没有“{'、'.join(unknown)}”类事实。")
        raise Invalid({"kinds": wrong})
    return [kind for kind in ORDER if kind in kinds]


def _behind(kind: str, after: str) -> Q:
    """Of this kind, what stands behind the bookmark: of the same moment only what has not been shown."""
    moment, last_kind, number = read_bookmark(after, str, str, int)
    try:
        at, shown = datetime.fromisoformat(moment), ORDER.index(last_kind)
    except ValueError:
        raise Invalid({"after": Text("This place in the list is not known.", "列表位置无效。")}) from None
    if ORDER.index(kind) > shown:
        return Q(happened_at__lte=at)
    if ORDER.index(kind) < shown:
        return Q(happened_at__lt=at)
    return Q(happened_at__lte=at) & ~Q(happened_at=at, pk__gte=number)


@query("customers.view")
def order_lines(*, actor: Actor, order_id: int) -> list[OrderLine]:
    """The lines of one order with their products, as they were recorded. Raises NotFound."""
    order = Order.objects.filter(pk=order_id, customer__in=visible(actor, erased=True)).first()
    if order is None:
        raise NotFound(Text("order", "订单"), order_id)
    return list(order.lines.select_related("product").order_by("pk"))
