"""Duplicates, merging and taking apart."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patron.crm.customers import operations, queries
from patron.faces.web.customers.fields import shown
from patron.faces.web.shell.requests import allowed, lang_of, number, said
from patron.words import Text

CANDIDATES = 10


@require_safe
@login_required
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs of customers that share a phone, an e-mail or a name."""
    page = queries.duplicates(actor=request.user, after=request.GET.get("after"), limit=50)
    context = {"pairs": page.rows, "next": page.next, "may": allowed(request.user, merge="customers.merge")}
    return render(request, "customers/duplicates.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Find the other one, see both side by side, merge."""
    customer = queries.get_customer(actor=request.user, customer_id=pk)
    if request.method == "POST":
        absorbed = number(request.POST.get("with")) or 0
        operations.merge_customers(by=request.user, survivor_id=customer.pk, absorbed_id=absorbed)
        messages.success(request, said(request, Text("The two are one customer now.", "两位客户已合并。")))
        return redirect("customer", pk=customer.pk)
    text, other_id = request.GET.get("q", "").strip(), number(request.GET.get("with"))
    found = queries.search_customers(actor=request.user, text=text, limit=CANDIDATES) if text else []
    other = queries.get_customer(actor=request.user, customer_id=other_id) if other_id else None
    both = [{"customer": one, "fields": shown(one, lang_of(request))} for one in (customer, other) if one is not None]
    context = {
        "customer": customer,
        "text": text,
        "candidates": [one for one in found if one.pk != customer.pk],
        "other": other,
        "both": both,
    }
    return render(request, "customers/merge.html", context)


@require_POST
@login_required
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge apart; the page of who stayed is shown."""
    undone = operations.unmerge(by=request.user, merge_id=pk)
    messages.success(request, said(request, Text("The two are apart again.", "已撤销合并。")))
    return redirect("customer", pk=undone.survivor_id)
