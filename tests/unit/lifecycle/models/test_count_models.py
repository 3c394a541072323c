"""What must hold for any customer, any horizon and any parameters, plausible or not."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patron.lifecycle.models import catalogue
from patron.lifecycle.models.base import Parts
from patron.lifecycle.models.purchase.base import CountFitted
from patron.lifecycle.models.purchase.bg_nbd import BgNbdFitted
from patron.lifecycle.models.purchase.histories import Histories
from patron.lifecycle.models.purchase.mbg_nbd import MbgNbdFitted
from patron.lifecycle.models.purchase.pareto_nbd import ParetoNbdFitted
from patron.lifecycle.simulate.worlds import PLANTED, simulate

KINDS = {"bg_nbd": BgNbdFitted, "mbg_nbd": MbgNbdFitted, "pareto_nbd": ParetoNbdFitted}
GIVEN = {name: tuple(params) for name, params in PLANTED.items()}


def at(name: str, *params: float) -> CountFitted:
    """A model at these parameters."""
    named = dict(zip(GIVEN[name], params, strict=True))
    return KINDS[name](name, named, dict.fromkeys(named, 0.1), -1.0, 100, 0.01 * np.eye(4), False)


def log_between(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(np.log(low), np.log(high)).map(lambda z: float(np.exp(z)))


@st.composite
def customers(draw: st.DrawFn) -> tuple[int, float, float]:
    """x up to thousands, ages up to decades, in whole days."""
    days = draw(st.integers(1, 20_000))
    x = draw(st.one_of(st.just(0), st.integers(1, min(days, 5_000))))
    last = draw(st.integers(x, days)) if x else 0
    return x, last / 7, days / 7


models = st.builds(
    at, st.sampled_from(sorted(KINDS)), log_between(0.02, 50), log_between(0.05, 500), log_between(0.05, 50),
    log_between(0.2, 500),
)  # fmt: skip


@given(models, customers(), log_between(0.2, 2000))
def test_every_figure_of_every_customer_is_a_number_in_its_range(
    fitted: CountFitted, customer: tuple[int, float, float], horizon: float
) -> None:
    x, t_x, T = customer
    expected, p_purchase, p_alive = (float(v[0]) for v in fitted.outlook([x], [t_x], [T], horizon))
    assert 0 <= p_alive <= 1
    assert 0 <= p_purchase <= p_alive
    assert p_purchase - 1e-12 <= expected < np.inf
    log_p = fitted.log_probability([0, 1, 7, 10_000], x, t_x, T, horizon)
    assert not np.isnan(log_p).any()
    assert (log_p <= 1e-9).all()


@given(models, customers(), log_between(0.2, 500))
@settings(max_examples=60)
def test_chances_of_more_purchases_fall_and_add_up_to_the_mean(
    fitted: CountFitted, customer: tuple[int, float, float], horizon: float
) -> None:
    x, _, T = customer
    mean = float(fitted.expected_alive(np.array([float(x)]), np.array([T]), np.array([horizon]), 1.0)[0])
    k = np.arange(1, 3001)
    tail = fitted.survival_alive(k, [x], [T], horizon)[:, 0]
    assert ((tail >= 0) & (tail <= 1)).all()
    assert (np.diff(tail) <= 1e-12).all()
    if tail[-1] < 1e-14:
        assert tail.sum() == pytest.approx(mean, rel=1e-8)


@given(models, customers(), log_between(0.5, 200))
@settings(max_examples=60)
def test_probabilities_of_counts_are_the_steps_of_the_tail(
    fitted: CountFitted, customer: tuple[int, float, float], horizon: float
) -> None:
    x, t_x, T = customer
    tail = np.concatenate([[1.0], fitted.survival(np.arange(1, 12), [x], [t_x], [T], horizon)[:, 0]])
    steps = np.exp(fitted.log_probability(np.arange(11), x, t_x, T, horizon))
    np.testing.assert_allclose(steps, -np.diff(tail), rtol=1e-7, atol=1e-12)


@given(models, customers(), st.floats(0, 1))
def test_a_later_last_purchase_never_makes_leaving_likelier(
    fitted: CountFitted, customer: tuple[int, float, float], share: float
) -> None:
    x, t_x, T = customer
    earlier = max(t_x * share, t_x / 100) if x else 0.0
    one, other = fitted.p_alive([x, x], [earlier, t_x], [T, T])
    assert one <= other + 1e-12


@given(models, customers(), log_between(0.5, 200), st.floats(1.0, 2.0))
def test_a_longer_horizon_or_a_higher_rate_brings_more(
    fitted: CountFitted, customer: tuple[int, float, float], horizon: float, more: float
) -> None:
    x, t_x, T = customer
    base = float(fitted.expected(x, t_x, T, horizon)[0])
    assert fitted.expected(x, t_x, T, horizon * more)[0] >= base * (1 - 1e-9)
    assert fitted.expected(x, t_x, T, horizon, more)[0] >= base * (1 - 1e-9)


@pytest.mark.parametrize("name", KINDS)
def test_the_rate_acts_on_buying_and_leaves_leaving_alone(name: str) -> None:
    fitted = at(name, 0.5, 6.0, 0.8, 2.5)
    one, horizon = (np.array([3.0]), np.array([40.0])), np.array([39.0])
    for rate in (0.3, 2.5):
        tail = fitted.survival_alive(np.arange(1, 4000), *one, horizon, rate)[:, 0]
        assert tail.sum() == pytest.approx(float(fitted.expected_alive(*one, horizon, rate)[0]), rel=1e-9)
    twice, once = (float(fitted.expected(3, 30.0, 40.0, 39.0, rate)[0]) for rate in (2.0, 1.0))
    if name == "pareto_nbd":
        assert twice == pytest.approx(2 * once)
    else:  # more purchases are more occasions to leave
        assert once < twice < 2 * once


@pytest.mark.parametrize("a", [0.999999, 1.0, 1.000001])
def test_nothing_breaks_where_the_closed_form_divides_by_zero(a: float) -> None:
    near = at("bg_nbd", 0.24, 4.4, 1.01, 2.4).expected(2, 30.0, 38.0, 39.0)[0]
    assert at("bg_nbd", 0.24, 4.4, a, 2.4).expected(2, 30.0, 38.0, 39.0)[0] == pytest.approx(near, rel=0.02)
    near = at("pareto_nbd", 0.5, 10.0, 1.01, 12.0).expected(2, 30.0, 38.0, 39.0)[0]
    assert at("pareto_nbd", 0.5, 10.0, a, 12.0).expected(2, 30.0, 38.0, 39.0)[0] == pytest.approx(near, rel=0.02)


@pytest.mark.parametrize("name", PLANTED)
def test_weeks_or_days_are_the_same_world(name: str) -> None:
    world = simulate(name, 3000, seed=4, weeks=80.0, arrivals=40.0)
    in_weeks = catalogue.model(name).fit_histories(Histories.of(world.x, world.t_x, world.T), seed=0)
    in_days = catalogue.model(name).fit_histories(Histories.of(world.x, 7 * world.t_x, 7 * world.T), seed=0)
    np.testing.assert_allclose(
        in_days.expected(world.x, 7 * world.t_x, 7 * world.T, 7 * 39.0),
        in_weeks.expected(world.x, world.t_x, world.T, 39.0),
        rtol=1e-6,
    )
    purchases = world.x.sum()
    assert in_days.log_likelihood + purchases * np.log(7) == pytest.approx(in_weeks.log_likelihood, abs=1e-5)


@pytest.mark.parametrize("name", catalogue.purchase_models())
def test_parts_are_everything(name: str) -> None:
    world = simulate("bg_nbd", 500, seed=4)
    fitted = catalogue.model(name).fit_histories(Histories.of(world.x, world.t_x, world.T), seed=0)
    parts = fitted.parts()
    again = catalogue.model(name).restore(Parts(json.loads(json.dumps(dict(parts.json))), parts.arrays))
    assert type(again) is type(fitted)
    np.testing.assert_array_equal(again.covariance, fitted.covariance)
    assert again.parts().json == parts.json


@pytest.mark.parametrize("name", catalogue.purchase_models())
def test_draws_spread_like_the_standard_errors_and_repeat_with_the_seed(name: str) -> None:
    world = simulate("mbg_nbd", 4000, seed=4, weeks=100.0)
    fitted = catalogue.model(name).fit_histories(Histories.of(world.x, world.t_x, world.T), seed=0)
    drawn = fitted.draws(400, seed=1)
    for key, value in fitted.params.items():
        spread = np.std([np.log(d.params[key] / value) for d in drawn])
        assert spread == pytest.approx(fitted.std_errors[key] / value, rel=0.2, abs=1e-9)
    assert [d.params for d in fitted.draws(3, seed=1)] == [d.params for d in drawn[:3]]


def test_a_covariance_beyond_reason_is_cut() -> None:
    wild = replace(at("bg_nbd", 0.5, 6.0, 0.8, 2.5), covariance=1e6 * np.eye(4))
    for drawn in wild.draws(20, seed=0):
        assert all(1 / 21 < drawn.params[key] / wild.params[key] < 21 for key in wild.params)
