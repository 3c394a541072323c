"""Random histories for Hypothesis: few customers and few days, so that things meet."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

FIRST = date(2024, 1, 1)
DAYS = 20


def a_day() -> st.SearchStrategy[date]:
    """A day of the time in which random histories happen."""
    return st.integers(-1, DAYS + 1).map(lambda n: FIRST + timedelta(days=n))


def moments() -> st.SearchStrategy[datetime]:
    """A moment of that time, the last and first of a day included."""
    clock = st.sampled_from([time(0), time(12, 30), time(23, 59, 59, 999_999)])
    return st.builds(datetime.combine, st.integers(0, DAYS).map(lambda n: FIRST + timedelta(days=n)), clock)


@st.composite
def order_line(draw: st.DrawFn, fact_id: int, known_from: date | None = None) -> dict[str, Any]:
    """One order line; with `known_from` it is known on that day or later, whenever it happened."""
    happened = draw(moments())
    known = max(happened, draw(moments())) if draw(st.booleans()) else happened
    if known_from is not None and known.date() < known_from:
        known = datetime.combine(known_from, time(8)) + timedelta(days=draw(st.integers(0, 5)))
    quantity = draw(st.sampled_from([1.0, 2.0, 0.375, -1.0, 0.0]))
    price = draw(st.sampled_from([0.1, 2.55, 7.0, 0.0, 123456.789]))
    return {
        "fact_id": fact_id,
        "corrects": draw(st.one_of(st.none(), st.none(), st.integers(1, fact_id - 1))) if fact_id > 1 else None,
        "customer_id": draw(st.sampled_from(["a", "b", "B", "ü", "00017", "17850"])),
        "order_id": None,
        "happened_at": happened,
        "known_at": known,
        "product_id": None,
        "product": None,
        "quantity": quantity,
        "revenue": quantity * price,
        "cost": draw(st.sampled_from([None, None, 0.05, 3.3])),
        "purchase": quantity > 0 and price > 0,
        "item": draw(st.sampled_from([True, True, True, False])),
        "source": "random",
        "row": fact_id,
    }


@st.composite
def order_histories(draw: st.DrawFn, size: int = 25) -> list[dict[str, Any]]:
    """Up to `size` order lines, some late, some corrected, in any order of time."""
    return [draw(order_line(number)) for number in range(1, draw(st.integers(0, size)) + 1)]


@st.composite
def later_facts(draw: st.DrawFn, lines: list[dict[str, Any]], day: date) -> list[dict[str, Any]]:
    """Facts known only after `day`, whenever they happened, that may correct any of `lines`."""
    start = len(lines) + 1
    tomorrow = day + timedelta(days=1)
    return [draw(order_line(number, tomorrow)) for number in range(start, start + draw(st.integers(1, 12)))]
