"""What of a customer can be found: names, phones, e-mails and other identities, read for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models.fields.json import KeyTextTransform

from patron.crm.customers.models import Customer, Identity, RecordVersion
from patron.crm.customers.search.grams import pieces


def documents(customer_ids: Sequence[int]) -> list[tuple[int, list[str]]]:
    """(number, pieces) of those among the customers who can be found."""
    golden = Customer.objects.filter(pk__in=customer_ids, merged_into__isnull=True, erased_at__isnull=True)
    rows = golden.values_list("id", "name", "email", "phone", "wechat", "external_id")
    names, parts = _names(customer_ids), defaultdict[int, list[str]](list)
    for number, value, shown in Identity.objects.filter(customer_id__in=customer_ids).values_list(
        "customer_id", "value", "shown"
    ):
        parts[number] += [shown, value]
    found = []
    for number, name, *other in rows:
        called = [name, *names.get(number, ())]
        found.append((number, pieces([*called, *other, *parts[number]], called)))
    return found


def _names(customer_ids: Sequence[int]) -> dict[int, list[str]]:
    """Names that records of a customer give beside the golden one: after a merge both are found."""
    said = RecordVersion.objects.filter(record__customer_id__in=customer_ids, number__gte=1)
    rows = said.order_by("record_id", "number").values_list(
        "record__customer_id", "record_id", KeyTextTransform("name", "fields")
    )
    last = {(customer, record): name for customer, record, name in rows if name}
    names = defaultdict[int, list[str]](list)
    for (customer, _), name in last.items():
        names[customer].append(name)
    return names
