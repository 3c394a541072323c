"""Customer-days, kept beside the facts: what every further as-of view starts from.

A derived file can be thrown away at any time; its name holds the digest of the parts it was made from. Views made
from it equal views made from the lines, by test.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from patron.history.engines import Engine
from patron.history.sorting import sum_days
from patron.lifecycle.facts.known import known_by, lifespan
from patron.lifecycle.facts.occasions import customer_days, line_amounts, merge_days

FOLDER = "derived"
LIVES = ("visible", "hidden")
ROWS_IN_MEMORY = 12_000_000
ROW_GROUP = 122_880
"""What one core of the engine takes at a time."""
SAME_OFTEN = ("day", *LIVES, "cost", "items")
"""Columns in which the same values come again and again."""


@dataclass(frozen=True)
class Derived:
    """The customer-day file, the ids of its customers in sorted order, and whether a day has several rows."""

    days: Path
    ids: Path
    split: bool


def coded(lines: Any, ids: Any) -> Any:
    """`lines` with the number of their customer, from `ids` (customer, customer_id)."""
    return lines.join(ids, "customer_id")


def number_customers(lines: Any) -> Any:
    """One row per customer of `lines`: customer (its place among the sorted ids, from 0) and customer_id."""
    ids = lines.select("customer_id").distinct()
    return ids.mutate(customer=ids.customer_id.rank().cast("int32"))


def days_as_of(days: Any, day: Any, *, split: bool) -> Any:
    """tables.DAYS as of the end of `day`, from customer-days with the columns of `facts.known.lifespan`."""
    seen = known_by(days, day)
    lives = [name for name in LIVES if name in seen.columns]
    return merge_days(seen) if split else seen.drop(*lives)


def build(engine: Engine, folder: Path, lines: Any, *, rows: int, corrected: bool, digest: str) -> Derived:
    """The derived files of the `rows` of `lines` (Ibis, tables.ORDER_LINES); made when missing.

    Up to ROWS_IN_MEMORY lines are sorted in memory (about 90 bytes a line); more are grouped by the engine, which
    spills to disk.
    """
    home = folder / FOLDER
    home.mkdir(exist_ok=True)
    found = Derived(home / f"days-{digest}.parquet", home / f"ids-{digest}.parquet", False)
    if not found.days.exists() or not found.ids.exists():
        live = lifespan(lines, corrected=corrected)
        lives = [name for name in LIVES if name in live.columns]
        make = _sort if rows <= ROWS_IN_MEMORY else _group
        make(engine, live, lives, found)
    return Derived(found.days, found.ids, is_split(engine, found.days))


def _sort(engine: Engine, live: Any, lives: list[str], to: Derived) -> None:
    ids, days = sum_days(engine.batches(line_amounts(live, key=["customer_id", "day", *lives])), lives)
    numbers = pa.array(range(len(ids)), pa.int32())
    keep(to.ids, partial(_write, pa.table({"customer": numbers, "customer_id": ids})))
    keep(to.days, partial(_write, days))


def _write(table: pa.Table, file: Path) -> None:
    """`table`, sorted by customer, in a form that is quick to write and to read on several cores."""
    often = [name for name in table.column_names if name in SAME_OFTEN]
    sorted_by = {"customer": "DELTA_BINARY_PACKED"}
    pq.write_table(
        table, file, row_group_size=ROW_GROUP, compression="none", use_dictionary=often, column_encoding=sorted_by
    )


def _group(engine: Engine, live: Any, lives: list[str], to: Derived) -> None:
    keep(to.ids, partial(engine.write, number_customers(live).order_by("customer")))
    key = ["customer", "day", *lives]
    days = customer_days(coded(live, engine.read([to.ids])), key=key)
    keep(to.days, partial(engine.write, days.order_by(key)))


def forget_older(folder: Path, digest: str) -> None:
    """Remove derived files of fewer parts than `digest` stands for."""
    for old in (folder / FOLDER).glob("*-*.parquet"):
        if digest not in old.name:
            old.unlink(missing_ok=True)


def is_split(engine: Engine, days: Path) -> bool:
    """Whether a customer's day has several rows, because parts of it were known later."""
    table = engine.read([days])
    late = (table.visible != table.day).any()
    if "hidden" in table.columns:
        late = late | table.hidden.notnull().any()
    return bool(engine.rows(table.aggregate(late=late))["late"][0].as_py())


def keep(file: Path, write: Callable[[Path], None]) -> None:
    """`file` as `write` makes it, whole or not at all."""
    unfinished = file.with_suffix(f".{os.getpid()}.tmp")
    try:
        write(unfinished)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
