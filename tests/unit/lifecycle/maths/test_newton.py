"""Newton's method finds tops, crosses saddles, and gives up politely."""

from __future__ import annotations

import numpy as np
import pytest

from patron.lifecycle.maths.newton import Derivatives, best, maximise


def banana(p: np.ndarray) -> Derivatives:
    """Rosenbrock's valley upside down: top at (1, 1)."""
    x, y = p
    gap = y - x * x
    gradient = np.array([2 * (1 - x) + 400 * x * gap, -200 * gap])
    hessian = np.array([[-2 + 400 * gap - 800 * x * x, 400 * x], [400 * x, -200.0]])
    return -((1 - x) ** 2) - 100 * gap**2, gradient, hessian


def test_it_follows_a_bent_ridge_to_the_top() -> None:
    found = maximise(banana, np.array([-1.2, 1.0]))
    assert found.converged
    assert found.point == pytest.approx([1.0, 1.0], abs=1e-6)
    assert found.steps < 40


def test_it_leaves_a_saddle() -> None:
    def saddle(p: np.ndarray) -> Derivatives:
        x, y = p
        return (
            float(-(x**2) + y**2 - y**4),
            np.array([-2 * x, 2 * y - 4 * y**3]),
            np.array([[-2.0, 0.0], [0.0, 2 - 12 * y**2]]),
        )

    found = maximise(saddle, np.array([0.5, 1e-6]))
    assert found.converged
    assert abs(found.point[1]) == pytest.approx(np.sqrt(0.5), abs=1e-6)


def test_a_slope_without_a_top_is_no_error_and_no_maximum() -> None:
    found = maximise(lambda p: (float(p[0]), np.ones(1), np.zeros((1, 1))), np.zeros(1))
    assert not found.converged
    assert np.isfinite(found.point).all()


def test_a_cliff_is_walked_around() -> None:
    def cliff(p: np.ndarray) -> Derivatives:
        if p[0] > 2:
            return -np.inf, np.full(1, np.nan), np.full((1, 1), np.nan)
        return -float((p[0] - 1.9) ** 2), np.array([-2 * (p[0] - 1.9)]), np.array([[-0.2]])

    found = maximise(cliff, np.array([0.0]))
    assert found.point[0] == pytest.approx(1.9, abs=1e-2)


def test_of_equal_tops_the_first_is_taken() -> None:
    one, two = maximise(banana, np.array([0.9, 0.9])), maximise(banana, np.array([1.2, 1.0]))
    assert best([one, two]) is one
    assert best([two, one]) is two
