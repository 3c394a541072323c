"""Customers and colleagues for tests, made by the operations themselves.

`member = person("member")` has that built-in role; `signed_in(client, "owner")` a session too.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.test import Client

from patron.crm.accounts.models import Role, Team, User
from patron.crm.customers.models import Customer
from patron.crm.customers.operations import add_customer
from patron.crm.kit.policy import System, known

SYSTEM = System()
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


def day(number: int) -> datetime:
    """Noon of the so-maniest day of 2026."""
    return datetime.fromordinal(datetime(2026, 1, 1).toordinal() + number).replace(hour=12, tzinfo=UTC)


def customer(name: str = "王小明", *, owner: User | None = None, team: Team | None = None, **fields: Any) -> Customer:
    """Somebody, added by Patron itself."""
    made = add_customer(by=SYSTEM, fields={"name": name, **fields}, owner_id=owner.pk if owner else None)
    if team is not None:
        made.team = team
        made.save()
    return made


def colleague(
    name: str, *, scope: str = "all", teams: tuple[Team, ...] = (), permissions: list[str] | None = None
) -> User:
    """A user with a role of their own: every permission, unless some are named."""
    allowed = [p.code for p in known()] if permissions is None else permissions
    role = Role.objects.create(code=f"role-{name}", name_en=name, name_zh=name, permissions=allowed, scope=scope)
    user = User.objects.create(email=f"{name}@example.com", name=name, role=role)
    user.teams.set(teams)
    return user
