"""The app's name in Django."""

from __future__ import annotations

from patron.crm.kit.rooms import Rooms


class CustomersConfig(Rooms):
    """customers."""

    name = "patron.crm.customers"
    label = "customers"
