"""The published estimates and predictions on the raw CDNOW sample [Fader & Hardie]."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from patron.lifecycle.models import catalogue
from patron.lifecycle.models.purchase.base import CountFitted
from patron.lifecycle.models.purchase.gamma_gamma import GammaGamma
from patron.lifecycle.models.purchase.histories import Histories

WEEKS = 39.0


@dataclass(frozen=True)
class Cdnow:
    """2,357 customers as of 1997-09-30, their paid repeat occasions, and what they bought in the 39 weeks after."""

    x: np.ndarray
    t_x: np.ndarray
    T: np.ndarray
    repeat_n: np.ndarray
    repeat_mean: np.ndarray
    bought: np.ndarray


@pytest.fixture(scope="module")
def cdnow(shared_data: Callable[[str], Path]) -> Cdnow:
    rows = np.loadtxt(shared_data("cdnow/CDNOW_sample.txt"))
    text = rows[:, 2].astype(int).astype(str)
    day = np.array([f"{d[:4]}-{d[4:6]}-{d[6:]}" for d in text], "datetime64[D]").astype(int)
    _, who = np.unique(rows[:, 0], return_inverse=True)
    occasions, at = np.unique(np.stack([who, day]), axis=1, return_inverse=True)
    money = np.bincount(at.ravel(), weights=rows[:, 4])
    n, end = who.max() + 1, np.datetime64("1997-09-30").astype(int)
    past = occasions[1] <= end
    first, last = np.full(n, 10**6), np.zeros(n)
    np.minimum.at(first, occasions[0, past], occasions[1, past])
    np.maximum.at(last, occasions[0, past], occasions[1, past])
    paid = past & (occasions[1] > first[occasions[0]]) & (money > 0)
    repeat_n = np.bincount(occasions[0, paid], minlength=n).astype(float)
    return Cdnow(
        x=np.bincount(occasions[0, past], minlength=n) - 1,
        t_x=(last - first) / 7,
        T=(end - first) / 7,
        repeat_n=repeat_n,
        repeat_mean=np.bincount(occasions[0, paid], weights=money[paid], minlength=n) / np.maximum(repeat_n, 1),
        bought=np.bincount(occasions[0, ~past], minlength=n),
    )


@pytest.fixture(scope="module")
def fits(cdnow: Cdnow) -> dict[str, CountFitted]:
    histories = Histories.of(cdnow.x, cdnow.t_x, cdnow.T)
    return {name: catalogue.model(name).fit_histories(histories, seed=0) for name in catalogue.purchase_models()}


PRINTED = {
    "bg_nbd": ({"r": 0.2426, "alpha": 4.414, "a": 0.793, "b": 2.426}, -9582.43),
    "mbg_nbd": ({"r": 0.525, "alpha": 6.183, "a": 0.891, "b": 1.614}, -9582.136),
    "pareto_nbd": ({"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}, -9594.976),
}


def same_as_printed(value: float, printed: float) -> bool:
    """Equal at the printed digits, give or take 1 in the last."""
    digits = len(str(printed).partition(".")[2])
    return abs(round(value, digits) - printed) <= 1.001 * 10**-digits


@pytest.mark.parametrize("name", PRINTED)
def test_the_published_parameters_come_out_untouched_by_any_prior(fits: dict[str, CountFitted], name: str) -> None:
    fitted, (params, log_likelihood) = fits[name], PRINTED[name]
    assert fitted.n == 2357
    assert not fitted.shrunken
    for key, printed in params.items():
        assert same_as_printed(fitted.params[key], printed), (key, fitted.params[key])
    assert same_as_printed(fitted.log_likelihood, log_likelihood)


def test_the_published_conditional_expectations_come_out(fits: dict[str, CountFitted]) -> None:
    assert same_as_printed(float(fits["bg_nbd"].expected(2, 30.43, 38.86, 39.0)[0]), 1.226)
    assert same_as_printed(float(fits["pareto_nbd"].expected(26, 30.86, 31.0, 52.0)[0]), 25.46)


def test_gamma_gamma_is_the_published_one(cdnow: Cdnow) -> None:
    fitted = GammaGamma().fit_spend(cdnow.repeat_n, cdnow.repeat_mean)
    assert fitted.n == 946
    assert not fitted.shrunken
    for key, printed in {"p": 6.25, "q": 3.74, "gamma": 15.44}.items():
        assert same_as_printed(fitted.params[key], printed)
    assert same_as_printed(fitted.log_likelihood, -4055.92)


@pytest.mark.parametrize(
    "name, total, mae", [("bg_nbd", -0.121, 0.785), ("pareto_nbd", -0.115, 0.755)], ids=["bg_nbd", "pareto_nbd"]
)
def test_the_hold_out_is_missed_by_as_much_as_published(
    cdnow: Cdnow, fits: dict[str, CountFitted], name: str, total: float, mae: float
) -> None:
    expected = fits[name].expected(cdnow.x, cdnow.t_x, cdnow.T, WEEKS)
    assert same_as_printed(expected.sum() / cdnow.bought.sum() - 1, total)
    assert same_as_printed(np.abs(expected - cdnow.bought).mean(), mae)


def test_who_bought_long_ago_is_less_likely_alive_and_bg_nbd_can_not_say_so_of_one_time_buyers(
    fits: dict[str, CountFitted],
) -> None:
    for fitted in (fits["mbg_nbd"], fits["pareto_nbd"]):
        assert 0 < fitted.p_alive([0], [0.0], [38.0])[0] < fitted.p_alive([0], [0.0], [2.0])[0] < 1
    assert fits["bg_nbd"].p_alive([0], [0.0], [38.0])[0] == 1.0


def test_models_of_customers_beat_the_mean_by_x_and_the_recency_rule(
    cdnow: Cdnow, fits: dict[str, CountFitted]
) -> None:
    score = {
        name: fitted.log_probability(cdnow.bought, cdnow.x, cdnow.t_x, cdnow.T, WEEKS).mean()
        for name, fitted in fits.items()
    }
    for name in PRINTED:
        assert score[name] > max(score["baseline_mean_by_x"], score["baseline_recency"])
