"""Engines that run Ibis expressions over Parquet. DuckDB is the embedded one.

Another engine is another class with the same four methods; nothing outside this file knows which one runs.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import ibis
import pyarrow as pa

MEMORY_MB = 1024


class Engine(Protocol):
    """What a history asks of an engine."""

    def read(self, files: Sequence[Path], *, schema: pa.Schema | None = None) -> Any:
        """An Ibis table over all rows of Parquet files; without files an empty one of `schema`."""

    def hold(self, data: Any) -> Any:
        """An Ibis table in memory of the rows of an expression or an Arrow table."""

    def rows(self, expression: Any) -> pa.Table:
        """The rows of an Ibis expression."""

    def batches(self, expression: Any) -> pa.RecordBatchReader:
        """The rows of an Ibis expression, a batch at a time, in any order."""

    def write(self, expression: Any, file: Path) -> None:
        """The rows of an Ibis expression as one Parquet file."""

    def close(self) -> None:
        """Free the connection and its temporary files. Safe to call twice."""


class DuckDB:
    """DuckDB in this process, in UTC, with bounded memory that spills to a folder of its own."""

    def __init__(self, *, threads: int | None = None, memory_mb: int = MEMORY_MB) -> None:
        """Connect with `threads` (default: all cores of the machine) and at most `memory_mb` before it spills."""
        self.spill = tempfile.mkdtemp(prefix="patron-")
        self.backend = ibis.duckdb.connect(
            threads=threads or os.cpu_count() or 1,
            memory_limit=f"{memory_mb}MB",
            temp_directory=self.spill,
            preserve_insertion_order=False,
            autoinstall_known_extensions=False,
            autoload_known_extensions=False,
        )
        self.backend.raw_sql("SET TimeZone = 'UTC'")
        self.backend.raw_sql("SET enable_progress_bar = false")
        self._open = True

    def read(self, files: Sequence[Path], *, schema: pa.Schema | None = None) -> Any:
        """An Ibis table over all rows of Parquet files, columns matched by name; empty of `schema` without files."""
        if not files:
            if schema is None:
                raise ValueError("no files and no schema: nothing to read")
            return self.backend.create_table(ibis.util.gen_name("empty"), schema.empty_table(), temp=True)
        return self.backend.read_parquet([str(file) for file in files], union_by_name=len(files) > 1)

    def hold(self, data: Any) -> Any:
        """An Ibis table in memory of the rows of an expression or an Arrow table."""
        return self.backend.create_table(ibis.util.gen_name("held"), data, temp=True)

    def rows(self, expression: Any) -> pa.Table:
        """The rows of an Ibis expression as an Arrow table. (Ibis' own way to it loads pandas, half a second.)"""
        found = self.backend.con.sql(self.backend.compile(expression)).to_arrow_table()
        table: pa.Table = expression.__pyarrow_result__(found)
        return table

    def batches(self, expression: Any) -> pa.RecordBatchReader:
        """The rows of an Ibis expression, a batch of up to a million at a time, in any order."""
        return self.backend.raw_sql(self.backend.compile(expression)).to_arrow_reader(1 << 20)

    def write(self, expression: Any, file: Path) -> None:
        """The rows of an Ibis expression as one zstd-compressed Parquet file."""
        self.backend.to_parquet(expression, file, compression="zstd")

    def close(self) -> None:
        """Disconnect and remove the spill folder. Safe to call twice."""
        if self._open:
            self._open = False
            self.backend.disconnect()
            shutil.rmtree(self.spill, ignore_errors=True)
