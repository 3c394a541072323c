"""Programs that speak to the API in tests: `program(person("member"))` has a token with all that its person may."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from itertools import count
from typing import Any

from django.http import HttpResponse
from django.test import Client

from patron.crm.accounts import rules
from patron.crm.accounts.models import ApiToken, User
from patron.crm.accounts.tokens import written
from patron.crm.kit import clock

API = "/api/v1"
_number = count(1)


def token(user: User, permissions: Iterable[str] | None = None, *, days: int = 30) -> str:
    """A token's key, written past the operations: not everybody may make one."""
    number, secret, now = next(_number), rules.new_secret(), clock.now()
    made = ApiToken.objects.create(
        user=user,
        name=f"program {number}",
        prefix=f"t{number}",
        secret_hash=rules.digest(secret),
        permissions=sorted(user.role.permissions if permissions is None else permissions),
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    return written(made.prefix, secret)


class Program:
    """A test client that sends JSON with a token."""

    def __init__(self, key: str, **headers: str) -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {key}", **headers}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """The response; `headers` with _ for -."""
        more = {"Accept-Language": "en"} | self.headers | {n.replace("_", "-"): v for n, v in headers.items()}
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.generic(method, f"{API}{path}", data, content_type="application/json", headers=more)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.ask("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.ask("PATCH", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.ask("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.ask("DELETE", path, **headers)


def program(user: User, permissions: Iterable[str] | None = None, **headers: str) -> Program:
    """A program that acts for `user`."""
    return Program(token(user, permissions), **headers)
