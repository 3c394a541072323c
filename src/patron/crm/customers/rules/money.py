"""What a line of an order is worth, and whether it makes its day a purchase occasion (pure; definitions.md, Facts)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache

MICRO = Decimal("0.000001")


@dataclass(frozen=True)
class Line:
    """One line as given, in the order's currency. `amount` where there is no unit price; `cost` of the whole line."""

    quantity: Decimal = Decimal(1)
    unit_price: Decimal | None = None
    amount: Decimal | None = None
    cost: Decimal | None = None
    code: str = ""
    description: str = ""


@dataclass(frozen=True)
class Worth:
    """One line in money: `amount` in the order's currency, `revenue` and `cost` in base currency."""

    amount: Decimal
    revenue: Decimal
    cost: Decimal | None
    purchase: bool
    item: bool


def worth(line: Line, rate: Decimal = Decimal(1), status: str = "placed") -> Worth:
    """What `line` is worth at `rate` base units for one of its currency.

    A negative quantity makes its money negative whatever the sign written. A cancelled order never came about: its
    lines keep their amount and count nothing.
    """
    money = line.amount if line.unit_price is None else line.quantity * line.unit_price
    amount = _signed(money or Decimal(0), line.quantity)
    counts = status != "cancelled"
    cost = None if line.cost is None else _signed(line.cost, line.quantity) * rate if counts else Decimal(0)
    return Worth(
        amount.quantize(MICRO, ROUND_HALF_EVEN),
        (amount * rate if counts else Decimal(0)).quantize(MICRO, ROUND_HALF_EVEN),
        None if cost is None else cost.quantize(MICRO, ROUND_HALF_EVEN),
        status == "placed" and makes_occasion(line.quantity, line.unit_price, amount),
        is_item(line.code, line.description),
    )


def _signed(money: Decimal, quantity: Decimal) -> Decimal:
    return -abs(money) if quantity < 0 else money


def makes_occasion(quantity: Decimal, unit_price: Decimal | None, amount: Decimal) -> bool:
    """Quantity and price above zero; where only totals are known, a total of 0.00 is an order too (decision 0008)."""
    if unit_price is not None:
        return quantity > 0 and unit_price > 0
    return quantity > 0 and amount >= 0


@cache
def _no_products() -> tuple[frozenset[str], tuple[str, ...], frozenset[str], tuple[str, ...]]:
    from patron.history.files.cells import codes

    table = codes()["no_product"]
    return (
        frozenset(table["codes"]),
        tuple(table["code_starts"]),
        frozenset(table["descriptions"]),
        tuple(table["description_starts"]),
    )


def is_item(code: str, description: str) -> bool:
    """A product, and no postage, fee or adjustment by the table of codes."""
    codes, code_starts, descriptions, starts = _no_products()
    upper, lower = code.strip().upper(), description.strip().lower()
    by_code = bool(upper) and (upper in codes or upper.startswith(code_starts))
    return not by_code and lower not in descriptions and not lower.startswith(starts)


def totals(lines: Iterable[Worth]) -> tuple[Decimal, Decimal | None]:
    """(revenue, cost) of an order in base currency; the cost is unknown where that of one line is."""
    return totals_of([(row.revenue, row.cost) for row in lines])


def totals_of(lines: Sequence[tuple[Decimal, Decimal | None]]) -> tuple[Decimal, Decimal | None]:
    """`totals` of (revenue, cost) line by line."""
    costs = [cost for _, cost in lines]
    known = bool(costs) and all(cost is not None for cost in costs)
    cost = sum((c for c in costs if c is not None), Decimal(0)) if known else None
    return sum((revenue for revenue, _ in lines), Decimal(0)), cost


def rate_on(rates: Sequence[tuple[date, Decimal]], day: date) -> Decimal | None:
    """The rate of the newest day up to `day`; None where there is none. `rates` are sorted by day."""
    place = bisect_right(rates, day, key=lambda r: r[0])
    return rates[place - 1][1] if place else None
