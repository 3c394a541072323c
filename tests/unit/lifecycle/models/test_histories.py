"""Equal histories are counted once, whichever way they are packed."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.lifecycle.models.purchase.histories import Histories, counted, distinct, pack

days = st.integers(0, 40_000).map(lambda d: d / 7)
whole = st.integers(0, 5_000).map(float)
anything = st.floats(0, 1e6, allow_nan=False)


@given(st.one_of(*(st.lists(st.tuples(a, b), min_size=1, max_size=60) for a, b in ((whole, days), (days, anything)))))
def test_distinct_rows_give_everybody_back_and_counts_add_up(rows: list[tuple[float, float]]) -> None:
    columns = tuple(np.array(column) for column in zip(*rows, strict=True))
    values, back = distinct(*columns)
    np.testing.assert_allclose(
        np.stack(values)[:, back], np.stack(columns), rtol=1e-12, atol=1e-6
    )  # a day's millionth is no difference
    again, n = counted(*columns)
    np.testing.assert_array_equal(np.stack(again), np.stack(values))
    assert sorted(n) == sorted(Counter(back.tolist()).values())
    assert list(zip(*values, strict=True)) == sorted(zip(*values, strict=True))


@pytest.mark.parametrize("span", [10, 10_000_000], ids=["a table of all keys", "sorted keys"])
def test_both_ways_of_packing_agree_with_plain_numpy(span: int) -> None:
    rng = np.random.default_rng(0)
    x, T = rng.integers(0, 9, 3000).astype(float), rng.integers(0, span, 3000) // 7 * 1.0
    assert pack((x, T)) is not None
    values, back = distinct(x, T)
    expected, inverse = np.unique(np.stack([x, T]), axis=1, return_inverse=True)
    np.testing.assert_array_equal(np.stack(values), expected)
    np.testing.assert_array_equal(back, inverse.ravel())


def test_a_sample_is_the_same_every_time_and_keeps_the_mix() -> None:
    rng = np.random.default_rng(0)
    x = rng.poisson(1.0, 50_000)
    T = rng.integers(100, 300, 50_000) / 7
    whole = Histories.of(x, np.where(x > 0, T / 2 // (1 / 7) / 7, 0.0), T)
    some = whole.sample(5_000)
    assert some.customers == pytest.approx(5_000, abs=1)
    assert some.purchases / some.customers == pytest.approx(whole.purchases / whole.customers, rel=0.03)
    np.testing.assert_array_equal(some.T, whole.sample(5_000).T)
    assert whole.sample(10**6) is whole


def test_no_customers_are_no_histories() -> None:
    assert Histories.of([], [], []).customers == 0
