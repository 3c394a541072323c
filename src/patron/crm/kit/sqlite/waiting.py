"""Waiting for SQLite's one writer.

Its own way to wait sleeps longer and longer, up to a tenth of a second, and so misses the short moments between the
transactions of somebody who writes much: a save behind an import waited for seconds although no transaction was long.
Asked again every millisecond, the writer is had at the next of these moments (`pace.give_way` sees to it that there
is one).
"""

from __future__ import annotations

import sqlite3
import time

OFTEN, SELDOM = 0.001, 0.01  # seconds between two questions, at first and after a second
PATIENCE = 20.0


def begin(connection: sqlite3.Connection, patience: float = PATIENCE) -> None:
    """BEGIN IMMEDIATE, within `patience` seconds. Raises sqlite3.OperationalError as SQLite does after its own wait."""
    waited_from = time.monotonic()
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                waited = time.monotonic() - waited_from
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or waited > patience:
                    raise
            time.sleep(OFTEN if waited < 1 else SELDOM)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")
