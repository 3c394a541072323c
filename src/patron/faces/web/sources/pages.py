"""The list of imports, a new one, and one import from its upload to its end."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from patron.crm.kit.problems import Forbidden, Invalid
from patron.crm.sources import operations, queries
from patron.errors import PatronError
from patron.faces.web.shell.requests import allowed, lang_of, me
from patron.faces.web.sources.plainly import plainly
from patron.faces.web.sources.words import HALTED, KINDS, ORDERS, roles_of, state_of, undone_of, unmapped_of
from patron.words import Text

MAY = {"write": "sources.import"}


@require_safe
@login_required
def imports(request: HttpRequest) -> HttpResponse:
    """All imports, the newest first."""
    page = queries.list_imports(actor=me(request), after=request.GET.get("after") or None)
    context = {"rows": [state_of(run) for run in page.rows], "next": page.next, "may": allowed(me(request), **MAY)}
    return render(request, "sources/list.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Choose a file and say what is in it and where it comes from."""
    sources = queries.source_names(actor=me(request))
    given = {"kind": request.POST.get("kind", "orders"), "source": request.POST.get("source", "")}
    problem: Text | PatronError | None = None
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            problem = Text("Choose a file.", "请选择文件。")
        else:
            try:
                run = operations.upload(
                    by=me(request),
                    file=file,
                    file_name=file.name or "",
                    source_name=given["source"],
                    kind=given["kind"],
                    options={"header": False} if request.POST.get("no_header") else {},
                )
                return redirect("import_page", pk=run.pk)
            except Forbidden:
                raise
            except PatronError as error:
                problem = problem_of(error)
    context = {"kinds": KINDS.items(), "sources": sources, "given": given, "problem": problem}
    return render(request, "sources/new.html", context, status=422 if problem else 200)


def problem_of(error: PatronError) -> Text:
    """What went wrong and what to do, without the place where the file lies on the server."""
    error.file = None
    if isinstance(error, Invalid):
        words = list(error.fields.values())
        return Text(" ".join(t.en for t in words), "".join(t.zh for t in words))
    return plainly(Text(error.say("en"), error.say("zh")))


@require_safe
@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: its columns, its counts, its progress or what came of it. Asked by htmx, only what moves."""
    run = queries.get_import(actor=me(request), import_id=pk)
    context = page_context(request, run)
    if request.headers.get("HX-Request") and context["open"]:  # it was counted, or is counted no more
        again: HttpResponse = HttpResponseClientRefresh()
        return again
    if request.headers.get("HX-Request"):
        return render(request, "sources/progress.html" if context["moving"] else "sources/ended.html", context)
    return render(request, "sources/import.html", context)


def page_context(request: HttpRequest, run: Any, problem: Text | None = None) -> dict[str, Any]:
    """What the page of one import shows."""
    open_ = run.state in operations.OPEN
    return {
        **state_of(run),
        "open": open_,
        "roles": roles_of(run) if open_ else [],
        "unmapped": unmapped_of(run) if open_ else [],
        "told": [plainly(text) for text in run.found.get("prepared", {}).get("told") or run.found.get("told", [])],
        "error": plainly(run.error) if run.error and not open_ else None,
        "undone": undone_of(run),
        "halted": run.state in HALTED and run.rows_total,
        "orders": ORDERS.items(),
        "problem": problem or (plainly(run.error) if run.error and open_ else None),
        "may": allowed(me(request), **MAY),
    }


@require_safe
@login_required
def rejected(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The rejected rows in the file's own columns with the reasons, to be mended and imported again."""
    lines = queries.rejected_rows(actor=me(request), import_id=pk, lang=lang_of(request))
    response = StreamingHttpResponse((line.encode() for line in lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejected-{pk}.csv"'
    response["Cache-Control"] = "no-store"
    return response
