"""Rows in and out of the database by literal SQL: executemany on SQLite, COPY on PostgreSQL, numbers given beforehand.

No model instance is made. Values are what the database keeps: whole millionths, UTC times as text, JSON as text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from itertools import chain
from typing import Any

from django.db import connection, models

PART = 2_000
"""How many values one statement names: below the limits of both databases."""

AT_ONCE = 40
"""Rows of one INSERT on SQLite: times the columns of any table below its limit of values."""

Row = Sequence[Any]


@cache
def columns_of(model: type[models.Model], names: tuple[str, ...]) -> str:
    """Quoted columns of these fields."""
    quote = connection.ops.quote_name
    return ", ".join(quote(_column(model, name)) for name in names)


def _column(model: type[models.Model], name: str) -> str:
    column = getattr(model._meta.get_field(name), "column", None)
    if not isinstance(column, str):
        raise TypeError(f"{model._meta.label} keeps nothing under {name}")
    return column


def table_of(model: type[models.Model]) -> str:
    """The quoted table."""
    return connection.ops.quote_name(model._meta.db_table)


def next_ids(model: type[models.Model], count: int) -> list[int]:
    """`count` numbers for new rows, in rising order. On SQLite they are ours while the transaction lasts."""
    if not count:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
            found = cursor.fetchone()
            first = (found[0] if found else 0) + 1
            return list(range(first, first + count))
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return sorted(row[0] for row in cursor.fetchall())


def data_version() -> int | None:
    """A number that changes when somebody else writes (SQLite); None where the database tells no such thing."""
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])


@contextmanager
def fewer_checkpoints() -> Iterator[None]:
    """While much is written, SQLite carries its log over into the file every 32 MB instead of every 4.

    Pages that are written again and again (indexes) are carried over less often. Elsewhere this does nothing.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_autocheckpoint = 8000")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_autocheckpoint = 1000")


def insert(model: type[models.Model], names: Sequence[str], rows: Sequence[Row]) -> None:
    """Add rows; `names` are fields of the model in the order of the values, 'id' among them."""
    if not rows:
        return
    columns = columns_of(model, tuple(names))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = f"({', '.join('?' * len(names))})"
            # The cursor beneath: Django's own would rewrite the statement and look at every parameter.
            start = f"INSERT INTO {table_of(model)} ({columns}) VALUES "
            whole = len(rows) // AT_ONCE * AT_ONCE
            if whole:  # a statement for several rows at once is quicker by a tenth
                parts = (list(chain.from_iterable(rows[i : i + AT_ONCE])) for i in range(0, whole, AT_ONCE))
                cursor.connection.executemany(start + ", ".join([marks] * AT_ONCE), parts)
            if whole < len(rows):
                cursor.connection.executemany(start + marks, rows[whole:])
        else:
            with cursor.cursor.copy(f"COPY {table_of(model)} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


def update(model: type[models.Model], names: Sequence[str], rows: Sequence[Row]) -> None:
    """Change rows; every value list ends with the row's number."""
    if not rows:
        return
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(_column(model, name))} = %s" for name in names)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table_of(model)} SET {sets} WHERE id = %s", rows)


def fetch(
    model: type[models.Model], names: Sequence[str], by: str, values: Iterable[Any], where: str = "", *more: Any
) -> Iterator[tuple[Any, ...]]:
    """Rows whose field `by` is among `values`, as plain values: times as UTC text, booleans as such."""
    columns = columns_of(model, tuple(names))
    key = columns_of(model, (by,))
    plain = [_plain(model._meta.get_field(name)) for name in names]
    wanted = list(values)
    for start in range(0, len(wanted), PART):
        part = wanted[start : start + PART]
        marks = ", ".join(["%s"] * len(part))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {table_of(model)} WHERE {key} IN ({marks}){where}", [*part, *more])
            found = cursor.fetchall()
        for row in found:
            yield tuple(v if f is None else f(v) for f, v in zip(plain, row, strict=True))


def delete(model: type[models.Model], by: str, values: Iterable[Any]) -> int:
    """Take rows away whose field `by` is among `values`; how many. What refers to them must be gone before."""
    gone, wanted = 0, list(values)
    for start in range(0, len(wanted), PART):
        part = wanted[start : start + PART]
        marks = ", ".join(["%s"] * len(part))
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table_of(model)} WHERE {columns_of(model, (by,))} IN ({marks})", part)
            gone += cursor.rowcount
    return gone


def time_text(value: datetime | str | None) -> str | None:
    """A moment as UTC text, in the form in which Django keeps times in SQLite."""
    if not isinstance(value, datetime):
        return value
    plain = value.replace(tzinfo=None)
    return plain.strftime("%Y-%m-%d %H:%M:%S.%f" if plain.microsecond else "%Y-%m-%d %H:%M:%S")


def _plain(field: Any) -> Any:
    """What makes a raw value of this column plain, None where it is so already."""
    if isinstance(field, models.DateTimeField):
        return time_text
    if isinstance(field, models.DateField):
        return lambda v: v.isoformat() if isinstance(v, date) else v
    if isinstance(field, models.BooleanField):
        return lambda v: None if v is None else bool(v)
    if isinstance(field, models.BinaryField):
        return lambda v: bytes(v) if v is not None else None
    if isinstance(field, models.DecimalField):
        places = field.decimal_places
        return lambda v: None if v is None else f"{v:.{places}f}"
    return None


def from_json(value: Any) -> Any:
    """A JSON column as its database hands it out: text on SQLite, made already on PostgreSQL."""
    return json.loads(value) if isinstance(value, str) else value


def to_json(value: Any) -> str:
    """JSON as text, as both databases take it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
