"""RFM: scores as defined, cut points that hold, segments from the grid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.lifecycle.models.value.rfm import (
    SEGMENT_GRID,
    SEGMENTS,
    Rfm,
    cut_points,
    round_half_up_mean,
    score,
    segment,
)

AGE_DAYS = 700


def summary(rows: Sequence[tuple[int, int, float]]) -> pa.Table:
    """A SUMMARY table of (days since the last occasion, occasions, revenue)."""
    recency, orders, revenue = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table(
        {
            "customer_id": pa.array([f"c{i:03}" for i in range(len(rows))], pa.string()),
            "orders": pa.array(orders, pa.int64()),
            "T": pa.array([AGE_DAYS / 7.0] * len(rows), pa.float64()),
            "t_x": pa.array([(AGE_DAYS - days) / 7.0 for days in recency], pa.float64()),
            "revenue": pa.array(revenue, pa.float64()),
        }
    )


def by_definition(goodness: Sequence[float]) -> list[int]:
    """1 + floor(5 × number strictly worse ÷ n), read out slowly."""
    return [1 + 5 * sum(other < own for other in goodness) // len(goodness) for own in goodness]


goodnesses = st.lists(st.integers(-20, 20).map(float), min_size=1, max_size=60)
buyers = st.lists(
    st.tuples(st.integers(0, AGE_DAYS), st.integers(0, 9), st.integers(-500, 5000).map(float)), min_size=1, max_size=40
)


def test_ten_customers_without_ties_give_two_of_each_score() -> None:
    fitted = Rfm().fit(summary([(day, 1, 10.0) for day in range(10)]))
    assert fitted.predict(summary([(day, 1, 10.0) for day in range(10)])).column("r").to_pylist() == [
        5, 5, 4, 4, 3, 3, 2, 2, 1, 1,
    ]  # fmt: skip


def test_customers_who_tie_share_a_score_even_when_a_fifth_is_overrun() -> None:
    predicted = Rfm().fit(table := summary([(1, 1, 10.0)] * 8 + [(1, 2, 40.0)] * 2)).predict(table)
    assert predicted.column("f").to_pylist() == [1] * 8 + [5] * 2
    assert predicted.column("r").to_pylist() == [1] * 10


@given(goodnesses)
def test_cut_points_give_back_the_definition(goodness: list[float]) -> None:
    values = np.array(goodness)
    assert score(values, cut_points(values)).tolist() == by_definition(goodness)


@given(goodnesses, st.lists(st.floats(-30, 30), min_size=2, max_size=30))
def test_a_better_new_value_never_scores_lower(fitted_on: list[float], new: list[float]) -> None:
    scores = score(np.sort(np.array(new)), cut_points(np.array(fitted_on)))
    assert np.all(np.diff(scores) >= 0)
    assert scores.min() >= 1
    assert scores.max() <= 5


@given(goodnesses, st.floats(-30, 30))
def test_a_new_value_gets_the_score_of_its_place_among_the_fitted(fitted_on: list[float], new: float) -> None:
    worse = sum(other < new for other in fitted_on)
    expected = min(5, 1 + 5 * worse // len(fitted_on))
    assert score(np.array([new]), cut_points(np.array(fitted_on))).tolist() == [expected]


@given(buyers, st.randoms(use_true_random=False))
def test_row_order_does_not_matter(rows: list[tuple[int, int, float]], random: object) -> None:
    table = summary(rows)
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    fitted, shuffled = Rfm().fit(table), Rfm().fit(table.take(order))
    assert {k: v.tolist() for k, v in fitted.cuts.items()} == {k: v.tolist() for k, v in shuffled.cuts.items()}
    assert shuffled.predict(table.take(order)).to_pylist() == fitted.predict(table).take(order).to_pylist()


@given(buyers)
def test_other_money_units_change_no_score(rows: list[tuple[int, int, float]]) -> None:
    table, in_cents = summary(rows), summary([(r, f, 128 * m) for r, f, m in rows])
    assert Rfm().fit(table).predict(table).equals(Rfm().fit(in_cents).predict(in_cents))


@given(buyers)
def test_saved_scores_come_back_and_repeat(rows: list[tuple[int, int, float]]) -> None:
    table = summary(rows)
    fitted = Rfm().fit(table, seed=1)
    again = Rfm().restore(fitted.parts())
    assert again.predict(table).equals(Rfm().fit(table, seed=2).predict(table))


def test_who_never_bought_has_no_score_and_moves_nobody_elses() -> None:
    table = summary([(5, 1, 10.0), (50, 3, 90.0), (0, 0, -20.0)])
    predicted = Rfm().fit(table).predict(table)
    assert predicted.slice(2).drop_columns(["customer_id"]).to_pylist() == [
        {"r": None, "f": None, "m": None, "fm": None, "rfm_segment": None}
    ]
    assert predicted.slice(0, 2).equals(Rfm().fit(table.slice(0, 2)).predict(table.slice(0, 2)))


@pytest.mark.parametrize("rows", [[], [(0, 0, -5.0)]], ids=["nobody", "returns only"])
def test_fitted_on_nobody_scores_nobody(rows: list[tuple[int, int, float]]) -> None:
    fitted = Rfm().fit(summary(rows))
    assert fitted.n == 0
    predicted = fitted.predict(summary([(3, 2, 10.0)]))
    assert predicted.column("r").to_pylist() == [None]
    assert predicted.column("rfm_segment").to_pylist() == [None]
    assert Rfm().restore(fitted.parts()).reasons(summary([(3, 2, 10.0)])).column("why_en").to_pylist() == [None]


def test_equal_money_by_another_sum_still_ties() -> None:
    table = summary([(1, 3, 10.1 + 10.1 + 10.1), (1, 3, 30.3), (1, 1, 50.0)])
    assert table.column("revenue")[0] != table.column("revenue")[1]
    assert Rfm().fit(table).predict(table).column("m").to_pylist() == [1, 1, 4]


def test_fm_rounds_halves_up() -> None:
    f, m = np.array([1, 1, 4, 2, 5]), np.array([2, 1, 5, 5, 5])
    assert round_half_up_mean(f, m).tolist() == [2, 1, 5, 4, 5]


def test_the_grid_covers_every_pair_and_every_segment_has_words() -> None:
    r, fm = (pa.array(side) for side in zip(*[(r, fm) for r in range(1, 6) for fm in range(1, 6)], strict=True))
    found = segment(r, fm).to_pylist()
    assert found == [SEGMENT_GRID[a.as_py()][b.as_py() - 1] for a, b in zip(r, fm, strict=True)]
    assert set(found) == set(SEGMENTS)


@pytest.mark.parametrize(
    ("r", "fm", "name"),
    [(5, 1, "new"), (5, 5, "champion"), (4, 4, "loyal"), (3, 1, "about_to_sleep"), (2, 3, "at_risk"),
     (2, 5, "cant_lose"), (1, 1, "lost"), (1, 3, "hibernating"), (1, 5, "cant_lose")],
)  # fmt: skip
def test_segments_of_the_definition(r: int, fm: int, name: str) -> None:
    assert segment(pa.array([r]), pa.array([fm])).to_pylist() == [name]


def test_why_names_the_facts_and_the_scores() -> None:
    table = summary([(12, 7, 224.0), (0, 1, 10.0), (1, 1, 10.0)])
    why = Rfm().fit(table).reasons(table)
    assert why.column("why_en")[0].as_py() == (
        "Last purchase 12 days ago (R 1), 7 purchases (F 4), 32 each on average (M 4)."
    )
    assert why.column("why_zh")[0].as_py() == "最近一次购买：12 天前（R 1）；7 次购买（F 4）；平均每次 32（M 4）。"
    assert why.column("why_en")[1].as_py().startswith("Last purchase today (R 4), 1 purchase (F 1)")
    assert why.column("why_en")[2].as_py().startswith("Last purchase yesterday")
