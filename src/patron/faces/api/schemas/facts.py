"""Shapes of facts: what has happened with a customer, told and read."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from patron.faces.api.schemas.customers import Currency
from patron.faces.api.values import Count, Flag, Given, Moment, Money, Number, Shown, Sum

Channel = Literal["phone", "mail", "chat", "wechat", "sms", "visit", "web", "other"]
Reach = Literal["phone", "mail", "sms", "wechat", "post", "any"]
Purpose = Literal["marketing", "service", "analysis"]
External = Annotated[
    str, Field(max_length=200, description="its number where it comes from; the same twice is refused")
]
Words = Annotated[str, Field(max_length=100_000)]


class FactShown(Shown):
    """What every fact has."""

    id: Number
    customer_id: Number
    happened_at: Moment
    known_at: Moment
    external_id: str


class Order(FactShown):
    """An order, return or cancellation; `revenue` and `cost` are in base currency."""

    fact: Literal["order"] = "order"
    status: Literal["placed", "cancelled", "returned"]
    currency: str
    rate: Sum
    revenue: Sum
    cost: Sum | None
    lines_count: Count


class OrderLine(Shown):
    """A line of an order: `unit_price` and `amount` in its currency, `revenue` and `cost` in base currency."""

    id: Number
    product: str | None
    description: str
    quantity: Sum
    unit_price: Sum | None
    amount: Sum
    revenue: Sum
    cost: Sum | None
    purchase: bool
    item: bool


class Interaction(FactShown):
    """One contact over one channel."""

    fact: Literal["interaction"] = "interaction"
    channel: Channel
    inbound: bool
    subject: str
    text: str
    minutes: int | None
    by_name: str


class Event(FactShown):
    """One behaviour."""

    fact: Literal["event"] = "event"
    kind: str
    intent: bool
    object_id: str


class Feedback(FactShown):
    """One answer, rating or review."""

    fact: Literal["feedback"] = "feedback"
    question: str
    score: float | None
    text: str


class Subscription(FactShown):
    """One term of a subscription; it starts at `happened_at`."""

    fact: Literal["subscription"] = "subscription"
    ends_at: Moment | None
    plan: str
    amount: Sum
    currency: str
    period_days: int


class Note(FactShown):
    """Something a colleague wrote down."""

    fact: Literal["note"] = "note"
    text: str
    by_id: int | None
    by_name: str


class Consent(FactShown):
    """What a customer agreed to or withdrew."""

    fact: Literal["consent"] = "consent"
    channel: Reach
    purpose: Purpose
    given: bool
    proof: str


Fact = Annotated[Order | Interaction | Event | Feedback | Subscription | Note | Consent, Field(discriminator="fact")]
SHAPES: dict[str, type[FactShown]] = {
    "order": Order,
    "interaction": Interaction,
    "event": Event,
    "feedback": Feedback,
    "subscription": Subscription,
    "note": Note,
    "consent": Consent,
}


class Entry(Shown):
    """A fact in the timeline and the source that told it."""

    source: str
    fact: Fact


class NewNote(Given):
    """Something to be written down."""

    text: Words
    happened_at: Moment | None = None


class NewInteraction(Given):
    """A contact with a customer."""

    channel: Channel
    inbound: Flag
    text: Words = ""
    subject: Annotated[str, Field(max_length=300)] = ""
    minutes: Annotated[int, Field(strict=True, ge=0, le=100_000)] | None = None
    happened_at: Moment | None = None
    external_id: External = ""


class NewEvent(Given):
    """A behaviour of a customer."""

    kind: Annotated[str, Field(min_length=1, max_length=60)]
    intent: Flag = False
    object_id: Annotated[str, Field(max_length=300)] = ""
    happened_at: Moment | None = None
    external_id: External = ""


class NewFeedback(Given):
    """An answer of a customer: a score, a text or both."""

    question: Annotated[str, Field(min_length=1, max_length=60)]
    score: Annotated[float, Field(ge=-1_000_000, le=1_000_000, allow_inf_nan=False)] | None = None
    text: Words = ""
    happened_at: Moment | None = None
    external_id: External = ""


class NewSubscription(Given):
    """A term of a subscription: `amount` for every `period_days`."""

    plan: Annotated[str, Field(min_length=1, max_length=120)]
    amount: Money
    starts_at: Moment
    ends_at: Moment | None = None
    currency: Currency | None = None
    period_days: Annotated[int, Field(strict=True, ge=1, le=3_660)] = 30
    external_id: External = ""


class End(Given):
    """When it ends; now, if nothing is said."""

    ends_at: Moment | None = None


class NewConsent(Given):
    """What a customer agrees to or withdraws."""

    channel: Reach
    purpose: Purpose
    given: Flag
    proof: Annotated[str, Field(max_length=300)] = ""
    happened_at: Moment | None = None


class NewLine(Given):
    """A line: `unit_price`, or the `amount` of the whole line; `cost` of the whole line."""

    product: Annotated[str, Field(max_length=120)] = ""
    description: Annotated[str, Field(max_length=300)] = ""
    quantity: Money | None = None
    unit_price: Money | None = None
    amount: Money | None = None
    cost: Money | None = None


class NewOrder(Given):
    """An order with its lines, in `currency` (the base currency, if nothing is said)."""

    lines: Annotated[list[NewLine], Field(min_length=1, max_length=2_000)]
    happened_at: Moment | None = None
    currency: Currency | None = None
    status: Literal["placed", "cancelled", "returned"] = "placed"
    external_id: External = ""


class Status(Given):
    """An order is cancelled, or counts again."""

    status: Literal["placed", "cancelled"]


def shown(kind: str, fact: Any) -> FactShown:
    """A fact as the API answers it."""
    return SHAPES[kind].model_validate(fact)
