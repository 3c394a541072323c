"""Ties between customers."""

from __future__ import annotations

from django.db.models import Q

from patron.crm.customers.models import Relation
from patron.crm.customers.operations.hands import hand_record, one_of
from patron.crm.customers.scope import reach, visible
from patron.crm.kit import audit, clock
from patron.crm.kit.announcements import announce
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Conflict, Invalid, NotFound
from patron.words import Text


@operation("customers.edit")
def relate(*, by: Actor, customer_id: int, other_id: int, kind: str, note: str = "") -> Relation:
    """`customer` is tied to `other`: works_for, parent_of, household, referred or other."""
    customer, other = reach(by, customer_id, lock=True), reach(by, other_id)
    one_of("kind", kind, Relation.KINDS)
    if customer.pk == other.pk:
        raise Invalid({"other_id": Text("This is the same customer.", "这是同一位客户。")})
    if len(note) > 200:
        raise Invalid({"note": Text("At most 200 characters.", "最多 200 个字符。")})
    record, other_record = hand_record(customer), hand_record(other)
    if Relation.objects.filter(record=record, other_record=other_record, kind=kind).exists():
        raise Conflict(Text("They are related like this already.", "两者已有该关系。"))
    relation = Relation.objects.create(
        record_id=record,
        customer=customer,
        other_record_id=other_record,
        other=other,
        kind=kind,
        note=note.strip(),
        created_at=clock.now(),
    )
    audit.record(by, "customers.related", "customer", customer.pk, other=other.pk, kind=kind)
    announce("customers.changed", customer_ids=[customer.pk, other.pk])
    return relation


@operation("customers.edit")
def unrelate(*, by: Actor, relation_id: int) -> None:
    """Take a tie away again."""
    seen = visible(by)
    relation = Relation.objects.filter(Q(customer__in=seen) | Q(other__in=seen), pk=relation_id).first()
    if relation is None:
        raise NotFound(Text("relation", "关系"), relation_id)
    relation.delete()
    ids = [relation.customer_id, relation.other_id]
    audit.record(by, "customers.unrelated", "customer", ids[0], other=ids[1], kind=relation.kind)
    announce("customers.changed", customer_ids=ids)
