"""What every app of the crm has in common for Django."""

from __future__ import annotations

from importlib import import_module, util

from django.apps import AppConfig


class Rooms(AppConfig):
    """An app whose rooms are loaded at the start, so that its permissions, operations and queries are known."""

    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load the rooms that register something."""
        for room in ("permissions", "operations", "queries", "subscriptions", "jobs"):
            if util.find_spec(f"{self.name}.{room}"):
                import_module(f"{self.name}.{room}")
