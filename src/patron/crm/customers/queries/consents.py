"""What a customer has agreed to: of each channel and purpose the newest word."""

from __future__ import annotations

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from patron.crm.customers.models import Consent
from patron.crm.customers.scope import reached
from patron.crm.kit.doors import query
from patron.crm.kit.policy import Actor


@query("customers.view")
def consents(*, actor: Actor, customer_id: int) -> list[Consent]:
    """The consents that count for a customer, by channel and purpose. Raises NotFound."""
    customer = reached(actor, customer_id, erased=True)
    place = Window(
        RowNumber(), partition_by=[F("channel"), F("purpose")], order_by=[F("happened_at").desc(), F("pk").desc()]
    )
    found = Consent.objects.filter(customer=customer).annotate(place=place).filter(place=1)
    return list(found.order_by("channel", "purpose"))
