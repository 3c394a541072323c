"""Little data give wide, shrunken, labelled figures: never an error."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import patron
from patron.errors import UsageError

DAY = date(2024, 3, 1)


def orders(rows: list[tuple[str, int, float]]) -> pa.Table:
    """Orders from (customer, days after DAY, amount)."""
    return pa.table(
        {
            "customer_id": [c for c, _, _ in rows],
            "order_date": [(DAY + timedelta(days=d)).isoformat() for _, d, _ in rows],
            "amount": [a for _, _, a in rows],
        }
    )


CASES = {
    "five orders": [("a", 0, 10.0), ("b", 3, 20.0), ("a", 9, 5.0), ("c", 20, 7.0), ("b", 30, 12.0)],
    "one customer": [("a", 0, 10.0), ("a", 5, 10.0), ("a", 11, 10.0)],
    "one order": [("a", 0, 10.0)],
    "all once": [(f"c{i}", i % 40, 10.0 + i) for i in range(50)],
    "all on one day": [(f"c{i}", 0, 10.0) for i in range(50)],
    "fifty customers": [(f"c{i}", (i * 7 + j * 13) % 120, 10.0 + j) for i in range(50) for j in range(1 + i % 3)],
    "free orders": [("a", 0, 0.0), ("b", 5, 0.0), ("a", 9, 0.0)],
    "returns only": [("a", 0, -10.0), ("b", 3, 20.0), ("b", 9, 20.0)],
    "huge amounts": [("a", 0, 1e11), ("b", 3, 9e11), ("a", 9, 5.0)],
}


@pytest.mark.parametrize("name", CASES)
def test_few_data_are_scored_widely_and_labelled(name: str, tmp_path: Path) -> None:
    run = patron.analyze(orders(CASES[name]))
    bought = run.scores.filter(pa.compute.greater(run.scores["orders"], 0))
    assert set(bought["label"].to_pylist()) == {"too_little_data"}
    for column in ("expected_purchases", "p_purchase", "p_alive", "clv", "clv_low", "clv_high", "churn_risk"):
        values = bought[column].to_numpy()
        assert (np.isfinite(values) & (abs(values) < 1e16)).all(), column
    for name_ in ("expected_purchases", "clv"):
        low, mean, high = (bought[name_ + end].to_numpy() for end in ("_low", "", "_high"))
        assert (low <= high).all()
        assert (low <= mean + 1e-9).all()
    assert ((bought["p_purchase"].to_numpy() > 0) & (bought["p_purchase"].to_numpy() < 1)).all()
    assert run.card["too_little_data"]
    page = run.save(tmp_path / "run").read_text(encoding="utf-8")
    assert "too little data" in page.lower()
    assert "数据不足" in page


def test_one_customer_is_told_in_the_singular() -> None:
    told = [text["en"] for text in patron.analyze(orders(CASES["one customer"])).card["too_little_data"]]
    assert "Only 1 customer has bought." in told
    assert "Only 1 customer bought more than once." in told


def test_the_order_of_dates_and_the_decimal_sign_can_be_said() -> None:
    with pytest.raises(UsageError, match="date_order"):
        patron.analyze(orders(CASES["one order"]), date_order="dym")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="decimal"):
        patron.analyze(orders(CASES["one order"]), decimal=";")  # type: ignore[arg-type]
