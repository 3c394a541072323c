"""In which months each customer bought: what every metric of a month or a cohort is counted from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import ibis
import numpy as np
import pyarrow as pa

from patron.lifecycle.facts.money import MICRO, whole

Array = np.ndarray
MONTHS_A_WORD = 60
"""A 64-bit number holds the yes and no of that many months with room for the sign."""


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


def month_number(day: Any) -> Any:
    """Months of a calendar day since January of year 0 (Ibis)."""
    return day.year() * 12 + day.month() - 1


def activity(view: CustomerDays) -> Activity:
    """The purchases of everybody by month, as of the view's day.

    One pass per customer marks its months as bits, which are counted afterwards: distinct customers of every month
    and cohort at the price of one grouping.
    """
    by_month = view.rows(_by_month(view.days).order_by("month"))
    numbers = by_month.column("month").to_numpy()
    last = view.day.year * 12 + view.day.month - 1
    first = int(numbers[0]) if len(numbers) else last + 1
    months = max(last + 1 - first, 0)
    buyers, cohort_money = _buyers(view.days, first, months)
    table, money = view.rows(buyers), view.rows(cohort_money)
    words = [table.column(name).to_numpy() for name in table.column_names if name.startswith("word")]
    orders, revenue, cohort_revenue = np.zeros(months, np.int64), np.zeros(months), np.zeros((months, months))
    orders[numbers - first] = by_month.column("orders").to_numpy()
    revenue[numbers - first] = by_month.column("revenue").to_numpy().astype(float) / MICRO
    place = money.column("cohort").to_numpy(), money.column("month").to_numpy()
    cohort_revenue[place] = money.column("revenue").to_numpy().astype(float) / MICRO
    cohort = table.column("cohort").to_numpy()
    bits = np.stack(words, axis=1) if words else np.zeros((0, 1), np.int64)
    return Activity(view.day, first, cohort, bits, orders, revenue, cohort_revenue)


def _by_month(days: Any) -> Any:
    dated = days.mutate(month=month_number(days.day))
    return dated.group_by("month").aggregate(
        orders=dated.count(where=dated.purchase), revenue=whole(dated.revenue.sum())
    )


def _buyers(days: Any, first: int, months: int) -> tuple[Any, Any]:
    """Per buyer its cohort and month bits; per cohort and month the money from the first purchase on."""
    dated = days.mutate(month=(month_number(days.day) - first).cast("int64"))
    bought = dated.filter(dated.purchase)
    words = {f"word{n}": _word(bought.month - n * MONTHS_A_WORD) for n in range(-(-months // MONTHS_A_WORD) or 1)}
    buyers = bought.group_by("customer").aggregate(cohort=bought.month.min(), **words)
    mine = dated.join(buyers.select("customer", "cohort"), "customer")
    money = mine.filter(mine.month >= mine.cohort).group_by("cohort", "month")
    return buyers, money.aggregate(revenue=whole(mine.revenue.sum()))


def _word(month: Any) -> Any:
    """The months 0 … 59 of a customer as bits."""
    inside = (month >= 0) & (month < MONTHS_A_WORD)
    bit = ibis.literal(1, "int64") << ibis.ifelse(inside, month, 0)
    return bit.bit_or(where=inside).fill_null(0).cast("int64")
