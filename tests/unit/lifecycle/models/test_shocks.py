"""Common shocks: found where they were planted, not found where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from patron.lifecycle.models.purchase.shocks import NO_SHOCKS, Shocks, learn

WEEKS = np.arange(-51, 0, 2.0)


def wave(s: float, length: float, level: float, seed: int) -> Shocks:
    """Shocks learned from Poisson counts around `level` times a random wave."""
    rng = np.random.default_rng(seed)
    apart = np.abs(WEEKS[:, None] - WEEKS[None, :])
    covariance = s * s * np.exp(-apart / length) + 1e-12 * np.eye(len(WEEKS))
    factor = np.exp(rng.multivariate_normal(np.zeros(len(WEEKS)), covariance))
    return learn(WEEKS, rng.poisson(level * factor).astype(float), np.full(len(WEEKS), level))


def test_planted_shocks_are_found() -> None:
    found = np.median([wave(0.25, 8.0, 400.0, seed).sd(13.0) for seed in range(9)])
    assert 0.12 < found < 0.35


def test_independent_customers_have_none() -> None:
    assert np.median([wave(0.0, 1.0, 400.0, seed).sd(13.0) for seed in range(9)]) < 0.03


def test_a_longer_period_averages_short_shocks_out() -> None:
    found = wave(0.3, 2.0, 1000.0, 3)
    assert found.sd(52.0) < found.sd(4.0)


def test_too_few_buckets_teach_nothing() -> None:
    assert learn(WEEKS[:3], np.full(3, 50.0), np.full(3, 80.0)) is NO_SHOCKS
    assert learn(WEEKS, np.full(26, 1.0), np.full(26, 4.9)) is NO_SHOCKS
    assert NO_SHOCKS.sd(26.0) == 0.0


def test_saved_and_read_again_they_say_the_same() -> None:
    found = wave(0.2, 8.0, 200.0, 1)
    assert Shocks.from_json(found.to_json()).sd(20.0) == pytest.approx(found.sd(20.0), rel=1e-3)


def test_factors_carry_the_spread() -> None:
    found = wave(0.2, 8.0, 200.0, 1)
    logs, weights = found.factors(20.0, 5)
    assert weights.sum() == pytest.approx(1.0)
    assert np.sqrt((weights * logs**2).sum()) == pytest.approx(found.sd(20.0))
