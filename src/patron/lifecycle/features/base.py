"""A feature: one figure of a customer as of a day, written once as an Ibis expression."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import pyarrow as pa

from patron.words import Text


class CustomerDays(Protocol):
    """What features need of an as-of view."""

    @property
    def day(self) -> date:
        """The as-of day."""

    @property
    def days(self) -> Any:
        """tables.DAYS as of that day (Ibis)."""

    @property
    def ids(self) -> Any:
        """customer and customer_id (Ibis)."""

    def rows(self, expression: Any) -> pa.Table:
        """The rows of an expression over these tables."""


@dataclass(frozen=True)
class Feature:
    """One column of tables.SUMMARY.

    `expression(table, day)` gives an Ibis value of one customer as of `day`. What `table` is says `group`: "days",
    an aggregate over the customer's rows of tables.DAYS; "gaps", an aggregate over its occasions with `gap`, the
    days since the one before; "row", a value from features computed before it.
    """

    name: str
    unit: str
    about: Text
    group: str
    expression: Callable[[Any, date], Any]
