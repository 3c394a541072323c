"""The shipped orders as files to import, moved towards today by whole weeks."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path

import duckdb
import pyarrow as pa

from patron.faces.project.sample.plan import LINES

# Fees and postage have codes without a digit in front; a complaint or a question is about a thing.
_THING = "regexp_matches(StockCode, '^[0-9]')"


def write_orders(file: Path, shift: int, lines: int | None = None) -> Path:
    """Write the order lines to `file` (Parquet), `shift` days later; about `lines` of them, whole customers, if told.

    Lines without a customer stay in: an import says of each why it can't be used.
    """
    every = max(round(LINES / lines), 1) if lines else 1
    with as_file(files("patron") / "data" / "online_retail.parquet") as sample, duckdb.connect() as db:
        db.execute(
            f"""
            COPY (
                SELECT InvoiceNo, StockCode, Description, Quantity,
                    CAST(InvoiceDate AS TIMESTAMP) + to_days({shift}) AS InvoiceDate,
                    UnitPrice, CAST(CAST(CustomerID AS BIGINT) AS VARCHAR) AS CustomerID, Country
                FROM '{sample}'
                WHERE coalesce(CAST(CustomerID AS BIGINT), hash(InvoiceNo)) % {every} = 0
            ) TO '{file}' (FORMAT parquet)
            """
        )
    return file


def orders_of(file: Path) -> tuple[pa.Table, datetime]:
    """One row an order of a customer, as `simulate_people` takes it, and the moment of the last line."""
    with duckdb.connect() as db:
        orders = db.execute(
            f"""
            SELECT CustomerID AS customer_id, min_by(Country, InvoiceDate) AS country, InvoiceNo AS order_id,
                min(InvoiceDate) AS happened_at, sum(Quantity * UnitPrice) AS revenue,
                arg_max(Description, abs(Quantity * UnitPrice)) FILTER ({_THING}) AS product
            FROM '{file}' WHERE CustomerID IS NOT NULL GROUP BY CustomerID, InvoiceNo
            """
        ).to_arrow_table()
        ((last,),) = db.execute(f"SELECT max(InvoiceDate) FROM '{file}'").fetchall()
    return orders, last
