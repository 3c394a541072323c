"""What is done before the lock, what is remembered between chunks, and that an import lets go when its worker ends."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection
from importing import BY, imported, uploaded

from patron.crm.customers import search
from patron.crm.customers.changes import note
from patron.crm.customers.models import Order, OrderLine, Product
from patron.crm.kit import bulk, stopping
from patron.crm.sources import operations, reading, running
from patron.crm.sources.writers.orders import OrderWriter

pytestmark = pytest.mark.django_db
ORDERS = "order no,customer id,order date,sku,quantity,unit price\n" + "".join(
    f"{i},C{i % 7},2024-03-01,K{i % 5},1,{i}\n" for i in range(1, 26)
)
PEOPLE = "customer id,name,email,phone\nC1,李雷,li@example.cn,13800138000\nC2,Han Mei,,\nC3,,,\n"


@pytest.fixture(autouse=True)
def _nobody_asked_to_end():
    stopping.forget()
    yield
    stopping.forget()


@pytest.mark.parametrize("somebody_wrote, plans", [(False, 1 + 1), (True, 1 + 2)])
def test_what_was_looked_up_is_looked_up_again_where_somebody_wrote_meanwhile(monkeypatch, somebody_wrote, plans):
    versions = iter(range(100))
    monkeypatch.setattr(bulk, "data_version", lambda: next(versions) if somebody_wrote else 1)
    made, real = [], OrderWriter.plan  # one for the count before it
    monkeypatch.setattr(OrderWriter, "plan", lambda *args: made.append(1) or real(*args))
    run = imported(ORDERS, "orders")
    assert (run.state, run.counts["create"], len(made)) == ("done", 25, plans)


def test_the_database_tells_whether_somebody_wrote():
    told = bulk.data_version()
    assert (told is None) == (connection.vendor != "sqlite")
    Product.objects.create(code="own", name="")
    assert bulk.data_version() == told, "what this connection writes itself is no news to it"


def test_a_refused_chunk_forgets_what_was_remembered(monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 10)
    real, codes = running._one_chunk, []

    def refused_once(import_id, number, chunk, writer, here):
        codes.append(len(here.codes))
        if len(codes) == 2:
            raise DatabaseError("somebody else's row in between")
        return real(import_id, number, chunk, writer, here)

    monkeypatch.setattr(running, "_one_chunk", refused_once)
    assert imported(ORDERS, "orders").state == "done"
    assert codes == [0, 5, 0, 5], "the second chunk was tried again with nothing remembered"
    assert OrderLine.objects.count() == 25


def test_told_to_end_an_import_lets_go_and_the_next_worker_goes_on_at_once(monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 10)
    run = uploaded(ORDERS, "orders")
    operations.start(by=BY, import_id=run.pk, enqueue=False)
    real = running._one_chunk

    def then_told_to_end(*args):
        stopping.ask()
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(running, "_one_chunk", then_told_to_end)
        with pytest.raises(stopping.Interrupted):
            running.run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, run.rows_done, run.beat_at) == ("running", 10, None)
    stopping.forget()
    assert running.run_import(run.pk) == "done"
    assert OrderLine.objects.count() == 25


def searchable():
    with connection.cursor() as cursor:
        number = "rowid" if connection.vendor == "sqlite" else "customer_id"
        cursor.execute(f"SELECT {number}, customers_search.* FROM customers_search ORDER BY 1")
        return cursor.fetchall()


def test_new_people_are_found_by_what_a_rebuilt_index_knows_of_them():
    imported(PEOPLE, "customers")
    imported(ORDERS, "orders", "elsewhere")
    there = searchable()
    assert len(there) == 3 + 7
    search.rebuild()
    assert searchable() == there


def test_a_note_names_runs_of_rows():
    from patron.crm.customers.models import FactChange

    note(Order, "added", [4, 5, 6, 9])
    found = FactChange.objects.filter(model=Order._meta.label).values_list("what", "low", "high")
    assert sorted(found) == [("added", 4, 6), ("added", 9, 9)]
