"""How an address of the API is declared: what it answers, the permission below it, and a line in both languages.

room = Resource(Text("Customers", "客户"))

@room.get("/customers/{int:customer_id}", Customer, needs="customers.view", about=Text("One customer", "单个客户"))
def get_customer(request: Asked, customer_id: Key) -> Any: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from django.http import HttpRequest
from ninja import Path, Query, Router
from pydantic import Field

from patron.crm.kit.policy import Actor
from patron.faces.api.values import MOST
from patron.words import Text

F = TypeVar("F", bound=Callable[..., Any])

Key = Annotated[int, Path(ge=1, le=MOST)]
"""The number of a record in an address."""

After = Annotated[str | None, Query(max_length=2_000, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200, description="how many at most")]
Optional = Annotated[int | None, Query(ge=1, le=MOST)]
"""The number of a record as a filter."""

MOST_AT_ONCE = 1_000
Keys = Annotated[list[Annotated[int, Field(strict=True, ge=1, le=MOST)]], Field(min_length=1, max_length=MOST_AT_ONCE)]
"""Numbers of records in a body."""


class Asked(HttpRequest):
    """A request whose sender is known."""

    actor: Actor


@dataclass(frozen=True)
class Traits:
    """What is to be known of an operation beside its shapes.

    `needs` is the permission below it (None: to be signed in), `zh` its line in Chinese. `secret`: the answer is shown
    once and never kept. `long`: it takes its time and commits by itself, so no transaction is held around it.
    """

    needs: str | None
    zh: str
    secret: bool = False
    long: bool = False
    media: str = "application/json"


class Resource:
    """Addresses about one thing."""

    def __init__(self, name: Text) -> None:
        self.name, self.router = name, Router(tags=[name.en])

    def get(
        self, path: str, answers: Any, *, needs: str | None, zh: str, media: str = "application/json"
    ) -> Callable[[F], F]:
        """A read; `media` where it answers something else than JSON."""
        return self._at("GET", path, answers, Traits(needs, zh, media=media))

    def post(
        self,
        path: str,
        answers: Any,
        *,
        needs: str | None,
        zh: str,
        status: int = 200,
        secret: bool = False,
        long: bool = False,
    ) -> Callable[[F], F]:
        """A write; 201 for something new."""
        return self._at("POST", path, answers, Traits(needs, zh, secret, long), status)

    def patch(self, path: str, answers: Any, *, needs: str | None, zh: str) -> Callable[[F], F]:
        """A change of what is named in the body."""
        return self._at("PATCH", path, answers, Traits(needs, zh))

    def put(self, path: str, answers: Any, *, needs: str | None, zh: str) -> Callable[[F], F]:
        """A whole value in place of another."""
        return self._at("PUT", path, answers, Traits(needs, zh))

    def delete(self, path: str, *, needs: str | None, zh: str) -> Callable[[F], F]:
        """Taking away; answers nothing."""
        return self._at("DELETE", path, None, Traits(needs, zh), 204)

    def _at(self, method: str, path: str, answers: Any, traits: Traits, status: int = 200) -> Callable[[F], F]:
        return self.router.api_operation([method], path, response={status: answers}, openapi_extra={"x-traits": traits})
