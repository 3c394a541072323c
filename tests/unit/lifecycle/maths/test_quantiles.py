"""Quantiles of rows are numpy's, to the last digit."""

from __future__ import annotations

import numpy as np
import pytest

from patron.lifecycle.maths.quantiles import quantiles_by_row

LEVELS = np.array([0.0, 0.001, 0.1, 0.25, 0.5, 0.77, 0.999, 1.0])


@pytest.mark.parametrize("columns", [1, 2, 7, 1000])
def test_they_are_those_of_numpy(columns: int) -> None:
    values = np.random.default_rng(columns).gamma(0.4, size=(5, columns))
    values[:, ::3] = 0.0
    assert np.array_equal(quantiles_by_row(values, LEVELS), np.quantile(values, LEVELS, axis=1).T)
