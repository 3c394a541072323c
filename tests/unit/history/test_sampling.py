"""A sample of a history is the same history of fewer customers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from patron.history import History
from patron.history.sampling import SampledShelf
from patron.lifecycle.features import summarise
from patron.lifecycle.tables import ORDER_LINES

CUSTOMERS, EACH = 40, 5
START = datetime(2023, 1, 1, 12)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    """Forty customers with five purchases each, spread over a year."""
    rows = [(c, START + timedelta(days=(37 * c + 61 * i) % 360)) for c in range(CUSTOMERS) for i in range(EACH)]
    n = len(rows)
    values = {
        "fact_id": range(n),
        "corrects": [None] * n,
        "customer_id": [f"c{c:02d}" for c, _ in rows],
        "order_id": [None] * n,
        "happened_at": [t for _, t in rows],
        "known_at": [t for _, t in rows],
        "product_id": [None] * n,
        "product": [None] * n,
        "quantity": [1.0] * n,
        "revenue": [10.0 + c for c, _ in rows],
        "cost": [None] * n,
        "purchase": [True] * n,
        "item": [True] * n,
        "source": ["orders"] * n,
        "row": range(n),
    }
    table = pa.table([pa.array(values[f.name], f.type) for f in ORDER_LINES.schema], schema=ORDER_LINES.schema)
    with History.create(tmp_path / "history") as whole:
        whole.append("order_lines", table)
        yield whole


DAY = date(2023, 9, 1)


def test_a_sample_says_of_its_customers_what_the_whole_says(history: History) -> None:
    some = history.sample(12, seed=3)
    assert isinstance(some.shelf, SampledShelf)
    few, everybody = summarise(some.as_of(DAY)), summarise(history.as_of(DAY))
    assert 0 < few.num_rows <= 12
    known = everybody.filter(pa.compute.is_in(everybody["customer_id"], few["customer_id"].combine_chunks()))
    assert few.equals(known)
    outcomes = some.outcomes(DAY, 60).table
    assert outcomes["customer_id"].equals(few["customer_id"])


def test_the_seed_decides_who_is_drawn(history: History) -> None:
    first, again, other = (
        summarise(history.sample(12, seed=seed).as_of(date(2023, 12, 31)))["customer_id"].to_pylist()
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_a_sample_of_everybody_is_the_history_itself(history: History) -> None:
    assert history.sample(CUSTOMERS, seed=0) is history
