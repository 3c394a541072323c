"""What a list was asked for in its address."""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict

from patron.crm.scoring.queries import Filters
from patron.faces.web.shell.requests import number
from patron.lifecycle.decisions.rules import STAGES
from patron.lifecycle.models.value.rfm import SEGMENTS

WORDS = ("text", "tag", "channel", "kind")
NUMBERS = ("owner_id", "team_id")
AMOUNTS = ("clv_from", "clv_to", "revenue_from", "revenue_to", "value_at_risk_from", "value_at_risk_to")
SHARES = ("risk_from", "risk_to")
DAYS = ("first_order_from", "first_order_to", "last_order_from", "last_order_to")
CODES = {"stage": STAGES, "segment": SEGMENTS, "abc": ("A", "B", "C")}
DEFAULT_SORT = "-value_at_risk"


def asked_for(query: QueryDict, sorts: Container[str]) -> tuple[dict[str, str], Filters, str]:
    """The words as given, the filters they mean, and the sort. What can't be read is left out, and shown as given."""
    given = {name: query.get(name, "").strip() for name in (*WORDS, *NUMBERS, *AMOUNTS, *SHARES, *DAYS, *CODES)}
    meant: dict[str, Any] = {name: given[name] for name in WORDS if given[name]}
    meant |= {name: number(given[name]) for name in NUMBERS}
    meant |= {name: _amount(given[name]) for name in AMOUNTS}
    meant |= {name: None if (a := _amount(given[name])) is None else float(a) for name in SHARES}
    meant |= {name: _day(given[name]) for name in DAYS}
    for name, plural in (("stage", "stages"), ("segment", "segments"), ("abc", "abc")):
        chosen = tuple(code for code in given[name].split(",") if code in CODES[name])
        meant[plural] = chosen or None
    sort = query.get("sort", "")
    known = {name: value for name, value in meant.items() if value is not None}
    return given, Filters(**known), sort if sort in sorts else DEFAULT_SORT


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
