"""The kinds of facts by the words that the timeline, the API and the screens call them."""

from __future__ import annotations

from patron.crm.customers.models import Consent, Event, Feedback, Interaction, Note, Order, Subscription
from patron.crm.customers.models.fact import Fact

KINDS: dict[str, type[Fact]] = {
    "order": Order,
    "interaction": Interaction,
    "event": Event,
    "feedback": Feedback,
    "subscription": Subscription,
    "note": Note,
    "consent": Consent,
}
