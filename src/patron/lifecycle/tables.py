"""Every table that crosses a wall: its columns, their units, and what one row stands for.

A room hands another room a `pyarrow.Table` of one of these shapes and nothing else. `check` refuses a table
that does not fit and says which column is wrong, so that a wrong join fails where it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class Column:
    """One column: name, Arrow type, what it means with its unit, and whether a row may lack it."""

    name: str
    type: pa.DataType
    about: str
    nullable: bool = False


@dataclass(frozen=True)
class TableShape:
    """A table that crosses a wall. `one_row` says what a row stands for, `key` which columns name it."""

    name: str
    one_row: str
    key: Sequence[str]
    columns: Sequence[Column]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema."""
        return pa.schema([pa.field(c.name, c.type, c.nullable) for c in self.columns])

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [c.name for c in self.columns]

    def check(self, table: pa.Table) -> pa.Table:
        """`table` with exactly these columns in this order; extra columns are dropped.

        Raises TypeError naming the column that is missing, of another type, or empty where it may not be.
        """
        out = []
        for column in self.columns:
            if column.name not in table.column_names:
                raise TypeError(f"{self.name}: column '{column.name}' is missing; there are {table.column_names}")
            values = table.column(column.name)
            if values.type != column.type:
                try:
                    values = values.cast(column.type)
                except pa.ArrowInvalid as error:
                    raise TypeError(
                        f"{self.name}: column '{column.name}' does not fit {column.type}: {error}"
                    ) from None
            if not column.nullable and values.null_count:
                raise TypeError(f"{self.name}: column '{column.name}' has {values.null_count} empty cells")
            out.append(values)
        return pa.table(out, schema=self.schema)


def settled(table: pa.Table) -> pa.Table:
    """The same rows, so that equal rows are equal bytes: one chunk a column, and nothing left behind empty cells.

    Arrow doesn't say what lies in the memory of an empty number or date; an engine leaves there what it likes.
    """
    return pa.table([_settled(column) for column in table.columns], schema=table.schema)


def _settled(column: pa.ChunkedArray) -> pa.Array:
    if column.null_count == 0 or not pa.types.is_primitive(column.type) or pa.types.is_boolean(column.type):
        return column.combine_chunks()
    plain = column.cast(pa.int32()) if pa.types.is_date32(column.type) else column
    values = plain.fill_null(0).to_numpy()
    return pa.array(values, plain.type, mask=column.is_null().to_numpy()).cast(column.type)


S, F, I, D, B = pa.string(), pa.float64(), pa.int64(), pa.date32(), pa.bool_()
TS = pa.timestamp("us")

ORDER_LINES = TableShape(
    "order_lines",
    "one line of one order, a return, a fee; or one order where the file has totals only",
    ["fact_id"],
    [
        Column("fact_id", I, "number of the fact, unique in its history"),
        Column("corrects", I, "fact_id of the line this one replaces from its known_at on", True),
        Column("customer_id", S, "the customer as written in the source"),
        Column("order_id", S, "the order as written in the source", True),
        Column("happened_at", TS, "when it happened, in the organisation's time zone"),
        Column("known_at", TS, "when it was known, in the organisation's time zone"),
        Column("product_id", S, "product code as written", True),
        Column("product", S, "product description as written", True),
        Column("quantity", F, "units, negative for a return; 1 for an order total without a quantity"),
        Column("revenue", F, "money of the line in base currency, negative for a return"),
        Column("cost", F, "cost of what was sold, in base currency", True),
        Column("purchase", B, "makes its day a purchase occasion: quantity > 0 and price > 0"),
        Column("item", B, "a product, not postage, a fee or an adjustment"),
        Column("source", S, "file or query it came from"),
        Column("row", I, "row in that source, 1 = first row of the file, header included"),
    ],
)

CUSTOMERS = TableShape(
    "customers",
    "one customer of a customer file; further columns pass through behind these",
    ["customer_id"],
    [Column("customer_id", S, "the customer as written in the source")],
)

INTERACTIONS = TableShape(
    "interactions",
    "one contact with one customer over one channel",
    ["fact_id"],
    [
        Column("fact_id", I, "number of the fact, unique in its history"),
        Column("corrects", I, "fact_id of the fact this one replaces from its known_at on", True),
        Column("customer_id", S, "the customer as written in the source"),
        Column("happened_at", TS, "when it happened, in the organisation's time zone"),
        Column("known_at", TS, "when it was known, in the organisation's time zone"),
        Column("channel", S, "mail, phone, chat, visit …"),
        Column("inbound", B, "from the customer; otherwise to the customer"),
        Column("text", S, "what was said", True),
        Column("source", S, "file or query it came from"),
    ],
)

EVENTS = TableShape(
    "events",
    "one behaviour of one customer: a visit, a search, a click",
    ["fact_id"],
    [
        Column("fact_id", I, "number of the fact, unique in its history"),
        Column("corrects", I, "fact_id of the fact this one replaces from its known_at on", True),
        Column("customer_id", S, "the customer as written in the source"),
        Column("happened_at", TS, "when it happened, in the organisation's time zone"),
        Column("known_at", TS, "when it was known, in the organisation's time zone"),
        Column("kind", S, "what was done"),
        Column("intent", B, "a sign of interest in buying"),
        Column("object_id", S, "what it was done to: a product, a page", True),
        Column("source", S, "file or query it came from"),
    ],
)

FEEDBACK = TableShape(
    "feedback",
    "one answer, rating or review of one customer",
    ["fact_id"],
    [
        Column("fact_id", I, "number of the fact, unique in its history"),
        Column("corrects", I, "fact_id of the fact this one replaces from its known_at on", True),
        Column("customer_id", S, "the customer as written in the source"),
        Column("happened_at", TS, "when it happened, in the organisation's time zone"),
        Column("known_at", TS, "when it was known, in the organisation's time zone"),
        Column("question", S, "csat, nps, ces or the question's own code"),
        Column("score", F, "the answer on the question's scale", True),
        Column("text", S, "the answer in words", True),
        Column("source", S, "file or query it came from"),
    ],
)

SUBSCRIPTIONS = TableShape(
    "subscriptions",
    "one term of one customer's subscription",
    ["fact_id"],
    [
        Column("fact_id", I, "number of the fact, unique in its history"),
        Column("corrects", I, "fact_id of the fact this one replaces from its known_at on", True),
        Column("customer_id", S, "the customer as written in the source"),
        Column("happened_at", TS, "when the term started, in the organisation's time zone"),
        Column("known_at", TS, "when it was known, in the organisation's time zone"),
        Column("ends_at", TS, "when the term ended, in the organisation's time zone; empty while it runs", True),
        Column("plan", S, "what was subscribed to"),
        Column("amount", F, "money a period, in base currency"),
        Column("period_days", I, "length of a period in days"),
        Column("source", S, "file or query it came from"),
    ],
)

DAYS = TableShape(
    "days",
    "one customer on one calendar day with at least one line; amounts are whole millionths, which add up exactly",
    ["customer", "day"],
    [
        Column("customer", pa.int32(), "number of the customer among the sorted ids of its history, from 0"),
        Column("day", D, "calendar day in the organisation's time zone"),
        Column("purchase", B, "a purchase occasion: at least one line of that day is a purchase"),
        Column("returned", B, "at least one product came back"),
        Column("revenue", I, "net money of all lines of that day, in millionths of the base currency"),
        Column("cost", I, "cost of what was sold that day, as far as known, in millionths", True),
        Column("items", I, "net units of products of that day, in millionths"),
    ],
)

OCCASIONS = TableShape(
    "occasions",
    "one purchase occasion: all of one customer's orders on one calendar day",
    ["customer_id", "day"],
    [
        Column("customer_id", S, "customer"),
        Column("day", D, "calendar day in the organisation's time zone"),
        Column("revenue", F, "net money of that day, returns of the same day taken off"),
        Column("cost", F, "cost of what was sold that day", True),
        Column("items", F, "net units of products of that day"),
    ],
)

SUMMARY = TableShape(
    "summary",
    "one customer with at least one line, as of a day",
    ["customer_id"],
    [
        Column("customer_id", S, "customer"),
        Column("orders", I, "purchase occasions up to the day (0 for returns only)"),
        Column("first_order", D, "day of the first occasion", True),
        Column("last_order", D, "day of the last occasion", True),
        Column("revenue", F, "net money up to the day, returns taken off"),
        Column("cost", F, "cost of what was sold up to the day", True),
        Column("x", I, "repeat occasions: orders − 1, never below 0"),
        Column("t_x", F, "weeks from the first to the last occasion; 0 without one"),
        Column("T", F, "weeks from the first occasion to the day; 0 without one"),
        Column("repeat_n", I, "repeat occasions with net money > 0"),
        Column("repeat_mean", F, "mean net money of those occasions; 0 without one"),
        Column("usual_gap", F, "median days between occasions", True),
        Column(
            "last_gap_before", F, "days from the last occasion but one to the last; empty below two occasions", True
        ),
        Column("return_days", I, "days with a return"),
    ],
)

OUTCOMES = TableShape(
    "outcomes",
    "one customer known at the as-of day, and what it did in the period after",
    ["customer_id"],
    [
        Column("customer_id", S, "customer"),
        Column("purchases", I, "purchase occasions in the period"),
        Column("revenue", F, "net money in the period"),
        Column("cost", F, "cost in the period", True),
    ],
)

SCORES = TableShape(
    "scores",
    "one quantity of one customer, predicted",
    ["customer_id", "quantity"],
    [
        Column("customer_id", S, "customer"),
        Column("quantity", S, "expected_purchases | p_purchase | p_alive | clv | expected_value"),
        Column("value", F, "point prediction (mean)", True),
        Column("low80", F, "lower end of the equal-tailed 80 % predictive interval", True),
        Column("high80", F, "upper end of it", True),
        Column("low95", F, "lower end of the 95 % interval", True),
        Column("high95", F, "upper end of it", True),
    ],
)

REASONS = TableShape(
    "reasons",
    "one term of one quantity of one customer; the terms add up to the prediction on the link",
    ["customer_id", "quantity", "term"],
    [
        Column("customer_id", S, "customer"),
        Column("quantity", S, "what was predicted, as in scores"),
        Column("link", S, "identity | log | logit: the scale on which the terms add up"),
        Column("term", S, "base, or the input it is owed to"),
        Column("value", F, "contribution on that scale"),
    ],
)

FACTS = {shape.name: shape for shape in (ORDER_LINES, CUSTOMERS, INTERACTIONS, EVENTS, FEEDBACK, SUBSCRIPTIONS)}
SHAPES = [*FACTS.values(), DAYS, OCCASIONS, SUMMARY, OUTCOMES, SCORES, REASONS]
