"""What was planted is found again: parameters, expected purchases, chances, and money, in worlds made by the models."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from patron.lifecycle.models import catalogue
from patron.lifecycle.models.purchase.base import CountFitted
from patron.lifecycle.models.purchase.gamma_gamma import GammaGamma
from patron.lifecycle.models.purchase.histories import Histories
from patron.lifecycle.simulate.worlds import PLANTED, World, simulate

CUSTOMERS = 20_000
HORIZON = 39.0


@cache
def world(name: str) -> World:
    return simulate(name, CUSTOMERS, seed=11, weeks=104.0, arrivals=52.0, horizon=HORIZON)


@cache
def fit(name: str) -> CountFitted:
    w = world(name)
    return catalogue.model(name).fit_histories(Histories.of(w.x, w.t_x, w.T), seed=0)


@pytest.fixture(params=PLANTED)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def test_planted_parameters_are_recovered_within_four_standard_errors(name: str) -> None:
    fitted = fit(name)
    assert not fitted.shrunken
    for key, planted in PLANTED[name].items():
        off = np.log(fitted.params[key] / planted) * fitted.params[key] / fitted.std_errors[key]
        assert abs(off) < 4, (key, off)


def test_standard_errors_are_neither_empty_nor_idle(name: str) -> None:
    fitted = fit(name)
    for key, value in fitted.params.items():
        assert 0.001 < fitted.std_errors[key] / value < 0.5


def near(predicted: np.ndarray, happened: np.ndarray, sigmas: float = 4.0) -> None:
    """The means agree within the noise of what happened."""
    noise = happened.std() / np.sqrt(len(happened))
    assert abs(predicted.mean() - happened.mean()) <= sigmas * noise


def truth(name: str) -> CountFitted:
    """The model at the planted parameters."""
    return fit(name).with_log_params(np.log(list(PLANTED[name].values())))


def test_at_the_truth_all_figures_are_right_on_average_and_in_every_part_of_the_base(name: str) -> None:
    w, model = world(name), truth(name)
    expected, p_purchase, p_alive = model.outlook(w.x, w.t_x, w.T, HORIZON)
    parts = [w.x == 0, (w.x > 0) & (w.x < 3), w.x >= 3, w.T - w.t_x < 10, w.T - w.t_x > 40]
    for part in parts:
        near(expected[part], w.future[part])
        near(p_purchase[part], w.future[part] > 0)
        near(p_alive[part], w.alive[part])


def test_at_the_truth_every_count_is_as_likely_as_said(name: str) -> None:
    w, model = world(name), truth(name)
    for k in range(6):
        near(np.exp(model.log_probability(k, w.x, w.t_x, w.T, HORIZON)), w.future == k)


def test_the_planted_model_says_more_about_the_future_than_any_baseline(name: str) -> None:
    w = world(name)
    past = Histories.of(w.x, w.t_x, w.T)

    def score(fitted: CountFitted) -> float:
        return float(fitted.log_probability(w.future, w.x, w.t_x, w.T, HORIZON).mean())

    for rule in (n for n in catalogue.purchase_models() if n.startswith("baseline")):
        assert score(fit(name)) > score(catalogue.model(rule).fit_histories(past, seed=0))


def test_expected_purchases_of_a_newcomer_follow_the_world(name: str) -> None:
    w, model = world(name), truth(name)
    by_half = np.bincount(w.customer[w.age <= 26.0], minlength=w.customers)
    near(np.full(w.customers, float(model.expected_from_start(26.0))), by_half)


def test_a_shop_that_buys_by_day_is_understood_nearly_as_well() -> None:
    w = simulate("mbg_nbd", CUSTOMERS, seed=12, weeks=104.0, arrivals=52.0, horizon=HORIZON, by_day=True)
    fitted = catalogue.model("mbg_nbd").fit_histories(Histories.of(w.x, w.t_x, w.T), seed=0)
    assert fitted.expected(w.x, w.t_x, w.T, HORIZON).sum() == pytest.approx(w.future.sum(), rel=0.04)


def test_planted_money_is_recovered_and_what_comes_is_foretold() -> None:
    w = world("bg_nbd")
    fitted = GammaGamma().fit_spend(w.x.astype(float), w.repeat_mean)
    for key, planted in w.spend.items():
        assert abs(fitted.params[key] - planted) < 4 * fitted.std_errors[key], key
    mean = fitted.conditional_mean(w.x, w.repeat_mean)
    near(mean[w.x > 0], w.typical_money[w.x > 0])
    near(mean[w.x == 0], w.typical_money[w.x == 0])
