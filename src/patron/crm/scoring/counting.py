"""What one customer has bought, counted from the orders: exact, quick, and without any model."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, Sum

from patron.crm.accounts.models import Organisation
from patron.crm.customers.models import OrderLine
from patron.crm.scoring import places
from patron.crm.scoring.models import Standing


def recount(customer_id: int) -> None:
    """Bring orders, days and revenue of a standing up to date as of its day; what is predicted waits for `rescore`."""
    found = Standing.objects.filter(pk=customer_id).first()
    if found is None:
        return
    zone = ZoneInfo(Organisation.current().timezone)
    lines = OrderLine.objects.filter(order__customer_id=customer_id)
    bought = lines.values("order_id").annotate(
        at=Max("order__happened_at"), money=Sum("revenue"), purchases=Count("pk", filter=Q(purchase=True))
    )
    inside = [(row["at"].astimezone(zone).date(), row) for row in bought.order_by()]
    inside = [(day, row) for day, row in inside if day <= found.as_of]
    days = sorted({day for day, row in inside if row["purchases"]})
    found.orders = len(days)
    found.first_order, found.last_order = (days[0], days[-1]) if days else (None, None)
    found.recency_days = (found.as_of - days[-1]) // timedelta(days=1) if days else None
    found.tenure_days = (found.as_of - days[0]) // timedelta(days=1) if days else None
    found.revenue = sum((row["money"] or 0 for _, row in inside), start=0)
    with places.moving([customer_id]):
        found.save(update_fields=["orders", "first_order", "last_order", "recency_days", "tenure_days", "revenue"])
