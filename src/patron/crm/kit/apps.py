"""The app's name in Django."""

from __future__ import annotations

from patron.crm.kit.rooms import Rooms


class KitConfig(Rooms):
    """kit."""

    name = "patron.crm.kit"
    label = "kit"
