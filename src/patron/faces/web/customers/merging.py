"""Duplicates, merging and taking apart."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from patron.crm.customers import operations, queries
from patron.faces.web.customers.fields import shown
from patron.faces.web.customers.words import KINDS
from patron.faces.web.shell.requests import lang_of, me, number, said
from patron.words import Text

CANDIDATES = 10


WHY = {
    "phone": Text("Same phone", "电话相同"),
    "email": Text("Same e-mail", "邮箱相同"),
    "name": Text("Same name", "名称相同"),
}


@require_safe
@login_required
def duplicates(request: HttpRequest) -> HttpResponse:
    """Groups of customers that share a phone, an e-mail or a name."""
    page = queries.duplicates(actor=me(request), after=request.GET.get("after") or None)
    groups = [
        {
            "words": WHY[group.why],
            "value": group.value,
            "customers": group.customers,
            "more": group.count - len(group.customers),
            "compare": f"{reverse('customer_merge', args=[group.customers[0].pk])}?with={group.customers[1].pk}",
        }
        for group in page.rows
    ]
    return render(request, "customers/duplicates.html", {"groups": groups, "next": page.next})


@require_http_methods(["GET", "POST"])
@login_required
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Find the other one, see both side by side, merge."""
    customer = queries.get_customer(actor=me(request), customer_id=pk)
    if request.method == "POST":
        absorbed = number(request.POST.get("with")) or 0
        operations.merge_customers(by=me(request), survivor_id=customer.pk, absorbed_id=absorbed)
        messages.success(request, said(request, Text("The two are one customer now.", "两位客户已合并。")))
        return redirect("customer", pk=customer.pk)
    text, other_id = request.GET.get("q", "").strip(), number(request.GET.get("with"))
    found = queries.search_customers(actor=me(request), text=text, limit=CANDIDATES) if text else []
    other = queries.get_customer(actor=me(request), customer_id=other_id) if other_id else None
    both = [{"customer": one, "fields": shown(one, lang_of(request))} for one in (customer, other) if one is not None]
    context = {
        "customer": customer,
        "text": text,
        "candidates": [one for one in found if one.pk != customer.pk],
        "other": other,
        "both": both,
    }
    return render(request, "customers/merge.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """What taking a merge apart would move, and doing it; then the page of who stands apart."""
    if request.method == "POST":
        apart = operations.unmerge(by=me(request), merge_id=pk)
        messages.success(request, said(request, Text("The two are apart again.", "已撤销合并。")))
        return redirect("customer", pk=apart.pk)
    undoing = queries.unmerging(actor=me(request), merge_id=pk)
    lines = [
        {"words": KINDS[kind], "goes": n, "stays": undoing.stays[kind]}
        for kind, n in undoing.goes.items()
        if n or undoing.stays[kind]
    ]
    return render(request, "customers/unmerge.html", {"undoing": undoing, "lines": lines})
