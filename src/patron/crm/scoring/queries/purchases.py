"""A customer's purchases over time, and what the model of the last refresh expects from here on."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef

from patron.crm.accounts.models import Organisation
from patron.crm.customers.models import Order, OrderLine
from patron.crm.customers.scope import reached
from patron.crm.kit import clock
from patron.crm.kit.doors import query
from patron.crm.kit.policy import Actor
from patron.crm.scoring.models import Standing

if TYPE_CHECKING:
    from patron.study.fits import Fits

MOST = 2_000  # occasions that are drawn: the newest


@query("scoring.view")
def purchases_over_time(*, actor: Actor, customer_id: int) -> dict[str, Any]:
    """Figures of study.pictures.customer.purchases: occasions with their net money, and expected purchases ahead.

    Raises NotFound. Without a standing, or once the files of its refresh are gone, nothing is expected.
    """
    customer = reached(actor, customer_id, erased=True)
    house = Organisation.current()
    found = Standing.objects.select_related("refresh").defer("refresh__figures", "refresh__card")
    standing = found.filter(pk=customer).first()
    occasions = _occasions(customer, ZoneInfo(house.timezone))[-MOST:]
    figures: dict[str, Any] = {
        "as_of": (standing.as_of if standing else clock.today(house.timezone)).isoformat(),
        "currency": house.base_currency,
        "orders": [{"day": day.isoformat(), "revenue": float(money)} for day, money in occasions],
    }
    return figures | (_ahead(standing) if standing else {})


def _occasions(customer_id: int, zone: ZoneInfo) -> list[tuple[date, Decimal]]:
    """Days with a purchase and the net money of that day, in order."""
    bought = Exists(OrderLine.objects.filter(order=OuterRef("pk"), purchase=True))
    found = Order.objects.filter(customer=customer_id).annotate(bought=bought)
    days: dict[date, Decimal] = defaultdict(Decimal)
    purchase_days: set[date] = set()
    for at, money, purchase in found.values_list("happened_at", "revenue", "bought"):
        day = at.astimezone(zone).date()
        days[day] += money
        if purchase:
            purchase_days.add(day)
    return [(day, days[day]) for day in sorted(purchase_days)]


def _ahead(standing: Standing) -> dict[str, Any]:
    first, last, folder = standing.first_order, standing.last_order, standing.refresh.folder
    if first is None or last is None or not folder:
        return {}
    from patron.study.outlook import outlook  # numpy and scipy stay out of the web process until they are needed

    path = outlook(
        _fits(str(Path(settings.HOME) / folder)).chosen,
        orders=standing.orders,
        first=first,
        last=last,
        as_of=standing.as_of,
        horizon_days=standing.horizon_days,
    )
    return {"ahead": path, "low": standing.expected_purchases_low, "high": standing.expected_purchases_high}


@lru_cache(maxsize=2)
def _fits(folder: str) -> Fits:
    """The fitted parts of a run; a folder is never written twice."""
    from patron.study.fits import load

    return load(Path(folder) / "parts")
