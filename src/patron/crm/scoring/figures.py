"""What the overview shows of a set of customers, by a few sums in the database."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum

from patron.crm.scoring.models import StageChange, Standing
from patron.lifecycle.decisions.rules import CODES

MONTH = 30  # days of 'since last month'
MONTHS = 24
SUMS = ("revenue", "clv", "value_at_risk")


def overview_figures(
    standings: QuerySet[Standing],
    changes: QuerySet[StageChange],
    as_of: date,
    *,
    lapsed_recency: float,
    moves: Counter[tuple[str, str]] | None = None,
) -> dict[str, Any]:
    """Stages with sums and flow, value at risk, new and lapsed by month, as plain JSON values.

    `moves` (before, after) → customers are those of the last month where they are known better than from `changes`.
    """
    moved = _moves(changes, as_of) if moves is None else moves
    stages = _stages(standings, moved)
    return {
        "customers": sum(row["customers"] for row in stages),
        "value_at_risk": sum(row["value_at_risk"] for row in stages),
        "stages": stages,
        "moves": [{"before": b, "after": a, "customers": n} for (b, a), n in sorted(moved.items())],
        "since": (as_of - timedelta(days=MONTH)).isoformat(),
        "months": _months(standings, as_of, lapsed_recency),
    }


def _moves(changes: QuerySet[StageChange], as_of: date) -> Counter[tuple[str, str]]:
    """From which stage to which, and how often, in the last month."""
    lately = changes.filter(day__gt=as_of - timedelta(days=MONTH), day__lte=as_of).order_by()
    rows = lately.values_list("before", "after").annotate(n=Count("pk"))
    return Counter({(before, after): n for before, after, n in rows})


def _stages(standings: QuerySet[Standing], moved: Counter[tuple[str, str]]) -> list[dict[str, Any]]:
    rows: Any = standings.order_by().values("stage").annotate(n=Count("pk"), **{f"sum_{c}": Sum(c) for c in SUMS})
    found = {row["stage"]: row for row in rows}
    came, left = Counter[str](), Counter[str]()
    for (before, after), n in moved.items():
        came[after] += n
        left[before] += n
    return [
        {
            "stage": code,
            "customers": found[code]["n"] if code in found else 0,
            **{name: float(found[code][f"sum_{name}"] or 0) if code in found else 0.0 for name in SUMS},
            "came": came[code],
            "left": left[code],
        }
        for code in CODES
    ]


def _months(standings: QuerySet[Standing], as_of: date, lapsed_recency: float) -> list[dict[str, Any]]:
    """Customers by the month of their first purchase, and by the month in which a lapsed one's silence grew too long.

    Days are counted in the database, months from the days: whatever the number of customers, there are few days.
    """
    new, lapsed = Counter[str](), Counter[str]()
    bought = standings.filter(first_order__isnull=False).order_by()
    for day, n in bought.values_list("first_order").annotate(n=Count("pk")):
        new[f"{day:%Y-%m}"] += n
    silent = bought.filter(stage="lapsed").values_list("last_order", "horizon_days").annotate(n=Count("pk"))
    for day, horizon, n in silent:
        lapsed[f"{day + timedelta(days=int(lapsed_recency * horizon) + 1):%Y-%m}"] += n
    return [{"month": month, "new": new[month], "lapsed": lapsed[month]} for month in _last_months(as_of)]


def _last_months(as_of: date) -> list[str]:
    last = as_of.year * 12 + as_of.month - 1
    return [f"{m // 12:04d}-{m % 12 + 1:02d}" for m in range(last - MONTHS + 1, last + 1)]
