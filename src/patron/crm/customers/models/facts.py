"""Facts beside orders: subscriptions, interactions, events, feedback, notes, consent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from patron.crm.customers.models.fact import Fact
from patron.crm.kit.fields import MoneyField
from patron.crm.kit.privacy import DELETE, Privacy, personal

OF_PERSON = Privacy("customer", DELETE)


class Subscription(Fact):
    """One term of a subscription; `happened_at` is its start, `ends_at` empty while it runs."""

    ends_at = models.DateTimeField(null=True)
    plan = models.CharField(max_length=120)
    amount = MoneyField()
    currency = models.CharField(max_length=3)
    period_days = models.PositiveIntegerField(default=30)

    privacy = OF_PERSON

    class Meta(Fact.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=models.F("happened_at")), name="ends_after_start"
            )
        ]


class Interaction(Fact):
    """One contact over one channel, from the customer (`inbound`) or to them."""

    CHANNELS = ("phone", "mail", "chat", "wechat", "sms", "visit", "web", "other")

    channel = models.CharField(max_length=8, choices=[(c, c) for c in CHANNELS])
    inbound = models.BooleanField()
    subject = personal("content", models.CharField(max_length=300, blank=True))
    text = personal("content", models.TextField(blank=True))
    minutes = models.PositiveIntegerField(null=True)
    by_name = models.CharField(max_length=200, blank=True)

    privacy = OF_PERSON

    class Meta(Fact.Meta):
        pass


class Event(Fact):
    """One behaviour: a visit, a search, a click."""

    kind = models.CharField(max_length=60)
    intent = models.BooleanField(default=False)
    object_id = personal("behaviour", models.CharField(max_length=300, blank=True))

    privacy = OF_PERSON

    class Meta(Fact.Meta):
        pass


class Feedback(Fact):
    """One answer, rating or review. `score` on the question's own scale."""

    question = models.CharField(max_length=60)
    score = models.FloatField(null=True)
    text = personal("content", models.TextField(blank=True))

    privacy = OF_PERSON

    class Meta(Fact.Meta):
        pass


class Note(Fact):
    """Something a colleague wrote down about a customer."""

    text = personal("content", models.TextField())
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)

    privacy = OF_PERSON

    class Meta(Fact.Meta):
        pass


class Consent(Fact):
    """What a customer agreed to or withdrew: the newest for a channel and purpose counts."""

    CHANNELS = ("phone", "mail", "sms", "wechat", "post", "any")
    PURPOSES = ("marketing", "service", "analysis")

    channel = models.CharField(max_length=8, choices=[(c, c) for c in CHANNELS])
    purpose = models.CharField(max_length=10, choices=[(p, p) for p in PURPOSES])
    given = models.BooleanField()
    proof = personal("content", models.CharField(max_length=300, blank=True))

    privacy = OF_PERSON

    class Meta(Fact.Meta):
        pass
