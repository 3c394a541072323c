"""`patron import` of order lines beside literal executemany / COPY of the same rows into the same tables, in one run.

Both write chunks of 5,000 lines, a transaction each, with the same indexes and constraints; the peer has its values
ready in memory. The import reads the file, judges it, groups, looks up, and keeps its journal.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from bench_refresh import Prober
from measure import HERE, OURS, Figure, spend

ROWS = 1_000_000
WANTED = 0.6
LONGEST_MS = 100.0
TABLES = ("Customer", "SourceRecord", "RecordVersion", "Identity", "Product", "Order", "OrderLine")


def write_file(path: Path, rows: int) -> None:
    """Order lines by seed: about four an order, ten orders a customer, 2,000 products."""
    chance = np.random.default_rng(3)
    order = np.sort(chance.integers(0, max(rows // 4, 1), rows))
    buyer = chance.integers(0, max(rows // 40, 1), order.max() + 1)
    minute = np.sort(chance.integers(0, 60 * 24 * 700, order.max() + 1))
    product = chance.integers(0, 2_000, rows)
    start = np.datetime64("2022-01-01T08:00", "us")
    table = {
        "order no": pa.array([f"O{n}" for n in order]),
        "customer id": pa.array([f"C{n}" for n in buyer[order]]),
        "order date": pa.array(start + minute[order].astype("timedelta64[m]")),
        "sku": pa.array([f"K{n}" for n in product]),
        "description": pa.array([f"Product {n}" for n in product]),
        "quantity": pa.array(chance.integers(1, 6, rows)),
        "unit price": pa.array(chance.integers(100, 9_000, rows) / 100),
    }
    pq.write_table(pa.table(table), path)


def import_it(file: Path) -> float:
    """Seconds of the whole run."""
    from patron.crm.kit.policy import System
    from patron.crm.sources import jobs, operations

    with file.open("rb") as open_file:
        run = operations.upload(
            by=System(), file=open_file, file_name="orders.parquet", source_name="shop", kind="orders"
        )
    operations.start(by=System(), import_id=run.pk, enqueue=False)
    clock = clock_of()
    start = clock()
    if jobs.run_import(run.pk) != "done":
        raise SystemExit("the import did not end")
    return clock() - start


def clock_of() -> Callable[[], float]:
    """CPU seconds of this process where all of the work is done in it (SQLite); else seconds on the wall."""
    from django.db import connection

    return time.process_time if connection.vendor == "sqlite" else time.perf_counter


def raw_seconds() -> float:
    """The same rows by executemany or COPY alone, after the tables were emptied."""
    from django.db import connection, transaction

    from patron.crm.customers import models
    from patron.crm.kit import bulk

    kept = {}
    for name in TABLES:
        model = getattr(models, name)
        names = [f.name for f in model._meta.concrete_fields]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {bulk.columns_of(model, tuple(names))} FROM {bulk.table_of(model)} ORDER BY id")
            kept[name] = (model, names, [tuple(map(_plain, row)) for row in cursor.fetchall()])
    with connection.cursor() as cursor:
        for name in reversed(TABLES):
            cursor.execute(f"DELETE FROM {bulk.table_of(kept[name][0])}")
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
        else:
            cursor.execute("VACUUM FULL ANALYZE")
    seconds, clock = 0.0, clock_of()
    for model, names, rows in kept.values():
        for low in range(0, len(rows), 5_000):
            start = clock()
            with transaction.atomic():
                put(bulk.table_of(model), bulk.columns_of(model, tuple(names)), rows[low : low + 5_000])
            seconds += clock() - start
    return seconds


def put(table: str, columns: str, rows: list[Any]) -> None:
    """Literal executemany, or COPY: nothing of Patron's."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join("?" * len(rows[0]))
            cursor.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
            return
        with cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def step(file: Path | None, *, raw: bool) -> None:
    """Make the tables of the environment's database; import `file` or write raw what is there, and say the seconds."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patron.faces.project.settings")
    import django

    django.setup()
    from patron.faces.project.tables import bring_up_to_date

    bring_up_to_date()
    if file or raw:
        print(import_it(file) if file else raw_seconds())


def measure(name: str, file: Path, rows: int, database: Path | None) -> None:
    """One database: the ratio, and on SQLite how long another process waited for the writer at most."""
    spend([OURS, HERE / "bench_import.py", "--tables"])
    prober = Prober(database) if database else None
    if prober:
        prober.start()
    ours = float(spend([OURS, HERE / "bench_import.py", "--step", file]).said.splitlines()[-1])
    if prober:
        prober.over.set()
        prober.join()
    raw = float(spend([OURS, HERE / "bench_import.py", "--raw"]).said.splitlines()[-1])
    note = f"{rows / ours:,.0f} rows/s beside {rows / raw:,.0f}"
    Figure(f"import of {rows:,} order lines, {name}, of the raw rate", raw / ours, "", "at least", WANTED, note).say()
    if prober:
        Figure(f"longest wait for the writer, {name}", 1000 * prober.longest, "ms", "at most", LONGEST_MS).say()


def main() -> None:
    """Both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--step", type=Path, help="what a child process imports")
    parser.add_argument("--raw", action="store_true", help="a child process writes raw what is there")
    parser.add_argument("--tables", action="store_true", help="a child process makes the tables")
    args = parser.parse_args()
    if args.step or args.raw or args.tables:
        step(args.step, raw=args.raw)
        return
    rows = round(ROWS * args.scale)
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "orders.parquet"
        write_file(file, rows)
        os.environ["PATRON_HOME"] = scratch
        os.environ.pop("PATRON_DATABASE_URL", None)
        measure("SQLite", file, rows, Path(scratch) / "patron.sqlite3")
        import postgres

        with postgres.running() as url:
            os.environ["PATRON_DATABASE_URL"] = url
            measure("PostgreSQL", file, rows, None)


if __name__ == "__main__":
    main()
