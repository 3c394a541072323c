"""What a list was asked for in its address."""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict

from patron.crm.scoring.queries import Filters
from patron.faces.web.shell.requests import number

WORDS = ("text", "stage", "rfm_segment", "abc", "tag")
NUMBERS = ("owner", "team")
AMOUNTS = ("clv_min", "clv_max", "revenue_min", "revenue_max", "value_at_risk_min", "value_at_risk_max")
SHARES = ("churn_risk_min", "churn_risk_max")
DAYS = ("first_order_from", "first_order_to", "last_order_from", "last_order_to", "created_from", "created_to")


def asked_for(query: QueryDict, sorts: Container[str]) -> tuple[dict[str, str], Filters, str]:
    """The words as given, the filters they mean, and the sort. What can't be read is left out, and shown as given."""
    given = {name: query.get(name, "").strip() for name in (*WORDS, *NUMBERS, *AMOUNTS, *SHARES, *DAYS)}
    meant: dict[str, Any] = {name: given[name] for name in WORDS if given[name]}
    meant |= {name: number(given[name]) for name in NUMBERS}
    meant |= {name: _amount(given[name]) for name in AMOUNTS}
    meant |= {name: None if (a := _amount(given[name])) is None else float(a) for name in SHARES}
    meant |= {name: _day(given[name]) for name in DAYS}
    sort = query.get("sort", "")
    return (
        given,
        Filters(**{k: v for k, v in meant.items() if v is not None}),
        sort if sort in sorts else "value_at_risk",
    )


def _amount(text: str) -> Decimal | None:
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < 10**12 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def leave(query: QueryDict, *names: str, **instead: str) -> str:
    """The address's query without some names, and with others set."""
    left = query.copy()
    for name in names:
        left.pop(name, None)
    for name, value in instead.items():
        left[name] = value
    return left.urlencode()
