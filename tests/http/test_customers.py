"""Programs read and write customers as people do on screen, each as far as its role goes."""

from __future__ import annotations

import pytest
from people import person
from programs import base, program

from patron.crm.accounts.models import Team
from patron.crm.customers.models import Customer, Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return program(person("owner"))


def made(answer, status=201):
    assert answer.status_code == status, answer.content
    return answer.json() if answer.content else None


def test_a_customer_from_first_word_to_erasure(owner):
    one = made(owner.post("/customers", {"name": "李雷", "phone": "138 0013 8000", "birthday": "1990-02-03"}))
    path = f"/customers/{one['id']}"
    made(owner.patch(path, {"city": "杭州", "extra": {"size": "L"}, "acquisition_cost": "12.50"}), 200)
    seen = made(owner.get(path), 200)
    assert (seen["city"], seen["birthday"], seen["extra"], seen["acquisition_cost"]) == (
        "杭州",
        "1990-02-03",
        {"size": "L"},
        "12.5",
    )
    assert [one["kind"] for one in seen["identities"]] == ["phone"]
    assert made(owner.patch(path, {"city": None}), 200)["city"] == ""
    assert owner.post(f"{path}/erase", {"confirm_name": "韩梅梅"}).status_code == 422
    made(owner.post(f"{path}/erase", {"confirm_name": "李雷"}), 204)
    assert made(owner.get(path), 200)["name"] == ""


def test_a_customer_nobody_could_find_again_is_refused(owner):
    answer = owner.post("/customers", {"city": "Paris"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "name"


def test_an_order_is_written_in_decimal_text_and_read_so(owner):
    numbers = base()
    lines = [{"product": "TEA", "quantity": "3", "unit_price": "12.10"}, {"description": "gift", "amount": "0.30"}]
    order = {"lines": lines, "happened_at": "2026-03-02T09:00:00+08:00", "currency": "EUR", "external_id": "A1"}
    one = made(owner.post(f"/customers/{numbers['customer_id']}/orders", order))
    assert (one["rate"], one["revenue"], one["happened_at"]) == ("7.8", "285.48", "2026-03-02T01:00:00Z")
    assert [line["amount"] for line in owner.get(f"/orders/{one['id']}/lines").json()["items"]] == ["36.3", "0.3"]
    again = owner.post(f"/customers/{numbers['customer_id']}/orders", order)
    assert again.status_code == 409
    assert made(owner.patch(f"/orders/{one['id']}", {"status": "cancelled"}), 200)["revenue"] == "0"


@pytest.mark.parametrize("price", [12.1, "12,1", "1e3", "NaN", " 1", "1_0", "0.1234567", "٣"])
def test_money_that_is_no_decimal_text_is_refused(owner, price):
    numbers = base()
    answer = owner.post(f"/customers/{numbers['customer_id']}/orders", {"lines": [{"unit_price": price}]})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["lines.0.unit_price"]


@pytest.mark.parametrize("when", ["2026-03-02T09:00:00", "2026-03-02", 1, "0001-01-01T00:00:00+14:00", "tomorrow"])
def test_a_time_without_its_offset_is_refused(owner, when):
    numbers = base()
    answer = owner.post(f"/customers/{numbers['customer_id']}/notes", {"text": "x", "happened_at": when})
    assert answer.status_code == 422


def test_the_timeline_comes_page_by_page(owner):
    path = f"/customers/{base()['customer_id']}/timeline"
    pages, after = [], ""
    while after is not None:
        page = owner.get(f"{path}?limit=3&after={after}" if after else f"{path}?limit=3").json()
        pages.append([one["fact"]["fact"] for one in page["items"]])
        after = page["next"]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert sorted(kind for page in pages for kind in page) == [
        "consent",
        "event",
        "feedback",
        "interaction",
        "note",
        "order",
        "subscription",
    ]
    assert {one["fact"]["fact"] for one in owner.get(f"{path}?kinds=note&kinds=event").json()["items"]} == {
        "note",
        "event",
    }


def test_merged_customers_answer_under_both_numbers_until_they_are_taken_apart(owner):
    numbers = base()
    seen = owner.get(f"/customers/{numbers['absorbed_id']}").json()
    assert seen["id"] == numbers["customer_id"]
    look = owner.get(f"/merges/{numbers['merge_id']}/undo").json()
    assert look["absorbed"]["id"] == numbers["absorbed_id"]
    made(owner.post(f"/merges/{numbers['merge_id']}/undo"), 200)
    assert owner.get(f"/customers/{numbers['absorbed_id']}").json()["id"] == numbers["absorbed_id"]
    groups = owner.get("/duplicates").json()["items"]
    assert [(one["why"], one["count"]) for one in groups] == [("phone", 2)]
    both = {"survivor_id": numbers["customer_id"], "absorbed_id": numbers["absorbed_id"]}
    made(owner.post("/merges", both))


def test_many_are_tagged_and_assigned_at_once(owner):
    numbers, colleague = base(), person("member")
    ids = [numbers["customer_id"], numbers["other_id"]]
    assert owner.post("/customers/tags/add", {"customer_ids": ids, "tag": "2026"}).json() == {"changed": 2}
    assert owner.post("/customers/tags/remove", {"customer_ids": ids, "tag": "vip"}).json() == {"changed": 2}
    assert owner.post("/customers/assign", {"customer_ids": ids, "owner_id": colleague.pk}).json() == {"changed": 2}
    assert owner.post("/customers/assign", {"customer_ids": ids, "team_id": numbers["team_id"]}).json()["changed"] == 2
    one = Customer.objects.get(pk=ids[0])
    assert (one.owner_id, one.team_id) == (colleague.pk, numbers["team_id"])
    made(owner.post("/customers/assign", {"customer_ids": ids, "owner_id": None}), 200)
    assert Customer.objects.get(pk=ids[0]).owner_id is None
    assert owner.get("/tags").json()["items"] == ["2026", "vip"]
    assert owner.post("/customers/tags/add", {"customer_ids": list(range(1, 1002)), "tag": "x"}).status_code == 422


def test_a_member_reaches_the_customers_of_their_team_only():
    numbers = base()
    team = Team.objects.get(pk=numbers["team_id"])
    member = program(person("member", teams=(team,)))
    path = f"/customers/{numbers['customer_id']}"
    assert member.get(path).status_code == 404
    assert member.patch(path, {"city": "x"}).status_code == 404
    assert member.get("/customers").json()["items"] == []
    Customer.objects.filter(pk=numbers["customer_id"]).update(team=team)
    assert member.get(path).status_code == 200
    assert [one["id"] for one in member.get("/customers").json()["items"]] == [numbers["customer_id"]]
    assert member.post(f"{path}/erase", {"confirm_name": "Li Lei"}).status_code == 403


def test_lists_are_filtered_sorted_and_paged_as_on_screen(owner):
    numbers = base()
    names = [one["name"] for one in owner.get("/customers?sort=name").json()["items"]]
    assert names == sorted(names)
    assert len(names) == 2
    first = owner.get("/customers?sort=name&limit=1").json()
    second = owner.get(f"/customers?sort=name&limit=1&after={first['next']}").json()
    assert [first["items"][0]["name"], second["items"][0]["name"], second["next"]] == [*names, None]
    assert [one["id"] for one in owner.get("/customers?kind=organisation").json()["items"]] == [numbers["other_id"]]
    assert owner.get("/customers?tag=vip").json()["items"][0]["tags"] == ["vip"]
    assert owner.get("/customers/count?tag=vip").json() == {"number": 2, "exact": True}
    assert owner.get("/customers?stage=lapsed&stage=new").json()["items"] == []
    assert owner.get("/customers?stage=asleep").status_code == 422
    assert owner.get("/customers?sort=shoe_size").status_code == 422
    assert owner.get("/customers?owner_id=0&created_from=2026-01-01T00:00:00Z").json()["items"] != []
    assert [one["name"] for one in owner.get("/customers/search?text=acm").json()["items"]] == ["Acme"]


def test_a_list_asks_as_often_for_many_as_for_few(owner, django_assert_max_num_queries):
    for number in range(30):
        owner.post("/customers", {"name": f"N{number}"})
    with django_assert_max_num_queries(12):
        assert len(owner.get("/customers").json()["items"]) == 30


def test_products_and_rates(owner):
    made(owner.put("/products/by-code/A%2FB", {"name": "Cup", "price": "5"}), 200)
    assert made(owner.put("/products/by-code/A%2FB", {"cost": "2.5"}), 200)["price"] == "5"
    assert [one["code"] for one in owner.get("/products?start=A").json()["items"]] == ["A/B"]
    made(owner.post("/rates", {"day": "2026-01-01", "currency": "usd", "rate": "7.123456789"}))
    assert owner.get("/rates").json()["items"][0]["rate"] == "7.123456789"


def test_a_fact_typed_by_mistake_is_taken_back(owner):
    numbers = base()
    made(owner.delete(f"/facts/note/{numbers['fact_id']}"), 204)
    made(owner.delete(f"/facts/order/{numbers['order_id']}"), 204)
    assert not Order.objects.exists()
    assert owner.delete(f"/facts/rumour/{numbers['fact_id']}").status_code == 422


def test_one_persons_data(owner):
    numbers = base()
    rows = owner.get(f"/customers/{numbers['customer_id']}/data").json()["rows"]
    assert {"customers.Order", "customers.Note", "customers.Customer"} <= rows.keys()
    assert program(person("member")).get(f"/customers/{numbers['customer_id']}/data").status_code == 403
