"""Customers are found by any part of a name, phone or e-mail, at once after they were written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from people import SYSTEM, colleague, customer

from patron.crm.customers import operations as do
from patron.crm.customers import search
from patron.crm.customers.models import Customer, Source, SourceRecord
from patron.crm.customers.queries import Filters, find_customers, search_customers

pytestmark = pytest.mark.django_db


def found(text: str, actor=SYSTEM, **more) -> list[str]:
    return [one.name for one in search_customers(actor=actor, text=text, **more)]


@pytest.mark.parametrize(
    "text",
    [
        "王",
        "王小",
        "小明",
        "王小明",
        "138 0013",
        "+8613800138000",
        "0138",
        "li.m",
        "Example.COM",
        "MING@",
        "lm_wx",
        "K-77",
    ],
)
def test_any_part_finds(text):
    customer("王小明", phone="13800138000", email="Li.Ming@example.com", wechat="lm_wx9", external_id="K-77")
    customer("张三", phone="13911112222", email="z3@mail.cn")
    assert found(text) == ["王小明"]


@pytest.mark.parametrize("text", ["", " ", "@", "-", "小", "明小", "王明", "138001380001", "%", '"', "a' OR 1=1"])
def test_what_is_not_there_is_not_found(text):
    customer("王小明", phone="13800138000", email="li@example.com")
    assert found(text) == []


def test_a_part_is_found_as_it_stands_and_never_across_two_fields():
    customer("abc", wechat="bcd")
    assert found("abc") == ["abc"]
    assert found("bcbcd") == found("abd") == []


def test_names_that_begin_with_it_come_first():
    for name in ("Anna Lee", "Lee Young", "Lee", "Bruce Lee"):
        customer(name)
    assert found("lee") == ["Lee", "Lee Young", "Bruce Lee", "Anna Lee"]
    assert found("lee", limit=1) == ["Lee"]


def test_characters_younger_than_the_database_are_found():
    customer("\U0002ceb2\U000300aa")
    assert found("\U000300aa") == []  # not at the beginning
    assert found("\U0002ceb2\U000300aa") == ["\U0002ceb2\U000300aa"]


def test_a_change_is_found_and_what_it_replaced_is_not():
    one = customer("Anna", phone="13800138000")
    do.edit_customer(by=SYSTEM, customer_id=one.pk, fields={"name": "Berta", "phone": ""})
    assert found("Anna") == found("13800138000") == []
    assert found("Berta") == ["Berta"]


def test_a_merged_customer_is_found_by_both_names_and_once():
    a, b = customer("Anna"), customer("Berta")
    made = do.merge_customers(by=SYSTEM, survivor_id=a.pk, absorbed_id=b.pk)
    assert found("Berta") == found("Anna") == ["Anna"]
    do.unmerge(by=SYSTEM, merge_id=made.pk)
    assert found("Berta") == ["Berta"]


def test_only_those_in_reach_are_found():
    anna = colleague("anna", scope="own")
    customer("Lee A", owner=anna)
    customer("Lee B")
    assert found("lee", anna) == ["Lee A"]


def test_bulk_writers_index_and_forget():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    made = Customer.objects.bulk_create(Customer(name=f"客户{i:03}", created_at=now, updated_at=now) for i in range(30))
    ids = [one.pk for one in made]
    search.index(ids)
    search.index(ids)
    assert len(found("客户", limit=100)) == 30
    search.forget(ids[:10])
    assert len(found("客户", limit=100)) == 20
    search.clear()
    assert found("客户") == []


def test_an_index_that_was_lost_is_made_again(monkeypatch):
    monkeypatch.setattr("patron.crm.customers.search.CHUNK", 2)
    for name in "ABCDE":
        customer(f"客户{name}")
    search.clear()
    search.rebuild()
    assert len(found("客户")) == 5


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    for i in range(12):
        do.tag_customers(by=SYSTEM, customer_ids=[customer(f"客户{i}").pk], tag="tea")
    for limit in (2, 12):
        with django_assert_num_queries(3):
            rows = search_customers(actor=SYSTEM, text="客户", limit=limit)
            assert all(tag.tag.name == "tea" for row in rows for tag in row.tags.all())


def test_lists_filter_by_text_too():
    customer("王小明")
    customer("张三")
    assert [c.name for c in find_customers(actor=SYSTEM, filters=Filters(text="小明")).rows] == ["王小明"]
    assert not find_customers(actor=SYSTEM, filters=Filters(text="@")).rows


def test_an_unknown_kind_of_database_has_no_index():
    with pytest.raises(KeyError):
        search.engine("oracle")


def test_names_in_records_of_sources_are_found():
    one = customer("Anna")
    shop = Source.objects.create(name="shop", kind="shop")
    record = SourceRecord.objects.create(source=shop, external_id="S1", customer=one, created_at=one.created_at)
    record.versions.create(number=1, fields={"name": "Annette"}, received_at=one.created_at)
    record.versions.create(number=2, fields={"city": "Ulm"}, received_at=one.created_at)
    search.index([one.pk])
    assert found("Annette") == ["Anna"]


NAMES = ["王小明", "小明王", "Anna Lee", "annalee", "Lee Ann", "a", "ab", "bab", "abab", "·ˆa", "K-77 b"]


@pytest.mark.parametrize(
    "text", ["a", "b", "ab", "ba", "bab", "小", "小明", "明王", "lee", "al", "na le", "77", "k7", "ˆa"]
)
def test_asking_one_customer_says_the_same_as_the_index(text):
    for name in NAMES:
        customer(name)
    by_index = Customer.objects.filter(pk__in=search.matching(text))
    asked = search.holding(text)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT name FROM customers_customer c WHERE {asked.sql.format('c.id')} ORDER BY id", asked.params
        )
        assert [name for (name,) in cursor.fetchall()] == [one.name for one in by_index.order_by("pk")]
