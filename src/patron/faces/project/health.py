"""Is the process there (/healthz), and can it do its work (/readyz)? For those who watch over it, without signing in.

Both answer before any other middleware, since a probe comes by address and not by name.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from patron.crm.kit import clock
from patron.faces.project import tables, working

Handler = Callable[[HttpRequest], HttpResponse]


def health(get_response: Handler) -> Handler:
    """Middleware for the two addresses; everything else goes on."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.path_info not in {"/healthz", "/readyz"}:
            return get_response(request)
        answer = {"status": "ok"} if request.path_info == "/healthz" else readiness()
        response = JsonResponse(answer, status=200 if answer["status"] == "ok" else 503)
        response.headers["Cache-Control"] = "no-store"
        return response

    return handle


def readiness() -> dict[str, str]:
    """Whether requests can be answered: the database is there with every table. The worker is told, not asked for."""
    try:
        if waiting := tables.waiting():
            return {"status": "unready", "why": f"{len(waiting)} migrations are waiting"}
        worker = "ok" if working.alive(clock.now()) else "none"
    except DatabaseError:
        return {"status": "unready", "why": "the database does not answer"}
    finally:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
    return {"status": "ok", "worker": worker}
