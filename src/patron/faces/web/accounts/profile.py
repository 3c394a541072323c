"""One's own settings: name, language, theme, password, second factor; and the way to all the others."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from patron.crm.accounts import operations
from patron.faces.web.accounts.forms import attempt, reader
from patron.faces.web.accounts.sections import sections
from patron.words import Text

KEPT = Text("Kept.", "已保存。")


@require_safe
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """The settings the reader may open."""
    return render(request, "accounts/settings.html", {"sections": sections(request)})


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """The reader's own page."""
    user = reader(request)
    errors: dict[str, Text] = {}
    if request.method == "POST":
        name, language, theme = (request.POST.get(field, "") for field in ("name", "language", "theme"))
        saved, errors = attempt(request, lambda: operations.save_profile(by=user, name=name))
        if saved is not None:
            _, errors = attempt(
                request, lambda: operations.set_preferences(by=user, language=language, theme=theme or "auto"), KEPT
            )
        if not errors:
            return redirect("profile")
        user.name = name
    factor = Authenticator.objects.filter(user=user.pk, type=Authenticator.Type.TOTP).exists()
    context = {"person": user, "errors": errors, "second_factor": factor}
    return render(request, "accounts/profile.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def own_password(request: HttpRequest) -> HttpResponse:
    """After the first sign-in with a one-time password: one of one's own."""
    user = reader(request)
    errors: dict[str, Text] = {}
    if not user.one_time_password:
        return redirect("profile")
    if request.method == "POST":
        password = request.POST.get("password", "")
        _, errors = attempt(request, lambda: operations.choose_password(by=user, password=password), KEPT)
        if not errors:
            update_session_auth_hash(request, user)  # this session goes on, others end
            return redirect("/")
    return render(request, "accounts/own_password.html", {"errors": errors}, status=422 if errors else 200)
