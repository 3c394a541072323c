"""What people write down about a customer: notes, contacts, tags, consent."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from patron.crm.customers import operations
from patron.faces.web.shell.requests import me, number, said
from patron.words import Text


@require_POST
@login_required
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """A note."""
    operations.add_note(by=me(request), customer_id=pk, text=request.POST.get("text", ""))
    messages.success(request, said(request, Text("The note is kept.", "备注已保存。")))
    return _back(pk, "act")


@require_POST
@login_required
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """A call, a mail, a visit."""
    operations.log_interaction(
        by=me(request),
        customer_id=pk,
        channel=request.POST.get("channel", ""),
        inbound=request.POST.get("inbound") == "1",
        text=request.POST.get("text", ""),
        minutes=number(request.POST.get("minutes")),
    )
    messages.success(request, said(request, Text("The contact is kept.", "联系记录已保存。")))
    return _back(pk, "act")


@require_POST
@login_required
def tags(request: HttpRequest, pk: int) -> HttpResponse:
    """A tag more, or one less."""
    added, removed = request.POST.get("add", "").strip(), request.POST.get("remove", "").strip()
    if added:
        operations.tag_customers(by=me(request), customer_ids=[pk], tag=added)
    if removed:
        operations.untag_customers(by=me(request), customer_ids=[pk], tag=removed)
    return _back(pk, "tags")


@require_POST
@login_required
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """What the customer agreed to, or refused."""
    operations.record_consent(
        by=me(request),
        customer_id=pk,
        channel=request.POST.get("channel", ""),
        purpose=request.POST.get("purpose", ""),
        given=request.POST.get("given") == "1",
        proof=request.POST.get("proof", ""),
    )
    return _back(pk, "consent")


def _back(pk: int, place: str) -> HttpResponse:
    """To the part of the page that was written in; on a phone that is in another tab than the first."""
    return redirect(f"{reverse('customer', args=[pk])}#{place}")
