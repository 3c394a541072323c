"""A planted world is what it says: repeatable, consistent with itself, and a shop's table on demand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from patron.errors import UsageError
from patron.lifecycle import tables
from patron.lifecycle.models.purchase.histories import possible
from patron.lifecycle.simulate.worlds import PLANTED, World, simulate


@pytest.fixture(params=PLANTED)
def world(request: pytest.FixtureRequest) -> World:
    return simulate(request.param, 2000, seed=3, by_day=True)


def test_the_same_seed_gives_the_same_world(world: World) -> None:
    again = simulate(world.model, 2000, seed=3, by_day=True)
    np.testing.assert_array_equal(again.age, world.age)
    np.testing.assert_array_equal(again.money, world.money)
    assert not np.array_equal(simulate(world.model, 2000, seed=4, by_day=True).T, world.T)


def test_histories_are_possible_and_in_whole_days(world: World) -> None:
    assert possible(world.x.astype(float), world.t_x, world.T).all()
    for ages in (world.T, world.t_x, world.age):
        np.testing.assert_allclose(ages * 7, np.rint(ages * 7), atol=1e-9)
    assert (np.diff(world.customer) >= 0).all()
    assert (world.age <= world.T[world.customer] + world.horizon + 1e-9).all()


def test_whoever_has_left_buys_no_more(world: World) -> None:
    assert world.future[~world.alive].sum() <= 0.002 * world.customers  # an occasion on the as-of day itself may round
    assert world.future[world.alive].sum() > 0


def test_the_summary_is_made_of_the_orders(world: World) -> None:
    as_of = date(2021, 6, 30)
    summary = tables.SUMMARY.check(world.summary(as_of))
    orders = world.orders(as_of)
    assert orders.num_rows == sum(summary.column("orders").to_pylist())
    assert max(orders.column("day").to_pylist()) <= as_of
    assert sum(orders.column("revenue").to_pylist()) == pytest.approx(sum(summary.column("revenue").to_pylist()))
    last = orders.group_by("customer_id").aggregate([("day", "max"), ("day", "count_distinct")]).sort_by("customer_id")
    assert last.column("day_max").to_pylist() == summary.column("last_order").to_pylist()
    assert last.column("day_count_distinct").to_pylist() == summary.column("orders").to_pylist()


def test_the_future_is_in_the_orders_only_when_asked_for(world: World) -> None:
    as_of = date(2021, 6, 30)
    later = world.orders(as_of, future=True).num_rows - world.orders(as_of).num_rows
    assert later == world.future.sum()


def test_an_unknown_world_is_refused() -> None:
    with pytest.raises(UsageError, match="pareto_nbd"):
        simulate("flat_earth", 10, seed=0)
