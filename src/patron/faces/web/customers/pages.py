"""A customer's page: who they are, everything that happened, and where they stand."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from patron.crm.accounts import queries as accounts
from patron.crm.customers import queries
from patron.crm.customers.models import Customer
from patron.crm.scoring import queries as scoring
from patron.faces.web.customers import words
from patron.faces.web.customers.fields import shown
from patron.faces.web.customers.life import life
from patron.faces.web.shell.requests import allowed, lang_of, me
from patron.lifecycle.decisions.rules import STAGES
from patron.study.pictures.customer import purchases

HAPPENINGS = 25


@require_safe
@login_required
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """The page. The number of somebody who was merged leads to who they are now."""
    found = queries.get_customer(actor=me(request), customer_id=pk)
    if found.pk != pk:
        return redirect("customer", pk=found.pk)
    if found.erased_at is not None:
        return _erased(request, found)
    may = allowed(
        me(request),
        edit="customers.edit",
        record="customers.record",
        assign="customers.assign",
        merge="customers.merge",
        erase="customers.erase",
        stage="scoring.stage",
    )
    sees_scores = me(request).may("scoring.view")
    context = {"customer": found, "may": may, "initial": (found.name or "?")[:1].upper()}
    context |= _who(request, found) | _history(request, found)
    context |= life(request, found) if sees_scores else {"standing": None}
    return render(request, "customers/customer.html", context | {"sees_scores": sees_scores})


def _erased(request: HttpRequest, found: Customer) -> HttpResponse:
    """What is left of somebody erased, for who may let imports bring them back; to others they are not there."""
    if not me(request).may("customers.erase"):
        raise Http404
    return render(request, "customers/erased.html", {"customer": found})


@require_safe
@login_required
def bought(request: HttpRequest, pk: int) -> HttpResponse:
    """Purchases over time, drawn: put into the customer's page once it is there, or a page of its own."""
    found = queries.get_customer(actor=me(request), customer_id=pk)
    figures = scoring.purchases_over_time(actor=me(request), customer_id=found.pk)
    context = {"customer": found, "drawn": purchases(figures, lang_of(request))}
    alone = "customers/bought.html" if request.headers.get("HX-Request") else "customers/bought_page.html"
    return render(request, alone, context)


def _who(request: HttpRequest, found: Customer) -> dict[str, Any]:
    actor = me(request)
    profile = queries.get_profile(actor=actor, customer_id=found.pk)
    relations = [{"words": words.RELATIONS[r.kind], "other": r.other} for r in profile.relations]
    relations += [{"words": words.RELATED_BY[r.kind], "other": r.customer} for r in profile.related_by]
    return {
        "fields": shown(found, lang_of(request)),
        "identities": profile.identities,
        "relations": relations,
        "tags": profile.tags,
        "known_tags": queries.tags(actor=actor),
        "consents": [
            {"given": c.given, "happened_at": c.happened_at, "words": words.consent(c.channel, c.purpose)}
            for c in queries.consents(actor=actor, customer_id=found.pk)
        ],
        "records": profile.records,
        "merges": profile.merges,
        "people": accounts.colleagues(actor=actor),
        "channels": words.CHANNELS.items(),
        "consent_channels": words.CONSENT_CHANNELS.items(),
        "consent_purposes": words.PURPOSES.items(),
        "stages": STAGES.items(),
    }


def _history(request: HttpRequest, found: Customer) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    kinds = [kind] if kind in words.KINDS else None
    page = queries.timeline(
        actor=me(request),
        customer_id=found.pk,
        kinds=kinds,
        after=request.GET.get("after") or None,
        limit=HAPPENINGS,
    )
    return {
        "happenings": [words.happening(entry) for entry in page.rows],
        "next": page.next,
        "kind": kind if kinds else "",
        "kinds": words.KINDS.items(),
    }


@require_safe
@login_required
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """Earlier happenings, to be put below those shown."""
    found = queries.get_customer(actor=me(request), customer_id=pk)
    return render(request, "customers/timeline.html", {"customer": found} | _history(request, found))
