"""Where each customer stands: the newest scores in one wide row, and how the stage got there.

Wide, because lists filter and sort by these columns together; the key of a score (quantity, model, as-of day, horizon)
is its column and the row's refresh. Earlier scores lie in the run folders.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from patron.crm.customers.models import Customer
from patron.crm.kit.fields import MoneyField
from patron.crm.kit.privacy import DELETE, Privacy, personal
from patron.crm.scoring.models.refresh import Refresh

STAGES = ("prospect", "lead", "new", "active", "loyal", "at_risk", "lapsed", "won_back")


class Standing(models.Model):
    """What is known and expected of one customer as of a day. Derived: it can be thrown away and rebuilt."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="standing")
    refresh = models.ForeignKey(Refresh, on_delete=models.PROTECT, related_name="standings", db_index=False)
    as_of = models.DateField()
    horizon_days = models.PositiveIntegerField()
    clv_horizon_days = models.PositiveIntegerField()
    stage = models.CharField(max_length=8, choices=[(s, s) for s in STAGES])
    stage_since = models.DateField(null=True)
    stage_by_hand = models.BooleanField(default=False)
    orders = models.PositiveIntegerField(default=0)
    first_order = models.DateField(null=True)
    last_order = models.DateField(null=True)
    recency_days = models.PositiveIntegerField(null=True)
    tenure_days = models.PositiveIntegerField(null=True)
    usual_gap = models.FloatField(null=True)
    last_gap = models.PositiveIntegerField(null=True)  # days from the last occasion but one to the last
    interest = models.BooleanField(default=False)  # an inbound contact or an event with intent
    revenue = MoneyField(default=0)
    margin = MoneyField(null=True)
    value_basis = models.CharField(max_length=8, blank=True)
    r = models.PositiveSmallIntegerField(null=True)
    f = models.PositiveSmallIntegerField(null=True)
    m = models.PositiveSmallIntegerField(null=True)
    rfm_segment = models.CharField(max_length=24, blank=True)
    abc = models.CharField(max_length=1, blank=True)
    health = models.FloatField(null=True)
    health_before = models.FloatField(null=True)  # on the eve of the last occasion: whether it ended a lapse
    expected_purchases = models.FloatField(null=True)
    expected_purchases_low = models.FloatField(null=True)
    expected_purchases_high = models.FloatField(null=True)
    expected_purchases_low95 = models.FloatField(null=True)
    expected_purchases_high95 = models.FloatField(null=True)
    p_purchase = models.FloatField(null=True)
    p_alive = models.FloatField(null=True)
    churn_risk = models.FloatField(null=True)
    clv = MoneyField(null=True)
    clv_low = MoneyField(null=True)
    clv_high = MoneyField(null=True)
    clv_low95 = MoneyField(null=True)
    clv_high95 = MoneyField(null=True)
    value_at_risk = MoneyField(null=True)
    label = models.CharField(max_length=24, blank=True)  # 'too little data' and the like
    reason_en = personal("behaviour", models.TextField(blank=True))
    reason_zh = personal("behaviour", models.TextField(blank=True))
    next_step = models.CharField(max_length=24, blank=True)  # code of lifecycle.decisions.keep.NEXT_STEPS

    privacy = Privacy("customer", DELETE)

    class Meta:
        # No index: the orders of lists are kept in scoring.places, which costs a tenth when everybody is scored anew.
        constraints = [models.CheckConstraint(condition=Q(stage__in=STAGES), name="standing_stage")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.stage}"


class StageChange(models.Model):
    """A customer moved from one stage to another, and why."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="stage_changes")
    before = models.CharField(max_length=8, blank=True)
    after = models.CharField(max_length=8)
    day = models.DateField()
    refresh = models.ForeignKey(Refresh, on_delete=models.SET_NULL, null=True, related_name="stage_changes")
    by_name = models.CharField(max_length=200, blank=True)  # who set it by hand
    reason_en = personal("behaviour", models.TextField(blank=True))
    reason_zh = personal("behaviour", models.TextField(blank=True))

    privacy = Privacy("customer", DELETE)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-id"]),
            models.Index(fields=["day", "before", "after"]),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.before} → {self.after}"


class HandStage(models.Model):
    """A stage set by hand: it holds until the next fact of the customer."""

    record = models.OneToOneField(
        "customers.SourceRecord", on_delete=models.CASCADE, primary_key=True, related_name="hand_stage"
    )
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="hand_stages")
    stage = models.CharField(max_length=8, choices=[(s, s) for s in STAGES])
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=200)

    privacy = Privacy("customer", DELETE)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.stage} by {self.set_by}"
