"""What operations by hand have in common: the hand's record of a customer, times and texts as people give them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from patron.crm.accounts.models import Organisation
from patron.crm.customers import changes
from patron.crm.customers.models import Customer, RecordVersion, Source, SourceRecord
from patron.crm.customers.models.fact import Fact
from patron.crm.customers.rules import key_by_hand, key_of_id
from patron.crm.kit import audit, clock
from patron.crm.kit.announcements import announce
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Conflict, Invalid
from patron.words import Text

F = TypeVar("F", bound=Fact)
EARLIEST = datetime(1900, 1, 1, tzinfo=ZoneInfo("UTC"))


def hand_records(customer_ids: Collection[int]) -> dict[int, int]:
    """Customer → the record of what was typed here about them; made where it is missing.

    It is named by the customer it was made for, so that what is typed while merged stays with whom it was typed for.
    """
    hand, now = Source.hand(), clock.now()
    names = {str(number): number for number in customer_ids}
    SourceRecord.objects.bulk_create(
        (SourceRecord(source=hand, external_id=n, customer_id=c, created_at=now) for n, c in names.items()),
        ignore_conflicts=True,
        batch_size=500,
    )
    there = SourceRecord.objects.filter(source=hand, external_id__in=names).values_list("external_id", "id")
    return {names[name]: pk for name, pk in there}


def hand_record(customer: Customer) -> int:
    """The number of the hand's record of this customer."""
    return hand_records([customer.pk])[customer.pk]


def say(record_id: int, fields: dict[str, Any], by: Actor) -> RecordVersion:
    """Add what was just said of a record as its next version."""
    last = (
        RecordVersion.objects.filter(record_id=record_id).order_by("-number").values_list("number", flat=True).first()
    )
    return RecordVersion.objects.create(
        record_id=record_id, number=(last or 0) + 1, fields=fields, raw={}, received_at=clock.now(), said_by=by.name
    )


def moment(given: datetime | None, field: str = "happened_at") -> datetime:
    """When it happened: now if nothing is given; without a zone, in the organisation's. Raises Invalid."""
    if given is None:
        return clock.now()
    if given.tzinfo is None:
        given = given.replace(tzinfo=ZoneInfo(Organisation.current().timezone))
    if given > clock.now() + timedelta(days=1):
        raise Invalid({field: Text("This lies in the future.", "该时间在未来。")})
    if given < EARLIEST:
        raise Invalid({field: Text("This lies before 1900.", "该时间早于 1900 年。")})
    return given


def required(field: str, text: str) -> str:
    """`text` without blanks around it. Raises Invalid where nothing is left."""
    if not text.strip():
        raise Invalid({field: Text("Write something here.", "请填写内容。")})
    return text.strip()


def one_of(field: str, value: str, words: Collection[str]) -> str:
    """`value`, if it is one of `words`. Raises Invalid otherwise."""
    if value not in words:
        raise Invalid({field: Text(f"One of: {', '.join(words)}.", f"可选：{'、'.join(words)}。")})
    return value


def limited(model: type[Fact], values: dict[str, Any]) -> dict[str, Any]:
    """`values`, if every text fits its column. Raises Invalid otherwise."""
    wrong = {}
    for name, value in values.items():
        longest = getattr(model._meta.get_field(name), "max_length", None)
        if isinstance(value, str) and "\x00" in value:
            wrong[name] = Text("It holds a character that is no text.", "含有非文本字符。")
        elif isinstance(value, str) and longest and len(value) > longest:
            wrong[name] = Text(f"At most {longest} characters.", f"最多 {longest} 个字符。")
    if wrong:
        raise Invalid(wrong)
    return values


def keep(
    model: type[F], customer: Customer, *, happened_at: datetime | None, external_id: str = "", **values: Any
) -> F:
    """Write one fact of `customer` on the hand's record, and the note for the mirror.

    Raises Conflict where the hand has told a fact of this kind and `external_id` before.
    """
    key = key_of_id(Source.hand().pk, model._meta.model_name or "", external_id) if external_id else key_by_hand()
    fact = model(
        record_id=hand_record(customer),
        customer=customer,
        happened_at=moment(happened_at),
        known_at=clock.now(),
        row_key=key,
        **limited(model, {"external_id": external_id, **values}),
    )
    try:
        with transaction.atomic():
            fact.save(force_insert=True)
    except IntegrityError:
        if not model._base_manager.filter(row_key=key).exists():
            raise
        raise Conflict(
            Text(f"'{external_id}' has been recorded before.", f"“{external_id}”已记录过。"),
            remedy=Text("Look at the customer's timeline.", "请查看客户时间线。"),
        ) from None
    changes.note(model, "added", [fact.pk])
    return fact


def done(by: Actor, action: str, fact: Fact, **details: Any) -> None:
    """Leave the audit entry of a new fact and tell that its customer has changed."""
    audit.record(by, action, "customer", fact.customer_id, fact=fact.pk, **details)
    announce("customers.changed", customer_ids=[fact.customer_id])
