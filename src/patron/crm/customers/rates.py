"""What money was worth on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from patron.crm.customers.models import ExchangeRate
from patron.crm.customers.rules import rate_on
from patron.crm.kit.problems import Invalid
from patron.words import Text


def rates(currency: str, base: str) -> list[tuple[date, Decimal]]:
    """(day, base units for one of `currency`), sorted by day: for `rules.rate_on`."""
    return list(ExchangeRate.objects.filter(currency=currency, base=base).order_by("day").values_list("day", "rate"))


def rate(currency: str, base: str, day: date) -> Decimal:
    """Base units for one of `currency` on `day`: the newest rate up to it. Raises Invalid where none is known."""
    if currency == base:
        return Decimal(1)
    newest = ExchangeRate.objects.filter(currency=currency, base=base, day__lte=day).order_by("-day")[:1]
    found = rate_on(list(newest.values_list("day", "rate")), day)
    if found is None:
        raise Invalid(
            {
                "currency": Text(
                    f"No exchange rate from {currency} to {base} is known for {day}. Add one under settings.",
                    f"没有 {day} 当日或之前 {currency} 兑 {base} 的汇率，请先在设置中添加。",
                )
            }
        )
    return found
