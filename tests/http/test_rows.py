"""Many rows at once: each is created, updated, skipped or refused, and the same rows twice change nothing."""

from __future__ import annotations

import pytest
from people import person
from programs import program

from patron.crm.customers.models import Customer, Event, Order
from patron.crm.kit.models import AuditEntry
from patron.crm.sources.models import Import
from patron.crm.sources.undoing import undo_import

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return program(person("owner"))


def outcomes(answer):
    assert answer.status_code == 200, answer.content
    return [one["outcome"] for one in answer.json()["items"]]


CUSTOMERS = [
    {"customer": "C1", "name": "Ann", "acquisition_cost": "12.5"},
    {"customer": "C2", "name": "李雷", "birthday": "yesterday"},
    {"customer": "C3", "name": "Bo"},
]


def test_each_row_has_its_own_outcome_in_the_order_sent(owner):
    answer = owner.post("/rows/customers", {"source": "shop", "rows": CUSTOMERS})
    assert outcomes(answer) == ["created", "error", "created"]
    said = answer.json()
    assert said["items"][1]["errors"][0]["field"] == "birthday"
    assert said["counts"] == {"create": 2, "update": 0, "skip": 0, "error": 1}
    assert Customer.objects.count() == 2


def test_the_same_rows_again_are_skipped_and_changed_ones_updated(owner):
    owner.post("/rows/customers", {"source": "shop", "rows": CUSTOMERS})
    changed = [CUSTOMERS[0], {"customer": "C3", "name": "Bob"}]
    assert outcomes(owner.post("/rows/customers", {"source": "shop", "rows": changed})) == ["skipped", "updated"]
    assert set(Customer.objects.values_list("name", flat=True)) == {"Ann", "Bob"}


def test_lines_become_orders_of_customers_who_are_found_or_made(owner):
    at = "2026-03-01T09:30:00+08:00"
    rows = [
        {"customer": "C1", "order": "O1", "date": at, "product": "TEA", "quantity": "2", "price": "12.5"},
        {"customer": "C1", "order": "O1", "date": at, "product": "CUP", "quantity": "1", "price": "5"},
    ]
    assert outcomes(owner.post("/rows/orders", {"source": "shop", "rows": rows})) == ["created", "created"]
    order = Order.objects.get()
    assert (order.lines_count, str(order.revenue), order.external_id) == (2, "30", "O1")
    assert order.happened_at.isoformat() == "2026-03-01T01:30:00+00:00"
    assert outcomes(owner.post("/rows/orders", {"source": "shop", "rows": rows})) == ["skipped", "skipped"]


def test_one_audit_entry_and_an_import_that_can_be_undone(owner):
    rows = [{"customer": "C1", "date": "2026-03-01T09:30:00Z", "kind": "visit", "id": f"E{n}"} for n in range(50)]
    before = AuditEntry.objects.count()
    number = owner.post("/rows/events", {"source": "site", "rows": rows}).json()["import_id"]
    assert AuditEntry.objects.count() == before + 1
    assert owner.get(f"/imports/{number}").json()["state"] == "done"
    assert Event.objects.count() == 50
    owner.post(f"/imports/{number}/undo")
    undo_import(number)
    assert Import.objects.get().state == "undone"
    assert not Event.objects.exists()


def test_with_a_key_the_first_answer_is_given_again(owner):
    body = {"source": "shop", "rows": CUSTOMERS[:1]}
    first = owner.post("/rows/customers", body, Idempotency_Key="k")
    again = owner.post("/rows/customers", body, Idempotency_Key="k")
    assert outcomes(first) == outcomes(again) == ["created"]
    assert Import.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {"source": "shop", "rows": []},
        {"source": "", "rows": CUSTOMERS},
        {"source": "hand", "rows": CUSTOMERS},
        {"source": "shop", "rows": [{"shoe": "42"}]},
        {"source": "shop", "rows": [{"customer": "C"}] * 1001},
        {"source": "shop", "rows": [{"customer": "C1", "acquisition_cost": 5}]},
    ],
)
def test_a_request_that_can_not_be_read_writes_nothing(owner, body):
    assert owner.post("/rows/customers", body).status_code == 422
    assert not Import.objects.exists()


def test_rows_that_all_lack_what_the_kind_needs_are_refused(owner):
    answer = owner.post("/rows/events", {"source": "site", "rows": [{"kind": "visit"}]})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_only_who_may_import_may():
    for role in ("member", "analyst", "read_only"):
        answer = program(person(role)).post("/rows/customers", {"source": "shop", "rows": CUSTOMERS})
        assert answer.status_code == 403
    assert not Customer.objects.exists()
