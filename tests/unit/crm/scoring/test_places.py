"""The orders of lists are those of the standings, whatever moved, whenever it moved, and wherever a refresh was cut."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import people
import pytest
import records
from django.db import connection

from patron.crm.customers.models import Customer
from patron.crm.customers.operations import merge_customers
from patron.crm.kit import clock
from patron.crm.kit.announcements import announce
from patron.crm.kit.policy import System
from patron.crm.scoring import operations, places, refreshing, rescoring
from patron.crm.scoring.models import Refresh, ScoringSettings, Standing
from patron.crm.scoring.places import table
from patron.crm.scoring.queries import Filters, list_customers

pytestmark = pytest.mark.django_db
DAY = date(2024, 6, 1)
BY = System()


@pytest.fixture
def base() -> list[Customer]:
    """Thirty customers with orders, scored."""
    made = records.customers([f"c{i:02}" for i in range(30)])
    spent = [(one, DAY - timedelta(days=7 * k + i), 10.0 + i) for i, one in enumerate(made) for k in range(1 + i % 4)]
    records.orders(spent)
    refresh()
    return made


def refresh(also: Any = None) -> Refresh:
    made = Refresh.objects.create(made_at=clock.now(), by_name="test")
    return refreshing.run(made.pk, as_of=DAY, also=also)


def kept() -> set[tuple[int, int, float, int]]:
    """The places that lists walk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, part, value, customer FROM scoring_place WHERE generation = %s", [places.current() or 0]
        )
        return set(cursor.fetchall())


def generations() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT generation FROM scoring_place")
        return {row[0] for row in cursor.fetchall()}


def said_by_standings() -> set[tuple[int, int, float, int]]:
    return set(places.Columns.of_standings().rows())


@pytest.mark.usefixtures("base")
def test_after_a_refresh_the_places_are_those_of_the_standings_and_earlier_ones_are_gone() -> None:
    assert len(kept()) >= 5 * 30
    assert kept() == said_by_standings()
    refresh()
    assert kept() == said_by_standings()
    assert generations() == {places.current()}


def test_who_has_no_value_stands_behind_everybody_of_the_stage(base: list[Customer]) -> None:
    Standing.objects.filter(pk=base[0].pk).update(clv=None, value_at_risk=None, churn_risk=None, last_order=None)
    places.rebuild()
    mine = {(kind, value) for kind, _, value, customer in kept() if customer == base[0].pk}
    revenue = places.KINDS["revenue"].code
    assert {kind for kind, _ in mine} == {revenue, *(kind.code for kind in places.PARTED.values())}
    assert all(value < places.KNOWN for kind, value in mine if kind != revenue)
    stage = Standing.objects.get(pk=base[0].pk).stage
    rows = list_customers(actor=BY, filters=Filters(stages=(stage,)), sort="-clv", limit=100).rows
    assert rows[-1].customer.id == base[0].pk


def test_a_change_of_one_standing_moves_that_customer_alone(base: list[Customer]) -> None:
    one = base[7]
    before = {place for place in kept() if place[-1] != one.pk}
    records.orders([(one, DAY - timedelta(days=1), 500.0)])
    rescoring.rescore([one.pk])
    assert kept() == said_by_standings()
    assert {place for place in kept() if place[-1] != one.pk} == before
    operations.set_stage(by=people.person("owner"), customer_id=one.pk, stage="lapsed")
    assert kept() == said_by_standings()
    found = list_customers(actor=BY, filters=Filters(stages=("lapsed",)), sort="-clv").rows
    assert one.pk in [row.customer.id for row in found]


def test_who_was_merged_leaves_and_who_absorbed_them_moves(base: list[Customer]) -> None:
    merge_customers(by=BY, survivor_id=base[1].pk, absorbed_id=base[2].pk)
    assert kept() == said_by_standings()
    assert base[2].pk not in {place[-1] for place in kept()}


def test_who_moves_while_a_refresh_writes_is_right_in_the_end(base: list[Customer]) -> None:
    one = base[3]

    def meanwhile(step: Any, share: float) -> None:
        if step == refreshing.WRITE and share > 0.9 and not moved:
            with places.moving([one.pk]):
                Standing.objects.filter(pk=one.pk).update(revenue=Decimal(9_999))
            moved.append(one.pk)

    moved: list[int] = []
    refresh(meanwhile)
    assert moved
    assert kept() == said_by_standings()
    assert generations() == {places.current()}


@pytest.mark.usefixtures("base")
def test_a_refresh_cancelled_while_it_writes_leaves_orders_that_fit() -> None:
    last = places.current()

    def cancel(step: Any, _share: float) -> None:
        if step == refreshing.WRITE:
            raise refreshing.Cancelled

    assert refresh(cancel).state == "cancelled"
    assert kept() == said_by_standings()
    assert places.current() != last
    assert generations() == {places.current()}


@pytest.mark.usefixtures("base")
def test_a_generation_cut_short_is_thrown_away_by_the_next() -> None:
    columns = places.Columns.of_standings()
    with pytest.raises(KeyboardInterrupt):
        places.write(places.start(), columns, _stop)
    assert len(generations()) == 2
    assert kept() == said_by_standings()
    refresh()
    assert generations() == {places.current()}


def _stop(_rows: int) -> None:
    raise KeyboardInterrupt


@pytest.mark.usefixtures("base")
def test_a_restored_base_has_its_orders_anew() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM scoring_place")
    announce("server.restored")
    assert kept() == said_by_standings()


@pytest.mark.usefixtures("base")
@pytest.mark.parametrize("left", [{"places": None}, {"places_format": 0}], ids=["none", "of another format"])
def test_a_database_of_an_earlier_patron_gets_its_orders_when_it_is_brought_up_to_date(left: dict[str, Any]) -> None:
    ScoringSettings.objects.filter(pk=1).update(**left)
    assert places.current() is None
    assert len(list_customers(actor=BY, sort="-clv", limit=100).rows) == 30, "nobody is hidden meanwhile"
    announce("server.updated")
    assert kept() == said_by_standings()
    assert generations() == {places.current()}
    now = places.current()
    announce("server.updated")
    assert places.current() == now, "nothing is done twice"


@pytest.mark.usefixtures("base")
def test_long_orders_are_written_and_thrown_away_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    class Small(table.Pace):
        def __init__(self, **_more: int) -> None:
            super().__init__(first=7, least=7, most=7)

    monkeypatch.setattr(table, "Pace", Small)
    monkeypatch.setattr(table, "COPIED", 7)
    places.rebuild()
    assert kept() == said_by_standings()
    assert generations() == {places.current()}


@pytest.mark.usefixtures("base")
def test_who_stands_twice_is_shown_once_and_the_list_goes_on() -> None:
    """As in the minutes in which a refresh writes."""
    whole = [row.customer.id for row in list_customers(actor=BY, sort="-revenue", limit=100).rows]
    kind = places.KINDS["revenue"].code
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scoring_place (generation, kind, part, value, customer) VALUES (%s, %s, 0, 1e15, %s)",
            [places.current(), kind, whole[3]],
        )
    first = list_customers(actor=BY, sort="-revenue", limit=5)
    assert [row.customer.id for row in first.rows] == [whole[3], *whole[:3]]
    assert first.next is not None
    rest = list_customers(actor=BY, sort="-revenue", limit=100, after=first.next)
    assert [row.customer.id for row in rest.rows] == whole[4:]


def test_who_moves_while_the_orders_are_rebuilt_is_right_in_the_end(
    base: list[Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, read = base[5], table.Columns.of_standings

    def meanwhile(ids: Any = None) -> places.Columns:
        found = read(ids)
        if ids is None:
            with places.moving([one.pk]):
                Standing.objects.filter(pk=one.pk).update(revenue=Decimal(7_777))
        return found

    monkeypatch.setattr(table.Columns, "of_standings", staticmethod(meanwhile))
    places.rebuild()
    monkeypatch.undo()
    assert kept() == said_by_standings()


@pytest.mark.usefixtures("base")
def test_before_anybody_has_a_place_everybody_is_listed_all_the_same() -> None:
    places.clear()
    assert places.current() is None
    assert len(list_customers(actor=BY, sort="-clv", limit=100).rows) == 30
