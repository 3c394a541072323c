"""Interval score and coverage, plain and with the ends of a discrete interval counted in part."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from patron.lifecycle.evaluation.intervals import coverage, randomised_coverage, winkler


def test_winkler_by_hand() -> None:
    # inside: width 4; one below by 1: 4 + 2/.2 × 1; one above by 2: 4 + 2/.2 × 2
    assert winkler([2, 0, 7], [1] * 3, [5] * 3, 0.80) == pytest.approx((4 + 14 + 24) / 3)


def test_equal_tailed_quantiles_minimise_the_score() -> None:
    rng = np.random.default_rng(1)
    y = rng.exponential(size=40_000)
    low, high = -np.log(0.9), -np.log(0.1)
    best = winkler(y, np.full(y.size, low), np.full(y.size, high))
    shortest = winkler(y, np.zeros(y.size), np.full(y.size, -np.log(0.2)))
    assert best < shortest


def test_coverage_counts_both_ends() -> None:
    assert coverage([1, 2, 3, 4], [2] * 4, [3] * 4) == 0.5


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("model", [poisson(0.4), poisson(7.0), nbinom(0.3, 0.2)], ids=["rare", "often", "spread"])
def test_counting_ends_in_part_covers_the_level_exactly_under_the_truth(model: object, level: float) -> None:
    counts = np.arange(400)
    chance = model.pmf(counts)  # type: ignore[attr-defined]
    below, up_to = model.cdf(counts - 1), model.cdf(counts)  # type: ignore[attr-defined]
    each = [randomised_coverage([a], [b], level) for a, b in zip(below, up_to, strict=True)]
    assert np.dot(chance, each) == pytest.approx(level, abs=1e-9)


def test_the_ends_count_by_the_part_of_their_chance_that_lies_inside() -> None:
    # 80 %: levels .1 … .9. Stretches .0–.2 (half in), .2–.6 (in), .85–.95 (half in), .95–1 (out)
    parts = randomised_coverage([0.0, 0.2, 0.85, 0.95], [0.2, 0.6, 0.95, 1.0], 0.80)
    assert parts == pytest.approx((0.5 + 1 + 0.5 + 0) / 4)


def test_a_continuous_outcome_is_in_or_out() -> None:
    assert randomised_coverage([0.05, 0.5], [0.05, 0.5], 0.80) == 0.5


def test_levels_that_were_adjusted_can_be_given() -> None:
    assert randomised_coverage([0.0], [0.5], tau=(0.25, 1.0)) == 0.5
    with pytest.raises(ValueError, match="level or the two"):
        randomised_coverage([0.0], [0.5], None)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=30), st.floats(0.01, 0.99))
def test_wider_levels_never_cover_less(ends: list[tuple[float, float]], level: float) -> None:
    below, up_to = np.sort(np.array(ends), axis=1).T
    assert (
        0 <= randomised_coverage(below, up_to, level * 0.9) <= randomised_coverage(below, up_to, level) + 1e-12 <= 1.01
    )
