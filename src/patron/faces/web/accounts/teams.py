"""Teams: made, renamed, taken away on one page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from patron.crm.accounts import operations, queries
from patron.faces.web.accounts.forms import attempt, reader
from patron.faces.web.shell.requests import allowed
from patron.words import Text

SAVED, GONE = Text("The team is kept.", "团队已保存。"), Text("The team is gone.", "团队已删除。")


@require_http_methods(["GET", "POST"])
@login_required
def teams(request: HttpRequest) -> HttpResponse:
    """The list, and a form for one more."""
    user = reader(request)
    errors: dict[str, Text] = {}
    name = request.POST.get("name", "")
    if request.method == "POST":
        _, errors = attempt(request, lambda: operations.save_team(by=user, name=name), SAVED)
        if not errors:
            return redirect("teams")
    return _page(request, errors, name)


@require_POST
@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name for a team, or its end."""
    user, name = reader(request), request.POST.get("name", "")
    if request.POST.get("remove"):
        _, errors = attempt(request, lambda: operations.remove_team(by=user, team_id=pk), GONE)
    else:
        _, errors = attempt(request, lambda: operations.save_team(by=user, team_id=pk, name=name), SAVED)
    return _page(request, errors, name) if errors else redirect("teams")


def _page(request: HttpRequest, errors: dict[str, Text], name: str) -> HttpResponse:
    user = reader(request)
    found = queries.list_teams(actor=user)
    context = {"teams": found, "errors": errors, "name": name, "may": allowed(user, manage="accounts.manage")}
    return render(request, "accounts/teams.html", context, status=422 if errors else 200)
