"""What the kit itself remembers: the audit and which scheduled work was claimed."""

from __future__ import annotations

from django.db import models

from patron.crm.kit.privacy import BLANK, KEEP, Privacy, personal


class AuditEntry(models.Model):
    """One thing somebody did. No foreign keys: it outlives what it speaks of."""

    at = models.DateTimeField(db_index=True)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)

    privacy = Privacy(None, KEEP, "names fields, never what stood in personal ones")

    class Meta:
        indexes = [
            models.Index(fields=["subject", "subject_id", "-id"]),
            models.Index(fields=["actor_id", "-id"]),
            models.Index(fields=["action", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.actor_name} {self.action} {self.subject} {self.subject_id or ''}"


class ScheduledRun(models.Model):
    """A piece of scheduled work that a worker has claimed: the unique pair keeps a second worker off."""

    name = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    privacy = Privacy(None, KEEP, "the server's own diary")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "due_at"], name="scheduled_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.due_at:%F %T}"


class Worker(models.Model):
    """A worker process that is, or was, at work. One that gives no sign of life has its tasks taken over."""

    name = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=200)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    privacy = Privacy(None, KEEP, "processes of the server")

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}"


class IdempotencyKey(models.Model):
    """A write asked for through the API with a key: asked again, the first answer is given again."""

    key = models.CharField(max_length=80)
    actor_id = models.BigIntegerField()
    path = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = personal("content", models.JSONField(null=True))
    made_at = models.DateTimeField(db_index=True)

    privacy = Privacy(None, BLANK, "answers are forgotten after a day, and at once when a person is erased")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_id", "key"], name="idempotent_once")]

    def __str__(self) -> str:
        return f"{self.path} {self.key}"
