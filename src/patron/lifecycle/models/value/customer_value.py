"""What a customer has been worth, and the textbook shortcut for what one will be where there is no history."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def customer_value(
    revenue: ArrayLike, cost: ArrayLike, cost_to_serve: ArrayLike = 0.0, marketing: ArrayLike = 0.0
) -> Floats:
    """Revenue − cost of what was sold − cost to serve − marketing cost attributed (n each), in base currency.

    An unknown cost (NaN) leaves the value unknown; it is never taken as zero [definitions.md, "Value"].
    """
    earned = np.asarray(revenue, dtype=np.float64) - np.asarray(cost, dtype=np.float64)
    return np.asarray(earned - np.asarray(cost_to_serve, dtype=np.float64) - np.asarray(marketing, dtype=np.float64))


def textbook_clv(
    *,
    margin_per_purchase: float,
    purchases_per_period: float,
    periods: float,
    acquisition: float = 0.0,
    maintenance_per_period: float = 0.0,
) -> float:
    """Margin per purchase × purchases per period × periods − acquisition − maintenance per period × periods.

    For a business without any history only: no discounting, no chance of leaving, everybody average. All of it is in
    one currency and one period; subtracting costs from a lifetime in years would mix units.
    """
    return margin_per_purchase * purchases_per_period * periods - acquisition - maintenance_per_period * periods
