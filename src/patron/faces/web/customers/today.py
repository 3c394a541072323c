"""The first page: how the base is, who is slipping away, and what changed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from patron.crm.kit.policy import Scope
from patron.crm.scoring import queries
from patron.crm.scoring.queries import Filters, Overview
from patron.faces.web.shell.requests import allowed, lang_of, me
from patron.study.pictures import plot
from patron.study.pictures.comings import comings
from patron.study.pictures.picture import Picture
from patron.words import Text

KEEP = 8


@require_safe
@login_required
def today(request: HttpRequest) -> HttpResponse:
    """The overview. Who may not see scores sees the list of customers."""
    may = allowed(me(request), scores="scoring.view", refresh="scoring.refresh", sources="sources.import")
    if not may["scores"]:
        return redirect("customers")
    seen = queries.overview(actor=me(request))
    context: dict[str, Any] = {"may": may, "refresh": seen.running}
    if not seen.figures.get("customers"):
        partly = me(request).scope is not Scope.ALL
        return render(request, "customers/today.html", context | {"empty": True, "partly": partly})
    keep = queries.list_customers(actor=me(request), filters=Filters(), sort="-value_at_risk", limit=KEEP)
    context |= {
        "as_of": seen.refresh.as_of if seen.refresh else None,
        "figures": _figures(seen),
        "stages": seen.figures["stages"],
        "keep": [row for row in keep.rows if row.standing and row.standing.value_at_risk],
        "pictures": _pictures(seen, lang_of(request)),
        "changed": seen.lately,
    }
    return render(request, "customers/today.html", context)


def _figures(seen: Overview) -> list[dict[str, Any]]:
    """The figures people compare, each with the list of the customers behind it."""
    by_stage = {row["stage"]: row for row in seen.figures["stages"]}
    here = [by_stage[code] for code in ("new", "active", "loyal", "won_back")]
    bought = [row for row in seen.figures["stages"] if row["stage"] not in ("prospect", "lead")]
    risk, lapsed = by_stage["at_risk"], by_stage["lapsed"]
    return [
        {
            "words": Text("Customers", "客户"),
            "value": sum(row["customers"] for row in bought),
            "note": Text("who have bought", "曾经购买"),
            "query": "stage=new,active,loyal,at_risk,lapsed,won_back&sort=-revenue",
        },
        {
            "words": Text("Here", "在册活跃"),
            "value": sum(row["customers"] for row in here),
            "note": Text("new, active, loyal or won back", "新客户、活跃、忠诚与已挽回"),
            "query": "stage=new,active,loyal,won_back&sort=-clv",
        },
        {
            "words": Text("At risk", "有流失风险"),
            "value": risk["customers"],
            "note": _flow(risk),
            "query": "stage=at_risk&sort=-value_at_risk",
        },
        {
            "words": Text("Value at risk", "流失风险价值"),
            "value": seen.figures["value_at_risk"],
            "money": True,
            "note": Text("risk of leaving × expected value", "流失风险 × 预期价值"),
            "query": "sort=-value_at_risk",
        },
        {
            "words": Text("Lapsed", "已流失"),
            "value": lapsed["customers"],
            "note": _flow(lapsed),
            "query": "stage=lapsed&sort=-revenue",
        },
    ]


def _flow(row: dict[str, Any]) -> Text:
    came, left = row["came"], row["left"]
    return Text(f"{came} came, {left} left in 30 days", f"30 天内进入 {came}，离开 {left}")


def _pictures(seen: Overview, lang: str) -> list[Picture]:
    said = {
        "as_of": seen.refresh.as_of.isoformat() if seen.refresh and seen.refresh.as_of else None,
        "currency": seen.currency,
        "value_basis": seen.value_basis,
    }
    drawn = [comings(said | {"months": seen.figures["months"]}, lang)]
    if seen.cohorts:
        drawn.append(plot("cohorts", said | {"cohorts": seen.cohorts}, lang))
    if seen.concentration:
        drawn.append(plot("concentration", said | {"concentration": seen.concentration}, lang))
    return drawn
