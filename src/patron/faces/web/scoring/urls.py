"""Addresses of the models, refreshes and their settings."""

from __future__ import annotations

from django.urls import path

from patron.faces.web.scoring import pages, settings

urlpatterns = [
    path("insight/", pages.models, name="models"),
    path("insight/<slug:name>.csv", pages.picture_csv, name="picture_csv"),
    path("insight/<slug:name>.svg", pages.picture_svg, name="picture_svg"),
    path("refresh/", pages.start, name="refresh_start"),
    path("refresh/state/", pages.state, name="refresh_state"),
    path("refresh/cancel/", pages.cancel, name="refresh_cancel"),
    path("settings/scoring/", settings.scoring, name="scoring_settings"),
    path("settings/scoring/would-move/", settings.would_move, name="would_move"),
]
