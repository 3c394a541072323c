"""Customers from files: versions only where something differs, further columns kept, golden records in step."""

from __future__ import annotations

from decimal import Decimal

import pytest
from importing import everything, imported, mapped, ran, undone, uploaded

from patron.crm.customers import queries
from patron.crm.customers.models import Customer, RecordVersion
from patron.crm.kit.policy import System
from patron.crm.sources.models import RejectedCell
from patron.crm.sources.writers.customers import full_name

pytestmark = pytest.mark.django_db
FILE = (
    "客户编号,姓名,手机,性别,生日,获客成本,级别\n"
    "C1,王小明,138 0013 8000,女,1990-05-01,12.50,金\n"
    "C2,李雷,,男,,,\n"
    "C3,韩梅梅,,女,1990-13-45,,银\n"
)


def test_a_gb18030_file_becomes_customers_that_are_found():
    run = imported(FILE.encode("gb18030"), "customers")
    assert run.counts == {"create": 2, "update": 0, "skip": 0, "error": 1}
    wang = Customer.objects.get(external_id="C1")
    assert (wang.name, wang.gender, wang.acquisition_cost, wang.extra) == (
        "王小明",
        "female",
        Decimal("12.5"),
        {"级别": "金"},
    )
    assert wang.identities.get(kind="phone").value == "+8613800138000"
    assert [found.pk for found in queries.search_customers(actor=System(), text="小明", limit=5)] == [wang.pk]
    assert RejectedCell.objects.get(run=run).cells == ["C3", "韩梅梅", "", "女", "1990-13-45", "", "银"]


def test_a_changed_row_is_a_new_version_and_the_same_row_none():
    imported(FILE, "customers")
    before = everything()
    run = imported(FILE.replace("王小明", "王晓明"), "customers")
    assert run.counts == {"create": 0, "update": 1, "skip": 1, "error": 1}
    assert Customer.objects.get(external_id="C1").name == "王晓明"
    assert RecordVersion.objects.filter(record__external_id="C1").count() == 2
    undone(run)
    after = everything(times=False)
    assert after["customers.RecordVersion"] == [row[:5] + row[6:] for row in before["customers.RecordVersion"]]
    assert Customer.objects.get(external_id="C1").name == "王小明"


def test_a_customer_twice_in_a_file_is_what_the_last_row_says():
    run = imported("customer id,name\nC1,Ann\nC1,Anne\nC1,Anne\n", "customers")
    assert run.counts == {"create": 1, "update": 1, "skip": 1, "error": 0}
    assert Customer.objects.get().name == "Anne"


def test_without_numbers_rows_are_told_apart_by_their_contents():
    text = "account,sector\nAcme,medical\nBeta,retail\n"
    run = ran(mapped(uploaded(text, "customers"), customer="", name="account"))
    assert run.counts["create"] == 2
    again = ran(uploaded(text, "customers"))
    assert again.found["remembered"]
    assert again.counts["skip"] == 2


def test_both_names_are_put_in_the_order_of_their_script():
    imported("rec_id, given_name, surname\nr1, Ann, Smith\nr2, 小明, 王\n", "customers")
    assert set(Customer.objects.values_list("name", flat=True)) == {"Ann Smith", "王小明"}
    assert full_name("", "") == ""


def test_real_customers_come_in_twice_and_change_nothing(shared_data):
    file = shared_data("febrl/dataset1.csv")
    first = imported(file, "customers", "febrl")
    assert first.counts["create"] + first.counts["error"] == 1000
    assert imported(file, "customers", "febrl").counts["skip"] == first.counts["create"]
    assert imported(shared_data("crm_opportunities/products.csv"), "products").counts["create"] == 7
