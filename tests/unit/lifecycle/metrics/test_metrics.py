"""Given this history, as of this day, then these months and cohorts."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from spec import reference
from spec.histories import DAYS, FIRST, order_histories
from spec.pipes import as_table, order_lines

from patron.history import History
from patron.lifecycle.metrics import METRICS, activity, cohorts, months

LINES = """
customer | day        | quantity | revenue
ann      | 2023-12-05 | 1        | 10
ann      | 2023-12-06 | 1        | 10
ann      | 2024-01-07 | 1        | 30
ben      | 2023-12-31 | 1        | 20
ben      | 2024-03-01 | 1        | 5
cat      | 2024-01-31 | 1        | 40
cat      | 2024-02-01 | -1       | -40
dan      | 2024-02-02 | -1       | -3
"""


def _history(folder: Path, rows: list[dict[str, Any]]) -> History:
    history = History.create(folder)
    history.append("order_lines", as_table(rows))
    return history


def test_months(tmp_path: Path) -> None:
    with _history(tmp_path, order_lines(LINES)) as history:
        table = months(history.as_of(date(2024, 3, 15)))
    assert table.column_names == ["month", "complete", *(metric.name for metric in METRICS)]
    assert table.to_pydict() == {
        "month": ["2023-12", "2024-01", "2024-02", "2024-03"],
        "complete": [True, True, True, False],
        "revenue": [40.0, 70.0, -43.0, 5.0],
        "orders": [3, 2, 0, 1],
        "customers": [2, 2, 0, 1],
        "new": [2, 1, 0, 0],
        "retention_rate": [None, 0.5, 0.0, None],
    }


def test_cohorts(tmp_path: Path) -> None:
    with _history(tmp_path, order_lines(LINES)) as history:
        found = cohorts(history.as_of(date(2024, 3, 31)))
    assert found == {
        "unit": "month",
        "cohorts": ["2023-12", "2024-01"],
        "sizes": [2, 1],
        "retention": [[1.0, 0.5, 0.0, 0.5], [1.0, 0.0, 0.0, None]],
        "revenue": [[40.0, 30.0, 0.0, 5.0], [40.0, -40.0, 0.0, None]],
    }


@pytest.mark.parametrize(("day", "complete"), [(date(2024, 2, 29), True), (date(2024, 2, 28), False)])
def test_a_month_is_complete_after_its_last_day(day: date, complete: bool, tmp_path: Path) -> None:
    with _history(tmp_path, order_lines(LINES)) as history:
        assert months(history.as_of(day))["complete"][-1].as_py() is complete


def test_without_a_line_there_is_no_month(tmp_path: Path) -> None:
    with History.create(tmp_path) as history:
        view = history.as_of(date(2024, 1, 31))
        assert months(view).num_rows == 0
        assert cohorts(view)["cohorts"] == []


def test_returns_only_make_a_month_without_a_cohort(tmp_path: Path) -> None:
    text = "customer | day | quantity | revenue\ndan | 2024-01-02 | -1 | -3"
    with _history(tmp_path, order_lines(text)) as history:
        view = history.as_of(date(2024, 2, 10))
        assert months(view)["revenue"].to_pylist() == [-3.0, 0.0]
        assert cohorts(view)["sizes"] == []


@settings(max_examples=15)
@given(lines=order_histories())
def test_months_and_cohorts_agree_with_counting(
    lines: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Days are stretched to months, so that the random history spans more than one 60-month word."""
    for line in lines:
        for column in ("happened_at", "known_at"):
            line[column] += 150 * (line[column] - line[column].replace(year=2024, month=1, day=1))
    last = FIRST + timedelta(days=151 * (DAYS + 1))
    with _history(tmp_path_factory.mktemp("history"), lines) as history:
        view = history.as_of(last)
        seen = activity(view)
        table, found = months(view, seen).to_pylist(), cohorts(view, seen)
    days = reference.days(reference.seen(lines, last))
    bought: dict[str, set[str]] = {}
    for row in days:
        if row["purchase"]:
            bought.setdefault(row["customer_id"], set()).add(f"{row['day']:%Y-%m}")
    names = [row["month"] for row in table]
    for before, row in zip([None, *names], table, strict=False):
        in_month = [day for day in days if f"{day['day']:%Y-%m}" == row["month"]]
        stayers = [who for who, when in bought.items() if before in when]
        assert row["revenue"] == float(sum(day["revenue"] for day in in_month))
        assert row["orders"] == sum(day["purchase"] for day in in_month)
        assert row["customers"] == sum(row["month"] in when for when in bought.values())
        assert row["new"] == sum(row["month"] == min(when) for when in bought.values())
        kept = sum(row["month"] in bought[who] for who in stayers)
        assert row["retention_rate"] == (kept / len(stayers) if stayers else None)
    for cohort, size, shares in zip(found["cohorts"], found["sizes"], found["retention"], strict=True):
        members = [when for when in bought.values() if min(when) == cohort]
        assert size == len(members)
        later = names[names.index(cohort) :]
        expected = [sum(month in when for when in members) / size for month in later]
        assert shares == expected + [None] * (len(names) - len(later))
