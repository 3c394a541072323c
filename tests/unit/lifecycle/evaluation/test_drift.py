"""The population stability index: its formula, and that chance alone raises no alarm."""

from __future__ import annotations

import numpy as np
import pytest

from patron.lifecycle.evaluation.drift import LARGE, LEAST, edges, psi


def counts(values: np.ndarray, inner: np.ndarray) -> np.ndarray:
    return np.bincount(np.searchsorted(inner, values, side="left"), minlength=len(inner) + 1)


def test_by_hand() -> None:
    found = psi([50, 50], [80, 20])
    by_hand = (0.8 - 0.5) * np.log(0.8 / 0.5) + (0.2 - 0.5) * np.log(0.2 / 0.5)
    assert found.psi == pytest.approx(by_hand)
    assert psi([500, 500], [300, 300]).psi == 0.0


def test_an_empty_bin_counts_as_half_a_case() -> None:
    assert np.isfinite(psi([100, 0, 100], [100, 50, 100]).psi)
    assert psi([100, 100, 0], [50, 50, 0]).psi == 0.0  # what neither has is no bin


@pytest.mark.parametrize("before, later", [([], []), ([10], [10]), ([0, 0], [5, 5]), ([5, 5], [0, 0])])
def test_of_nothing_nothing_is_said(before, later) -> None:
    assert not psi(before, later).flagged


@pytest.mark.parametrize("n", [LEAST, 1_000, 20_000])
def test_twenty_clean_periods_raise_no_alarm_and_one_that_moved_does(n) -> None:
    rng = np.random.default_rng(7)
    start = rng.normal(size=5_000)
    inner = edges(start)
    before = counts(start, inner)
    assert len(inner) == 9
    clean = [psi(before, counts(rng.normal(size=n), inner)) for _ in range(20)]
    assert not any(one.flagged for one in clean)
    assert psi(before, counts(rng.normal(0.8, 1, n), inner)).flagged


def test_chance_is_what_the_same_population_gives_once_in_a_thousand() -> None:
    rng = np.random.default_rng(3)
    over = 0
    for _ in range(4_000):
        old, new = rng.multinomial(2_000, [0.1] * 10), rng.multinomial(500, [0.1] * 10)
        found = psi(old, new)
        over += found.psi > found.chance
    assert over <= 16


def test_few_cases_raise_no_alarm_however_different() -> None:
    assert psi([500, 500], [0, LEAST - 1]).psi > LARGE
    assert not psi([500, 500], [0, LEAST - 1]).flagged
    assert psi([500, 500], [0, LEAST]).flagged


def test_equal_values_share_a_bin_and_empty_ones_are_left_out() -> None:
    assert edges([1.0] * 50 + [np.nan]).tolist() == [1.0]
    assert edges([np.nan, np.inf]).size == 0
