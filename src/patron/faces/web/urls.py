"""Addresses of the pages; each app has its own list."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("patron.faces.web.shell.urls")),
    path("", include("patron.faces.web.accounts.urls")),
    path("", include("patron.faces.web.customers.urls")),
    path("", include("patron.faces.web.scoring.urls")),
    path("", include("patron.faces.web.sources.urls")),
]
