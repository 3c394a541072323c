"""What one customer is expected to do from the as-of day on, step by step: for the picture of their purchases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from patron.lifecycle.models.purchase.base import CountFitted

STEPS = 12


def outlook(
    chosen: CountFitted, *, orders: int, first: date, last: date, as_of: date, horizon_days: int
) -> list[dict[str, Any]]:
    """Expected purchases from the as-of day up to each of STEPS days of the horizon: [{day, expected}], days as ISO.

    `orders`: occasions up to the as-of day, at least one; `first`, `last`: their days. Raises ValueError for nobody's
    history or days out of order. The last step is the customer's `expected_purchases`.
    """
    if orders < 1 or not first <= last <= as_of:
        raise ValueError(f"{orders} purchases from {first} to {last} are no history as of {as_of}")
    ahead = np.unique(np.ceil(np.linspace(0, horizon_days, STEPS + 1)[1:]))
    expected = chosen.expected(
        np.full(ahead.shape, orders - 1.0),
        np.full(ahead.shape, (last - first).days / 7),
        np.full(ahead.shape, (as_of - first).days / 7),
        ahead / 7,
    )
    return [
        {"day": (as_of + timedelta(days=int(d))).isoformat(), "expected": float(e)}
        for d, e in zip(ahead, expected, strict=True)
    ]
