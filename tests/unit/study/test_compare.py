"""Two runs side by side: who came, who went, what moved."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

import patron
from patron.errors import InputError, UsageError
from patron.lifecycle.simulate.worlds import World, simulate
from patron.study.compare import _line, compare
from patron.study.run import Run
from patron.study.totals import totals


@pytest.fixture(scope="module")
def world() -> World:
    return simulate("mbg_nbd", 300, seed=2, weeks=60, arrivals=40, horizon=20, by_day=True)


@pytest.fixture(scope="module")
def runs(world: World) -> tuple[Run, Run]:
    """The same shop on two days."""
    orders = world.orders(future=True).rename_columns(["customer_id", "date", "amount"])
    earlier = patron.analyze(orders, as_of="2020-10-01", horizon="13w", margin=0.4)
    return earlier, patron.analyze(orders, as_of="2020-12-31", use=earlier)


def test_everybody_of_either_run_is_there_once(runs: tuple[Run, Run]) -> None:
    found = compare(*runs)
    ids = found.moved["customer_id"].to_pylist()
    assert len(ids) == len(set(ids)) == len(set(runs[0].scores["customer_id"].to_pylist()) | set(ids))
    assert sum(found.flow["customers"].to_pylist()) == len(ids)
    came = found.moved["orders_before"].null_count
    assert came == runs[1].scores.num_rows - runs[0].scores.num_rows
    assert f"{came:,} customers are new" in found.text.en
    assert f"新增客户 {came:,} 位" in found.text.zh


def test_a_run_beside_itself_has_not_moved(runs: tuple[Run, Run]) -> None:
    found = compare(runs[0], runs[0])
    assert set(found.moved["value_at_risk_change"].to_pylist()) == {0.0}
    assert "nobody changed" in found.text.en


@pytest.mark.parametrize(
    "before, after, said",
    [
        (200.0, 250.0, "200 → 250 (+25.0 %)"),
        (200.0, 150.0, "200 → 150 (-25.0 %)"),
        (1.0, 100.0, "1 → 100 (+9,900.0 %)"),
        (0.9, 100.0, "1 → 100"),
        (0.0, 100.0, "0 → 100"),
    ],
)
def test_a_change_is_a_percentage_only_of_a_base_that_says_something(before: float, after: float, said: str) -> None:
    line = _line({"figure": "clv", "before": before, "after": after})  # type: ignore[dict-item]
    assert line.en.endswith(f": {said}")
    assert line.zh.endswith(f"：{said}".replace(" (", "（").replace(" %)", "%）"))


def test_other_horizons_are_said(runs: tuple[Run, Run], world: World) -> None:
    orders = world.orders().rename_columns(["customer_id", "date", "amount"])
    assert "horizons differ" in compare(runs[0], patron.analyze(orders, horizon="26w")).text.en


def test_a_stated_margin_scales_value(runs: tuple[Run, Run], world: World) -> None:
    earlier = runs[0]
    assert set(earlier.scores["value_basis"].to_pylist()) == {"margin"}
    revenue, margin = (earlier.scores[c].to_numpy() for c in ("revenue", "margin"))
    assert margin == pytest.approx(0.4 * revenue)
    orders = world.orders(future=True).rename_columns(["customer_id", "date", "amount"])
    plain = patron.analyze(orders, as_of="2020-10-01", horizon="13w")
    assert earlier.scores["clv"].to_numpy() == pytest.approx(0.4 * plain.scores["clv"].to_numpy(), rel=1e-9)


def test_totals_of_ids_and_of_everybody(runs: tuple[Run, Run]) -> None:
    ids = runs[0].scores["customer_id"].to_pylist()[:60]
    some, everybody = totals(runs[0], [*ids, ids[0], "nobody"]), totals(runs[0])
    assert (some.customers, list(some.unknown)) == (60, ["nobody"])
    assert everybody.customers == runs[0].scores.num_rows
    for group in (some, everybody):
        for total in (group.expected_purchases, group.clv):
            assert total.low95 <= total.low <= total.value <= total.high <= total.high95
    assert some.clv.value == pytest.approx(sum(runs[0].scores["clv"].to_pylist()[:60]))
    with pytest.raises(InputError, match="none of these customers"):
        totals(runs[0], ["nobody"])


def test_a_day_before_the_data_is_refused(world: World) -> None:
    orders = world.orders().rename_columns(["customer_id", "date", "amount"])
    with pytest.raises(UsageError, match="before the first order"):
        patron.analyze(orders, as_of="1999-01-01")


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(UsageError, match="can't be a int"):
        patron.analyze(7)
    with pytest.raises(UsageError, match="No orders"):
        patron.analyze([])
    with pytest.raises(UsageError, match="needs --query"):
        patron.analyze(sql="sqlite:///x.db")


def test_customers_of_a_file_come_along(world: World, tmp_path: Path) -> None:
    orders = world.orders().rename_columns(["customer_id", "date", "amount"])
    known = orders["customer_id"][0].as_py()
    (tmp_path / "people.csv").write_text(
        f"customer_id,city,stage\n{known},Xi'an,gold\nnew1,Ulm,none\n", encoding="utf-8"
    )
    run = patron.analyze(orders, customers=tmp_path / "people.csv")
    rows = {row["customer_id"]: row for row in run.scores.to_pylist()}
    assert rows[known]["city"] == "Xi'an"
    assert rows["new1"]["stage"] == "prospect"
    assert rows["new1"]["file_stage"] == "none"
    assert rows["new1"]["clv"] is None
    assert pa.compute.sum(run.scores["city"].is_valid()).as_py() == 2
