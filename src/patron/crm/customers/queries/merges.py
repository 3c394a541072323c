"""What a merge brought together, and what taking it back would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from patron.crm.customers.kinds import KINDS
from patron.crm.customers.models import Customer, Merge
from patron.crm.customers.models.fact import Fact
from patron.crm.customers.scope import reach
from patron.crm.kit.doors import query
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import NotFound
from patron.words import Text


@dataclass(frozen=True)
class Unmerging:
    """Facts by kind that would go back to `absorbed`, and those that would stay."""

    merge: Merge
    absorbed: Customer
    goes: Mapping[str, int]
    stays: Mapping[str, int]


@query("customers.merge")
def unmerging(*, actor: Actor, merge_id: int) -> Unmerging:
    """What `unmerge` of this merge would do: to be shown before it happens. Raises NotFound."""
    merge = Merge.objects.select_related("absorbed").filter(pk=merge_id).first()
    if merge is None:
        raise NotFound(Text("merge", "合并"), merge_id)
    customer = reach(actor, merge.survivor_id, erased=True)
    goes = {kind: _count(model, customer, merge, True) for kind, model in KINDS.items()}
    stays = {kind: _count(model, customer, merge, False) for kind, model in KINDS.items()}
    return Unmerging(merge, merge.absorbed, goes, stays)


def _count(model: type[Fact], customer: Customer, merge: Merge, inside: bool) -> int:
    facts = model._base_manager.filter(customer=customer)
    ids = merge.record_ids
    return (facts.filter(record_id__in=ids) if inside else facts.exclude(record_id__in=ids)).count()
