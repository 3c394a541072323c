"""How rows of the database read as facts of the history: one SELECT and one Arrow table for each kind of fact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from patron.history.parts import shape_of
from patron.lifecycle.facts.money import MICRO

Convert = Callable[[Sequence[Any], ZoneInfo], pa.Array]
QUARTER = 900_000_000  # microseconds; clocks change on quarters of an hour only
EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True)
class Mirrored:
    """A fact table of the history and where its rows are: `alias` is the row, `sql` joins whatever else is needed.

    `columns` are (column of the history, SQL, how its values become an Arrow array). The first is the record.
    """

    fact: str
    model: str
    table: str
    alias: str
    joins: str
    columns: Sequence[tuple[str, str, Convert]]

    def select(self, vendor: str) -> str:
        """SELECT of the rows above one number and up to another, in order, so many at a time."""
        wanted = ", ".join(_plain(sql, convert, vendor) for _, sql, convert in self.columns)
        row = f"{self.alias}.id"
        return (
            f"SELECT {row}, {wanted} FROM {self.table} {self.alias} {self.joins} "
            f"WHERE {row} > %s AND {row} <= %s ORDER BY {row} LIMIT %s"
        )

    def select_of(self, vendor: str, customers: int) -> str:
        """SELECT of all rows of so many customers, named by customer instead of source record."""
        (_, record, _), *_ = self.columns
        owner = record.replace("record_id", "customer_id")
        everything, _, _ = self.select(vendor).partition(" WHERE ")
        marks = ", ".join(["%s"] * customers)
        return f"{everything.replace(record, owner, 1)} WHERE {owner} IN ({marks}) ORDER BY {self.alias}.id"

    def read(self, rows: Sequence[tuple[Any, ...]], zone: ZoneInfo) -> pa.Table:
        """Rows of `select` as the history's table; fact_id is the row's number."""
        shape = shape_of(self.fact)
        names = ["fact_id", *(name for name, _, _ in self.columns)]
        converts = [whole, *(convert for _, _, convert in self.columns)]
        values = list(zip(*rows, strict=True)) or [()] * len(names)
        made = {n: convert(v, zone) for n, convert, v in zip(names, converts, values, strict=True)}
        made["corrects"] = pa.nulls(len(rows), pa.int64())
        return shape.check(pa.table(made))


def _plain(sql: str, convert: Convert, vendor: str) -> str:
    """The column so that no driver makes a Python object of each moment or flag: that takes most of the time."""
    if vendor == "postgresql":
        return f"(extract(epoch FROM {sql}) * 1000000)::bigint" if convert is moments else sql
    return f"{sql} || ''" if convert is moments else f"{sql} + 0" if convert is flag else sql


def whole(values: Sequence[Any], _zone: ZoneInfo) -> pa.Array:
    """Whole numbers."""
    return pa.array(values, pa.int64())


def money(values: Sequence[Any], _zone: ZoneInfo) -> pa.Array:
    """Amounts kept as millionths."""
    return pc.divide(pa.array(values, pa.int64()).cast(pa.float64()), float(MICRO))


def number(values: Sequence[Any], _zone: ZoneInfo) -> pa.Array:
    """Plain numbers."""
    return pa.array(values, pa.float64())


def flag(values: Sequence[Any], _zone: ZoneInfo) -> pa.Array:
    """Yes or no; SQLite keeps 1 and 0."""
    return pa.array(values).cast(pa.bool_()) if values else pa.array([], pa.bool_())


def text(values: Sequence[Any], _zone: ZoneInfo) -> pa.Array:
    """Text; '' is empty."""
    column = pa.array(values, pa.string())
    return pc.if_else(pc.equal(column, ""), None, column)


def said(values: Sequence[Any], _zone: ZoneInfo) -> pa.Array:
    """Text that is never empty."""
    return pa.array(values, pa.string())


def word(values: Sequence[Any], _zone: ZoneInfo) -> pa.Array:
    """Numbers that name something, as text."""
    return pa.array(values, pa.int64()).cast(pa.string())


def source(values: Sequence[Any], _zone: ZoneInfo) -> pa.Array:
    """Which import brought the row, or that a hand did."""
    return pc.fill_null(pc.binary_join_element_wise("import", word(values, _zone), " "), "hand")


def moments(values: Sequence[Any], zone: ZoneInfo) -> pa.Array:
    """Moments in UTC as wall-clock times of `zone`."""
    kept = pa.array(values)
    if pa.types.is_null(kept.type):
        return pa.nulls(len(kept), pa.timestamp("us"))
    utc = kept.cast(pa.timestamp("us")) if pa.types.is_string(kept.type) else kept.cast(pa.int64())
    return local(utc.cast(pa.int64()), zone)


def local(utc: pa.Array, zone: ZoneInfo) -> pa.Array:
    """Microseconds since 1970 in UTC (int64) as wall-clock times of `zone`."""
    known = utc.is_valid().to_numpy(zero_copy_only=False)
    numbers = utc.fill_null(0).to_numpy(zero_copy_only=False)
    quarters, inverse = np.unique(numbers // QUARTER, return_inverse=True)
    offsets = np.array([_offset(int(quarter), zone) for quarter in quarters], dtype=np.int64)
    shifted = numbers + offsets[inverse] if len(numbers) else numbers
    return pa.array(shifted, pa.int64(), mask=~known).cast(pa.timestamp("us"))


def _offset(quarter: int, zone: ZoneInfo) -> int:
    """Microseconds that the zone's clocks were ahead of UTC in a quarter of an hour since 1970."""
    at = (EPOCH + timedelta(microseconds=quarter * QUARTER)).replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)
    return int((at.utcoffset() or timedelta()).total_seconds()) * 1_000_000


def _fact(fact: str, model: str, table: str, *columns: tuple[str, str, Convert]) -> Mirrored:
    """A kind of fact whose rows hold all that is needed."""
    common = (
        ("customer_id", "t.record_id", word),
        ("happened_at", "t.happened_at", moments),
        ("known_at", "t.known_at", moments),
        ("source", "t.batch", source),
    )
    return Mirrored(fact, model, table, "t", "", (*common, *columns))


LINES = Mirrored(
    "order_lines",
    "customers.OrderLine",
    "customers_orderline",
    "l",
    "JOIN customers_order o ON o.id = l.order_id LEFT JOIN customers_product p ON p.id = l.product_id",
    (
        ("customer_id", "o.record_id", word),
        ("order_id", "o.id", word),
        ("happened_at", "o.happened_at", moments),
        ("known_at", "o.known_at", moments),
        ("product_id", "p.code", text),
        ("product", "l.description", text),
        ("quantity", "l.quantity", money),
        ("revenue", "l.revenue", money),
        ("cost", "l.cost", money),
        ("purchase", "l.purchase", flag),
        ("item", "l.item", flag),
        ("source", "l.batch", source),
        ("row", "coalesce(l.row, 0)", whole),
    ),
)
MIRRORED = (
    LINES,
    _fact(
        "interactions",
        "customers.Interaction",
        "customers_interaction",
        ("channel", "t.channel", said),
        ("inbound", "t.inbound", flag),
        ("text", "t.text", text),
    ),
    _fact(
        "events",
        "customers.Event",
        "customers_event",
        ("kind", "t.kind", said),
        ("intent", "t.intent", flag),
        ("object_id", "t.object_id", text),
    ),
    _fact(
        "feedback",
        "customers.Feedback",
        "customers_feedback",
        ("question", "t.question", said),
        ("score", "t.score", number),
        ("text", "t.text", text),
    ),
    _fact(
        "subscriptions",
        "customers.Subscription",
        "customers_subscription",
        ("ends_at", "t.ends_at", moments),
        ("plan", "t.plan", said),
        ("amount", "t.amount", money),
        ("period_days", "t.period_days", whole),
    ),
)
BY_MODEL = {kind.model: kind for kind in MIRRORED}
