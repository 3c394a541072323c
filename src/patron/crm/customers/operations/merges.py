"""Two customers turn out to be one, and sometimes not."""

from __future__ import annotations

from patron.crm.customers.golden import recompute
from patron.crm.customers.models import Customer, Merge, SourceRecord
from patron.crm.customers.pointers import move
from patron.crm.customers.scope import reach
from patron.crm.kit import audit, clock
from patron.crm.kit.announcements import announce
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Conflict, NotFound
from patron.words import Text


@operation("customers.merge")
def merge_customers(*, by: Actor, survivor_id: int, absorbed_id: int) -> Merge:
    """`absorbed` is the same as `survivor`: all its records move there and its number leads there from now on.

    The survivor keeps its owner and team. Both must be in the actor's reach. Raises NotFound and Conflict.
    """
    pair = [reach(by, number) for number in (survivor_id, absorbed_id)]
    if pair[0].pk == pair[1].pk:
        raise Conflict(Text("These are one customer already.", "这两位客户已经是同一位。"))
    survivor, absorbed = (_locked([c.pk for c in pair])[c.pk] for c in pair)
    record_ids = sorted(SourceRecord.objects.filter(customer=absorbed).values_list("pk", flat=True))
    move(record_ids, survivor.pk)
    Customer.objects.filter(pk=absorbed.pk).update(merged_into=survivor, updated_at=clock.now())
    merge = Merge.objects.create(
        survivor=survivor, absorbed=absorbed, record_ids=record_ids, made_at=clock.now(), made_by=by.name
    )
    recompute([survivor.pk, absorbed.pk])
    audit.record(by, "customers.merged", "customer", survivor.pk, absorbed=absorbed.pk, merge=merge.pk)
    announce("customers.merged", survivor_id=survivor.pk, absorbed_id=absorbed.pk)
    return merge


@operation("customers.merge")
def unmerge(*, by: Actor, merge_id: int) -> Customer:
    """Take a merge back, whatever else was merged since: what came with `absorbed` goes back to it.

    What was added while they were one stays with the survivor. Raises NotFound; Conflict where it was taken back
    before or somebody in it was erased. Returns the customer that stands on its own again.
    """
    merge = Merge.objects.select_for_update(of=("self",)).filter(pk=merge_id).first()
    if merge is None:
        raise NotFound(Text("merge", "合并"), merge_id)
    root = reach(by, merge.survivor_id, erased=True)
    if merge.undone_at is not None:
        raise Conflict(Text("This merge has been undone before.", "该合并已撤销。"))
    if root.erased_at is not None:
        raise Conflict(Text("This person was erased.", "该客户资料已被删除。"))
    _locked([root.pk, merge.absorbed_id])
    _let_go(merge)
    move(merge.record_ids, merge.absorbed_id)
    Customer.objects.filter(pk=merge.absorbed_id).update(merged_into=None, updated_at=clock.now())
    merge.undone_at = clock.now()
    merge.save(update_fields=["undone_at"])
    recompute([root.pk, merge.absorbed_id])
    audit.record(by, "customers.unmerged", "customer", root.pk, absorbed=merge.absorbed_id, merge=merge.pk)
    announce("customers.unmerged", survivor_id=root.pk, absorbed_id=merge.absorbed_id)
    return Customer.objects.get(pk=merge.absorbed_id)


def _let_go(merge: Merge) -> None:
    """Merges further up that took these records along take them back no more."""
    step: Merge | None = merge
    while step is not None:
        step = Merge.objects.filter(absorbed_id=step.survivor_id, undone_at__isnull=True).first()
        if step is not None:
            step.record_ids = sorted(set(step.record_ids) - set(merge.record_ids))
            step.save(update_fields=["record_ids"])


def _locked(customer_ids: list[int]) -> dict[int, Customer]:
    """These customers, kept from change until the end of the transaction, in one order for everybody."""
    rows = Customer.objects.select_for_update(of=("self",)).filter(pk__in=customer_ids).order_by("pk")
    found = {customer.pk: customer for customer in rows}
    if any(customer.merged_into_id is not None for customer in found.values() if customer.pk == customer_ids[0]):
        raise Conflict(
            Text("Somebody else has just merged one of them.", "其他人刚刚合并了其中一位客户。"),
            remedy=Text("Look again.", "请刷新后再试。"),
        )
    return found
