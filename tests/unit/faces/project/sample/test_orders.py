"""The shipped orders, moved towards today."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from patron.faces.project.sample.orders import orders_of, write_orders
from patron.faces.project.sample.plan import LAST_DAY, LINES, shift_days


@pytest.mark.parametrize("days", range(8))
def test_the_last_day_comes_to_lie_at_yesterday_or_in_the_week_before_on_its_own_weekday(days: int) -> None:
    yesterday = date(2026, 11, 20) + timedelta(days=days)
    moved = LAST_DAY + timedelta(days=shift_days(yesterday))
    assert moved.weekday() == LAST_DAY.weekday()
    assert timedelta(0) <= yesterday - moved < timedelta(days=7)


def test_time_does_not_run_backwards() -> None:
    assert shift_days(date(2011, 1, 1)) == 0


def test_all_lines_are_written_with_their_times_of_day(tmp_path: Path) -> None:
    table = pq.read_table(write_orders(tmp_path / "orders.parquet", 14))
    assert table.num_rows == LINES
    assert min(table["InvoiceDate"].to_pylist()) == datetime(2010, 12, 15, 8, 26)
    assert max(table["InvoiceDate"].to_pylist()) == datetime(2011, 12, 23, 12, 50)
    assert table["CustomerID"].null_count == 135_080
    assert table["CustomerID"][0].as_py() == "17850"


def test_a_slice_has_whole_customers(tmp_path: Path) -> None:
    whole, _ = orders_of(write_orders(tmp_path / "whole.parquet", 0))
    part, last = orders_of(write_orders(tmp_path / "part.parquet", 0, lines=20_000))
    chosen = set(part["customer_id"].to_pylist())
    assert 100 < len(chosen) < 300
    assert part.num_rows == sum(number in chosen for number in whole["customer_id"].to_pylist())
    assert last.date() == LAST_DAY


def test_an_order_is_about_its_dearest_thing(tmp_path: Path) -> None:
    orders, _ = orders_of(write_orders(tmp_path / "orders.parquet", 0))
    row = next(row for row in orders.to_pylist() if row["order_id"] == "536365")
    assert row["customer_id"] == "17850"
    assert row["revenue"] == pytest.approx(139.12)
    assert row["product"] == "WHITE HANGING HEART T-LIGHT HOLDER" or row["product"].isupper()
    fees = [row for row in orders.to_pylist() if row["product"] is None]
    assert fees
    assert len(fees) < 500
