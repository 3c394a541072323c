"""What a line is worth at another rate of exchange (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from patron.crm.customers.rules.money import MICRO


@dataclass(frozen=True)
class Told:
    """A line as it stands. `amount` is in the order's currency, `revenue` and `cost` in base currency."""

    quantity: Decimal
    unit_price: Decimal | None
    amount: Decimal
    revenue: Decimal
    cost: Decimal | None
    purchase: bool
    cost_in_base: bool = False


def told_anew(line: Told, before: Decimal, rate: Decimal) -> tuple[Decimal, Decimal | None]:
    """(revenue, cost) of `line` at `rate`; `before` is the rate its order had.

    A cancelled line goes on counting nothing. A cost follows its line, unless it is that of a product in base currency.

    >>> line = Told(Decimal(2), Decimal(10), Decimal(20), Decimal(140), Decimal(70), True)
    >>> told_anew(line, Decimal(7), Decimal(8))
    (Decimal('160.000000'), Decimal('80.000000'))
    """
    if line.amount and not line.revenue and not line.purchase:
        return line.revenue, line.cost
    revenue = (_exactly(line) * rate).quantize(MICRO, ROUND_HALF_EVEN)
    if line.cost is None or line.cost_in_base:
        return revenue, line.cost
    # What the line itself was worth before tells its rate even where an undone import put back an older one.
    factor = revenue / line.revenue if line.revenue else rate / before
    return revenue, (line.cost * factor).quantize(MICRO, ROUND_HALF_EVEN)


def _exactly(line: Told) -> Decimal:
    """The amount before it was rounded, where quantity and price still say it."""
    if line.unit_price is None:
        return line.amount
    product = line.quantity * line.unit_price
    return product if abs(product - line.amount) <= MICRO else line.amount


def is_off(line: Told, rate: Decimal) -> bool:
    """Whether `revenue` is not what the amount is worth at `rate`, but for rounding."""
    if line.amount and not line.revenue and not line.purchase:
        return False
    return abs(line.revenue - line.amount * rate) > MICRO * (rate + 1)
