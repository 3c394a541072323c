"""Who did what, when: filtered by person, action, subject and day; the newest first."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from patron.crm.accounts import queries
from patron.crm.accounts.models import Organisation, User
from patron.crm.kit.doors import OPERATIONS
from patron.faces.web.accounts.details import Reader, detail_lines
from patron.faces.web.accounts.forms import reader
from patron.faces.web.accounts.words import AREAS, action_words, subject_words
from patron.faces.web.shell.requests import lang_of, number

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
    people = queries.list_people(actor=user) if user.may("accounts.view") else queries.colleagues(actor=user)
    details = Reader(lang_of(request), zone, _names(user, people, lang_of(request)))
    rows = [
        {
            "entry": entry,
            "words": action_words(entry.action),
            "subject": subject_words(entry.subject),
            "called": details.names.get(entry.subject, {}).get(entry.subject_id, ""),
            "details": detail_lines(entry, details),
        }
        for entry in page.rows
    ]
    more = request.GET.copy()
    more["after"] = str(page.next or "")
    context = {
        "rows": rows,
        "more": more.urlencode() if page.next else "",
        "asked": asked,
        "filtered": any(asked.values()),
        "people": people,
        "areas": AREAS,
        "operations": len(OPERATIONS),
    }
    fragment = request.headers.get("HX-Request") and "after" in request.GET
    return render(request, "accounts/audit_rows.html" if fragment else "accounts/audit.html", context)


def _names(user: User, people: list[User], lang: str) -> dict[str, dict[Any, str]]:
    """The names behind the numbers of people and teams and the codes of roles, as far as the reader may know them."""
    colleagues = {person.pk: str(person) for person in people}
    names: dict[str, dict[Any, str]] = {"user": colleagues, "owner_id": colleagues}
    if user.may("accounts.view"):
        teams = {team.pk: team.name for team in queries.list_teams(actor=user)}
        roles = queries.list_roles(actor=user)
        names |= {"team": teams, "teams": teams, "team_id": teams}
        names["role"] = {role.code: role.name_zh if lang == "zh" else role.name_en for role in roles}
    return names


def _midnight(text: str, zone: ZoneInfo) -> datetime | None:
    """The beginning of a day as typed, in the organisation's zone; None for nothing or nonsense."""
    try:
        return datetime.combine(date.fromisoformat(text), datetime.min.time(), zone)
    except ValueError:
        return None
