"""A history by customer: merged records are one, everybody else is as before; and parts can be rewritten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from patron.history import History
from patron.history.remapping import RemappedShelf
from patron.history.rewriting import MANY, compact, forget
from patron.lifecycle.features import summarise
from patron.lifecycle.tables import ORDER_LINES

START = datetime(2023, 1, 1, 12)
DAY = date(2023, 12, 31)


def lines(rows: list[tuple[int, str, int, float]]) -> pa.Table:
    """(fact, record, day, money) as order lines."""
    n = len(rows)
    at = [START + timedelta(days=d) for _, _, d, _ in rows]
    values = {
        "fact_id": [f for f, *_ in rows],
        "customer_id": [r for _, r, _, _ in rows],
        "happened_at": at,
        "known_at": at,
        "quantity": [1.0] * n,
        "revenue": [m for *_, m in rows],
        "purchase": [True] * n,
        "item": [True] * n,
        "source": ["db"] * n,
        "row": range(n),
    }
    return pa.table(
        [pa.array(values.get(f.name, [None] * n), f.type) for f in ORDER_LINES.schema], schema=ORDER_LINES.schema
    )


def owners(pairs: dict[str, str]) -> pa.Table:
    return pa.table({"record_id": list(pairs), "customer_id": list(pairs.values())})


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    rows = [(1, "10", 0, 5.0), (2, "11", 0, 7.0), (3, "11", 30, 1.0), (4, "12", 3, 2.0), (5, "13", 9, 4.0)]
    with History.create(tmp_path / "history") as whole:
        whole.append("order_lines", lines(rows))
        yield whole


def said(history: History, pairs: dict[str, str]) -> dict[str, tuple[int, float]]:
    table = summarise(history.owned(owners(pairs)).as_of(DAY))
    return {row["customer_id"]: (row["orders"], row["revenue"]) for row in table.to_pylist()}


SELF = {"10": "10", "11": "11", "12": "12", "13": "13"}


def test_who_is_not_merged_is_as_before(history: History) -> None:
    mine = history.owned(owners(SELF))
    assert isinstance(mine.shelf, RemappedShelf)
    assert summarise(mine.as_of(DAY)).equals(summarise(history.as_of(DAY)))


def test_days_of_merged_records_are_summed_and_come_apart_again(history: History) -> None:
    assert said(history, {**SELF, "10": "7", "11": "7"}) == {"7": (2, 13.0), "12": (1, 2.0), "13": (1, 4.0)}
    assert said(history, SELF)["11"] == (2, 8.0)
    assert len(list((history.folder / "derived").glob("days-*-*.parquet"))) == 1  # the other map's file is gone


def test_who_belongs_to_nobody_is_left_out_of_days_and_facts(history: History) -> None:
    mine = history.owned(owners({"12": "1"}))
    assert said(history, {"12": "1"}) == {"1": (1, 2.0)}
    assert mine.rows(mine.as_of(DAY).order_lines).column("customer_id").to_pylist() == ["1"]
    view = mine.as_of(DAY)
    assert view.rows(view.days).equals(view.rows(view.days_from_lines))


def test_a_sample_and_outcomes_of_customers(history: History) -> None:
    mine = history.owned(owners({**SELF, "11": "10"}))
    assert mine.outcomes(date(2023, 1, 5), 20, known_by=DAY).table.column("customer_id").to_pylist() == ["10", "12"]
    assert summarise(mine.sample(2, seed=1).as_of(DAY)).num_rows == 2


def test_a_forgotten_fact_is_in_no_view_and_no_file(history: History) -> None:
    before = {part.file for part in history.manifest.parts}
    assert forget(history, "order_lines", lambda t: t.customer_id == "11") == 2
    assert said(history, SELF) == {"10": (1, 5.0), "12": (1, 2.0), "13": (1, 4.0)}
    assert not any((history.folder / file).exists() for file in before)
    assert forget(history, "order_lines", lambda t: t.customer_id == "11") == 0
    with History.open(history.folder) as again:
        assert said(again, SELF) == {"10": (1, 5.0), "12": (1, 2.0), "13": (1, 4.0)}
    assert forget(history, "order_lines", lambda t: t.fact_id > 0) == 3
    assert history.manifest.of("order_lines") == []


def test_small_parts_are_joined_once_there_are_many(history: History) -> None:
    assert not compact(history, "order_lines")
    for i in range(MANY):
        history.append("order_lines", lines([(100 + i, "10", 40 + i, 1.0)]))
    before = summarise(history.as_of(DAY))
    assert compact(history, "order_lines")
    assert len(history.manifest.of("order_lines")) == 1
    assert summarise(history.as_of(DAY)).equals(before)
    assert not compact(history, "interactions")
