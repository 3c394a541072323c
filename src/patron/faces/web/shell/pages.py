"""What belongs to no app: the reader's language and theme, and the palette behind Ctrl+K."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from patron.crm.accounts import operations as accounts
from patron.crm.customers import queries as customers
from patron.faces.web.middleware import COOKIE, DJANGO_LANGUAGES
from patron.faces.web.shell.navigation import ways
from patron.faces.web.shell.requests import me

YEAR = 31_536_000
THEMES = ("auto", "light", "dark")
FOUND = 8


def back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the form was on, never to another site."""
    place = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(place, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(place if safe else "/")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """English or Chinese, for this browser and, when signed in, for the person."""
    language = request.POST.get("language", "")
    response = back(request)
    if language in DJANGO_LANGUAGES:
        response.set_cookie(COOKIE, language, max_age=YEAR, samesite="Lax")
        if request.user.is_authenticated:
            accounts.set_preferences(by=me(request), language=language)
    return response


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system."""
    theme = request.POST.get("theme", "")
    response = back(request)
    if theme in THEMES:
        response.set_cookie("patron_theme", theme, max_age=YEAR, samesite="Lax")
        if request.user.is_authenticated:
            accounts.set_preferences(by=me(request), theme=theme)
    return response


@require_safe
@login_required
def palette(request: HttpRequest) -> HttpResponse:
    """What the words in the palette lead to: ways first, then customers."""
    text = request.GET.get("q", "").strip()
    lang = request.lang  # type: ignore[attr-defined]
    entries = [entry for entry in ways(request) if text.lower() in entry["way"].words.say(lang).lower()]
    may = me(request).may("customers.view")
    found = customers.search_customers(actor=me(request), text=text, limit=FOUND) if text and may else []
    return render(request, "shell/palette.html", {"entries": entries, "found": found, "text": text})
