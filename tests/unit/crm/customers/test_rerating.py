"""A rate that is saved later counts for the orders of its days: in chunks, resumable, told to the mirror, audited."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from importing import BY, ran, uploaded
from people import SYSTEM, customer, day

from patron.crm.customers import jobs, rerating
from patron.crm.customers import operations as do
from patron.crm.customers.models import FactChange, Order, OrderLine, Rerating
from patron.crm.customers.rules import Told, is_off, told_anew, totals_of
from patron.crm.kit import stopping
from patron.crm.kit.models import AuditEntry
from patron.crm.scoring.models import Refresh
from patron.crm.sources import operations as imports
from patron.crm.sources.jobs import undo_import

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def rate(number: int, value: str, currency: str = "USD") -> int:
    """Saved from that day on; how many orders have another one."""
    return do.save_rate(by=SYSTEM, day=day(number).date(), currency=currency, rate=Decimal(value)).orders


def order(number: int, currency: str = "USD", **more: object) -> Order:
    lines = [{"unit_price": "10", "quantity": 2, "cost": "5"}]
    who = customer().pk
    return do.record_order(
        by=SYSTEM, customer_id=who, happened_at=day(number), currency=currency, **{"lines": lines, **more}
    )


def all_told() -> list[int]:
    return [rerating.rerate(what.pk) for what in Rerating.objects.filter(finished_at=None).order_by("pk")]


def sums() -> list[tuple[str, str, str]]:
    rows = Order.objects.order_by("pk").values_list("rate", "revenue", "cost")
    return [tuple(f"{Decimal(v).normalize():f}" if v is not None else "-" for v in row) for row in rows]


def test_orders_from_its_day_until_the_next_rate_are_told_it():
    rate(0, "7"), rate(20, "8")
    for number in (5, 12, 25):
        order(number)
    order(12, "CNY")
    all_told()
    FactChange.objects.all().delete()
    before = Refresh.objects.count()

    assert rate(10, "7.5") == 1
    assert sums()[1][0] == "7", "it is done in the background"
    assert all_told() == [1]
    assert sums() == [("7", "140", "35"), ("7.5", "150", "37.5"), ("8", "160", "40"), ("1", "20", "5")]
    assert [line.revenue for line in OrderLine.objects.order_by("pk")][1] == 150
    assert sorted(FactChange.objects.values_list("model", "what")) == [
        ("customers.Order", "corrected"),
        ("customers.OrderLine", "corrected"),
    ]
    [applied] = AuditEntry.objects.filter(action="rates.applied")
    assert applied.details == {"currency": "USD", "orders": 1, "day": "2026-01-11", "until": "2026-01-21"}
    assert Refresh.objects.count() == before + 1, "scores follow"


def test_a_changed_rate_moves_what_it_once_said_and_saved_again_it_moves_nothing():
    rate(0, "7")
    order(5)
    assert rate(0, "7.1") == 1
    all_told()
    assert sums() == [("7.1", "142", "35.5")]
    assert rate(0, "7.1") == 0
    assert all_told() == [0]
    assert AuditEntry.objects.filter(action="rates.applied").count() == 1


def test_the_day_is_that_of_the_organisation():
    rate(0, "7")
    late = day(10).replace(hour=15, minute=59)  # 23:59 in Shanghai
    early = day(10).replace(hour=16)
    for at in (late, early):
        do.record_order(
            by=SYSTEM, customer_id=customer().pk, happened_at=at, currency="USD", lines=[{"unit_price": "1"}]
        )
    assert rate(11, "8") == 1
    all_told()
    assert [row[0] for row in sums()] == ["7", "8"]


def test_a_products_own_cost_is_in_base_currency_and_stays():
    rate(0, "7")
    do.save_product(by=SYSTEM, code="TEA", cost="3")
    order(5, lines=[{"product": "TEA", "quantity": 2, "unit_price": "10"}, {"unit_price": "1", "cost": "2"}])
    rate(0, "8")
    all_told()
    assert sums() == [("8", "168", "22")]


def test_a_cancelled_order_counts_nothing_and_comes_back_at_the_new_rate():
    rate(0, "7")
    made = order(5)
    do.set_order_status(by=SYSTEM, order_id=made.pk, status="cancelled")
    rate(0, "8")
    assert sum(all_told()) == 1
    assert sums() == [("8", "0", "0")]
    do.set_order_status(by=SYSTEM, order_id=made.pk, status="placed")
    assert sums() == [("8", "160", "40")]


def test_it_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch):
    rate(0, "7")
    for _ in range(5):
        order(5)
    all_told()
    monkeypatch.setattr(rerating, "PART", 2)
    rate(0, "8")
    [what] = Rerating.objects.filter(finished_at=None)
    rerating._part(what)
    stopping.ask()
    try:
        with pytest.raises(stopping.Interrupted):
            jobs.rerate(what.pk)
    finally:
        stopping.forget()
    assert [row[0] for row in sums()] == ["8", "8", "7", "7", "7"]
    assert jobs.rerate_later.func(what.pk) == 5
    assert {row[0] for row in sums()} == {"8"}
    assert jobs.rerate(what.pk) == 5, "done is done"
    assert AuditEntry.objects.filter(action="rates.applied").count() == 1


FILE = "order id,line id,customer id,date,currency,quantity,unit price\nA,A1,1,2026-01-06,USD,2,{price}\n"


def test_imported_orders_are_told_it_and_the_same_file_again_changes_nothing():
    rate(0, "7")
    ran(uploaded(FILE.format(price="9.99"), "orders"))
    all_told()
    rate(0, "7.123456789")
    all_told()
    assert Order.objects.get().revenue == Decimal("142.326667")
    again = ran(uploaded(FILE.format(price="9.99"), "orders"))
    assert (again.counts["skip"], again.counts["update"]) == (1, 0)


def test_undoing_an_import_leaves_no_revenue_at_an_old_rate():
    rate(0, "7")
    ran(uploaded(FILE.format(price="10"), "orders"))
    changed = ran(uploaded(FILE.format(price="20"), "orders"))
    rate(0, "8")
    all_told()
    assert sums() == [("8", "320", "-")]
    imports.undo(by=BY, import_id=changed.pk, enqueue=False)
    undo_import(changed.pk)
    all_told()
    assert sums() == [("8", "160", "-")]


def test_a_rate_from_the_first_day_there_is():
    assert do.save_rate(by=SYSTEM, day=date.min, currency="USD", rate=Decimal(7)).orders == 0
    order(5)
    assert do.save_rate(by=SYSTEM, day=date.min, currency="USD", rate=Decimal(8)).orders == 1


def test_a_line_alone():
    line = Told(Decimal(3), Decimal("0.3333333"), Decimal("1.000000"), Decimal(7), None, True)
    assert told_anew(line, Decimal(7), Decimal(8)) == (Decimal("7.999999"), None)
    assert not is_off(line, Decimal(7))
    assert is_off(line, Decimal(8))
    free = Told(Decimal(1), None, Decimal(0), Decimal(0), Decimal(7), True)
    assert told_anew(free, Decimal(7), Decimal(8)) == (0, Decimal(8))
    assert totals_of([(Decimal(1), None), (Decimal(2), Decimal(1))]) == (3, None)
