"""An import: one file into one kind of record, in chunks with a journal."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from patron.crm.customers.models import Source
from patron.crm.kit.privacy import DELETE, KEEP, Privacy, personal


class Import(models.Model):
    """One file on its way into the records, its state and what came of it. Its number is the `batch` of the rows."""

    KINDS = ("customers", "orders", "products", "interactions", "events", "feedback", "subscriptions")
    STATES = (
        "uploaded",  # the file is here; mapping may still change
        "counting",  # a worker counts what it would do
        "previewed",  # counted without writing
        "queued",
        "running",
        "paused",
        "cancelled",  # stopped for good; what was written stays until undone
        "failed",  # stopped by a mistake; can be resumed
        "done",
        "undoing",
        "undone",
    )

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="imports")
    kind = models.CharField(max_length=13, choices=[(k, k) for k in KINDS])
    state = models.CharField(max_length=9, choices=[(s, s) for s in STATES], default="uploaded")
    # What the state should become as soon as the worker looks: 'paused', 'cancelled' or ''.
    asked = models.CharField(max_length=9, blank=True)
    file_name = models.CharField(max_length=300)
    path = models.CharField(max_length=500, blank=True)  # below PATRON_HOME; empty once the file is forgotten
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    options = models.JSONField(default=dict)  # encoding, delimiter, header, date order, decimal, sheet, timezone …
    mapping = models.JSONField(default=dict)  # role → column
    found = models.JSONField(default=dict)  # what was recognised, for the mapping screen
    counts = models.JSONField(default=dict)  # create, update, skip, error: exact after a preview and after a run
    rows_total = models.BigIntegerField(null=True)
    rows_done = models.BigIntegerField(default=0)
    error = models.JSONField(null=True)  # {en, zh} of what stopped it
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)  # last sign of life of the worker that runs it
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)

    privacy = Privacy(None, KEEP, "names a file; the file itself is forgotten when somebody in it is erased")

    class Meta:
        indexes = [models.Index(fields=["state", "-id"])]

    def __str__(self) -> str:
        return f"import {self.pk} of {self.file_name}"


class ImportChunk(models.Model):
    """One committed piece of an import, written in the same transaction as its rows: it is there or it is not."""

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    first_row = models.BigIntegerField()
    last_row = models.BigIntegerField()
    counts = models.JSONField(default=dict)
    done_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    privacy = Privacy(None, KEEP, "counts of rows")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="chunk_once")]

    def __str__(self) -> str:
        return f"rows {self.first_row}…{self.last_row} of import {self.run_id}"


class RejectedCell(models.Model):
    """A cell that could not be used, and why; `column` is empty where the whole row is meant."""

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rejected")
    row = models.BigIntegerField()
    column = models.CharField(max_length=200, blank=True)
    value = personal("content", models.CharField(max_length=300, blank=True))
    reason = models.CharField(max_length=40)
    words = models.JSONField(default=dict)  # {en, zh}
    cells = personal("content", models.JSONField(default=dict))  # the row as it stood, to be mended

    privacy = Privacy(None, DELETE, "rejected rows belong to nobody yet; forgotten with the file of the import")

    class Meta:
        indexes = [models.Index(fields=["run", "row"])]
        constraints = [models.CheckConstraint(condition=Q(row__gte=0), name="rejected_row_is_one")]

    def __str__(self) -> str:
        return f"row {self.row} {self.column}: {self.reason}"


class SavedMapping(models.Model):
    """How the columns of a source's files were mapped last time."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="mappings")
    kind = models.CharField(max_length=13)
    columns_hash = models.CharField(max_length=64)  # of the sorted column names
    mapping = models.JSONField()
    options = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    privacy = Privacy(None, KEEP, "names of columns")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "kind", "columns_hash"], name="mapping_once")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.source_id}"
