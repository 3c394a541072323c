"""Who did what, when: filtered by person, action, subject and day; the newest first."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from patron.crm.accounts import queries
from patron.crm.accounts.models import Organisation
from patron.crm.kit.doors import OPERATIONS
from patron.faces.web.accounts.forms import reader
from patron.faces.web.accounts.words import AREAS, action_words, detail_lines, subject_words
from patron.faces.web.shell.requests import number

NAMES = ("person", "action", "subject", "number", "since", "until")


@require_safe
@login_required
def audit(request: HttpRequest) -> HttpResponse:
    """A page of entries, or with htmx the next one."""
    user = reader(request)
    asked = {name: request.GET.get(name, "").strip() for name in NAMES}
    zone = ZoneInfo(Organisation.current().timezone)
    until = _midnight(asked["until"], zone)
    page = queries.audit_entries(
        actor=user,
        person=number(asked["person"]),
        action=asked["action"],
        subject=asked["subject"],
        subject_id=number(asked["number"]),
        since=_midnight(asked["since"], zone),
        until=until + timedelta(days=1) if until else None,
        after=number(request.GET.get("after")),
    )
    rows = [
        {"entry": e, "words": action_words(e.action), "subject": subject_words(e.subject), "details": detail_lines(e)}
        for e in page.rows
    ]
    more = request.GET.copy()
    more["after"] = str(page.next or "")
    context = {
        "rows": rows,
        "more": more.urlencode() if page.next else "",
        "asked": asked,
        "filtered": any(asked.values()),
        "people": queries.list_people(actor=user),
        "areas": AREAS,
        "operations": len(OPERATIONS),
    }
    fragment = request.headers.get("HX-Request") and "after" in request.GET
    return render(request, "accounts/audit_rows.html" if fragment else "accounts/audit.html", context)


def _midnight(text: str, zone: ZoneInfo) -> datetime | None:
    """The beginning of a day as typed, in the organisation's zone; None for nothing or nonsense."""
    try:
        return datetime.combine(date.fromisoformat(text), datetime.min.time(), zone)
    except ValueError:
        return None
