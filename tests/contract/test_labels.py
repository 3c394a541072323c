"""The contract of every model that labels: frozen, repeatable, blind to row order, saved whole, plain about gaps."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest

from patron.errors import InputError
from patron.lifecycle.models import catalogue
from patron.lifecycle.models.base import Fitted, Kind, Model, Parts
from patron.lifecycle.tables import SUMMARY

LABELLERS = [name for name in catalogue.MODELS if catalogue.model(name).kind is Kind.LABELS]


def summary(n: int, seed: int = 0) -> pa.Table:
    """A summary of n customers, some with returns only, many of them equal."""
    rng = np.random.default_rng(seed)
    orders = rng.integers(0, 5, n)
    T = np.where(orders > 0, rng.integers(30, 60, n) / 1.0, 0.0)
    return pa.table(
        {
            "customer_id": [f"c{i:04}" for i in range(n)],
            "orders": orders,
            "T": T,
            "t_x": np.where(orders > 1, np.floor(T * rng.uniform(size=n)), 0.0),
            "revenue": np.where(orders > 0, rng.integers(1, 30, n) * 10.0, -5.0),
        }
    )


@pytest.fixture(params=LABELLERS)
def model(request: pytest.FixtureRequest) -> Model:
    return catalogue.model(request.param)


def labels(fitted: Fitted, table: pa.Table) -> list[dict[str, object]]:
    return fitted.predict(table, horizon=39.0).to_pylist()


def test_it_keeps_the_protocol_and_says_why_in_both_languages(model: Model) -> None:
    table = summary(40)
    fitted = model.fit(table, seed=0)
    assert isinstance(model, Model)
    assert isinstance(fitted, Fitted)
    assert fitted.name == model.name
    why = fitted.reasons(table, horizon=39.0)
    assert why.column_names == ["customer_id", "why_en", "why_zh"]
    assert why.column("why_en").null_count == why.column("why_zh").null_count < 40


def test_it_changes_nothing_it_is_given(model: Model) -> None:
    table = summary(40)
    before = table.to_pylist()
    fitted = model.fit(table, seed=0)
    kept = json.dumps(dict(fitted.parts().json))
    fitted.predict(table, horizon=39.0)
    assert table.to_pylist() == before
    assert json.dumps(dict(fitted.parts().json)) == kept


def test_neither_seed_nor_row_order_nor_extra_columns_matter(model: Model) -> None:
    table = summary(60)
    order = np.random.default_rng(1).permutation(60)
    other = table.take(order).append_column("colour", pa.array(["red"] * 60))
    assert labels(model.fit(other, seed=9), table) == labels(model.fit(table, seed=0), table)
    assert labels(model.fit(table, seed=0), other) == [labels(model.fit(table, seed=0), table)[i] for i in order]


def test_chunks_of_a_table_do_not_matter(model: Model) -> None:
    table = summary(60)
    chunked = pa.concat_tables([table.slice(0, 7), table.slice(7, 0), table.slice(7)])
    assert labels(model.fit(chunked, seed=0), chunked) == labels(model.fit(table, seed=0), table)
    assert (
        model.fit(table, seed=0)
        .reasons(chunked, horizon=1.0)
        .equals(model.fit(table, seed=0).reasons(table, horizon=1.0))
    )


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_few_customers_are_no_error(model: Model, rows: int) -> None:
    table = summary(rows, seed=3)
    assert len(labels(model.fit(table, seed=0), table)) == rows
    assert labels(model.fit(table, seed=0), summary(0)) == []


def test_it_survives_saving(model: Model) -> None:
    table = summary(60)
    fitted = model.fit(table, seed=0)
    parts = fitted.parts()
    again = model.restore(Parts(json.loads(json.dumps(dict(parts.json))), dict(parts.arrays), dict(parts.texts)))
    assert labels(again, summary(30, seed=8)) == labels(fitted, summary(30, seed=8))


def test_a_missing_or_empty_column_is_named(model: Model) -> None:
    table = summary(10)
    with pytest.raises(InputError, match="'revenue'"):
        model.fit(table.drop_columns(["revenue"]), seed=0)
    empty = table.set_column(4, "revenue", pa.array([None] + [1.0] * 9))
    with pytest.raises(InputError, match="'revenue'"):
        model.fit(empty, seed=0)


def test_every_column_it_needs_is_in_the_summary(model: Model) -> None:
    assert set(model.needs.columns) <= set(SUMMARY.names)
