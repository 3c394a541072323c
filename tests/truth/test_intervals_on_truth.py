"""Where the model is true, its intervals hold what they promise: customers and groups, counts and money."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

import patron
from patron.lifecycle.evaluation.intervals import randomised_coverage
from patron.lifecycle.models.purchase.predictive import CountPredictive
from patron.lifecycle.simulate.worlds import World, simulate
from patron.study.backtest import Buyers
from patron.study.run import Run
from patron.study.totals import group_totals

HORIZON = 26


def study(seed: int, customers: int) -> tuple[World, Run]:
    """A world of MBG/NBD customers, and the run on its orders."""
    world = simulate("mbg_nbd", customers, seed=seed, weeks=104, arrivals=40, horizon=HORIZON, by_day=True)
    orders = world.orders().rename_columns(["customer", "date", "amount"])
    weeks = f"{HORIZON}w"
    run = patron.analyze(orders, as_of=date(2020, 12, 31), horizon=weeks, clv_horizon=weeks, discount=0.0)
    return world, run


@pytest.fixture(scope="module")
def worlds() -> list[tuple[World, Run]]:
    """Two worlds; the long form of this test (benchmarks/bench_coverage.py) has twenty."""
    return [study(seed, 3000) for seed in (0, 1)]


def test_customers_are_covered_as_promised(worlds: list[tuple[World, Run]]) -> None:
    covered = []
    for world, run in worlds:
        b, fits = Buyers.of(run.summary), run.fits
        ahead = CountPredictive(fits.chosen, b.x, b.t_x, b.T, HORIZON, shocks=fits.shocks)
        low, high = fits.count_levels.adjust([0.1, 0.9])
        covered.append(randomised_coverage(*ahead.cdf_around(world.future), tau=(low, high)))
    assert np.mean(covered) == pytest.approx(0.80, abs=0.02)


def test_no_shocks_are_found_where_there_are_none(worlds: list[tuple[World, Run]]) -> None:
    assert all(run.fits.shocks.sd(HORIZON) < 0.05 for _, run in worlds)


def test_totals_of_groups_are_covered(worlds: list[tuple[World, Run]]) -> None:
    counts, money = [], []
    for world, run in worlds:
        rng = np.random.default_rng(0)
        for _ in range(40):
            rows = np.sort(rng.choice(world.customers, 150, replace=False))
            purchases, value = group_totals(run.summary.take(rows), run.fits, run.settings)
            counts.append(purchases.low <= world.future[rows].sum() <= purchases.high)
            money.append(value.low <= world.future_money[rows].sum() <= value.high)
    # 80 groups of two worlds: the share itself is uncertain by about .05
    assert np.mean(counts) == pytest.approx(0.80, abs=0.12)
    assert np.mean(money) == pytest.approx(0.80, abs=0.12)


def test_the_total_of_everybody_holds_the_truth(worlds: list[tuple[World, Run]]) -> None:
    for world, run in worlds:
        purchases, value = group_totals(run.summary, run.fits, run.settings)
        assert purchases.low95 <= world.future.sum() <= purchases.high95
        assert value.low95 <= world.future_money.sum() <= value.high95
