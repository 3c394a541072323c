"""Given facts with two times, a view of a day shows what had happened and was known by its end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from spec import reference
from spec.histories import a_day, order_histories
from spec.pipes import as_table, order_lines

from patron.errors import UsageError
from patron.history import History, derived
from patron.history.views import View
from patron.lifecycle.facts.occasions import customer_days
from patron.lifecycle.tables import DAYS, EVENTS, FACTS, OCCASIONS, ORDER_LINES, SUBSCRIPTIONS

DAY = date(2024, 1, 31)


def _in(folder: Path, text: str) -> History:
    history = History.create(folder)
    history.append("order_lines", as_table(order_lines(text)))
    return history


def _days(view: View, table: Any) -> list[dict[str, Any]]:
    return view.rows(table.select(DAYS.names).order_by("customer", "day")).to_pylist()


@settings(max_examples=20)
@given(lines=order_histories(), day=a_day())
def test_views_from_the_derived_table_equal_views_from_the_lines(
    lines: list[dict[str, Any]], day: date, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with History.create(tmp_path_factory.mktemp("history")) as history:
        history.append("order_lines", as_table(lines))
        view = history.as_of(day)
        assert _days(view, view.days) == _days(view, view.days_from_lines)
        seen = view.rows(view.order_lines.order_by("fact_id"))
        assert seen.column_names == ORDER_LINES.names
        assert seen.to_pylist() == sorted(reference.seen(lines, day), key=lambda line: line["fact_id"])


@settings(max_examples=20)
@given(lines=order_histories(), day=a_day())
def test_bounded_sums_are_the_same_as_those_of_wider_numbers(
    lines: list[dict[str, Any]], day: date, tmp_path_factory: pytest.TempPathFactory
) -> None:
    key = ("customer_id", "day")
    with History.create(tmp_path_factory.mktemp("history")) as history:
        history.append("order_lines", as_table(lines))
        view = history.as_of(day)
        assert view.bounded
        found = [customer_days(view.lines_with_day, key=key, bounded=bounded) for bounded in (True, False)]
        quick, wide = (view.rows(days.order_by(*key)) for days in found)
        assert quick.equals(wide)


@pytest.mark.parametrize("revenue, bounded", [(4e9, True), (-4e9, True), (9.1e9, False), (-1e12, False)])
def test_whether_sums_are_bounded_is_told_by_the_largest_amount(revenue: float, bounded: bool, tmp_path: Path) -> None:
    lines, more = (as_table(order_lines(f"customer | day | fact\na | 2024-01-05 | {fact}")) for fact in (1, 2))
    place = lines.schema.get_field_index("revenue")
    large = more.set_column(place, lines.schema.field(place), pa.array([revenue], pa.float64()))
    with History.create(tmp_path / "history") as history:
        assert history.as_of(DAY).bounded
        history.append("order_lines", lines)
        history.append("order_lines", large, part="large")
        assert history.as_of(DAY).bounded == bounded


@settings(max_examples=15)
@given(lines=order_histories())
def test_the_engine_groups_a_large_history_to_the_same_days(
    lines: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.MonkeyPatch.context() as patch, History.create(tmp_path_factory.mktemp("sorted")) as small:
        small.append("order_lines", as_table(lines))
        by_sorting = small.rows(small.shelf.days), small.rows(small.shelf.ids)
        patch.setattr(derived, "ROWS_IN_MEMORY", -1)
        with History.create(tmp_path_factory.mktemp("grouped")) as large:
            large.append("order_lines", as_table(lines))
            by_grouping = large.rows(large.shelf.days), large.rows(large.shelf.ids)
    for one, other in zip(by_sorting, by_grouping, strict=True):
        assert sorted((f.name, str(f.type)) for f in one.schema) == sorted((f.name, str(f.type)) for f in other.schema)
        assert one.select(sorted(one.column_names)).to_pylist() == other.select(sorted(one.column_names)).to_pylist()


@settings(max_examples=15)
@given(lines=order_histories(), day=a_day(), known_by=a_day())
def test_outcomes_agree_with_the_reference(
    lines: list[dict[str, Any]], day: date, known_by: date, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with History.create(tmp_path_factory.mktemp("history")) as history:
        history.append("order_lines", as_table(lines))
        horizon = (known_by - day).days
        if horizon >= 1:
            found = history.outcomes(day, horizon, known_by=known_by)
            assert found.table.to_pylist() == reference.outcomes(lines, day, known_by, known_by)


def test_occasions_leave_out_days_of_returns_only(tmp_path: Path) -> None:
    text = """
    customer | day        | quantity | revenue
    ann      | 2024-01-05 | 2        | 20
    ann      | 2024-01-05 | -1       | -10
    ann      | 2024-01-06 | -1       | -10
    """
    with _in(tmp_path, text) as history:
        view = history.as_of(DAY)
        rows = OCCASIONS.check(view.rows(view.occasions)).to_pylist()
    assert rows == [{"customer_id": "ann", "day": date(2024, 1, 5), "revenue": 10.0, "cost": None, "items": 1.0}]


def test_a_horizon_that_is_not_over_is_refused(tmp_path: Path) -> None:
    text = """
    customer | day
    ann      | 2024-01-05
    ann      | 2024-01-20
    """
    with _in(tmp_path, text) as history:
        assert history.outcomes(date(2024, 1, 5), 15).table["purchases"].to_pylist() == [1]
        with pytest.raises(UsageError, match="end on 2024-01-21, which is not known by 2024-01-20"):
            history.outcomes(date(2024, 1, 5), 16)
        with pytest.raises(UsageError, match="2024-01-10"):
            history.outcomes(date(2024, 1, 5), 15, known_by=date(2024, 1, 10))
        assert history.outcomes(date(2024, 1, 5), 26, known_by=DAY).table["purchases"].to_pylist() == [1]


def test_without_lines_there_is_no_outcome(tmp_path: Path) -> None:
    with History.create(tmp_path) as history, pytest.raises(UsageError):
        history.outcomes(DAY, 7)


def test_first_and_last_days(tmp_path: Path) -> None:
    text = """
    customer | day        | quantity
    ann      | 2024-01-05 | 1
    ann      | 2024-01-20 | 1
    ben      | 2024-01-25 | -1
    """
    with _in(tmp_path, text) as history:
        assert (history.first_day, history.last_order_day) == (date(2024, 1, 5), date(2024, 1, 20))
        assert history.last_day == date(2024, 1, 25)


def test_an_empty_history_has_empty_views(tmp_path: Path) -> None:
    with History.create(tmp_path) as history:
        assert (history.first_day, history.last_day, history.last_order_day) == (None, None, None)
        view = history.as_of(DAY)
        for name, shape in FACTS.items():
            assert view.rows(getattr(view, name)).column_names == shape.names
        assert view.rows(view.occasions).num_rows == 0


def test_the_newest_known_record_of_a_customer_counts(tmp_path: Path) -> None:
    with History.create(tmp_path) as history:
        history.append("customers", pa.table({"customer_id": ["ann", "ben", "ben"], "city": ["Ulm", "Bonn", "Köln"]}))
        history.append("customers", pa.table({"customer_id": ["ann"], "city": ["Aachen"], "age": [40]}))
        view = history.as_of(DAY)
        rows = view.rows(view.customers.order_by("customer_id")).to_pylist()
    assert rows == [
        {"customer_id": "ann", "city": "Aachen", "age": 40},
        {"customer_id": "ben", "city": "Köln", "age": None},
    ]


def test_a_customer_record_counts_from_the_day_it_is_known(tmp_path: Path) -> None:
    known = pa.array([datetime(2024, 1, 1), datetime(2024, 2, 1)], pa.timestamp("us"))
    with History.create(tmp_path) as history:
        history.append("customers", pa.table({"customer_id": ["a", "a"], "city": ["old", "new"], "known_at": known}))
        cities = [
            history.rows(history.as_of(day).customers)["city"].to_pylist()
            for day in (date(2023, 12, 31), DAY, DAY + timedelta(days=1))
        ]
    assert cities == [[], ["old"], ["new"]]


def test_a_view_keeps_showing_the_parts_it_was_made_from(tmp_path: Path) -> None:
    with _in(tmp_path, "customer | day\nann | 2024-01-05") as history:
        view = history.as_of(DAY)
        more = as_table(order_lines("fact | customer | day\n7 | ben | 2024-01-06"))
        history.append("order_lines", more)
        assert view.rows(view.occasions)["customer_id"].to_pylist() == ["ann"]
        assert history.as_of(DAY).shelf.span["last_day"] == date(2024, 1, 6)


@pytest.mark.parametrize("fact", ["events", "subscriptions"])
def test_other_facts_are_seen_as_of_a_day_too(fact: str, tmp_path: Path) -> None:
    shape = {"events": EVENTS, "subscriptions": SUBSCRIPTIONS}[fact]
    plain = {pa.string(): "x", pa.float64(): 1.0, pa.int64(): 30, pa.bool_(): True}
    rows = [
        {c.name: plain.get(c.type) for c in shape.columns}
        | {"fact_id": n, "corrects": corrects, "happened_at": datetime(2024, 1, 1), "known_at": known}
        | ({"ends_at": None} if fact == "subscriptions" else {})
        for n, corrects, known in [(1, None, datetime(2024, 1, 2)), (2, 1, datetime(2024, 2, 1))]
    ]
    with History.create(tmp_path) as history:
        history.append(fact, pa.Table.from_pylist(rows, schema=shape.schema))
        seen = [
            history.rows(getattr(history.as_of(day), fact))["fact_id"].to_pylist()
            for day in (date(2024, 1, 1), DAY, date(2024, 2, 1))
        ]
    assert seen == [[], [1], [2]]
