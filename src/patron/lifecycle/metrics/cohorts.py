"""Cohorts: customers by the month of their first purchase, and what became of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from patron.lifecycle.metrics.activity import Activity, CustomerDays, activity


def cohorts(view: CustomerDays, seen: Activity | None = None) -> dict[str, Any]:
    """Retention and revenue of each cohort by months since its first purchase, as of the view's day.

    Gives unit ("month"), cohorts (2010-12 …), sizes (customers), retention[c][k] (share of cohort c with an occasion
    in the k-th month after, 1.0 for k = 0) and revenue[c][k] (net money in that month). None where the month has not
    come yet. Months in which nobody came first are left out. The month of the as-of day may be incomplete.
    `seen` is `activity(view)`, to share it with `months`.
    """
    seen = seen or activity(view)
    sizes = np.bincount(seen.cohort, minlength=seen.months)
    active = _active(seen)
    kept = np.flatnonzero(sizes).tolist()
    names = seen.names()
    return {
        "unit": "month",
        "cohorts": [names[c] for c in kept],
        "sizes": [int(sizes[c]) for c in kept],
        "retention": [_ages(active[c] / sizes[c], c) for c in kept],
        "revenue": [_ages(seen.cohort_revenue[c], c) for c in kept],
    }


def _active(seen: Activity) -> np.ndarray:
    """Customers of cohort c with an occasion in month m, shape (months, months)."""
    counts = [np.bincount(seen.cohort[seen.bought(m)], minlength=seen.months) for m in range(seen.months)]
    return np.stack(counts, axis=1) if counts else np.zeros((0, 0), np.int64)


def _ages(by_month: np.ndarray, cohort: int) -> list[float | None]:
    """Figures by calendar month as figures by months since `cohort`, None for months to come."""
    known = [float(value) for value in by_month[cohort:]]
    return known + [None] * cohort
