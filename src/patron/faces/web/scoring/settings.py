"""Settings of the models: horizons, margin, thresholds of the stages, and how many a change would move."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from patron.crm.kit.problems import Invalid
from patron.crm.scoring import operations, queries
from patron.faces.web.shell.requests import allowed, me, said
from patron.words import Text

WHOLE = ("horizon_days", "clv_horizon_days", "loyal_frequency")
PARTS = ("discount", "margin", "at_risk_health", "lapsed_health", "lapsed_recency", "loyal_tenure")
THRESHOLDS = ("at_risk_health", "lapsed_health", "lapsed_recency", "loyal_frequency", "loyal_tenure")
MAY_BE_EMPTY = ("horizon_days", "margin")
FIELDS = {
    "horizon_days": (
        Text("Days ahead for purchases and risk", "购买与流失的预测天数"),
        Text("Empty: from your customers' own rhythm.", "留空则依据客户自身的购买节奏。"),
    ),
    "clv_horizon_days": (Text("Days ahead for expected value", "预期价值的预测天数"), Text("", "")),
    "discount": (
        Text("Discount a year", "年折现率"),
        Text("0.1 is 10 %: money later is worth less.", "0.1 即 10%：未来的钱价值更低。"),
    ),
    "margin": (
        Text("Margin as a share of revenue", "毛利率"),
        Text("Only where no costs are known. Empty: figures are revenue.", "仅在没有成本数据时使用。留空则以收入计。"),
    ),
    "at_risk_health": (
        Text("At risk below a health of", "健康度低于此值为有流失风险"),
        Text(
            "Health: chance to buy again now ÷ right after the last purchase.",
            "健康度 = 现在再次购买的可能性 ÷ 上次购买当日的可能性。",
        ),
    ),
    "lapsed_health": (Text("Lapsed below a health of", "健康度低于此值为已流失"), Text("", "")),
    "lapsed_recency": (Text("… and silent for so many horizons", "且沉默超过几个预测期"), Text("", "")),
    "loyal_frequency": (Text("Loyal from a frequency score of", "忠诚：频率得分不低于"), Text("1 to 5", "1 至 5")),
    "loyal_tenure": (Text("… and known for so many horizons", "且相识超过几个预测期"), Text("", "")),
}


@require_http_methods(["GET", "POST"])
@login_required
def scoring(request: HttpRequest) -> HttpResponse:
    """The form; what was typed stays when something is wrong with it."""
    current = queries.model_page(actor=me(request)).settings
    errors: dict[str, Text] = {}
    given = {name: _shown(getattr(current, name)) for name in FIELDS}
    if request.method == "POST":
        given = {name: request.POST.get(name, "").strip() for name in FIELDS}
        values, errors = read(request.POST)
        if not errors:
            try:
                operations.save_settings(by=me(request), **values)
            except Invalid as problem:
                errors = problem.fields
            else:
                told = Text("Kept. They count from the next scoring on.", "已保存，下次评分起生效。")
                messages.success(request, said(request, told))
                return redirect("scoring_settings")
    fields = [
        {"name": n, "words": w, "help": h, "value": given[n], "error": errors.get(n), "live": n in THRESHOLDS}
        for n, (w, h) in FIELDS.items()
    ]
    context = {"fields": fields, "may": allowed(me(request), edit="scoring.settings")}
    return render(request, "scoring/settings.html", context, status=422 if errors else 200)


def _shown(value: Any) -> str:
    return "" if value is None else f"{value:g}"


def read(given: QueryDict) -> tuple[dict[str, Any], dict[str, Text]]:
    """The settings as numbers, and what is wrong with which."""
    values: dict[str, Any] = {}
    errors: dict[str, Text] = {}
    for name in (*WHOLE, *PARTS):
        if name not in given:
            continue
        text = given.get(name, "").strip()
        if not text and name in MAY_BE_EMPTY:
            values[name] = None
            continue
        try:
            values[name] = int(text) if name in WHOLE else float(text)
        except ValueError:
            errors[name] = Text("Write a number.", "请填写数字。")
    return values, errors


@require_safe
@login_required
def would_move(request: HttpRequest) -> HttpResponse:
    """How many customers other thresholds would put into another stage."""
    values, errors = read(request.GET)
    thresholds = {name: value for name, value in values.items() if name in THRESHOLDS}
    context: dict[str, Any] = {"errors": errors}
    if not errors:
        try:
            context["moved"] = queries.would_move(actor=me(request), **thresholds)
        except Invalid as problem:
            context["errors"] = problem.fields
    return render(request, "scoring/would_move.html", context)
