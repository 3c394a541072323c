"""The organisation's settings."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from patron.crm.accounts import operations
from patron.crm.accounts.models import Organisation
from patron.crm.kit.policy import require
from patron.faces.web.accounts.forms import attempt, reader
from patron.words import Text

FIELDS = ("name", "base_currency", "timezone", "language")
CURRENCIES = ("CNY", "EUR", "GBP", "HKD", "JPY", "SGD", "TWD", "USD")
SAVED = Text(
    "Kept. Another currency or time zone counts from the next scoring on.", "已保存。货币或时区的更改自下次评分起生效。"
)


@require_http_methods(["GET", "POST"])
@login_required
def organisation(request: HttpRequest) -> HttpResponse:
    """Name, base currency, time zone, language."""
    user = reader(request)
    errors: dict[str, Text] = {}
    require(user, "organisation.edit")
    row = Organisation.current()
    given = {field: request.POST.get(field, getattr(row, field)) for field in FIELDS}
    if request.method == "POST":
        _, errors = attempt(request, lambda: operations.save_organisation(by=user, **given), SAVED)
        if not errors:
            return redirect("organisation")
    zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    context = {"given": given, "errors": errors, "zones": zones, "currencies": CURRENCIES}
    return render(request, "accounts/organisation.html", context, status=422 if errors else 200)
