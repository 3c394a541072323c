"""The buttons of an import: columns, counting, start, pause, go on, cancel, undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from patron.crm.kit.problems import Conflict, Forbidden, NotFound
from patron.crm.sources import operations, queries
from patron.crm.sources.models import Import
from patron.errors import PatronError
from patron.faces.web.shell.requests import lang_of, me, number
from patron.faces.web.sources.pages import page_context, problem_of
from patron.history.files.record_kinds import RECORDS

OPTIONS = ("currency", "timezone", "date_order", "decimal", "encoding", "delimiter")


@require_http_methods(["GET", "POST"])
@login_required
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was chosen for each role, and count what the import would do."""
    if request.method == "GET":
        return redirect("import_page", pk=pk)
    run = queries.get_import(actor=me(request), import_id=pk)
    chosen: dict[str, str | int] = {role: number(request.POST.get(role)) or "" for role in RECORDS[run.kind]}
    options = {name: request.POST.get(name, "").strip() for name in OPTIONS if request.POST.get(name, "").strip()}
    kept = {name: value for name, value in run.options.items() if name not in OPTIONS}

    def work() -> None:
        operations.set_mapping(by=me(request), import_id=pk, mapping=chosen, options={**kept, **options})
        operations.preview_soon(by=me(request), import_id=pk)

    return _answered(request, pk, work)


@require_POST
@login_required
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Count again."""
    return _answered(request, pk, lambda: operations.preview_soon(by=me(request), import_id=pk))


def _answered(request: HttpRequest, pk: int, work: Callable[[], Any]) -> HttpResponse:
    """Back to the page; what is wrong with the file or its columns is said there, and nothing chosen is lost."""
    try:
        work()
    except (Forbidden, NotFound, Conflict):
        raise
    except PatronError as error:
        run = queries.get_import(actor=me(request), import_id=pk)
        context = page_context(request, run, problem_of(error))
        return render(request, "sources/import.html", context, status=422)
    return redirect("import_page", pk=pk)


@require_POST
@login_required
def stop_counting(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the columns."""
    return _asked(request, pk, operations.stop_counting)


@require_POST
@login_required
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin."""
    return _asked(request, pk, operations.start)


@require_POST
@login_required
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop after this chunk."""
    return _asked(request, pk, operations.pause)


@require_POST
@login_required
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on."""
    return _asked(request, pk, operations.resume)


@require_POST
@login_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop for good."""
    return _asked(request, pk, operations.cancel)


@require_POST
@login_required
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it all back."""
    return _asked(request, pk, operations.undo)


def _asked(request: HttpRequest, pk: int, operation: Callable[..., Import]) -> HttpResponse:
    """Back to the page; what came too late (it had ended, somebody else was first) is said there."""
    try:
        operation(by=me(request), import_id=pk)
    except Conflict as late:
        messages.warning(request, late.say(lang_of(request)))
    return redirect("import_page", pk=pk)
