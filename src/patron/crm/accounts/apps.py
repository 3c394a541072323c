"""The app's name in Django."""

from __future__ import annotations

from django.db.models.signals import post_migrate

from patron.crm.kit.rooms import Rooms


class AccountsConfig(Rooms):
    """accounts."""

    name = "patron.crm.accounts"
    label = "accounts"

    def ready(self) -> None:
        """The rooms, and the built-in roles after every migration."""
        super().ready()
        from patron.crm.accounts.roles import install

        post_migrate.connect(install, sender=self, dispatch_uid="patron.roles")
