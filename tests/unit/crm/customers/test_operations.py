"""Customers and their facts are written by operations: validated, within reach, audited, told to the mirror."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from people import SYSTEM, colleague, customer, day

from patron.crm.accounts.models import Team
from patron.crm.customers import operations as do
from patron.crm.customers.models import (
    Customer,
    CustomerTag,
    FactChange,
    Identity,
    Note,
    Order,
    OrderLine,
    Product,
    RecordVersion,
    Relation,
    Subscription,
)
from patron.crm.customers.scope import visible
from patron.crm.kit import clock
from patron.crm.kit.models import AuditEntry
from patron.crm.kit.problems import Conflict, Forbidden, Invalid, NotFound

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    return list(FactChange.objects.order_by("id").values_list("model", "what"))


def test_a_customer_is_what_the_hand_said():
    made = do.add_customer(by=SYSTEM, fields={"name": " 王小明 ", "phone": "138 0013 8000", "birthday": "1990-02-01"})
    assert (made.name, made.phone, str(made.birthday), made.kind) == ("王小明", "138 0013 8000", "1990-02-01", "person")
    assert Identity.objects.get().value == "+8613800138000"
    assert AuditEntry.objects.get().details == {"fields": ["birthday", "kind", "name", "phone"]}


@pytest.mark.parametrize(
    "fields, wrong",
    [
        ({}, {"name"}),
        ({"name": "  "}, {"name"}),
        ({"city": "Ulm"}, {"name"}),
        ({"name": "A", "email": "none"}, {"email"}),
        ({"name": "A", "phone": "call me"}, {"phone"}),
        ({"name": "A" * 201, "birthday": "soon", "wings": "2"}, {"name", "birthday", "wings"}),
        ({"name": "A", "acquisition_cost": "NaN"}, {"acquisition_cost"}),
        ({"name": "A", "language": "fr"}, {"language"}),
    ],
)
def test_what_no_customer_can_be_is_refused(fields, wrong):
    with pytest.raises(Invalid) as refused:
        do.add_customer(by=SYSTEM, fields=fields)
    assert set(refused.value.fields) == wrong
    assert not Customer.objects.exists()


def test_an_edit_says_only_what_differs_and_empties_what_is_emptied():
    made = customer("A", phone="13800138000", city="Ulm")
    after = do.edit_customer(by=SYSTEM, customer_id=made.pk, fields={"name": "A", "phone": "", "city": "Köln"})
    assert (after.name, after.phone, after.city) == ("A", "", "Köln")
    assert RecordVersion.objects.order_by("-number").first().fields == {"phone": "", "city": "Köln"}
    assert not Identity.objects.exists()
    entry = AuditEntry.objects.get(action="customers.edited")
    assert entry.details == {"changes": {"phone": "changed", "city": "changed"}}


def test_an_edit_that_changes_nothing_leaves_nothing():
    made = customer("A", extra={"size": "L"})
    do.edit_customer(by=SYSTEM, customer_id=made.pk, fields={"name": "A ", "extra": {"size": "L"}})
    assert RecordVersion.objects.count() == 1
    assert not AuditEntry.objects.filter(action="customers.edited").exists()


def test_further_fields_are_changed_one_by_one():
    made = customer("A", extra={"size": "L", "colour": "red"})
    after = do.edit_customer(by=SYSTEM, customer_id=made.pk, fields={"extra": {"size": "", "shoe": "42"}})
    assert after.extra == {"colour": "red", "shoe": "42"}


def test_who_reaches_only_their_own_owns_whom_they_add():
    anna = colleague("anna", scope="own")
    made = do.add_customer(by=anna, fields={"name": "A"})
    assert made.owner == anna
    assert visible(anna).get() == made


def test_only_who_may_assign_gives_customers_to_others():
    ben = colleague("ben")
    anna = colleague("anna", scope="own", permissions=["customers.edit"])
    with pytest.raises(Forbidden):
        do.add_customer(by=anna, fields={"name": "A"}, owner_id=ben.pk)
    with pytest.raises(Invalid):
        do.assign_customers(by=ben, customer_ids=[customer("B").pk], owner_id=99_999)


def test_reach_is_own_team_or_all():
    north, south = Team.objects.create(name="North"), Team.objects.create(name="South")
    anna = colleague("anna", scope="own", teams=(north,))
    ben = colleague("ben", scope="team", teams=(north, south))
    cleo = colleague("cleo")
    his, hers, teams, nobodys = (
        customer("1", owner=ben),
        customer("2", owner=anna),
        customer("3", team=south),
        customer("4"),
    )
    assert set(visible(anna)) == {hers}
    assert sorted(visible(ben).values_list("pk", flat=True)) == [his.pk, hers.pk, teams.pk]
    assert set(visible(cleo)) == {his, hers, teams, nobodys}


def test_out_of_reach_is_as_if_there_were_none():
    anna, other = colleague("anna", scope="own"), customer("B")
    with pytest.raises(NotFound) as hidden:
        do.add_note(by=anna, customer_id=other.pk, text="x")
    with pytest.raises(NotFound) as missing:
        do.add_note(by=anna, customer_id=99_999, text="x")
    assert str(hidden.value).replace(str(other.pk), "99999") == str(missing.value)
    with pytest.raises(NotFound):
        do.assign_customers(by=anna, customer_ids=[other.pk], team_id=None)


def test_customers_change_hands():
    ben, team = colleague("ben"), Team.objects.create(name="North")
    ids = [customer("A").pk, customer("B").pk]
    assert do.assign_customers(by=ben, customer_ids=ids, owner_id=ben.pk, team_id=team.pk) == 2
    assert do.assign_customers(by=ben, customer_ids=ids, owner_id=None) == 2
    assert set(Customer.objects.values_list("owner", "team")) == {(None, team.pk)}
    assert do.assign_customers(by=ben, customer_ids=[], owner_id=None) == 0


def test_every_kind_of_fact_is_written_and_told():
    made = customer()
    who = {"by": SYSTEM, "customer_id": made.pk}
    do.add_note(**who, text="asked for tea")
    do.log_interaction(**who, channel="phone", inbound=True, text="late delivery", minutes=4, happened_at=day(3))
    do.record_event(**who, kind="visit", intent=True, object_id="/tea")
    do.record_feedback(**who, question="nps", score=9)
    do.record_subscription(**who, plan="tea monthly", amount=Decimal("9.90"), starts_at=day(1))
    do.record_consent(**who, channel="mail", purpose="marketing", given=True)
    do.record_order(**who, happened_at=day(2), lines=[{"product": "T1", "quantity": 2, "unit_price": "4.5"}])
    assert told() == [
        ("customers.Note", "added"),
        ("customers.Interaction", "added"),
        ("customers.Event", "added"),
        ("customers.Feedback", "added"),
        ("customers.Subscription", "added"),
        ("customers.Consent", "added"),
        ("customers.Order", "added"),
        ("customers.OrderLine", "added"),
    ]
    assert AuditEntry.objects.count() == 8
    assert "tea" not in str(list(AuditEntry.objects.values_list("details", flat=True)))


@pytest.mark.parametrize(
    "operation, values, wrong",
    [
        ("add_note", {"text": " "}, "text"),
        ("log_interaction", {"channel": "pigeon", "inbound": True, "text": ""}, "channel"),
        ("log_interaction", {"channel": "phone", "inbound": True, "text": "", "minutes": -1}, "minutes"),
        ("log_interaction", {"channel": "phone", "inbound": True, "text": "", "subject": "x" * 301}, "subject"),
        ("record_event", {"kind": ""}, "kind"),
        ("record_event", {"kind": "a\x00b"}, "kind"),
        ("record_feedback", {"question": "nps"}, "text"),
        ("record_feedback", {"question": "nps", "score": float("nan")}, "score"),
        ("record_subscription", {"plan": "a", "amount": 1, "starts_at": day(2), "ends_at": day(1)}, "ends_at"),
        ("record_consent", {"channel": "mail", "purpose": "fun", "given": True}, "purpose"),
        ("record_order", {"lines": []}, "lines"),
        ("record_order", {"lines": [{"quantity": 1}]}, "lines.0.unit_price"),
        ("record_order", {"lines": [{"unit_price": "much"}]}, "lines.0.unit_price"),
        ("record_order", {"lines": [{"unit_price": 1, "colour": "red"}]}, "lines.0"),
        ("record_order", {"lines": [{"unit_price": 1}], "currency": "USD"}, "currency"),
        ("record_order", {"lines": [{"unit_price": 1}], "status": "lost"}, "status"),
    ],
)
def test_facts_that_can_not_be_are_refused(operation, values, wrong):
    made = customer()
    with pytest.raises(Invalid) as refused:
        getattr(do, operation)(by=SYSTEM, customer_id=made.pk, **values)
    assert set(refused.value.fields) == {wrong}
    assert not told()


def test_nothing_happens_in_the_future():
    made = customer()
    with pytest.raises(Invalid, match="future"):
        do.record_event(by=SYSTEM, customer_id=made.pk, kind="visit", happened_at=clock.now() + timedelta(days=3))


def test_a_time_without_a_zone_is_the_organisations():
    made = customer()
    event = do.record_event(by=SYSTEM, customer_id=made.pk, kind="visit", happened_at=day(5).replace(tzinfo=None))
    assert event.happened_at == day(5) - timedelta(hours=8)


def test_an_order_has_its_sums_in_base_currency():
    do.save_rate(by=SYSTEM, day=day(0).date(), currency="usd", rate=Decimal("7.1"))
    do.save_rate(by=SYSTEM, day=day(10).date(), currency="USD", rate=Decimal("7.2"))
    do.save_product(by=SYSTEM, code="T1", name="tea", cost="3")
    lines = [
        {"product": "T1", "quantity": 2, "unit_price": "10"},
        {"product": "T2", "description": "cup", "unit_price": "5", "cost": "2"},
        {"product": "POST", "description": "postage", "unit_price": "1", "cost": "1"},
    ]
    order = do.record_order(by=SYSTEM, customer_id=customer().pk, happened_at=day(9), currency="USD", lines=lines)
    assert (order.rate, order.revenue, order.cost) == (Decimal("7.1"), Decimal("184.6"), Decimal("27.3"))
    assert list(OrderLine.objects.order_by("id").values_list("item", "purchase")) == [
        (True, True),
        (True, True),
        (False, True),
    ]
    assert Product.objects.get(code="T2").name == "cup"


def test_an_order_that_is_cancelled_counts_nothing_until_it_counts_again():
    order = do.record_order(by=SYSTEM, customer_id=customer().pk, lines=[{"unit_price": "10", "cost": "4"}])
    after = do.set_order_status(by=SYSTEM, order_id=order.pk, status="cancelled")
    assert (after.revenue, after.cost, OrderLine.objects.get().purchase) == (0, 0, False)
    again = do.set_order_status(by=SYSTEM, order_id=order.pk, status="placed")
    assert (again.revenue, again.cost, OrderLine.objects.get().purchase) == (10, 4, True)
    assert ("customers.OrderLine", "corrected") in told()


def test_the_same_order_is_recorded_once():
    who = {"by": SYSTEM, "customer_id": customer().pk, "lines": [{"unit_price": 1}], "external_id": "A-1"}
    do.record_order(**who)
    with pytest.raises(Conflict, match="A-1"):
        do.record_order(**who)
    assert Order.objects.count() == 1


def test_a_running_subscription_ends():
    made = customer()
    term = do.record_subscription(by=SYSTEM, customer_id=made.pk, plan="a", amount=Decimal(1), starts_at=day(1))
    with pytest.raises(Invalid):
        do.end_subscription(by=SYSTEM, subscription_id=term.pk, ends_at=day(0))
    do.end_subscription(by=SYSTEM, subscription_id=term.pk, ends_at=day(9))
    assert Subscription.objects.get().ends_at == day(9)


def test_what_was_typed_can_be_taken_back_and_what_was_imported_not():
    made = customer()
    order = do.record_order(by=SYSTEM, customer_id=made.pk, lines=[{"unit_price": 1}])
    note = do.add_note(by=SYSTEM, customer_id=made.pk, text="x")
    do.remove_fact(by=SYSTEM, kind="order", fact_id=order.pk)
    assert not Order.objects.exists()
    assert {("customers.Order", "removed"), ("customers.OrderLine", "removed")} <= set(told())
    Note.objects.update(batch=1)
    with pytest.raises(Conflict, match="import"):
        do.remove_fact(by=SYSTEM, kind="note", fact_id=note.pk)
    with pytest.raises(NotFound):
        do.remove_fact(by=SYSTEM, kind="event", fact_id=1)


def test_tags_are_put_on_once_and_taken_off():
    ids = [customer("A").pk, customer("B").pk]
    assert do.tag_customers(by=SYSTEM, customer_ids=ids[:1], tag="tea") == 1
    assert do.tag_customers(by=SYSTEM, customer_ids=ids, tag=" tea ") == 1
    assert do.untag_customers(by=SYSTEM, customer_ids=ids, tag="tea") == 2
    assert do.untag_customers(by=SYSTEM, customer_ids=ids, tag="nobody's") == 0
    assert not CustomerTag.objects.exists()


def test_customers_are_tied_once_and_not_to_themselves():
    a, b = customer("A"), customer("B")
    tie = do.relate(by=SYSTEM, customer_id=a.pk, other_id=b.pk, kind="referred", note="at the fair")
    with pytest.raises(Conflict):
        do.relate(by=SYSTEM, customer_id=a.pk, other_id=b.pk, kind="referred")
    with pytest.raises(Invalid):
        do.relate(by=SYSTEM, customer_id=a.pk, other_id=a.pk, kind="referred")
    do.unrelate(by=SYSTEM, relation_id=tie.pk)
    with pytest.raises(NotFound):
        do.unrelate(by=SYSTEM, relation_id=tie.pk)
    assert not Relation.objects.exists()


def test_products_and_rates_that_can_not_be_are_refused():
    with pytest.raises(Invalid):
        do.save_product(by=SYSTEM, code=" ", name="x")
    with pytest.raises(Invalid):
        do.save_product(by=SYSTEM, code="A", wings=2)
    for currency, rate in (("CNY", 1), ("US", 1), ("USD", 0)):
        with pytest.raises(Invalid):
            do.save_rate(by=SYSTEM, day=day(1).date(), currency=currency, rate=Decimal(rate))
