"""Prepared rows are handed out in whole chunks, however the file was written: none is lost, none comes twice."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from patron.crm.sources.reading import CHUNK, Ready

ROWS = 3 * CHUNK + 17


@pytest.fixture(autouse=True)
def _one_size(monkeypatch):
    """Chunks of one size, whatever the database."""
    monkeypatch.setattr("patron.crm.sources.reading.ONE_WRITER", CHUNK)


@pytest.fixture(params=[700, CHUNK, CHUNK + 1200, 10 * CHUNK], ids=lambda n: f"groups of {n}")
def ready(request, tmp_path):
    path = tmp_path / "rows.parquet"
    rows = pa.table({"row": range(1, ROWS + 1), "reasons": pa.array([[]] * ROWS, pa.list_(pa.string()))})
    pq.write_table(rows, path, row_group_size=request.param)
    return Ready(path, ROWS, ["row"], {}, [])


def rows_of(chunk):
    return chunk["row"]


def test_every_row_is_in_exactly_one_chunk(ready):
    chunks = list(ready.chunks())
    assert [number for number, _ in chunks] == [0, 1, 2, 3]
    assert [row for _, chunk in chunks for row in rows_of(chunk)] == list(range(1, ROWS + 1))


def test_chunks_that_are_done_are_left_out(ready):
    left = {number: rows_of(chunk) for number, chunk in ready.chunks(frozenset({0, 2}))}
    assert list(left) == [1, 3]
    assert left[1] == list(range(CHUNK + 1, 2 * CHUNK + 1))
    assert left[3] == list(range(3 * CHUNK + 1, ROWS + 1))
