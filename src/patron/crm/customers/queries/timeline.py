"""Everything that is known to have happened with a customer, newest first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from patron.crm.customers.kinds import KINDS
from patron.crm.customers.models import Order, OrderLine, SourceRecord
from patron.crm.customers.models.fact import Fact
from patron.crm.customers.queries.customers import MOST_ROWS
from patron.crm.customers.scope import reached, visible
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


@query("customers.view")
def timeline(
    *,
    actor: Actor,
    customer_id: int,
    kinds: Collection[str] | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Entry]:
    """A page of a customer's facts of these `kinds` (all), newest first."""
    customer = reached(actor, customer_id, erased=True)
    wanted = ORDER if kinds is None else _known(kinds)
    limit = min(max(limit, 1), MOST_ROWS)
    entries = _entries(_newest(customer, wanted, after, limit + 1))
    if len(entries) <= limit:
        return Page(entries)
    last = entries[limit - 1]
    return Page(entries[:limit], bookmark(last.fact.happened_at.isoformat(), last.kind, last.fact.pk))


def _newest(customer_id: int, kinds: Sequence[str], after: str | None, most: int) -> list[tuple[str, int]]:
    """(kind, number) of the newest facts behind the bookmark: found among all kinds before any of them is read."""
    pieces, parameters = [], list[Any]()
    for kind in kinds:
        where, given = _behind(kind, after) if after else ("", [])
        table, place = KINDS[kind]._meta.db_table, ORDER.index(kind)
        newest = (
            f"SELECT {place} AS kind, happened_at, id FROM {table} WHERE customer_id = %s{where} "
            f"ORDER BY happened_at DESC, id DESC LIMIT {int(most)}"
        )
        pieces.append(f"SELECT * FROM ({newest}) AS kind{place}")
        parameters += [customer_id, *given]
    with connection.cursor() as cursor:
        sql = f"{' UNION ALL '.join(pieces)} ORDER BY happened_at DESC, kind, id DESC LIMIT {int(most)}"
        cursor.execute(sql, parameters)
        return [(ORDER[kind], number) for kind, _, number in cursor.fetchall()]


def _entries(places: Sequence[tuple[str, int]]) -> list[Entry]:
    """The facts themselves, in the same order; one query for each kind that is among them."""
    facts: dict[tuple[str, int], Fact] = {}
    for kind in dict.fromkeys(kind for kind, _ in places):
        found = KINDS[kind]._base_manager.in_bulk([number for one, number in places if one == kind])
        facts |= {(kind, number): fact for number, fact in found.items()}
    records = {fact.record_id for fact in facts.values()}
    sources = dict(SourceRecord.objects.filter(pk__in=records).values_list("pk", "source__name"))
    return [Entry(place[0], fact, sources[fact.record_id]) for place in places if (fact := facts.get(place))]


def _known(kinds: Collection[str]) -> list[str]:
    unknown = sorted(set(kinds) - KINDS.keys())
    if unknown:
        wrong = Text(f"There are no facts of kind {', '.join(unknown)}.", f"没有“{'、'.join(unknown)}”类事实。")
        raise Invalid({"kinds": wrong})
    return [kind for kind in ORDER if kind in kinds]


def _behind(kind: str, after: str) -> tuple[str, list[Any]]:
    """Of this kind, what stands behind the bookmark, as SQL: of the same moment only what has not been shown."""
    moment, last_kind, number = read_bookmark(after, str, str, int)
    try:
        at, shown = datetime.fromisoformat(moment), ORDER.index(last_kind)
    except ValueError:
        raise Invalid({"after": Text("This place in the list is not known.", "列表位置无效。")}) from None
    when = connection.ops.adapt_datetimefield_value(at)
    if ORDER.index(kind) != shown:
        return f" AND happened_at {'<=' if ORDER.index(kind) > shown else '<'} %s", [when]
    return " AND happened_at <= %s AND (happened_at < %s OR id < %s)", [when, when, number]


@query("customers.view")
def order_lines(*, actor: Actor, order_id: int) -> list[OrderLine]:
    """The lines of one order with their products, as they were recorded. Raises NotFound."""
    order = Order.objects.filter(pk=order_id, customer__in=visible(actor, erased=True)).first()
    if order is None:
        raise NotFound(Text("order", "订单"), order_id)
    return list(order.lines.select_related("product").order_by("pk"))
