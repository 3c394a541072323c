"""ABC: the line of customers by value, its two cuts, and how concentrated it is."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.errors import InputError, UsageError
from patron.lifecycle.models.value.abc import Abc


def worth(values: list[float], ids: list[str] | None = None) -> pa.Table:
    return pa.table(
        {
            "customer_id": pa.array(ids or [f"c{i:03}" for i in range(len(values))], pa.string()),
            "revenue": pa.array(values, pa.float64()),
        }
    )


def classes(values: list[float], ids: list[str] | None = None) -> str:
    table = worth(values, ids)
    return "".join(Abc().fit(table).predict(table).column("abc").to_pylist())


values = st.lists(st.integers(-50, 1000).map(float), min_size=1, max_size=60)


def test_80_15_5_is_a_b_c() -> None:
    assert classes([15, 80, 5]) == "BAC"


def test_who_crosses_the_80_percent_still_belongs_to_a() -> None:
    assert classes([50, 40, 10]) == "AAB"


def test_ten_equal_customers_stand_by_id() -> None:
    assert classes([10.0] * 10, list("jihgfedcba")) == "BBAAAAAAAA"


def test_nothing_or_less_is_c_and_takes_nothing_from_the_total() -> None:
    assert classes([80, 15, 5, 0, -100]) == "ABCCC"


@pytest.mark.parametrize("worthless", [[], [0.0], [-5.0, 0.0]])
def test_where_nobody_is_worth_anything_all_are_c(worthless: list[float]) -> None:
    assert classes(worthless) == "C" * len(worthless)
    fitted = Abc().fit(worth(worthless))
    assert fitted.gini == 0
    assert Abc().restore(fitted.parts()) == fitted


@given(values)
def test_a_is_the_shortest_line_that_reaches_80_percent(revenue: list[float]) -> None:
    given_classes = np.array(list(classes(revenue)))
    held = np.maximum(revenue, 0)
    total = held.sum()
    a, b = held[given_classes == "A"], held[given_classes != "C"]
    if total == 0:
        assert set(given_classes) == {"C"}
        return
    assert a.sum() >= 0.80 * total - 1e-9
    assert a.sum() - a.min() < 0.80 * total
    assert b.sum() >= 0.95 * total - 1e-9
    assert b.sum() - b.min() < 0.95 * total
    assert (a.min() if a.size else 0) >= held[given_classes != "A"].max(initial=0)


@given(values, st.randoms(use_true_random=False))
def test_row_order_and_units_do_not_matter(revenue: list[float], random: object) -> None:
    table = worth(revenue)
    order = list(range(len(revenue)))
    random.shuffle(order)  # type: ignore[attr-defined]
    fitted, shuffled = Abc().fit(table), Abc().fit(table.take(order))
    assert fitted == shuffled
    assert shuffled.predict(table.take(order)).to_pylist() == fitted.predict(table).take(order).to_pylist()
    assert classes([8 * v for v in revenue]) == classes(revenue)


@given(values)
def test_saved_cuts_give_the_same_classes(revenue: list[float]) -> None:
    table = worth(revenue)
    fitted = Abc().fit(table)
    assert Abc().restore(fitted.parts()).predict(table).equals(fitted.predict(table))


def test_new_customers_stand_where_their_value_puts_them() -> None:
    fitted = Abc().fit(worth([80, 15, 5], ["m", "n", "o"]))
    new = worth([81, 80, 80, 79, 15, 14, -1], ["x", "l", "n", "x", "a", "x", "x"])
    assert "".join(fitted.predict(new).column("abc").to_pylist()) == "AABBBCC"


def test_gini_and_top_decile_by_hand() -> None:
    fitted = Abc().fit(worth([1.0] * 9 + [91.0]))
    assert fitted.top_decile_share == pytest.approx(0.91)
    # area of the Lorenz curve by hand: one of ten holds .91, the rest .01 each
    assert fitted.gini == pytest.approx(0.81)


def test_margin_takes_off_costs() -> None:
    table = worth([100.0, 90.0]).append_column("cost", pa.array([99.0, 10.0]))
    assert Abc(of="margin").fit(table).predict(table).column("abc").to_pylist() == ["C", "A"]


def test_a_value_that_does_not_exist_and_a_cost_that_is_unknown_are_refused_with_a_remedy() -> None:
    with pytest.raises(UsageError, match="Choose 'revenue' or 'margin'"):
        Abc(of="fame")
    table = worth([100.0, 90.0]).append_column("cost", pa.array([None, 10.0]))
    with pytest.raises(InputError, match="row 1, column 'cost'"):
        Abc(of="margin").fit(table)


def test_why_says_what_the_class_means() -> None:
    table = worth([80, 15, 5])
    why = Abc().fit(table).reasons(table)
    assert why.column("why_en")[1].as_py() == "Among the customers between 80 % and 95 % of the value."
    assert why.column("why_zh")[0].as_py() == "属于贡献前 80% 价值的客户。"
