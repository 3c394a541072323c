"""Exchange rates: what one unit of a currency is worth in the base currency, from a day on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from patron.crm.accounts.models import Organisation
from patron.crm.customers import operations, queries
from patron.crm.kit import clock
from patron.crm.kit.problems import Invalid
from patron.faces.web.shell.requests import allowed, me, said
from patron.words import Text

SHOWN = 200
WRONG = {
    "day": Text("Choose a day.", "请选择日期。"),
    "rate": Text("A rate is a number like 7.1234.", "汇率为数字，例如 7.1234。"),
}


@require_http_methods(["GET", "POST"])
@login_required
def rates(request: HttpRequest) -> HttpResponse:
    """The newest rates, and a form for one more."""
    house = Organisation.current()
    given = {"day": clock.today(house.timezone).isoformat(), "currency": "", "rate": ""}
    errors: dict[str, Text] = {}
    if request.method == "POST":
        given = {name: request.POST.get(name, "").strip() for name in given}
        try:
            return _saved(request, given)
        except Invalid as wrong:
            errors = wrong.fields
    context = {
        "rates": [
            {"day": one.day, "currency": one.currency, "worth": f"{one.rate.normalize():f} {one.base}"}
            for one in queries.exchange_rates(actor=me(request), limit=SHOWN)
        ],
        "base": house.base_currency,
        "given": given,
        "errors": errors,
        "may": allowed(me(request), edit="products.edit"),
    }
    return render(request, "customers/rates.html", context, status=422 if errors else 200)


def _saved(request: HttpRequest, given: dict[str, str]) -> HttpResponse:
    """The rate is kept, and the reader told how many orders follow it. Raises Invalid, Forbidden."""
    day, rate = _read(given)
    kept = operations.save_rate(by=me(request), day=day, currency=given["currency"], rate=rate)
    words = Text("The rate is kept.", "汇率已保存。")
    if kept.orders:
        words = Text(
            "The rate is kept. {0} orders are being converted anew.", "汇率已保存，正在重新折算 {0} 个订单。"
        ).format(kept.orders)
    messages.success(request, said(request, words))
    return redirect("rates")


def _read(given: dict[str, str]) -> tuple[date, Decimal]:
    errors: dict[str, Text] = {}
    day, rate = date.min, Decimal(0)
    try:
        day = date.fromisoformat(given["day"])
    except ValueError:
        errors["day"] = WRONG["day"]
    try:
        rate = Decimal(given["rate"].replace(",", ""))
    except InvalidOperation:
        errors["rate"] = WRONG["rate"]
    if not rate.is_finite():
        errors["rate"] = WRONG["rate"]
    if errors:
        raise Invalid(errors)
    return day, rate
