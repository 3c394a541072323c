"""The app's name in Django."""

from __future__ import annotations

from patron.crm.kit.rooms import Rooms


class AccountsConfig(Rooms):
    """accounts."""

    name = "patron.crm.accounts"
    label = "accounts"
