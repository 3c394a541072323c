"""Notes for the history's mirror: which rows of facts were added, corrected or removed, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import models

from patron.crm.customers.models import FactChange
from patron.crm.kit import bulk


def note(model: type[models.Model], what: str, ids: Iterable[int]) -> None:
    """Rows `ids` of `model` were 'added', 'corrected' or 'removed'. Neighbouring numbers share one note."""
    rows = [(model._meta.label, what, low, high) for low, high in runs(ids)]
    bulk.insert(FactChange, ("model", "what", "low", "high"), rows)


def runs(ids: Iterable[int]) -> Iterator[tuple[int, int]]:
    """(first, last) of every run of neighbouring numbers.

    >>> list(runs([5, 1, 2, 3, 9]))
    [(1, 3), (5, 5), (9, 9)]
    """
    low = high = None
    for number in sorted(set(ids)):
        if low is None or high is None:
            low = high = number
        elif number == high + 1:
            high = number
        else:
            yield low, high
            low = high = number
    if low is not None and high is not None:
        yield low, high
