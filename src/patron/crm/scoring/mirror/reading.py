"""Rows of the database, a page at a time: memory and the length of a read stay small whatever there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from patron.crm.customers.models import SourceRecord
from patron.crm.scoring.mirror.shapes import Mirrored
from patron.history.parts import shape_of

PAGE = 50_000

Seen = Callable[[int], None]


def pages(kind: Mirrored, low: int, high: int, zone: ZoneInfo) -> Iterator[pa.Table]:
    """The rows `low` … `high` of a kind of fact in order of their numbers, without those of erased people."""
    sql, nobody = kind.select(connection.vendor), erased_records()
    after = low - 1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [after, high, PAGE])
            rows = cursor.fetchall()
        if not rows:
            return
        after = rows[-1][0]
        table = kind.read(rows, zone)
        if len(nobody):
            table = table.filter(pc.invert(pc.is_in(table.column("customer_id"), nobody)))
        yield table
        if len(rows) < PAGE:
            return


def reader(kind: Mirrored, low: int, high: int, zone: ZoneInfo, seen: Seen) -> pa.RecordBatchReader:
    """The same as a stream for the history; `seen` is told how many rows came, page by page."""

    def batches() -> Iterator[pa.RecordBatch]:
        for table in pages(kind, low, high, zone):
            seen(table.num_rows)
            yield from table.to_batches()

    return pa.RecordBatchReader.from_batches(shape_of(kind.fact).schema, batches())


def erased_records() -> pa.Array:
    """Ids of the records of erased people: nothing of theirs goes into the history."""
    ids = SourceRecord.objects.filter(customer__erased_at__isnull=False).values_list("pk", flat=True)
    return pa.array([str(number) for number in ids], pa.string())


def span(kind: Mirrored) -> tuple[int, int] | None:
    """The first and last number there is; None for an empty table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min(id), max(id) FROM {kind.table}")
        low, high = cursor.fetchone()
    return None if low is None else (low, high)


def lines_of_orders(low: int, high: int) -> np.ndarray:
    """Numbers of the lines of the orders `low` … `high`, rising."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM customers_orderline WHERE order_id BETWEEN %s AND %s ORDER BY id", [low, high])
        return np.array([row[0] for row in cursor.fetchall()], dtype=np.int64)
