"""Small tables written as text: a header, then a row a line, cells between bars; an empty cell is None."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pyarrow as pa

from patron.lifecycle.tables import ORDER_LINES

Row = dict[str, Any]


def read(text: str) -> list[dict[str, str]]:
    """The rows of a text table, cells as text."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip() and not set(line) <= set("|- ")]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    if any(len(row) != len(cells[0]) for row in cells):
        raise ValueError(f"rows of different length in\n{text}")
    return [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]


def order_lines(text: str) -> list[Row]:
    """Order lines from a table of any of: customer, day, known, fact, corrects, quantity, revenue, cost, item.

    What is not written: known on the day, facts numbered from 1, quantity 1, revenue 10, a product; a purchase has
    quantity and revenue above 0.
    """
    return [line(number, row) for number, row in enumerate(read(text), 1)]


def line(number: int, row: dict[str, str]) -> Row:
    """One order line from the cells of a row."""
    day = date.fromisoformat(row["day"])
    known = date.fromisoformat(row["known"]) if row.get("known") else day
    quantity, revenue = float(row.get("quantity") or 1), float(row.get("revenue") or 10)
    item = row.get("item", "") != "no"
    return {
        "fact_id": int(row.get("fact") or number),
        "corrects": int(row["corrects"]) if row.get("corrects") else None,
        "customer_id": row["customer"],
        "order_id": str(number),
        "happened_at": datetime.combine(day, time(10)),
        "known_at": datetime.combine(known, time(11)),
        "product_id": None,
        "product": None,
        "quantity": quantity,
        "revenue": revenue,
        "cost": float(row["cost"]) if row.get("cost") else None,
        "purchase": quantity > 0 and revenue > 0,
        "item": item,
        "source": "spec",
        "row": number,
    }


def as_table(rows: list[Row]) -> pa.Table:
    """Order lines as tables.ORDER_LINES."""
    return pa.Table.from_pylist(rows, schema=ORDER_LINES.schema)
