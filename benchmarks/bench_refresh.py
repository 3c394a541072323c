"""A refresh of a million customers with ten million orders, from the database to written scores; on both databases.

The first refresh reads everything; the second has a history already and a standing for everybody. Meanwhile, on SQLite,
another process keeps asking for the one writer: how long it waited at most is said too.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import tempfile
import threading
import time
from pathlib import Path

from measure import HERE, OURS, Figure, spend

sys.path.insert(0, str(HERE.parent / "tests"))
import postgres

CUSTOMERS = 1_000_000
PROBE = 0.02  # seconds between two questions


class Prober(threading.Thread):
    """Asks for SQLite's writer again and again, as Patron's requests do; `longest` is the longest wait in seconds."""

    def __init__(self, file: Path) -> None:
        super().__init__(daemon=True)
        self.file, self.longest, self.over = file, 0.0, threading.Event()

    def run(self) -> None:
        """Until `over` is set."""
        from patron.crm.kit.sqlite.waiting import begin

        connection = sqlite3.connect(self.file, isolation_level=None)
        while not self.over.wait(PROBE):
            start = time.perf_counter()
            begin(connection, 60)
            self.longest = max(self.longest, time.perf_counter() - start)
            connection.execute("COMMIT")
        connection.close()


def measured(name: str, customers: int, scale: float, database: Path | None) -> None:
    """Fill, refresh twice, say."""
    spend([OURS, HERE / "fill.py", str(customers)])
    for time_of in ("first", "second"):
        prober = Prober(database) if database else None
        if prober:
            prober.start()
        found = spend([OURS, "-P", "-m", "patron", "refresh", "--as-of", "2020-12-31", "--lang", "en"])
        size = f"{customers / 1e6:.3g} M customers, {name}, {time_of}"
        Figure(f"patron refresh, {size}", found.wall, "s", "at most", 120 * max(scale, 0.1), "wall, two cores").say()
        Figure(f"its memory, {size}", found.memory / 1000, "GB", "at most", 3).say()
        if prober:
            prober.over.set()
            prober.join()
            Figure(f"longest wait for the writer, {size}", 1000 * prober.longest, "ms", "at most", 100).say()


def main() -> None:
    """SQLite, then PostgreSQL where one is installed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    args = parser.parse_args()
    customers = round(CUSTOMERS * args.scale)
    for name in ("sqlite", "postgresql"):
        if args.database not in (name, "both"):
            continue
        with tempfile.TemporaryDirectory() as home:
            os.environ["PATRON_HOME"] = home
            os.environ.pop("PATRON_DATABASE_URL", None)
            if name == "sqlite":
                measured(name, customers, args.scale, Path(home) / "patron.sqlite3")
                continue
            with postgres.running() as url:
                os.environ["PATRON_DATABASE_URL"] = url
                measured(name, customers, args.scale, None)


if __name__ == "__main__":
    main()
