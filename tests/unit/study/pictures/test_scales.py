"""Scales, ticks and slots: the arithmetic of axes."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.study.pictures.scales import Linear, Slots, every, known, known_all, ticks

values = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False).map(lambda x: round(x, 6))


@given(values, values, st.integers(1, 8))
def test_ticks_cover_the_data_with_even_round_steps(a: float, b: float, target: int) -> None:
    low, high = min(a, b), max(a, b)
    marks = ticks(low, high, target)
    steps = [y - x for x, y in pairwise(marks)]
    scale = max(abs(low), abs(high), 1e-6)
    assert marks[0] <= low + 1e-6 * scale
    assert marks[-1] >= high - 1e-6 * scale
    assert max(steps) - min(steps) <= 1e-6 * scale
    mantissa = steps[0] / 10 ** math.floor(math.log10(steps[0]) + 1e-9)
    assert min(abs(mantissa - nice) for nice in (1, 2, 5, 10)) < 1e-3 or steps[0] < 1e-6 * scale
    assert len(marks) <= target + 3


@given(st.integers(0, 10**9), st.integers(1, 6))
def test_ticks_of_counts_are_whole(most: int, target: int) -> None:
    assert all(mark == int(mark) for mark in ticks(0, most, target, whole=True))


@pytest.mark.parametrize(
    "low, high, marks",
    [(0, 0, [0, 0.5, 1]), (0, 1_134_000, [0, 500_000, 1_000_000, 1_500_000]), (-3, 3, [-4, -2, 0, 2, 4])],
)
def test_ticks_a_person_would_choose(low: float, high: float, marks: list[float]) -> None:
    assert ticks(low, high) == marks


@given(st.floats(0, 1), values, values)
def test_a_linear_scale_keeps_proportions(part: float, start: float, end: float) -> None:
    scale = Linear(0, 1, start, end)
    assert scale(part) == pytest.approx(start + part * (end - start), rel=1e-9, abs=1e-6)


def test_a_scale_without_a_span_stays_at_its_start() -> None:
    assert Linear(3, 3, 10, 90)(3) == 10


@given(st.integers(1, 200), st.floats(10, 2000))
def test_slots_fill_their_room_in_order(count: int, width: float) -> None:
    slots = Slots(count, 0, width)
    lefts = [slots.left(i) for i in range(count)]
    assert lefts == sorted(lefts)
    assert lefts[0] >= 0
    assert lefts[-1] + slots.width <= width + 1e-6
    assert slots.edge(count) == pytest.approx(width)


@given(st.integers(1, 500), st.floats(50, 1000), st.floats(5, 100))
def test_labels_that_are_kept_fit(count: int, room: float, needed: float) -> None:
    kept = len(range(0, count, every(count, room, needed)))
    assert kept == 1 or (kept - 1) * needed <= room + 1e-6


def test_what_is_no_finite_number_is_unknown() -> None:
    assert known_all([1, None, math.nan, math.inf, "2", True, 2.5]) == [1.0, 2.5]
    assert known(math.nan) is None
