"""How rows of the database read as facts of the history: one text and one Arrow table for each kind of fact."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from patron.crm.scoring.mirror import texts
from patron.history.parts import shape_of
from patron.lifecycle.facts.money import MICRO

QUARTER = 900_000_000  # microseconds; clocks change on quarters of an hour only
EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True)
class Convert:
    """How a column is written (a form of `texts`), which type its cells have, and what the history makes of them."""

    form: int
    type: pa.DataType
    made: Callable[[pa.Array, ZoneInfo], pa.Array]


@dataclass(frozen=True)
class Mirrored:
    """A fact table of the history and where its rows are: `alias` is the row, `joins` whatever else is needed.

    `columns` are (column of the history, SQL, how it is read). The first is the record.
    """

    fact: str
    model: str
    table: str
    alias: str
    joins: str
    columns: Sequence[tuple[str, str, Convert]]

    def text(self, low: int, high: int) -> bytes:
        """The rows with these numbers as CSV, for `read`."""
        return self._text(self.columns, f"{self.alias}.id BETWEEN {low:d} AND {high:d}")

    def text_of(self, customers: Sequence[int]) -> bytes:
        """All rows of these customers, named by customer instead of source record."""
        (name, record, how), *others = self.columns
        owner = record.replace("record_id", "customer_id")
        numbers = ", ".join(f"{number:d}" for number in customers)
        return self._text([(name, owner, how), *others], f"{owner} IN ({numbers})")

    def _text(self, columns: Sequence[tuple[str, str, Convert]], where: str) -> bytes:
        wanted = [(f"{self.alias}.id", texts.WORD), *((sql, how.form) for _, sql, how in columns)]
        return texts.csv(wanted, f"{self.table} {self.alias} {self.joins}", where)

    def read(self, text: bytes, zone: ZoneInfo) -> pa.Table:
        """Rows of `text` as the history's table; fact_id is the row's number."""
        shape = shape_of(self.fact)
        if not text:
            return shape.schema.empty_table()
        hows = {"fact_id": whole, **{name: how for name, _, how in self.columns}}
        table = pcsv.read_csv(
            io.BytesIO(text),
            # One block: a text with line breaks may be as long as all the rest.
            pcsv.ReadOptions(use_threads=False, block_size=len(text) + 1, column_names=list(hows)),
            pcsv.ParseOptions(newlines_in_values=True),
            pcsv.ConvertOptions(
                column_types={name: texts.type_of(how.form, how.type) for name, how in hows.items()},
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                true_values=["1", "t"],
                false_values=["0", "f"],
            ),
        )
        made = {name: how.made(table.column(name).combine_chunks(), zone) for name, how in hows.items()}
        made["corrects"] = pa.nulls(table.num_rows, pa.int64())
        return shape.check(pa.table(made))


def _as_is(values: pa.Array, _zone: ZoneInfo) -> pa.Array:
    return values


def _money(values: pa.Array, _zone: ZoneInfo) -> pa.Array:
    return pc.divide(values.cast(pa.float64()), float(MICRO))


def _said(values: pa.Array, _zone: ZoneInfo) -> pa.Array:
    return values.fill_null("")


def _source(values: pa.Array, _zone: ZoneInfo) -> pa.Array:
    return pc.fill_null(pc.binary_join_element_wise("import", values, " "), "hand")


def _moments(values: pa.Array, zone: ZoneInfo) -> pa.Array:
    return local(values.cast(pa.int64()), zone)


whole = Convert(texts.WORD, pa.int64(), _as_is)
"""Whole numbers."""
money = Convert(texts.WORD, pa.int64(), _money)
"""Amounts kept as millionths."""
number = Convert(texts.NUMBER, pa.float64(), _as_is)
"""Plain numbers."""
flag = Convert(texts.WORD, pa.bool_(), _as_is)
"""Yes or no; SQLite keeps 1 and 0."""
text = Convert(texts.TEXT, pa.string(), _as_is)
"""Text; '' is empty."""
said = Convert(texts.TEXT, pa.string(), _said)
"""Text that is never empty."""
word = Convert(texts.WORD, pa.string(), _as_is)
"""Numbers that name something, as text."""
source = Convert(texts.WORD, pa.string(), _source)
"""Which import brought the row, or that a hand did."""
moments = Convert(texts.MOMENT, pa.timestamp("us"), _moments)
"""Moments in UTC as wall-clock times of the zone."""


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
