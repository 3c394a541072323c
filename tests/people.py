"""People for tests: `member = person("member")` has that built-in role; `signed_in(client, "owner")` a session too."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.test import Client

from patron.crm.accounts.models import Role, Team, User

PASSWORD = "correct horse battery"
_number = count(1)


def person(role: str = "owner", *, email: str = "", name: str = "", teams: tuple[Team, ...] = (), **more: Any) -> User:
    """A user with a built-in role and the password PASSWORD, written past the operations."""
    number = next(_number)
    user = User(
        email=email or f"{role}{number}@example.org",
        name=name or f"{role.title()} {number}",
        role=Role.objects.get(code=role),
        **more,
    )
    user.set_password(PASSWORD)
    user.save()
    user.teams.set(teams)
    return user


def signed_in(client: Client, role: str = "owner", **more: Any) -> User:
    """A new user with that role, signed in with `client`."""
    user = person(role, **more)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return user
