"""Returns: products that came back."""

from __future__ import annotations

from typing import Any


def is_return(lines: Any) -> Any:
    """True for a line (Ibis, tables.ORDER_LINES) of a product with quantity below 0, or money paid back for it.

    Fees, discounts and adjustments (item = False) are not returns [definitions.md, Facts]. A file of order totals
    has no quantities: there a negative total is the return.
    """
    return lines.item & ((lines.quantity < 0) | (lines.revenue < 0))
