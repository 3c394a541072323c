"""The overview: everybody's figures as the last refresh left them, or those of one's own customers, summed now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from patron.crm.accounts.models import Organisation
from patron.crm.customers.models import Customer, OrderLine
from patron.crm.customers.scope import visible
from patron.crm.kit.doors import query
from patron.crm.kit.policy import Actor, Scope
from patron.crm.scoring.figures import overview_figures
from patron.crm.scoring.models import Refresh, ScoringSettings, StageChange, Standing
from patron.lifecycle.maths.gains import concentration, gini

LATELY = 12
MOST_LINES = 200_000  # order lines that a cohort table of one's own customers is counted from


@dataclass(frozen=True)
class Overview:
    """What happens in the customer base. `figures` as scoring.figures has them, plus concentration and cohorts.

    `refresh` is the last one that ended well, None before the first; `running` the one that is under way or waits.
    `lately` are the newest moves from stage to stage. `cohorts` is None where there are too many lines to count now.
    """

    refresh: Refresh | None
    running: Refresh | None
    currency: str
    value_basis: str
    figures: dict[str, Any]
    concentration: dict[str, Any] | None
    cohorts: dict[str, Any] | None
    lately: Sequence[StageChange]


def newest_refresh() -> Refresh | None:
    """The last refresh that ended well."""
    return Refresh.objects.filter(state="done").order_by("-pk").first()


@query("scoring.view")
def running_refresh(*, actor: Actor) -> Refresh | None:
    """The refresh that is under way or waits, None where there is none."""
    del actor
    return Refresh.objects.filter(state__in=("queued", "running")).order_by("-pk").first()


@query("scoring.view")
def get_refresh(*, actor: Actor, refresh_id: int | None = None) -> Refresh | None:
    """A refresh by its number, or the newest whatever became of it; None where there is none."""
    del actor
    found = Refresh.objects.order_by("-pk")
    return (found if refresh_id is None else found.filter(pk=refresh_id)).first()


@query("scoring.view")
def overview(*, actor: Actor) -> Overview:
    """Customers by stage with flow, value at risk, new and lapsed by month, concentration, cohorts, what changed."""
    refresh = newest_refresh()
    kept = (refresh.figures or {}) if refresh else {}
    everybody = actor.scope == Scope.ALL
    mine = visible(actor)
    if refresh is None or refresh.as_of is None:
        figures: dict[str, Any] = {}
    elif everybody and "overview" in kept:
        figures = kept["overview"]
    else:
        figures = overview_figures(
            Standing.objects.filter(customer__in=mine),
            StageChange.objects.filter(customer__in=mine),
            refresh.as_of,
            lapsed_recency=ScoringSettings.current().lapsed_recency,
        )
    return Overview(
        refresh=refresh,
        running=running_refresh(actor=actor),
        currency=Organisation.current().base_currency,
        value_basis=str(kept.get("value_basis", "")),
        figures=figures,
        concentration=kept.get("concentration") if everybody else _concentration(mine),
        cohorts=kept.get("cohorts") if everybody else _cohorts(mine, refresh),
        lately=_lately(actor, mine),
    )


def _lately(actor: Actor, mine: QuerySet[Customer]) -> Sequence[StageChange]:
    found = StageChange.objects.select_related("customer").order_by("-pk")
    if actor.scope != Scope.ALL:
        found = found.filter(customer__in=mine)
    return [change for change in found[:LATELY] if change.customer.erased_at is None]


def _concentration(mine: QuerySet[Customer]) -> dict[str, Any] | None:
    """How unevenly revenue is spread over one's own customers."""
    value = [float(v) for v in Standing.objects.filter(customer__in=mine).values_list("revenue", flat=True)]
    if not value:
        return None
    curve = concentration(value)
    steps = [i / 100 for i in range(101)]
    return {"gini": gini(value), "top_decile_share": curve.at(0.1), "curve": [[p, curve.at(p)] for p in steps]}


def _cohorts(mine: QuerySet[Customer], refresh: Refresh | None) -> dict[str, Any] | None:
    """The cohort table of one's own customers, from the days of their purchases; sizes and retention only."""
    lines = OrderLine.objects.filter(order__customer__in=mine, purchase=True).order_by()
    bought = list(lines.values_list("order__customer_id", "order__happened_at").distinct()[: MOST_LINES + 1])
    if refresh is None or refresh.as_of is None or not bought or len(bought) > MOST_LINES:
        return None
    zone = ZoneInfo(Organisation.current().timezone)
    months = defaultdict[int, set[int]](set)
    for customer, at in bought:
        day = at.astimezone(zone).date()
        if day <= refresh.as_of:
            months[customer].add(day.year * 12 + day.month - 1)
    return _retention(list(months.values()), refresh.as_of)


def _retention(customers: Sequence[set[int]], as_of: date) -> dict[str, Any]:
    """Of sets of months in which somebody bought: cohorts, their sizes and retention by months since the first."""
    last = as_of.year * 12 + as_of.month - 1
    cohorts = defaultdict[int, list[set[int]]](list)
    for bought in customers:
        cohorts[min(bought)].append(bought)
    first = sorted(cohorts)
    width = last - first[0] + 1 if first else 0

    def share(cohort: int, age: int) -> float | None:
        if cohort + age > last:
            return None
        return sum(cohort + age in bought for bought in cohorts[cohort]) / len(cohorts[cohort])

    return {
        "unit": "month",
        "cohorts": [f"{m // 12:04d}-{m % 12 + 1:02d}" for m in first],
        "sizes": [len(cohorts[m]) for m in first],
        "retention": [[share(m, age) for age in range(width)] for m in first],
    }
