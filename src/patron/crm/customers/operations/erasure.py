"""A person is erased for good: what declares that it belongs to them is deleted or blanked, in every app."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Cast, Concat

from patron.crm.customers import changes, farewells, search
from patron.crm.customers.golden import chunked
from patron.crm.customers.models import Correction, Customer, OrderLine, SourceRecord
from patron.crm.customers.models.fact import Fact
from patron.crm.customers.scope import family, reach
from patron.crm.customers.subject import models_of_persons, rows_about
from patron.crm.kit import audit, clock
from patron.crm.kit.announcements import announce
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor
from patron.crm.kit.privacy import BLANK, DELETE, models_of_crm, personal_fields, privacy_of
from patron.crm.kit.problems import Conflict, Invalid
from patron.words import Text


@operation("customers.erase")
def erase_customer(*, by: Actor, customer_id: int, confirm_name: str) -> None:
    """Erase a person, and whoever was merged into them. It can't be undone, so their name must be typed.

    Imports know them again by keyed hashes and leave them out, until `lift_erasure`.
    Sums of orders stay and belong to nobody named. Mirror, scores and files follow by 'customers.erased', told with
    `customer_id` and `record_ids` before the rows go, in the same transaction. Raises NotFound and Invalid.
    """
    customer = reach(by, customer_id, lock=True)
    if confirm_name.strip() != str(customer):
        wrong = Text(f"Type '{customer}' to erase them.", f"请输入“{customer}”以确认删除。")
        raise Invalid({"confirm_name": wrong})
    ids = family(customer.pk)
    record_ids = list(SourceRecord.objects.filter(customer_id__in=ids).order_by("pk").values_list("pk", flat=True))
    farewells.remember(customer.pk, ids)
    announce("customers.erased", customer_id=customer.pk, record_ids=record_ids)
    counts = {model._meta.label: _erase(model, ids) for model in reversed(list(models_of_persons()))}
    _forget_answers()
    search.forget(ids)
    Customer.objects.filter(pk__in=ids).update(erased_at=clock.now(), updated_at=clock.now())
    rows = {label: n for label, n in counts.items() if n}
    audit.record(by, "customers.erased", "customer", customer.pk, rows=rows)


@operation("customers.erase")
def lift_erasure(*, by: Actor, customer_id: int) -> int:
    """Imports may bring back whom this erased customer was, as somebody new. Returns how many marks were forgotten.

    What was erased stays erased. Raises NotFound, and Conflict for a customer who was not erased.
    """
    customer = reach(by, customer_id, erased=True, lock=True)
    if customer.erased_at is None:
        raise Conflict(Text("This customer was not erased.", "该客户未被删除。"))
    gone = farewells.forget(customer)
    audit.record(by, "customers.erasure_lifted", "customer", customer.pk, marks=gone)
    return gone


def _erase(model: type[models.Model], customer_ids: list[int]) -> int:
    """Delete or blank the rows of `model` about these customers, as it declares. Returns how many."""
    on_erase = privacy_of(model).on_erase
    if on_erase not in (DELETE, BLANK):
        return 0
    numbers = sorted(rows_about(model, customer_ids).values_list("pk", flat=True))
    for chunk in chunked(numbers):
        rows = model._base_manager.filter(pk__in=chunk)
        Correction.objects.filter(model=model._meta.label, row_id__in=chunk).delete()
        if on_erase == DELETE:
            rows.delete()
        else:
            rows.update(**blanks(model))
    if issubclass(model, (Fact, OrderLine)):
        changes.note(model, "removed" if on_erase == DELETE else "corrected", numbers)
    return len(numbers)


def blanks(model: type[models.Model]) -> dict[str, Any]:
    """What stands in the personal columns of a blanked row. Where values must differ: 'erased-' and its number."""
    unique = {name for c in model._meta.constraints if isinstance(c, models.UniqueConstraint) for name in c.fields}
    numbered = Concat(Value("erased-"), Cast(F("pk"), models.CharField()))
    return {
        name: numbered if name in unique else _blank(model._meta.get_field(name)) for name in personal_fields(model)
    }


def _blank(field: Any) -> Any:
    if field.null:
        return None
    return field.get_default() if isinstance(field, models.JSONField) else field.to_python("")


def _forget_answers() -> None:
    """Rows about nobody in particular that may quote the person (answers of the API) are blanked for everybody."""
    for model in _quoting():
        model._base_manager.update(**blanks(model))


def _quoting() -> Sequence[type[models.Model]]:
    about_nobody = (m for m in models_of_crm() if privacy_of(m).subject is None)
    return [m for m in about_nobody if privacy_of(m).on_erase == BLANK and personal_fields(m)]
