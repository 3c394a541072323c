"""What every page passes through: headers that keep the browser strict, the reader's language, words for problems."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from patron.crm.kit.problems import Conflict, Forbidden, Invalid, NotFound
from patron.errors import PatronError

Handler = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
STATUS: dict[type[PatronError], int] = {Forbidden: 403, NotFound: 404, Invalid: 422, Conflict: 409}
DJANGO_LANGUAGES = {"en": "en", "zh": "zh-hans"}
COOKIE = "patron_language"


def security_headers(get_response: Handler) -> Handler:
    """No script, style or request but our own; no sniffing, no framing, no features of the device."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response

    return handle


def language(get_response: Handler) -> Handler:
    """`request.lang`: the user's choice, else a cookie's, else the browser's first, else the organisation's way."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.lang = choose_language(request)  # type: ignore[attr-defined]
        with translation.override(DJANGO_LANGUAGES[request.lang]):  # type: ignore[attr-defined]
            response = get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            # The same address holds a whole page or a fragment, in one language or the other.
            patch_vary_headers(response, ["Cookie", "Accept-Language", "HX-Request"])
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return handle


def choose_language(request: HttpRequest) -> str:
    """'en' or 'zh'."""
    known = getattr(request, "user", None)
    if known is not None and known.is_authenticated and known.language:
        return str(known.language)
    cookie = request.COOKIES.get(COOKIE)
    if cookie in DJANGO_LANGUAGES:
        return cookie
    for part in request.headers.get("Accept-Language", "").split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in DJANGO_LANGUAGES:
            return code
    return "en"


def problems(get_response: Handler) -> Handler:
    """A PatronError from below becomes a page with what happened and what to do."""

    class Problems:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            return get_response(request)

        def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
            if not isinstance(error, PatronError) or request.path.startswith("/api/"):
                return None
            if isinstance(error, Forbidden) and not request.user.is_authenticated:
                return HttpResponseRedirect(f"/accounts/login/?next={request.path}")
            status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
            context = {"problem": error, "status": status}
            template = "shell/problem_fragment.html" if request.headers.get("HX-Request") else "shell/problem.html"
            return render(request, template, context, status=status)

    return Problems()
