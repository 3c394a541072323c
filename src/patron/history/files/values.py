"""Python values of workbooks and databases as text cells: ids stay as written, times become ISO."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice

import pyarrow as pa

ROWS_A_BATCH = 50_000


def cell_text(value: object) -> str | None:  # noqa: PLR0911 — one line for each type of value
    """The text of one cell: 17850.0 → '17850', a day → '2011-12-09', None and '' → None."""
    if isinstance(value, str):
        return value.strip() or None
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, (date, time, timedelta)):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    return str(value)


def _float_text(value: float) -> str | None:
    if math.isnan(value):
        return None
    if value.is_integer():
        return str(int(value))
    shortest = repr(value)
    return format(Decimal(shortest), "f") if "e" in shortest else shortest


def text_batches(rows: Iterable[Sequence[object]], columns: int, first_row: int) -> Iterator[pa.RecordBatch]:
    """Rows of values as batches of text cells (row, c0 …); short rows are filled up, cells beyond the header cut."""
    names = ["row", *(f"c{i}" for i in range(columns))]
    iterator = iter(rows)
    row = first_row
    while part := list(islice(iterator, ROWS_A_BATCH)):
        cells = [pa.array([cell_text(r[i]) if i < len(r) else None for r in part], pa.string()) for i in range(columns)]
        numbers = pa.array(range(row, row + len(part)), pa.int64())
        yield pa.RecordBatch.from_arrays([numbers, *cells], names=names)
        row += len(part)
