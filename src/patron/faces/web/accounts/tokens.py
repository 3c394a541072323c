"""Access tokens: a list, a form, and the key, shown once."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from patron.crm.accounts import operations, queries
from patron.crm.kit import clock
from patron.crm.kit.policy import known
from patron.faces.web.accounts.forms import attempt, reader
from patron.faces.web.accounts.roles import grouped
from patron.faces.web.shell.requests import number
from patron.words import Text

DAYS = (30, 90, 365)


@require_http_methods(["GET", "POST"])
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens the reader may see, and a form for one more."""
    user, key = reader(request), ""
    errors: dict[str, Text] = {}
    chosen, name = request.POST.getlist("permissions"), request.POST.get("name", "")
    days = number(request.POST.get("days")) or 0
    if request.method == "POST":
        made, errors = attempt(
            request, lambda: operations.make_token(by=user, name=name, permissions=chosen, days=days)
        )
        if made is not None:
            key, chosen, name = made[1], [], ""
    context = {
        "tokens": queries.list_tokens(actor=user),
        "now": clock.now(),
        "groups": grouped(p for p in known() if user.may(p.code)),
        "given": {"name": name, "permissions": chosen, "days": days or DAYS[1]},
        "days": DAYS,
        "errors": errors,
        "key": key,
    }
    return render(request, "accounts/tokens.html", context, status=422 if errors else 200)


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a token at once."""
    done = Text("The token has ended.", "令牌已停用。")
    attempt(request, lambda: operations.revoke_token(by=reader(request), token_id=pk), done)
    return redirect("tokens")
