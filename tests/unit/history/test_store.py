"""A history is only ever added to: a part is there whole or not at all, and twice is once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from spec.pipes import as_table, order_lines

from patron.errors import InputError, ResourceError
from patron.history import History
from patron.history.engines import DuckDB
from patron.history.sorting import sort_runs
from patron.lifecycle.tables import ORDER_LINES

TWO = """
fact | customer | day
1    | ann      | 2024-01-05
2    | ben      | 2024-01-06
"""


def _files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in (folder / "order_lines").glob("*")) if folder.exists() else []


def test_a_part_appended_twice_is_there_once(tmp_path: Path) -> None:
    table = as_table(order_lines(TWO))
    with History.create(tmp_path) as history:
        first = history.append("order_lines", table, part="orders.csv")
        assert history.append("order_lines", table, part="orders.csv") == first
        unnamed = History.create(tmp_path / "other")
        assert unnamed.append("order_lines", table) == unnamed.append("order_lines", table)
        unnamed.close()
        assert [part.rows for part in history.manifest.parts] == [2]


def test_what_was_appended_is_there_after_opening_again(tmp_path: Path) -> None:
    with History.create(tmp_path) as history:
        history.append("order_lines", as_table(order_lines(TWO)))
    with History.open(tmp_path) as again:
        assert again.rows(again.shelf.facts("order_lines").order_by("fact_id")).to_pylist() == order_lines(TWO)
        assert again.next_fact == 3


@pytest.mark.parametrize("kind", ["table", "reader", "same file", "other file"])
def test_facts_come_as_table_reader_or_file(kind: str, tmp_path: Path) -> None:
    table, file = as_table(order_lines(TWO)), tmp_path / "lines.parquet"
    shuffled = table.select(table.column_names[::-1]).append_column("more", pa.array([1, 2]))
    pq.write_table(table if kind == "same file" else shuffled, file)
    data = {"table": table, "reader": shuffled.to_reader(max_chunksize=1)}.get(kind, file)
    with History.create(tmp_path / "history") as history:
        history.append("order_lines", data)
        assert history.rows(history.shelf.facts("order_lines").order_by("fact_id")).to_pylist() == table.to_pylist()


def test_a_failed_append_leaves_nothing(tmp_path: Path) -> None:
    with History.create(tmp_path) as history:
        with pytest.raises(InputError, match="'revenue' is missing"):
            history.append("order_lines", as_table(order_lines(TWO)).drop_columns(["revenue"]))
        assert _files(tmp_path) == []
        assert history.manifest.parts == ()


def test_an_interrupted_append_leaves_nothing(tmp_path: Path) -> None:
    def batches() -> pa.RecordBatch:
        yield as_table(order_lines(TWO)).to_batches()[0]
        raise KeyboardInterrupt

    with History.create(tmp_path) as history:
        with pytest.raises(KeyboardInterrupt):
            history.append("order_lines", pa.RecordBatchReader.from_batches(ORDER_LINES.schema, batches()))
        assert _files(tmp_path) == []


def test_an_empty_cell_is_refused_where_there_may_be_none(tmp_path: Path) -> None:
    table = as_table(order_lines(TWO))
    holes = pa.table({**{n: table[n] for n in table.column_names}, "revenue": pa.array([1.0, None])})
    pq.write_table(holes, tmp_path / "holes.parquet")
    with History.create(tmp_path / "history") as history, pytest.raises(InputError, match="1 empty cells"):
        history.append("order_lines", tmp_path / "holes.parquet")


@pytest.mark.parametrize("second", [TWO, "fact | customer | day\n2 | cat | 2024-01-07\n9 | cat | 2024-01-07"])
def test_a_fact_id_is_taken_once(second: str, tmp_path: Path) -> None:
    with History.create(tmp_path) as history:
        history.append("order_lines", as_table(order_lines(TWO)), part="one")
        with pytest.raises(InputError, match="same fact_id"):
            history.append("order_lines", as_table(order_lines(second)), part="two")


def test_fact_ids_of_two_parts_may_alternate(tmp_path: Path) -> None:
    with History.create(tmp_path) as history:
        history.append(
            "order_lines", as_table(order_lines("fact | customer | day\n9 | a | 2024-01-01\n1 | a | 2024-01-01"))
        )
        history.append("order_lines", as_table(order_lines("fact | customer | day\n5 | a | 2024-01-01")))
        assert history.next_fact == 10


def test_a_part_may_not_hold_a_fact_id_twice(tmp_path: Path) -> None:
    text = "fact | customer | day\n3 | a | 2024-01-01\n1 | a | 2024-01-01\n3 | a | 2024-01-01"
    with History.create(tmp_path) as history, pytest.raises(InputError, match="same fact_id"):
        history.append("order_lines", as_table(order_lines(text)))


@pytest.mark.parametrize("amount", ["1e15", "nan", "-inf"])
def test_an_amount_that_cannot_be_added_up_is_named(amount: str, tmp_path: Path) -> None:
    text = f"customer | day | revenue\nann | 2024-01-05 | 1\nben | 2024-01-05 | {amount}"
    with History.create(tmp_path) as history, pytest.raises(InputError) as caught:
        history.append("order_lines", as_table(order_lines(text)))
    assert (caught.value.file, caught.value.row, caught.value.column) == ("spec", 2, "revenue")


def test_amounts_of_a_thousand_billion_add_up(tmp_path: Path) -> None:
    text = "customer | day | revenue\n" + "ann | 2024-01-05 | 1e12\n" * 9
    with History.create(tmp_path) as history:
        history.append("order_lines", as_table(order_lines(text)))
        view = history.as_of(datetime(2024, 2, 1).date())
        assert view.rows(view.occasions)["revenue"].to_pylist() == [9e12]


def test_an_unknown_table_names_those_there_are(tmp_path: Path) -> None:
    with History.create(tmp_path) as history, pytest.raises(KeyError, match="order_lines, customers"):
        history.append("orders", as_table(order_lines(TWO)))


def test_a_folder_without_a_history_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"History\.create"):
        History.open(tmp_path)


def test_a_broken_list_of_parts_is_named(tmp_path: Path) -> None:
    History.create(tmp_path).close()
    (tmp_path / "manifest.json").write_text("{", "utf-8")
    with pytest.raises(InputError, match=r"manifest\.json"):
        History.open(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(ResourceError, match="can't be written"):
        History.create(tmp_path / "file" / "history")


def test_derived_files_are_made_again_when_they_are_gone(tmp_path: Path) -> None:
    with History.create(tmp_path) as history:
        history.append("order_lines", as_table(order_lines(TWO)))
        assert history.first_day is not None
    for file in (tmp_path / "derived").iterdir():
        file.unlink()
    with History.open(tmp_path) as again:
        assert str(again.last_day) == "2024-01-06"


def test_closing_removes_what_was_derived_from_fewer_parts(tmp_path: Path) -> None:
    with History.create(tmp_path) as history:
        history.append("order_lines", as_table(order_lines(TWO)))
        assert history.first_day is not None
        history.append("order_lines", as_table(order_lines("fact | customer | day\n3 | a | 2024-01-01")))
        assert history.first_day is not None
        assert len(list((tmp_path / "derived").iterdir())) == 4
    assert len(list((tmp_path / "derived").iterdir())) == 2


def test_the_engine_removes_its_spill_folder() -> None:
    engine = DuckDB(threads=1, memory_mb=256)
    spill = Path(engine.spill)
    assert spill.exists()
    engine.close()
    engine.close()
    assert not spill.exists()


@pytest.mark.parametrize("top", [3, 2**31 - 1])
def test_sorting_packed_equals_sorting_by_columns(top: int) -> None:
    rng = np.random.default_rng(1)
    keys = [rng.integers(-top, top, 500).astype(np.int32) for _ in range(3)]
    order, starts = sort_runs(keys)
    assert np.array_equal(order, np.lexsort(tuple(reversed(keys))))
    rows = np.stack([key[order] for key in keys], axis=1)
    assert np.array_equal(rows[starts], np.unique(rows, axis=0))
