"""A line for every request: its number, route, status, time and user. No address with its values, no words of anybody.

A route is the pattern of an address (`customers/<int:customer_id>/`), so that the secrets of links stay out of it.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from secrets import token_hex

from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]
LOG = logging.getLogger("patron.request")
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
QUIET = ("/static/", "/healthz", "/readyz")


def logged(get_response: Handler) -> Handler:
    """Middleware: gives the request its number (X-Request-ID, taken over from a proxy) and writes the line."""

    class Logged:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            given = request.headers.get("X-Request-ID", "")
            number = given if _GIVEN.fullmatch(given) else token_hex(8)
            request.number = number  # type: ignore[attr-defined]
            begun = time.perf_counter()
            response = get_response(request)
            response.headers["X-Request-ID"] = number
            if not request.path_info.startswith(QUIET) or response.status_code >= 500:
                LOG.log(level(response.status_code), "request", extra=line(request, response.status_code, begun))
            return response

        def process_exception(self, request: HttpRequest, error: Exception) -> None:
            from patron.errors import PatronError

            if not isinstance(error, PatronError):
                number = getattr(request, "number", "")
                LOG.error("unexpected", exc_info=error, extra={"request": number, "route": route(request)})

    return Logged()


def level(status: int) -> int:
    """How loud a request of this status is."""
    return logging.WARNING if status >= 500 else logging.INFO


def route(request: HttpRequest) -> str:
    """The pattern that took the request; '' where none did."""
    return getattr(request.resolver_match, "route", "") or ""


def line(request: HttpRequest, status: int, begun: float) -> dict[str, object]:
    """What is told of a request."""
    user = getattr(request, "user", None)
    return {
        "request": getattr(request, "number", ""),
        "method": request.method,
        "route": route(request),
        "status": status,
        "ms": round((time.perf_counter() - begun) * 1000, 1),
        "user": user.pk if user is not None and user.is_authenticated else None,
    }
