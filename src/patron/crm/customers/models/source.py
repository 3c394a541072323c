"""Where facts come from, and what each source says of a customer.

A record is one customer as one source knows it, named for ever by (source, external_id). What the source said are
versions: immutable rows, the newest counts. The `customer` of a record is derived: merge and un-merge move it.
"""

from __future__ import annotations

from django.db import models

from patron.crm.kit.privacy import BLANK, DELETE, KEEP, Privacy, personal


class Source(models.Model):
    """A file export, a shop system, a hand. Where sources disagree, the lower `rank` wins, then the newer."""

    KINDS = ("hand", "file", "api", "shop", "sample")

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=8, choices=[(k, k) for k in KINDS])
    rank = models.PositiveSmallIntegerField(default=50)

    privacy = Privacy(None, KEEP, "names a system, not a person")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def hand(cls) -> Source:
        """What people type here."""
        return cls.objects.get_or_create(name="hand", defaults={"kind": "hand", "rank": 10})[0]


class SourceRecord(models.Model):
    """One customer as one source knows it. Every fact points here."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="records")
    external_id = personal("identity", models.CharField(max_length=200))
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="records")
    created_at = models.DateTimeField()
    batch = models.BigIntegerField(null=True, db_index=True)  # the import that made it

    privacy = Privacy("customer", BLANK, "nameless orders still point at it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="record_once")]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.external_id}"


class RecordVersion(models.Model):
    """What a source said of a record at a moment. Immutable. `fields` holds only what was said, `raw` as it stood."""

    record = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    fields = personal("identity", models.JSONField(default=dict))
    raw = personal("identity", models.JSONField(default=dict))
    received_at = models.DateTimeField()
    said_by = models.CharField(max_length=200, blank=True)
    batch = models.BigIntegerField(null=True, db_index=True)

    privacy = Privacy("record__customer", DELETE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.record_id} v{self.number}"
