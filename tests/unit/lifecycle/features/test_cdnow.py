"""On CDNOW the summary is the published one [Fader, Hardie & Lee 2005]."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from spec.pipes import as_table

from patron.history import History
from patron.lifecycle.features import summarise

CALIBRATED = date(1997, 9, 30)
END = date(1998, 6, 30)


@pytest.fixture(scope="module")
def cdnow(shared_data: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    rows = []
    for number, text in enumerate(shared_data("cdnow/CDNOW_sample.txt").read_text("ascii").splitlines(), 1):
        _, customer, day, quantity, dollars = text.split()
        at = datetime.strptime(day, "%Y%m%d")
        rows.append(
            {
                "fact_id": number, "customer_id": customer, "happened_at": at, "known_at": at, "row": number,
                "quantity": float(quantity), "revenue": float(dollars), "purchase": True, "item": True,
                "source": "CDNOW_sample.txt",
            }
        )  # fmt: skip
    with History.create(tmp_path_factory.mktemp("cdnow")) as history:
        history.append("order_lines", as_table(rows))
        yield history


def test_the_summary_is_the_published_one(cdnow: History, shared_data: Callable[[str], Path]) -> None:
    table = summarise(cdnow.as_of(CALIBRATED))
    with shared_data("cdnow/cdnow_customers_summary_with_transactions.csv").open() as file:
        published = {row["ID"].zfill(4): row for row in csv.DictReader(file)}
    assert table.num_rows == len(published) == 2357
    rows = [published[name] for name in table["customer_id"].to_pylist()]
    assert table["x"].to_pylist() == [int(row["x"]) for row in rows]
    for name in ("t_x", "T"):
        assert np.allclose(table[name].to_numpy(), [float(row[name]) for row in rows], rtol=0, atol=0.006)
    assert int((table["x"].to_numpy() > 0).sum()) == 946


def test_the_mean_spend_is_the_published_one_where_money_was_paid(
    cdnow: History, shared_data: Callable[[str], Path]
) -> None:
    table = summarise(cdnow.as_of(CALIBRATED))
    with shared_data("cdnow/cdnow_customers_summary_with_transactions.csv").open() as file:
        published = {row["ID"].zfill(4): float(row["zbar"]) for row in csv.DictReader(file)}
    same = table["repeat_n"].to_numpy() == table["x"].to_numpy()
    spend = table["repeat_mean"].to_numpy()
    expected = np.array([published[name] for name in table["customer_id"].to_pylist()])
    assert same.sum() > 2340
    assert np.allclose(spend[same], expected[same], rtol=0, atol=0.0051)


def test_the_hold_out_has_its_purchases(cdnow: History) -> None:
    table = cdnow.outcomes(CALIBRATED, 39 * 7).table
    assert table.num_rows == 2357
    assert sum(table["purchases"].to_pylist()) == 1882
    assert cdnow.last_order_day == END
