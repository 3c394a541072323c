"""The app's name in Django."""

from __future__ import annotations

from patron.crm.kit.rooms import Rooms


class ScoringConfig(Rooms):
    """scoring."""

    name = "patron.crm.scoring"
    label = "scoring"
