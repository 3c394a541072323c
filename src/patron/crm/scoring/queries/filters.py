"""What a list of customers can be narrowed to and sorted by, as pieces of SQL with the index that serves each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from patron.crm.customers import search
from patron.crm.kit.fields import to_micros
from patron.crm.kit.problems import Invalid
from patron.lifecycle.decisions.rules import STAGES
from patron.lifecycle.models.value.rfm import SEGMENTS
from patron.words import Text

C, S = "customers_customer", "scoring_standing"


@dataclass(frozen=True)
class Filters:
    """Which customers: everything that is given must hold. Ranges include both ends; `created_before` does not.

    Money in base currency, risk from 0 to 1, `stages` and the like are codes of which one must fit. `owner_id` 0
    means nobody's.
    """

    stages: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    abc: tuple[str, ...] = ()
    owner_id: int | None = None
    team_id: int | None = None
    tag: str = ""
    clv_from: Decimal | None = None
    clv_to: Decimal | None = None
    revenue_from: Decimal | None = None
    revenue_to: Decimal | None = None
    value_at_risk_from: Decimal | None = None
    value_at_risk_to: Decimal | None = None
    risk_from: float | None = None
    risk_to: float | None = None
    first_order_from: date | None = None
    first_order_to: date | None = None
    last_order_from: date | None = None
    last_order_to: date | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None
    kind: str = ""
    channel: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        known = {"stages": STAGES, "segments": SEGMENTS, "abc": ("A", "B", "C")}
        wrong = {}
        for name, codes in known.items():
            strange = [code for code in getattr(self, name) if code not in codes]
            if strange:
                listed = ", ".join(codes)
                wrong[name] = Text(f"'{strange[0]}' is none of {listed}.", f"“{strange[0]}”无效，可选：{listed}。")
        if wrong:
            raise Invalid(wrong)

    @property
    def empty(self) -> bool:
        """Whether nothing is asked."""
        return all(getattr(self, f.name) == f.default for f in fields(self))


@dataclass(frozen=True)
class Condition:
    """One piece of a WHERE. `column` is what it looks at; `ids` selects the customers it holds for through an index.

    `equal`: one value of the column, so that an index that goes on with a sort column serves both.
    """

    column: str
    sql: str
    parameters: tuple[Any, ...]
    ids: str = ""
    equal: bool = False

    @property
    def of_standing(self) -> bool:
        """Whether it looks at the standing."""
        return self.column.startswith("s.")


def conditions(filters: Filters) -> list[Condition]:
    """The filters as pieces of SQL."""
    return [*_standing(filters), *_customer(filters), *_elsewhere(filters)]


INDEXED = {"clv", "value_at_risk", "revenue", "churn_risk", "last_order", "stage", "rfm_segment"}


def _standing(f: Filters) -> Iterator[Condition]:
    for column, codes in (("stage", f.stages), ("rfm_segment", f.segments), ("abc", f.abc)):
        if codes:
            marks = ", ".join(["%s"] * len(codes))
            ids = f"SELECT customer_id FROM {S} WHERE {column} IN ({marks})" if column in INDEXED else ""
            one = len(codes) == 1
            yield Condition(f"s.{column}", "{} = %s" if one else f"{{}} IN ({marks})", tuple(codes), ids, one)
    ranges: list[tuple[str, Any, Any]] = [
        ("clv", to_micros(f.clv_from), to_micros(f.clv_to)),
        ("revenue", to_micros(f.revenue_from), to_micros(f.revenue_to)),
        ("value_at_risk", to_micros(f.value_at_risk_from), to_micros(f.value_at_risk_to)),
        ("churn_risk", f.risk_from, f.risk_to),
        ("first_order", _day(f.first_order_from), _day(f.first_order_to)),
        ("last_order", _day(f.last_order_from), _day(f.last_order_to)),
    ]
    for column, low, high in ranges:
        parts = [(sign, value) for sign, value in ((">=", low), ("<=", high)) if value is not None]
        if parts:
            where = " AND ".join(f"{column} {sign} %s" for sign, _ in parts)
            ids = f"SELECT customer_id FROM {S} WHERE {where}" if column in INDEXED else ""
            sql = " AND ".join(f"{{0}} {sign} %s" for sign, _ in parts)
            yield Condition(f"s.{column}", sql, tuple(value for _, value in parts), ids)


def _customer(f: Filters) -> Iterator[Condition]:
    if f.owner_id == 0:
        yield Condition(f"{C}.owner_id", "{} IS NULL", ())
    for column, value in (("owner_id", f.owner_id or None), ("team_id", f.team_id)):
        if value is not None:
            ids = f"SELECT id FROM {C} WHERE {column} = %s"
            yield Condition(f"{C}.{column}", "{} = %s", (value,), ids)
    for column, word in (("kind", f.kind), ("channel", f.channel)):
        if word:
            yield Condition(f"{C}.{column}", "{} = %s", (word,))
    parts = [(sign, _moment(v)) for sign, v in ((">=", f.created_from), ("<", f.created_before)) if v is not None]
    if parts:
        where = " AND ".join(f"created_at {sign} %s" for sign, _ in parts)
        sql = " AND ".join(f"{{0}} {sign} %s" for sign, _ in parts)
        ids = f"SELECT id FROM {C} WHERE {where}"
        yield Condition(f"{C}.created_at", sql, tuple(value for _, value in parts), ids)


def _elsewhere(f: Filters) -> Iterator[Condition]:
    if f.tag:
        ids = (
            "SELECT ct.customer_id FROM customers_customertag ct JOIN customers_tag t ON t.id = ct.tag_id "
            "WHERE t.name = %s"
        )
        yield Condition(f"{C}.id", f"{{}} IN ({ids})", (f.tag,), ids)
    if f.text.strip():
        found = search.matching(f.text)
        if found is None:
            yield Condition(f"{C}.id", "1 = 0", ())
        else:
            yield Condition(f"{C}.id", f"{{}} IN ({found.sql})", tuple(found.params), found.sql)


def _day(day: date | None) -> Any:
    return day.isoformat() if day is not None else None


def _moment(at: datetime) -> Any:
    """As the database compares it: SQLite keeps moments as text in UTC."""
    return connection.ops.adapt_datetimefield_value(at)


@dataclass(frozen=True)
class Sort:
    """An order: its column, what kind of value it has in JSON, and whether it may be empty (the empty come last)."""

    column: str
    kinds: tuple[type, ...]
    nullable: bool = True
    descending: bool = False
    beside: tuple[str, ...] = field(default=())  # columns that an index of this order can start with

    @property
    def of_standing(self) -> bool:
        """Whether it orders by a score."""
        return self.column.startswith("s.")

    @property
    def key(self) -> str:
        """The column that tells equals apart: the customer's number, where the order's column lies."""
        return "s.customer_id" if self.of_standing else f"{C}.id"


_SORTS = {
    "name": Sort(f"{C}.name", (str,), nullable=False),
    "created": Sort(f"{C}.created_at", (str,), nullable=False),
    "clv": Sort("s.clv", (int,), beside=("s.stage", "s.rfm_segment")),
    "value_at_risk": Sort("s.value_at_risk", (int,), beside=("s.stage",)),
    "churn_risk": Sort("s.churn_risk", (int, float)),
    "revenue": Sort("s.revenue", (int,)),
    "last_order": Sort("s.last_order", (str,)),
}
SORTS = {
    sign + name: Sort(s.column, s.kinds, s.nullable, sign == "-", s.beside)
    for name, s in _SORTS.items()
    for sign in ("", "-")
}
"""Orders by name: rising, or falling with '-' in front. Customers without a value come last either way."""


def sort_of(name: str) -> Sort:
    """The order of that name. Raises Invalid."""
    if name not in SORTS:
        raise Invalid({"sort": Text(f"One of: {', '.join(SORTS)}.", f"可选：{'、'.join(SORTS)}。")})
    return SORTS[name]
