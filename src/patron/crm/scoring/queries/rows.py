"""The rows of a page, read at once: who, where they stand, whose they are and how they are tagged.

A page of 50 customers has three thousand values; a model instance around each row costs more than finding the page.
What is read here is read only: plain named tuples with the columns' names.
"""

from __future__ import annotations

from collections import defaultdict, namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.db import connection, models

from patron.crm.customers.models import Customer
from patron.crm.scoring.models import Standing

WHO = ("id", "kind", "name", "email", "phone", "city", "country", "channel", "external_id", "team_id", "created_at")
OWNER_AT, STANDS_AT = len(WHO), len(WHO) + 3  # where they begin in a row of the SELECT
STANDS = tuple(field.attname for field in Standing._meta.concrete_fields)

Stands = namedtuple("Stands", STANDS)  # type: ignore[misc]  # its fields are those of Standing, whatever they are
"""A customer's Standing, read only."""


class Owner(NamedTuple):
    """Whose a customer is."""

    id: int
    name: str
    email: str

    def __str__(self) -> str:
        return self.name or self.email


class Who(NamedTuple):
    """A customer as a list shows them, read only."""

    id: int
    kind: str
    name: str
    email: str
    phone: str
    city: str
    country: str
    channel: str
    external_id: str
    team_id: int | None
    created_at: datetime
    owner: Owner | None

    @property
    def pk(self) -> int:
        """The customer's number, as models call it."""
        return self.id

    def __str__(self) -> str:
        return self.name or f"#{self.id}"


@dataclass(frozen=True)
class Listed:
    """A row of the list: who, where they stand (None before the first scoring), and their tags."""

    customer: Who
    standing: Any  # a Stands, or None
    tags: Sequence[str]


def rows_of(ids: Sequence[int]) -> list[Listed]:
    """The rows of these customers, in the order of `ids`; two queries, however many there are."""
    if not ids:
        return []
    marks = ", ".join(["%s"] * len(ids))
    sql, who_of, stands_of = _reader(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} WHERE c.id IN ({marks})", ids)
        found = {row[0]: row for row in cursor.fetchall()}
        cursor.execute(
            "SELECT ct.customer_id, t.name FROM customers_customertag ct JOIN customers_tag t ON t.id = ct.tag_id "
            f"WHERE ct.customer_id IN ({marks}) ORDER BY t.name",
            ids,
        )
        tags = defaultdict[int, list[str]](list)
        for number, name in cursor.fetchall():
            if name not in tags[number]:  # two records of a merged customer may have the same
                tags[number].append(name)
    made = []
    for number in ids:
        if row := found.get(number):
            who, owner, stands = row[:OWNER_AT], row[OWNER_AT:STANDS_AT], row[STANDS_AT:]
            customer = Who._make([*who_of(who), Owner(*owner) if owner[0] is not None else None])
            made.append(Listed(customer, Stands._make(stands_of(stands)) if stands[0] else None, tags.get(number, ())))
    return made


Reading = Callable[[Sequence[Any]], Sequence[Any]]


@cache
def _reader(vendor: str) -> tuple[str, Reading, Reading]:
    """The SELECT of a page, and what turns the database's values into Python's, for customers and for standings."""
    del vendor  # the converters are those of the connection's kind
    who, who_of = _columns(Customer, WHO, "c")
    stands, stands_of = _columns(Standing, STANDS, "s")
    sql = (
        f"SELECT {who}, u.id, u.name, u.email, {stands} FROM customers_customer c "
        "LEFT JOIN accounts_user u ON u.id = c.owner_id LEFT JOIN scoring_standing s ON s.customer_id = c.id"
    )
    return sql, who_of, stands_of


def _columns(model: type[models.Model], names: Sequence[str], alias: str) -> tuple[str, Reading]:
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in names]
    converters = [(at, chain) for at, field in enumerate(fields) if (chain := _converters(field))]

    def read(values: Sequence[Any]) -> Sequence[Any]:
        out = list(values)
        for at, chain in converters:
            value = out[at]
            for convert in chain:
                value = convert(value)
            out[at] = value
        return out

    return ", ".join(f"{alias}.{field.column}" for field in fields), read


def _converters(field: models.Field[Any, Any]) -> list[Callable[[Any], Any]]:
    """As Django would read the column, made ready to be called with the value alone."""
    column = field.get_col(field.model._meta.db_table)
    chain = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    return [_bound(one, column) for one in chain]


def _bound(convert: Callable[..., Any], column: Any) -> Callable[[Any], Any]:
    return lambda value: convert(value, column, connection)


__all__ = ["Listed", "Owner", "Stands", "Who", "rows_of"]
