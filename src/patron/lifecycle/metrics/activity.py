"""In which months each customer bought: what every metric of a month or a cohort is counted from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from patron.lifecycle.facts.money import MICRO

Array = np.ndarray
MONTHS_A_WORD = 60
"""A 64-bit number holds the yes and no of that many months with room for the sign."""
THIRD = 21
"""Bits of a 64-bit number that are added up at a time: 2³² of them stay below float64's 2⁵³."""


class CustomerDays(Protocol):
    """What metrics need of an as-of view."""

    @property
    def day(self) -> date:
        """The as-of day."""

    @property
    def days(self) -> Any:
        """tables.DAYS as of that day (Ibis)."""

    def rows(self, expression: Any) -> pa.Table:
        """The rows of an expression over these tables."""


@dataclass(frozen=True)
class Activity:
    """Purchases by month, months counted from `first` (January of year 0 is 0) to the month of the as-of day.

    `cohort` is the month of each buyer's first occasion, counted from `first`; bit m of `words` (60 months a word,
    one row per buyer) says whether the buyer bought in month m. `orders` and `revenue` are totals by month, and
    `cohort_revenue[c, m]` is the net money of cohort c in month m, all of shape (months,) or (months, months).
    """

    day: date
    first: int
    cohort: Array
    words: Array
    orders: Array
    revenue: Array
    cohort_revenue: Array

    @property
    def months(self) -> int:
        """How many months there are, empty ones between included."""
        return len(self.orders)

    def names(self) -> list[str]:
        """The months as 2011-12."""
        return [f"{(self.first + m) // 12:04d}-{(self.first + m) % 12 + 1:02d}" for m in range(self.months)]

    def bought(self, month: int) -> Array:
        """Which buyers bought in a month."""
        word, bit = divmod(month, MONTHS_A_WORD)
        bought: Array = (self.words[:, word] >> bit) & 1 == 1
        return bought


def activity(view: CustomerDays) -> Activity:
    """The purchases of everybody by month, as of the view's day.

    One pass marks each customer's months as bits in an array by customer, without grouping or sorting; sums are of
    whole millionths, so that the order of the rows does not matter.
    """
    rows = view.rows(view.days.select("customer", "day", "purchase", "revenue"))
    customer, purchase, revenue = (rows.column(name).to_numpy() for name in ("customer", "purchase", "revenue"))
    number = _month_numbers(rows.column("day").cast(pa.int32()).to_numpy())
    last = view.day.year * 12 + view.day.month - 1
    first = int(number.min()) if len(number) else last + 1
    months = max(last + 1 - first, 0)
    month = number - first
    words = _bits(customer[purchase], month[purchase], customers=int(customer.max(initial=-1)) + 1, months=months)
    cohorts = _lowest_bit(words, nobody=months)
    cohort = cohorts[customer]
    since = np.flatnonzero(month >= cohort)
    by_cohort = _sums(cohort[since] * months + month[since], revenue[since], months * months)
    buyers = cohorts < months
    return Activity(
        view.day,
        first,
        cohorts[buyers],
        words[buyers],
        np.bincount(month[purchase], minlength=months),
        _sums(month, revenue, months) / MICRO,
        by_cohort.reshape(months, months) / MICRO,
    )


def _month_numbers(days: Array) -> Array:
    """Months since January of year 0 of days since 1970."""
    if not len(days):
        return days.astype(np.int64)
    low = int(days.min())
    calendar = np.arange(low, int(days.max()) + 1).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    numbers: Array = (calendar + 1970 * 12)[days - low]
    return numbers


def _bits(customer: Array, month: Array, *, customers: int, months: int) -> Array:
    """Bit m of a customer's words for each (customer, month), shape (customers, words)."""
    width = -(-months // MONTHS_A_WORD) or 1
    words = np.zeros(customers * width, np.int64)
    word, bit = np.divmod(month, MONTHS_A_WORD)
    np.bitwise_or.at(words, customer.astype(np.int64) * width + word, np.int64(1) << bit)
    return words.reshape(customers, width)


def _lowest_bit(words: Array, *, nobody: int) -> Array:
    """The first month that is marked of each customer; `nobody` where none is."""
    found = np.full(len(words), nobody, np.int64)
    for n in reversed(range(words.shape[1])):
        marked = np.flatnonzero(words[:, n])
        lowest = words[marked, n] & -words[marked, n]
        found[marked] = n * MONTHS_A_WORD + np.frexp(lowest.astype(np.float64))[1] - 1
    return found


def _sums(place: Array, amounts: Array, places: int) -> Array:
    """Exact sums of whole `amounts` (int64) by `place`: float64 adds a third of their digits at a time exactly."""
    total = np.zeros(places, np.int64)
    for shift in (2 * THIRD, THIRD, 0):
        digits = amounts >> shift if shift == 2 * THIRD else (amounts >> shift) & ((1 << THIRD) - 1)
        total += np.bincount(place, digits, places).astype(np.int64) << shift
    return total
