"""The table of places: made, filled a generation at a time, shown when it is whole, and thrown away piece by piece."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

from django.db import connection, transaction

from patron.crm.kit.pace import Pace
from patron.crm.scoring.models import ScoringSettings, Standing
from patron.crm.scoring.places.columns import Columns
from patron.crm.scoring.places.kinds import ALL, FORMAT

NAMES = "generation, kind, part, value, customer"
BEFORE = "(part, value, customer) < (%s, %s, %s)"
COPIED = 50_000  # rows of a transaction on PostgreSQL
AT_ONCE = 100  # rows of a statement on SQLite
Told = Callable[[int], None]


def create(cursor: Any, vendor: str) -> None:
    """Make the empty tables."""
    number, real = ("INTEGER", "REAL") if vendor == "sqlite" else ("BIGINT", "DOUBLE PRECISION")
    columns = f"generation {number} NOT NULL, kind {number} NOT NULL, part {number} NOT NULL, value {real} NOT NULL"
    within = " WITHOUT ROWID" if vendor == "sqlite" else ""
    cursor.execute(f"CREATE TABLE scoring_place ({columns}, customer {number} NOT NULL, PRIMARY KEY ({NAMES})){within}")
    cursor.execute(f"CREATE TABLE scoring_place_moved (customer {number} NOT NULL PRIMARY KEY)")


def drop(cursor: Any) -> None:
    """Take the tables away."""
    cursor.execute("DROP TABLE scoring_place")
    cursor.execute("DROP TABLE scoring_place_moved")


def current() -> int | None:
    """The generation that lists walk; None before the first scoring, and for one of another Patron's orders."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT places FROM scoring_scoringsettings WHERE id = 1 AND places_format = %s", [FORMAT])
        row = cursor.fetchone()
    return row[0] if row else None


def start() -> int:
    """The number of a new generation; whatever was left of others that were never shown goes."""
    now = current()
    for left in _generations():
        if left != now:
            discard(left)  # what was never shown, or is of another format
    made = (now or 0) + 1
    with transaction.atomic(), connection.cursor() as cursor:
        ScoringSettings.current()
        ScoringSettings.objects.filter(pk=1).update(placing=made)
        cursor.execute("DELETE FROM scoring_place_moved")
    return made


def write(generation: int, columns: Columns, told: Told = lambda _rows: None) -> None:
    """Everybody's places, in the order in which they lie; `told` hears how many rows were written."""
    for kind in ALL:
        put = _copied if connection.vendor == "postgresql" else _inserted
        for rows in put(generation, kind.code, *columns.sorted(kind)):
            told(rows)


def _inserted(generation: int, kind: int, part: Any, value: Any, customer: Any) -> Iterator[int]:
    pace, low = Pace(first=8_000, most=40_000), 0
    while low < len(customer):
        some = slice(low, low + pace.size)
        columns = part[some].tolist(), value[some].tolist(), customer[some].tolist()
        flat = list(chain.from_iterable(zip(*columns, strict=True)))
        whole = len(flat) // (3 * AT_ONCE) * (3 * AT_ONCE)
        with pace.timed(), transaction.atomic(), connection.cursor() as cursor:
            put = cursor.connection.executemany  # of the connection beneath: Django's own looks at every parameter
            put(_insert(generation, kind, AT_ONCE), (flat[i : i + 3 * AT_ONCE] for i in range(0, whole, 3 * AT_ONCE)))
            put(_insert(generation, kind, 1), (flat[i : i + 3] for i in range(whole, len(flat), 3)))
        low += len(flat) // 3
        yield len(flat) // 3


def _insert(generation: int, kind: int, rows: int) -> str:
    """One statement for so many rows: a step of executemany costs three times as much as a row."""
    values = ", ".join([f"({generation:d}, {kind:d}, ?, ?, ?)"] * rows)
    return f"INSERT INTO scoring_place ({NAMES}) VALUES {values}"


def _copied(generation: int, kind: int, part: Any, value: Any, customer: Any) -> Iterator[int]:
    import pyarrow as pa
    import pyarrow.csv as pcsv

    for low in range(0, len(customer), COPIED):
        some = slice(low, low + COPIED)
        n = len(customer[some])
        table = pa.table(
            [pa.repeat(generation, n), pa.repeat(kind, n), part[some], value[some], customer[some]],
            names=NAMES.split(", "),
        )
        text = io.BytesIO()
        pcsv.write_csv(table, text, pcsv.WriteOptions(include_header=False))
        sql = f"COPY scoring_place ({NAMES}) FROM STDIN (FORMAT csv)"
        with transaction.atomic(), connection.cursor() as cursor, cursor.copy(sql) as copy:
            copy.write(text.getbuffer())
        yield n


def switch(generation: int) -> None:
    """From now on lists walk this generation."""
    with transaction.atomic():
        ScoringSettings.objects.select_for_update().get(pk=1)
        ScoringSettings.objects.filter(pk=1).update(places=generation, placing=None, places_format=FORMAT)


def settle(columns: Columns) -> list[int]:
    """Customers who moved while the generation was written get the places of their standings; who they are.

    `columns`: what the generation was written from.
    """
    from patron.crm.scoring.places.moving import delete, enter

    with connection.cursor() as cursor:
        cursor.execute("SELECT customer FROM scoring_place_moved")
        ids = sorted(row[0] for row in cursor.fetchall())
    for low in range(0, len(ids), 500):
        some = ids[low : low + 500]
        with transaction.atomic():
            delete(columns.of(some).rows())
            enter(some)
            with connection.cursor() as cursor:
                cursor.executemany("DELETE FROM scoring_place_moved WHERE customer = %s", [(one,) for one in some])
    return ids


def discard(generation: int) -> None:
    """A generation that nobody walks goes: on SQLite a short piece at a time.

    PostgreSQL has many writers, and keeps what was deleted for a while: looking for the first piece that is left would
    pass by all that is gone, again and again.
    """
    pace = Pace(first=4_000, most=20_000)
    for kind in ALL:
        where, mine = "generation = %s AND kind = %s", [generation, kind.code]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM scoring_place WHERE {where}", mine)
            continue
        while True:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT part, value, customer FROM scoring_place WHERE {where} "
                    f"ORDER BY part, value, customer LIMIT 1 OFFSET {pace.size}",
                    mine,
                )
                end = cursor.fetchone()
            with pace.timed(), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    f"DELETE FROM scoring_place WHERE {where}" + (f" AND {BEFORE}" if end else ""),
                    [*mine, *(end or ())],
                )
            if end is None:
                break


def _generations() -> Sequence[int]:
    """Which there are, found by steps along the key."""
    found: list[int] = []
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT min(generation) FROM scoring_place WHERE generation > %s", [found[-1] if found else -1]
            )
            least = cursor.fetchone()[0]
            if least is None:
                return found
            found.append(least)


def clear() -> None:
    """Nobody has a place, until the next scoring."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM scoring_place")
        cursor.execute("DELETE FROM scoring_place_moved")
        ScoringSettings.objects.filter(pk=1).update(places=None, placing=None)


def rebuild() -> None:
    """Everybody's places anew from the standings: after a restore, or where a refresh was cut short while writing."""
    generation = start()  # from here on whoever moves is noted
    columns = Columns.of_standings()
    write(generation, columns)
    finish(generation, columns)


def catch_up() -> None:
    """The orders of a database that had none, or other ones; nothing where they are there or nobody was scored."""
    if current() is None and Standing.objects.exists():
        rebuild()


def repair() -> None:
    """After a refresh that ended while it wrote: part of the standings may be new; the orders follow them."""
    if ScoringSettings.objects.filter(pk=1, placing__isnull=False).exists():
        rebuild()


def finish(generation: int, columns: Columns) -> list[int]:
    """Show a generation that is whole, settle who moved meanwhile, and throw the earlier one away; who moved."""
    before = current()
    switch(generation)
    moved = settle(columns)
    if before is not None:
        discard(before)
    return moved
