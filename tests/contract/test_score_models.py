"""The contract of every model that scores: it finds the models in the catalogue by itself."""

from __future__ import annotations

import doctest
import json
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from patron.errors import InputError, UsageError
from patron.lifecycle import tables
from patron.lifecycle.models import catalogue
from patron.lifecycle.models.base import Fitted, Model, Parts
from patron.lifecycle.simulate.worlds import simulate

SCORERS = [*catalogue.PURCHASE, *catalogue.SPEND]  # those of any table: test_table_models
HORIZON = 26.0


@pytest.fixture(scope="module")
def table() -> pa.Table:
    """The summary of 400 customers, three of them with returns only, ids in no order."""
    summary = simulate("mbg_nbd", 400, seed=5, weeks=52.0, arrivals=30.0, by_day=True).summary()
    gone = summary.slice(0, 3).to_pylist()
    for row in gone:
        row |= {"orders": 0, "x": 0, "t_x": 0.0, "T": 0.0, "repeat_n": 0, "repeat_mean": 0.0, "revenue": -9.0}
        row |= {"first_order": None, "last_order": None}
    whole = pa.concat_tables([pa.Table.from_pylist(gone, schema=summary.schema), summary.slice(3)])
    return whole.take(np.random.default_rng(0).permutation(whole.num_rows))


@pytest.fixture(scope="module", params=SCORERS)
def model(request: pytest.FixtureRequest) -> Model:
    return catalogue.model(request.param)


@pytest.fixture(scope="module")
def fitted(model: Model, table: pa.Table) -> Fitted:
    return model.fit(table, seed=0)


def values(answer: pa.Table, *names: str) -> dict[tuple[str, ...], np.ndarray]:
    """Every row's numbers under its customer and quantity."""
    numbers = [c for c in answer.column_names if answer.schema.field(c).type == pa.float64()]
    columns = np.column_stack([answer.column(c).to_numpy() for c in numbers])
    keys = zip(*(answer.column(name).to_pylist() for name in names), strict=True)
    return dict(zip(keys, columns, strict=True))


def alike(one: pa.Table, other: pa.Table, rtol: float = 1e-9) -> None:
    """The same rows in any order, numbers equal to `rtol`."""
    a, b = values(one, "customer_id", "quantity"), values(other, "customer_id", "quantity")
    assert a.keys() == b.keys()
    np.testing.assert_allclose([a[key] for key in a], [b[key] for key in a], rtol=rtol, atol=1e-12)


def test_it_keeps_the_protocol(model: Model, fitted: Fitted) -> None:
    assert isinstance(model, Model)
    assert isinstance(fitted, Fitted)
    assert fitted.name == model.name


def test_it_scores_every_customer_with_an_interval_around_what_may_come(fitted: Fitted, table: pa.Table) -> None:
    answer = tables.SCORES.check(fitted.predict(table, horizon=HORIZON))
    assert set(answer.column("customer_id").to_pylist()) == set(table.column("customer_id").to_pylist())
    rows = [row for row in answer.to_pylist() if row["value"] is not None]
    assert all(np.isfinite(row["value"]) and row["value"] >= 0 for row in rows)
    bounded = [row for row in rows if row["low80"] is not None]
    assert bounded
    assert all(0 <= r["low95"] <= r["low80"] <= r["high80"] <= r["high95"] < np.inf for r in bounded)
    assert all(row["value"] <= 1 for row in rows if row["quantity"].startswith("p_"))


def test_it_changes_nothing_it_is_given(model: Model, table: pa.Table) -> None:
    before = table.to_pylist()
    fitted = model.fit(table, seed=0)
    kept = json.dumps(dict(fitted.parts().json))
    fitted.predict(table, horizon=HORIZON)
    fitted.reasons(table, horizon=HORIZON)
    assert table.to_pylist() == before
    assert json.dumps(dict(fitted.parts().json)) == kept


def test_row_order_chunks_and_further_columns_do_not_matter(model: Model, fitted: Fitted, table: pa.Table) -> None:
    shuffled = table.take(np.random.default_rng(7).permutation(table.num_rows))
    other = pa.concat_tables([shuffled.slice(0, 11), shuffled.slice(11)])
    other = other.append_column("colour", pa.array(["red"] * table.num_rows))
    alike(model.fit(other, seed=0).predict(other, horizon=HORIZON), fitted.predict(table, horizon=HORIZON))


def test_the_same_seed_gives_the_same_model(model: Model, fitted: Fitted, table: pa.Table) -> None:
    assert model.fit(table, seed=0).parts().json == fitted.parts().json


def test_it_survives_saving(model: Model, fitted: Fitted, table: pa.Table) -> None:
    parts = fitted.parts()
    read = Parts(json.loads(json.dumps(dict(parts.json), allow_nan=False)), dict(parts.arrays), dict(parts.texts))
    again = model.restore(read)
    assert again.predict(table, horizon=HORIZON).equals(fitted.predict(table, horizon=HORIZON))
    assert again.reasons(table, horizon=HORIZON).equals(fitted.reasons(table, horizon=HORIZON))


def test_reasons_add_up_to_the_score_on_their_link(fitted: Fitted, table: pa.Table) -> None:
    unlink = {"identity": lambda z: z, "log": np.exp, "logit": lambda z: 1 / (1 + np.exp(-z))}
    reasons = tables.REASONS.check(fitted.reasons(table, horizon=HORIZON))
    total: dict[tuple[str, str], float] = {}
    link = {}
    for row in reasons.to_pylist():
        key = (row["customer_id"], row["quantity"])
        total[key] = total.get(key, 0.0) + row["value"]
        link[key] = unlink[row["link"]]
    scores = {
        (row["customer_id"], row["quantity"]): row["value"]
        for row in fitted.predict(table, horizon=HORIZON).to_pylist()
        if row["value"] is not None
    }
    assert total.keys() == scores.keys()
    np.testing.assert_allclose([link[k](total[k]) for k in total], [scores[k] for k in total], rtol=1e-9)


def test_a_missing_column_is_named(model: Model, fitted: Fitted, table: pa.Table) -> None:
    def use(lacking: pa.Table) -> None:
        model.fit(lacking, seed=0)
        fitted.predict(lacking, horizon=HORIZON)

    for column in model.needs.columns:
        with pytest.raises(InputError, match=f"no column '{column}'"):
            use(table.drop_columns([column]))


@pytest.mark.parametrize("rows", [1, 5])
def test_one_customer_or_five_orders_give_wide_shrunken_answers(model: Model, table: pa.Table, rows: int) -> None:
    few = table.filter(pc.greater(table.column("orders"), 0)).slice(0, rows)
    fitted = model.fit(few, seed=0)
    assert fitted.parts().json["shrunken"] is True
    assert all(note["en"] and note["zh"] for note in fitted.parts().json["notes"])
    assert all(np.isfinite(row["value"]) for row in fitted.predict(few, horizon=HORIZON).to_pylist())


def test_one_time_buyers_of_one_day_give_answers_too(model: Model) -> None:
    day = date(2020, 1, 1)
    row = dict.fromkeys(tables.SUMMARY.names) | {
        "orders": 1, "first_order": day, "last_order": day, "revenue": 10.0, "x": 0, "t_x": 0.0, "T": 0.0,
        "repeat_n": 0, "repeat_mean": 0.0, "return_days": 0,
    }  # fmt: skip
    some = pa.Table.from_pylist([row | {"customer_id": f"c{i}"} for i in range(30)], schema=tables.SUMMARY.schema)
    fitted = model.fit(some, seed=0)
    assert fitted.parts().json["shrunken"] is True
    assert all(np.isfinite(row["value"]) for row in fitted.predict(some, horizon=HORIZON).to_pylist())


@pytest.mark.parametrize("name", catalogue.purchase_models())
def test_nobody_to_learn_from_is_said_in_words(name: str, table: pa.Table) -> None:
    with pytest.raises(InputError, match="No customer has bought"):
        catalogue.model(name).fit(table.slice(0, 0), seed=0)


@pytest.mark.parametrize("name", catalogue.purchase_models())
def test_a_horizon_that_is_none_is_refused(name: str, table: pa.Table) -> None:
    with pytest.raises(UsageError, match="horizon"):
        catalogue.model(name).fit(table, seed=0).predict(table, horizon=0.0)


def test_bg_nbd_never_shows_its_p_alive(table: pa.Table) -> None:
    shown = catalogue.model("bg_nbd").fit(table, seed=0).predict(table, horizon=HORIZON)
    assert "p_alive" not in shown.column("quantity").to_pylist()


def test_its_docstring_says_what_it_is_when_it_fails_and_has_an_example_that_runs(model: Model) -> None:
    text = type(model).__doc__ or ""
    assert "not work" in text or "Fails" in text
    assert "Higher" in text or "higher" in text.lower()
    examples = doctest.DocTestFinder(recurse=False).find(type(model), type(model).__name__)
    assert sum(len(test.examples) for test in examples) > 0
    for test in examples:
        assert doctest.DocTestRunner().run(test).failed == 0


def test_an_unknown_model_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UsageError, match="bg_nbd"):
        catalogue.model("crystal_ball")
