"""Predictive distributions: equal to the formula where it is exact, close to simulation where it is not."""

from __future__ import annotations

import numpy as np
import pytest

from patron.lifecycle.models.catalogue import model
from patron.lifecycle.models.purchase.base import CountFitted
from patron.lifecycle.models.purchase.clv import discount_factor
from patron.lifecycle.models.purchase.components import components
from patron.lifecycle.models.purchase.gamma_gamma import SpendFitted
from patron.lifecycle.models.purchase.nodes import NODES, NodeGrid, count_grid
from patron.lifecycle.models.purchase.predictive import CountPredictive
from patron.lifecycle.models.purchase.spending import Buyer, money_quantiles
from patron.lifecycle.simulate.worlds import World, simulate


@pytest.fixture(scope="module")
def world() -> World:
    return simulate("mbg_nbd", 1500, seed=5)


@pytest.fixture(scope="module")
def fitted(world: World) -> CountFitted:
    found = model("mbg_nbd").fit(world.summary(), seed=0)
    assert isinstance(found, CountFitted)
    return found


@pytest.fixture(scope="module")
def spend(world: World) -> SpendFitted:
    found = model("gamma_gamma").fit(world.summary(), seed=0)
    assert isinstance(found, SpendFitted)
    return found


def test_a_single_world_is_the_formula(world: World, fitted: CountFitted) -> None:
    ahead = CountPredictive(fitted, world.x, world.t_x, world.T, 20.0, draws=1)
    below, upto = ahead.cdf_around(world.future)
    straight = np.exp(fitted.log_probability(world.future, world.x, world.t_x, world.T, 20.0))
    assert upto - below == pytest.approx(straight, abs=2e-4)
    low, high = ahead.quantiles([0.1, 0.9])
    # P(N ≤ y) reaches .9 at the upper end and not one below it, but for the interpolation's 2e-4
    upper = fitted.survival(np.arange(1, 60), world.x, world.t_x, world.T, 20.0)
    rows, y = np.arange(world.customers), high.astype(int)
    assert (upper[y, rows] <= 0.1 + 2e-4).all()
    assert (np.where(y > 0, upper[np.maximum(y - 1, 0), rows], 1.0) >= 0.1 - 2e-4).all()
    assert (low <= high).all()


def test_moments_are_those_of_the_formula(world: World, fitted: CountFitted) -> None:
    mean, variance = CountPredictive(fitted, world.x, world.t_x, world.T, 20.0, draws=1).moments(0)
    assert mean == pytest.approx(fitted.expected(world.x, world.t_x, world.T, 20.0), rel=2e-3, abs=1e-4)
    assert (variance >= 0).all()


def test_unsure_parameters_and_shocks_widen_the_interval(world: World, fitted: CountFitted) -> None:
    plain = CountPredictive(fitted, world.x, world.t_x, world.T, 52.0, draws=1).quantiles([0.975])[0]
    unsure = CountPredictive(fitted, world.x, world.t_x, world.T, 52.0, draws=32).quantiles([0.975])[0]
    assert unsure.sum() >= plain.sum()


def test_order_of_rows_does_not_matter(world: World, fitted: CountFitted) -> None:
    order = np.random.default_rng(0).permutation(world.customers)
    straight = CountPredictive(fitted, world.x, world.t_x, world.T, 20.0).quantiles([0.9])[0]
    mixed = CountPredictive(fitted, world.x[order], world.t_x[order], world.T[order], 20.0).quantiles([0.9])[0]
    assert (straight[order] == mixed).all()


def test_heavy_buyers_stay_within_a_few_per_cent() -> None:
    heavy = model("mbg_nbd").fit(simulate("mbg_nbd", 800, seed=1).summary(), seed=0)
    assert isinstance(heavy, CountFitted)
    x, T = np.array([900, 2500]), np.array([100.0, 100.0])
    low, high = CountPredictive(heavy, x, T - 0.1, T, 100.0, draws=1).quantiles([0.48, 0.52])
    at_low, at_high = (heavy.survival(y, x, T - 0.1, T, 100.0).diagonal() for y in (low + 1, high + 1))
    assert at_low == pytest.approx(0.52, abs=0.03)
    assert at_high == pytest.approx(0.48, abs=0.03)


def test_nobody_is_no_trouble(fitted: CountFitted) -> None:
    nobody = CountPredictive(fitted, np.zeros(0, np.int64), np.zeros(0), np.zeros(0), 20.0)
    assert nobody.quantiles([0.1, 0.9]).shape == (2, 0)


def test_few_ages_are_kept_exactly_and_many_are_interpolated() -> None:
    few = NodeGrid(np.array([0, 0, 1]), np.array([3.0, 5.0, 4.0]))
    assert few.at(few.T, slice(None)) == pytest.approx([3.0, 5.0, 4.0])
    ages = np.linspace(1, 90, 500)
    many = NodeGrid(np.zeros(500, np.int64), ages)
    assert len(many.T) <= NODES
    assert many.at(many.T, slice(None)) == pytest.approx(ages)


def test_count_grid_is_dense_first_and_reaches_the_end() -> None:
    assert count_grid(10)[-1] == 64
    wide = count_grid(5000)
    assert (np.diff(wide) > 0).all()
    assert wide[-1] >= 5000


def test_discounting_by_week_and_by_day_agree(world: World, fitted: CountFitted) -> None:
    factor = discount_factor(fitted, world.x, world.T, 52.0, 0.1)
    assert ((factor > 1.1**-1) & (factor < 1)).all()
    assert discount_factor(fitted, world.x, world.T, 52.0, 0.0) == pytest.approx(1.0)
    # a week's purchases counted at its middle, or a day's at its own: under 1 % apart
    days = np.arange(1, 365) / 7
    age, one = np.full(1, 30.0), np.full(1, 2.0)
    upto = np.array([fitted.expected_alive(one, age, np.full(1, d), 1.0)[0] for d in days])
    by_day = (np.diff(upto, prepend=0) * 1.1 ** (-(days - 0.5 / 7) / 52.1775)).sum() / upto[-1]
    assert discount_factor(fitted, np.array([2]), age, 52.0, 0.1)[0] == pytest.approx(by_day, rel=0.01)


def test_money_quantiles_agree_with_plain_simulation(fitted: CountFitted, spend: SpendFitted) -> None:
    x, T, n = np.array([3]), np.array([30.0]), np.array([3])
    mean, alive = np.array([40.0]), fitted.p_alive([3], [25.0], [30.0])
    buyer = Buyer(x, T, n, mean, alive, np.ones(1))
    worlds = components(fitted, 40.0, draws=1)
    found = money_quantiles(worlds, [spend], spend, buyer, 40.0, [0.5, 0.9], seed=1)[:, 0]
    rng, many = np.random.default_rng(2), 40_000
    tail = fitted.survival([*range(1, 60)], x, [25.0], T, 40.0)[:, 0]
    counts = (rng.random(many)[:, None] < tail).sum(axis=1)
    shape, rate = spend.spend_posterior(n, mean)
    rates = rng.gamma(float(shape[0]), 1 / float(rate[0]), many)
    money = np.where(counts > 0, rng.gamma(np.maximum(spend.p * counts, 1e-9)) / rates, 0.0)
    assert found == pytest.approx(np.quantile(money, [0.5, 0.9]), rel=0.05)
