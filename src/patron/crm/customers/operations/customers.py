"""Adding, changing and assigning customers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.auth import get_user_model

from patron.crm.accounts.models import Team
from patron.crm.customers.golden import chunked, recompute
from patron.crm.customers.models import Customer
from patron.crm.customers.operations.hands import hand_record, say
from patron.crm.customers.rules import FIELDS, read_fields
from patron.crm.customers.scope import reach, reach_many
from patron.crm.kit import audit, clock
from patron.crm.kit.announcements import announce
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor, Scope, require
from patron.crm.kit.privacy import personal_fields
from patron.crm.kit.problems import Invalid
from patron.words import Text

NAMED_BY = ("name", "email", "phone", "wechat", "external_id")


@operation("customers.edit")
def add_customer(
    *, by: Actor, kind: str = "person", fields: Mapping[str, Any], owner_id: int | None = None
) -> Customer:
    """A new customer, as the hand's record says. `fields` are those of rules.FIELDS; raises Invalid for wrong ones.

    Who reaches only their own or their team's customers becomes the owner, unless another one is given (for which
    `customers.assign` is needed).
    """
    said = _read({**fields, "kind": kind})
    said = {name: value for name, value in said.items() if value not in ("", {})}
    if not any(said.get(name) for name in NAMED_BY):
        raise Invalid({"name": Text("A name, phone or e-mail is needed.", "请填写姓名、电话或邮箱。")})
    if owner_id is None and by.scope != Scope.ALL:
        owner_id = by.id
    if owner_id is not None and owner_id != by.id:
        require(by, "customers.assign")
        _check_owner(owner_id)
    now = clock.now()
    customer = Customer.objects.create(owner_id=owner_id, created_at=now, updated_at=now)
    say(hand_record(customer), said, by)
    recompute([customer.pk])
    audit.record(by, "customers.added", "customer", customer.pk, fields=sorted(said))
    announce("customers.changed", customer_ids=[customer.pk])
    customer.refresh_from_db()
    return customer


@operation("customers.edit")
def edit_customer(*, by: Actor, customer_id: int, fields: Mapping[str, Any]) -> Customer:
    """Say something else of a customer. Only what differs from what is shown is said, by hand; '' empties a field.

    Entries of `extra` that are not named stay. Raises Invalid and NotFound.
    """
    customer = reach(by, customer_id, lock=True)
    said = _changed(customer, _read(fields))
    if not said:
        audit.nothing()
        return customer
    before = {name: getattr(customer, name) for name in said}
    say(hand_record(customer), said, by)
    recompute([customer.pk])
    customer.refresh_from_db()
    after = {name: getattr(customer, name) for name in said}
    changed = audit.changes(before, after, frozenset(personal_fields(Customer)))
    audit.record(by, "customers.edited", "customer", customer.pk, changes=changed)
    announce("customers.changed", customer_ids=[customer.pk])
    return customer


def _read(fields: Mapping[str, Any]) -> dict[str, Any]:
    said, wrong = read_fields(fields)
    if wrong:
        raise Invalid(wrong)
    return said


def _changed(customer: Customer, said: dict[str, Any]) -> dict[str, Any]:
    """What of `said` the customer's golden fields do not show already."""
    changed = {
        name: value
        for name, value in said.items()
        if name != "extra" and FIELDS[name].value(value) != getattr(customer, name)
    }
    extra = {name: value for name, value in (said.get("extra") or {}).items() if customer.extra.get(name, "") != value}
    return {**changed, **({"extra": extra} if extra else {})}


UNCHANGED = -1


@operation("customers.assign")
def assign_customers(
    *, by: Actor, customer_ids: Collection[int], owner_id: int | None = UNCHANGED, team_id: int | None = UNCHANGED
) -> int:
    """Give customers another owner or team (None: nobody; left out: as it is). Returns how many."""
    values = {name: value for name, value in (("owner_id", owner_id), ("team_id", team_id)) if value != UNCHANGED}
    if owner_id is not None and owner_id != UNCHANGED:
        _check_owner(owner_id)
    if team_id is not None and team_id != UNCHANGED and not Team.objects.filter(pk=team_id).exists():
        raise Invalid({"team_id": Text("There is no such team.", "没有该团队。")})
    ids = reach_many(by, customer_ids)
    if not ids or not values:
        audit.nothing()
        return 0
    for chunk in chunked(ids):
        Customer.objects.filter(pk__in=chunk).update(**values, updated_at=clock.now())
    one = ids[0] if len(ids) == 1 else None
    audit.record(by, "customers.assigned", "customer", one, customers=ids[:1_000], count=len(ids), **values)
    announce("customers.changed", customer_ids=ids)
    return len(ids)


def _check_owner(owner_id: int) -> None:
    if not get_user_model().objects.filter(pk=owner_id, is_active=True).exists():
        raise Invalid({"owner_id": Text("There is no such active colleague.", "没有该在职同事。")})
