"""Rows of the database, a page at a time: memory and the length of a read stay small whatever there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Full, Queue, SimpleQueue
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from patron.crm.customers.models import SourceRecord
from patron.crm.scoring.mirror.shapes import Mirrored
from patron.history import History
from patron.history.parts import shape_of

PAGE = 20_000
"""Numbers of a page. Its text is one value to SQLite, which holds a billion bytes: 50 kB for each row."""

Seen = Callable[[int], None]


def pages(kind: Mirrored, low: int, high: int, zone: ZoneInfo) -> Iterator[pa.Table]:
    """The rows `low` … `high` of a kind of fact in order of their numbers, without those of erased people."""
    nobody = erased_records()
    for text in _texts(kind, low, high):
        yield _without(kind.read(text, zone), nobody)


def append(history: History, kind: Mirrored, low: int, high: int, zone: ZoneInfo, seen: Seen) -> None:
    """Add the rows to the history, as one part; `seen` is told how many were read, page by page.

    While this thread reads, another one makes columns and a file of what was read: neither needs Python to itself.
    """
    nobody = erased_records()
    ready: Queue[bytes | BaseException | None] = Queue(2)
    read: SimpleQueue[int] = SimpleQueue()

    def batches() -> Iterator[pa.RecordBatch]:
        while (text := ready.get()) is not None:
            if isinstance(text, BaseException):
                raise text
            table = _without(kind.read(text, zone), nobody)
            read.put(table.num_rows)
            yield from table.to_batches()

    facts = pa.RecordBatchReader.from_batches(shape_of(kind.fact).schema, batches())
    with ThreadPoolExecutor(1) as other:
        writing = other.submit(history.append, kind.fact, facts)
        try:
            for text in _texts(kind, low, high):
                _hand_over(ready, text, writing)
                _tell(read, seen)
        except BaseException as error:  # a cancelled reading leaves no part
            _hand_over(ready, error, writing)
            raise
        _hand_over(ready, None, writing)
        writing.result()
    _tell(read, seen)


def _hand_over(ready: Queue[Any], what: Any, to: Future[Any]) -> None:
    """Wait until there is room, as long as somebody is there to take it."""
    while not to.done():
        try:
            ready.put(what, timeout=0.1)
            return
        except Full:
            continue
    to.result()


def _tell(read: SimpleQueue[int], seen: Seen) -> None:
    while not read.empty():
        seen(read.get())


def _texts(kind: Mirrored, low: int, high: int) -> Iterator[bytes]:
    for first in range(low, high + 1, PAGE):
        if text := kind.text(first, min(first + PAGE - 1, high)):
            yield text


def _without(table: pa.Table, records: pa.Array) -> pa.Table:
    if not len(records):
        return table
    return table.filter(pc.invert(pc.is_in(table.column("customer_id"), records)))


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
