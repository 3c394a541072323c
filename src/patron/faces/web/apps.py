"""The pages' name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """web."""

    name = "patron.faces.web"
    label = "web"
