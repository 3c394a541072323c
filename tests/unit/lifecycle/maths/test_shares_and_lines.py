"""Wilson, quantiles, gains, the logistic form and calibration maps: published and hand-worked values."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.lifecycle.maths.calibration import Isotonic, isotonic, platt
from patron.lifecycle.maths.gains import concentration, gains, gini
from patron.lifecycle.maths.logistic import probability
from patron.lifecycle.maths.quantiles import equal_tailed, equal_tails, weighted_quantile
from patron.lifecycle.maths.wilson import wilson


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_in_newcombe_1998(hits: int, n: int, low: float, high: float) -> None:
    found = wilson(hits, n)
    assert float(found[0]) == pytest.approx(low, abs=5e-5)
    assert float(found[1]) == pytest.approx(high, abs=5e-5)


@given(st.integers(0, 50), st.integers(1, 50), st.floats(0.01, 0.98))
def test_wilson_holds_the_share_mirrors_and_widens(hits: int, more: int, level: float) -> None:
    n = hits + more
    low, high = wilson(hits, n, level)
    assert 0 <= low <= hits / n + 1e-15
    assert hits / n - 1e-15 <= high <= 1
    assert (1 - high, 1 - low) == pytest.approx(tuple(map(float, wilson(more, n, level))))
    wide_low, wide_high = wilson(hits, n, level + 0.015)
    assert wide_low <= low
    assert wide_high >= high


def test_wilson_of_nothing_is_anything_and_nonsense_is_refused() -> None:
    assert tuple(map(float, wilson(0, 0))) == (0.0, 1.0)
    with pytest.raises(ValueError, match="between 0 and n"):
        wilson(3, 2)


def test_weighted_quantiles_by_hand() -> None:
    assert weighted_quantile([30, 10, 20], [0.0, 0.1, 0.5, 0.6, 0.9, 1.0], [4, 1, 5]).tolist() == [
        10, 10, 20, 20, 30, 30,
    ]  # fmt: skip
    assert equal_tailed(range(1, 11), 0.8) == (1, 9)
    assert equal_tails(0.8) == pytest.approx((0.1, 0.9))


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 4)), min_size=1, max_size=20), st.floats(0, 1))
def test_a_weight_stands_for_repeated_rows(rows: list[tuple[int, int]], tau: float) -> None:
    values, weights = zip(*rows, strict=True)
    repeated = np.repeat(values, weights)
    if not repeated.size:
        with pytest.raises(ValueError, match="above 0"):
            weighted_quantile(values, tau, weights)
        return
    assert weighted_quantile(values, tau, weights) == weighted_quantile(repeated, tau)


@pytest.mark.parametrize("level", [0.0, 1.0, 80])
def test_a_level_is_between_0_and_1(level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        equal_tails(level)


def test_gini_by_hand() -> None:
    assert gini([1, 1, 1, 1]) == pytest.approx(0.0, abs=1e-15)
    assert gini([0, 0, 0, 1]) == pytest.approx(0.75)
    assert gini([1, 2, 3, 4]) == pytest.approx(0.25)
    assert gini([]) == gini([0, 0]) == 0


def test_the_first_half_of_four_hold_seven_tenths() -> None:
    assert concentration([1, 2, 3, 4]).at(0.5) == pytest.approx(0.7)
    assert concentration([1, 2, 3, 4]).points(4)[1:3] == [(0.25, pytest.approx(0.4)), (0.5, pytest.approx(0.7))]


money = st.lists(st.integers(0, 1000).map(float), min_size=1, max_size=40)


@given(money, st.integers(1, 9))
def test_gini_ignores_units_row_order_and_doubling(held: list[float], unit: int) -> None:
    assert 0 <= gini(held) <= 1 - 1 / len(held) + 1e-12
    assert gini([unit * v for v in held][::-1]) == pytest.approx(gini(held), abs=1e-12)
    assert gini(held + held) == pytest.approx(gini(held), abs=1e-12)


@given(money, st.floats(0, 1))
def test_no_order_gains_more_than_the_values_own(held: list[float], share: float) -> None:
    index = list(range(len(held)))
    assert gains(index, held).at(share) <= concentration(held).at(share) + 1e-12


def test_the_logistic_pin_is_one_to_double_precision() -> None:
    assert float(probability(-5, [1, 0.5, 0.1, 0.1], [10, 500, 4, 30])) == 1.0
    assert float(probability(0, [1], [-1e6])) == 0.0
    assert probability(0.0, [1.0], [[0.0], [np.log(3)]]) == pytest.approx([0.5, 0.75])


def test_isotonic_pools_neighbours_out_of_order() -> None:
    # by hand: (.2: 1, .3: 0) pool to .5; (.5: 1, 0, 0 → 1/3) pools with them to .4
    fitted = isotonic([0.1, 0.2, 0.3, 0.5, 0.5, 0.5, 0.9], [0, 1, 0, 1, 0, 0, 1])
    assert fitted.apply([0.0, 0.1, 0.2, 0.5, 0.7, 0.9, 1.0]) == pytest.approx([0, 0, 0.4, 0.4, 0.7, 1, 1])
    assert Isotonic.from_json(json.loads(json.dumps(fitted.as_json()))) == fitted


@given(st.lists(st.tuples(st.integers(0, 10), st.booleans()), min_size=1, max_size=40))
def test_isotonic_rises_keeps_the_mean_and_ignores_row_order(rows: list[tuple[int, bool]]) -> None:
    p, y = np.array([k / 10 for k, _ in rows]), np.array([happened for _, happened in rows], dtype=float)
    fitted = isotonic(p, y)
    assert np.all(np.diff(fitted.apply(np.linspace(0, 1, 50))) >= -1e-12)
    assert fitted.apply(p).mean() == pytest.approx(y.mean())
    assert isotonic(p[::-1], y[::-1]).apply(p) == pytest.approx(fitted.apply(p))


def test_platt_stays_near_the_identity_while_there_is_little_data() -> None:
    few, none = platt([0.2, 0.7], [0, 1]), platt([], [])
    assert abs(few.intercept) < 0.5
    assert 0.5 < few.slope < 2
    assert (none.intercept, none.slope) == (0.0, 1.0)


def test_platt_finds_the_line_when_there_is_much() -> None:
    p = np.random.default_rng(2).uniform(0.05, 0.95, 50_000)
    true = 1 / (1 + np.exp(-(-0.4 + 0.8 * np.log(p / (1 - p)))))
    line = platt(p, true)
    assert (line.intercept, line.slope) == pytest.approx((-0.4, 0.8), abs=1e-3)


def test_the_short_way_to_a_curve_of_concentration_is_the_long_one() -> None:
    value = np.round(np.random.default_rng(2).normal(3, 4, 500))
    short, long = concentration(value), gains(value, value)
    assert np.array_equal(short.customers, long.customers)
    assert np.array_equal(short.held, long.held)
    assert short.gini() == gini(value)
