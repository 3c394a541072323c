"""Who came in with a one-time password chooses one of their own before anything else."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

Handler = Callable[[HttpRequest], HttpResponse]


def own_password_first(get_response: Handler) -> Handler:
    """Middleware: every page leads to the one where the password is chosen, but signing out, language and theme."""

    def handle(request: HttpRequest) -> HttpResponse:
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated or not user.one_time_password or _open(request):
            return get_response(request)
        return HttpResponseRedirect(reverse("own_password"))

    return handle


def _open(request: HttpRequest) -> bool:
    names = ("own_password", "account_logout", "set_language", "set_theme", "theme")
    return request.path_info.startswith("/api/") or request.path_info in {reverse(name) for name in names}
