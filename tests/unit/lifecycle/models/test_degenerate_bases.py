"""Bases from which nothing can be learned alone: an answer under the documented prior, said so, never an error."""

from __future__ import annotations

import numpy as np
import pytest

from patron.errors import InputError
from patron.lifecycle.models import catalogue
from patron.lifecycle.models.purchase.fitting import PRIOR_SD, prior_centre
from patron.lifecycle.models.purchase.gamma_gamma import GammaGamma
from patron.lifecycle.models.purchase.histories import Histories
from patron.lifecycle.simulate.worlds import simulate

BASES = {
    "one customer": ([0], [0.0], [0.0]),
    "one regular": ([4], [20.0], [30.0]),
    "five orders": ([0, 0, 1, 0], [0.0, 0, 3, 0], [5.0, 6, 7, 8]),
    "all one-time buyers": ([0] * 50, [0.0] * 50, [float(t) for t in range(50)]),
    "all on one day": ([0] * 30, [0.0] * 30, [0.0] * 30),
    "all alike": ([10] * 200, [50.0] * 200, [52.0] * 200),
    "all long gone": ([3] * 200, [2.0] * 200, [520.0] * 200),
    "thousands of purchases": ([5000, 4000, 0, 100], [2000.0, 1800, 0, 10], [2000.0] * 4),
    "one day old": ([0, 1], [0.0, 1 / 7], [1 / 7, 1 / 7]),
}


@pytest.mark.parametrize("name", catalogue.purchase_models())
@pytest.mark.parametrize("base", BASES)
def test_there_is_always_an_answer(name: str, base: str) -> None:
    x, t_x, T = (np.array(column) for column in BASES[base])
    fitted = catalogue.model(name).fit_histories(Histories.of(x, t_x, T), seed=0)
    assert np.isfinite(fitted.log_likelihood)
    assert np.isfinite(fitted.covariance).all()
    assert all(np.isfinite(v) and v > 0 for v in fitted.params.values())
    for figure in fitted.outlook(x, t_x, T, 39.0):
        assert np.isfinite(figure).all()
    for drawn in fitted.draws(8, seed=0):
        assert np.isfinite(drawn.survival([1, 5, 100], x, t_x, T, 52.0)).all()


@pytest.mark.parametrize("name", ["bg_nbd", "mbg_nbd", "pareto_nbd"])
@pytest.mark.parametrize("base", BASES)
def test_the_prior_decides_and_both_languages_say_so(name: str, base: str) -> None:
    fitted = catalogue.model(name).fit_histories(Histories.of(*BASES[base]), seed=0)
    assert fitted.shrunken
    assert "prior" in fitted.notes[0].en
    assert "先验" in fitted.notes[0].zh


@pytest.mark.parametrize("name", ["bg_nbd", "mbg_nbd", "pareto_nbd"])
def test_without_any_information_the_answer_is_the_priors_centre(name: str) -> None:
    histories = Histories.of(*BASES["all on one day"])
    fitted = catalogue.model(name).fit_histories(histories, seed=0)
    centre = prior_centre(histories, tuple(fitted.params))
    for key, value in fitted.params.items():
        assert value == pytest.approx(centre[key], rel=1e-3)
        assert fitted.std_errors[key] == pytest.approx(value * PRIOR_SD.get(key, 1.0), rel=1e-3)


def test_fifty_customers_may_need_the_prior_and_fifty_thousand_do_not() -> None:
    for customers, needed in ((50, True), (50_000, False)):
        world = simulate("mbg_nbd", customers, seed=1)
        fitted = catalogue.model("mbg_nbd").fit_histories(Histories.of(world.x, world.t_x, world.T), seed=0)
        assert fitted.shrunken is needed


@pytest.mark.parametrize("name", ["bg_nbd", "mbg_nbd", "pareto_nbd"])
def test_customers_who_never_leave_are_not_too_little_data_but_how_they_leave_is_the_priors_word(name: str) -> None:
    rng = np.random.default_rng(0)
    T = rng.integers(100, 350, 3000) / 7
    x = rng.poisson(rng.gamma(1.0, 0.1, 3000) * T)
    last = np.where(x > 0, np.floor(7 * T * rng.beta(np.maximum(x, 1), 1.0)).clip(1) / 7, 0.0)
    fitted = catalogue.model(name).fit_histories(Histories.of(x, last, T), seed=0)
    assert not fitted.shrunken
    assert "prior" in fitted.notes[0].en
    assert fitted.params["r"] / fitted.params["alpha"] == pytest.approx(0.1, rel=0.1)
    assert fitted.p_alive(x, last, T).mean() > 0.9


@pytest.mark.parametrize(
    "n, mean",
    [([], []), ([1.0], [10.0]), ([3.0, 2, 5] * 5, [7.0] * 15), ([1.0] * 5, [1e12, 1e-3, 5, 5, 1])],
    ids=["nobody", "one", "all alike", "from a thousandth to a million millions"],
)
def test_money_without_information_is_shrunken_too(n: list[float], mean: list[float]) -> None:
    fitted = GammaGamma().fit_spend(np.array(n), np.array(mean), usual=20.0)
    assert fitted.shrunken
    assert fitted.notes[0].en
    assert fitted.notes[0].zh
    assert fitted.params["q"] > 1
    assert np.isfinite(fitted.conditional_mean([0, 3], [0.0, 9.0])).all()
    assert all(d.params["q"] > 1 for d in fitted.draws(20, seed=0))


def test_without_any_repeat_occasion_the_mean_is_that_of_all_occasions() -> None:
    assert GammaGamma().fit_spend(np.array([]), np.array([]), usual=20.0).mean == pytest.approx(20.0)


@pytest.mark.parametrize(
    "x, t_x, T", [(-1, 0.0, 5.0), (1.5, 1.0, 5.0), (2, 6.0, 5.0), (0, 1.0, 5.0), (3, 0.0, 5.0), (1, np.nan, 5.0)]
)
def test_an_impossible_history_is_refused_with_its_row(x: float, t_x: float, T: float) -> None:
    with pytest.raises(InputError, match="row 2"):
        Histories.of([0, x], [0.0, t_x], [9.0, T])


def test_ten_million_customers_with_decades_do_not_overflow() -> None:
    crowd = Histories(
        np.array([0.0, 1, 900, 5000]),
        np.array([0.0, 3, 2000, 2500]),
        np.array([2600.0] * 4),
        np.array([4e6, 4e6, 1e6, 1e6]),
    )
    for name in ("bg_nbd", "mbg_nbd", "pareto_nbd"):
        fitted = catalogue.model(name).fit_histories(crowd, seed=0)
        assert np.isfinite(fitted.log_likelihood)
        assert np.isfinite(np.concatenate(fitted.outlook(crowd.x, crowd.t_x, crowd.T, 520.0))).all()
