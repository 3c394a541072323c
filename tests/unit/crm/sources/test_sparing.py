"""Who was erased is not brought back by a file or a program; somebody else is; and it can be lifted."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import override_settings
from importing import BY, ran, uploaded
from people import SYSTEM, colleague, customer

from patron.crm.customers import farewells
from patron.crm.customers import operations as do
from patron.crm.customers.models import Customer, Event, Farewell, Order, OrderLine, RecordVersion
from patron.crm.kit.models import AuditEntry
from patron.crm.kit.problems import Conflict, Forbidden, NotFound
from patron.crm.sources.models import Import, RejectedCell
from patron.crm.sources.taking import take_rows
from patron.crm.sources.writers.registry import writer_of
from patron.crm.sources.writers.sparing import Sparing

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PEOPLE = """customer id,name,email,phone
1,Ann Smith,Ann@Example.org,13800138000
2,Bob Jones,bob@example.org,13900139000
"""
ORDERS = """order id,line id,customer id,date,quantity,unit price,description
A,A1,1,2026-01-05,1,10,for aunt Emma
B,B1,2,2026-01-06,1,10,tea
C,C1,1,2026-01-07,1,10,cake
"""


def test_every_writer_of_what_people_do_leaves_out_the_erased():
    kinds = ("customers", "orders", "interactions", "events", "feedback", "subscriptions")
    assert all(isinstance(writer_of(kind), Sparing) for kind in kinds)
    assert not isinstance(writer_of("products"), Sparing)


def erased(name: str = "Ann Smith") -> Customer:
    found = Customer.objects.get(name=name)
    do.erase_customer(by=SYSTEM, customer_id=found.pk, confirm_name=name)
    return found


def living() -> list[str]:
    return sorted(Customer.objects.filter(erased_at=None).values_list("name", flat=True))


def counts(run: Import) -> dict[str, int]:
    return {name: number for name, number in run.counts.items() if number}


def test_the_same_file_again_leaves_the_person_out():
    ran(uploaded(PEOPLE, "customers"))
    ran(uploaded(ORDERS.rsplit("C,", 1)[0], "orders"))
    assert erased().farewells.count() == 3
    assert counts(ran(uploaded(PEOPLE, "customers"))) == {"skip": 1, "erased": 1}
    assert counts(ran(uploaded(ORDERS, "orders"))) == {"skip": 1, "erased": 2}
    assert living() == ["Bob Jones"]
    assert Order.objects.count() == 2, "the sum of what was bought stays, and nothing comes to it"
    assert not OrderLine.objects.filter(description__contains="Emma").exists()
    assert not RecordVersion.objects.filter(fields__icontains="Ann").exists()


def test_another_source_knows_them_by_e_mail_or_phone():
    ran(uploaded(PEOPLE, "customers"))
    erased()
    other = (
        "customer id,name,email,phone\nx,A. S.,ANN@example.org,\ny,Ann,,0086 138 0013 8000\nz,Zoe,zoe@example.org,\n"
    )
    assert counts(ran(uploaded(other, "customers", source="fair"))) == {"create": 1, "erased": 2}
    assert living() == ["Bob Jones", "Zoe"]


def test_a_living_customer_keeps_their_row_and_what_they_share():
    ran(uploaded(PEOPLE, "customers"))
    husband = customer("Carl", phone="13800138000")
    erased()
    assert sorted(Farewell.objects.values_list("kind", flat=True)) == ["email", "record"]
    moved = PEOPLE.replace("bob@", "ann@").split("\n")
    assert counts(ran(uploaded("\n".join([moved[0], moved[2], ""]), "customers"))) == {"update": 1}
    assert husband.name in living()


def test_rows_of_a_program_are_left_out_and_told_so():
    ran(uploaded(PEOPLE, "customers"))
    erased()
    rows: list[dict[str, Any]] = [
        {"customer": "9", "name": "Ann", "email": "ann@example.org"},
        {"customer": "8", "name": "Dan"},
    ]
    taken = take_rows(by=BY, source_name="till", kind="customers", rows=rows)
    assert [one.outcome for one in taken.outcomes] == ["erased", "create"]
    assert counts(taken.run) == {"create": 1, "erased": 1}
    fact = {"customer": "1", "kind": "visit", "date": "2026-01-05"}
    taken = take_rows(by=BY, source_name="shop", kind="events", rows=[fact, {**fact, "customer": "2"}])
    assert [one.outcome for one in taken.outcomes] == ["erased", "create"]
    assert Event.objects.get().customer.name == "Bob Jones"


def test_nothing_of_a_refused_row_is_kept():
    ran(uploaded(PEOPLE, "customers"))
    erased()
    bad = "customer id,name,birthday\n1,Ann Smith,soon\n3,Eve,soon\n"
    assert counts(ran(uploaded(bad, "customers"))) == {"error": 2}
    kept = {cell.row: (cell.value, "".join(map(str, cell.cells))) for cell in RejectedCell.objects.all()}
    assert sorted(kept.values()) == [("", ""), ("soon", "3Evesoon")]


def test_who_may_erase_may_lift_it():
    ran(uploaded(PEOPLE, "customers"))
    gone = erased()
    member = colleague("member", permissions=["customers.view", "customers.edit"])
    with pytest.raises(Forbidden):
        do.lift_erasure(by=member, customer_id=gone.pk)
    with pytest.raises(Conflict, match="not erased"):
        do.lift_erasure(by=SYSTEM, customer_id=Customer.objects.get(name="Bob Jones").pk)
    with pytest.raises(NotFound):
        do.lift_erasure(by=SYSTEM, customer_id=10**9)
    assert do.lift_erasure(by=SYSTEM, customer_id=gone.pk) == 3
    assert AuditEntry.objects.get(action="customers.erasure_lifted").details == {"marks": 3}
    assert counts(ran(uploaded(PEOPLE, "customers"))) == {"create": 1, "skip": 1}
    assert living() == ["Ann Smith", "Bob Jones"]
    assert Customer.objects.get(pk=gone.pk).erased_at


def test_a_merged_person_goes_with_every_number():
    ran(uploaded(PEOPLE, "customers"))
    one, other = Customer.objects.order_by("external_id")
    do.merge_customers(by=SYSTEM, survivor_id=one.pk, absorbed_id=other.pk)
    erased(Customer.objects.get(merged_into=None).name)
    assert counts(ran(uploaded(PEOPLE, "customers"))) == {"erased": 2}


def test_a_mark_says_nothing_without_the_key_and_survives_a_new_one():
    ran(uploaded(PEOPLE, "customers"))
    erased()
    known = ("email", "ann@example.org")
    assert farewells.erased_among([known, ("email", "bob@example.org")]) == {known}
    with override_settings(SECRET_KEY="another" * 9):
        assert not farewells.erased_among([known])
    from django.conf import settings

    with override_settings(SECRET_KEY="another" * 9, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert farewells.erased_among([known]) == {known}
