"""Orders from files: lines grouped, customers and products found or made, the same file twice, changes, undoing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from importing import everything, imported, ran, undone, uploaded

from patron.crm.accounts.models import Organisation
from patron.crm.customers.models import (
    Correction,
    Customer,
    ExchangeRate,
    FactChange,
    Order,
    OrderLine,
    Product,
    RecordVersion,
)
from patron.crm.sources.models import RejectedCell

pytestmark = pytest.mark.django_db
HEAD = "order no,customer id,order date,sku,description,quantity,unit price,customer name,email\n"
FILE = (
    HEAD
    + "1,C1,2024-03-01 10:00,A,Tea,2,3.50,王小明,wang@example.com\n"
    + "1,C1,2024-03-01 10:00,A,Tea,2,3.50,王小明,wang@example.com\n"
    + "2,C2,2024-03-02,K1,Cup,1,10,,\n"
    + "2,C2,2024-03-02,POST,Postage,1,5,,\n"
    + "3,C1,2024-03-05,A,Tea,-1,3.50,王小明,wang@example.com\n"
    + "4,,2024-03-05,A,Tea,1,3.50,,\n"
    + "5,C3,yesterday,A,Tea,x,3.50,,\n"
)


def test_lines_become_orders_of_customers_that_are_made():
    run = imported(FILE, "orders")
    assert run.counts == {"create": 5, "update": 0, "skip": 0, "error": 2}
    wang = Customer.objects.get(external_id="C1")
    assert (wang.name, wang.email, wang.identities.count()) == ("王小明", "wang@example.com", 1)
    first = Order.objects.get(external_id="1")
    assert (first.customer, first.revenue, first.lines_count, first.status) == (wang, 14, 2, "placed")
    assert first.happened_at == datetime(2024, 3, 1, 2, 0, tzinfo=UTC)  # Shanghai
    assert Order.objects.get(external_id="3").status == "returned"
    assert Order.objects.get(external_id="3").revenue == Decimal("-3.5")
    assert OrderLine.objects.filter(item=False).get().product.code == "POST"
    assert Product.objects.get(code="A").name == "Tea"


def test_rejected_rows_say_which_cell_and_why():
    run = imported(FILE, "orders")
    found = RejectedCell.objects.filter(run=run).values_list("row", "column", "reason", "value")
    assert set(found) == {
        (7, "customer id", "no_customer", ""),
        (8, "order date", "bad_date", "yesterday"),
        (8, "quantity", "bad_number", "x"),
    }


def test_the_same_file_twice_changes_nothing():
    imported(FILE, "orders")
    before = everything()
    again = imported(FILE, "orders")
    assert again.counts == {"create": 0, "update": 0, "skip": 5, "error": 2}
    assert everything() == before


def test_an_order_may_span_files_and_is_counted_from_its_lines():
    imported(HEAD + "1,C1,2024-03-01,A,Tea,2,3.50,,\n", "orders")
    run = imported(HEAD + "1,C1,2024-03-01,K1,Cup,1,10,,\n", "orders")
    order = Order.objects.get()
    assert (order.revenue, order.lines_count) == (17, 2)
    undone(run)
    order.refresh_from_db()
    assert (order.revenue, order.lines_count) == (7, 1)


def test_a_row_with_its_number_and_other_contents_is_corrected_and_can_be_put_back():
    head = "line id,order no,customer id,order date,sku,quantity,unit price,cost,status\n"
    imported(head + "L1,1,C1,2024-03-01,A,2,3.50,4,paid\nL2,1,C1,2024-03-01,K1,1,1,,paid\n", "orders")
    before = everything(leave=("customers.FactChange",))
    run = imported(head + "L1,1,C1,2024-03-01,A,3,3.50,6,paid\nL2,1,C1,2024-03-01,K1,1,1,,cancelled\n", "orders")
    assert run.counts == {"create": 0, "update": 2, "skip": 0, "error": 0}
    order = Order.objects.get()
    assert (order.revenue, order.cost, order.status) == (Decimal("10.5"), None, "placed")
    assert Correction.objects.filter(batch=run.pk, model="customers.OrderLine").count() == 2
    assert FactChange.objects.filter(what="corrected", model="customers.OrderLine").exists()
    undone(run)
    assert everything(leave=("customers.FactChange",)) == before


def test_a_file_of_whole_orders_is_told_apart_by_order_number():
    head = "order no,customer id,order date,total\n"
    imported(head + "1,C1,2024-03-01,20\n2,C2,2024-03-02,30\n", "orders")
    run = imported(head + "1,C1,2024-03-01,25\n2,C2,2024-03-03,30\n", "orders")
    assert run.counts["update"] == 2
    assert Order.objects.get(external_id="1").revenue == 25
    assert Order.objects.get(external_id="2").happened_at == datetime(2024, 3, 2, 16, tzinfo=UTC)
    undone(run)
    assert Order.objects.get(external_id="1").revenue == 20
    assert Order.objects.get(external_id="2").happened_at == datetime(2024, 3, 1, 16, tzinfo=UTC)


def test_a_cancelled_order_is_kept_and_counts_nothing():
    head = "order no,customer id,order date,sku,quantity,unit price,status\n"
    imported(head + "1,C1,2024-03-01,A,2,3.50,paid\n", "orders")
    run = imported(head + "1,C1,2024-03-01,A,2,3.50,已取消\n", "orders")
    assert run.counts["update"] == 1
    order, line = Order.objects.get(), OrderLine.objects.get()
    assert (order.status, order.revenue, line.amount, line.purchase) == ("cancelled", 0, 7, False)


def test_other_currencies_are_worth_what_they_were_on_the_day():
    Organisation.current()
    ExchangeRate.objects.create(day=date(2024, 3, 1), currency="EUR", base="CNY", rate=8)
    ExchangeRate.objects.create(day=date(2024, 3, 5), currency="EUR", base="CNY", rate=9)
    head = "order no,customer id,order date,sku,quantity,unit price,currency\n"
    rows = (
        "1,C1,2024-03-04,A,1,10,EUR\n2,C1,2024-03-05,A,1,10,EUR\n3,C1,2024-03-05,A,1,10,\n4,C1,2024-02-01,A,1,1,EUR\n"
    )
    run = imported(head + rows, "orders")
    assert [o.revenue for o in Order.objects.order_by("id")] == [80, 90, 10]
    assert [o.currency for o in Order.objects.order_by("id")] == ["EUR", "EUR", "CNY"]
    assert RejectedCell.objects.get(run=run).words["en"] == "no exchange rate for its currency and day"


def test_an_order_number_used_twice_does_not_mix_customers():
    imported(HEAD + "1,C1,2024-03-01,A,Tea,2,1,,\n1,C2,2024-03-01,A,Tea,3,1,,\n", "orders")
    assert sorted(Order.objects.values_list("customer__external_id", "revenue")) == [("C1", 2), ("C2", 3)]


def test_undoing_takes_away_what_only_the_import_knew():
    before = everything(leave=("customers.FactChange",))
    run = undone(imported(FILE, "orders"))
    assert everything(leave=("customers.FactChange",)) == before
    assert run.found["undone"]["removed"] == 5
    assert run.found["undone"]["customers_removed"] == 2
    assert not RejectedCell.objects.exists()
    removed = FactChange.objects.filter(what="removed").values_list("model", flat=True)
    assert set(removed) == {"customers.Order", "customers.OrderLine"}


def test_undoing_keeps_a_customer_that_somebody_else_speaks_of():
    run = imported(FILE, "orders")
    imported("customer id,name\nC1,王大明\n", "customers")
    run = undone(run)
    wang = Customer.objects.get()
    assert (wang.name, wang.email) == ("王大明", "")
    assert run.found["undone"]["customers_kept"] == 1
    assert RecordVersion.objects.count() == 1
    assert not Product.objects.exists()
    ran(uploaded(FILE, "orders"))
    assert Order.objects.count() == 3
