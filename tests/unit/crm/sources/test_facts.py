"""Interactions, events, feedback, subscriptions and products from files."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from importing import everything, imported, undone

from patron.crm.customers.models import Event, Feedback, Interaction, Product, Subscription
from patron.crm.sources.writers.facts import FACTS

pytestmark = pytest.mark.django_db
FILES = {
    "interactions": (
        "工单编号,客户编号,沟通时间,渠道,方向,内容,时长\n"
        "T1,C1,2024-03-01 09:00,电话,呼入,投诉物流,7\nT2,C2,2024-03-02,fax,呼出,,\n",
        "投诉物流",
        "投诉质量",
    ),
    "events": (
        "event id,user id,event time,event,page,intent\nE1,C1,2024-03-01,view,/tea,yes\nE2,C1,2024-03-02,click,,no\n",
        "/tea",
        "/cup",
    ),
    "feedback": (
        "review id,customer id,review date,score,comment\nF1,C1,2024-03-01,4.5,good\nF2,C2,2024-03-02,1,\n",
        "good",
        "great",
    ),
    "subscriptions": (
        "contract no,customer id,start date,end date,plan,monthly charges\n"
        "S1,C1,2024-03-01,2024-09-01,Gold,99.5\nS2,C2,2024-03-01,9999-12-31,Basic,20\n",
        "Gold",
        "Platinum",
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_each_kind_comes_in_is_corrected_and_put_back(kind):
    text, old, new = FILES[kind]
    assert imported(text, kind).counts == {"create": 2, "update": 0, "skip": 0, "error": 0}
    before = everything(leave=("customers.FactChange",))
    assert imported(text, kind).counts["skip"] == 2
    run = imported(text.replace(old, new), kind)
    assert run.counts == {"create": 0, "update": 1, "skip": 1, "error": 0}
    assert everything(leave=("customers.FactChange",)) != before
    undone(run)
    assert everything(leave=("customers.FactChange",)) == before
    assert FACTS[kind][0].objects.count() == 2


def test_what_is_kept_of_them():
    for kind, (text, _, _) in FILES.items():
        imported(text, kind)
    call = Interaction.objects.get(external_id="T1")
    assert (call.channel, call.inbound, call.minutes, call.text) == ("phone", True, 7, "投诉物流")
    assert call.happened_at == datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
    assert Interaction.objects.get(external_id="T2").channel == "other"
    assert Event.objects.get(external_id="E1").intent is True
    assert Feedback.objects.get(external_id="F1").score == 4.5
    gold, basic = Subscription.objects.order_by("external_id")
    assert (gold.amount, gold.currency, gold.ends_at) == (Decimal("99.5"), "CNY", datetime(2024, 8, 31, 16, tzinfo=UTC))
    assert basic.ends_at is None


def test_rows_without_numbers_count_as_often_as_they_stand():
    text = "user id,event time,event\nC1,2024-03-01,view\nC1,2024-03-01,view\n"
    assert imported(text, "events").counts["create"] == 2
    assert imported(text, "events").counts["skip"] == 2


def test_what_cannot_be_is_rejected():
    text = "customer id,start date,end date,plan,price\nC1,2024-03-01,2023-01-01,Gold,1\nC2,2024-03-01,,,1\n"
    assert imported(text, "subscriptions").counts["error"] == 2
    assert imported("customer id,review date,score,comment\nC1,2024-03-01,,\n", "feedback").counts["error"] == 1


def test_products_are_corrected_in_what_the_file_says():
    imported("sku,name,price,colour\nA,Tea,3.50,green\n", "products")
    run = imported("sku,price,size\nA,4,big\nK9,1,\n", "products")
    assert run.counts == {"create": 1, "update": 1, "skip": 0, "error": 0}
    tea = Product.objects.get(code="A")
    assert (tea.name, tea.price, tea.extra) == ("Tea", 4, {"colour": "green", "size": "big"})
    undone(run)
    tea = Product.objects.get()
    assert (tea.price, tea.extra) == (Decimal("3.5"), {"colour": "green"})
