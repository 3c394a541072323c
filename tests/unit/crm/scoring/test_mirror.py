"""The history that follows the database says what one made from nothing says, whatever happened and in which order."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
import records
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patron.crm.customers import changes
from patron.crm.customers.models import Customer, FactChange, Order, OrderLine, SourceRecord
from patron.crm.kit import clock
from patron.crm.scoring import mirror
from patron.crm.scoring.mirror import reading, reconciling, shapes
from patron.history import History
from patron.lifecycle.features.summary import summarise

pytestmark = pytest.mark.django_db
END = date(2100, 1, 1)
START = datetime(2024, 1, 1, 20, tzinfo=UTC)  # in Shanghai it is the next day already
PLACE = "Asia/Shanghai"


def told(timezone: str = PLACE) -> list[dict]:
    """What the history says of everybody, brought up to date first."""
    with mirror.current(timezone) as history:
        return said(history)


def said(history: History, day: date = END) -> list[dict]:
    return summarise(history.owned(mirror.owners()).as_of(day)).to_pylist()


class Gone(Exception):
    """The example is over."""


@contextmanager
def _world() -> Iterator[None]:
    """A home and a database state that are thrown away."""
    with tempfile.TemporaryDirectory() as home, override_settings(HOME=Path(home)):
        try:
            with transaction.atomic():
                yield
                raise Gone
        except Gone:
            pass


STEP = st.one_of(
    st.tuples(st.just("order"), st.integers(0, 3), st.integers(0, 6), st.integers(-2, 5)),
    st.tuples(st.just("correct"), st.integers(0, 9), st.integers(1, 9), st.just(0)),
    st.tuples(st.just("remove"), st.integers(0, 9), st.just(0), st.just(0)),
    st.tuples(st.just("merge"), st.integers(0, 3), st.integers(0, 3), st.just(0)),
    st.tuples(st.sampled_from(["sync", "crash"]), st.just(0), st.just(0), st.just(0)),
)


def do(step: tuple[str, int, int, int], people: list[Customer]) -> None:
    what, a, b, c = step
    lines = list(OrderLine.objects.order_by("pk"))
    if what == "order":
        records.orders([(people[a], START + timedelta(days=b), c)])
    elif what == "correct" and lines:
        line = lines[a % len(lines)]
        line.revenue = b
        line.save()
        changes.note(OrderLine, "corrected", [line.pk])
    elif what == "remove" and lines:
        line = lines[a % len(lines)]
        changes.note(OrderLine, "removed", [line.pk])
        order = line.order
        line.delete()
        order.delete()
    elif what == "merge":
        mine = SourceRecord.objects.filter(external_id=str(a))
        mine.update(customer=people[b])
        Order.objects.filter(record__in=mine).update(customer=people[b])
    elif what == "sync":
        told()
    elif what == "crash":
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(mirror, "_take_away", interrupted)
            with pytest.raises(KeyboardInterrupt):
                told()


def interrupted(*_args: object) -> None:
    raise KeyboardInterrupt


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=4, max_size=8))
def test_following_changes_is_the_same_as_reading_all_anew(steps: list[tuple[str, int, int, int]]) -> None:
    with _world():
        people = records.customers(["0", "1", "2", "3"])
        for step in steps:
            do(step, people)
        followed = told()
        assert not FactChange.objects.exists()
        with tempfile.TemporaryDirectory() as elsewhere, override_settings(HOME=Path(elsewhere)):
            assert told() == followed


def test_days_are_those_of_the_organisation_and_merged_days_are_one() -> None:
    a, b = records.customers(["a", "b"])
    records.orders([(a, START, 10), (b, START + timedelta(hours=1), 5), (b, START + timedelta(days=4), 7)])
    assert [row["orders"] for row in told()] == [1, 2]
    SourceRecord.objects.filter(external_id="b").update(customer=a)
    merged = told()
    assert [(row["customer_id"], row["orders"], row["revenue"]) for row in merged] == [(str(a.pk), 2, 22.0)]
    assert merged[0]["first_order"] == date(2024, 1, 2)
    assert told("UTC")[0]["first_order"] == date(2024, 1, 1)  # another zone: everything is read anew


def test_a_correction_counts_from_the_day_it_was_written() -> None:
    (one,) = records.customers(["a"])
    records.orders([(one, START, 10)])
    told()
    line = OrderLine.objects.get()
    line.revenue = 4
    line.save()
    changes.note(OrderLine, "corrected", [line.pk])
    with mirror.current(PLACE) as history:
        today = clock.today(PLACE)
        revenue = [said(history, day)[0]["revenue"] for day in (today - timedelta(days=1), today)]
    assert revenue == [10.0, 4.0]


def test_an_order_that_moves_takes_its_lines_along() -> None:
    (one,) = records.customers(["a"])
    (order,) = records.orders([(one, START, 10)])
    told()
    Order.objects.update(happened_at=START - timedelta(days=7), known_at=START - timedelta(days=7))
    changes.note(Order, "corrected", [order.pk])
    assert told()[0]["first_order"] == date(2023, 12, 26)


def test_a_forgotten_person_is_in_no_file(home: Path) -> None:
    a, b = records.customers(["a", "b"])
    records.orders([(a, START, 10), (b, START, 5)])
    records.interaction(a, START)
    told()
    record = records.record_of(a)
    assert mirror.forget_records([record.pk]) == 2
    for file in (home / "history").rglob("*.parquet"):
        table = pa.parquet.read_table(file)
        if "customer_id" in table.column_names:
            assert str(record.pk) not in table.column("customer_id").to_pylist()
    Customer.objects.filter(pk=a.pk).update(erased_at=clock.now())
    assert [row["customer_id"] for row in told()] == [str(b.pk)]


def test_erased_people_are_not_read_when_all_is_read_anew() -> None:
    a, b = records.customers(["a", "b"])
    records.orders([(a, START, 10), (b, START, 5)])
    Customer.objects.filter(pk=a.pk).update(erased_at=clock.now())
    with mirror.current(PLACE) as history:
        assert history.rows(history.shelf.facts("order_lines")).num_rows == 1


def test_many_small_parts_become_one() -> None:
    (one,) = records.customers(["a"])
    for i in range(9):
        records.orders([(one, START + timedelta(days=i), 10)])
        told()
    with mirror.current(PLACE) as history:
        assert len(history.manifest.of("order_lines")) == 2  # eight were joined, one came after
        assert said(history)[0]["orders"] == 9


def test_rows_come_a_page_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    (one,) = records.customers(["a"])
    records.orders([(one, START, 10)] * 5)
    low, high = reading.span(shapes.LINES) or (0, 0)
    pages = list(reading.pages(shapes.LINES, low, high, ZoneInfo(PLACE)))
    assert [page.num_rows for page in pages] == [2, 2, 1]
    assert reconciling.ROW & ((3 << reconciling.VERSION_BITS) | high) == high


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Asia/Kolkata", "UTC"])
def test_clocks_are_those_of_the_place_summer_and_winter(zone: str) -> None:
    moments = [datetime(2024, month, 10, 12, 7, 3, 21, tzinfo=UTC) for month in range(1, 13)]
    utc = pa.array([int(at.timestamp()) * 1_000_000 + 21 for at in moments] + [None], pa.int64())
    wall = [at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in moments]
    assert shapes.local(utc, ZoneInfo(zone)).to_pylist() == [*wall, None]
    assert np.all(shapes.local(pa.array([], pa.int64()), ZoneInfo(zone)).is_valid())


AWKWARD = ['say "hi", you', "a\nb\r\nc", "NULL", "  ", "é中文🙂", "'", "%s %d", "1,2;3\t|", '"', "nan"]


@pytest.mark.parametrize("zone", ["UTC", PLACE])
def test_what_the_database_writes_is_read_as_it_was(zone: str) -> None:
    (one,) = records.customers(["a"])
    at = datetime(2024, 1, 1, 20, 5, 6, 70_000, tzinfo=UTC)
    for said in AWKWARD:
        records.interaction(one, at, text=said)
    with mirror.current(zone) as history:
        rows = history.rows(history.shelf.facts("interactions").order_by("fact_id")).to_pylist()
    assert [row["text"] for row in rows] == AWKWARD
    wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert {(row["happened_at"], row["source"], row["inbound"]) for row in rows} == {(wall, "hand", True)}


def test_what_is_empty_stays_unknown() -> None:
    (one,) = records.customers(["a"])
    records.orders([(one, START, 10)])
    OrderLine.objects.update(cost=None, product=None, description="", batch=None)
    records.feedback(one, START, score=None)
    records.feedback(one, START, score=0.1)
    with mirror.current(PLACE) as history:
        (line,) = history.rows(history.shelf.facts("order_lines")).to_pylist()
        scores = [row["score"] for row in history.rows(history.shelf.facts("feedback")).to_pylist()]
    assert (line["cost"], line["product_id"], line["product"], line["source"]) == (None, None, None, "hand")
    assert sorted(scores, key=str) == [0.1, None]


def test_a_reading_that_is_cancelled_leaves_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    (one,) = records.customers(["a"])
    records.orders([(one, START, 10)] * 9)

    def cancelled(_rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), mirror.current(PLACE, cancelled) as history:
        pass
    with mirror.opened(PLACE) as history:
        assert not history.manifest.of("order_lines")
        assert not list((history.folder / "order_lines").glob("*.tmp"))
    assert told()[0]["orders"] == 1


def test_facts_that_can_not_be_kept_are_said_and_nothing_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE", 1)
    (one,) = records.customers(["a"])
    records.orders([(one, START, 10)] * 9)

    def full(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(History, "append", full)
    with pytest.raises(OSError, match="full"), mirror.current(PLACE):
        pass
