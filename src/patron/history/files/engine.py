"""The engine that does the vectorised work."""

from __future__ import annotations

from pathlib import Path

import duckdb

MEMORY = "1GB"


def connect(scratch: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB in memory with a ceiling, spilling to `scratch`; times in UTC; nothing is ever fetched from a network."""
    con = duckdb.connect(
        config={"temp_directory": str(scratch), "memory_limit": MEMORY, "autoinstall_known_extensions": False}
    )
    con.execute("SET TimeZone = 'UTC'")
    return con
