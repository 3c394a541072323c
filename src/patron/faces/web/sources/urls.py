"""Addresses of imports."""

from __future__ import annotations

from django.urls import path

from patron.faces.web.sources import pages, steps

urlpatterns = [
    path("imports/", pages.imports, name="imports"),
    path("imports/new/", pages.new, name="import_new"),
    path("imports/<int:pk>/", pages.page, name="import_page"),
    path("imports/<int:pk>/rejected.csv", pages.rejected, name="import_rejected"),
    path("imports/<int:pk>/mapping/", steps.mapping, name="import_mapping"),
    path("imports/<int:pk>/preview/", steps.preview, name="import_preview"),
    path("imports/<int:pk>/stop-counting/", steps.stop_counting, name="import_stop_counting"),
    path("imports/<int:pk>/start/", steps.start, name="import_start"),
    path("imports/<int:pk>/pause/", steps.pause, name="import_pause"),
    path("imports/<int:pk>/resume/", steps.resume, name="import_resume"),
    path("imports/<int:pk>/cancel/", steps.cancel, name="import_cancel"),
    path("imports/<int:pk>/undo/", steps.undo, name="import_undo"),
]
