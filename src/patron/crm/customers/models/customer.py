"""A customer: the golden record computed from its source records, and what ties it to others."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from patron.crm.customers.models.source import SourceRecord
from patron.crm.kit.fields import MoneyField
from patron.crm.kit.privacy import BLANK, DELETE, KEEP, Privacy, personal


class Customer(models.Model):
    """A person or organisation that buys, may buy, or did buy.

    Fields of who they are come from the records by survivorship (rules.py) and are rewritten, never edited, here.
    A merged customer stays as a signpost: `merged_into` leads to who they are now, so its number resolves for ever.
    """

    KINDS = ("person", "organisation")

    kind = models.CharField(max_length=12, choices=[(k, k) for k in KINDS], default="person")
    name = personal("identity", models.CharField(max_length=200, blank=True))
    name_key = personal("identity", models.CharField(max_length=200, blank=True))  # normalised, to find namesakes
    email = personal("contact", models.CharField(max_length=254, blank=True))
    phone = personal("contact", models.CharField(max_length=40, blank=True))
    wechat = personal("contact", models.CharField(max_length=80, blank=True))
    title = personal("identity", models.CharField(max_length=120, blank=True))
    gender = personal("identity", models.CharField(max_length=12, blank=True))
    birthday = personal("identity", models.DateField(null=True))
    address = personal("contact", models.CharField(max_length=300, blank=True))
    city = personal("contact", models.CharField(max_length=120, blank=True))
    region = personal("contact", models.CharField(max_length=120, blank=True))
    country = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=2, blank=True)
    channel = models.CharField(max_length=80, blank=True)  # how they came to us
    acquisition_cost = MoneyField(null=True)
    extra = personal("identity", models.JSONField(default=dict))  # columns of a source that have no field here
    external_id = personal("identity", models.CharField(max_length=200, blank=True))  # of the first record

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="customers")
    team = models.ForeignKey("accounts.Team", on_delete=models.SET_NULL, null=True, related_name="customers")
    # Its index leaves out the empty: nearly all are, and SQLite would walk them for every list.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="absorbed", db_index=False
    )
    erased_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    batch = models.BigIntegerField(null=True, db_index=True)

    privacy = Privacy("id", BLANK)

    class Meta:
        indexes = [
            models.Index(fields=["name", "id"]),
            models.Index(fields=["name_key", "id"]),
            models.Index(fields=["-created_at", "-id"]),
            models.Index(fields=["owner", "id"]),
            models.Index(fields=["team", "id"]),
            models.Index(fields=["email"]),
            models.Index(fields=["phone"]),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="customer_signposts"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=("person", "organisation")), name="customer_kind"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")), name="not_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class Identity(models.Model):
    """What a person is known by: an e-mail, a phone, a WeChat name. `value` is normalised, `shown` as given."""

    KINDS = ("email", "phone", "wechat", "external")

    record = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="identities")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="identities")
    kind = models.CharField(max_length=8, choices=[(k, k) for k in KINDS])
    value = personal("contact", models.CharField(max_length=254))
    shown = personal("contact", models.CharField(max_length=254))

    privacy = Privacy("customer", DELETE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "kind", "value"], name="identity_once")]
        indexes = [models.Index(fields=["kind", "value", "customer"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.shown}"


class Relation(models.Model):
    """One customer's tie to another: works for, parent of, referred, household of."""

    KINDS = ("works_for", "parent_of", "household", "referred", "other")

    record = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="relations")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="relations")
    other_record = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="related_by")
    other = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="related_by")
    kind = models.CharField(max_length=12, choices=[(k, k) for k in KINDS])
    note = personal("content", models.CharField(max_length=200, blank=True))
    created_at = models.DateTimeField()

    privacy = Privacy("customer", DELETE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "other_record", "kind"], name="relation_once"),
            models.CheckConstraint(condition=~Q(record=models.F("other_record")), name="not_related_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind} {self.other_id}"


class Tag(models.Model):
    """A word people sort customers by."""

    name = models.CharField(max_length=60, unique=True)

    privacy = Privacy(None, KEEP, "a word of the organisation")

    def __str__(self) -> str:
        return self.name


class CustomerTag(models.Model):
    """A tag on a customer."""

    record = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="tags")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="tags")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="customers")

    privacy = Privacy("customer", DELETE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "tag"], name="tag_once")]
        indexes = [models.Index(fields=["tag", "customer"])]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.tag_id}"


class Merge(models.Model):
    """A merge by hand: which records moved from `absorbed` to `survivor`, so that they can move back."""

    survivor = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="merged_by")
    record_ids = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    undone_at = models.DateTimeField(null=True)

    privacy = Privacy("survivor", KEEP, "numbers of records only")

    class Meta:
        indexes = [models.Index(fields=["survivor", "-id"])]

    def __str__(self) -> str:
        return f"{self.absorbed_id} into {self.survivor_id}"
