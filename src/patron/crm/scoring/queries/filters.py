"""What a list of customers can be narrowed to and sorted by, as pieces of SQL with the index that serves each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from patron.crm.customers import search
from patron.crm.customers.models import Tag
from patron.crm.kit.fields import to_micros
from patron.crm.kit.problems import Invalid
from patron.crm.scoring import places
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

    `codes`: the stages or segments it asks for, by which orders are kept apart; `range`: the column's ends as places
    keep them, (sign, number) each.
    """

    column: str
    sql: str
    parameters: tuple[Any, ...]
    ids: str = ""
    codes: tuple[str, ...] = ()
    range: tuple[tuple[str, float], ...] = ()
    ids_parameters: tuple[Any, ...] | None = None  # where they differ from `parameters`
    of_text: bool = False

    @property
    def gathers(self) -> tuple[Any, ...]:
        """The parameters of `ids`."""
        return self.parameters if self.ids_parameters is None else self.ids_parameters

    @property
    def of_standing(self) -> bool:
        """Whether it looks at the standing."""
        return self.column.startswith("s.")


def conditions(filters: Filters, generation: int | None) -> list[Condition]:
    """The filters as pieces of SQL; `generation` of scoring.places that is walked."""
    return [*_standing(filters, generation), *_customer(filters), *_elsewhere(filters)]


KINDS_OF = {part: places.PARTED["clv", part] for part in ("stage", "rfm_segment")}


def _standing(f: Filters, generation: int | None) -> Iterator[Condition]:
    for column, codes in (("stage", f.stages), ("rfm_segment", f.segments), ("abc", f.abc)):
        if codes:
            marks = ", ".join(["%s"] * len(codes))
            kind = KINDS_OF.get(column)
            parts = tuple(places.part_of(kind, code) for code in codes) if kind else ()
            ids = _placed(generation, kind, parts) if kind else ""
            sql = "{} = %s" if len(codes) == 1 else f"{{}} IN ({marks})"
            yield Condition(f"s.{column}", sql, tuple(codes), ids, tuple(codes), ids_parameters=())
    ranges: list[tuple[str, Any, Any]] = [
        ("clv", to_micros(f.clv_from), to_micros(f.clv_to)),
        ("revenue", to_micros(f.revenue_from), to_micros(f.revenue_to)),
        ("value_at_risk", to_micros(f.value_at_risk_from), to_micros(f.value_at_risk_to)),
        ("churn_risk", f.risk_from, f.risk_to),
        ("first_order", _day(f.first_order_from), _day(f.first_order_to)),
        ("last_order", _day(f.last_order_from), _day(f.last_order_to)),
    ]
    for column, low, high in ranges:
        ends = [(sign, value) for sign, value in ((">=", low), ("<=", high)) if value is not None]
        if ends:
            sql = " AND ".join(f"{{0}} {sign} %s" for sign, _ in ends)
            within = tuple((sign, places.number_of(value) or 0.0) for sign, value in ends)
            kind = places.KINDS.get(column)
            ids = _placed(generation, kind, kind.parts, [sign for sign, _ in within]) if kind else ""
            numbers = tuple(number for _, number in within)
            yield Condition(
                f"s.{column}", sql, tuple(value for _, value in ends), ids, range=within, ids_parameters=numbers
            )


def _placed(generation: int | None, kind: places.Kind, parts: Sequence[int | None], signs: Sequence[str] = ()) -> str:
    """SELECT of the customers in these parts of an order, with a value within the ends where `signs` name any."""
    if generation is None:
        return ""
    where = f"generation = {generation:d} AND kind = {kind.code:d} AND part IN ({', '.join(f'{p:d}' for p in parts)})"
    known = [f"value > {places.KNOWN!r}"] if signs and ">=" not in signs else []
    return (
        f"SELECT customer FROM scoring_place WHERE {' AND '.join([where, *known, *(f'value {s} %s' for s in signs)])}"
    )


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
        # By its number, which the database can look up in its statistics: a name it could only guess about.
        tag = Tag.objects.filter(name=f.tag).values_list("pk", flat=True).first()
        of = "FROM customers_customertag ct WHERE ct.tag_id = %s"
        # Asked of each customer that is met: a tag that many have would else be gathered whole.
        has = f"EXISTS (SELECT 1 {of} AND ct.customer_id = {{}})"
        yield Condition(f"{C}.id", has, (tag or 0,), f"SELECT ct.customer_id {of}")
    if f.text.strip():
        found, holding = search.matching(f.text), search.holding(f.text)
        if found is None or holding is None:
            yield Condition(f"{C}.id", "1 = 0", ())
        else:
            # Asked of each customer that is met as well: nearly everybody may have a part of an e-mail address.
            asked, gathers = tuple(holding.params), tuple(found.params)
            yield Condition(f"{C}.id", holding.sql, asked, found.sql, ids_parameters=gathers, of_text=True)


def _day(day: date | None) -> Any:
    return day.isoformat() if day is not None else None


def _moment(at: datetime) -> Any:
    """As the database compares it: SQLite keeps moments as text in UTC."""
    return connection.ops.adapt_datetimefield_value(at)


@dataclass(frozen=True)
class Sort:
    """An order: its column, what kind of value it has in JSON, and whether it may be empty (the empty come last).

    `place` is the kind of scoring.places that is walked for it; without one it is an index of the customers.
    """

    column: str
    kinds: tuple[type, ...]
    nullable: bool = True
    descending: bool = False
    place: places.Kind | None = None

    @property
    def of_standing(self) -> bool:
        """Whether it orders by a score."""
        return self.column.startswith("s.")

    @property
    def key(self) -> str:
        """The column that tells equals apart: the customer's number."""
        return f"{C}.id"


_SORTS = {
    "name": Sort(f"{C}.name", (str,), nullable=False),
    "created": Sort(f"{C}.created_at", (str,), nullable=False),
    **{
        name: Sort(f"s.{name}", kinds, place=places.KINDS[name])
        for name, kinds in {
            "clv": (int,),
            "value_at_risk": (int,),
            "churn_risk": (int, float),
            "revenue": (int,),
            "last_order": (str,),
        }.items()
    },
}
SORTS = {sign + name: replace(s, descending=sign == "-") for name, s in _SORTS.items() for sign in ("", "-")}
"""Orders by name: rising, or falling with '-' in front. Customers without a value come last either way."""


def sort_of(name: str) -> Sort:
    """The order of that name. Raises Invalid."""
    if name not in SORTS:
        raise Invalid({"sort": Text(f"One of: {', '.join(SORTS)}.", f"可选：{'、'.join(SORTS)}。")})
    return SORTS[name]
