"""Reading customers: within reach, page by page by key, in a fixed number of queries."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module

import pytest
from people import SYSTEM, colleague, customer, day

from patron.crm.accounts.models import Team
from patron.crm.customers import operations as do
from patron.crm.customers import queries as ask
from patron.crm.customers.kinds import KINDS
from patron.crm.customers.models import Customer, Note
from patron.crm.customers.queries import Filters
from patron.crm.kit.pages import beyond, bookmark, read_bookmark
from patron.crm.kit.problems import Invalid, NotFound

pytestmark = pytest.mark.django_db


def pages(read, **more):
    """All rows of all pages, and how many pages."""
    rows, after, number = [], None, 0
    while True:
        page = read(actor=SYSTEM, after=after, **more)
        rows, after, number = [*rows, *page.rows], page.next, number + 1
        if after is None:
            return rows, number


@pytest.mark.parametrize("sort", ["name", "-name", "created", "-created"])
def test_pages_hold_everybody_once_in_order(sort):
    for name in ("B", "A", "C", "A", "", "A", "B"):
        customer(name, city="x", phone="13800138000")
    rows, number = pages(ask.find_customers, sort=sort, limit=2)
    field, way = sort.removeprefix("-").replace("created", "created_at"), -1 if sort.startswith("-") else 1
    assert rows == sorted(Customer.objects.all(), key=lambda c: (getattr(c, field), c.pk))[::way]
    assert number == 4


def test_a_full_last_page_has_no_next_one():
    customer("A")
    customer("B")
    assert ask.find_customers(actor=SYSTEM, limit=2).next is None


def test_filters_hold_together():
    ben, team = colleague("ben"), Team.objects.create(name="North")
    one = customer("王小明", owner=ben, team=team, country="中国")
    do.tag_customers(by=SYSTEM, customer_ids=[one.pk], tag="tea")
    customer("王小红")
    everything = {
        "text": "王小",
        "kind": "person",
        "owner_id": ben.pk,
        "team_id": team.pk,
        "tag": "tea",
        "country": "中国",
    }
    both = Filters(**everything, created_from=one.created_at, created_before=day(4_000))
    assert list(ask.find_customers(actor=SYSTEM, filters=both).rows) == [one]
    for name, other in (
        ("text", "张"),
        ("kind", "organisation"),
        ("owner_id", 0),
        ("team_id", 0),
        ("tag", "x"),
        ("country", "x"),
    ):
        assert not ask.find_customers(actor=SYSTEM, filters=Filters(**{**everything, name: other})).rows
    assert not ask.find_customers(actor=SYSTEM, filters=Filters(created_before=one.created_at)).rows


def test_merged_and_erased_customers_are_in_no_list():
    a, b, c = customer("A"), customer("B"), customer("C")
    do.merge_customers(by=SYSTEM, survivor_id=a.pk, absorbed_id=b.pk)
    do.erase_customer(by=SYSTEM, customer_id=c.pk, confirm_name="C")
    assert list(ask.find_customers(actor=SYSTEM).rows) == [a]
    assert ask.get_customer(actor=SYSTEM, customer_id=c.pk).erased_at


@pytest.mark.parametrize("after", ["x", "!!!", bookmark(1), bookmark("a", "b"), bookmark("no day", 1)])
def test_a_place_nobody_knows_is_refused(after):
    with pytest.raises(Invalid):
        ask.find_customers(actor=SYSTEM, after=after)
    with pytest.raises(Invalid):
        ask.timeline(actor=SYSTEM, customer_id=customer().pk, after=after)


def test_an_order_nobody_knows_is_refused():
    with pytest.raises(Invalid):
        ask.find_customers(actor=SYSTEM, sort="luck")


def test_bookmarks_go_through_addresses():
    word = bookmark("王 小明&", 7)
    assert word.replace("-", "").replace("_", "").isalnum()
    assert read_bookmark(word, str, int) == ["王 小明&", 7]
    assert beyond("name", "A", 3) != beyond("name", "A", 3, descending=True)


def test_lists_take_as_many_queries_for_many_as_for_few(django_assert_num_queries):
    for i in range(12):
        do.tag_customers(by=SYSTEM, customer_ids=[customer(f"c{i}").pk], tag="tea")
    for limit in (2, 12):
        with django_assert_num_queries(2):
            rows = ask.find_customers(actor=SYSTEM, limit=limit).rows
            assert [(row.owner, tag.tag.name) for row in rows for tag in row.tags.all()]


# ---- timeline ---------------------------------------------------------------------------------------------------


def eventful(facts: int = 6) -> Customer:
    one = customer()
    who = {"by": SYSTEM, "customer_id": one.pk}
    for i in range(facts):
        at = day(i // 3)
        do.record_event(**who, kind=f"visit {i}", happened_at=at)
        do.log_interaction(**who, channel="phone", inbound=True, text=f"call {i}", happened_at=at)
        do.record_order(**who, happened_at=at, lines=[{"unit_price": i + 1}, {"unit_price": 1}])
        do.record_feedback(**who, question="nps", score=i, happened_at=at)
    do.add_note(**who, text="note")
    return one


def test_the_timeline_is_newest_first_and_whole_over_pages():
    one = eventful()
    whole = ask.timeline(actor=SYSTEM, customer_id=one.pk, limit=200).rows
    assert len(whole) == 25
    assert [e.fact.happened_at for e in whole] == sorted((e.fact.happened_at for e in whole), reverse=True)
    for limit in (1, 3, 7):
        rows, _ = pages(ask.timeline, customer_id=one.pk, limit=limit)
        assert [(e.kind, e.fact.pk) for e in rows] == [(e.kind, e.fact.pk) for e in whole]


def test_the_timeline_shows_chosen_kinds_with_money_and_source():
    one = eventful()
    rows, _ = pages(ask.timeline, customer_id=one.pk, kinds={"order", "note"}, limit=2)
    assert [e.kind for e in rows] == ["note", *["order"] * 6]
    assert (rows[1].fact.lines_count, rows[1].fact.revenue, rows[1].source) == (2, Decimal(7), "hand")
    with pytest.raises(Invalid, match="dream"):
        ask.timeline(actor=SYSTEM, customer_id=one.pk, kinds={"dream"})


def test_the_timeline_takes_a_query_for_each_kind_however_many_facts(django_assert_max_num_queries):
    one = eventful(12)
    for limit in (3, 40):
        with django_assert_max_num_queries(3 + len(KINDS)):
            assert len(ask.timeline(actor=SYSTEM, customer_id=one.pk, limit=limit).rows) == limit


def test_an_orders_lines_are_for_who_may_see_the_customer(django_assert_num_queries):
    anna = colleague("anna", scope="own")
    order = do.record_order(by=SYSTEM, customer_id=customer().pk, lines=[{"product": "T1", "unit_price": 1}] * 5)
    with django_assert_num_queries(2):
        assert [line.product.code for line in ask.order_lines(actor=SYSTEM, order_id=order.pk)] == ["T1"] * 5
    with pytest.raises(NotFound):
        ask.order_lines(actor=anna, order_id=order.pk)
    with pytest.raises(NotFound):
        ask.timeline(actor=anna, customer_id=order.customer_id)


# ---- one customer -----------------------------------------------------------------------------------------------


def test_a_profile_is_everything_that_says_who_somebody_is(django_assert_num_queries):
    anna = colleague("anna", scope="own")
    a, b, hidden = customer("A", phone="13800138000", owner=anna), customer("B", owner=anna), customer("C")
    for other in (b, hidden):
        do.relate(by=SYSTEM, customer_id=a.pk, other_id=other.pk, kind="referred")
    do.tag_customers(by=SYSTEM, customer_ids=[a.pk], tag="tea")
    twin = customer("A2")
    do.merge_customers(by=SYSTEM, survivor_id=a.pk, absorbed_id=twin.pk)
    with django_assert_num_queries(7):
        profile = ask.get_profile(actor=anna, customer_id=a.pk)
    assert profile.customer == a
    assert [i.value for i in profile.identities] == ["+8613800138000"]
    assert (profile.tags, [r.other for r in profile.relations], len(profile.records)) == (["tea"], [b], 2)
    assert [m.absorbed_id for m in profile.merges] == [twin.pk]
    assert [r.customer for r in ask.get_profile(actor=SYSTEM, customer_id=hidden.pk).related_by] == [a]


def test_getting_a_customer_takes_one_query(django_assert_num_queries):
    one = customer()
    with django_assert_num_queries(1):
        assert ask.get_customer(actor=SYSTEM, customer_id=one.pk) == one
    with pytest.raises(NotFound):
        ask.get_customer(actor=SYSTEM, customer_id=99_999)


# ---- duplicates -------------------------------------------------------------------------------------------------


def test_who_agrees_in_phone_email_or_name_is_listed_group_by_group():
    a = customer("王小明", phone="138 0013 8000")
    b = customer("王 小明", phone="+86 13800138000", email="A@x.cn")
    c = customer("Li", email="a@X.cn")
    customer("nobody's twin", phone="13900000000")
    groups, number = pages(ask.duplicates, limit=1)
    assert [(g.why, g.value, g.count, list(g.customers)) for g in groups] == [
        ("phone", "+8613800138000", 2, [a, b]),
        ("email", "a@x.cn", 2, [b, c]),
        ("name", "王小明", 2, [a, b]),
    ]
    assert number == 3
    assert [g.why for g in ask.duplicates(actor=SYSTEM, why="email").rows] == ["email"]
    do.merge_customers(by=SYSTEM, survivor_id=a.pk, absorbed_id=b.pk)
    assert [g.why for g in ask.duplicates(actor=SYSTEM).rows] == ["email"]


def test_groups_within_one_reason_follow_each_other():
    for name in ("A", "B", "C", "A", "B", "C", "C"):
        customer(name)
    groups, _ = pages(ask.duplicates, why="name", limit=1)
    assert [(g.value, g.count) for g in groups] == [("a", 2), ("b", 2), ("c", 3)]
    with pytest.raises(Invalid):
        ask.duplicates(actor=SYSTEM, why="luck")
    with pytest.raises(Invalid):
        ask.duplicates(actor=SYSTEM, after=bookmark("luck", ""))


def test_duplicates_are_within_reach_and_set_based(django_assert_num_queries, monkeypatch):
    anna = colleague("anna", scope="own")
    customer("A", owner=anna)
    for _ in range(4):
        customer("A")
        customer("B")
    assert not ask.duplicates(actor=anna).rows
    monkeypatch.setattr(import_module("patron.crm.customers.queries.duplicates"), "SHOWN", 3)
    with django_assert_num_queries(5):
        groups = ask.duplicates(actor=SYSTEM).rows
    assert [(g.count, len(g.customers)) for g in groups] == [(5, 3), (4, 3)]


# ---- products, words, money ----------------------------------------------------------------------------------------


def test_products_are_read_page_by_page():
    for code in ("A1", "A2", "B1"):
        do.save_product(by=SYSTEM, code=code, category="tea" if code != "A2" else "cups")
    assert [p.code for p in pages(ask.find_products, limit=1)[0]] == ["A1", "A2", "B1"]
    assert [p.code for p in ask.find_products(actor=SYSTEM, category="tea", start="A").rows] == ["A1"]
    first = ask.find_products(actor=SYSTEM).rows[0]
    assert ask.get_product(actor=SYSTEM, product_id=first.pk) == first
    with pytest.raises(NotFound):
        ask.get_product(actor=SYSTEM, product_id=0)


def test_rates_are_read_newest_first_and_tags_by_name():
    for number, rate in ((1, "7"), (2, "7.5")):
        do.save_rate(by=SYSTEM, day=day(number).date(), currency="USD", rate=Decimal(rate))
    do.save_rate(by=SYSTEM, day=day(1).date(), currency="EUR", rate=Decimal(8))
    assert [r.rate for r in ask.exchange_rates(actor=SYSTEM, currency="usd")] == [Decimal("7.5"), 7]
    assert len(ask.exchange_rates(actor=SYSTEM)) == 3
    for tag in ("tea", "cups"):
        do.tag_customers(by=SYSTEM, customer_ids=[customer().pk], tag=tag)
    assert ask.tags(actor=SYSTEM) == ["cups", "tea"]


def test_a_persons_data_come_out_whole_and_as_plain_json():
    import json

    one, other = customer("A", birthday="1990-02-01"), customer("B")
    twin = customer("A twin")
    do.add_note(by=SYSTEM, customer_id=twin.pk, text="likes tea")
    do.merge_customers(by=SYSTEM, survivor_id=one.pk, absorbed_id=twin.pk)
    do.record_order(by=SYSTEM, customer_id=one.pk, lines=[{"product": "T1", "unit_price": 2}])
    do.relate(by=SYSTEM, customer_id=other.pk, other_id=one.pk, kind="referred")
    do.tag_customers(by=SYSTEM, customer_ids=[one.pk], tag="tea")
    do.add_note(by=SYSTEM, customer_id=other.pk, text="secret of B")
    out = ask.export_person(actor=SYSTEM, customer_id=twin.pk)
    text = json.dumps(out, ensure_ascii=False)
    assert out["customer"] == one.pk
    assert "secret of B" not in text
    assert "likes tea" in text
    rows = out["rows"]
    assert rows["customers.OrderLine"][0]["product"] == "T1"
    assert rows["customers.CustomerTag"][0]["tag"] == "tea"
    assert rows["customers.Customer"][0]["birthday"] == "1990-02-01"
    assert {"customers.Relation", "customers.RecordVersion", "customers.Merge", "customers.Note"} <= rows.keys()
    assert Note.objects.count() == 2
