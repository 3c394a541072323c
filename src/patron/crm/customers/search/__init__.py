"""Finding customers by any part of a name, phone or e-mail, on either database.

The index is the application's own table, written in the same transaction as the customers. `index` and `forget` are
called by whoever writes customers: operations one by one, imports a chunk at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any, Protocol

from django.db import connections, router, transaction
from django.db.models.expressions import RawSQL

from patron.crm.customers.models import Customer
from patron.crm.customers.search.documents import documents
from patron.crm.customers.search.grams import pieces, wanted
from patron.crm.customers.search.postgresql import Postgresql
from patron.crm.customers.search.sqlite import Sqlite


class Engine(Protocol):
    """The index on one kind of database. A document is (customer's number, pieces)."""

    def create(self, cursor: Any) -> None:
        """Make the empty index."""

    def drop(self, cursor: Any) -> None:
        """Take it away."""

    def put(self, cursor: Any, documents: Collection[tuple[int, list[str]]]) -> None:
        """Keep these, in place of what was kept of the same customers."""

    def remove(self, cursor: Any, customer_ids: Collection[int]) -> None:
        """Forget these."""

    def clear(self, cursor: Any) -> None:
        """Forget everybody."""

    def find(self, pieces: list[str], newest: int | None) -> tuple[str, list[Any]]:
        """SQL and parameters of the numbers of customers that have the pieces in a row; the `newest` so many."""

    def holds(self, pieces: list[str]) -> tuple[str, list[Any]]:
        """SQL and parameters of whether the customer numbered `{}` has the pieces in a row, without the index."""


CHUNK = 1_000
ENGINES: dict[str, Engine] = {"sqlite": Sqlite(), "postgresql": Postgresql()}


def engine(vendor: str) -> Engine:
    """The index for a database of this kind."""
    return ENGINES[vendor]


def _connection() -> Any:
    return connections[router.db_for_write(Customer)]


def index(customer_ids: Collection[int]) -> None:
    """Make these customers findable as they are now; merged and erased ones are forgotten."""
    connection = _connection()
    ids = sorted(set(customer_ids))
    for low, high in pairwise([*range(0, len(ids), 5_000), len(ids)]):
        found = documents(ids[low:high])
        with connection.cursor() as cursor:
            engine(connection.vendor).put(cursor, found)
            missing = set(ids[low:high]).difference(number for number, _ in found)
            engine(connection.vendor).remove(cursor, sorted(missing))


def add(people: Collection[tuple[int, Sequence[str], Sequence[str]]]) -> None:
    """Make customers who were just made findable: (number, everything they are found by, their names among it)."""
    connection = _connection()
    with connection.cursor() as cursor:
        found = [(number, pieces(parts, names)) for number, parts, names in people]
        engine(connection.vendor).put(cursor, found)


def forget(customer_ids: Collection[int]) -> None:
    """These customers are found no more."""
    connection = _connection()
    with connection.cursor() as cursor:
        engine(connection.vendor).remove(cursor, sorted(set(customer_ids)))


def clear() -> None:
    """Nobody is found any more, until the next `index`."""
    connection = _connection()
    with connection.cursor() as cursor:
        engine(connection.vendor).clear(cursor)


def matching(text: str, newest: int | None = None) -> RawSQL | None:
    """For `Customer.objects.filter(pk__in=matching(text))`: whose name, phone or e-mail holds `text`.

    `newest` keeps to the so many newest customers found: quick for a text that many have. None where the text holds
    no letter or digit. One character finds names that begin with it.
    """
    asked = wanted(text)
    if not asked:
        return None
    sql, parameters = engine(_connection().vendor).find(asked, newest)
    return RawSQL(sql, parameters)


def holding(text: str) -> RawSQL | None:
    """Whether the customer numbered `{}` in its SQL is one of `matching`; quicker for few customers to be asked."""
    asked = wanted(text)
    return RawSQL(*engine(_connection().vendor).holds(asked)) if asked else None


def rebuild() -> None:
    """Make the whole index anew, a chunk at a time: after a restore, or where it was lost."""
    last = 0
    while ids := list(Customer.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            index(ids)
        last = ids[-1]
