"""A refresh: everybody scored anew as of a day, and the settings that decide how."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from patron.crm.kit.privacy import KEEP, Privacy


class ScoringSettings(models.Model):
    """The one row of settings of the models. Empty horizons are derived from the data (definitions.md)."""

    horizon_days = models.PositiveIntegerField(null=True)
    clv_horizon_days = models.PositiveIntegerField(default=364)
    discount = models.FloatField(default=0.1)
    margin = models.FloatField(null=True)
    at_risk_health = models.FloatField(default=0.6)
    lapsed_health = models.FloatField(default=0.25)
    lapsed_recency = models.FloatField(default=1.0)
    loyal_frequency = models.PositiveSmallIntegerField(default=4)
    loyal_tenure = models.FloatField(default=2.0)
    places = models.BigIntegerField(null=True)  # the generation of scoring.places that lists walk
    placing = models.BigIntegerField(null=True)  # the one that is being written
    places_format = models.PositiveSmallIntegerField(default=0)  # which orders it holds (scoring.places.kinds.FORMAT)

    privacy = Privacy(None, KEEP, "settings of the organisation")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_scoring_settings")]

    def __str__(self) -> str:
        return "scoring settings"

    @classmethod
    def current(cls) -> ScoringSettings:
        """The row; made with defaults the first time."""
        return cls.objects.get_or_create(id=1)[0]


class Refresh(models.Model):
    """One scoring of everybody. Its run folder (card, figures, parts) lies below PATRON_HOME."""

    STATES = ("queued", "running", "done", "failed", "cancelled")

    state = models.CharField(max_length=9, choices=[(s, s) for s in STATES], default="queued")
    asked = models.CharField(max_length=9, blank=True)  # 'cancelled' when somebody asked for it
    step = models.JSONField(default=dict)  # {en, zh} of what is being done
    share = models.FloatField(default=0.0)
    as_of = models.DateField(null=True)
    horizon_days = models.PositiveIntegerField(null=True)
    clv_horizon_days = models.PositiveIntegerField(null=True)
    card = models.JSONField(null=True)
    figures = models.JSONField(null=True)
    folder = models.CharField(max_length=300, blank=True)
    customers = models.BigIntegerField(null=True)
    error = models.JSONField(null=True)
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    by_name = models.CharField(max_length=200)

    privacy = Privacy(None, KEEP, "models and sums over everybody")

    class Meta:
        indexes = [models.Index(fields=["state", "-id"])]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="running"), name="one_refresh_at_a_time")
        ]

    def __str__(self) -> str:
        return f"refresh {self.pk} as of {self.as_of}"
