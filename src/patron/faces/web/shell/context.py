"""What every page knows: the reader's language and theme, the way about, the organisation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from patron.crm.accounts.models import Organisation
from patron.faces.web.shell.navigation import ways


def page(request: HttpRequest) -> dict[str, Any]:
    """Values for the base template."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "lang": getattr(request, "lang", "en"),
        "theme": user.theme if signed_in and user is not None else request.COOKIES.get("patron_theme", "auto"),
        "organisation": Organisation.current() if signed_in else None,
        "navigation": ways(request) if signed_in else [],
    }
