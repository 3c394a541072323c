"""Single customers leave their places before their standing changes, and enter new ones after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction

from patron.crm.scoring.models import ScoringSettings
from patron.crm.scoring.places.columns import Columns, Row


@contextmanager
def moving(customer_ids: Sequence[int]) -> Iterator[None]:
    """Around a change of these customers' standings, in one transaction."""
    with transaction.atomic():
        leave(customer_ids)
        yield
        enter(customer_ids)


def leave(customer_ids: Sequence[int]) -> None:
    """Take the places of these customers away, as their standings say now; inside a transaction."""
    if _generation() is not None:
        delete(Columns.of_standings(customer_ids).rows())


def enter(customer_ids: Sequence[int]) -> None:
    """Give these customers the places that their standings say now; inside a transaction.

    While a refresh writes the next generation they are noted: `settle` brings them right in that one, too.
    """
    settings = ScoringSettings.objects.select_for_update().filter(pk=1).first()
    if settings is None or (settings.places is None and settings.placing is None):
        return
    ids = sorted(set(customer_ids))
    with connection.cursor() as cursor:
        if settings.placing is not None:
            sql = "INSERT INTO scoring_place_moved (customer) VALUES (%s) ON CONFLICT DO NOTHING"
            cursor.executemany(sql, [(one,) for one in ids])
        if settings.places is not None:
            sql = (
                "INSERT INTO scoring_place (generation, kind, part, value, customer) "
                f"VALUES ({settings.places:d}, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
            )
            cursor.executemany(sql, list(Columns.of_standings(ids).rows()))


def delete(rows: Iterable[Row]) -> None:
    """Take these places out of the generation that lists walk."""
    generation = _generation()
    sql = (
        f"DELETE FROM scoring_place WHERE generation = {generation or 0:d} "
        "AND kind = %s AND part = %s AND value = %s AND customer = %s"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(rows))


def _generation() -> int | None:
    """The generation that lists walk; nobody switches to the next one until this transaction has ended."""
    settings = ScoringSettings.objects.select_for_update().filter(pk=1).first()
    return settings.places if settings else None
