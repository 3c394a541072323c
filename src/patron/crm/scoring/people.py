"""Who is scored: everybody alive, and whose stage a hand set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.db import connection
from django.db.models import Max

from patron.crm.customers.models import Event, Feedback, Interaction, Order, Subscription
from patron.crm.kit import clock
from patron.crm.scoring.models import HandStage
from patron.study.records import NOBODY, People

FACTS = (Order, Interaction, Event, Feedback, Subscription)
"""A stage set by hand holds until one of these comes in. A colleague's note is no fact of the customer's life."""


def people(timezone: str, customer_ids: Sequence[int] | None = None) -> People:
    """Everybody who is neither merged away nor erased; or those among `customer_ids`."""
    return People(_ids(customer_ids), hand_set(timezone, customer_ids))


def _ids(customer_ids: Sequence[int] | None) -> pa.Array:
    sql = "SELECT id FROM customers_customer WHERE merged_into_id IS NULL AND erased_at IS NULL"
    with connection.cursor() as cursor:
        if customer_ids is None:
            cursor.execute(sql)
            found = cursor.fetchall()
        else:
            found = []
            for low in range(0, len(customer_ids), 500):
                some = list(customer_ids[low : low + 500])
                cursor.execute(f"{sql} AND id IN ({', '.join(['%s'] * len(some))})", some)
                found += cursor.fetchall()
    return pa.array([row[0] for row in found], pa.int64()).cast(pa.string())


def hand_set(timezone: str, customer_ids: Sequence[int] | None = None) -> pa.Table:
    """Stages set by hand, as study.records.NOBODY has them. Of several of a merged customer the newest counts."""
    zone = ZoneInfo(timezone)
    newest: dict[int, HandStage] = {}
    stages = HandStage.objects.order_by("set_at")
    if customer_ids is not None:
        stages = stages.filter(customer_id__in=customer_ids)
    for one in stages:
        newest[one.customer_id] = one
    ids = sorted(newest)
    facts = _newest_facts(ids)
    return pa.table(
        {
            "customer_id": [str(number) for number in ids],
            "stage": [newest[number].stage for number in ids],
            "set_at": [_wall(newest[number].set_at, zone) for number in ids],
            "last_fact_at": [_wall(facts.get(number), zone) for number in ids],
        },
        schema=NOBODY.schema,
    )


def _newest_facts(ids: Sequence[int]) -> dict[int, datetime]:
    """When the newest fact of each customer became known."""
    found: dict[int, datetime] = {}
    for model in FACTS:
        for low in range(0, len(ids), 500):
            rows = model.objects.filter(customer_id__in=ids[low : low + 500])
            for number, at in rows.values_list("customer_id").annotate(at=Max("known_at")).order_by():
                found[number] = max(found.get(number, at), at)
    return found


def _wall(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if at is None else at.astimezone(zone).replace(tzinfo=None)


def forget_overtaken(timezone: str) -> int:
    """Remove stages set by hand that a later fact has overtaken. How many went."""
    overtaken = [
        int(row["customer_id"])
        for row in hand_set(timezone).to_pylist()
        if row["last_fact_at"] is not None and row["last_fact_at"] > row["set_at"]
    ]
    now = clock.now()
    return sum(HandStage.objects.filter(customer_id=pk, set_at__lt=now).delete()[0] for pk in overtaken)
