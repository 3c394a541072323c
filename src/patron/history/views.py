"""What was known on a day: Ibis tables that show nothing of what came later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pyarrow as pa

from patron.history.derived import coded, days_as_of
from patron.history.parts import VERSION
from patron.history.shelf import Shelf
from patron.lifecycle.facts.known import known_by, lifespan
from patron.lifecycle.facts.occasions import customer_days, occasions


@dataclass(frozen=True)
class View:
    """A history as of the end of `day`: every table holds what had happened and was known by then.

    Tables are Ibis expressions and run when their rows are asked for (`view.rows(expression)`).
    """

    shelf: Shelf
    day: date

    def rows(self, expression: Any) -> pa.Table:
        """The rows of an Ibis expression over this view's tables."""
        return self.shelf.rows(expression)

    @property
    def bounded(self) -> bool:
        """Whether no sum of amounts of the lines can pass what float64 counts in millionths (money.BOUND)."""
        return self.shelf.bounded

    @cached_property
    def ids(self) -> Any:
        """customer (int32) and customer_id of all customers of the history, for `days`; says nothing of a day."""
        return self.shelf.ids

    @cached_property
    def days(self) -> Any:
        """tables.DAYS: one row per customer and calendar day with a line."""
        return days_as_of(self.shelf.days, self.day, split=self.shelf.derived.split)

    @cached_property
    def days_from_lines(self) -> Any:
        """The same as `days`, from the lines themselves: slower, kept as the check on the derived table."""
        return customer_days(coded(self.lines_with_day, self.ids), bounded=self.bounded)

    @cached_property
    def occasions(self) -> Any:
        """tables.OCCASIONS: one row per customer and purchase occasion."""
        return occasions(self.days, self.ids)

    @cached_property
    def lines_with_day(self) -> Any:
        """`order_lines` with their calendar `day`."""
        return self._facts("order_lines").drop("visible")

    @property
    def order_lines(self) -> Any:
        """tables.ORDER_LINES, a corrected line replaced by its correction."""
        return self.lines_with_day.drop("day")

    @property
    def interactions(self) -> Any:
        """tables.INTERACTIONS."""
        return self._facts("interactions").drop("visible", "day")

    @property
    def events(self) -> Any:
        """tables.EVENTS."""
        return self._facts("events").drop("visible", "day")

    @property
    def feedback(self) -> Any:
        """tables.FEEDBACK."""
        return self._facts("feedback").drop("visible", "day")

    @property
    def subscriptions(self) -> Any:
        """tables.SUBSCRIPTIONS."""
        return self._facts("subscriptions").drop("visible", "day")

    @cached_property
    def customers(self) -> Any:
        """tables.CUSTOMERS and further columns: the newest known record of each customer of the customer files.

        A record with a `known_at` counts from that day on; without one it counts always.
        """
        records = self.shelf.facts("customers")
        if "known_at" in records.columns:
            records = records.filter(records.known_at.isnull() | (records.known_at.date() <= self.day))
        newest = records.group_by("customer_id").aggregate(**{VERSION: records[VERSION].max()})
        return records.semi_join(newest, VERSION).drop(VERSION)

    def _facts(self, fact: str) -> Any:
        corrected = self.shelf.corrected(fact)
        seen = known_by(lifespan(self.shelf.facts(fact), corrected=corrected), self.day)
        return seen.drop("hidden") if corrected else seen
