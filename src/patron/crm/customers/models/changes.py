"""What has changed since it was last taken elsewhere, and what stood there before.

`FactChange` rows are written in the same transaction as the facts and taken away by whoever has mirrored them:
consuming rows, not comparing times, is safe whatever the order in which transactions end.
"""

from __future__ import annotations

from django.db import models

from patron.crm.kit.privacy import DELETE, KEEP, Privacy, personal


class FactChange(models.Model):
    """Rows `low` … `high` of `model` were added, corrected or removed."""

    WHATS = ("added", "corrected", "removed")

    model = models.CharField(max_length=40)  # label of the model, e.g. customers.OrderLine
    what = models.CharField(max_length=9, choices=[(w, w) for w in WHATS])
    low = models.BigIntegerField()
    high = models.BigIntegerField()

    privacy = Privacy(None, KEEP, "numbers of rows, taken away within a refresh")

    def __str__(self) -> str:
        return f"{self.model} {self.what} {self.low}…{self.high}"


class Correction(models.Model):
    """What stood in a row before something changed it: an import's undo restores it field for field."""

    model = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    record = models.ForeignKey("customers.SourceRecord", on_delete=models.CASCADE, null=True)
    before = personal("identity", models.JSONField())
    known_at = models.DateTimeField()
    batch = models.BigIntegerField(null=True, db_index=True)

    privacy = Privacy("record__customer", DELETE)

    class Meta:
        indexes = [models.Index(fields=["model", "row_id"])]

    def __str__(self) -> str:
        return f"{self.model} {self.row_id} before {self.known_at:%F %T}"
