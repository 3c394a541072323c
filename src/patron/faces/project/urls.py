"""Every address: pages, API, sign-in."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("patron.faces.web.urls")),
    path("api/v1/", include("patron.faces.api.urls")),
    path("accounts/", include("patron.faces.web.accounts.signing_in")),
]
