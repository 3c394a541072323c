"""The facts of the database as a History of Parquet parts below PATRON_HOME, kept up to date change by change.

The history knows source records; who they belong to today is joined on top (`owners`). It is derived: deleting its
folder costs one full reading.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.conf import settings
from django.db import connection, transaction

from patron.crm.customers.models import FactChange
from patron.crm.kit import clock
from patron.crm.scoring.mirror.reading import lines_of_orders, span
from patron.crm.scoring.mirror.reconciling import reconcile
from patron.crm.scoring.mirror.shapes import BY_MODEL, LINES, MIRRORED, Mirrored
from patron.history import History
from patron.history.engines import DuckDB
from patron.history.rewriting import compact, forget

FORMAT = 1
NEAR = 1_000  # row numbers between two stretches that are read as one
AT_ONCE = 20_000  # notes taken away in one go

Told = Callable[[int], None]


def folder() -> Path:
    """Where the history lies."""
    return Path(settings.HOME) / "history"


@contextmanager
def held() -> Iterator[None]:
    """Nobody else changes the history inside; waits for its turn."""
    folder().parent.mkdir(parents=True, exist_ok=True)
    with (folder().parent / "history.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def current(timezone: str, told: Told = lambda _rows: None) -> Iterator[History]:
    """The history with everything that is committed now, times in `timezone`. `told` hears how many rows were read."""
    with held(), opened(timezone) as history:
        follow(history, timezone, told)
        yield history


@contextmanager
def opened(timezone: str) -> Iterator[History]:
    """The history as it is; emptied first where it was made for another time zone or by another Patron."""
    _fitting(timezone)
    with History.create(folder(), engine=DuckDB()) as history:
        yield history


def _fitting(timezone: str) -> None:
    """A history that can't be carried on is thrown away; every row is then read anew."""
    kept = folder() / "mirror.json"
    wanted = {"format": FORMAT, "timezone": timezone}
    try:
        if json.loads(kept.read_text("utf-8")) == wanted:
            return
    except (OSError, ValueError):
        pass  # none, or none that can be read: begun anew below
    shutil.rmtree(folder(), ignore_errors=True)
    History.create(folder()).close()
    kept.write_text(json.dumps(wanted), "utf-8")


def follow(history: History, timezone: str, told: Told = lambda _rows: None) -> None:
    """Take over every change that is noted, and take the notes away afterwards: a crash between leaves them."""
    zone = ZoneInfo(timezone)
    now = clock.now().astimezone(zone).replace(tzinfo=None)
    notes = list(FactChange.objects.values_list("pk", "model", "low", "high"))
    stretches = _stretches((model, low, high) for _, model, low, high in notes)
    for kind in MIRRORED:
        if not history.manifest.of(kind.fact):
            whole = span(kind)
            stretches[kind.fact] = [whole] if whole else []
        for low, high in stretches[kind.fact]:
            reconcile(history, kind, low, high, zone, now, told)
    _take_away([pk for pk, *_ in notes])
    for kind in MIRRORED:
        compact(history, kind.fact)


def _stretches(notes: Iterable[tuple[str, int, int]]) -> dict[str, list[tuple[int, int]]]:
    """Row numbers to look at, by fact table: sorted, those that touch or nearly touch joined."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for model, low, high in notes:
        if model in BY_MODEL:
            found[BY_MODEL[model].fact].append((low, high))
        elif model == "customers.Order":
            found[LINES.fact] += [(n, n) for n in lines_of_orders(low, high).tolist()]
    return defaultdict(list, {fact: _joined(stretches) for fact, stretches in found.items()})


def _joined(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for low, high in sorted(stretches):
        if out and low <= out[-1][1] + NEAR:
            out[-1] = (out[-1][0], max(high, out[-1][1]))
        else:
            out.append((low, high))
    return out


def _take_away(ids: list[int]) -> None:
    for low in range(0, len(ids), AT_ONCE):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                "DELETE FROM customers_factchange WHERE id = %s", [(pk,) for pk in ids[low : low + AT_ONCE]]
            )


def forget_records(record_ids: Iterable[int]) -> int:
    """Rewrite the history without these source records: the one act that rewrites the past. How many facts went."""
    gone = [str(number) for number in record_ids]
    if not gone or not (folder() / "manifest.json").exists():
        return 0
    with held(), History.open(folder(), engine=DuckDB()) as history:
        return sum(forget(history, kind.fact, lambda facts: facts.customer_id.isin(gone)) for kind in MIRRORED)


def owners() -> pa.Table:
    """Who each source record belongs to today: record_id, customer_id (text), of everybody who is not erased."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.id, r.customer_id FROM customers_sourcerecord r JOIN customers_customer c "
            "ON c.id = r.customer_id WHERE c.erased_at IS NULL ORDER BY r.id"
        )
        rows = cursor.fetchall()
    records, customers = zip(*rows, strict=True) if rows else ((), ())
    return pa.table(
        {
            "record_id": pa.array(records, pa.int64()).cast(pa.string()),
            "customer_id": pa.array(customers, pa.int64()).cast(pa.string()),
        }
    )


__all__ = ["BY_MODEL", "MIRRORED", "Mirrored", "current", "follow", "forget_records", "held", "opened", "owners"]
