"""Recalibrated quantile levels: identity on truth, nominal coverage on what was learned, never crossing."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, poisson

from patron.lifecycle.maths.conformal import ConformalLevels, _mass

TAUS = np.linspace(0, 1, 201)

stretches = st.lists(
    st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda ends: (min(ends), max(ends))), min_size=1, max_size=40
)


def share_below(below: np.ndarray, up_to: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Expected share of randomised PITs below each level, slowly."""
    width = np.where(up_to > below, up_to - below, 1.0)
    ramp = np.clip((levels[:, None] - below) / width, 0, 1)
    return np.where(up_to > below, ramp, levels[:, None] >= below).mean(axis=1)


@given(stretches)
def test_weight_per_cell_is_as_defined(ends: list[tuple[float, float]]) -> None:
    below, up_to = np.array(ends).T
    grid = np.array(ConformalLevels.fit([0.0], [1.0]).levels)
    found = np.cumsum(_mass(below, up_to, np.ones(below.size))) / below.size
    slow = np.array([np.mean([overlap(a, b, level) for a, b in ends]) for level in grid[1:]])
    assert found == pytest.approx(slow, abs=1e-9)


def overlap(low: float, high: float, level: float) -> float:
    """Share of the stretch (low, high) below `level`; a point on the border belongs to the cell above it."""
    if high > low:
        return min(max(level - low, 0.0), high - low) / (high - low)
    return float(low < level or level == 1.0)


@given(stretches, st.floats(1, 1000))
def test_levels_never_cross_and_keep_their_ends(ends: list[tuple[float, float]], prior: float) -> None:
    levels = ConformalLevels.fit(*np.array(ends).T, prior=prior)
    adjusted = levels.adjust(TAUS)
    assert np.all(np.diff(adjusted) >= 0)
    assert levels.adjust(0.0) >= 0
    assert levels.adjust(1.0) == 1
    assert levels.cdf(adjusted) == pytest.approx(TAUS, abs=1e-9)


def test_uniform_levels_are_left_alone() -> None:
    pit = (np.arange(5000) + 0.5) / 5000
    assert ConformalLevels.fit(pit, pit).adjust(TAUS) == pytest.approx(TAUS, abs=1e-3)


def test_the_true_model_of_counts_is_left_alone_without_drawing_lots() -> None:
    counts = np.arange(60)
    model = poisson(1.3)
    levels = ConformalLevels.fit(model.cdf(counts - 1), model.cdf(counts), weights=model.pmf(counts), customers=1e9)
    assert levels.adjust(TAUS) == pytest.approx(TAUS, abs=1e-9)


def test_sampled_truth_moves_no_further_than_sampling_error() -> None:
    rng = np.random.default_rng(7)
    y = rng.poisson(0.7, 4000)
    levels = ConformalLevels.fit(poisson.cdf(y - 1, 0.7), poisson.cdf(y, 0.7))
    assert levels.adjust(TAUS) == pytest.approx(TAUS, abs=0.03)


def test_too_narrow_a_model_is_widened_to_nominal_coverage() -> None:
    rng = np.random.default_rng(3)
    learned, fresh = (norm.cdf(rng.normal(0, 1.6, 20_000)) for _ in range(2))  # the model believes a spread of 1
    levels = ConformalLevels.fit(learned, learned)
    low, high = levels.adjust([0.1, 0.9])
    assert np.mean((fresh >= 0.1) & (fresh <= 0.9)) < 0.6
    assert np.mean((fresh >= low) & (fresh <= high)) == pytest.approx(0.80, abs=0.01)


def test_a_bias_of_counts_is_taken_out() -> None:
    rng = np.random.default_rng(11)
    y, fresh = rng.poisson(3.0, 20_000), rng.poisson(3.0, 20_000)  # the model believes a mean of 2
    levels = ConformalLevels.fit(poisson.cdf(y - 1, 2.0), poisson.cdf(y, 2.0))
    taus = np.array([0.025, 0.1, 0.5, 0.9, 0.975])
    found = share_below(poisson.cdf(fresh - 1, 2.0), poisson.cdf(fresh, 2.0), levels.adjust(taus))
    assert found == pytest.approx(taus, abs=0.01)


def test_few_customers_move_the_levels_little() -> None:
    pit = np.full(5, 0.99)
    moved = [abs(ConformalLevels.fit(np.repeat(pit, k), np.repeat(pit, k)).adjust(0.5) - 0.5) for k in (1, 20, 2000)]
    assert moved[0] < 0.05 < moved[1] < moved[2]


def test_the_same_people_judged_on_several_days_count_once() -> None:
    pit = np.full(300, 0.9)
    often, once = (ConformalLevels.fit(pit, pit, customers=n).adjust(0.5) for n in (300, 100))
    assert once < often


def test_weights_stand_for_equal_rows() -> None:
    weighted = ConformalLevels.fit([0.1, 0.5], [0.3, 0.9], weights=[3, 1])
    repeated = ConformalLevels.fit([0.1] * 3 + [0.5], [0.3] * 3 + [0.9])
    assert weighted.share == pytest.approx(repeated.share)


def test_without_a_backtest_nothing_changes() -> None:
    assert ConformalLevels.fit([], []).adjust(TAUS) == pytest.approx(TAUS)


def test_levels_out_of_order_are_refused() -> None:
    for below, up_to in (([0.5], [0.4]), ([-0.1], [0.2]), ([0.1], [np.nan])):
        with pytest.raises(ValueError, match="levels must satisfy"):
            ConformalLevels.fit(below, up_to)


def test_it_survives_saving() -> None:
    levels = ConformalLevels.fit([0.1, 0.5], [0.3, 0.9])
    assert ConformalLevels.from_json(json.loads(json.dumps(levels.as_json()))) == levels
