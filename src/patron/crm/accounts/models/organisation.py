"""The organisation that uses this Patron."""

from __future__ import annotations

from datetime import date

from django.db import models

from patron.crm.kit import clock
from patron.crm.kit.privacy import KEEP, Privacy


class Organisation(models.Model):
    """The one row of settings that concern everybody."""

    name = models.CharField(max_length=200, default="Patron")
    base_currency = models.CharField(max_length=3, default="CNY")
    timezone = models.CharField(max_length=64, default="Asia/Shanghai")
    language = models.CharField(max_length=2, default="en", choices=[("en", "English"), ("zh", "中文")])
    # What the demo shifted its dates by; the screens say so while it is not 0.
    sample_shift_days = models.IntegerField(default=0)
    is_sample = models.BooleanField(default=False)
    # A base whose history has ended (the sample on its own dates) is scored as of this day for ever.
    frozen_day = models.DateField(null=True)

    privacy = Privacy(None, KEEP, "the organisation is not a person")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_organisation")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> Organisation:
        """The row; made with defaults the first time."""
        return cls.objects.get_or_create(id=1)[0]

    def today(self) -> date:
        """The day it is here: that of the time zone, or the one on which this base stands still."""
        return self.frozen_day or clock.today(self.timezone)
