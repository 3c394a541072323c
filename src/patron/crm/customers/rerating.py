"""Orders told the rate of their day again, after a rate was saved or an import came or went.

In chunks, each one transaction with how far it is: it can stop anywhere and go on, and twice is once. What an import
remembers of lines it changed stays as it is: undoing it puts older revenues back, and they are looked at again then.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Model, QuerySet

from patron.crm.accounts.models import Organisation
from patron.crm.customers import changes
from patron.crm.customers.models import ExchangeRate, Order, OrderLine, Rerating
from patron.crm.customers.rates import rates
from patron.crm.customers.rules import Told, is_off, rate_on, told_anew, totals_of
from patron.crm.kit import audit, bulk, clock, stopping
from patron.crm.kit.announcements import announce
from patron.crm.kit.fields import to_micros
from patron.crm.kit.policy import System

FIRST = date(1900, 1, 1)  # nothing happened before; the first days there are can't be told in UTC
PART = 200  # orders looked at in one transaction
LINE = ("quantity", "unit_price", "amount", "revenue", "cost", "purchase", "cost_in_base")


def until_of(currency: str, base: str, day: date) -> date | None:
    """The day on which the rate of `day` ends: the next one with a rate."""
    later = ExchangeRate.objects.filter(currency=currency, base=base, day__gt=day).order_by("day")
    return later.values_list("day", flat=True).first()


def concerned(what: Rerating) -> QuerySet[Order]:
    """The orders to be looked at, by their day in the organisation's time zone."""
    zone = ZoneInfo(Organisation.current().timezone)
    found = Order.objects.filter(currency=what.currency)
    if what.first is not None and what.first > FIRST:
        found = found.filter(happened_at__gte=datetime.combine(what.first, time(), zone))
    if what.until is not None:
        found = found.filter(happened_at__lt=datetime.combine(what.until, time(), zone))
    return found if what.batch is None else found.filter(batch=what.batch)


def rerate(rerating_id: int) -> int:
    """Do it, or go on with it; how many orders changed in all. Raises stopping.Interrupted where the worker ends."""
    while True:
        if stopping.asked():
            raise stopping.Interrupted
        with transaction.atomic():
            what = Rerating.objects.select_for_update().get(pk=rerating_id)
            if what.finished_at is not None:
                return what.orders
            if _part(what):
                continue
            _finish(what)
            return what.orders


def _part(what: Rerating) -> bool:
    """One chunk; whether there may be more."""
    zone, known = ZoneInfo(Organisation.current().timezone), rates(what.currency, what.base)
    orders = list(
        concerned(what)
        .filter(pk__gt=what.last_id)
        .select_for_update()
        .only("happened_at", "rate", "revenue", "cost")
        .order_by("pk")[:PART]
    )
    if not orders:
        return False
    wanted = {order.pk: rate_on(known, order.happened_at.astimezone(zone).date()) for order in orders}
    what.orders += _tell({o.pk: (o, rate) for o in orders if (rate := wanted[o.pk]) is not None})
    what.last_id = orders[-1].pk
    what.save(update_fields=["orders", "last_id"])
    return True


def _tell(orders: dict[int, tuple[Order, Decimal]]) -> int:
    """Write what these orders are worth at their rate; how many that changed."""
    lines: dict[int, list[tuple[int, Told]]] = {number: [] for number in orders}
    for row in OrderLine.objects.filter(order_id__in=orders).order_by("pk").values("id", "order_id", *LINE):
        said = Told(**{name: row[name] for name in LINE} | {"cost_in_base": bool(row["cost_in_base"])})
        lines[row["order_id"]].append((row["id"], said))
    differ = [
        number
        for number, (order, rate) in orders.items()
        if order.rate != rate or any(is_off(told, rate) for _, told in lines[number])
    ]
    new_lines, new_orders = [], []
    for number in differ:
        order, rate = orders[number]
        worth = [(pk, *told_anew(told, order.rate, rate)) for pk, told in lines[number]]
        new_lines += [(to_micros(revenue), _micros(cost), pk) for pk, revenue, cost in worth]
        # An order without lines (its sums came alone) can't be told anew from them.
        sums = totals_of([row[1:] for row in worth]) if worth else (order.revenue, order.cost)
        new_orders.append((f"{rate:.9f}", to_micros(sums[0]), _micros(sums[1]), number))
    _write(OrderLine, ("revenue", "cost"), new_lines)
    _write(Order, ("rate", "revenue", "cost"), new_orders)
    return len(differ)


def _micros(value: Decimal | None) -> int | None:
    return None if value is None else to_micros(value)


def _write(model: type[Model], names: Collection[str], rows: list[tuple[Any, ...]]) -> None:
    """Rows are the values of `names` and the number."""
    bulk.update(model, list(names), rows)
    changes.note(model, "corrected", [row[-1] for row in rows])


def _finish(what: Rerating) -> None:
    what.finished_at = clock.now()
    what.save(update_fields=["finished_at"])
    if not what.orders:
        return
    days = {name: str(day) for name, day in (("day", what.first), ("until", what.until)) if day is not None}
    audit.record(System(), "rates.applied", "rerating", what.pk, currency=what.currency, orders=what.orders, **days)
    announce("customers.rerated", rerating_id=what.pk)
