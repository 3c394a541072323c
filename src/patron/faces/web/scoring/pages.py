"""The models: what they say of the whole base, how good they are, what they rest on; and scoring anew."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from patron.crm.scoring import operations, queries
from patron.faces.web.shell.requests import allowed, lang_of, me
from patron.study.pictures import PICTURES, numbers, plot
from patron.study.pictures.terms import MODELS, term
from patron.study.pictures.voice import Voice
from patron.study.report import proof, trust

BASE = ("clv", "rfm", "concentration", "cohorts", "months")
GOODNESS = ("calibration", "reliability", "tracking")


@require_safe
@login_required
def models(request: HttpRequest) -> HttpResponse:
    """The page; before the first refresh it says what is missing."""
    page = queries.model_page(actor=me(request))
    running = queries.running_refresh(actor=me(request))
    progress = {"refresh": running, "may": allowed(me(request), refresh="scoring.refresh")}
    if page.refresh is None or page.card is None or page.figures is None:
        return render(request, "scoring/models.html", progress | {"empty": True})
    lang = lang_of(request)
    voice = Voice.of(page.figures, lang)
    context: dict[str, Any] = {
        "as_of": page.refresh.as_of,
        "said": page.words,
        "judged": proof.backtest(page.card, page.figures, voice),
        "trust": trust.trust(pa.table({}), page.card, page.figures, voice),
        "base": [(name, plot(name, page.figures, lang)) for name in BASE],
        "goodness": [(name, plot(name, page.figures, lang)) for name in GOODNESS],
        "fitted": [_fitted(model, lang) for model in page.card.get("models") or []],
        "versions": page.card.get("versions") or {},
        "history": queries.earlier_refreshes(actor=me(request)),
    }
    return render(request, "scoring/models.html", progress | context)


def _fitted(model: dict[str, Any], lang: str) -> dict[str, Any]:
    """One model's parameters with their standard errors, for who wants the mathematics."""
    errors = model.get("std_errors") or {}
    return {
        "name": term(MODELS, model.get("name"), lang),
        "log_likelihood": numbers.decimal(model.get("log_likelihood"), 2),
        "n": numbers.count(model.get("n")),
        "unit": model.get("unit", ""),
        "params": [
            (name, f"{value:.4g}", f"{errors[name]:.2g}" if errors.get(name) is not None else "")
            for name, value in (model.get("params") or {}).items()
        ],
    }


def _picture(request: HttpRequest, name: str) -> Any:
    page = queries.model_page(actor=me(request))
    if name not in PICTURES or page.figures is None:
        raise Http404
    return plot(name, page.figures, lang_of(request))


@require_safe
@login_required
def picture_csv(request: HttpRequest, name: str) -> HttpResponse:
    """The numbers behind a picture."""
    return _download(_picture(request, name).csv(), "text/csv; charset=utf-8", f"{name}.csv")


@require_safe
@login_required
def picture_svg(request: HttpRequest, name: str) -> HttpResponse:
    """The picture as a file."""
    return _download(_picture(request, name).svg.encode(), "image/svg+xml", f"{name}.svg")


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Score everybody anew, in the background."""
    operations.request_refresh(by=me(request))
    return redirect("today")


@require_POST
@login_required
def cancel(request: HttpRequest) -> HttpResponse:
    """Stop the refresh that runs; the earlier scores stay."""
    running = queries.running_refresh(actor=me(request))
    if running is not None:
        operations.cancel_refresh(by=me(request), refresh_id=running.pk)
    return redirect("today")


@require_safe
@login_required
def state(request: HttpRequest) -> HttpResponse:
    """How far the refresh is, asked every second while it runs."""
    running = queries.running_refresh(actor=me(request))
    context = {"refresh": running, "may": allowed(me(request), refresh="scoring.refresh"), "asked": True}
    answer = render(request, "scoring/progress.html", context)
    if running is None:
        answer["HX-Refresh"] = "true"  # it has ended: the page shows what came of it
    return answer
