"""Measures of probabilities: by hand, and by scikit-learn 1.9.1 on the same numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from patron.lifecycle.evaluation.calibration import by_repeats, reliability
from patron.lifecycle.evaluation.probability import (
    at_threshold,
    brier,
    calibration_line,
    ece,
    equal_count_bins,
    log_loss,
)
from patron.lifecycle.maths.logistic import safe_logit

Y = [0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0]
P = [0.1, 0.8, 0.3, 0.7, 0.4, 0.4, 0.2, 0.9, 0.35, 0.6, 0.05, 0.5, 0.65, 0.45, 0.4, 0.4, 0.15, 0.85, 0.25, 0.3]


def test_published_values() -> None:
    assert brier(Y, P) == pytest.approx(0.118875, abs=1e-15)
    assert log_loss(Y, P) == pytest.approx(0.39543272700709536, abs=1e-14)


def test_threshold_table_beside_the_base_rate() -> None:
    found = at_threshold(Y, P, 0.4)
    assert (found.accuracy, found.precision, found.recall, found.f1) == pytest.approx((0.8, 2 / 3, 1.0, 0.8))
    assert (found.base_rate, found.flagged) == (0.4, 0.6)


def test_a_threshold_nobody_reaches_has_no_precision() -> None:
    found = at_threshold([1, 0], [0.2, 0.1], 0.5)
    assert math.isnan(found.precision)
    assert (found.recall, found.accuracy) == (0.0, 0.5)


def test_log_loss_of_a_certain_mistake_is_large_but_finite() -> None:
    assert 30 < log_loss([1], [0.0]) < 40


def test_calibration_line_by_logistic_regression() -> None:
    line = calibration_line(Y, P)
    assert (line.intercept, line.slope) == pytest.approx((0.36617793, 3.74127621), abs=1e-6)


def test_a_known_miscalibration_is_recovered() -> None:
    p = np.linspace(0.02, 0.98, 400)
    true = 1 / (1 + np.exp(-(0.5 + 0.7 * safe_logit(p))))
    line = calibration_line(true, p)
    assert (line.intercept, line.slope) == pytest.approx((0.5, 0.7), abs=1e-8)
    assert line.apply(p) == pytest.approx(true, abs=1e-8)


@pytest.mark.parametrize(
    ("y", "p"), [([0, 0, 0], [0.1, 0.2, 0.3]), ([0, 1, 1], [0.5] * 3), ([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])],
    ids=["never happened", "one probability", "split perfectly"],
)  # fmt: skip
def test_where_no_line_is_best_there_is_none(y: list[int], p: list[float]) -> None:
    assert math.isnan(calibration_line(y, p).slope)


def test_ten_equal_count_bins() -> None:
    assert equal_count_bins(np.arange(20) / 20).tolist() == [k for k in range(10) for _ in range(2)]


def test_customers_of_equal_probability_share_a_bin() -> None:
    assert equal_count_bins([0.2] * 7 + [0.9] * 3).tolist() == [0] * 7 + [7] * 3


def test_ece_by_hand() -> None:
    # bins of one: |.2−0|, |.4−1|, … ; two bins: (.2+.4)/2 against .5, (.6+.9)/2 against 1
    assert ece([0, 1, 1, 1], [0.2, 0.4, 0.6, 0.9], bins=2) == pytest.approx((0.2 + 0.25) / 2)
    assert ece([0, 1, 1, 1], [0.2, 0.4, 0.6, 0.9], bins=4) == pytest.approx((0.2 + 0.6 + 0.4 + 0.1) / 4)


probabilities = arrays(np.float64, st.integers(1, 60), elements=st.integers(0, 20).map(lambda k: k / 20))


@given(probabilities, st.integers(0, 2**32 - 1))
def test_ece_is_a_share_and_ignores_row_order(p: np.ndarray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    y = rng.uniform(size=p.size) < p
    order = rng.permutation(p.size)
    assert 0 <= ece(y, p) <= 1
    assert ece(y[order], p[order]) == pytest.approx(ece(y, p), abs=1e-12)
    assert reliability(y, p).equals(reliability(y[order], p[order])) or np.allclose(
        reliability(y, p)["predicted"], reliability(y[order], p[order])["predicted"]
    )


@given(probabilities)
def test_outcomes_equal_to_their_probabilities_have_no_error(p: np.ndarray) -> None:
    assert ece(p, p) == pytest.approx(0.0, abs=1e-12)


def test_reliability_table_counts_everybody_once_with_wilson_limits() -> None:
    table = reliability(Y, P)
    assert sum(table["n"].to_pylist()) == 20
    assert all(
        row["low"] <= row["actual"] <= row["high"] and 0 <= row["low"] < row["high"] <= 1 for row in table.to_pylist()
    )
    assert table["predicted"].to_pylist() == sorted(table["predicted"].to_pylist())


def test_calibration_by_earlier_repeats() -> None:
    table = by_repeats([0, 0, 1, 7, 30], [0, 2, 1, 4, 10], [0.5, 0.5, 1.5, 5, 9])
    assert table["x"].to_pylist() == ["0", "1", "7+"]
    assert table["customers"].to_pylist() == [2, 1, 2]
    assert table["actual"].to_pylist() == [1.0, 1.0, 7.0]
    assert table["expected"].to_pylist() == [0.5, 1.5, 7.0]


def test_limits_of_a_mean_count_are_garwoods_where_counts_are_poisson() -> None:
    # 3 events, 1 customer: exact 95 % Poisson limits .619 … 8.767; none of 2 customers: 0 … 3.689 ÷ 2
    table = by_repeats([0, 1, 1], [3, 0, 0], [3, 0, 0])
    assert table["low"].to_pylist() == pytest.approx([0.6187, 0.0], abs=1e-4)
    assert table["high"].to_pylist() == pytest.approx([8.7673, 3.6889 / 2], abs=1e-4)


def test_overdispersed_groups_get_wider_limits() -> None:
    even, uneven = by_repeats([0] * 40, [2] * 40, [2] * 40), by_repeats([0] * 40, [0] * 36 + [20] * 4, [2] * 40)
    assert even["actual"][0] == uneven["actual"][0]
    assert uneven["high"][0].as_py() - uneven["low"][0].as_py() > 2 * (even["high"][0].as_py() - even["low"][0].as_py())
