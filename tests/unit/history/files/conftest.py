"""Ways to hand the reader a table and see what came of it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from patron.history.files import OrdersRead, ReadOptions, SqlSource, read_orders
from patron.lifecycle.tables import ORDER_LINES

TODAY = date(2025, 6, 1)


@dataclass
class Read:
    """An `OrdersRead` with its lines and rejected rows at hand."""

    result: OrdersRead
    lines: list[dict[str, Any]]
    rejected: list[dict[str, str]]

    def column(self, name: str) -> list[Any]:
        """One column of the used lines."""
        return [line[name] for line in self.lines]

    def told(self, lang: str = "en") -> str:
        """All that was told."""
        return "\n".join(t.say(lang) for t in self.result.told)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Read]:
    """`read("a,b\\n1,2", name="x.csv", **options)`; also takes paths, queries, bytes and lists of them."""

    def run(source: Any, name: str = "orders.csv", **options: Any) -> Read:
        sources = [
            _as_source(s, tmp_path / f"{i or ''}{name}")
            for i, s in enumerate(source if isinstance(source, list) else [source])
        ]
        into = tmp_path / "into"
        result = read_orders(sources, into, ReadOptions(**options), today=TODAY, progress=lambda *_: None)
        table = ORDER_LINES.check(pq.read_table(result.parts)).sort_by("fact_id")
        with result.rejected.open(encoding="utf-8-sig", newline="") as file:
            rejected = list(csv.DictReader(file))
        assert not (into / ".reading").exists()
        _reconciles(result, len(rejected))
        assert len(set(table["fact_id"].to_pylist())) == table.num_rows == result.rows_used
        return Read(result, table.to_pylist(), rejected)

    return run


def _as_source(source: Any, path: Path) -> Path | SqlSource:
    if isinstance(source, (Path, SqlSource)):
        return source
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return path


def _reconciles(result: OrdersRead, rejected: int) -> None:
    aside = sum(s.rows for s in result.set_aside)
    assert result.rows_file == result.rows_used + aside
    assert rejected == aside
    assert result.value_file == pytest.approx(result.value_used + sum(s.value for s in result.set_aside), abs=0.005)
