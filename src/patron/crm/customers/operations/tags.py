"""Tags: words people sort customers by."""

from __future__ import annotations

from collections.abc import Collection

from patron.crm.customers.golden import chunked
from patron.crm.customers.models import CustomerTag, Tag
from patron.crm.customers.operations.hands import hand_records, required
from patron.crm.customers.scope import reach_many
from patron.crm.kit import audit
from patron.crm.kit.announcements import announce
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Invalid
from patron.words import Text


@operation("customers.edit")
def tag_customers(*, by: Actor, customer_ids: Collection[int], tag: str) -> int:
    """Put a tag on customers; those who have it keep it. Returns how many have it for the first time."""
    name = required("tag", tag)
    if len(name) > 60:
        raise Invalid({"tag": Text("A tag has at most 60 characters.", "标签最多 60 个字符。")})
    word, _ = Tag.objects.get_or_create(name=name)
    added: list[int] = []
    for ids in chunked(reach_many(by, customer_ids)):
        # Asked of the hand's own record: a tag that only a merged record brought would leave with it.
        records = hand_records(ids)
        tagged = CustomerTag.objects.filter(tag=word, record_id__in=records.values())
        have = set(tagged.values_list("customer_id", flat=True))
        fresh = {customer: record for customer, record in records.items() if customer not in have}
        CustomerTag.objects.bulk_create(
            (CustomerTag(record_id=record, customer_id=customer, tag=word) for customer, record in fresh.items()),
            batch_size=500,
        )
        added += fresh
    return _told(by, "customers.tagged", word, added)


@operation("customers.edit")
def untag_customers(*, by: Actor, customer_ids: Collection[int], tag: str) -> int:
    """Take a tag off customers. Returns how many had it."""
    word = Tag.objects.filter(name=tag.strip()).first()
    gone: set[int] = set()
    for ids in chunked(reach_many(by, customer_ids)):
        rows = CustomerTag.objects.filter(tag=word, customer_id__in=ids) if word else CustomerTag.objects.none()
        gone.update(rows.values_list("customer_id", flat=True))
        rows.delete()
    return _told(by, "customers.untagged", word, sorted(gone))


def _told(by: Actor, action: str, word: Tag | None, ids: list[int]) -> int:
    if not ids or word is None:
        audit.nothing()
        return 0
    one = ids[0] if len(ids) == 1 else None
    audit.record(by, action, "customer", one, tag=word.name, customers=ids[:1_000], count=len(ids))
    announce("customers.changed", customer_ids=ids)
    return len(ids)
