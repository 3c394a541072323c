"""Addresses of the shell."""

from __future__ import annotations

from django.urls import path

from patron.faces.web.shell import pages, theme

urlpatterns = [
    path("theme.css", theme.stylesheet, name="theme"),
    path("language/", pages.set_language, name="set_language"),
    path("theme/", pages.set_theme, name="set_theme"),
    path("palette/", pages.palette, name="palette"),
]
