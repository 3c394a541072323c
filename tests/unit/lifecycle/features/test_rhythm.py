"""Gaps sorted in memory are those that the engine finds with a window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from spec.pipes import as_table

from patron.history import History
from patron.lifecycle.features import rhythm, summarise

FIRST = datetime(2020, 1, 1)
LAST = date(2020, 12, 31)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    """Customers with one to twenty orders, one who only returned something, and one from before 1970."""
    rng = np.random.default_rng(3)
    days = [(f"C{who:02d}", int(day)) for who in range(40) for day in rng.integers(0, 360, 1 + who // 2)]
    days += [("early", -20_000), ("early", -19_990), ("early", 5)]
    rows = [_line(number, who, day, 20.0) for number, (who, day) in enumerate(days, 1)]
    rows.append(_line(len(rows) + 1, "returns", 7, -5.0) | {"quantity": -1.0, "purchase": False})
    with History.create(tmp_path) as made:
        made.append("order_lines", as_table(rows))
        yield made


def _line(number: int, customer: str, day: int, revenue: float) -> dict[str, object]:
    at = FIRST + timedelta(days=day)
    return {
        "fact_id": number, "customer_id": customer, "happened_at": at, "known_at": at, "row": number,
        "quantity": 1.0, "revenue": revenue, "purchase": True, "item": True, "source": "test",
    }  # fmt: skip


@pytest.mark.parametrize("day", [LAST, date(2020, 3, 1), date(1970, 1, 1)])
def test_both_ways_agree(history: History, day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    view = history.as_of(day)
    sorted_ones, table = rhythm.gaps(view), summarise(view)
    monkeypatch.setattr(rhythm, "IN_MEMORY", 0)
    by_engine = rhythm.gaps(view)
    assert isinstance(sorted_ones, rhythm.SortedGaps)
    assert isinstance(by_engine, rhythm.EngineGaps)
    assert sorted_ones.features().to_pydict() == by_engine.features().to_pydict()
    assert sorted_ones.quantile(0.9) == by_engine.quantile(0.9)
    assert summarise(view).equals(table)


def test_the_gaps_of_a_customer_are_told(history: History) -> None:
    rows = {row["customer_id"]: row for row in summarise(history.as_of(LAST)).to_pylist()}
    assert (rows["early"]["usual_gap"], rows["early"]["last_gap_before"]) == ((10 + 19_995) / 2, 19_995)
    assert rows["C00"]["usual_gap"] is None
    assert rows["returns"]["last_gap_before"] is None


def test_nobody_came_back(history: History) -> None:
    view = history.as_of(date(1920, 1, 1))
    assert rhythm.gaps(view).quantile(0.9) is None
    assert rhythm.EngineGaps(view).quantile(0.9) is None
    assert rhythm.gaps(view).features().num_rows == 0
