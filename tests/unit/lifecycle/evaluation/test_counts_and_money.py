"""Errors of counts and money: by hand, and the deviances by scikit-learn 1.9.1 on the same numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.lifecycle.evaluation.bootstrap import bootstrap_interval
from patron.lifecycle.evaluation.counts import bias, mae, mean_log_score, rmse, total_ratio
from patron.lifecycle.evaluation.money import deviance
from patron.lifecycle.evaluation.ranking import roc_auc

ACTUAL = [0, 0, 3.5, 12, 0, 40, 7]
EXPECTED = [0.5, 1, 3, 10, 2, 60, 5]


def test_by_hand() -> None:
    actual, expected = [0, 2, 4], [1, 2, 1]
    assert mae(actual, expected) == pytest.approx(4 / 3)
    assert rmse(actual, expected) == pytest.approx(math.sqrt(10 / 3))
    assert total_ratio(actual, expected) == pytest.approx(4 / 6)
    assert bias(actual, expected) == pytest.approx(-1 / 3)


def test_nothing_happened_leaves_no_ratio() -> None:
    assert math.isnan(total_ratio([0, 0], [1, 1]))


def test_predicting_zero_for_everybody_looks_good_by_mae_only() -> None:
    actual = [0] * 8 + [4, 4]
    assert mae(actual, [0] * 10) < mae(actual, [0.9] * 10)
    assert bias(actual, [0] * 10) == -1


def test_log_score_is_a_weighted_mean_and_sees_the_impossible() -> None:
    assert mean_log_score([-1.0, -3.0]) == -2.0
    assert mean_log_score([-1.0, -3.0], [3, 1]) == -1.5
    assert mean_log_score([-1.0, -np.inf]) == -np.inf


@pytest.mark.parametrize(
    ("power", "pinned"), [(1, 2.246882112269935), (1.5, 1.998366685238883)], ids=["poisson", "compound poisson"]
)
def test_published_deviances(power: float, pinned: float) -> None:
    assert deviance(ACTUAL, EXPECTED, power) == pytest.approx(pinned, abs=1e-13)


def test_published_gamma_deviance_of_positive_money() -> None:
    bought = [2, 3, 5, 6]
    found = deviance(np.array(ACTUAL)[bought], np.array(EXPECTED)[bought], 2)
    assert found == pytest.approx(0.08292698409953592, abs=1e-14)


def test_money_expected_nowhere_it_came_is_infinitely_wrong_and_elsewhere_right() -> None:
    assert deviance([0, 5], [0, 5]) == pytest.approx(0.0, abs=1e-12)
    assert deviance([1, 5], [0, 5]) == math.inf


def test_more_returned_than_bought_counts_as_nothing() -> None:
    assert deviance([-20.0], [3.0]) == deviance([0.0], [3.0])


@pytest.mark.parametrize(("actual", "expected", "power"), [([1], [-1], 1.5), ([1], [1], 3), ([0], [1], 2)])
def test_a_deviance_that_does_not_exist_is_refused(actual: list[float], expected: list[float], power: float) -> None:
    with pytest.raises(ValueError, match="deviance needs"):
        deviance(actual, expected, power)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20), st.floats(0.01, 1e6), st.sampled_from([1, 1.5]))
def test_the_truth_beats_any_other_expectation(actual: list[float], other: float, power: float) -> None:
    spent = np.array(actual) + 1e-3
    assert deviance(spent, spent, power) <= deviance(spent, np.full(spent.size, other), power) + 1e-6


def test_bootstrap_repeats_ignores_row_order_and_holds_the_measure() -> None:
    rng = np.random.default_rng(5)
    score = rng.uniform(size=300)
    happened = rng.uniform(size=300) < score
    low, high = bootstrap_interval(roc_auc, happened, score, draws=100, seed=3)
    order = rng.permutation(300)
    assert bootstrap_interval(roc_auc, happened[order], score[order], draws=100, seed=3) == (low, high)
    assert bootstrap_interval(roc_auc, happened, score, draws=100, seed=4) != (low, high)
    assert low < roc_auc(happened, score) < high
    assert high - low < 0.2


def test_bootstrap_of_a_mean_is_as_wide_as_theory_says() -> None:
    values = np.random.default_rng(0).normal(size=400)
    low, high = bootstrap_interval(lambda v: float(v.mean()), values, draws=1000)
    assert high - low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.15)


def test_bootstrap_of_nothing_or_of_what_cannot_be_told_is_unknown() -> None:
    assert all(map(math.isnan, bootstrap_interval(roc_auc, [], [])))
    assert all(map(math.isnan, bootstrap_interval(roc_auc, [1, 1], [1, 2])))
