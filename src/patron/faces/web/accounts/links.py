"""What somebody sees who opens a link: a form that makes their account, or sets a new password, once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from patron.crm.accounts import operations
from patron.crm.accounts.models import Organisation
from patron.crm.accounts.operations.links import open_link
from patron.crm.kit import clock
from patron.crm.kit.policy import Nobody
from patron.crm.kit.problems import Conflict
from patron.faces.web.accounts.forms import attempt
from patron.faces.web.shell.requests import said
from patron.words import Text

DONE = Text("Your password is set. Sign in with it.", "密码已设置，请登录。")


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """An invitation: name and password."""
    return _letting_in(request, secret, reset=False)


@never_cache
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest, secret: str) -> HttpResponse:
    """A new password."""
    return _letting_in(request, secret, reset=True)


def _letting_in(request: HttpRequest, secret: str, *, reset: bool) -> HttpResponse:
    try:
        link = open_link(secret, clock.now(), reset=reset)
    except Conflict as gone:
        return render(request, "accounts/gone.html", {"problem": gone}, status=410)
    name, password = request.POST.get("name", ""), request.POST.get("password", "")
    errors: dict[str, Text] = {}
    if request.method == "POST":
        if reset:
            _, errors = attempt(request, lambda: operations.use_reset(by=Nobody(), secret=secret, password=password))
        else:
            _, errors = attempt(
                request,
                lambda: operations.accept_invitation(by=Nobody(), secret=secret, name=name, password=password),
            )
        if not errors:
            messages.success(request, said(request, DONE))
            return redirect("account_login")
    organisation = Organisation.current()
    context = {"link": link, "errors": errors, "name": name, "reset": reset, "organisation_name": organisation.name}
    return render(request, "accounts/join.html", context, status=422 if errors else 200)
