"""The app's name in Django."""

from __future__ import annotations

from patron.crm.kit.rooms import Rooms


class SourcesConfig(Rooms):
    """sources."""

    name = "patron.crm.sources"
    label = "sources"
