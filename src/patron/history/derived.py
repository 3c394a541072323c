"""Customer-days, kept beside the facts: what every further as-of view starts from.

A derived file can be thrown away at any time; its name holds the digest of the parts it was made from. Views made
from it equal views made from the lines, by test.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patron.history.engines import Engine
from patron.lifecycle.facts.known import known_by, lifespan
from patron.lifecycle.facts.occasions import customer_days, merge_days

FOLDER = "derived"
LIVES = ("visible", "hidden")


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


def build(engine: Engine, folder: Path, lines: Any, *, corrected: bool, digest: str) -> Derived:
    """The derived files of `lines` (Ibis, tables.ORDER_LINES); made when missing."""
    home = folder / FOLDER
    home.mkdir(exist_ok=True)
    found = Derived(home / f"days-{digest}.parquet", home / f"ids-{digest}.parquet", False)
    if not found.days.exists() or not found.ids.exists():
        _write(engine, number_customers(lines).order_by("customer"), found.ids)
        live = coded(lifespan(lines, corrected=corrected), engine.read([found.ids]))
        key = ["customer", "day", *(name for name in LIVES if name in live.columns)]
        _write(engine, customer_days(live, key=key).order_by(key), found.days)
    return Derived(found.days, found.ids, _is_split(engine, found.days))


def forget_older(folder: Path, digest: str) -> None:
    """Remove derived files of fewer parts than `digest` stands for."""
    for old in (folder / FOLDER).glob("*-*.parquet"):
        if digest not in old.name:
            old.unlink(missing_ok=True)


def _is_split(engine: Engine, days: Path) -> bool:
    """Whether a customer's day has several rows, because parts of it were known later."""
    table = engine.read([days])
    late = (table.visible != table.day).any()
    if "hidden" in table.columns:
        late = late | table.hidden.notnull().any()
    return bool(engine.rows(table.aggregate(late=late))["late"][0].as_py())


def _write(engine: Engine, expression: Any, file: Path) -> None:
    unfinished = file.with_suffix(f".{os.getpid()}.tmp")
    engine.write(expression, unfinished)
    unfinished.replace(file)
