"""Customers, records and orders put straight into the tables, for tests that only look at what comes of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from patron.crm.customers import changes
from patron.crm.customers.models import Customer, Event, Feedback, Interaction, Order, OrderLine, Source, SourceRecord

MADE = datetime(2020, 1, 1, tzinfo=UTC)


def customers(names: Iterable[str], **more: object) -> list[Customer]:
    """One customer with one record for each name, in order."""
    source, _ = Source.objects.get_or_create(name="test", defaults={"kind": "file"})
    rows = [Customer(name=name, external_id=name, created_at=MADE, updated_at=MADE, **more) for name in names]
    made = Customer.objects.bulk_create(rows)
    SourceRecord.objects.bulk_create(
        SourceRecord(source=source, external_id=c.external_id, customer=c, created_at=MADE) for c in made
    )
    return made


def record_of(customer: Customer) -> SourceRecord:
    """The first record of a customer."""
    return SourceRecord.objects.filter(customer=customer).order_by("pk")[0]


def orders(rows: Iterable[tuple[Customer, datetime | date, float]], *, noted: bool = True) -> list[Order]:
    """One order of one line for each (customer, when, amount); days are noon in UTC. Known as they happen.

    Who has been merged buys by their old record: the order is that of who they are now.
    """
    rows = list(rows)
    records = {r.customer_id: r for r in SourceRecord.objects.order_by("-pk")}
    by_number = {r.external_id: r for r in SourceRecord.objects.all()}
    made, lines = [], []
    for customer, when, amount in rows:
        at = when if isinstance(when, datetime) else datetime.combine(when, time(12), UTC)
        record = records.get(customer.pk) or by_number[customer.external_id]
        made.append(
            Order(
                record=record,
                customer_id=record.customer_id,
                happened_at=at,
                known_at=at,
                row_key=secrets.token_bytes(16),
                currency="CNY",
                revenue=amount,
                lines_count=1,
            )
        )
    made = Order.objects.bulk_create(made)
    for order, (_, _, amount) in zip(made, rows, strict=True):
        lines.append(
            OrderLine(order=order, amount=amount, revenue=amount, purchase=amount >= 0, row_key=secrets.token_bytes(16))
        )
    lines = OrderLine.objects.bulk_create(lines)
    if noted:
        changes.note(OrderLine, "added", [line.pk for line in lines])
    return made


def feedback(customer: Customer, when: datetime, *, score: float | None) -> Feedback:
    """An answer."""
    return _fact(Feedback, customer, when, question="csat", score=score)


def interaction(customer: Customer, when: datetime, *, inbound: bool = True, text: str = "") -> Interaction:
    """A phone call."""
    return _fact(Interaction, customer, when, channel="phone", inbound=inbound, text=text)


def event(customer: Customer, when: datetime, *, intent: bool = True) -> Event:
    """A visit of a page."""
    return _fact(Event, customer, when, kind="visit", intent=intent)


def _fact(model: Any, customer: Customer, when: datetime, **fields: object) -> Any:
    """Known as it happens, and noted."""
    made = model.objects.create(
        record=record_of(customer),
        customer=customer,
        happened_at=when,
        known_at=when,
        row_key=secrets.token_bytes(16),
        **fields,
    )
    changes.note(model, "added", [made.pk])
    return made


def cdnow(file: Path) -> tuple[dict[str, Customer], list[Order]]:
    """The raw CDNOW sample as customers (by the number in the file) and orders."""
    found = [line.split() for line in file.read_text().splitlines()]
    made = {c.external_id: c for c in customers(dict.fromkeys(row[1] for row in found))}
    days = ((made[c], date(int(d[:4]), int(d[4:6]), int(d[6:])), float(money)) for _, c, d, _, money in found)
    return made, orders(days)
