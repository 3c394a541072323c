"""The walk of roles (design law 7): every address, operation and query, with every role and with nobody.

Nothing is listed here but what is open to everybody, with its reason. A new address, operation or query is walked by
being there: it fails when it has no policy, and when it lets somebody through whose role lacks the permission.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from typing import Any

import people
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from patron.crm.accounts.models import Role, User
from patron.crm.accounts.roles import BUILTIN, permissions_of
from patron.crm.kit.doors import OPERATIONS, QUERIES, Door
from patron.crm.kit.policy import Nobody, known, require
from patron.crm.kit.problems import Forbidden

ROLES = [role.code for role in BUILTIN]
# Addresses that somebody who is not signed in may open, and why.
PUBLIC = {
    "accounts/login/": "signing in",
    "accounts/signup/": "leads to signing in: nobody signs up here",
    "accounts/inactive/": "tells somebody that their access ended",
    "accounts/password/reset/": "for whoever forgot the password",
    "accounts/2fa/authenticate/": "the second step of signing in; leads to the first without it",
    "accounts/logout/": "nothing to do for somebody who is out",
    "join/<str:secret>/": "the secret of the link is the permission",
    "reset/<str:secret>/": "the secret of the link is the permission",
    "theme.css": "colours",
    "language/": "a cookie with the reader's language",
    "theme/": "a cookie with the reader's theme",
}
# Addresses of the API that answer without a token.
PUBLIC_API = {
    "api/v1/openapi.json": "the description of the API has no data in it",
    "api/v1/docs": "the manual of the API",
    "api/v1/": "the root of the API, where nothing is",
}
VALUES = {"int": "999999999", "str": "x", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000000", "path": "x"}


# ---- addresses -----------------------------------------------------------------------------------------------


def patterns(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the server: its whole pattern and what stands behind it."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def filled(route: str, entry: URLPattern) -> str:
    """An address that the pattern takes, of something that is not there."""
    address = route
    for name, converter in entry.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        value = VALUES.get(kind, "1")
        for written in (f"<{kind}:{name}>", f"<{name}>"):
            address = address.replace(written, value)
    return "/" + address.replace("^", "").replace("$", "")


ADDRESSES = dict(patterns())


def is_public(route: str) -> bool:
    return route in PUBLIC or route in PUBLIC_API


def test_the_walk_is_not_blind() -> None:
    assert len(ADDRESSES) > 25
    assert {"settings/users/", "audit/", "accounts/login/"} <= set(ADDRESSES)
    assert len(OPERATIONS) > 20
    assert len(QUERIES) > 5


def test_nothing_is_public_that_is_not_there() -> None:
    gone = {route for route in (*PUBLIC, *PUBLIC_API) if route not in ADDRESSES}
    assert not gone, f"these exceptions are stale: {sorted(gone)}"
    assert all({**PUBLIC, **PUBLIC_API}.values())


def as_it_comes(route: str, method: str) -> dict[str, Any]:
    """A program sends JSON."""
    return {"content_type": "application/json", "data": "{}"} if method == "post" and route.startswith("api/") else {}


CLOSED = [route for route in ADDRESSES if not is_public(route)]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_comes_in_without_signing_in(client: Client, method: str) -> None:
    through = []
    for route in CLOSED:
        response = getattr(client, method)(filled(route, ADDRESSES[route]))
        led_to_the_door = response.status_code == 302 and "/accounts/login/" in response.url
        if not led_to_the_door and response.status_code not in {401, 403, 405}:
            through.append((route, response.status_code))
    assert not through, f"{method} lets nobody in particular through: {through}"


@pytest.mark.django_db
@pytest.mark.parametrize("route", [*PUBLIC, *PUBLIC_API])
def test_what_is_public_opens_without_signing_in(client: Client, route: str) -> None:
    response = client.get(filled(route, ADDRESSES[route]))
    assert response.status_code < 500
    assert response.status_code != 403


def without_permissions() -> User:
    """Somebody who is signed in and whose role may nothing at all."""
    Role.objects.create(code="nothing", name_en="Nothing", name_zh="无", permissions=[], scope="own")
    return people.person("nothing")


# Addresses of one's own, that ask no more than to be signed in, and why.
ONE_S_OWN = {
    "settings/": "shows what the role may open",
    "settings/profile/": "one's own name, language and theme",
    "settings/password/": "one's own password",
    "palette/": "leads only where the role may go",
    "api/v1/me": "who one is, and what one may",
    "api/v1/permissions": "the words for permissions",
    "api/v1/organisation": "name, currency and time zone, which every page shows",
    "accounts/reauthenticate/": "one's own password, once more",
    "accounts/password/change/": "one's own password",
    "accounts/2fa/": "one's own second factor",
    "accounts/2fa/reauthenticate/": "one's own second factor",
    "accounts/2fa/totp/activate/": "one's own second factor",
    "accounts/2fa/totp/deactivate/": "one's own second factor",
    "accounts/2fa/recovery-codes/": "one's own recovery codes",
    "accounts/2fa/recovery-codes/generate/": "one's own recovery codes",
    "accounts/2fa/recovery-codes/download/": "one's own recovery codes",
}


def test_nothing_is_one_s_own_that_is_not_there() -> None:
    gone = {route for route in ONE_S_OWN if route not in ADDRESSES}
    assert not gone, f"these exceptions are stale: {sorted(gone)}"


def wrote(statements: CaptureQueriesContext) -> bool:
    """Whether a row was changed, those of sessions left out: an address that only leads elsewhere opens nothing."""
    changes = re.compile(r"(INSERT INTO|UPDATE|DELETE FROM) (?!\"django_session\")")
    return any(changes.match(statement["sql"]) for statement in statements.captured_queries)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """Every question put to the policy, and whether the answer was yes."""
    questions: list[tuple[str, bool]] = []

    def listening(actor: Any, permission: str) -> None:
        questions.append((permission, actor.may(permission)))
        require(actor, permission)

    for module in list(sys.modules.values()):
        if module.__name__.startswith("patron.") and getattr(module, "require", None) is require:
            monkeypatch.setattr(module, "require", listening)
    return questions


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ["nothing", *ROLES])
def test_no_role_comes_further_than_its_permissions(client: Client, asked: list, role: str, method: str) -> None:
    """An address opens only after a permission was asked for and given, and never after one was refused."""
    actor = without_permissions() if role == "nothing" else people.person(role)
    client.force_login(actor, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.raise_request_exception = False
    unasked, let_through, broken = [], [], []
    for route in CLOSED:
        if route in ONE_S_OWN:
            continue
        asked.clear()
        with transaction.atomic(), CaptureQueriesContext(connection) as statements:
            response = getattr(client, method)(filled(route, ADDRESSES[route]), **as_it_comes(route, method))
            transaction.set_rollback(True)
        opened = response.status_code < 300 or (response.status_code < 400 and wrote(statements))
        if opened and not any(yes for _, yes in asked):
            unasked.append(route)
        if opened and any(not yes for _, yes in asked):
            let_through.append(route)
        if response.status_code >= 500:
            broken.append(route)
    assert not unasked, f"{method} opens to {role} without asking for a permission: {unasked}"
    assert not let_through, f"{method} opens to {role} although a permission was refused: {let_through}"
    assert not broken, f"{method} breaks for {role}: {broken}"


# ---- operations and queries ----------------------------------------------------------------------------------

DOORS = [*OPERATIONS.values(), *QUERIES.values()]


def arguments(door: Door, actor: Any) -> dict[str, Any]:
    """Something for every parameter; the policy is asked before any of it is looked at."""
    parameters = inspect.signature(door.call).parameters.values()
    given: dict[str, Any] = {p.name: None for p in parameters if p.default is p.empty}
    return given | {("by" if "by" in inspect.signature(door.call).parameters else "actor"): actor}


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_every_operation_and_query_has_a_policy(door: Door) -> None:
    declared = {p.code for p in known()}
    assert door.permission in declared or (door.permission is None and door.reason), f"{door.name} has no policy"


@pytest.mark.django_db
@pytest.mark.parametrize("door", [d for d in DOORS if d.permission is not None], ids=lambda door: door.name)
def test_nobody_enters_without_the_permission_and_nothing_is_touched(door: Door) -> None:
    refused = [role for role in ROLES if door.permission not in permissions_of(role)]
    actors = [Nobody(), without_permissions(), *(people.person(role) for role in refused)]
    for actor in actors:
        if isinstance(actor, User):
            assert not actor.may("x")  # what the role may is known before the statements are counted
        with (
            CaptureQueriesContext(
                connection,
            ) as asked,
            pytest.raises(Forbidden),
        ):
            door.call(**arguments(door, actor))
        assert not asked.captured_queries, f"{door.name} touched the database for {actor}"


@pytest.mark.django_db
@pytest.mark.parametrize("door", [d for d in DOORS if d.permission is not None], ids=lambda door: door.name)
def test_some_role_may_enter(door: Door) -> None:
    assert door.permission is not None
    assert "owner" in [role for role in ROLES if people.person(role).may(door.permission)]
