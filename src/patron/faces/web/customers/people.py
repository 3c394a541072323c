"""Who a customer is: adding, editing in place, owner, stage by hand, one person's data, erasure."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patron.crm.customers import operations, queries
from patron.crm.kit.policy import require
from patron.crm.kit.problems import Invalid
from patron.crm.scoring import operations as scoring
from patron.faces.web.customers.fields import BY_NAME, FIRST, Kind, one
from patron.faces.web.shell.requests import lang_of, me, number
from patron.words import Text


@require_http_methods(["GET", "POST"])
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """A form for a new customer; what was typed stays when something is wrong with it."""
    require(me(request), "customers.edit")
    given = {name: request.POST.get(name, "").strip() for name in FIRST}
    errors: dict[str, Text] = {}
    if request.method == "POST":
        said = {name: value for name, value in given.items() if value}
        try:
            made = operations.add_customer(by=me(request), kind=request.POST.get("kind", "person"), fields=said)
        except Invalid as problem:
            errors = problem.fields
        else:
            return redirect("customer", pk=made.pk)
    fields = [vars_of(BY_NAME[name]) | {"raw": given[name], "error": errors.get(name)} for name in FIRST]
    context = {"fields": fields, "errors": errors, "given": {"kind": request.POST.get("kind", "person")}}
    return render(request, "customers/new.html", context, status=422 if errors else 200)


def vars_of(kind: Kind) -> dict[str, object]:
    """A field's words and type for a template."""
    return {"name": kind.name, "words": kind.words, "type": kind.type, "choices": kind.choices}


@require_http_methods(["GET", "POST"])
@login_required
def field(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One field in place: shown, as a form, or saved."""
    if name not in BY_NAME:
        raise Http404
    kind = BY_NAME[name]
    customer = queries.get_customer(actor=me(request), customer_id=pk)
    if request.method == "POST":
        value = request.POST.get("value", "").strip()
        try:
            customer = operations.edit_customer(by=me(request), customer_id=pk, fields={name: value})
        except Invalid as problem:
            wrong = problem.fields.get(name) or Text.of(str(problem))
            context = {"field": one(customer, kind, lang_of(request)) | {"raw": value}, "pk": pk, "error": wrong}
            return render(request, "customers/field_form.html", context, status=422)
        if not request.headers.get("HX-Request"):
            return redirect("customer", pk=customer.pk)
    form = request.method == "GET" and "show" not in request.GET
    template = "customers/field_form.html" if form else "customers/field.html"
    context = {"field": one(customer, kind, lang_of(request)), "pk": pk, "can_edit": True}
    return render(request, template, context)


@require_POST
@login_required
def owner(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose customer it is."""
    customer = queries.get_customer(actor=me(request), customer_id=pk)
    chosen = number(request.POST.get("owner"))
    operations.assign_customers(by=me(request), customer_ids=[customer.pk], owner_id=chosen, team_id=customer.team_id)
    return redirect("customer", pk=pk)


@require_POST
@login_required
def stage(request: HttpRequest, pk: int) -> HttpResponse:
    """A stage by hand; it holds until the next fact."""
    scoring.set_stage(by=me(request), customer_id=pk, stage=request.POST.get("stage", ""))
    return redirect("customer", pk=pk)


@require_safe
@login_required
def data(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that is kept about one person, as a file."""
    found = queries.export_person(actor=me(request), customer_id=pk)
    answer = JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="customer-{pk}.json"'
    return answer


@require_http_methods(["GET", "POST"])
@login_required
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """A person goes for good, once their name was typed."""
    customer = queries.get_customer(actor=me(request), customer_id=pk)
    error: Text | None = None
    if request.method == "POST":
        try:
            operations.erase_customer(by=me(request), customer_id=pk, confirm_name=request.POST.get("confirm", ""))
        except Invalid as problem:
            error = next(iter(problem.fields.values()))
        else:
            gone = Text("The person is erased.", "已永久删除此人。")
            messages.success(request, gone.say(lang_of(request)))
            return redirect("customers")
    context = {"customer": customer, "error": error}
    return render(request, "customers/erase.html", context, status=422 if error else 200)


@require_POST
@login_required
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Imports may bring an erased person back, as somebody new."""
    operations.lift_erasure(by=me(request), customer_id=pk)
    lifted = Text("Imports may bring this person back.", "导入可重新带回此人。")
    messages.success(request, lifted.say(lang_of(request)))
    return redirect("customer", pk=pk)
