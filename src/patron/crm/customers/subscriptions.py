"""What the records do when imports come and go: orders are worth what the rate of their day says."""

from __future__ import annotations

from patron.crm.accounts.models import Organisation
from patron.crm.customers.jobs import ask_for
from patron.crm.customers.models import ExchangeRate, Order, Rerating
from patron.crm.kit import clock
from patron.crm.kit.announcements import subscribe


@subscribe("sources.imported")
def imported(*, import_id: int, **_more: object) -> None:
    """A rate that was saved while the file was on its way counts for its orders, too."""
    for currency in _foreign():
        if Order.objects.filter(batch=import_id, currency=currency).exists():
            _ask(currency, import_id)


@subscribe("sources.undone")
def undone(**_more: object) -> None:
    """What an import had changed is back as it was then, at the rate of then."""
    for currency in _foreign():
        if Order.objects.filter(currency=currency).exists():
            _ask(currency, None)


def _foreign() -> list[str]:
    base = Organisation.current().base_currency
    return sorted(set(ExchangeRate.objects.filter(base=base).values_list("currency", flat=True)))


def _ask(currency: str, batch: int | None) -> None:
    ask_for(Rerating(currency=currency, base=Organisation.current().base_currency, batch=batch, made_at=clock.now()))
